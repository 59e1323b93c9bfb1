/**
 * Watchers of SIP and contacts of XMPP (RFC 8048 §5.3, §6.2): a subscription waits until the contact has approved the watcher; what the contact's resources say becomes one document
 * per watcher, for each may be told something else (RFC 8048 §8.2). Table TO_XMPP.
 * Omitted: a fetch is answered with what is known already, for the answer to the probe that it causes comes too late (RFC 8048 §7.2).
 */
import type { Chance } from '#base/chance.ts';
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import { type Authorization, PRESENCE_FACTS, type SubscribeFacts } from '#presence/subscription/event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { formatBareJid, type Jid, jidOfUri, jidPair } from '#protocol/xmpp/jid.ts';
import type { Presence, PresenceType } from '#protocol/xmpp/stanza.ts';
import { documentOf } from './mapping.ts';
import { TO_XMPP, type ToXmppEvent, type ToXmppState, toXmppTable } from './tables.ts';

export type ToXmppStep = { readonly kind: 'stanza'; readonly stanza: Presence; readonly notes: readonly Note[] } | NotifierStep | EmitEffect | NoteEffect;

/** A watcher and a contact, as both sides name them. */
interface Pair {
  readonly watcher: string;
  readonly resource: string;
  readonly user: Jid;
  readonly contact: Jid;
  state: ToXmppState;
  /** The last stanza of each of the contact's resources. */
  readonly seen: Map<string, Presence>;
}

/** Pairs kept, and resources of each [choice]. */
const MAX_PAIRS = 10_000;
const MAX_RESOURCES = 20;

const APPROVED: Authorization = { decision: 'active', reason: 'The contact has approved this watcher.', clause: 'RFC 8048 §5.3.1' };
const DENIED: Authorization = { decision: 'rejected', reason: 'The contact does not want to be seen by this watcher.', clause: 'RFC 8048 §5.3.1' };
const WAITING: Authorization = {
  decision: 'pending',
  reason: 'The contact has to approve the watcher first: in XMPP that is asked once and lasts.',
  clause: 'RFC 8048 §5.3.1',
};

export class SipToXmpp {
  readonly #notifier: Notifier;
  readonly #pairs = new Map<string, Pair>();
  /** What comes of the question whether a watcher may see a contact. */
  #asides: ToXmppStep[] = [];
  /** The NOTIFY that is being made is the last one. */
  #isEnding = false;

