/**
 * Presence as SIP and as XMPP say it (RFC 8048 §6.2, table 1, and §6.3, table 2): PIDF documents on one side, presence stanzas on the other, one tuple for one resource.
 * Omitted: Content-Language and `xml:lang`; RPID other than activities, which become a `show` [choice]; the GRUU of a contact.
 */
import type { PresenceDocument, Tuple } from '#presence/pidf/document.ts';
import { formatBareJid, type Jid } from '#protocol/xmpp/jid.ts';
import { isShow, type Presence, type Show } from '#protocol/xmpp/stanza.ts';

/** RFC 8048 §6.2: an id begins with a letter, a resource need not. */
const PREFIX = 'ID-';
const HIGHEST = 127;

/** RPID says more than XMPP can: what comes nearest [choice]. */
const SHOW_OF: Readonly<Record<string, Show>> = {
  away: 'away',
  meal: 'away',
  breakfast: 'away',
  dinner: 'away',
  'in-transit': 'away',
  busy: 'dnd',
  meeting: 'dnd',
  appointment: 'dnd',
  presentation: 'dnd',
  performance: 'dnd',
  'on-the-phone': 'dnd',
  vacation: 'xa',
  holiday: 'xa',
  sleeping: 'xa',
  'permanent-absence': 'xa',
};

/** The stanzas that a document amounts to: one for every tuple, from the contact to the user. */
export function presencesOf(document: PresenceDocument, from: Jid, to: Jid): Presence[] {
  const said = document.persons.flatMap(({ notes }) => notes)[0] ?? document.notes[0];
  const activity = document.persons.flatMap(({ activities }) => activities).find((one) => SHOW_OF[one] !== undefined);
  return document.tuples.map((tuple): Presence => {
    const status = tuple.notes[0] ?? said;
    const common = { kind: 'presence', from: { ...from, ...resourceOf(tuple) }, to, ...(status === undefined ? {} : { status }) } as const;
    // RFC 8048 §6.3: closed is unavailable; RFC 6121 §4.5.1: of which neither show nor priority is said.
    if (tuple.basic === 'closed') return { ...common, type: 'unavailable' };
    const show = tuple.show ?? (activity === undefined ? undefined : SHOW_OF[activity]);
    const priority = tuple.contact?.priority;
    return {
      ...common,
      ...(show !== undefined && isShow(show) ? { show } : {}),
      ...(priority === undefined ? {} : { priority: Math.max(0, Math.ceil(priority * HIGHEST - 0.01)) }),
    };
  });
}

/** RFC 8048 §5.2.1, example 6: the id of the tuple is the resource. */
const resourceOf = ({ id }: Tuple): { readonly resource: string } => ({
  resource: id.startsWith(PREFIX) && id.length > PREFIX.length ? id.slice(PREFIX.length) : id,
});

/** The document that says what these stanzas say, at most one of each resource. All come from the same contact. */
export function documentOf(contact: Jid, stanzas: readonly Presence[]): PresenceDocument {
  const account = formatBareJid(contact);
  const ids = new Set<string>();
  const tuples = stanzas.map(({ from, type, show, status, priority }): Tuple => {
    let id = idOf(from.resource ?? '');
    while (ids.has(id)) id = `${id}_`;
    ids.add(id);
    return {
      id,
      basic: type === 'unavailable' ? 'closed' : 'open',
      ...(show === undefined ? {} : { show }),
      // RFC 8048 §6.2: a negative priority is not mapped; the highest is 1, and all values stay apart.
      ...(priority === undefined || priority < 0 ? {} : { contact: { uri: `im:${account}`, priority: Math.floor((priority * 1000) / HIGHEST) / 1000 } }),
      notes: status === undefined || status === '' ? [] : [status],
    };
  });
  return { entity: `pres:${account}`, tuples, persons: [], devices: [], notes: [] };
}

/** A resource as an xs:ID. */
const idOf = (resource: string): string => `${PREFIX}${resource.replace(/[^A-Za-z0-9._-]/g, '_')}`;
