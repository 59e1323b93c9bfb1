/** Partial publication (RFC 5264): a PUBLISH that modifies carries what has changed, and the compositor makes the change to the document that the entity-tag names. */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { isXmlError, readXml } from '#protocol/xml/read.ts';
import { PIDF_TYPE } from '../pidf/document.ts';
import { formatPidf, isPidfError, pidfOf } from '../pidf/xml.ts';
import type { PublishedBody, Shorten } from '../publication/publisher.ts';
import type { PublicationPatch } from '../publication/store.ts';
import { applyDiff, isPartialError, readPartial, wholeOf } from './apply-diff.ts';
import { changesBetween, formatDiff, PIDF_DIFF_TYPE } from './diff-document.ts';

export const shorterBody: Shorten = (before, after) => {
  if (before.contentType !== PIDF_TYPE || after.contentType !== PIDF_TYPE) return undefined;
  const [old, now] = [readXml(decodeUtf8(before.bytes)), readXml(decodeUtf8(after.bytes))];
  if (isXmlError(old) || isXmlError(now)) return undefined;
  const changes = changesBetween(old, now);
  if (changes === undefined) return undefined;
  const body: PublishedBody = { contentType: PIDF_DIFF_TYPE, bytes: encodeUtf8(formatDiff(now.attributes.get('entity') ?? '', undefined, changes)) };
  return body.bytes.length < after.bytes.length ? body : undefined;
};

export const PARTIAL_PUBLICATION: PublicationPatch = {
  contentType: PIDF_DIFF_TYPE,
  apply: (document, body, unknown) => {
    const read = readPartial(body);
    if (isPartialError(read)) return read.reason;
    const before = readXml(formatPidf(document));
    if (isXmlError(before)) return before.reason;
    if (read.entity !== undefined && read.entity !== document.entity) return `The changes are about ${read.entity}, the document about ${document.entity}.`;
    const after = read.kind === 'full' ? wholeOf(read) : applyDiff(before, read);
    if (isPartialError(after)) return after.reason;
    const patched = pidfOf(after, unknown);
    return isPidfError(patched) ? patched.reason : patched;
  },
};
