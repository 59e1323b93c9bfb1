/**
 * Elements of a presence document that are not understood here, kept and written again as they are (RFC 3863 §4.2.3 lets one skip them; TS 23.141 §5.1 wants a presence
 * server to pass them on). Omitted: attributes with a prefix, mustUnderstand among them; elements without a namespace and of PIDF itself, which its schema allows nowhere else.
 */
import type { XmlElement } from '#protocol/xml/read.ts';
import type { XmlNode } from '#protocol/xml/write.ts';
import type { PresenceDocument, UnknownElement } from './document.ts';
import { MODEL, PIDF, RPID, XMPP } from './namespaces.ts';

/** What document.ts has a place for, by the element that it stands in. */
const UNDERSTOOD: Readonly<Record<string, ReadonlySet<string>>> = {
  presence: new Set([`${MODEL} person`, `${MODEL} device`]),
  tuple: new Set([`${MODEL} deviceID`, `${RPID} user-input`]),
  status: new Set([`${XMPP} show`]),
  person: new Set(['activities', 'mood', 'place-type', 'sphere', 'user-input'].map((name) => `${RPID} ${name}`).concat(`${MODEL} note`, `${MODEL} timestamp`)),
  device: new Set([`${RPID} user-input`, `${MODEL} deviceID`, `${MODEL} note`, `${MODEL} timestamp`]),
};
/** What has no namespace, or the one of XML itself, cannot be written under a prefix of ours. */
const canStand = ({ namespace }: XmlElement): boolean => namespace !== '' && namespace !== 'http://www.w3.org/XML/1998/namespace';

/** The children of `element` that are not understood, if `keeps` and there are any. */
export function unknownIn(element: XmlElement, keeps: boolean): readonly UnknownElement[] | undefined {
  if (!keeps) return undefined;
  const understood = UNDERSTOOD[element.name];
  const unknown = element.children.filter(
    (child) => canStand(child) && child.namespace !== PIDF && understood?.has(`${child.namespace} ${child.name}`) === false,
  );
  return unknown.length === 0 ? undefined : unknown.map(keptOf);
}

const keptOf = ({ namespace, name, attributes, children, text }: XmlElement): UnknownElement => ({
  namespace,
  name,
  attributes: [...attributes].filter(([key]) => !key.includes(':') || key.startsWith('xml:')),
  children: children.filter(canStand).map(keptOf),
  text: text.trim(),
});

/** Every namespace of the unknown elements of a document, in the order in which they appear. */
export function namespacesOf({ tuples, persons, devices, unknown }: PresenceDocument): readonly string[] {
  const found = new Set<string>();
  const collect = (elements: readonly UnknownElement[] | undefined): void => {
    for (const { namespace, children } of elements ?? []) {
      found.add(namespace);
      collect(children);
    }
  };
  for (const tuple of tuples) {
    collect(tuple.unknownStatus);
    collect(tuple.unknown);
  }
  for (const element of [...persons, ...devices]) collect(element.unknown);
  collect(unknown);
  return [...found];
}

/** As nodes to be written, with the prefixes of their namespaces; PIDF itself has none. */
export function unknownNodes(elements: readonly UnknownElement[] | undefined, prefixes: ReadonlyMap<string, string>): XmlNode[] {
  return (elements ?? []).map(({ namespace, name, attributes, children, text }) => {
    const prefix = prefixes.get(namespace);
    return {
      name: prefix === undefined ? name : `${prefix}:${name}`,
      attributes,
      ...(text === '' ? {} : { text }),
      children: unknownNodes(children, prefixes),
    };
  });
}
