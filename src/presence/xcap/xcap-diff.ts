/** The event package xcap-diff (RFC 5875) as far as servers use it among each other, and the list of what one subscribes to (RFC 4826, as RFC 5875 §4.1 has it in the SUBSCRIBE). */
import { seconds } from '#base/time.ts';
import { childrenNamed, isXmlError, readXml, type XmlError } from '#protocol/xml/read.ts';
import { writeXml } from '#protocol/xml/write.ts';
import { XCAP_DIFF_TYPE } from '#protocol/xcap/diff.ts';
import { RESOURCE_LISTS } from '../lists/resource-lists.ts';
import type { PackageFacts } from '../subscription/event-package.ts';

/** Path of the XCAP root, as everybody is told who uses it [choice]. */
export const XCAP_ROOT = '/xcap-root';

/** The path of an absolute HTTP URI below that XCAP root, itself a whole URI; undefined for what is elsewhere. RFC 4826 §3.4.7: the default port and the case of the host tell nothing apart. */
export function targetBelow(root: string, uri: string): string | undefined {
  const canonical = (one: string): string => one.replace(/^http:\/\/[^/]*/i, (origin) => origin.toLowerCase().replace(/:80$/, ''));
  const [wanted, whole] = [canonical(root), canonical(uri)];
  return whole.startsWith(`${wanted}/`) ? whole.slice(wanted.length - XCAP_ROOT.length) : undefined;
}

/** RFC 5875 §4.5: default 3600 s. Every change is told at once [choice]. */
export const XCAP_DIFF_FACTS: PackageFacts = {
  name: 'xcap-diff',
  contentTypes: [XCAP_DIFF_TYPE],
  defaultExpires: 3600,
  minExpires: 60,
  maxExpires: 86_400,
  minInterval: seconds(0),
};

/** Only entity-tags are wanted, no patches. */
export const WITHOUT_PATCHES = 'xcap-diff;diff-processing=no-patching';

export const RESOURCE_LISTS_TYPE = 'application/resource-lists+xml';

/** What a SUBSCRIBE asks to be told of: documents and, with a slash at the end, all below. */
export function formatWanted(selectors: readonly string[]): string {
  const entries = selectors.map((selector) => ({ name: 'entry', attributes: [['uri', selector]] as const }));
  return writeXml({ name: 'resource-lists', children: [{ name: 'list', children: entries }] }, [['', RESOURCE_LISTS]]);
}

/** The selectors in such a list, or why there are none. Never throws. */
export function parseWanted(text: string): readonly string[] | Pick<XmlError, 'reason' | 'fault'> {
  const root = readXml(text);
  if (isXmlError(root)) return root;
  const refused = (reason: string): Pick<XmlError, 'reason' | 'fault'> => ({ fault: 'not-well-formed', reason });
  if (root.name !== 'resource-lists' || root.namespace !== RESOURCE_LISTS) return refused(`The root element is ${root.name}, not resource-lists.`);
  const entries = childrenNamed(root, RESOURCE_LISTS, 'list').flatMap((list) => childrenNamed(list, RESOURCE_LISTS, 'entry'));
  const uris = entries.map(({ attributes }) => attributes.get('uri') ?? '');
  if (entries.length === 0 || uris.includes('')) return refused('It names nothing that somebody could be told of.');
  return uris;
}

/** Whether a document is among them, or below one of them. */
export const isWanted = (wanted: readonly string[] | undefined, selector: string): boolean =>
  wanted === undefined || wanted.some((one) => one === selector || (one.endsWith('/') && selector.startsWith(one)));
