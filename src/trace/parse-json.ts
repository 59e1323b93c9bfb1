/** Reading a trace back from JSON: every member is checked, and the hash. */
import { fromBase64 } from '#base/bytes.ts';
import type { NoteOp } from '#base/note.ts';
import { sha256Hex } from '#base/crypto.ts';
import { recordsJson } from './json.ts';
import { changesInJson, intent } from './parse-changes.ts';
import { byKind, integer, listOf, oneOf, optional, PathError, shaped, text, truth, type Read } from './read-json.ts';
import type { EntityKind, MessageRecord, Trace, TraceRecord } from './record.ts';

export interface TraceJsonError {
  readonly kind: 'trace-json-error';
  /** `records[3].sentAt`; empty when the text is no JSON at all. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** A trace, or what is wrong and where. Never throws. */
export function parseTraceJson(json: string): Trace | TraceJsonError {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: 'trace-json-error', path: '', message: 'This is not JSON.' };
  }
  try {
    return readTrace(value, '');
  } catch (error) {
    if (error instanceof PathError) return { kind: 'trace-json-error', path: error.path, message: `${error.message}.` };
    throw error;
  }
}

const moment = integer(0);
const id = integer(1);

const utc: Read<string> = (value, path) => {
  const given = text(value, path);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(given) || Number.isNaN(Date.parse(given)))
    throw new PathError(path, 'a moment in UTC such as 2026-01-01T09:00:00Z');
  return given;
};

const base64: Read<Uint8Array> = (value, path) => {
  const bytes = fromBase64(text(value, path));
  if (bytes === undefined) throw new PathError(path, 'base64');
  return bytes;
};

const NOTE_OPS: readonly NoteOp[] = ['added', 'removed', 'changed', 'kept', 'rejected', 'routed', 'decided'];
const KINDS: readonly EntityKind[] = [
  'ue',
  'p-cscf',
  'i-cscf',
  's-cscf',
  'hss',
  'slf',
  'dns-server',
  'presence-server',
  'charging-data-function',
  'ibcf',
  'security-gateway',
  'external-watcher',
  'watcher-gateway',
  'list-server',
  'content-server',
  'external-agent',
  'calendar-server',
  'xmpp-server',
  'xdms',
  'network-agent',
  'msc',
  'sgsn',
  'ggsn',
  'gmlc',
];

const common = { id, at: moment, causedBy: optional(id) };

const transport = oneOf('udp', 'tcp', 'sctp', 'ws', 'esp', 'none');
const protocol = oneOf('SIP', 'Diameter', 'DNS', 'HTTP', 'XMPP', 'IKE', 'ESP', 'Report');

const messageInFile = shaped({
  ...common,
  kind: oneOf('message'),
  from: text,
  to: text,
  sentAt: moment,
  arrivedAt: optional(moment),
  lostAt: optional(moment),
  duplicateArrivedAt: optional(moment),
  transport,
  src: text,
  dst: text,
  protocol,
  label: text,
  base64,
  text: optional(text),
  sentBase64: optional(base64),
  inside: optional(shaped({ transport, src: text, dst: text, protocol, label: text, base64 })),
});

const message: Read<MessageRecord> = (value, path) => {
  const { base64: bytes, text: _forPeople, sentBase64: sentBytes, inside, ...rest } = messageInFile(value, path);
  if (rest.arrivedAt !== undefined && rest.lostAt !== undefined) throw new PathError(path, 'arrivedAt or lostAt, not both');
  if ((rest.arrivedAt ?? rest.lostAt ?? rest.sentAt) < rest.sentAt) throw new PathError(path, 'to arrive or be lost after it was sent');
  if (inside === undefined) return { ...rest, bytes, ...(sentBytes === undefined ? {} : { sentBytes }) };
  const { base64: within, ...carried } = inside;
  return { ...rest, bytes, ...(sentBytes === undefined ? {} : { sentBytes }), inside: { ...carried, bytes: within } };
};

const record: Read<TraceRecord> = byKind({
  message,
  note: shaped({
    ...common,
    kind: oneOf('note'),
    entity: text,
    message: optional(id),
    op: oneOf(...NOTE_OPS),
    header: optional(text),
    from: optional(text),
    to: optional(text),
    reason: text,
    clause: optional(text),
  }),
  timer: shaped({ ...common, kind: oneOf('timer'), entity: text }),
  intent: shaped({ ...common, kind: oneOf('intent'), entity: optional(text), intent }),
  state: shaped({ ...common, kind: oneOf('state'), entity: text, machine: text, key: text, from: text, on: text, to: text }),
  record: shaped({ ...common, kind: oneOf('record'), entity: text, title: text, fields: listOf(shaped({ name: text, value: text })) }),
});

const records: Read<readonly TraceRecord[]> = (value, path) => {
  const all = listOf(record)(value, path);
  all.forEach((r, i) => {
    if (r.id !== i + 1) throw new PathError(`${path}[${i}].id`, `${i + 1}: ids are running numbers`);
    if (r.causedBy !== undefined && r.causedBy >= r.id) throw new PathError(`${path}[${i}].causedBy`, 'an earlier record');
  });
  return all;
};

const statesFrom: Read<string | readonly string[]> = (value, path) => (typeof value === 'string' ? value : listOf(text)(value, path));

const traceInFile = shaped({
  version: oneOf(1),
  engine: text,
  scenario: text,
  title: text,
  summary: text,
  sources: listOf(shaped({ document: text, clause: optional(text), checked: truth })),
  tells: optional(listOf(text)),
  seed: integer(-2147483648),
  changes: changesInJson,
  startsAt: utc,
  until: moment,
  networks: listOf(shaped({ domain: text, title: text, kind: oneOf('home', 'visited', 'outside'), hides: optional(truth), trusted: optional(truth) })),
  entities: listOf(shaped({ id: text, kind: oneOf(...KINDS), network: text, home: text, label: text, role: optional(text), addresses: listOf(text) })),
  links: listOf(shaped({ a: text, b: text, referencePoint: text })),
  chapters: listOf(shaped({ id: text, title: text, at: moment, prologue: optional(truth) })),
  tables: listOf(
    shaped({
      name: text,
      states: listOf(text),
      initial: text,
      final: listOf(text),
      rows: listOf(shaped({ from: statesFrom, on: text, guard: optional(text), to: text, actions: optional(listOf(text)), clause: optional(text) })),
    }),
  ),
  endedInFlight: listOf(id),
  records,
  hash: text,
});

const readTrace: Read<Trace> = (value, path) => {
  const { hash, ...trace } = traceInFile(value, path);
  if (sha256Hex(recordsJson(trace.records)) !== hash)
    throw new PathError('hash', 'the SHA-256 of the records (they were changed, or another version wrote them)');
  return trace;
};
