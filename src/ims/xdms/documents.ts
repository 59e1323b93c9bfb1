/**
 * The documents of an XDMS and what XCAP does with them (RFC 4825 §8): read, put and take away whole documents and elements of them, under entity-tags (RFC 9110 §13.1).
 * Every request is carried out whole or changes nothing.
 * Omitted: changing attributes (405), reading namespace bindings (501), other global documents (404), HEAD and POST (405).
 */
import type { Note } from '#base/note.ts';
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import type { Chance } from '#base/chance.ts';
import { createHttpResponse, fieldOf, type HttpFields, type HttpRequest, type HttpResponse, mediaTypeIn } from '#protocol/http/message.ts';
import type { DocumentChange } from '#protocol/xcap/diff.ts';
import { formatXcapError, XCAP_ERROR_TYPE, type XcapConflict } from '#protocol/xcap/errors.ts';
import { namespacesOf, putElement, removeElement, selectElement, textOfElement } from '#protocol/xcap/select.ts';
import { documentSelector, encodePathSegment, type XcapAddress, type XcapNode } from '#protocol/xcap/uri.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';
import { isLocated, type LocatedElement, locateXml } from '#protocol/xml/locate.ts';
import type { ApplicationUsage, Surroundings } from './usages.ts';

const CAPABILITIES = 'urn:ietf:params:xml:ns:xcap-caps';
const ELEMENT_TYPE = 'application/xcap-el+xml';
const ATTRIBUTE_TYPE = 'application/xcap-att+xml';
const GOT = 'RFC 4825 §8.3';
const PUT = 'RFC 4825 §8.2';
const DELETED = 'RFC 4825 §8.4';
/** Documents that one user may keep for one application [choice]. */
const MAX_DOCUMENTS = 20;

export interface StoredDocument {
  readonly text: string;
  readonly tag: string;
}

/** What to answer, and what has become of which document. */
export interface XcapOutcome {
  readonly response: HttpResponse;
  readonly notes: readonly Note[];
  readonly change?: DocumentChange;
}

export class XcapDocuments {
  readonly #usages: ReadonlyMap<string, ApplicationUsage>;
  /** By selector. */
  readonly #documents: Map<string, StoredDocument>;
  readonly #chance: Chance;
  readonly #root: string;
  readonly #isSomebody: (uri: string) => boolean;
  #count = 0;

  /** `root`: the XCAP root as a whole URI. `isSomebody`: whether that is the address of a user. `stored`: what was on disk. */
  constructor(
    usages: readonly ApplicationUsage[],
    root: string,
    isSomebody: (uri: string) => boolean,
    chance: Chance,
    stored: ReadonlyMap<string, StoredDocument> = new Map(),
  ) {
    this.#isSomebody = isSomebody;
    this.#usages = new Map(usages.map((usage) => [usage.auid, usage]));
    this.#root = root;
    this.#chance = chance;
    this.#documents = new Map(stored);
  }

  get stored(): ReadonlyMap<string, StoredDocument> {
    return this.#documents;
  }

  /** Puts a document there without asking: what an operator finds already kept. Throws when it breaks its application's rules (our mistake). */
  keep(address: Omit<XcapAddress, 'node'>, text: string): void {
    const conflict = this.#usages.get(address.auid)?.judge(text, this.#around(address));
    if (conflict !== undefined) throw new Error(`${documentSelector(address)}: ${conflict.phrase}`);
    this.#documents.set(documentSelector(address), { text, tag: this.#newTag() });
  }

