/** Rules that are kept, read and changed over Ut, and how the exchanges about them can be wrong. */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { Trace } from '#trace/record.ts';
import { find, hop, mapRecord, rewrite, run } from './doctor.ts';

const XDMS = 'xdms.home2.net';
const document = (id: string): string => `<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="${id}"/></ruleset>`;

export const kept = run({
  until: 40,
  network: { with: ['xdms'], presence: { ruleset: [{ id: 'a', handling: 'allow' }] } },
  timeline: [
    { at: 5, who: 'ue2', do: { kind: 'read-rules' } },
    { at: 10, who: 'ue2', do: { kind: 'write-rules', document: document('b') } },
    { at: 15, who: 'ue2', do: { kind: 'read-rules' } },
    { at: 20, who: 'ue2', do: { kind: 'write-rules', document: document('c') } },
    { at: 25, who: 'ue2', do: { kind: 'write-rules', document: document('d'), ifMatch: 'wrong' } },
  ],
});

const answer = (after: number, label: string) => hop(XDMS, 'ue2', label, after);
const tagAt = (after: number, label: string): string => /ETag: (\S+)/.exec(String.fromCharCode(...find(kept, answer(after, label)).bytes))?.[1] ?? '';
const asked = (label: string, after: number): Trace => mapRecord(kept, hop('ue2', XDMS, label, after), () => []);

/** The same exchanges with a server whose addresses are not those of XCAP: what is behind them may change by itself. */
export const elsewhere = (trace: Trace): Trace => ({
  ...trace,
  records: trace.records.map((record) =>
    record.kind === 'message' && record.protocol === 'HTTP'
      ? { ...record, bytes: encodeUtf8(decodeUtf8(record.bytes).replace(/^([A-Z]+ )\S+/, '$1/content/1')) }
      : record,
  ),
});
/** Something else than what was put, under another entity-tag. */
export const CHANGED_BY_ITSELF: Trace = elsewhere(
  rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace('id="b"', 'id="z"').replace(/ETag: "./, 'ETag: "~')),
);

export const XCAP_DOCTORED: readonly (readonly [rule: string, what: string, trace: () => Trace])[] = [
  ['http-date', 'an answer of another moment', () => rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace(/Date: \w+, \d+/, 'Date: Thu, 01'))],
  ['http-date', 'an answer without a date', () => rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace(/Date: [^\r]*\r\n/, ''))],
  ['http-answer', 'an answer to nothing', () => asked('PUT', 9)],
  [
    'document-tag',
    'the same entity-tag for another document',
    () => rewrite(kept, answer(19, '200 OK (PUT)'), (text) => text.replace(/ETag: \S+/, `ETag: ${tagAt(9, '200 OK (PUT)')}`)),
  ],
  [
    'document-tag',
    'the right entity-tag refused',
    () => rewrite(kept, answer(19, '200 OK (PUT)'), (text) => text.replace('200 OK', '412 Precondition Failed')),
  ],
  [
    'document-tag',
    'a wrong one taken',
    () => rewrite(kept, answer(24, '412 Precondition Failed (PUT)'), (text) => text.replace('412 Precondition Failed', '200 OK')),
  ],
  ['put-and-got', 'something else than what was put', () => rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace('id="b"', 'id="z"'))],
  [
    'put-and-got',
    'another content of any server under the same entity-tag',
    () => elsewhere(rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace('id="b"', 'id="z"'))),
  ],
  [
    'put-and-got',
    'another entity-tag although nothing changed',
    () => rewrite(kept, answer(14, '200 OK (GET)'), (text) => text.replace(/ETag: "./, 'ETag: "~')),
  ],
];
