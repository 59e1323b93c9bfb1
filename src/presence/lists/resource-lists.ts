/**
 * Which lists there are and who is on them: the RLS services document with its lists and the resource lists document (RFC 4826 §3, §4), and how a list server makes the flat list of
 * addresses out of them (RFC 4826 §4.5). References (`resource-list`, `entry-ref`, `external`) are followed as far as the reader of the document is given others; what is not among them
 * counts as a reference that cannot be followed.
 */
import { bringsHeaders } from '#protocol/sip/address-headers.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { type XmlElement, childNamed, childrenNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';

export const RLS_SERVICES = 'urn:ietf:params:xml:ns:rls-services';
export const RESOURCE_LISTS = 'urn:ietf:params:xml:ns:resource-lists';

/** Content type of a services document (RFC 4826 §4.4). */
export const SERVICES_TYPE = 'application/rls-services+xml';

/** Somebody on a list, or another list by its address. */
export interface ListEntry {
  readonly uri: string;
  readonly name?: string;
}

/** A list with an address of its own. */
export interface ListService {
  readonly uri: string;
  readonly name?: string;
  readonly entries: readonly ListEntry[];
  /** Where the list is kept, when it is another document: the address of the list there. */
  readonly refersTo?: string;
  /** Event packages that may be asked for; any when left out. */
  readonly packages?: readonly string[];
  /** A reference in it cannot be followed: who subscribes is told 502. */
  readonly broken?: string;
}

export interface ServicesError {
  readonly kind: 'services-error';
  /** A sentence. */
  readonly reason: string;
  readonly line?: number;
  /** What is there twice, as a path, where that is the fault. */
  readonly twice?: string;
  /** The schema has nothing against it, but the application does. */
  readonly isConstraint?: true;
}

export const isServicesError = (value: object): value is ServicesError => 'kind' in value;

/** The documents at hand in which references are followed (RFC 4826 §4.5). */
export interface OtherDocuments {
  /** Of the XCAP server that keeps the services document: what is relative goes on from there. */
  readonly root: string;
  /** The element at an address; undefined when it cannot be had. */
  find(uri: string): XmlElement | undefined;
}

/** Schemes that can be subscribed to. */
const WATCHABLE = /^(sips?|pres|tel):/i;

export function formatServices(services: readonly ListService[]): string {
  const children = services.map(({ uri, name, entries, packages, refersTo }): XmlNode => ({
    name: 'service',
    attributes: [['uri', uri]],
    children: [
      refersTo === undefined
        ? { name: 'list', children: [...displayName(name, 'rl:'), ...entries.map((entry) => entryNode(entry, 'rl:'))] }
        : { name: 'resource-list', text: refersTo },
      ...(packages === undefined ? [] : [{ name: 'packages', children: packages.map((text): XmlNode => ({ name: 'package', text })) }]),
    ],
  }));
  const namespaces: [string, string][] = [
    ['', RLS_SERVICES],
    ['rl', RESOURCE_LISTS],
  ];
  return writeXml({ name: 'rls-services', children }, namespaces);
}

/** A document of lists for services to refer to; `handle` tells a list from the others. */
export function formatResourceLists(lists: readonly (Pick<ListService, 'name' | 'entries'> & { readonly handle: string })[]): string {
  const children = lists.map(({ handle, name, entries }): XmlNode => ({
    name: 'list',
    attributes: [['name', handle]],
    children: [...displayName(name, ''), ...entries.map((entry) => entryNode(entry, ''))],
  }));
  return writeXml({ name: 'resource-lists', children }, [['', RESOURCE_LISTS]]);
}

const displayName = (name: string | undefined, prefix: string): readonly XmlNode[] =>
  name === undefined ? [] : [{ name: `${prefix}display-name`, text: name }];

const entryNode = ({ uri, name }: ListEntry, prefix: string): XmlNode => ({
  name: `${prefix}entry`,
  attributes: [['uri', uri]],
  children: displayName(name, prefix),
});