  handle(request: HttpRequest, address: XcapAddress): XcapOutcome {
    if (address.auid === 'xcap-caps' && address.tree === 'global' && address.document === 'index' && address.node === undefined)
      return this.#capabilities(request);
    const usage = this.#usages.get(address.auid);
    if (usage === undefined || address.tree === 'global') return refused(404, 'Nothing of that application is kept here.', 'RFC 4825 §8');
    const selector = documentSelector(address);
    const present = this.#documents.get(selector);
    switch (request.method) {
      case 'GET':
        return this.#get(request, address, usage, present);
      case 'PUT':
        return this.#put(request, address, usage, selector, present);
      case 'DELETE':
        return this.#delete(request, address, usage, selector, present);
      default:
        return refused(405, `XCAP has no ${request.method}.`, 'RFC 4825 §8.1', [['Allow', 'GET, PUT, DELETE']]);
    }
  }

  /** What is served here (RFC 4825 §12): nobody writes it. */
  #capabilities(request: HttpRequest): XcapOutcome {
    if (request.method !== 'GET') return refused(405, 'What a server can do nobody else says.', 'RFC 4825 §12', [['Allow', 'GET']]);
    const list = (names: string, name: string, texts: readonly string[]): XmlNode => ({ name: names, children: texts.map((text) => ({ name, text })) });
    const usages = [...this.#usages.values()];
    const children = [
      list('auids', 'auid', ['xcap-caps', ...usages.map(({ auid }) => auid)]),
      { name: 'extensions' },
      list('namespaces', 'namespace', [CAPABILITIES, ...usages.map(({ defaultNamespace }) => defaultNamespace)]),
    ];
    return found(
      'application/xcap-caps+xml',
      writeXml({ name: 'xcap-caps', children }, [['', CAPABILITIES]]),
      '"always"',
      'What this server can do.',
      'RFC 4825 §12',
    );
  }

