/**
 * What all commands share: codes and names (RFC 6733 §3.1, TS 29.229 §6.1), Session-Id (RFC 6733 §8.8), the AVPs that open every Cx message,
 * answers to requests that cannot be taken (RFC 6733 §7.2), and a reader that collects what is wrong with one.
 * Omitted: sessions with state (Cx keeps none), Route-Record and Proxy-Info beyond being accepted (no agents here).
 */
import type { Chance } from '#base/chance.ts';
import {
  addressOf,
  AVP,
  definitionOf,
  findAvp,
  groupAvp,
  integerOf,
  numberAvp,
  numberOf,
  textAvp,
  textOf,
  timeOf,
  VENDOR_3GPP,
  type Avp,
  type AvpDefinition,
} from './avp.ts';
import type { DiameterMessage } from './message.ts';
import { RESULT, resultAvp, type CxResult } from './result.ts';

/** The Cx application, TS 29.229 §5.6. */
export const CX_APPLICATION = 16_777_216;

/** The Sh application, TS 29.329 §6. */
export const SH_APPLICATION = 16_777_217;

/** Diameter base accounting, which is what 3GPP's offline charging uses (TS 32.299 §6.2.2). */
export const ACCOUNTING_APPLICATION = 3;

export const COMMAND = {
  capabilitiesExchange: 257,
  accounting: 271,
  deviceWatchdog: 280,
  disconnectPeer: 282,
  userAuthorization: 300,
  serverAssignment: 301,
  locationInfo: 302,
  multimediaAuth: 303,
  registrationTermination: 304,
  pushProfile: 305,
  userData: 306,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [257, 'CE'],
  [271, 'AC'],
  [280, 'DW'],
  [282, 'DP'],
  [300, 'UA'],
  [301, 'SA'],
  [302, 'LI'],
  [303, 'MA'],
  [304, 'RT'],
  [305, 'PP'],
  [306, 'UD'],
]);

/** `LIR`, `LIA`; an unknown command by its number. */
export function labelOfDiameter(message: DiameterMessage): string {
  const name = NAMES.get(message.command);
  return name === undefined ? `Diameter ${message.command} ${message.request ? 'request' : 'answer'}` : name + (message.request ? 'R' : 'A');
}

/** RFC 6733 §8.8: `host;high;low`, never used twice. */
export const createSessionId = (originHost: string, chance: Chance): string =>
  `${originHost};${chance.bits('diameter session')};${chance.bits('diameter session')}`;

/** Who sends a message: its Diameter identity and realm. */
export interface DiameterOrigin {
  readonly originHost: string;
  readonly originRealm: string;
}

const applicationAvp = (application: number): Avp =>
  groupAvp(AVP.vendorSpecificApplicationId, [numberAvp(AVP.vendorId, VENDOR_3GPP), numberAvp(AVP.authApplicationId, application)]);
const CX_APPLICATION_AVP = applicationAvp(CX_APPLICATION);
const SH_APPLICATION_AVP = applicationAvp(SH_APPLICATION);
/** RFC 6733 §8.11: 1 is NO_STATE_MAINTAINED, which Cx demands (TS 29.229 §5.3). */
const NO_STATE_AVP = numberAvp(AVP.authSessionState, 1);

export interface CxRequestHead extends DiameterOrigin {
  readonly sessionId: string;
  readonly destinationHost?: string | undefined;
  readonly destinationRealm: string;
}

/** A Cx request with its opening AVPs and then `avps`. Its hop-by-hop and end-to-end ids are given by whoever sends it. */
export const createCxRequest = (command: number, head: CxRequestHead, avps: readonly Avp[]): DiameterMessage =>
  createRequestOf(CX_APPLICATION, CX_APPLICATION_AVP, command, head, avps);

/** The same for Sh. */
export const createShRequest = (command: number, head: CxRequestHead, avps: readonly Avp[]): DiameterMessage =>
  createRequestOf(SH_APPLICATION, SH_APPLICATION_AVP, command, head, avps);

