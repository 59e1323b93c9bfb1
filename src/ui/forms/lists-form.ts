/**
 * The lists of a user (RFC 4826 §4) as rows of a form, in the manner of `rules-form.ts`: the text is the one truth, and only the element that is changed is rewritten.
 * A list that holds more than its members by address (lists within it, references) is shown, and changed in the text only.
 */
import { formatServices, isServicesError, type ListEntry, type ListService, parseServices } from '#presence/lists/resource-lists.ts';
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { appendElement, canonical, removeElement, replaceElement, rootOf } from './element-text.ts';
import type { TextFault } from './rules-form.ts';

export interface ListRow {
  readonly uri: string;
  readonly name: string;
  readonly members: readonly { readonly uri: string; readonly name: string }[];
}

export type ShownList = { readonly kind: 'row'; readonly row: ListRow } | { readonly kind: 'kept'; readonly uri: string };

/** What is odd about the members of lists that the server takes, for its verdict: their own remarks say what. */
export function oddityOfLists(text: string): string | undefined {
  const root = readXml(text);
  if (isXmlError(root) || 'kind' in rowsOfLists(text)) return undefined;
  const odd = root.children.flatMap((list) => {
    const uri = list.attributes.get('uri') ?? '';
    return entriesIn(list).filter((entry) => hintOfMember(uri, entry) !== undefined);
  });
  if (odd.length === 0) return undefined;
  return odd.length === 1
    ? `The server takes this, but nobody will be found by “${shortened(odd[0] ?? '')}”.`
    : `The server takes this, but nobody will be found by ${odd.length} of its addresses.`;
}

/** Addresses on a list as they are written, also those on lists within it and those that no form can show. */
const entriesIn = ({ name, attributes, children }: XmlElement): readonly string[] => [
  ...(name === 'entry' ? [attributes.get('uri') ?? ''] : []),
  ...children.flatMap(entriesIn),
];

const LONGEST_ADDRESS = 40;
const shortened = (uri: string): string => (uri.length > LONGEST_ADDRESS ? `${uri.slice(0, LONGEST_ADDRESS)}…` : uri);

/** What the server takes and nobody can use, in a sentence; undefined when nothing is odd. */
export function hintOfMember(list: string, member: string): string | undefined {
  const uri = member.trim();
  if (uri === '') return undefined;
  if (!/^(?:sips?|pres):[^\s@]+@[^\s@]+$|^tel:\+?[\d.()-]+/i.test(uri))
    return 'Nobody can be subscribed to by this: an address begins with sip:, sips:, pres: or tel:.';
  return uri.toLowerCase() === list.trim().toLowerCase() ? 'This is the list itself: its server would ask itself for it.' : undefined;
}

export function faultOfLists(text: string): TextFault | undefined {
  const read = parseServices(text);
  return isServicesError(read) ? { kind: 'fault', reason: read.reason, line: read.line } : undefined;
}

export function rowsOfLists(text: string): readonly ShownList[] | TextFault {
  if (text.trim() === '') return [];
  const read = parseServices(text);
  if (isServicesError(read)) return { kind: 'fault', reason: read.reason, line: read.line };
  const [root, located] = [readXml(text), rootOf(text)];
  if (isXmlError(root) || located === undefined) return [];
  return root.children.map((element, i): ShownList => {
    const place = located.children[i];
    const service = read.find(({ uri }) => uri === element.attributes.get('uri'));
    const source = place === undefined ? '' : text.slice(place.start, place.end);
    if (service === undefined || /<!--|<\?|<!\[CDATA/.test(source)) return { kind: 'kept', uri: element.attributes.get('uri') ?? element.name };
    const row = rowOf(service);
    return canonical(element) === canonicalService(serviceOf(row)) ? { kind: 'row', row } : { kind: 'kept', uri: service.uri };
  });
}

const rowOf = ({ uri, name = '', entries }: ListService): ListRow => ({
  uri,
  name,
  members: entries.map((each) => ({ uri: each.uri, name: each.name ?? '' })),
});

const serviceOf = ({ uri, name, members }: ListRow): ListService => ({
  uri,
  ...(name.trim() === '' ? {} : { name: name.trim() }),
  entries: members.map((each): ListEntry => ({ uri: each.uri.trim(), ...(each.name.trim() === '' ? {} : { name: each.name.trim() }) })),
  packages: ['presence'],
});

const canonicalService = (service: ListService): string => {
  const root = readXml(formatServices([service]));
  const [only] = isXmlError(root) ? [] : root.children;
  return only === undefined ? '' : canonical(only);
};

/** One service with its namespaces, as a fragment. */
function fragmentOf(row: ListRow): string {
  const whole = formatServices([serviceOf(row)]);
  const from = whole.indexOf('<service ');
  const inner = whole.slice(from, whole.indexOf('</service>', from) + '</service>'.length).replaceAll('\n  ', '\n');
  const declared = [...whole.slice(0, from).matchAll(/ xmlns(?::\w+)?="[^"]*"/g)].map(([text]) => text).join('');
  return inner.replace('<service', `<service${declared}`);
}

export function withList(text: string, i: number, row: ListRow): string {
  const root = rootOf(text);
  const element = root?.children[i];
  return root === undefined || element === undefined ? text : replaceElement(text, element, root.scope, fragmentOf(row));
}

export function withoutList(text: string, i: number): string {
  const element = rootOf(text)?.children[i];
  return element === undefined ? text : removeElement(text, element);
}

export function withNewList(text: string, row: ListRow): string {
  const root = rootOf(text);
  return root === undefined ? formatServices([serviceOf(row)]) : appendElement(text, root, fragmentOf(row));
}
