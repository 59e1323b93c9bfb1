/**
 * Users of XMPP who watch contacts of SIP (RFC 8048 §5.2, §6.3, §7.1): their lasting authorizations, and for each the subscription that the gateway opens, renews and ends.
 * Table TO_SIP. Omitted: the probe before every refresh that asks whether the user is there at all (RFC 8048 §8.1).
 */
import type { Chance } from '#base/chance.ts';
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { PRESENCE_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { bareJid, formatBareJid, type Jid, jidOfUri, jidPair, sipUriOf } from '#protocol/xmpp/jid.ts';
import type { Presence, PresenceType } from '#protocol/xmpp/stanza.ts';
import { presencesOf } from './mapping.ts';
import { TO_SIP, type ToSipEvent, type ToSipState, toSipTable } from './tables.ts';

export type ToSipStep =
  | { readonly kind: 'stanza'; readonly stanza: Presence; readonly notes: readonly Note[] }
  | Extract<SubscriberStep, { readonly kind: 'subscribe' | 'respond' }>
  | EmitEffect
  | NoteEffect;

interface Watch {
  /** Bare addresses. */
  readonly user: Jid;
  readonly contact: Jid;
  state: ToSipState;
  /** Resources of the contact that the user has been told of as available. */
  announced: Set<string>;
  retry: Timer<Watch> | undefined;
}

/** Seconds: what the gateway asks for and renews (RFC 8048 §5.2.1, example 2). */
const EXPIRES = 3600;
/** 64·T1 between nodes of the core network. */
const TIMER_N = seconds(32);
/** How long to wait before trying again for an authorization that lasts [choice]. */
const RETRY = seconds(60);
/** Authorizations kept at most [choice]. */
const MAX_WATCHES = 10_000;
/** RFC 8048 §5.2.2 names 403, 489 and 603; that nobody has the address is as final [choice]. */
const FINAL: readonly number[] = [403, 404, 489, 603, 604];

export class XmppToSip {
  readonly #subscriber: Subscriber;
  readonly #watches = new Map<string, Watch>();
  readonly #probers = new Map<string, Jid>();
  readonly #timers = new Timers<Watch>();

  constructor({ contact, chance }: { readonly contact: string; readonly chance: Chance }) {
    this.#subscriber = new Subscriber({ packages: [PRESENCE_FACTS], contact, chance, timerN: TIMER_N });
  }

  /** A stanza of the type subscribe, unsubscribe or probe. */
  receive(stanza: Presence, now: SimTime): ToSipStep[] {
    const steps: ToSipStep[] = [];
    const { type } = stanza;
    const user = bareJid(stanza.from);
    const contact = bareJid(stanza.to);
    const resource = sipUriOf(contact);
    const from = sipUriOf(user);
    if (resource === undefined || from === undefined) {
      steps.push(noted('rejected', 'The address is that of a server, not of somebody.', 'RFC 7247 §6.5'));
      return steps;
    }
    if (type === 'probe') {
      steps.push(noted('decided', 'A probe asks for the state once: that is a subscription of zero seconds in a dialog of its own.', 'RFC 8048 §7.1'));
      this.#take(this.#subscriber.subscribe({ package: 'presence', resource, from, expires: 0 }, now), now, steps, stanza.from);
      return steps;
    }
    const key = jidPair(user, contact);
    let watch = this.#watches.get(key);
    if (watch === undefined) {
      if (type !== 'subscribe' || this.#watches.size >= MAX_WATCHES) {
        this.#tell({ user, contact }, 'unsubscribed', 'There is no such authorization here.', 'RFC 8048 §5.2.3', steps);
        return steps;
      }
      watch = { user, contact, state: TO_SIP.initial, announced: new Set(), retry: undefined };
      this.#watches.set(key, watch);
    }
    this.#run(watch, type === 'subscribe' ? 'subscribe' : 'unsubscribe', now, steps);
    return steps;
  }

  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): ToSipStep[] {
    const steps: ToSipStep[] = [];
    const watch = this.#watchOf(subscription);
    // RFC 8048 §5.2.3: the 200 acknowledges the cancellation.
    if (watch?.state === 'cancelling' && response.status >= 200 && response.status < 300) this.#run(watch, 'answered', now, steps);
    this.#take(this.#subscriber.answered(subscription, response, now), now, steps);
    return steps;
  }

  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): ToSipStep[] {
    const steps: ToSipStep[] = [];
    this.#take(this.#subscriber.unanswered(subscription, why, now), now, steps);
    return steps;
  }

  receiveNotify(request: SipRequest, now: SimTime): ToSipStep[] {
    const steps: ToSipStep[] = [];
    this.#take(this.#subscriber.receiveNotify(request, now), now, steps);
    return steps;
  }

  deadline(): SimTime | undefined {
    return earliest(this.#subscriber.deadline(), this.#timers.next());
  }

  fire(now: SimTime): ToSipStep[] {
    const steps: ToSipStep[] = [];
    this.#take(this.#subscriber.fire(now), now, steps);
    for (let watch = this.#timers.due(now); watch !== undefined; watch = this.#timers.due(now)) {
      watch.retry = undefined;
      steps.push(noted('decided', 'The authorization of XMPP lasts, so a subscription is tried again.', 'RFC 8048 §5.2.2'));
      this.#open(watch, now, steps);
    }
    return steps;
  }

  viewTables(now: SimTime): ViewTable[] {
    return [
      {
        title: 'XMPP users who watch',
        columns: ['User', 'Contact', 'Authorization', 'Resources seen'],
        rows: [...this.#watches.values()].map(({ user, contact, state, announced }) => [
          formatBareJid(user),
          formatBareJid(contact),
          state,
          [...announced].join(', ') || '–',
        ]),
        empty: 'No user of XMPP watches anybody.',
      },
      this.#subscriber.viewTable(now),
    ];
  }

  viewTimers(): ViewTimer[] {
    return this.#subscriber.viewTimers();
  }

  viewStates(): LiveState[] {
    return [
      ...this.#subscriber.viewStates(),
      ...[...this.#watches.values()].map((watch) => ({ machine: TO_SIP.name, key: nameOf(watch), state: watch.state })),
    ];
  }

  #open(watch: Watch, now: SimTime, steps: ToSipStep[]): void {
    const wish = { package: 'presence', resource: sipUriOf(watch.contact) ?? '', from: sipUriOf(watch.user) ?? '', expires: EXPIRES };
    this.#take(this.#subscriber.subscribe(wish, now), now, steps);
  }

  #take(given: readonly SubscriberStep[], now: SimTime, steps: ToSipStep[], prober?: Jid): void {
    for (const step of given) {
      switch (step.kind) {
        case 'subscribe':
          if (prober !== undefined) this.#probers.set(step.subscription.localTag, prober);
          steps.push(step);
          break;
        case 'notified':
          this.#notified(step, now, steps);
          break;
        case 'ended':
          this.#ended(step, now, steps);
          break;
        default:
          steps.push(step);
      }
    }
  }

  #notified({ subscription, state, body }: Extract<SubscriberStep, { kind: 'notified' }>, now: SimTime, steps: ToSipStep[]): void {
    const prober = this.#probers.get(subscription.localTag);
    const watch = this.#watchOf(subscription);
    if (prober === undefined && (watch === undefined || state === 'terminated')) return;
    if (state === 'pending') {
      steps.push(noted('decided', 'The owner has not decided yet: XMPP hears nothing of that.', 'RFC 8048 §5.2.1'));
      return;
    }
    if (prober !== undefined) {
      this.#tellPresence(prober, subscription, body, undefined, steps);
      return;
    }
    if (watch !== undefined) this.#run(watch, 'active', now, steps, () => this.#tellPresence(watch.user, subscription, body, watch, steps));
  }

  #ended({ subscription, cause, again }: Extract<SubscriberStep, { kind: 'ended' }>, now: SimTime, steps: ToSipStep[]): void {
    const prober = this.#probers.get(subscription.localTag);
    const isFinal =
      (cause.kind === 'refused' && FINAL.includes(cause.status)) ||
      (cause.kind === 'notified' && (cause.reason === 'rejected' || cause.reason === 'noresource'));
    if (prober !== undefined) {
      this.#probers.delete(subscription.localTag);
      const contact = contactOf(subscription);
      if (isFinal && contact !== undefined)
        this.#tell({ user: bareJid(prober), contact }, 'unsubscribed', 'The contact does not let the user see anything.', 'RFC 8048 §5.2.2', steps);
      return;
    }
    const watch = this.#watchOf(subscription);
    if (watch === undefined) return;
    if (isFinal) this.#run(watch, 'rejected', now, steps);
    else if (watch.state === 'cancelling') this.#run(watch, 'ended', now, steps);
    else if (again.kind === 'allowed' || again.kind === 'no') this.#run(watch, 'lapsed', now, steps);
  }

  #tellPresence(to: Jid, subscription: SubscriberSubscription, body: Uint8Array, watch: Watch | undefined, steps: ToSipStep[]): void {
    const contact = contactOf(subscription);
    if (body.length === 0 || contact === undefined) {
      steps.push(noted('decided', 'The NOTIFY has no body: nothing is known, and nothing is told.', 'RFC 8048 §5.2.1'));
      return;
    }
    const document = parsePidf(decodeUtf8(body));
    if (isPidfError(document)) {
      steps.push(noted('rejected', `The presence document cannot be read: ${document.reason}`, 'RFC 3863 §4'));
      return;
    }
    const stanzas = presencesOf(document, contact, to);
    const seen = new Set(stanzas.flatMap(({ type, from }) => (type === undefined && from.resource !== undefined ? [from.resource] : [])));
    const told = new Set(stanzas.map(({ from }) => from.resource));
    for (const resource of watch?.announced ?? [])
      if (!told.has(resource)) stanzas.push({ kind: 'presence', from: { ...contact, resource }, to, type: 'unavailable' });
    if (watch !== undefined) watch.announced = seen;
    for (const stanza of stanzas) {
      const what = stanza.type === undefined ? 'open is a presence without a type' : 'closed is a presence of the type unavailable';
      steps.push({
        kind: 'stanza',
        stanza,
        notes: [{ op: 'decided', reason: `A tuple of the document is a resource of XMPP: ${what}.`, clause: 'RFC 8048 §6.3' }],
      });
    }
  }

  #tell({ user, contact }: Pick<Watch, 'user' | 'contact'>, type: PresenceType, reason: string, clause: string, steps: ToSipStep[]): void {
    steps.push({ kind: 'stanza', stanza: { kind: 'presence', from: contact, to: user, type }, notes: [{ op: 'decided', reason, clause }] });
  }

  #run(watch: Watch, on: ToSipEvent, now: SimTime, steps: ToSipStep[], tellPresence?: () => void): void {
    const step = transition(toSipTable, watch.state, on, () => true);
    if (step === undefined) {
      steps.push(noted('decided', `The authorization is ${watch.state}: there is nothing to do.`));
      return;
    }
    watch.state = step.to;
    if (step.from !== step.to)
      steps.push({ kind: 'emit', event: { kind: 'state', machine: TO_SIP.name, key: nameOf(watch), from: step.from, on, to: step.to } });
    for (const action of step.actions) {
      switch (action) {
        case 'open':
          steps.push(
            noted('decided', 'An authorization of XMPP is wanted: in SIP that is a subscription, which the gateway will keep alive.', 'RFC 8048 §5.2.1'),
          );
          this.#open(watch, now, steps);
          break;
        case 'close': {
          this.#timers.cancel(watch.retry);
          watch.retry = undefined;
          const live = this.#liveOf(watch);
          if (live === undefined) this.#run(watch, 'ended', now, steps);
          else this.#take(this.#subscriber.unsubscribe(live, now), now, steps);
          break;
        }
        case 'try-later':
          watch.retry ??= this.#timers.set(after(now, RETRY), watch);
          break;
        case 'tell-subscribed':
          this.#tell(watch, 'subscribed', 'The subscription is active: the contact has accepted the user.', 'RFC 8048 §5.2.1', steps);
          break;
        case 'tell-unsubscribed':
          this.#tell(
            watch,
            'unsubscribed',
            on === 'rejected'
              ? 'The answer is final: the authorization is cancelled for good, and the user is told.'
              : 'The end is acknowledged: the user is told.',
            on === 'rejected' ? 'RFC 8048 §5.2.2' : 'RFC 8048 §5.2.3',
            steps,
          );
          watch.announced = new Set();
          break;
        case 'tell-presence':
          tellPresence?.();
          break;
      }
    }
    if (watch.state === 'none') this.#watches.delete(jidPair(watch.user, watch.contact));
  }

  /** The lasting authorization that a subscription serves; undefined for a fetch. */
  #watchOf(subscription: SubscriberSubscription): Watch | undefined {
    const { from, resource, expires } = subscription.wish;
    if (expires === 0) return undefined;
    for (const watch of this.#watches.values()) if (sipUriOf(watch.user) === from && sipUriOf(watch.contact) === resource) return watch;
    return undefined;
  }

  #liveOf(watch: Watch): SubscriberSubscription | undefined {
    return this.#subscriber.subscriptions().findLast((subscription) => this.#watchOf(subscription) === watch);
  }
}

const nameOf = ({ user, contact }: Watch): string => `${formatBareJid(contact)} for ${formatBareJid(user)}`;
const noted = (op: Note['op'], reason: string, clause?: string): NoteEffect => ({
  kind: 'note',
  note: { op, reason, ...(clause === undefined ? {} : { clause }) },
});
const contactOf = ({ wish }: SubscriberSubscription): Jid | undefined => jidOfUri(wish.resource);