  constructor({ contact, chance }: { readonly contact: string; readonly chance: Chance }) {
    this.#notifier = new Notifier({
      contact,
      chance,
      packages: [
        { ...PRESENCE_FACTS, authorize: (facts) => this.#authorize(facts), bodyOf: ({ resource, watcher, access }) => this.#bodyOf(resource, watcher, access) },
      ],
    });
  }

  receiveSubscribe(request: SipRequest, watcher: string, now: SimTime): ToXmppStep[] {
    this.#asides = [];
    // RFC 8048 §5.3.3: who ends the subscription is told that the contact is closed, and the contact that the watcher is gone.
    this.#isEnding = tagOf(request.headers.get('To') ?? '') !== undefined && request.headers.get('Expires') === '0';
    const steps: ToXmppStep[] = [...this.#notifier.receive(request, watcher, now)];
    const ended = this.#isEnding ? steps.flatMap((step) => (step.kind === 'notify' ? [step.subscription] : [])) : [];
    this.#isEnding = false;
    for (const { watcher: who, resource } of ended) {
      const pair = this.#pairOf(who, resource);
      if (pair !== undefined)
        this.#tell(pair, 'unavailable', 'The watcher has ended the subscription: to the contact it is not available any more.', 'RFC 8048 §5.3.3', steps);
    }
    steps.push(...this.#asides);
    return steps;
  }

  /** Every stanza of a contact but subscribe, unsubscribe and probe, which are of the other direction. */
  receive(stanza: Presence, now: SimTime): ToXmppStep[] {
    const pair = this.#pairs.get(jidPair(stanza.to, stanza.from));
    if (pair === undefined) return [noted('decided', 'Nobody here watches the one who sends this: it is left aside.', 'RFC 8048 §8.2')];
    const steps: ToXmppStep[] = [];
    switch (stanza.type) {
      case 'subscribed':
      case 'unsubscribed':
        this.#run(pair, stanza.type, now, steps);
        break;
      case 'error':
        steps.push(noted('rejected', `The domain of the contact answers with an error: ${stanza.condition ?? 'without a reason'}.`));
        this.#run(pair, 'unreachable', now, steps);
        break;
      default:
        this.#learn(pair, stanza, now, steps);
    }
    return steps;
  }

  /** A stanza of ours did not reach the contact's domain. */
  undelivered(stanza: Presence, now: SimTime): ToXmppStep[] {
    const steps: ToXmppStep[] = [];
    const pair = this.#pairs.get(jidPair(stanza.from, stanza.to));
    if (pair !== undefined && stanza.type === 'subscribe') this.#run(pair, 'unreachable', now, steps);
    return steps;
  }

  answered(subscription: NotifierSubscription, response: SipResponse, now: SimTime): ToXmppStep[] {
    return this.#notifier.answered(subscription, response, now);
  }

  unanswered(subscription: NotifierSubscription, why: 'timeout' | 'transport-error', now: SimTime): ToXmppStep[] {
    return this.#notifier.unanswered(subscription, why, now);
  }

  deadline(): SimTime | undefined {
    return this.#notifier.deadline();
  }

  fire(now: SimTime): ToXmppStep[] {
    return this.#notifier.fire(now);
  }

  viewTables(now: SimTime): ViewTable[] {
    return [
      {
        title: 'Contacts of XMPP who are watched',
        columns: ['Watcher', 'Contact', 'Authorization', 'Resources'],
        rows: [...this.#pairs.values()].map(({ watcher, contact, state, seen }) => [
          watcher,
          formatBareJid(contact),
          state,
          [...seen.keys()].join(', ') || '–',
        ]),
        empty: 'Nobody watches a contact of XMPP.',
      },
      this.#notifier.viewTable(now),
    ];
  }

  viewTimers(): ViewTimer[] {
    return this.#notifier.viewTimers();
  }

  viewStates(): LiveState[] {
    return [...this.#notifier.viewStates(), ...[...this.#pairs.values()].map((pair) => ({ machine: TO_XMPP.name, key: nameOf(pair), state: pair.state }))];
  }

  #authorize({ resource, watcher, request }: SubscribeFacts): Authorization {
    const user = jidOfUri(watcher);
    const contact = jidOfUri(resource);
    if (user === undefined || contact === undefined)
      return { decision: 'rejected', status: 404, reason: 'Watcher and contact need addresses that XMPP can say.', clause: 'RFC 7247 §6.4' };
    const key = jidPair(user, contact);
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      if (this.#pairs.size >= MAX_PAIRS) return { decision: 'rejected', status: 480, reason: 'The gateway has too many watchers.' };
      pair = { watcher, resource, user, contact, state: TO_XMPP.initial, seen: new Map() };
      this.#pairs.set(key, pair);
    }
    const isFetch = request.headers.get('Expires') === '0';
    if (pair.seen.size === 0 && (isFetch || pair.state === 'authorized'))
      this.#tell(pair, 'probe', 'Nothing is known of the contact yet: a probe asks for the state once.', 'RFC 8048 §7.2', this.#asides);
    if (pair.state === 'authorized') return APPROVED;
    if (!isFetch) this.#run(pair, 'subscribe', undefined, this.#asides);
    return WAITING;
  }

  #bodyOf(resource: string, watcher: string, access: 'full' | 'polite' | 'none'): Uint8Array | undefined {
    const pair = this.#pairOf(watcher, resource);
    if (pair === undefined || access !== 'full') return undefined;
    if (this.#isEnding) return bodyFrom(pair.contact, [gone(pair)]);
    // RFC 8048 §5.3.2: without meaningful information the NOTIFY is empty.
    return pair.seen.size === 0 ? undefined : bodyFrom(pair.contact, [...pair.seen.values()]);
  }

  #learn(pair: Pair, stanza: Presence, now: SimTime, steps: ToXmppStep[]): void {
    if (pair.state !== 'authorized') {
      steps.push(noted('decided', 'The contact has not approved the watcher: what it says is left aside.', 'RFC 8048 §5.3.1'));
      return;
    }
    const { resource } = stanza.from;
    const { seen } = pair;
    if (stanza.type === 'unavailable' && resource === undefined) seen.clear();
    for (const [name, last] of seen) if (last.type === 'unavailable' && name !== resource) seen.delete(name);
    seen.delete(resource ?? '');
    const others = [...seen.values()].some(({ type }) => type === undefined);
    // What is gone is told as closed, until something else is open.
    if (stanza.type === undefined || !others) seen.set(resource ?? '', stanza);
    const oldest = seen.keys().next().value;
    if (seen.size > MAX_RESOURCES && oldest !== undefined) seen.delete(oldest);
    const what = stanza.type === undefined ? 'open' : 'closed';
    steps.push(noted('decided', `The resource ${resource ?? 'of the contact'} is a tuple of the document, and ${what}.`, 'RFC 8048 §6.2'));
    steps.push(...this.#notifier.changed('presence', pair.resource, now, pair.watcher));
  }

  #run(pair: Pair, on: ToXmppEvent, now: SimTime | undefined, steps: ToXmppStep[]): void {
    const step = transition(toXmppTable, pair.state, on, () => true);
    if (step === undefined) {
      steps.push(noted('decided', `The authorization is ${pair.state}: there is nothing to do.`));
      return;
    }
    pair.state = step.to;
    if (step.from !== step.to)
      steps.push({ kind: 'emit', event: { kind: 'state', machine: TO_XMPP.name, key: nameOf(pair), from: step.from, on, to: step.to } });
    for (const action of step.actions) {
      if (action === 'ask') {
        this.#tell(
          pair,
          'subscribe',
          'A subscription of SIP is a request for an authorization of XMPP, from the watcher to the contact.',
          'RFC 8048 §5.3.1',
          steps,
        );
        continue;
      }
      if (now === undefined) continue;
      if (action === 'grant') steps.push(...this.#notifier.decide('presence', pair.resource, pair.watcher, APPROVED, now));
      else {
        pair.seen.clear();
        const end =
          action === 'refuse'
            ? this.#notifier.decide('presence', pair.resource, pair.watcher, DENIED, now)
            : this.#notifier.end(
                'presence',
                pair.resource,
                { reason: 'giveup', because: 'The domain of the contact cannot be reached, so nobody can approve the watcher.', clause: 'RFC 6665 §4.1.3' },
                now,
                pair.watcher,
              );
        steps.push(...end);
      }
    }
  }

  #tell({ user, contact }: Pair, type: PresenceType, reason: string, clause: string, steps: ToXmppStep[]): void {
    steps.push({ kind: 'stanza', stanza: { kind: 'presence', from: user, to: contact, type }, notes: [{ op: 'decided', reason, clause }] });
  }

  #pairOf(watcher: string, resource: string): Pair | undefined {
    const user = jidOfUri(watcher);
    const contact = jidOfUri(resource);
    return user === undefined || contact === undefined ? undefined : this.#pairs.get(jidPair(user, contact));
  }
}

const bodyFrom = (contact: Jid, stanzas: readonly Presence[]): Uint8Array => encodeUtf8(formatPidf(documentOf(contact, stanzas)));
const gone = ({ user, contact, seen }: Pair): Presence => {
  const resource = [...seen.values()].at(-1)?.from.resource;
  return { kind: 'presence', from: resource === undefined ? contact : { ...contact, resource }, to: user, type: 'unavailable' };
};
const nameOf = ({ watcher, contact }: Pair): string => `${formatBareJid(contact)} for ${watcher}`;
const noted = (op: Note['op'], reason: string, clause?: string): NoteEffect => ({
  kind: 'note',
  note: { op, reason, ...(clause === undefined ? {} : { clause }) },
});
