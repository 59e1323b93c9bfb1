/**
 * Interworking of presence protocols (RFC 8048): the gateway says nothing on one side that has no counterpart on the other, and what it says there is what
 * it was told here.
 */
import { decodeUtf8 } from '#base/utf8.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { formatBareJid, jidOfUri, parseJid } from '#protocol/xmpp/jid.ts';
import type { MessageRecord } from '#trace/record.ts';
import { type Evidence, isRequest, type SipFact } from './evidence.ts';
import type { Rule } from './finding.ts';
import { groupedInto, latestOf } from './lookup.ts';
import { rule } from './report.ts';

interface Stanza {
  readonly record: MessageRecord;
  /** Bare addresses. */
  readonly from: string;
  readonly to: string;
  /** Undefined: there. */
  readonly type: string | undefined;
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`^<presence[^>]*? ${name}='([^']*)'`).exec(text)?.[1];
  return value?.replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** Presence as it travels on an open stream, a stanza each. */
function stanzasOf({ messages }: Evidence): readonly Stanza[] {
  return messages.flatMap((record): Stanza[] => {
    if (record.protocol !== 'XMPP' || !record.label.startsWith('presence')) return [];
    const text = decodeUtf8(record.bytes);
    const [from, to] = ['from', 'to'].map((name) => parseJid(attribute(text, name) ?? ''));
    if (from === undefined || to === undefined) return [];
    return [{ record, from: formatBareJid(from), to: formatBareJid(to), type: attribute(text, 'type') }];
  });
}

/** Who says something to whom in a SIP message, as XMPP would name them: the sender of a request and the one it is for. */
function peopleOf({ message }: SipFact): { readonly from: string; readonly to: string } | undefined {
  const addresses = ['From', 'To'].map((name) => jidOfUri(uriOf(message.headers.get(name) ?? '') ?? ''));
  const [from, to] = addresses.map((jid) => (jid === undefined ? undefined : formatBareJid(jid)));
  if (from === undefined || to === undefined) return undefined;
  // A response goes the other way.
  return message.kind === 'request' ? { from, to } : { from: to, to: from };
}

/** Whether the document says that anything of the presentity is open; undefined without a document. */
function opennessOf({ message }: SipFact): boolean | undefined {
  if (message.body.length === 0) return undefined;
  const document = parsePidf(decodeUtf8(message.body));
  return isPidfError(document) ? undefined : document.tuples.some(({ basic }) => basic === 'open');
}

export const COUNTERPART = rule(
  'counterpart',
  'A gateway says nothing to XMPP about two people of whom SIP has said nothing to it, nor to SIP about two of whom XMPP has not; answers within one protocol are no exception.',
  'RFC 8048 §5.2.1',
  (evidence, blame) => {
    const gateways = new Set(evidence.trace.entities.filter(({ kind }) => kind === 'watcher-gateway').map(({ id }) => id));
    if (gateways.size === 0) return;
    const stanzas = stanzasOf(evidence);
    /** Gateway and two people, in either order: when it first heard of them. */
    const heard = new Map<string, number>();
    const hear = ({ to: gateway, from: sender, arrivedAt }: MessageRecord, people: { readonly from: string; readonly to: string } | undefined): void => {
      if (!gateways.has(gateway) || sender === gateway || people === undefined || arrivedAt === undefined) return;
      const key = `${gateway} ${[people.from, people.to].sort().join(' ')}`;
      heard.set(key, Math.min(heard.get(key) ?? Infinity, arrivedAt));
    };
    for (const stanza of stanzas) hear(stanza.record, stanza);
    for (const fact of evidence.sip) hear(fact.record, gateways.has(fact.record.to) ? peopleOf(fact) : undefined);
    const told = (gateway: string, a: string, b: string, at: number): boolean => (heard.get(`${gateway} ${[a, b].sort().join(' ')}`) ?? Infinity) <= at;
    for (const { record, from, to } of stanzas)
      if (gateways.has(record.from) && !told(record.from, from, to, record.sentAt))
        blame({ record }, `speaks of ${from} and ${to}, of whom nobody has told it`);
    for (const fact of evidence.sip) {
      if (!gateways.has(fact.record.from) || !isRequest(fact)) continue;
      const people = peopleOf(fact);
      if (people !== undefined && !told(fact.record.from, people.from, people.to, fact.record.sentAt))
        blame(fact, `speaks of ${people.from} and ${people.to}, of whom nobody has told it`);
    }
  },
);

export const SAME_STATE = rule(
  'same-state',
  'What a gateway makes of a document is what the document says: present to XMPP only who has something open, and open to SIP only who is present in XMPP.',
  'RFC 8048 §6.3',
  (evidence, blame) => {
    const gateways = new Set(evidence.trace.entities.filter(({ kind }) => kind === 'watcher-gateway').map(({ id }) => id));
    if (gateways.size === 0) return;
    const stanzas = stanzasOf(evidence);
    const notifies = evidence.sip.filter((fact) => fact.method === 'NOTIFY' && isRequest(fact));
    const wayOf = (gateway: string, from: string, to: string): string => `${gateway} ${from} ${to}`;
    const documents = notifies.flatMap((fact) => {
      const { to: gateway, arrivedAt } = fact.record;
      const people = gateways.has(gateway) && arrivedAt !== undefined ? peopleOf(fact) : undefined;
      const isOpen = people === undefined ? undefined : opennessOf(fact);
      return people === undefined || isOpen === undefined ? [] : [{ way: wayOf(gateway, people.from, people.to), at: arrivedAt ?? Infinity, isOpen }];
    });
    const latest = groupedInto(
      documents,
      ({ way }) => way,
      (some) => latestOf(some, ({ at }) => at),
    );
    /** Gateway and two people: when the one was first there for the other. */
    const there = new Map<string, number>();
    for (const { record, from, to, type } of stanzas) {
      const way = wayOf(record.to, from, to);
      if (type === undefined) there.set(way, Math.min(there.get(way) ?? Infinity, record.arrivedAt ?? Infinity));
    }
    for (const { record, from, to, type } of stanzas) {
      if (!gateways.has(record.from) || type !== undefined) continue;
      if (latest.get(wayOf(record.from, from, to))?.(record.sentAt)?.isOpen !== true)
        blame({ record }, `says that ${from} is there, which no document of SIP has said`);
    }
    for (const fact of notifies) {
      const people = peopleOf(fact);
      if (!gateways.has(fact.record.from) || people === undefined || opennessOf(fact) !== true) continue;
      if ((there.get(wayOf(fact.record.from, people.from, people.to)) ?? Infinity) > fact.record.sentAt)
        blame(fact, `says that ${people.from} is open, who has never been present in XMPP`);
    }
  },
);

export const INTERWORKING_RULES: readonly Rule[] = [COUNTERPART, SAME_STATE];
