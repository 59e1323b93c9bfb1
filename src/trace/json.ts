/**
 * The trace as JSON (DESIGN.md section 3): a message's bytes as `base64` (the truth) and, for textual protocols, as `text` (for people);
 * `hash` is SHA-256 of the canonical JSON of `records`.
 */
import { toBase64 } from '#base/bytes.ts';
import { sha256Hex } from '#base/crypto.ts';
import { decodeUtf8Strictly } from '#base/utf8.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Trace, TraceRecord } from './record.ts';

const TEXTUAL: ReadonlySet<string> = new Set(['SIP', 'HTTP', 'XMPP', 'Report']);

/** A record as it stands in the file. */
function recordJson(record: TraceRecord): string {
  if (record.kind !== 'message') return canonicalJson(record);
  const { bytes, sentBytes, inside, ...rest } = record;
  const text = TEXTUAL.has(record.protocol) ? decodeUtf8Strictly(bytes) : undefined;
  return canonicalJson({
    ...rest,
    base64: toBase64(bytes),
    text,
    sentBase64: sentBytes === undefined ? undefined : toBase64(sentBytes),
    inside: inside === undefined ? undefined : { ...inside, bytes: undefined, base64: toBase64(inside.bytes) },
  });
}

/** Canonical JSON of the records: what is hashed. */
export const recordsJson = (records: readonly TraceRecord[]): string => `[${records.map(recordJson).join(',')}]`;

/**
 * The whole trace: keys sorted, one line per header field and per record (white space does not count in the hash).
 * Ends with a line feed.
 */
export function traceToJson(trace: Trace): string {
  const { records, ...header } = trace;
  const lines = records.map(recordJson);
  const members = new Map<string, string>();
  for (const [key, value] of Object.entries({ ...header, hash: sha256Hex(`[${lines.join(',')}]`) })) members.set(key, canonicalJson(value));
  members.set('records', lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`);
  const keys = [...members.keys()].sort();
  return `{\n${keys.map((key) => `${JSON.stringify(key)}: ${members.get(key) ?? ''}`).join(',\n')}\n}\n`;
}