function createRequestOf(application: number, applicationId: Avp, command: number, head: CxRequestHead, avps: readonly Avp[]): DiameterMessage {
  const opening = [
    // RFC 6733 §8.8: Session-Id comes first.
    textAvp(AVP.sessionId, head.sessionId),
    applicationId,
    NO_STATE_AVP,
    textAvp(AVP.originHost, head.originHost),
    textAvp(AVP.originRealm, head.originRealm),
  ];
  if (head.destinationHost !== undefined) opening.push(textAvp(AVP.destinationHost, head.destinationHost));
  opening.push(textAvp(AVP.destinationRealm, head.destinationRealm));
  return {
    kind: 'diameter',
    request: true,
    proxiable: true,
    error: false,
    retransmitted: false,
    command,
    application,
    hopByHop: 0,
    endToEnd: 0,
    avps: [...opening, ...avps],
  };
}

export const answerTo = (request: DiameterMessage, error: boolean, avps: readonly Avp[]): DiameterMessage => ({
  // RFC 6733 §6.2: an answer repeats both ids, the command, the application and the P bit.
  kind: 'diameter',
  request: false,
  proxiable: request.proxiable,
  error,
  retransmitted: false,
  command: request.command,
  application: request.application,
  hopByHop: request.hopByHop,
  endToEnd: request.endToEnd,
  avps,
});

/** An answer of Cx, or of Sh, with its opening AVPs, the result and then `avps`. */
export function createCxAnswer(request: DiameterMessage, origin: DiameterOrigin, result: CxResult, avps: readonly Avp[]): DiameterMessage {
  const session = findAvp(request.avps, AVP.sessionId);
  const opening = [
    request.application === SH_APPLICATION ? SH_APPLICATION_AVP : CX_APPLICATION_AVP,
    resultAvp(result),
    NO_STATE_AVP,
    textAvp(AVP.originHost, origin.originHost),
    textAvp(AVP.originRealm, origin.originRealm),
  ];
  if (session !== undefined) opening.unshift(session);
  return answerTo(request, false, [...opening, ...avps]);
}

/** What is wrong with a message that could be read but not be understood. */
export interface CxFault {
  readonly kind: 'cx-fault';
  readonly result: CxResult;
  /** Name of the AVP concerned. */
  readonly avp: string;
  /** What Failed-AVP repeats (RFC 6733 §7.5); for a missing AVP a zero-filled one. */
  readonly failed?: Avp | undefined;
}

/** The answer to a request that cannot be taken. RFC 6733 §7.2: the E bit and little else when the fault is one of the protocol (3xxx). */
export function createFailureAnswer(request: DiameterMessage, origin: DiameterOrigin, result: CxResult, failed?: Avp): DiameterMessage {
  const isProtocolError = result.code >= 3000 && result.code < 4000;
  const avps = failed === undefined ? [] : [groupAvp(AVP.failedAvp, [failed])];
  if (!isProtocolError && (request.application === CX_APPLICATION || request.application === SH_APPLICATION))
    return createCxAnswer(request, origin, result, avps);
  const session = findAvp(request.avps, AVP.sessionId);
  const opening = [textAvp(AVP.originHost, origin.originHost), textAvp(AVP.originRealm, origin.originRealm), resultAvp(result)];
  if (session !== undefined) opening.unshift(session);
  return answerTo(request, isProtocolError, [...opening, ...avps]);
}

/** An answer of the base protocol (CEA, DWA, DPA). */
export const createBaseAnswer = (request: DiameterMessage, origin: DiameterOrigin, result: CxResult, avps: readonly Avp[]): DiameterMessage =>
  answerTo(request, false, [resultAvp(result), textAvp(AVP.originHost, origin.originHost), textAvp(AVP.originRealm, origin.originRealm), ...avps]);

const FOUR_OCTETS: ReadonlySet<string> = new Set(['unsigned', 'integer', 'enumerated', 'time']);

/** Takes values out of AVPs and remembers the first thing that is wrong, so that a message is read in one go and judged once. */
export class AvpReader {
  readonly #avps: readonly Avp[];
  fault: CxFault | undefined;

  constructor(avps: readonly Avp[]) {
    this.#avps = avps;
  }

  /** RFC 6733 §4.1: an AVP with the M bit that is not understood makes the message refused. */
  refuseUnknown(): void {
    for (const avp of this.#avps) {
      if (avp.mandatory && definitionOf(avp.code, avp.vendor) === undefined) {
        this.#note({ kind: 'cx-fault', result: RESULT.avpUnsupported, avp: `AVP ${avp.code}`, failed: avp });
      }
    }
  }

