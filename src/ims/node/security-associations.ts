/**
 * The two pairs of IPsec security associations between a UE and its P-CSCF, as both of them hold them (TS 33.203 §7.1, §7.4): which ports and SPIs, with
 * which algorithms, how long, and whether they are on trial, in use or on their way out.
 * Omitted: IPsec itself. What it would do to a message whose keys are others is told by the `seal`, which both ends derive from their keys.
 */
import { hashText } from '#base/chance.ts';
import { toHex } from '#base/bytes.ts';
import type { Note } from '#base/note.ts';
import { compileTable, transition, type StateTable } from '#base/state-table.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { Algorithms } from '#protocol/sip/security-agreement.ts';

export type SaPhase = 'temporary' | 'in use' | 'old' | 'deleted';
export type SaEvent = 'authenticated' | 'replaced' | 'failed' | 'traffic on the new' | 'expire' | 'deregistered';

export const SECURITY_ASSOCIATIONS: StateTable<SaPhase, SaEvent, never, never> = {
  name: 'security associations',
  states: ['temporary', 'in use', 'old', 'deleted'],
  initial: 'temporary',
  final: ['deleted'],
  rows: [
    { from: 'temporary', on: 'authenticated', to: 'in use', clause: 'TS 33.203 §7.4.1a, §7.4.2a' },
    { from: 'in use', on: 'replaced', to: 'old', clause: 'TS 33.203 §7.4.1a, §7.4.2a' },
    { from: 'temporary', on: 'failed', to: 'deleted', clause: 'TS 33.203 §7.3.1.1, §7.3.1.2' },
    { from: 'temporary', on: 'expire', to: 'deleted', clause: 'TS 33.203 §7.3.1.1' },
    { from: 'old', on: 'traffic on the new', to: 'deleted', clause: 'TS 33.203 §7.4.1a, §7.4.2a' },
    { from: ['in use', 'old'], on: 'expire', to: 'deleted', clause: 'TS 33.203 §7.4.1a, §7.4.2a' },
    { from: ['temporary', 'in use', 'old'], on: 'deregistered', to: 'deleted', clause: 'TS 33.203 §7.4.1a, §7.4.2a' },
  ],
};
const RULES = compileTable(SECURITY_ASSOCIATIONS);

/** One end: its two protected ports, and the SPIs of the associations that come in there. */
export interface SaEnd {
  readonly address: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly spiC: number;
  readonly spiS: number;
}

/** Both pairs of one authentication. */
export interface SaPairs {
  readonly ue: SaEnd;
  readonly proxy: SaEnd;
  readonly algorithms: Algorithms;
  /** As the headers said it: what the second Security-Client and Security-Verify must repeat. */
  readonly securityClient: string;
  readonly securityServer: string;
  /** What IPsec compares in effect: the same at both ends only if keys and algorithms are. */
  readonly seal: string;
  phase: SaPhase;
  until: SimTime;
}

/** How long they live while an answer to the challenge may come: reg-await-auth, 4 minutes (TS 24.229 table 7.8.1). */
export const AWAIT_AUTH = seconds(240);
/** How much longer than the registration they live. */
const BEYOND_REGISTRATION = seconds(30);

/** A fingerprint of keys and algorithms: it tells whether two ends agree, and nothing of the keys. */
export const sealOf = (ck: Uint8Array, ik: Uint8Array, { alg, ealg }: Algorithms): string =>
  hashText(`${toHex(ck)} ${toHex(ik)} ${alg} ${ealg}`)
    .toString(16)
    .padStart(8, '0');

/** What IPsec does with a packet whose integrity check fails: SIP never sees it. */
// TS 33.203 §7.1
export const NOT_OPENED: Note = {
  op: 'rejected',
  reason: 'IPsec cannot open this packet: it was sealed with other keys or algorithms than this security association has. It is discarded without a word.',
  clause: 'TS 33.203 §6.1.2.1, §7.1',
};

export type StateReport = (machine: string, key: string, from: string, on: string, to: string) => void;

/** Takes the transition and reports it; nothing happens where the event means nothing. */
export function moveAssociations(pairs: SaPairs, on: SaEvent, report: StateReport): void {
  const step = transition(RULES, pairs.phase, on, () => true);
  if (step === undefined) return;
  pairs.phase = step.to;
  report(SECURITY_ASSOCIATIONS.name, keyOf(pairs), step.from, on, step.to);
}

export const keyOf = ({ ue, proxy }: SaPairs): string => `SPIs ${ue.spiC}, ${ue.spiS}, ${proxy.spiC}, ${proxy.spiS}`;

/** The latest lifetime of the old ones, or shortly after the end of the registration, whichever is later: it is never shortened. */
// TS 33.203 §7.4.1a, §7.4.2a
export const lifetimeAfter = (registrationEnds: SimTime, ...earlier: readonly (SaPairs | undefined)[]): SimTime =>
  Math.max(after(registrationEnds, BEYOND_REGISTRATION), ...earlier.map((pairs) => pairs?.until ?? 0)) as SimTime;

const FORBIDDEN = [5060, 5061];

/** Another client port than the one before: client ports change with every authentication, server ports stay (TS 33.203 §7.4). */
export function nextClientPort(previous: number, taken: readonly number[]): number {
  let port = previous;
  do port = port >= 65_535 ? 1024 : port + 1;
  while (FORBIDDEN.includes(port) || taken.includes(port));
  return port;
}

/** The SA table of one entity: every association runs in one direction, between one client and one server port. */
export function associationsTable(all: readonly SaPairs[], now: SimTime): ViewTable {
  return {
    title: 'Security associations',
    columns: ['State', 'From', 'To', 'SPI', 'Integrity', 'Encryption', 'For (s)'],
    rows: all.flatMap((pairs) => {
      const { ue, proxy, algorithms, phase, until } = pairs;
      const row = (from: string, to: string, spi: number): string[] => [
        phase,
        from,
        to,
        String(spi),
        algorithms.alg,
        algorithms.ealg,
        String(Math.max(0, Math.round((until - now) / 1_000_000))),
      ];
      return [
        row(`UE client port ${ue.clientPort}`, `P-CSCF server port ${proxy.serverPort}`, proxy.spiS),
        row(`P-CSCF server port ${proxy.serverPort}`, `UE client port ${ue.clientPort}`, ue.spiC),
        row(`P-CSCF client port ${proxy.clientPort}`, `UE server port ${ue.serverPort}`, ue.spiS),
        row(`UE server port ${ue.serverPort}`, `P-CSCF client port ${proxy.clientPort}`, proxy.spiC),
      ];
    }),
    empty: 'No security association is up.',
  };
}
