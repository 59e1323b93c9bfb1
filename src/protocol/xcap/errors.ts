/** The body of a 409, which says what stands against a change (RFC 4825 §11.2). Read back only as far as people are told of it. */
import { isXmlError, readXml } from '../xml/read.ts';
import { writeXml } from '../xml/write.ts';

export const XCAP_ERROR_TYPE = 'application/xcap-error+xml';
const NAMESPACE = 'urn:ietf:params:xml:ns:xcap-error';

export type XcapErrorKind =
  | 'not-well-formed'
  | 'not-xml-frag'
  | 'no-parent'
  | 'schema-validation-error'
  | 'cannot-insert'
  | 'cannot-delete'
  | 'uniqueness-failure'
  | 'constraint-failure'
  | 'not-utf-8';

export interface XcapConflict {
  readonly kind: XcapErrorKind;
  /** A sentence. */
  readonly phrase: string;
  /** With `no-parent`: the closest that exists, as an HTTP URI. */
  readonly ancestor?: string;
  /** With `uniqueness-failure`: what is there already. */
  readonly field?: string;
  /** With `uniqueness-failure`: values that nothing has yet (RFC 4825 §11.2). */
  readonly instead?: readonly string[];
}

export function formatXcapError({ kind, phrase, ancestor, field, instead = [] }: XcapConflict): string {
  const children = [
    ...(kind === 'no-parent' && ancestor !== undefined ? [{ name: 'ancestor', text: ancestor }] : []),
    ...(kind === 'uniqueness-failure'
      ? [{ name: 'exists', attributes: [['field', field ?? '']] as const, children: instead.map((text) => ({ name: 'alt-value', text })) }]
      : []),
  ];
  return writeXml({ name: 'xcap-error', children: [{ name: kind, attributes: [['phrase', phrase]], children }] }, [['', NAMESPACE]]);
}

/** The error and what it says, in words; undefined when it is no such document. */
export function xcapErrorInWords(text: string): string | undefined {
  const root = readXml(text);
  if (isXmlError(root) || root.name !== 'xcap-error' || root.namespace !== NAMESPACE) return undefined;
  const [error] = root.children;
  if (error === undefined) return undefined;
  const phrase = error.attributes.get('phrase');
  return phrase === undefined ? error.name : `${error.name}: ${phrase}`;
}
