/**
 * XCAP addresses (RFC 4825 §6): root, application, whose tree, document, and after `~~` a way to one element or attribute within it, with its namespaces in the query.
 * Omitted: extension selectors; namespace selectors are read and served by nobody.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';

/** One step down: an element by name (or any), by its place among those, and by an attribute. */
export interface XcapStep {
  /** Undefined: the default namespace of the application. */
  readonly prefix: string | undefined;
  /** `*`: any. */
  readonly name: string;
  /** From 1. */
  readonly position?: number;
  readonly attribute?: { readonly name: string; readonly value: string };
}

export interface XcapNode {
  readonly steps: readonly XcapStep[];
  /** The attribute of that element that is meant, or its namespace bindings. */
  readonly terminal?: { readonly kind: 'attribute'; readonly name: string } | { readonly kind: 'namespaces' };
  readonly namespaces: ReadonlyMap<string, string>;
}

export interface XcapAddress {
  readonly auid: string;
  readonly tree: 'users' | 'global';
  /** Whose; with `users`. */
  readonly xui?: string;
  /** `index`. */
  readonly document: string;
  readonly node?: XcapNode;
}

const SEPARATOR = '~~';

/** How it stands in an XCAP diff and in SUBSCRIBE bodies: relative to the root. */
export function documentSelector({ auid, tree, xui, document }: Omit<XcapAddress, 'node'>): string {
  return [auid, tree, ...(xui === undefined ? [] : [xui]), document].join('/');
}

const decode = (text: string): string | undefined => {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 37) {
      // A target is ASCII (RFC 9112 §3.2); anything else was refused before.
      bytes.push(code & 0xff);
      continue;
    }
    const value = /^[0-9a-fA-F]{2}$/.test(text.slice(i + 1, i + 3)) ? parseInt(text.slice(i + 1, i + 3), 16) : undefined;
    if (value === undefined) return undefined;
    bytes.push(value);
    i += 2;
  }
  return decodeUtf8Strictly(new Uint8Array(bytes));
};

const SAFE = /[A-Za-z0-9\-._~!$&'()*+,;=:@]/;

/** A text as part of a path: what may not stand there is written in percent (RFC 3986 §3.3). */
export function encodePathSegment(text: string): string {
  let encoded = '';
  for (const character of text) {
    if (SAFE.test(character)) encoded += character;
    else for (const byte of encodeUtf8(character)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** A selector of a document, below the root, as the target of a request. */
export const formatXcapTarget = (
  root: string,
  selector: string,
  node?: { readonly path: string; readonly namespaces: readonly (readonly [string, string])[] },
): string => {
  const path = `${root}/${selector.split('/').map(encodePathSegment).join('/')}`;
  if (node === undefined) return path;
  const query = node.namespaces.map(([prefix, namespace]) => `xmlns(${prefix}=${namespace})`).join('');
  return `${path}/${SEPARATOR}/${node.path.split('/').map(encodePathSegment).join('/')}${query === '' ? '' : `?${query}`}`;
};

/** What a target names; `not-found`: nothing that this server could have; `malformed`: nothing at all. */
export function parseXcapTarget(root: string, target: string): XcapAddress | 'not-found' | 'malformed' {
  const path = target.replace(/^http:\/\/[^/]*/, '');
  const mark = path.indexOf('?');
  const query = mark < 0 ? '' : path.slice(mark + 1);
  const segments = (mark < 0 ? path : path.slice(0, mark)).split('/').map(decode);
  if (segments.includes(undefined)) return 'malformed';
  const prefix = root.split('/');
  if (!prefix.every((segment, i) => segments[i] === segment)) return 'not-found';
  const rest = segments.slice(prefix.length) as readonly string[];
  const cut = rest.indexOf(SEPARATOR);
  const where = cut < 0 ? rest : rest.slice(0, cut);
  const [auid = '', tree = '', ...below] = where;
  const document = tree === 'users' ? below.slice(1) : below;
  if (auid === '' || (tree !== 'users' && tree !== 'global') || document.length === 0 || where.includes('')) return 'not-found';
  const address = { auid, tree, document: document.join('/'), ...(tree === 'users' ? { xui: below[0] ?? '' } : {}) } as const;
  if (cut < 0) return address;
  const node = parseNode(rest.slice(cut + 1), query);
  return node === undefined ? 'malformed' : { ...address, node };
}

function parseNode(segments: readonly string[], query: string): XcapNode | undefined {
  const namespaces = parseNamespaces(query);
  const last = segments.at(-1) ?? '';
  const terminal =
    last === 'namespace::*' ? ({ kind: 'namespaces' } as const) : last.startsWith('@') ? ({ kind: 'attribute', name: last.slice(1) } as const) : undefined;
  const steps = (terminal === undefined ? segments : segments.slice(0, -1)).map(parseStep);
  if (namespaces === undefined || steps.length === 0 || steps.includes(undefined)) return undefined;
  // RFC 4825 §8: a prefix that the query does not define makes the request a bad one, whatever is there.
  if (steps.some((step) => step?.prefix !== undefined && !namespaces.has(step.prefix))) return undefined;
  return { steps: steps as readonly XcapStep[], namespaces, ...(terminal === undefined ? {} : { terminal }) };
}

const STEP =
  /^(?:([\p{L}_][\p{L}\p{N}._-]*):)?(\*|[\p{L}_][\p{L}\p{N}._-]*)(?:\[([1-9]\d{0,5})\])?(?:\[@(?:[\p{L}_][\p{L}\p{N}._-]*:)?([\p{L}_][\p{L}\p{N}._-]*)=(?:"([^"]*)"|'([^']*)')\])?$/u;

function parseStep(text: string): XcapStep | undefined {
  const found = STEP.exec(text);
  if (found === null) return undefined;
  const [, prefix, name = '', position, attribute, double, single] = found;
  return {
    prefix,
    name,
    ...(position === undefined ? {} : { position: Number(position) }),
    ...(attribute === undefined ? {} : { attribute: { name: attribute, value: double ?? single ?? '' } }),
  };
}

/** `xmlns(a=urn:a)xmlns(b=urn:b)` (RFC 4825 §6.4; the form of XPointer). */
function parseNamespaces(query: string): ReadonlyMap<string, string> | undefined {
  const text = decode(query);
  const namespaces = new Map<string, string>();
  let left = text ?? '?';
  while (left !== '') {
    const found = /^xmlns\(([\p{L}_][\p{L}\p{N}._-]*)=([^()]*)\)/u.exec(left);
    if (found === null) return undefined;
    namespaces.set(found[1] ?? '', found[2] ?? '');
    left = left.slice(found[0].length);
  }
  return namespaces;
}
