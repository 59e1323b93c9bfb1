/**
 * P-Charging-Vector (RFC 7315 §4.6; its IOI types are those of TS 24.229): which charging records belong together.
 * The ICID is new for every session-unrelated transaction at its first IMS node (TS 32.260 §5.1.2.2). Type 1 and type 3 inter-operator
 * identifiers are prefixed with their type, type 2 is bare. Omitted: access-network-charging-info, transit-ioi, related-icid.
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import type { SipMessage } from '#protocol/sip/message.ts';
import { isTokenText, skipBlanks, skipQuoted } from '#protocol/sip/scan.ts';
import { type Notes, removeHeader, setHeader } from './edit.ts';

export interface ChargingVector {
  readonly icid: string;
  readonly generatedAt?: string | undefined;
  readonly originating?: string | undefined;
  readonly terminating?: string | undefined;
}

const PCV = 'P-Charging-Vector';
/** A visited network towards the home network (and a P-CSCF towards its S-CSCF). */
export const type1 = (domain: string): string => `Type 1${domain}`;
/** An S-CSCF towards an application server. */
export const type3 = (domain: string): string => `Type 3${domain}`;

export const isType3 = (identifier: string | undefined): boolean => identifier?.startsWith('Type 3') === true;

const quoted = (value: string): string => (isTokenText(value) ? value : `"${value}"`);

export function formatChargingVector(vector: ChargingVector): string {
  let text = `icid-value="${vector.icid}"`;
  if (vector.generatedAt !== undefined) text += `;icid-generated-at=${vector.generatedAt}`;
  if (vector.originating !== undefined) text += `;orig-ioi=${quoted(vector.originating)}`;
  if (vector.terminating !== undefined) text += `;term-ioi=${quoted(vector.terminating)}`;
  return text;
}

/** Undefined when there is no icid-value. Linear; a quoted value may hold semicolons. */
export function parseChargingVector(value: string | undefined): ChargingVector | undefined {
  if (value === undefined) return undefined;
  let icid: string | undefined;
  let generatedAt: string | undefined;
  let originating: string | undefined;
  let terminating: string | undefined;
  for (let at = 0; at < value.length;) {
    const equals = value.indexOf('=', at);
    if (equals < 0) break;
    const from = skipBlanks(value, equals + 1, value.length);
    const quoted = value.charCodeAt(from) === 34 ? skipQuoted(value, from, value.length) : -1;
    const semicolon = value.indexOf(';', quoted < 0 ? at : quoted);
    const end = semicolon < 0 ? value.length : semicolon;
    if (end > equals) {
      const content = quoted < 0 ? value.slice(from, end).trimEnd() : value.slice(from + 1, quoted - 1);
      switch (value.slice(skipBlanks(value, at, equals), equals).trimEnd()) {
        case 'icid-value':
          icid = content;
          break;
        case 'icid-generated-at':
          generatedAt = content;
          break;
        case 'orig-ioi':
          originating = content;
          break;
        case 'term-ioi':
          terminating = content;
      }
    }
    at = end + 1;
  }
  return icid === undefined || icid === '' ? undefined : { icid, generatedAt, originating, terminating };
}

export const newIcid = (chance: Chance, host: string): string => `${host.split('.', 1)[0] ?? host}-${chance.token('icid', 10)}`;

/** Who numbers a transaction. `hidden`: its network keeps the names of its nodes to itself, so the number, which travels far, holds only that of the network. */
export interface Numbering {
  readonly host: string;
  readonly domain: string;
  readonly hidden?: boolean;
}

export const newVector = (chance: Chance, { host, domain, hidden }: Numbering, originating?: string): ChargingVector =>
  hidden === true
    ? { icid: newIcid(chance, domain), generatedAt: undefined, originating, terminating: undefined }
    : { icid: newIcid(chance, host), generatedAt: host, originating, terminating: undefined };

export const withTerminating = ({ icid, generatedAt, originating }: ChargingVector, terminating: string): ChargingVector => ({
  icid,
  generatedAt,
  originating,
  terminating,
});

export function setChargingVector(message: SipMessage, notes: Notes, vector: ChargingVector, reason: string, clause = 'TS 24.229 §4.5'): void {
  setHeader(message, notes, PCV, formatChargingVector(vector), reason, clause);
}

export const chargingVectorOf = (message: SipMessage): ChargingVector | undefined => parseChargingVector(message.headers.get(PCV));

/** The name under which a network answers whoever named itself so: of the same type. */
export const answeringIoi = (originating: string | undefined, domain: string): string =>
  originating?.startsWith('Type 1') === true ? type1(domain) : isType3(originating) ? type3(domain) : domain;

/** The answer to a request that was for the node itself: it carries the number of its request, and who answered. Gives all notes. */
export function answeredVector(request: SipMessage, response: SipMessage, sofar: readonly Note[], terminating: string): Notes {
  const notes = [...sofar];
  const vector = chargingVectorOf(request);
  if (vector !== undefined)
    setChargingVector(response, notes, withTerminating(vector, terminating), 'The answer carries the number of its request, and who answered.');
  return notes;
}

/** Charging is the networks' own business: neither header may reach a UE. */
export function removeCharging(message: SipMessage, notes: Notes, reason: string): void {
  removeHeader(message, notes, PCV, reason, 'RFC 7315 §4.6');
  removeHeader(message, notes, 'P-Charging-Function-Addresses', reason, 'RFC 7315 §4.5');
}
