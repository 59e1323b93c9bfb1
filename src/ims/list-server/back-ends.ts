/**
 * The back-end subscriptions of a list server (RFC 4662 §4.5, §7.2): for each subscription to a list one to every member, in the watcher's name, never shared with another
 * watcher. What comes of them is noted in the list that they serve; who could not be reached is asked again.
 */
import type { Chance } from '#base/chance.ts';
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import { type Timer, Timers } from '#base/timers.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { isListBodyError, LIST_TYPES, readListBody } from '#presence/lists/list-body.ts';
import { ListTable } from '#presence/lists/list-table.ts';
import type { ListService } from '#presence/lists/resource-lists.ts';
import type { ResourceState, VirtualList } from '#presence/lists/virtual-list.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { PRESENCE_FACTS } from '#presence/subscription/event-package.ts';
import type { NotifierSubscription } from '#presence/subscription/notifier.ts';
import { Subscriber, type SubscribePurpose, type SubscriberStep, type SubscriberSubscription, type Wish } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { outcomeOf } from './outcomes.ts';

/** One subscription to a list. */
export interface ServedList {
  readonly list: VirtualList;
  /** In whose name members are asked. */
  readonly watcher: string;
  /** Route to the S-CSCF that serves the watcher; undefined where the list came straight from the entry of the network. */
  readonly serving: string | undefined;
  /** Max-Forwards of what it sends: RFC 4662 §7.4 wants loops of lists on several servers to end. */
  readonly hops: number;
  /** Seconds; 0 when the list is only fetched, and so are its members. */
  readonly expires: number;
  /** Set with its first NOTIFY. */
  subscription: NotifierSubscription | undefined;
  isOver: boolean;
}

interface BackEnd {
  readonly served: ServedList;
  readonly uri: string;
  /** Names its present subscription within the list. */
  id: string;
  subscription: SubscriberSubscription | undefined;
  /** Of a member that is a list on another server. */
  table: ListTable | undefined;
  again: Timer<BackEnd> | undefined;
  /** A member that was only fetched has said how things are: the end of it is no news. */
  hasAnswered: boolean;
  /** No longer on the list: what still comes of it is nobody's news. */
  isDropped: boolean;
}

export type BackEndStep =
  | {
      readonly kind: 'subscribe';
      readonly request: SipRequest;
      readonly notes: readonly Note[];
      readonly served: ServedList;
      readonly subscription: SubscriberSubscription;
      readonly purpose: SubscribePurpose;
    }
  | { readonly kind: 'respond'; readonly response: SipResponse; readonly notes: readonly Note[] }
  /** Its watcher has to hear something. */
  | { readonly kind: 'news'; readonly served: ServedList }
  | EmitEffect
  | NoteEffect;

/** 64·T1 between nodes of the core network. */
const TIMER_N = seconds(32);

export class BackEnds {
  readonly #chance: Chance;
  readonly #subscriber: Subscriber;
  readonly #byWish = new Map<Wish, BackEnd>();
  readonly #retries = new Timers<BackEnd>();

  constructor(contact: string, chance: Chance) {
    this.#chance = chance;
    this.#subscriber = new Subscriber({ packages: [PRESENCE_FACTS], contact, chance, timerN: TIMER_N });
  }

  /** Asks every member. */
  start(served: ServedList, now: SimTime): BackEndStep[] {
    return this.#ask(served, served.list.addresses(), now);
  }

  /** The list is written anew: who is new on it is asked, who is gone is not any more. Undefined when nothing is different. */
  reform(served: ServedList, service: ListService, find: (uri: string) => ListService | undefined, now: SimTime): BackEndStep[] | undefined {
    const before = new Set(served.list.addresses());
    if (!served.list.reform(service, find)) return undefined;
    const after = served.list.addresses();
    const isGone = ({ served: of, uri, isDropped }: BackEnd): boolean => of === served && before.has(uri) && !after.has(uri) && !isDropped;
    const isNew = [...after].filter((uri) => !before.has(uri));
    return [...this.#stop(isGone, now), ...this.#ask(served, isNew, now)];
  }

  #ask(served: ServedList, uris: Iterable<string>, now: SimTime): BackEndStep[] {
    const { watcher, expires } = served;
    return [...uris].flatMap((uri) => {
      const wish: Wish = {
        package: 'presence',
        resource: uri,
        from: watcher,
        expires,
        accepts: [PIDF_TYPE, ...LIST_TYPES.toReversed()],
        supports: 'eventlist',
      };
      this.#byWish.set(wish, { served, uri, id: '', subscription: undefined, table: undefined, again: undefined, hasAnswered: false, isDropped: false });
      return this.#taken(this.#subscriber.subscribe(wish, now), now);
    });
  }

  /** The list is not watched any more: nor are its members. */
  end(served: ServedList, now: SimTime): BackEndStep[] {
    served.isOver = true;
    return this.#stop((backEnd) => backEnd.served === served, now);
  }

  #stop(isMeant: (backEnd: BackEnd) => boolean, now: SimTime): BackEndStep[] {
    const steps: BackEndStep[] = [];
    for (const [wish, backEnd] of [...this.#byWish]) {
      if (!isMeant(backEnd)) continue;
      backEnd.isDropped = true;
      this.#retries.cancel(backEnd.again);
      if (backEnd.subscription === undefined) this.#byWish.delete(wish);
      else steps.push(...this.#taken(this.#subscriber.unsubscribe(backEnd.subscription, now), now));
      if (backEnd.subscription === undefined || !this.#lives(backEnd.subscription)) this.#byWish.delete(wish);
    }
    return steps;
  }

  receiveNotify(request: SipRequest, now: SimTime): BackEndStep[] {
    return this.#taken(this.#subscriber.receiveNotify(request, now), now);
  }

  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): BackEndStep[] {
    return this.#taken(this.#subscriber.answered(subscription, response, now), now);
  }

  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): BackEndStep[] {
    return this.#taken(this.#subscriber.unanswered(subscription, why, now), now);
  }