  #note(fault: CxFault): void {
    this.fault ??= fault;
  }

  #missing(definition: AvpDefinition): void {
    const { code, vendor, mandatory, name } = definition;
    const fault: CxFault = { kind: 'cx-fault', result: RESULT.missingAvp, avp: name };
    // No example of a group is made up: it would only raise the question of its members.
    if (definition.type === 'grouped') {
      this.#note(fault);
      return;
    }
    // RFC 6733 §7.1.5: MISSING_AVP comes with an example of the AVP, zero-filled.
    const data = new Uint8Array(FOUR_OCTETS.has(definition.type) ? 4 : 1);
    this.#note({ ...fault, failed: vendor === undefined ? { code, mandatory, data } : { code, vendor, mandatory, data } });
  }

  #invalid(definition: AvpDefinition, avp: Avp): undefined {
    this.#note({ kind: 'cx-fault', result: RESULT.invalidAvpValue, avp: definition.name, failed: avp });
    return undefined;
  }

  text(definition: AvpDefinition<'text'>): string | undefined {
    const avp = findAvp(this.#avps, definition);
    return avp === undefined ? undefined : (textOf(avp) ?? this.#invalid(definition, avp));
  }

  number(definition: AvpDefinition<'unsigned' | 'enumerated'>): number | undefined {
    const avp = findAvp(this.#avps, definition);
    return avp === undefined ? undefined : (numberOf(avp) ?? this.#invalid(definition, avp));
  }

  integer(definition: AvpDefinition<'integer'>): number | undefined {
    const avp = findAvp(this.#avps, definition);
    return avp === undefined ? undefined : (integerOf(avp) ?? this.#invalid(definition, avp));
  }

  /** Milliseconds since 1970. */
  time(definition: AvpDefinition<'time'>): number | undefined {
    const avp = findAvp(this.#avps, definition);
    return avp === undefined ? undefined : (timeOf(avp) ?? this.#invalid(definition, avp));
  }

  address(definition: AvpDefinition<'address'>): string | undefined {
    const avp = findAvp(this.#avps, definition);
    return avp === undefined ? undefined : (addressOf(avp) ?? this.#invalid(definition, avp));
  }

  octets(definition: AvpDefinition<'octets'>): Uint8Array | undefined {
    return findAvp(this.#avps, definition)?.data as Uint8Array | undefined;
  }

  group(definition: AvpDefinition<'grouped'>): readonly Avp[] | undefined {
    return findAvp(this.#avps, definition)?.data as readonly Avp[] | undefined;
  }

  all(definition: AvpDefinition): readonly Avp[] {
    return this.#avps.filter((avp) => avp.code === definition.code && avp.vendor === definition.vendor);
  }

  texts(definition: AvpDefinition<'text'>): string[] {
    return this.all(definition).flatMap((avp) => textOf(avp) ?? this.#invalid(definition, avp) ?? []);
  }

  numbers(definition: AvpDefinition<'unsigned' | 'enumerated'>): number[] {
    return this.all(definition).flatMap((avp) => numberOf(avp) ?? this.#invalid(definition, avp) ?? []);
  }

  /** The value, or the empty text and a fault. */
  needText(definition: AvpDefinition<'text'>): string {
    const value = this.text(definition);
    if (value === undefined) this.#missing(definition);
    return value ?? '';
  }

  needNumber(definition: AvpDefinition<'unsigned' | 'enumerated'>): number {
    const value = this.number(definition);
    if (value === undefined) this.#missing(definition);
    return value ?? 0;
  }

  needOctets(definition: AvpDefinition<'octets'>): Uint8Array {
    const value = this.octets(definition);
    if (value === undefined) this.#missing(definition);
    return value ?? new Uint8Array(0);
  }

  needGroup(definition: AvpDefinition<'grouped'>): readonly Avp[] {
    const value = this.group(definition);
    if (value === undefined) this.#missing(definition);
    return value ?? [];
  }

  /** Says that a value, though well formed, means nothing. */
  refuse(definition: AvpDefinition): void {
    const avp = findAvp(this.#avps, definition);
    if (avp !== undefined) this.#invalid(definition, avp);
  }

  /** Takes over what a reader of a group found. */
  adopt(reader: AvpReader): void {
    if (reader.fault !== undefined) this.#note(reader.fault);
  }
}