/** Reads a resource lists document of at most 64 KiB: its root element, for whoever follows references into it. Never throws. */
export function parseResourceLists(text: string): XmlElement | ServicesError {
  const root = readXml(text);
  if (isXmlError(root)) return root.line === undefined ? fault(root.reason) : fault(root.reason, root.line);
  if (root.name !== 'resource-lists' || root.namespace !== RESOURCE_LISTS) return fault(`The root element is ${root.name}, not resource-lists.`, root.line);
  const other = root.children.find(({ name, namespace }) => name !== 'list' || namespace !== RESOURCE_LISTS);
  if (other !== undefined) return fault(`The document holds lists and nothing else, no ${other.name}.`, other.line);
  return traverse(root, newWalk(undefined), 'resource-lists') ?? root;
}

/** Reads a services document of at most 64 KiB. Never throws. */
export function parseServices(text: string, others?: OtherDocuments): readonly ListService[] | ServicesError {
  const root = readXml(text);
  if (isXmlError(root)) return root.line === undefined ? fault(root.reason) : fault(root.reason, root.line);
  if (root.name !== 'rls-services' || root.namespace !== RLS_SERVICES) return fault(`The root element is ${root.name}, not rls-services.`, root.line);
  const services: ListService[] = [];
  for (const element of childrenNamed(root, RLS_SERVICES, 'service')) {
    const uri = element.attributes.get('uri');
    if (uri === undefined || uri.trim() === '') return fault('A service has no address.', element.line);
    // RFC 4826 §4.4.8: no two services have the same address.
    if (services.some((other) => other.uri === uri))
      return { ...fault(`The service ${uri} is there twice.`, element.line), twice: `rls-services/service[@uri="${uri}"]/@uri` };
    const service = readService(element, uri, others);
    if ('kind' in service) return service;
    services.push(service);
  }
  return services;
}

function readService(element: XmlElement, uri: string, others: OtherDocuments | undefined): ListService | ServicesError {
  const second = ['packages', 'list', 'resource-list'].flatMap((name) => childrenNamed(element, RLS_SERVICES, name).slice(1))[0];
  if (second !== undefined) return fault(`The service ${uri} has more than one ${second.name}.`, second.line);
  const packages = childNamed(element, RLS_SERVICES, 'packages');
  const named = packages === undefined ? {} : { packages: childrenNamed(packages, RLS_SERVICES, 'package').map((one) => one.text.trim()) };
  const own = childNamed(element, RLS_SERVICES, 'list');
  const refersTo = own === undefined ? childNamed(element, RLS_SERVICES, 'resource-list')?.text.trim() : undefined;
  const list = refersTo === undefined ? own : others?.find(refersTo);
  const said = { ...named, ...(refersTo === undefined ? {} : { refersTo }) };
  if (list === undefined || (list !== own && !isOf(list, 'list')))
    return { uri, entries: [], ...said, broken: 'The list is in another document, which cannot be had here.' };
  const walk = newWalk(others);
  const problem = traverse(list, walk, `rls-services/service[@uri="${uri}"]/list`);
  if (problem !== undefined) return problem;
  return { uri, ...nameOf(list), entries: [...walk.flat.values()], ...said, ...(walk.broken === undefined ? {} : { broken: walk.broken }) };
}

interface Walk {
  readonly flat: Map<string, ListEntry>;
  readonly others: OtherDocuments | undefined;
  /** Addresses of lists in other documents that were opened already. */
  readonly traversed: Set<string>;
  broken: string | undefined;
  isOver: boolean;
}

const newWalk = (others: OtherDocuments | undefined): Walk => ({ flat: new Map(), others, traversed: new Set(), broken: undefined, isOver: false });

const isOf = (element: XmlElement | undefined, name: string): element is XmlElement => element?.name === name && element.namespace === RESOURCE_LISTS;

