/**
 * Which documents of an XCAP server have changed (RFC 5874), as its notifications say it (RFC 5875): by entity-tags, without the changes themselves.
 * Omitted: patches within a document, the states of elements and attributes.
 */
import { childrenNamed, isXmlError, readXml } from '../xml/read.ts';
import { writeXml } from '../xml/write.ts';

export const XCAP_DIFF_TYPE = 'application/xcap-diff+xml';
const NAMESPACE = 'urn:ietf:params:xml:ns:xcap-diff';

/** Entity-tags with their quotes, as HTTP has them; the document itself has them without (RFC 5874, as its examples show them; clause unchecked). */
export interface DocumentChange {
  /** The document, relative to the root. */
  readonly selector: string;
  /** Undefined: it was not there before, or nothing was told of it. */
  readonly previousTag?: string;
  /** Undefined: it is there no more. */
  readonly newTag?: string;
}

export interface XcapDiff {
  readonly root: string;
  readonly documents: readonly DocumentChange[];
}

export function formatXcapDiff({ root, documents }: XcapDiff): string {
  const children = documents.map(({ selector, previousTag, newTag }) => ({
    name: 'document',
    attributes: [
      ['new-etag', bare(newTag)],
      ['sel', selector],
      ['previous-etag', bare(previousTag)],
    ] as const,
  }));
  return writeXml({ name: 'xcap-diff', attributes: [['xcap-root', root]], children }, [['', NAMESPACE]]);
}

const bare = (tag: string | undefined): string | undefined => tag?.replace(/^"(.*)"$/s, '$1');
/** Some servers leave the quotes where they were. */
const quoted = (tag: string | undefined): string | undefined => (tag === undefined || tag.startsWith('"') ? tag : `"${tag}"`);

/** Undefined for what is no such document. */
export function parseXcapDiff(text: string): XcapDiff | undefined {
  const root = readXml(text);
  if (isXmlError(root) || root.name !== 'xcap-diff' || root.namespace !== NAMESPACE) return undefined;
  const base = root.attributes.get('xcap-root');
  if (base === undefined) return undefined;
  const documents = childrenNamed(root, NAMESPACE, 'document').flatMap(({ attributes }): DocumentChange[] => {
    const selector = attributes.get('sel');
    if (selector === undefined) return [];
    const [previousTag, newTag] = [quoted(attributes.get('previous-etag')), quoted(attributes.get('new-etag'))];
    return [{ selector, ...(previousTag === undefined ? {} : { previousTag }), ...(newTag === undefined ? {} : { newTag }) }];
  });
  return { root: base, documents };
}
