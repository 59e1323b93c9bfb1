/**
 * Resource list meta-information (RFC 4662 §5.1 to §5.5): which resources a list has, in which state each of them is, and which part of the same
 * multipart body holds its document. Plain values, written and read.
 * Omitted: the language of names; elements of other namespaces within an instance are skipped.
 */
import { type XmlElement, childrenNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';

export const RLMI_TYPE = 'application/rlmi+xml';
const RLMI = 'urn:ietf:params:xml:ns:rlmi';

const INSTANCE_STATES = ['active', 'pending', 'terminated'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** One notifier of a resource. */
export interface RlmiInstance {
  /** Unique within its resource. */
  readonly id: string;
  readonly state: InstanceState;
  /** As in Subscription-State; there when terminated. */
  readonly reason?: string;
  /** Content-ID of the part that holds the state, without angle brackets; there when active. */
  readonly cid?: string;
}

export interface RlmiResource {
  readonly uri: string;
  readonly name?: string;
  /** None: nothing is known of it yet. */
  readonly instances: readonly RlmiInstance[];
}

export interface RlmiDocument {
  readonly uri: string;
  /** From 0, one more with each document of the same subscription. */
  readonly version: number;
  /** Every resource of the list is in it. */
  readonly fullState: boolean;
  readonly name?: string;
  readonly resources: readonly RlmiResource[];
}

export interface RlmiError {
  readonly kind: 'rlmi-error';
  /** A sentence. */
  readonly reason: string;
  readonly line?: number;
}

export const isRlmiError = (value: RlmiDocument | RlmiError): value is RlmiError => 'kind' in value;

/** Versions are unsignedInt. */
const MAX_VERSION = 2 ** 32 - 1;

export function formatRlmi(document: RlmiDocument): string {
  const children = [...nameNodes(document.name), ...document.resources.map(resourceNode)];
  const attributes: (readonly [string, string])[] = [
    ['uri', document.uri],
    ['version', String(document.version)],
    ['fullState', String(document.fullState)],
  ];
  return writeXml({ name: 'list', attributes, children }, [['', RLMI]]);
}

const nameNodes = (name: string | undefined): readonly XmlNode[] => (name === undefined ? [] : [{ name: 'name', text: name }]);

function resourceNode({ uri, name, instances }: RlmiResource): XmlNode {
  const children = instances.map(({ id, state, reason, cid }): XmlNode => ({
    name: 'instance',
    attributes: [
      ['id', id],
      ['state', state],
      ['reason', reason],
      ['cid', cid],
    ],
  }));
  return { name: 'resource', attributes: [['uri', uri]], children: [...nameNodes(name), ...children] };
}

/** Reads a document of at most 64 KiB. Never throws. */
export function parseRlmi(text: string): RlmiDocument | RlmiError {
  const root = readXml(text);
  if (isXmlError(root)) return root.line === undefined ? fault(root.reason) : fault(root.reason, root.line);
  if (root.name !== 'list' || root.namespace !== RLMI) return fault(`The root element is ${root.name}, not the list of RLMI.`, root.line);
  // RFC 4662 §5.2: these three attributes must be there.
  const uri = root.attributes.get('uri');
  const version = versionOf(root.attributes.get('version'));
  const fullState = truthOf(root.attributes.get('fullState'));
  if (uri === undefined || uri === '') return fault('The list does not say which one it is.', root.line);
  if (version === undefined) return fault('The version is not a number from 0 to 4294967295.', root.line);
  if (fullState === undefined) return fault('The list does not say whether it is complete.', root.line);
  const resources: RlmiResource[] = [];
  for (const element of childrenNamed(root, RLMI, 'resource')) {
    const resource = readResource(element);
    if ('kind' in resource) return resource;
    if (resources.some((other) => other.uri === resource.uri)) return fault(`The resource ${resource.uri} is there twice.`, element.line);
    resources.push(resource);
  }
  return { uri, version, fullState, ...nameOf(root), resources };
}

function readResource(element: XmlElement): RlmiResource | RlmiError {
  const uri = element.attributes.get('uri');
  if (uri === undefined || uri === '') return fault('A resource does not say which one it is.', element.line);
  const instances: RlmiInstance[] = [];
  for (const child of childrenNamed(element, RLMI, 'instance')) {
    const id = child.attributes.get('id');
    const state = INSTANCE_STATES.find((one) => one === child.attributes.get('state'));
    const reason = child.attributes.get('reason');
    const cid = child.attributes.get('cid');
    if (id === undefined || state === undefined) return fault('An instance lacks its id or a known state.', child.line);
    // RFC 4662 §5.5: an active instance refers to its document.
    if (state === 'active' && cid === undefined) return fault(`The instance ${id} is active and refers to no part of the body.`, child.line);
    if (instances.some((other) => other.id === id)) return fault(`The instance ${id} of ${uri} is there twice.`, child.line);
    instances.push({ id, state, ...(reason === undefined ? {} : { reason }), ...(cid === undefined ? {} : { cid }) });
  }
  return { uri, ...nameOf(element), instances };
}

function nameOf(element: XmlElement): { readonly name?: string } {
  const text = childrenNamed(element, RLMI, 'name')[0]?.text.trim();
  return text === undefined || text === '' ? {} : { name: text };
}

function versionOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\+?\d{1,12}\s*$/.test(text)) return undefined;
  const version = Number(text);
  return version <= MAX_VERSION ? version : undefined;
}

/** xs:boolean. */
function truthOf(text: string | undefined): boolean | undefined {
  switch (text?.trim()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}

const fault = (reason: string, line?: number): RlmiError => ({ kind: 'rlmi-error', reason, ...(line === undefined ? {} : { line }) });