  #get(request: HttpRequest, { node }: XcapAddress, usage: ApplicationUsage, present: StoredDocument | undefined): XcapOutcome {
    if (present === undefined) return refused(404, 'There is no such document.', GOT);
    const wanted = fieldOf(request, 'If-None-Match');
    if (fieldOf(request, 'If-Match') !== undefined && !isMatch(fieldOf(request, 'If-Match'), present.tag)) return stale(present);
    if (wanted !== undefined && isMatch(wanted, present.tag))
      return {
        response: createHttpResponse(304, [['ETag', present.tag]]),
        notes: [{ op: 'decided', reason: 'Nothing has changed since.', clause: 'RFC 9110 §13.1.2' }],
      };
    if (node === undefined) return found(usage.contentType, present.text, present.tag, 'The whole document.');
    const element = elementAt(present.text, node, usage);
    if (element === undefined) return refused(404, 'Nothing in the document has that address, or more than one thing.', GOT);
    if (node.terminal === undefined) return found(ELEMENT_TYPE, textOfElement(present.text, element), present.tag, 'The element as it stands in the document.');
    if (node.terminal.kind === 'namespaces') return refused(501, 'The bindings of namespaces are not told here.', GOT);
    const value = element.attributes.get(node.terminal.name);
    return value === undefined
      ? refused(404, 'The element has no such attribute.', GOT)
      : found(ATTRIBUTE_TYPE, value, present.tag, 'The value of the attribute.');
  }

  #put(request: HttpRequest, address: XcapAddress, usage: ApplicationUsage, selector: string, present: StoredDocument | undefined): XcapOutcome {
    const { node } = address;
    if (node?.terminal !== undefined) return refused(405, 'Attributes are changed here with their element only.', PUT, [['Allow', 'GET']]);
    const expected = node === undefined ? usage.contentType : ELEMENT_TYPE;
    if (mediaTypeIn(request) !== expected) return refused(415, `What is put there is of the type ${expected}.`, 'RFC 4825 §8.2.2', [['Accept', expected]]);
    const isThere = node === undefined ? present !== undefined : present !== undefined && elementAt(present.text, node, usage) !== undefined;
    const unmet = conditionOf(request, present, isThere);
    if (unmet !== undefined) return unmet;
    const body = decodeUtf8Strictly(request.body);
    if (body === undefined) return conflict({ kind: 'not-utf-8', phrase: 'The content is not UTF-8.' });
    const made = node === undefined ? this.#wholeDocument(body) : this.#withElement(address, usage, node, present, body);
    if (typeof made !== 'string') return made;
    const objection = usage.judge(made, this.#around(address));
    if (objection !== undefined) return conflict(objection);
    if (present === undefined && this.#isFull(selector))
      return conflict({ kind: 'constraint-failure', phrase: `No more than ${MAX_DOCUMENTS} documents are kept for one user.` });
    const tag = this.#newTag();
    this.#documents.set(selector, { text: made, tag });
    return {
      response: createHttpResponse(isThere ? 200 : 201, [['ETag', tag]]),
      notes: [
        { op: 'decided', reason: isThere ? 'What was there is replaced.' : 'It was not there before: it is now.', clause: PUT },
        { op: 'added', header: 'ETag', to: tag, reason: 'Every change gives the whole document another entity-tag.', clause: 'RFC 4825 §8.5' },
      ],
      change: { selector, newTag: tag, ...(present === undefined ? {} : { previousTag: present.tag }) },
    };
  }

  #wholeDocument(body: string): string | XcapOutcome {
    const root = locateXml(body);
    if (isLocated(root)) return body;
    return root.fault === 'too-large' ? refused(413, root.reason, 'RFC 9110 §15.5.14') : conflict({ kind: 'not-well-formed', phrase: root.reason });
  }

  #withElement(address: XcapAddress, usage: ApplicationUsage, node: XcapNode, present: StoredDocument | undefined, fragment: string): string | XcapOutcome {
    const root = present === undefined ? undefined : locateXml(present.text);
    // RFC 4825 §8.2.1: nothing is made on the way to where something is to be put.
    if (present === undefined || root === undefined || !isLocated(root))
      return conflict({ kind: 'no-parent', phrase: 'There is no such document to put it into.' });
    const put = putElement(present.text, root, node, usage.defaultNamespace, fragment);
    switch (put.kind) {
      case 'put':
        return put.text;
      case 'no-parent':
        return conflict({
          kind: 'no-parent',
          phrase: 'The element into which it is to be put is not there.',
          ancestor: this.#ancestor(address, node, put.reached),
        });
      case 'not-xml-frag':
        return conflict({ kind: 'not-xml-frag', phrase: 'The content is not exactly one element.' });
      case 'cannot-insert':
        return conflict({ kind: 'cannot-insert', phrase: 'At that address something else would be found than what is put there.' });
    }
  }

  #delete(request: HttpRequest, address: XcapAddress, usage: ApplicationUsage, selector: string, present: StoredDocument | undefined): XcapOutcome {
    const { node } = address;
    if (node?.terminal !== undefined) return refused(405, 'Attributes are taken away here with their element only.', DELETED, [['Allow', 'GET']]);
    if (present === undefined) return refused(404, 'There is no such document.', DELETED);
    const unmet = conditionOf(request, present, true);
    if (unmet !== undefined) return unmet;
    if (node === undefined) {
      this.#documents.delete(selector);
      return {
        response: createHttpResponse(200),
        notes: [{ op: 'removed', reason: 'The document is no more.', clause: DELETED }],
        change: { selector, previousTag: present.tag },
      };
    }
    const root = locateXml(present.text);
    const removed = isLocated(root) ? removeElement(present.text, root, node, usage.defaultNamespace) : 'not-found';
    if (removed === 'not-found') return refused(404, 'Nothing in the document has that address, or more than one thing.', DELETED);
    if (removed === 'cannot-delete') return conflict({ kind: 'cannot-delete', phrase: 'Another element would then be found at the same address.' });
    const objection = usage.judge(removed.text, this.#around(address));
    if (objection !== undefined) return conflict(objection);
    const tag = this.#newTag();
    this.#documents.set(selector, { text: removed.text, tag });
    return {
      response: createHttpResponse(200, [['ETag', tag]]),
      notes: [{ op: 'removed', reason: 'The element is taken out, and the document has another entity-tag.', clause: DELETED }],
      change: { selector, previousTag: present.tag, newTag: tag },
    };
  }

  /** The closest that exists on the way, as a URI. */
  #ancestor(address: XcapAddress, { steps, namespaces }: XcapNode, reached: number): string {
    const path = documentSelector(address).split('/').map(encodePathSegment).join('/');
    if (reached === 0) return `${this.#root}/${path}`;
    const way = steps
      .slice(0, reached)
      .map(({ prefix, name, position, attribute }) =>
        encodePathSegment(
          `${prefix === undefined ? '' : `${prefix}:`}${name}${position === undefined ? '' : `[${position}]`}${attribute === undefined ? '' : `[@${attribute.name}="${attribute.value}"]`}`,
        ),
      );
    const query = [...namespaces].map(([prefix, namespace]) => `xmlns(${prefix}=${namespace})`).join('');
    return `${this.#root}/${path}/~~/${way.join('/')}${query === '' ? '' : `?${query}`}`;
  }

  #around(address: Omit<XcapAddress, 'node'>): Surroundings {
    const own = documentSelector(address);
    return {
      xui: address.xui ?? '',
      root: this.#root,
      others: () => [...this.#documents].flatMap(([selector, { text }]) => (selector !== own && selector.startsWith(`${address.auid}/`) ? [text] : [])),
      isSomebody: this.#isSomebody,
    };
  }

  #isFull(selector: string): boolean {
    const folder = selector.slice(0, selector.lastIndexOf('/') + 1);
    return [...this.#documents.keys()].filter((each) => each.startsWith(folder)).length >= MAX_DOCUMENTS;
  }

  #newTag(): string {
    return `"${this.#chance.token('xcap-etag', 8)}${(this.#count++).toString(36)}"`;
  }
}

