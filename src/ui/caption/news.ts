/**
 * What a NOTIFY says, in the few words of a caption, from its own bytes. The XML is looked through and not parsed, because the parser is no part of the first
 * picture; `news.test.ts` holds it against what the watchers of the catalog read.
 */
import { decodeUtf8 } from '#base/utf8.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';

/** What follows `PS tells`: `that sip:user2_public1@home2.net is open, "At my desk"`; undefined for anything but a NOTIFY, and where it says nothing that is known here. */
export function newsOf(message: MessageRecord): string | undefined {
  const { sip } = factsOf(message);
  if (sip?.method !== 'NOTIFY' || sip.status !== undefined) return undefined;
  const parsed = parseSipMessage(message.bytes);
  if (parsed.kind === 'sip-error') return undefined;
  const type = (parsed.headers.first('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const said = parsed.body.length === 0 ? undefined : inBody(type, decodeUtf8(parsed.body));
  const parts = [said, aboutSubscription(sip.state, sip.stateReason)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', and ');
}

function aboutSubscription(state: string | undefined, reason: string | undefined): string | undefined {
  if (state === 'pending') return 'that the subscription waits for an answer';
  return state === 'terminated' ? `that the subscription is over${reason === undefined ? '' : ` (${reason})`}` : undefined;
}

function inBody(type: string, text: string): string | undefined {
  if (type === 'application/pidf+xml') return presence(text);
  if (type === 'application/pidf-diff+xml') return /<(?:[\w-]+:)?pidf-full[\s>]/.test(text) ? presence(text) : `what has changed of ${entityIn(text)}`;
  if (type === 'multipart/related') return list(text);
  if (type === 'message/external-body') return 'where the news can be fetched';
  if (type === 'application/watcherinfo+xml') return watchers(text);
  if (type === 'application/reginfo+xml') {
    const [registration = ''] = startTags(text, 'registration');
    return `that ${attribute(registration, 'aor') ?? 'the user'} is ${attribute(registration, 'state') === 'active' ? 'registered' : 'not registered'}`;
  }
  return undefined;
}

const startTags = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?/?>`, 'g'))].map(([tag]) => tag);
const elements = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`<((?:[\\w-]+:)?${name})(?:\\s[^>]*)?(?<!/)>([^]*?)</\\1\\s*>`, 'g'))].map(([, , inner = '']) => inner);
const without = (text: string, name: string): string => text.replace(new RegExp(`<((?:[\\w-]+:)?${name})(?:\\s[^>]*)?(?<!/)>[^]*?</\\1\\s*>`, 'g'), '');

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found === null ? undefined : plain(found[1] ?? found[2] ?? '');
};

const entityIn = (text: string): string =>
  attribute(startTags(text, 'presence')[0] ?? startTags(text, 'pidf-full')[0] ?? startTags(text, 'pidf-diff')[0] ?? '', 'entity') ?? 'the presentity';

function presence(text: string): string {
  const summary = summaryIn(text);
  const who = entityIn(text);
  return /^(?:open|closed)/.test(summary) ? `that ${who} is ${summary}` : `of ${who} – ${summary}`;
}

const LONGEST_NOTE = 60;
const quoted = (note: string): string => {
  const words = plain(note).trim();
  return `"${words.length > LONGEST_NOTE ? `${words.slice(0, LONGEST_NOTE)}…` : words}"`;
};
const notesIn = (text: string): readonly string[] => elements(text, 'note').map(quoted);
/** Names of the elements in `<activities>` and its like; `sphere` may also be a word. */
const namesIn = (text: string, name: string): readonly string[] =>
  elements(without(text, 'note'), name).flatMap((inner) =>
    [...inner.matchAll(/<(?:[\w-]+:)?([\w-]+)[^>]*>/g)].flatMap(([tag, local = '']) => (tag.startsWith('</') ? [] : [local])),
  );

/** In the order of `summaryOf` in `presence/pidf/states.ts`. */
function summaryIn(text: string): string {
  const persons = elements(text, 'person');
  const tuples = elements(text, 'tuple');
  const basics = tuples.flatMap((tuple) => elements(tuple, 'basic').map((basic) => basic.trim()));
  const parts = [
    ...(basics.includes('open') ? ['open'] : basics.includes('closed') ? ['closed'] : []),
    ...tuples.flatMap((tuple) => (/basic>\s*closed/.test(tuple) ? [] : elements(tuple, 'show').map(plain))),
    ...persons.flatMap((person) => [
      ...['activities', 'mood', 'place-type'].flatMap((name) => namesIn(person, name)),
      ...elements(person, 'sphere').map((inner) => `sphere ${plain(inner.replace(/<(?:[\w-]+:)?([\w-]+)[^>]*>/g, '$1')).trim()}`),
      ...notesIn(person),
    ]),
    ...tuples.flatMap(notesIn),
    ...notesIn(['person', 'tuple', 'device'].reduce(without, text)),
  ];
  return parts.length === 0 ? 'nothing' : [...new Set(parts)].join(', ');
}

const MOST_OF_A_LIST = 2;

/** A list and, of those on it whose state comes along, the first few. */
function list(text: string): string {
  const [head = ''] = startTags(text, 'list');
  const whole = attribute(head, 'fullState') === 'true';
  const states = elements(text, 'presence').map((inner, i) => `${attribute(startTags(text, 'presence')[i] ?? '', 'entity') ?? ''} is ${summaryIn(inner)}`);
  const shown = states.slice(0, MOST_OF_A_LIST).join('; ');
  const count = startTags(text, 'resource').length;
  const more = states.length > MOST_OF_A_LIST ? ` and ${states.length - MOST_OF_A_LIST} more` : '';
  return `${whole ? 'the whole list' : 'what has changed on the list'} ${attribute(head, 'uri') ?? ''} (${count === 1 ? 'one person' : `${count} people`})${shown === '' ? '' : ` – ${shown}${more}`}`;
}

function watchers(text: string): string {
  const [head = ''] = startTags(text, 'watcherinfo');
  const all = [...text.matchAll(/<(?:[\w-]+:)?watcher(\s[^>]*)>([^<]*)</g)].map(
    ([, tag = '', uri = '']) => `${plain(uri).trim()} (${attribute(tag, 'status') ?? 'unknown'})`,
  );
  if (attribute(head, 'state') === 'partial') return `what has changed among the watchers – ${all.join(', ')}`;
  return all.length === 0 ? 'that nobody watches' : `who watches – ${all.join(', ')}`;
}
