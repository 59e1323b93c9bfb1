/**
 * Which lists there are and who is on them: the RLS services document with its lists (RFC 4826 §3, §4), and how a list server makes the flat list of
 * addresses out of it (RFC 4826 §4.5). Omitted: references to other documents (`resource-list`, `entry-ref`, `external`), which need an XCAP server to ask:
 * they are told apart, and count as references that cannot be followed.
 */
import { type XmlElement, childNamed, childrenNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';

export const RLS_SERVICES = 'urn:ietf:params:xml:ns:rls-services';
const RESOURCE_LISTS = 'urn:ietf:params:xml:ns:resource-lists';

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
}

export const isServicesError = (value: readonly ListService[] | ServicesError): value is ServicesError => 'kind' in value;

/** Schemes that can be subscribed to. */
const WATCHABLE = /^(sips?|pres|tel):/i;

export function formatServices(services: readonly ListService[]): string {
  const children = services.map(({ uri, name, entries, packages }): XmlNode => ({
    name: 'service',
    attributes: [['uri', uri]],
    children: [
      { name: 'list', children: [...displayName(name), ...entries.map(entryNode)] },
      ...(packages === undefined ? [] : [{ name: 'packages', children: packages.map((text): XmlNode => ({ name: 'package', text })) }]),
    ],
  }));
  const namespaces: [string, string][] = [
    ['', RLS_SERVICES],
    ['rl', RESOURCE_LISTS],
  ];
  return writeXml({ name: 'rls-services', children }, namespaces);
}

const displayName = (name: string | undefined): readonly XmlNode[] => (name === undefined ? [] : [{ name: 'rl:display-name', text: name }]);

const entryNode = ({ uri, name }: ListEntry): XmlNode => ({ name: 'rl:entry', attributes: [['uri', uri]], children: displayName(name) });

/** Reads a services document of at most 64 KiB. Never throws. */
export function parseServices(text: string): readonly ListService[] | ServicesError {
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
    const service = readService(element, uri);
    if ('kind' in service) return service;
    services.push(service);
  }
  return services;
}

function readService(element: XmlElement, uri: string): ListService | ServicesError {
  const second = ['packages', 'list', 'resource-list'].flatMap((name) => childrenNamed(element, RLS_SERVICES, name).slice(1))[0];
  if (second !== undefined) return fault(`The service ${uri} has more than one ${second.name}.`, second.line);
  const packages = childNamed(element, RLS_SERVICES, 'packages');
  const named = packages === undefined ? {} : { packages: childrenNamed(packages, RLS_SERVICES, 'package').map((one) => one.text.trim()) };
  const list = childNamed(element, RLS_SERVICES, 'list');
  if (list === undefined) return { uri, entries: [], ...named, broken: 'The list is in another document, which cannot be had here.' };
  const walk: Walk = { flat: new Map(), broken: undefined };
  const path = `rls-services/service[@uri="${uri}"]/list`;
  const problem = traverse(list, walk, path);
  if (problem !== undefined) return problem;
  return { uri, ...nameOf(list), entries: [...walk.flat.values()], ...named, ...(walk.broken === undefined ? {} : { broken: walk.broken }) };
}

interface Walk {
  readonly flat: Map<string, ListEntry>;
  broken: string | undefined;
}

/** What tells the children of one list apart: in the same list it may not stand twice, in lists within each other it may (RFC 4826 (clause unchecked)). */
const KEYS: Readonly<Record<string, string>> = { list: 'name', entry: 'uri', 'entry-ref': 'ref', external: 'anchor' };

/** RFC 4826 §4.5: depth first; an address counts once, by its exact text, and only if its scheme can be subscribed to. */
function traverse(list: XmlElement, walk: Walk, path: string): ServicesError | undefined {
  const here = new Set<string>();
  for (const child of list.children) {
    const attribute = KEYS[child.name];
    if (child.namespace !== RESOURCE_LISTS || attribute === undefined) continue;
    const key = child.attributes.get(attribute);
    const own = `${path}/${child.name}${key === undefined ? '' : `[@${attribute}="${key}"]`}`;
    if (key !== undefined && here.has(own)) return { ...fault(`The ${child.name} ${key} is twice on one list.`, child.line), twice: `${own}/@${attribute}` };
    here.add(own);
    if (child.name === 'list') {
      const problem = traverse(child, walk, own);
      if (problem !== undefined) return problem;
    } else if (child.name === 'entry') {
      if (key === undefined || key.trim() === '') return fault('An entry of a list has no address.', child.line);
      if (WATCHABLE.test(key) && !walk.flat.has(key)) walk.flat.set(key, { uri: key, ...nameOf(child) });
    } else walk.broken ??= `The list refers to ${key ?? 'another document'}, which cannot be had here.`;
  }
  return undefined;
}

function nameOf(element: XmlElement): { readonly name?: string } {
  const text = childNamed(element, RESOURCE_LISTS, 'display-name')?.text.trim();
  return text === undefined || text === '' ? {} : { name: text };
}

const fault = (reason: string, line?: number): ServicesError => ({ kind: 'services-error', reason, ...(line === undefined ? {} : { line }) });
