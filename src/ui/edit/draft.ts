/**
 * A message as a person rewrites it. The draft's text is the one truth, with line feeds only, as a text field has it; the form and the
 * bytes follow from it. Nothing is put in order: what the person writes is what travels.
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { canonicalName } from '#protocol/sip/header-names.ts';

const unixEnds = (text: string): string => text.replaceAll('\r\n', '\n');

export const draftOf = (bytes: Uint8Array): string => unixEnds(decodeUtf8(bytes));

export interface Field {
  readonly name: string;
  readonly value: string;
  /** As it stands in the text; a line without a colon has no value. */
  readonly raw: string;
}

export interface Fields {
  readonly start: string;
  readonly lines: readonly Field[];
  /** Undefined where no empty line ends the header. */
  readonly body: string | undefined;
}

export function fieldsOf(draft: string): Fields {
  const end = draft.indexOf('\n\n');
  const head = end < 0 ? draft.replace(/\n$/, '') : draft.slice(0, end);
  const [start = '', ...lines] = head.split('\n');
  // A line that begins with space continues the one before.
  const whole: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line) && whole.length > 0) whole[whole.length - 1] += `\n${line}`;
    else whole.push(line);
  }
  return { start, lines: whole.map(fieldOf), body: end < 0 ? undefined : draft.slice(end + 2) };
}

function fieldOf(raw: string): Field {
  const colon = raw.indexOf(':');
  return colon < 0 ? { name: raw, value: '', raw } : { name: raw.slice(0, colon), value: raw.slice(colon + 1).replace(/^ /, ''), raw };
}

export const fieldFrom = (name: string, value: string): Field => ({ name, value, raw: `${name}: ${value}` });

export const draftFrom = ({ start, lines, body }: Fields): string =>
  `${[start, ...lines.map((line) => line.raw)].join('\n')}\n${body === undefined ? '' : `\n${body}`}`;

const isLength = (line: Field): boolean => canonicalName(line.name.trim()) === 'Content-Length';

/** The draft with the Content-Length that its body has, where the body is another one and nobody touched Content-Length. */
export function withLength(sent: Uint8Array, draft: string): string {
  const [before, now] = [fieldsOf(draftOf(sent)), fieldsOf(draft)];
  if (now.body === undefined || before.body === now.body) return draft;
  if (before.lines.find(isLength)?.raw !== now.lines.find(isLength)?.raw) return draft;
  const length = encodeUtf8(bodyText(sent, now.body)).length;
  return draftFrom({ ...now, lines: now.lines.map((line) => (isLength(line) ? fieldFrom(line.name, String(length)) : line)) });
}

/** A text field knows line feeds only: the body gets the line ends that it had. */
function bodyText(sent: Uint8Array, body: string): string {
  const before = decodeUtf8(sent);
  const at = before.indexOf('\r\n\r\n');
  return at >= 0 && before.includes('\r\n', at + 4) ? body.replaceAll('\n', '\r\n') : body;
}

/** The bytes that travel: lines of the header end in CR LF. An untouched body stays byte for byte. */
export function bytesOf(sent: Uint8Array, draft: string): Uint8Array {
  if (draft === draftOf(sent)) return sent;
  const { body } = fieldsOf(draft);
  if (body === undefined) return encodeUtf8(draft.replaceAll('\n', '\r\n'));
  const head = encodeUtf8(draft.slice(0, draft.indexOf('\n\n') + 2).replaceAll('\n', '\r\n'));
  const before = fieldsOf(draftOf(sent)).body;
  const whole = decodeUtf8(sent);
  const bodyAt = encodeUtf8(whole.slice(0, whole.indexOf('\r\n\r\n') + 4)).length;
  return concatBytes(head, before === body ? sent.subarray(bodyAt) : encodeUtf8(bodyText(sent, body)));
}