/** What tells the children of one list apart: in the same list it may not stand twice, in lists within each other it may (RFC 4826 §3.4.5). */
const KEYS: Readonly<Record<string, string>> = { list: 'name', entry: 'uri', 'entry-ref': 'ref', external: 'anchor' };

/** RFC 4826 §4.5: depth first; an address counts once, by its exact text, and only if its scheme can be subscribed to. */
function traverse(list: XmlElement, walk: Walk, path: string): ServicesError | undefined {
  const here = new Set<string>();
  for (const child of list.children) {
    if (walk.isOver) return undefined;
    const attribute = KEYS[child.name];
    if (child.namespace !== RESOURCE_LISTS || attribute === undefined) continue;
    const key = child.attributes.get(attribute);
    const own = `${path}/${child.name}${key === undefined ? '' : `[@${attribute}="${key}"]`}`;
    if (key !== undefined && here.has(own)) return { ...fault(`The ${child.name} ${key} is twice on one list.`, child.line), twice: `${own}/@${attribute}` };
    here.add(own);
    const problem = child.name === 'list' ? traverse(child, walk, own) : takeMember(child, key, walk);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function takeMember(child: XmlElement, key: string | undefined, walk: Walk): ServicesError | undefined {
  if (key === undefined || key.trim() === '') return fault(`An ${child.name} of a list has no address.`, child.line);
  switch (child.name) {
    case 'entry':
      addEntry(key, child, child, walk);
      return undefined;
    case 'entry-ref': {
      // RFC 4826 §3.4.5: a reference to an entry is a relative path.
      if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(key)) return { ...fault(`The reference ${key} is no relative path.`, child.line), isConstraint: true };
      const found = walk.others?.find(`${walk.others.root}/${key}`);
      const uri = isOf(found, 'entry') ? found.attributes.get('uri') : undefined;
      if (found === undefined || uri === undefined) walk.broken ??= unreachable(key);
      else addEntry(uri, child, found, walk);
      return undefined;
    }
    default: {
      // RFC 4826 §3.4.5: a list elsewhere is named by an absolute HTTP URI.
      if (!/^https?:\/\/[^/]/i.test(key)) return { ...fault(`The address ${key} of a list elsewhere is no HTTP URI.`, child.line), isConstraint: true };
      // RFC 4826 §4.5: a list that was opened once ends everything, or lists that refer to one another would go on for ever.
      walk.isOver = walk.traversed.has(key);
      if (walk.isOver) walk.broken = `The list comes back to ${key}, where it was already.`;
      else {
        walk.traversed.add(key);
        const found = walk.others?.find(key);
        if (!isOf(found, 'list') || traverse(found, walk, key) !== undefined) walk.broken ??= unreachable(key);
      }
      return undefined;
    }
  }
}

const unreachable = (key: string): string => `The list refers to ${key}, which cannot be had here.`;

/** `nearest` may give it another name than where it is kept. */
function addEntry(uri: string, nearest: XmlElement, kept: XmlElement, { flat }: Walk): void {
  if (isWatchable(uri) && !flat.has(uri)) flat.set(uri, { uri, ...nameOf(kept), ...nameOf(nearest) });
}

/** Whether a SUBSCRIBE can be sent to it: what stands in somebody's document goes into a request line. */
function isWatchable(uri: string): boolean {
  const kind = WATCHABLE.test(uri) ? parseUri(uri)?.kind : undefined;
  return kind !== undefined && kind !== 'other' && !bringsHeaders(uri);
}

function nameOf(element: XmlElement): { readonly name?: string } {
  const text = childNamed(element, RESOURCE_LISTS, 'display-name')?.text.trim();
  return text === undefined || text === '' ? {} : { name: text };
}

const fault = (reason: string, line?: number): ServicesError => ({ kind: 'services-error', reason, ...(line === undefined ? {} : { line }) });
