/**
 * A report of stage 2: what a node of the circuit-switched or packet-switched network, or the location centre, tells the Presence Network Agent (TS 23.141 §5.2.2.2).
 * The protocols that would carry it (CAMEL phase 4, RADIUS, MLP) are not computed, and no bytes of theirs are made up: what travels is this text, a list of what the
 * report says, under a first line that says so. Omitted: routing areas, bearer capabilities, coordinates.
 */

/** The reference points over which such reports come (TS 23.141 §4.3.8 to §4.3.11). */
export type ReportPoint = 'Pc' | 'Pg' | 'Pk' | 'Pl';

export interface Supplier {
  /** Who reports. */
  readonly node: string;
  /** What would carry the report in a real network. */
  readonly protocol: string;
  readonly clause: string;
  /** What it can say of a subscriber. */
  readonly states: readonly string[];
}

export const SUPPLIERS: Readonly<Record<ReportPoint, Supplier>> = {
  Pc: { node: 'MSC Server/VLR', protocol: 'CAMEL phase 4', clause: 'TS 23.141 §4.3.10', states: ['attached', 'busy', 'not-reachable', 'detached'] },
  Pg: { node: 'SGSN', protocol: 'CAMEL phase 4', clause: 'TS 23.141 §4.3.9', states: ['attached', 'not-reachable', 'detached'] },
  Pk: { node: 'GGSN', protocol: 'RADIUS', clause: 'TS 23.141 §4.3.11', states: ['context-active', 'no-context'] },
  Pl: { node: 'GMLC', protocol: 'MLP', clause: 'TS 23.141 §4.3.8', states: ['located', 'unknown'] },
};

export const REPORT_POINTS: readonly ReportPoint[] = ['Pc', 'Pg', 'Pk', 'Pl'];

/** Something happened to a subscriber. Times are UTC, ISO 8601. */
export interface NetworkReport {
  readonly kind: 'report';
  readonly point: ReportPoint;
  /** Running number of its sender. */
  readonly number: number;
  readonly at: string;
  /** The subscriber's number (MSISDN) without a plus: nodes of these networks know no SIP address. */
  readonly subscriber: string;
  readonly state: string;
  /** The terminal (IMEI), fifteen digits, where the node knows it. */
  readonly equipment?: string;
  /** Where the subscriber is, in words. */
  readonly place?: string;
  /** A name of RFC 4589: `airport`, `street`. */
  readonly placeType?: string;
}

/** The agent wants to know where somebody is, now and whenever it changes. */
export interface ReportRequest {
  readonly kind: 'request';
  readonly point: ReportPoint;
  readonly number: number;
  readonly at: string;
  readonly subscriber: string;
}

export interface ReportError {
  readonly kind: 'report-error';
  /** A sentence. */
  readonly reason: string;
}

/** `Pc report: busy`, `Pl request`. */
export const labelOfReport = (message: NetworkReport | ReportRequest): string =>
  message.kind === 'report' ? `${message.point} report: ${message.state}` : `${message.point} request`;

const LONGEST = 2048;
const firstLine = (kind: 'report' | 'request', point: ReportPoint): string =>
  `${kind === 'report' ? 'Report' : 'Request'} over ${point} (stage 2; ${SUPPLIERS[point].protocol} would carry it)`;

export function formatReport(message: NetworkReport | ReportRequest): string {
  const lines = [firstLine(message.kind, message.point), `Number: ${message.number}`, `At: ${message.at}`, `Subscriber: ${message.subscriber}`];
  if (message.kind === 'report') {
    lines.push(`State: ${message.state}`);
    const more = { Equipment: message.equipment, Place: message.place, 'Place type': message.placeType };
    for (const [name, value] of Object.entries(more)) if (value !== undefined) lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What the text says, or what is wrong with it. Never throws. Lines of unknown names are skipped. */
export function parseReport(text: string): NetworkReport | ReportRequest | ReportError {
  if (text.length > LONGEST) return fault(`It is longer than ${LONGEST} characters.`);
  const [first = '', ...rest] = text.split('\n');
  const [, word, point] = /^(Report|Request) over (P[cgkl]) \(/.exec(first) ?? [];
  if (word === undefined || point === undefined) return fault('Its first line names no reference point over which reports come.');
  const known = point as ReportPoint;
  const fields = new Map<string, string>();
  for (const line of rest) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, Math.max(0, colon));
    if (fields.has(name)) return fault(`It says "${name.slice(0, 40)}" twice.`);
    if (colon > 0) fields.set(name, line.slice(colon + 2).trim());
  }
  const number = fields.get('Number') ?? '';
  const subscriber = fields.get('Subscriber') ?? '';
  const at = fields.get('At') ?? '';
  if (!/^\d{1,9}$/.test(number)) return fault('It has no running number.');
  if (!/^\d{3,15}$/.test(subscriber)) return fault('It names no subscriber by number.');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(at)) return fault('It does not say when.');
  const head = { point: known, number: Number(number), at, subscriber };
  if (word === 'Request') return { kind: 'request', ...head };
  const state = fields.get('State') ?? '';
  if (!SUPPLIERS[known].states.includes(state)) return fault(`"${state.slice(0, 40)}" is no state of which ${point} tells.`);
  const equipment = fields.get('Equipment');
  if (equipment !== undefined && !/^\d{15}$/.test(equipment)) return fault('The number of the terminal is not one.');
  const placeType = fields.get('Place type');
  if (placeType !== undefined && !/^[a-z]+(-[a-z]+)*$/.test(placeType)) return fault('The type of the place is no name.');
  const place = fields.get('Place');
  return {
    kind: 'report',
    ...head,
    state,
    ...(equipment === undefined ? {} : { equipment }),
    ...(place === undefined || place === '' ? {} : { place }),
    ...(placeType === undefined ? {} : { placeType }),
  };
}

export const isReportError = (value: NetworkReport | ReportRequest | ReportError): value is ReportError => value.kind === 'report-error';

const fault = (reason: string): ReportError => ({ kind: 'report-error', reason });