function elementAt(text: string, node: XcapNode, usage: ApplicationUsage): LocatedElement | undefined {
  const root = locateXml(text);
  return isLocated(root) ? selectElement(root, node.steps, namespacesOf(node, usage.defaultNamespace)) : undefined;
}

/** RFC 9110 §13.1: the entity-tags of If-Match and If-None-Match; `*` is any. */
function isMatch(field: string | undefined, tag: string): boolean {
  return field === '*' || (field ?? '').split(',').some((each) => each.trim() === tag);
}

function conditionOf(request: HttpRequest, present: StoredDocument | undefined, isThere: boolean): XcapOutcome | undefined {
  const [match, none] = [fieldOf(request, 'If-Match'), fieldOf(request, 'If-None-Match')];
  if (match !== undefined && (present === undefined || !isMatch(match, present.tag))) return stale(present);
  // `*` is about what the address names, an entity-tag about the document.
  if (none !== undefined && (none === '*' ? isThere : present !== undefined && isMatch(none, present.tag))) return stale(present);
  return undefined;
}

const stale = (present: StoredDocument | undefined): XcapOutcome =>
  refused(
    412,
    present === undefined ? 'There is no such document.' : 'The document is not the one that was meant: somebody has changed it.',
    'RFC 9110 §13.1.1',
    present === undefined ? [] : [['ETag', present.tag]],
  );

const refused = (status: number, reason: string, clause: string, fields: HttpFields = []): XcapOutcome => ({
  response: createHttpResponse(status, fields),
  notes: [{ op: 'rejected', reason, clause }],
});

const conflict = (what: XcapConflict): XcapOutcome => ({
  response: createHttpResponse(409, [['Content-Type', XCAP_ERROR_TYPE]], encodeUtf8(formatXcapError(what))),
  notes: [{ op: 'rejected', reason: what.phrase, clause: 'RFC 4825 §11.2' }],
});

const found = (type: string, text: string, tag: string, reason: string, clause = GOT): XcapOutcome => ({
  response: createHttpResponse(
    200,
    [
      ['Content-Type', type],
      ['ETag', tag],
    ],
    encodeUtf8(text),
  ),
  notes: [{ op: 'decided', reason, clause }],
});