  deadline(): SimTime | undefined {
    return earliest(this.#subscriber.deadline(), this.#retries.next());
  }

  fire(now: SimTime): BackEndStep[] {
    const steps = this.#taken(this.#subscriber.fire(now), now);
    for (let due = this.#retries.due(now); due !== undefined; due = this.#retries.due(now)) {
      due.again = undefined;
      const wish = this.#wishOf(due);
      if (wish === undefined) continue;
      steps.push({ kind: 'note', note: decided(`${due.uri} could not be had a while ago: it is asked again.`, 'RFC 4662 §4.5') });
      steps.push(...this.#taken(this.#subscriber.subscribe(wish, now), now));
    }
    return steps;
  }

  viewTable(now: SimTime): ViewTable {
    return { ...this.#subscriber.viewTable(now), empty: 'Nobody is asked for.' };
  }

  viewTimers(): readonly ViewTimer[] {
    const retries = [...this.#byWish.values()].flatMap(({ again, uri }) =>
      again === undefined ? [] : [{ name: 'Ask again', subject: uri, firesAt: again.firesAt }],
    );
    return [...this.#subscriber.viewTimers(), ...retries];
  }

  viewStates(): readonly LiveState[] {
    return this.#subscriber.viewStates();
  }

  #taken(from: readonly SubscriberStep[], now: SimTime): BackEndStep[] {
    const steps: BackEndStep[] = [];
    for (const step of from) {
      const backEnd = 'subscription' in step ? this.#byWish.get(step.subscription.wish) : undefined;
      switch (step.kind) {
        case 'subscribe':
          if (backEnd === undefined) break;
          if (backEnd.subscription !== step.subscription) {
            // Another subscription is another instance of the resource (RFC 4662 §5.5).
            backEnd.id = this.#chance.token('instance', 8);
            backEnd.table = undefined;
            backEnd.subscription = step.subscription;
          }
          steps.push({ ...step, served: backEnd.served });
          break;
        case 'notified':
          // What a fetch brings comes with its end (RFC 6665 §4.4.3).
          if (backEnd !== undefined && (step.state !== 'terminated' || (backEnd.served.expires === 0 && step.body.length > 0)))
            this.#notified(backEnd, step, now, steps);
          break;
        case 'ended': {
          if (backEnd === undefined) break;
          if (backEnd.isDropped) {
            this.#byWish.delete(step.subscription.wish);
            break;
          }
          if (backEnd.hasAnswered) break;
          const { reason, again } = outcomeOf(step.cause);
          if (again !== undefined && backEnd.served.expires > 0) backEnd.again = this.#retries.set(after(now, again), backEnd);
          this.#learn(backEnd, { id: backEnd.id, state: 'terminated', reason }, steps);
          break;
        }
        default:
          steps.push(step);
      }
    }
    return steps;
  }

  #notified(backEnd: BackEnd, step: Extract<SubscriberStep, { kind: 'notified' }>, now: SimTime, steps: BackEndStep[]): void {
    const { id, uri, served } = backEnd;
    if (step.state === 'pending') {
      this.#learn(backEnd, { id, state: 'pending' }, steps);
      return;
    }
    if (step.body.length === 0 || step.contentTypeField === undefined) {
      // RFC 4662 §5.5: an active instance has a document. Without one there is nothing to say of it yet.
      steps.push({ kind: 'note', note: decided(`${uri} is active, but the NOTIFY holds no state: the list has nothing to say of it yet.`, 'RFC 4662 §5.5') });
      return;
    }
    if (step.contentType === undefined || !LIST_TYPES.includes(step.contentType)) {
      // RFC 4662 §7.3: documents are passed on as they came, unread.
      backEnd.hasAnswered = served.expires === 0;
      this.#learn(backEnd, { id, state: 'active', document: { kind: 'document', contentType: step.contentTypeField, bytes: step.body } }, steps);
      return;
    }
    const read = readListBody(step.contentTypeField, step.body);
    if (isListBodyError(read)) {
      steps.push({ kind: 'note', note: rejected(`The list of ${uri} cannot be read: ${read.reason} Nothing of it is taken.`, read.clause) });
      return;
    }
    backEnd.table ??= new ListTable();
    const outcome = backEnd.table.apply(read);
    if (outcome === 'old') return;
    backEnd.hasAnswered = served.expires === 0;
    this.#learn(backEnd, { id, state: 'active', table: backEnd.table }, steps);
    if (outcome === 'lost') steps.push(...this.#taken(this.#subscriber.refresh(step.subscription, now), now));
  }

  #learn({ served, uri, isDropped }: BackEnd, known: ResourceState, steps: BackEndStep[]): void {
    if (!isDropped && !served.isOver && served.list.learn(uri, known)) steps.push({ kind: 'news', served });
  }

  #lives(subscription: SubscriberSubscription): boolean {
    return this.#subscriber.subscriptions().includes(subscription);
  }

  #wishOf(backEnd: BackEnd): Wish | undefined {
    for (const [wish, one] of this.#byWish) if (one === backEnd) return wish;
    return undefined;
  }
}
