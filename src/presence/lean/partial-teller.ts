/** The presence server's side of partial notification (RFC 5263 §4.4): what a watcher was told last, and how the next state is told. */
import type { Note } from '#base/note.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { changesBetween, formatDiff, formatFull } from './diff-document.ts';

export interface Told {
  version: number;
  /** Undefined before the first NOTIFY, and after one that told nothing. */
  document: XmlElement | undefined;
}

const WHY_WHOLE = { answer: 'the watcher asked', missed: 'the one before did not arrive' } as const;

/** The document to send for the state `body`, one of PIDF; `whole`: why all has to be told, where it has. */
export function tellPartially(
  told: Told,
  body: Uint8Array,
  whole: 'answer' | 'missed' | undefined,
): { readonly bytes: Uint8Array; readonly note: Note } | undefined {
  const document = readXml(decodeUtf8(body));
  if (isXmlError(document)) return undefined;
  const before = told.document;
  // RFC 5263 §4.4: the first has the version 1, and the number goes on over refreshes.
  const version = ++told.version;
  told.document = document;
  const changes = whole !== undefined || before === undefined ? undefined : changesBetween(before, document);
  const full = encodeUtf8(formatFull(document, version));
  const diff = changes === undefined ? undefined : encodeUtf8(formatDiff(document.attributes.get('entity') ?? '', version, changes));
  // RFC 6446 §5.5.1 says the same of what was gathered: a part that is no smaller than the whole is not worth it.
  if (diff === undefined || diff.length >= full.length) {
    const reason = `Version ${version}, the whole document: ${before === undefined ? 'it is the first' : whole === undefined ? 'the changes would be no shorter' : WHY_WHOLE[whole]}.`;
    return { bytes: full, note: { op: 'decided', reason, clause: 'RFC 5263 §4.4' } };
  }
  const reason = `Version ${version}: only what has changed since the version before, ${changes?.length ?? 0} ${changes?.length === 1 ? 'change' : 'changes'}.`;
  return { bytes: diff, note: { op: 'decided', reason, clause: 'RFC 5263 §4.4' } };
}
