/**
 * Security agreement between UE and P-CSCF: the mechanisms in Security-Client, Security-Server and Security-Verify, and which one is taken.
 * Governed by RFC 3329 §2 and TS 33.203 §7.2, whose Annex H adds ipsec-3gpp.
 * Omitted: digest, tls and the other mechanisms (kept as text, never chosen); making the IPsec associations themselves.
 */
import { isTokenText } from './scan.ts';
import { parseNumber, parseParameterized, type Parameterized } from './values.ts';

export interface IpsecMechanism {
  readonly kind: 'ipsec-3gpp';
  /** Preference from 0 to 1 as written; 1 when left out. */
  readonly q?: string;
  /** Integrity: `hmac-sha-1-96`, `hmac-md5-96`, `aes-gmac`, `null`. */
  readonly alg: string;
  /** `esp` when left out. */
  readonly prot: string;
  /** `trans` when left out. */
  readonly mod: string;
  /** Encryption: `aes-cbc`, `des-ede3-cbc`, `aes-gcm`; `null` when left out. */
  readonly ealg: string;
  /** SPIs of the inbound associations at the client and the server port of who writes this. */
  readonly spiC: number;
  readonly spiS: number;
  readonly portC: number;
  readonly portS: number;
}

export interface OtherMechanism {
  readonly kind: 'other';
  readonly text: string;
}

export type SecurityMechanism = IpsecMechanism | OtherMechanism;

export interface Algorithms {
  readonly alg: string;
  readonly ealg: string;
}

const SPI_LIMIT = 2 ** 32 - 1;
const PORT_LIMIT = 65535;

/** The mechanisms of all single values of a header field, in order. Undefined when one of them is malformed. */
export function parseSecurityMechanisms(values: readonly string[]): SecurityMechanism[] | undefined {
  const mechanisms: SecurityMechanism[] = [];
  for (const value of values) {
    const parsed = parseParameterized(value);
    const mechanism =
      parsed === undefined || !isTokenText(parsed.value)
        ? undefined
        : parsed.value.toLowerCase() === 'ipsec-3gpp'
          ? ipsecOf(parsed)
          : ({ kind: 'other', text: value } as const);
    if (mechanism === undefined) return undefined;
    mechanisms.push(mechanism);
  }
  return mechanisms;
}

function ipsecOf({ params }: Parameterized): IpsecMechanism | undefined {
  const alg = params.get('alg')?.toLowerCase();
  const spiC = parseNumber(params.get('spi-c'), SPI_LIMIT);
  const spiS = parseNumber(params.get('spi-s'), SPI_LIMIT);
  const portC = parseNumber(params.get('port-c'), PORT_LIMIT);
  const portS = parseNumber(params.get('port-s'), PORT_LIMIT);
  const q = params.get('q');
  if (alg === undefined || spiC === undefined || spiS === undefined || portC === undefined || portS === undefined) return undefined;
  if (q !== undefined && !/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q)) return undefined;
  const lower = (name: string, otherwise: string): string => params.get(name)?.toLowerCase() ?? otherwise;
  const texts = { alg, prot: lower('prot', 'esp'), mod: lower('mod', 'trans'), ealg: lower('ealg', 'null') };
  if (!Object.values(texts).every(isTokenText)) return undefined;
  const rest = { ...texts, spiC, spiS, portC, portS };
  return q === undefined ? { kind: 'ipsec-3gpp', ...rest } : { kind: 'ipsec-3gpp', q, ...rest };
}

/** One value; what has its default is left out. */
export function formatSecurityMechanism(mechanism: SecurityMechanism): string {
  if (mechanism.kind === 'other') return mechanism.text;
  const { q, alg, prot, mod, ealg, spiC, spiS, portC, portS } = mechanism;
  let text = 'ipsec-3gpp';
  if (q !== undefined) text += `; q=${q}`;
  text += `; alg=${alg}`;
  if (prot !== 'esp') text += `; prot=${prot}`;
  if (mod !== 'trans') text += `; mod=${mod}`;
  if (ealg !== 'null') text += `; ealg=${ealg}`;
  return `${text}; spi-c=${spiC}; spi-s=${spiS}; port-c=${portC}; port-s=${portS}`;
}

/** Why an ipsec-3gpp offer cannot be used, as a sentence; undefined when it can. */
// TS 33.203 §7.1 (mode, ports), §7.2 (SPIs), §H (aes-gcm)
export function faultOfOffer({ alg, ealg, prot, mod, spiC, spiS, portC, portS }: IpsecMechanism): string | undefined {
  if (prot !== 'esp' || mod !== 'trans') return `Only ESP in transport mode is made here, not ${prot} in mode ${mod}.`;
  if (ealg === 'aes-gcm' && alg !== 'null') return 'The cipher aes-gcm guards integrity itself and goes only with alg=null.';
  if (spiC === spiS) return 'Both associations have the same SPI.';
  for (const port of [portC, portS]) if (port === 0 || port === 5060 || port === 5061) return `Port ${port} cannot be a protected port.`;
  return portC === portS ? 'Client and server port are the same.' : undefined;
}

export interface Choice {
  readonly algorithms: Algorithms;
  /** The UE's offer that carries them. */
  readonly offer: IpsecMechanism;
}

/** What the P-CSCF takes: the first combination of its own list that the UE offers too, in a usable offer. Undefined when there is none. */
// TS 33.203 §7.2
export function chooseForServer(own: readonly Algorithms[], offers: readonly SecurityMechanism[]): Choice | undefined {
  for (const algorithms of own) {
    for (const offer of offers) if (offer.kind === 'ipsec-3gpp' && isSame(algorithms, offer) && faultOfOffer(offer) === undefined) return { algorithms, offer };
  }
  return undefined;
}

/** What the UE takes of Security-Server: of the highest q that it supports, the first. */
// RFC 3329 §2.3.1
export function chooseForClient(own: readonly Algorithms[], offers: readonly SecurityMechanism[]): IpsecMechanism | undefined {
  let best: IpsecMechanism | undefined;
  for (const offer of offers) {
    if (offer.kind !== 'ipsec-3gpp' || faultOfOffer(offer) !== undefined || !own.some((algorithms) => isSame(algorithms, offer))) continue;
    if (best === undefined || preference(offer) > preference(best)) best = offer;
  }
  return best;
}

const isSame = (a: Algorithms, b: Algorithms): boolean => a.alg === b.alg && a.ealg === b.ealg;
const preference = (mechanism: IpsecMechanism): number => (mechanism.q === undefined ? 1 : Number(mechanism.q));

/**
 * Whether a list came back as it went: Security-Verify against Security-Server sent, the second Security-Client against the first.
 * Undefined when it did, in any order; otherwise a sentence that says what differs: somebody on the way may have weakened the offer.
 */
// RFC 3329 §2.3.1, TS 33.203 §7.2
export function differenceOfMechanisms(sent: readonly SecurityMechanism[], received: readonly SecurityMechanism[]): string | undefined {
  const waiting = sent.map(formatSecurityMechanism);
  for (const mechanism of received) {
    const text = formatSecurityMechanism(mechanism);
    const index = waiting.indexOf(text);
    if (index < 0) return `\`${text}\` was never sent.`;
    waiting.splice(index, 1);
  }
  return waiting[0] === undefined ? undefined : `\`${waiting[0]}\` did not come back.`;
}
