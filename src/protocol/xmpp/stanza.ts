/**
 * Stanzas as plain values: presence in full (RFC 6121 §4.5.1, §3.1.3; RFC 8048 §6.2), of message and iq only what is needed to answer them with an error.
 * Omitted: bodies and payloads of message and iq, extensions of presence (skipped when read), several `status` elements in different languages (the first counts).
 */
import { childNamed, type XmlElement } from '../xml/read.ts';
import { escapeXml } from '../xml/write.ts';
import { formatJid, type Jid, parseJid } from './jid.ts';
import type { XmppError } from './stream.ts';

/** Undefined stands for the presence of somebody who is available. */
export type PresenceType = 'unavailable' | 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed' | 'probe' | 'error';
export type Show = 'away' | 'chat' | 'dnd' | 'xa';

/** Names of stanza errors (RFC 6120 §8.3.3) that are sent here; any name is read. */
export type StanzaCondition = 'bad-request' | 'remote-server-not-found' | 'remote-server-timeout' | 'service-unavailable';

interface Common {
  readonly from: Jid;
  readonly to: Jid;
  readonly id?: string;
}

export interface Presence extends Common {
  readonly kind: 'presence';
  readonly type?: PresenceType;
  readonly show?: Show;
  readonly status?: string;
  /** -128 to 127. */
  readonly priority?: number;
  /** Of an error: its condition. */
  readonly condition?: string;
}

export interface OtherStanza extends Common {
  readonly kind: 'message' | 'iq';
  readonly type?: string;
  readonly condition?: string;
}

export type Stanza = Presence | OtherStanza;

/** The stanza can be answered, but says something that has no meaning. */
export interface StanzaFault extends Common {
  readonly kind: 'stanza-fault';
  readonly name: 'presence';
  readonly reason: string;
}

const TYPES: readonly string[] = ['unavailable', 'subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe', 'error'] satisfies readonly PresenceType[];
const SHOWS: readonly string[] = ['away', 'chat', 'dnd', 'xa'] satisfies readonly Show[];
const STANZAS_NAMESPACE = 'urn:ietf:params:xml:ns:xmpp-stanzas';
export const isShow = (text: string): text is Show => SHOWS.includes(text);

/** Reads a top-level element in the stream's content namespace. An XmppError where the stream itself has to be closed. Never throws. */
export function readStanza(element: XmlElement, content: string): Stanza | StanzaFault | XmppError {
  const { name, namespace, attributes } = element;
  if (namespace !== content || (name !== 'presence' && name !== 'message' && name !== 'iq'))
    return { kind: 'xmpp-error', condition: 'unsupported-stanza-type', reason: `The element ${name} is no stanza.` };
  const from = parseJid(attributes.get('from') ?? '');
  const to = parseJid(attributes.get('to') ?? '');
  if (from === undefined || to === undefined)
    return {
      kind: 'xmpp-error',
      condition: 'improper-addressing',
      reason: `Between servers a stanza says from whom it comes and to whom it goes; ${from === undefined ? 'from' : 'to'} is missing or no address.`,
    };
  const id = attributes.get('id');
  const type = attributes.get('type');
  const common = { from, to, ...(id === undefined ? {} : { id }) };
  const condition = type === 'error' ? { condition: conditionOf(element, content) } : {};
  if (name !== 'presence') return { kind: name, ...common, ...(type === undefined ? {} : { type }), ...condition };
  if (type !== undefined && !TYPES.includes(type))
    return { kind: 'stanza-fault', name, ...common, reason: `A presence of the type "${type.slice(0, 40)}" is not known.` };
  return { kind: 'presence', ...common, ...(type === undefined ? {} : { type: type as PresenceType }), ...readPresence(element, content, type), ...condition };
}

/** What is said besides the type. Values that have no meaning count as not there. */
function readPresence(element: XmlElement, content: string, type: string | undefined): Pick<Presence, 'show' | 'status' | 'priority'> {
  const status = childNamed(element, content, 'status')?.text;
  const stated = status === undefined ? {} : { status };
  // RFC 6121 §4.5.1: show and priority are said of available resources only.
  if (type !== undefined) return stated;
  const show = childNamed(element, content, 'show')?.text.trim() ?? '';
  const text = childNamed(element, content, 'priority')?.text.trim() ?? '';
  const priority = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : NaN;
  return { ...stated, ...(isShow(show) ? { show } : {}), ...(priority >= -128 && priority <= 127 ? { priority } : {}) };
}

const conditionOf = (element: XmlElement, content: string): string =>
  childNamed(element, content, 'error')?.children.find((child) => child.namespace === STANZAS_NAMESPACE && child.name !== 'text')?.name ??
  'undefined-condition';

/** Text as the value of an attribute in single quotes. */
export const quoted = (text: string): string =>
  `'${escapeXml(text)
    .replaceAll("'", '&apos;')
    .replace(/[\t\n]/g, (c) => `&#${c.charCodeAt(0)};`)}'`;

/** Attributes in order; undefined ones are left out. */
export const attributesText = (attributes: readonly (readonly [string, string | undefined])[]): string =>
  attributes.map(([name, value]) => (value === undefined ? '' : ` ${name}=${quoted(value)}`)).join('');

const leaf = (name: string, text: string | number | undefined): string => (text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`);

/** The stanza as it travels on a stream whose default namespace is that of the stanzas. Errors are written by `formatErrorAnswer`. */
export function formatPresence({ from, to, type, id, show, status, priority }: Presence): string {
  const start = `<presence${attributesText([
    ['from', formatJid(from)],
    ['id', id],
    ['to', formatJid(to)],
    ['type', type],
  ])}`;
  const inner = `${leaf('show', show)}${leaf('status', status)}${leaf('priority', priority)}`;
  return inner === '' ? `${start}/>` : `${start}>${inner}</presence>`;
}

/** The answer that tells why a stanza was not dealt with. Undefined for what must not be answered so: errors, and iq results. */
export function formatErrorAnswer(stanza: Stanza | StanzaFault, condition: StanzaCondition): string | undefined {
  if (stanza.kind !== 'stanza-fault' && (stanza.type === 'error' || (stanza.kind === 'iq' && stanza.type === 'result'))) return undefined;
  const name = stanza.kind === 'stanza-fault' ? stanza.name : stanza.kind;
  const { from, to, id } = stanza;
  const attributes = attributesText([
    ['from', formatJid(to)],
    ['id', id],
    ['to', formatJid(from)],
    ['type', 'error'],
  ]);
  const kind = condition === 'bad-request' ? 'modify' : condition === 'remote-server-timeout' ? 'wait' : 'cancel';
  return `<${name}${attributes}><error type='${kind}'><${condition} xmlns='${STANZAS_NAMESPACE}'/></error></${name}>`;
}

/** Short name for people: `presence subscribe`, `presence`, `iq error`. */
export const labelOfStanza = ({ kind, type }: { readonly kind: string; readonly type?: string }): string => (type === undefined ? kind : `${kind} ${type}`);
