/**
 * The body of a list NOTIFY (RFC 4662 §5; RFC 2387 §3 for the container): RLMI as its root, and a part for the document of every instance that has one. A list
 * within the list is such a body again, as a part. Written from plain values and read into them.
 * Omitted: aggregate state of a whole list (the `cid` of `list`); signed and encrypted parts are passed on like any other.
 */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { HeaderFields } from '#protocol/sip/header-fields.ts';
import { type BodyPart, formatMultipart, parseMultipart } from '#protocol/sip/multipart.ts';
import { mediaTypeOf, parseParameterized } from '#protocol/sip/values.ts';
import { type InstanceState, isRlmiError, parseRlmi, RLMI_TYPE, formatRlmi } from './rlmi.ts';

export const RELATED_TYPE = 'multipart/related';
/** RFC 4662 §4.3: whoever asks for lists takes both. */
export const LIST_TYPES: readonly string[] = [RELATED_TYPE, RLMI_TYPE];
/** How deep lists may stand within one another (our choice). */
export const MAX_LIST_DEPTH = 8;

/** The state of a resource as its notifier gave it, whatever it is. */
export interface StateDocument {
  readonly kind: 'document';
  /** The whole Content-Type. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface NestedState {
  readonly kind: 'list';
  readonly list: ListState;
}

export interface ListedInstance {
  readonly id: string;
  readonly state: InstanceState;
  readonly reason?: string;
  readonly body?: StateDocument | NestedState;
}

export interface ListedResource {
  readonly uri: string;
  readonly name?: string;
  readonly instances: readonly ListedInstance[];
}

/** What one NOTIFY says of a list. */
export interface ListState {
  readonly uri: string;
  readonly version: number;
  readonly fullState: boolean;
  readonly name?: string;
  readonly resources: readonly ListedResource[];
}

export interface ListBodyError {
  readonly kind: 'list-body-error';
  /** A sentence. */
  readonly reason: string;
  readonly clause: string;
}

export const isListBodyError = (value: ListState | ListBodyError): value is ListBodyError => 'kind' in value;

/** Content type and bytes. `contentId` gives a new Content-ID at each call, `word` a word for boundaries. */
export function formatListBody(list: ListState, contentId: () => string, word: () => string): { readonly contentType: string; readonly bytes: Uint8Array } {
  const start = contentId();
  const parts: BodyPart[] = [];
  const resources = list.resources.map(({ uri, name, instances }) => ({
    uri,
    ...(name === undefined ? {} : { name }),
    instances: instances.map(({ body, ...instance }) => {
      if (body === undefined) return instance;
      const cid = contentId();
      const { contentType, bytes } = body.kind === 'list' ? formatListBody(body.list, contentId, word) : body;
      parts.push(partOf(cid, contentType, bytes));
      return { ...instance, cid };
    }),
  }));
  parts.unshift(partOf(start, `${RLMI_TYPE};charset="UTF-8"`, encodeUtf8(formatRlmi({ ...list, resources }))));
  let boundary = word();
  while (parts.some(({ body }) => decodeUtf8(body).includes(boundary))) boundary = word();
  return { contentType: `${RELATED_TYPE};type="${RLMI_TYPE}";start="<${start}>";boundary=${boundary}`, bytes: formatMultipart(parts, boundary) };
}

function partOf(cid: string, contentType: string, body: Uint8Array): BodyPart {
  const headers = new HeaderFields();
  headers.append('Content-Transfer-Encoding', 'binary');
  headers.append('Content-ID', `<${cid}>`);
  headers.append('Content-Type', contentType);
  return { headers, body };
}

/** Reads such a body. Never throws; what breaks the format in one place is refused as a whole. */
export function readListBody(contentType: string, body: Uint8Array, depth = 0): ListState | ListBodyError {
  if (depth === MAX_LIST_DEPTH) return fault(`Lists stand within one another deeper than ${MAX_LIST_DEPTH} levels.`, 'RFC 4662 §7.4');
  if (mediaTypeOf(contentType) !== RELATED_TYPE) return fault('The body of a list is not multipart/related.', 'RFC 4662 §5');
  const parts = parseMultipart(contentType, body);
  if (parts === undefined || parts.length === 0) return fault('The parts of the body cannot be told apart.', 'RFC 4662 §5');
  const byId = new Map<string, BodyPart>();
  for (const part of parts) {
    const id = idOf(part);
    if (id === undefined) continue;
    if (byId.has(id)) return fault(`Two parts of the body have the Content-ID ${id}.`, 'RFC 4662 §5.5');
    byId.set(id, part);
  }
  const start = parseParameterized(contentType)?.params.get('start');
  const root = start === undefined ? parts[0] : byId.get(bare(start));
  if (root === undefined || mediaTypeOf(root.headers.get('Content-Type') ?? '') !== RLMI_TYPE)
    return fault('The root of the body is no resource list meta-information.', 'RFC 4662 §5.1');
  const document = parseRlmi(decodeUtf8(root.body));
  if (isRlmiError(document)) return fault(document.reason, 'RFC 4662 §5.1');
  const referred = new Set<BodyPart>([root]);
  const resources: ListedResource[] = [];
  for (const { instances, ...resource } of document.resources) {
    const listed: ListedInstance[] = [];
    for (const { cid, ...instance } of instances) {
      if (cid === undefined) {
        listed.push(instance);
        continue;
      }
      // RFC 4662 §5.5: only to parts of this very body, and each part is the state of one instance.
      const part = byId.get(cid);
      if (part === undefined) return fault(`The instance ${instance.id} refers to ${cid}, and no part has that Content-ID.`, 'RFC 4662 §5.5');
      if (referred.has(part)) return fault(`Two instances refer to the part ${cid}.`, 'RFC 4662 §5.5');
      referred.add(part);
      const state = readPart(part, depth);
      if (state.kind === 'list-body-error') return state;
      listed.push({ ...instance, body: state });
    }
    resources.push({ ...resource, instances: listed });
  }
  return { ...document, resources };
}

function readPart(part: BodyPart, depth: number): StateDocument | NestedState | ListBodyError {
  const contentType = part.headers.get('Content-Type');
  if (contentType === undefined) return fault('A part of the body has no Content-Type.', 'RFC 4662 §5.5');
  if (mediaTypeOf(contentType) !== RELATED_TYPE) return { kind: 'document', contentType, bytes: part.body };
  const list = readListBody(contentType, part.body, depth + 1);
  return isListBodyError(list) ? list : { kind: 'list', list };
}

function idOf({ headers }: BodyPart): string | undefined {
  const id = headers.get('Content-ID');
  return id === undefined ? undefined : bare(id);
}

const bare = (id: string): string => id.trim().replace(/^<(.*)>$/, '$1');

const fault = (reason: string, clause: string): ListBodyError => ({ kind: 'list-body-error', reason, clause });
