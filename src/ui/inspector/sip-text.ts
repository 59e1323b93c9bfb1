/** A SIP message's text taken apart as it stands: start line, header lines (folded ones whole), body. Nothing is put in order or corrected. */
import { decodeUtf8 } from '#base/utf8.ts';
import { canonicalName } from '#protocol/sip/header-names.ts';

export interface HeaderLine {
  /** As it was written, e.g. `v`, and what it means, `Via`. */
  readonly written: string;
  readonly name: string;
  /** Trimmed; a folded value keeps its line ends. */
  readonly value: string;
}

export interface SipText {
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

export function splitSipText(bytes: Uint8Array): SipText {
  const text = decodeUtf8(bytes);
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const [startLine = '', ...lines] = head.split(/\r?\n/);
  const headers: HeaderLine[] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      headers[headers.length - 1] = { ...last, value: `${last.value}\n${line.trimEnd()}` };
      continue;
    }
    const colon = line.indexOf(':');
    const written = colon < 0 ? line : line.slice(0, colon).trimEnd();
    headers.push({ written, name: canonicalName(written), value: colon < 0 ? '' : line.slice(colon + 1).trim() });
  }
  return { startLine, headers, body: end === null ? '' : text.slice(end.index + end[0].length) };
}
