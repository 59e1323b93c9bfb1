/**
 * Who watches what: the watchers of every presentity with their states (RFC 3857 §4.7), as a presence server keeps them, and the documents that tell a presentity of them
 * (RFC 3858): all of them after a SUBSCRIBE, else only those that have changed since the subscriber was told last. Table WATCHER.
 * Omitted: watchers of watcher information itself (presence.winfo.winfo); what a watcher could be told of itself (RFC 3857 §4.6): only the presentity is told anything.
 */
import type { Chance } from '#base/chance.ts';
import type { StateChange } from '#base/machine.ts';
import { transition } from '#base/state-table.ts';
import { after, between, type Duration, inSeconds, seconds, type SimTime } from '#base/time.ts';
import { type Timer, Timers } from '#base/timers.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { StateQuestion } from '../subscription/event-package.ts';
import type { NotifierSubscription, SubscriptionMove } from '../subscription/notifier.ts';
import type { ToldState, ToldWatcher, WatcherDocument } from './document.ts';
import { WATCHER, type WatcherEvent, type WatcherState, watcherTable } from './tables.ts';

/** Of one watcher, at most so many wait for an answer; the oldest is given up then (RFC 3857 §4.7; the number is ours). */
const MAX_UNANSWERED = 10;

interface Watcher {
  readonly id: string;
  readonly resource: string;
  readonly uri: string;
  /** What it watches by; undefined once it waits. */
  subscription: NotifierSubscription | undefined;
  state: WatcherState;
  event: WatcherEvent;
  readonly since: SimTime;
  giveup: Timer<Watcher> | undefined;
}

/** What became of something that was decided or ran out. */
export interface Told {
  readonly states: StateChange[];
  /** Whose watchers are not what they were. */
  readonly resources: Set<string>;
}

export class WatcherList {
  readonly #chance: Chance;
  readonly #giveUpAfter: Duration;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #bySubscription = new Map<NotifierSubscription, Watcher>();
  readonly #timers = new Timers<Watcher>();
  /** By subscriber to watcher information: what it has not been told yet. */
  readonly #untold = new Map<string, Map<object, Set<Watcher>>>();
  #count = 0;

  /** `giveUpAfter`: seconds for which nobody has to decide about a watcher. */
  constructor(chance: Chance, giveUpAfter: number) {
    this.#chance = chance;
    this.#giveUpAfter = seconds(giveUpAfter);
  }

  /** A subscription to presence took a step. */
  observe({ subscription, from, on, to, reason }: SubscriptionMove, now: SimTime): Told {
    const told: Told = { states: [], resources: new Set() };
    const isNew = from === 'resp_wait';
    if (isNew && (to === 'active' || to === 'pending' || on === 'policy-needed')) {
      // RFC 3857 §4.7: the same watcher comes again: the one that waited is given up, and a new one begins.
      for (const old of this.#of(subscription.resource)) if (old.state === 'waiting' && old.uri === subscription.watcher) this.#run(old, 'giveup', told, now);
      const watcher: Watcher = {
        id: `${this.#chance.token('watcher', 6)}${(this.#count++).toString(36)}`,
        resource: subscription.resource,
        uri: subscription.watcher,
        subscription,
        state: WATCHER.initial,
        event: 'subscribe',
        since: now,
        giveup: undefined,
      };
      this.#bySubscription.set(subscription, watcher);
      this.#run(watcher, 'subscribe', told, now, to === 'active');
      // A fetch that nobody has decided about is over at once, and waits (RFC 3857 §4.7).
      if (to === 'terminated') this.#run(watcher, 'timeout', told, now);
      if (to !== 'active') this.#limit(watcher, told, now);
      return told;
    }
    const watcher = this.#bySubscription.get(subscription);
    if (watcher === undefined) return told;
    if (to === 'active') this.#run(watcher, 'approved', told, now);
    else if (to === 'pending') this.#run(watcher, 'subscribe', told, now);
    else if (to === 'terminated') this.#run(watcher, on === 'policy-ends' ? eventOf(reason) : 'timeout', told, now);
    return told;
  }

  /** The presentity has decided about somebody who only waits. */
  decide(resource: string, uri: string, event: 'approved' | 'rejected', now: SimTime): Told {
    const told: Told = { states: [], resources: new Set() };
    for (const watcher of this.#of(resource)) if (watcher.state === 'waiting' && watcher.uri === uri) this.#run(watcher, event, told, now);
    return told;
  }

  /** Who waits for an answer without being subscribed. */
  waiting(resource: string): readonly string[] {
    return this.#of(resource).flatMap(({ state, uri }) => (state === 'waiting' ? [uri] : []));
  }

  /** What the subscriber is told now. */
  documentFor({ resource, subscription, version, isWhole }: StateQuestion, now: SimTime): WatcherDocument {
    let untold = this.#untold.get(resource);
    if (untold === undefined) this.#untold.set(resource, (untold = new Map<object, Set<Watcher>>()));
    const changed = untold.get(subscription);
    untold.set(subscription, new Set());
    const state = isWhole || changed === undefined ? 'full' : 'partial';
    const watchers = state === 'full' || changed === undefined ? this.#of(resource) : [...changed];
    return { version, state, lists: [{ resource, package: 'presence', watchers: watchers.map((each) => toldOf(each, now)) }] };
  }

  /** A subscriber to watcher information is gone. */
  forget({ resource }: NotifierSubscription, subscription: object): void {
    const untold = this.#untold.get(resource);
    untold?.delete(subscription);
    if (untold?.size === 0) this.#untold.delete(resource);
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  /** Those about whom nobody has decided in time. Whoever is still subscribed has to be sent off by the owner; the others are given up here. */
  fire(now: SimTime): { readonly told: Told; readonly expelled: readonly NotifierSubscription[] } {
    const told: Told = { states: [], resources: new Set() };
    const expelled: NotifierSubscription[] = [];
    for (let watcher = this.#timers.due(now); watcher !== undefined; watcher = this.#timers.due(now)) {
      watcher.giveup = undefined;
      if (watcher.state === 'pending' && watcher.subscription !== undefined) expelled.push(watcher.subscription);
      else this.#run(watcher, 'giveup', told, now);
    }
    return { told, expelled };
  }

  viewTable(now: SimTime): ViewTable {
    return {
      title: 'Watchers',
      columns: ['Presentity', 'Watcher', 'State', 'Because of', 'For'],
      rows: this.#all().map(({ resource, uri, state, event, since }) => [resource, uri, state, event, `${Math.floor(inSeconds(between(since, now)))} s`]),
      empty: 'Nobody watches.',
    };
  }

  viewTimers(): readonly ViewTimer[] {
    return this.#all().flatMap(({ giveup, uri }) => (giveup === undefined ? [] : [{ name: 'Give up', subject: uri, firesAt: giveup.firesAt }]));
  }

  viewStates(): readonly LiveState[] {
    return this.#all().map((each) => ({ machine: WATCHER.name, key: keyOf(each), state: each.state }));
  }

  #all(): readonly Watcher[] {
    return [...this.#watchers.values()].flatMap((each) => [...each]);
  }

  #of(resource: string): readonly Watcher[] {
    return [...(this.#watchers.get(resource) ?? [])];
  }

  #limit({ resource, uri }: Watcher, told: Told, now: SimTime): void {
    const unanswered = this.#of(resource).filter((each) => each.state === 'waiting' && each.uri === uri);
    for (const old of unanswered.slice(0, Math.max(0, unanswered.length - MAX_UNANSWERED))) this.#run(old, 'giveup', told, now);
  }

  #run(watcher: Watcher, on: WatcherEvent, told: Told, now: SimTime, isAccepted = false): void {
    const step = transition(watcherTable, watcher.state, on, (guard) => (guard === 'accepted') === isAccepted);
    if (step === undefined) return;
    watcher.state = step.to;
    watcher.event = on;
    told.states.push({ kind: 'state', machine: WATCHER.name, key: keyOf(watcher), from: step.from, on, to: step.to });
    for (const action of step.actions) {
      switch (action) {
        case 'set-giveup':
          watcher.giveup = this.#timers.set(after(now, this.#giveUpAfter), watcher);
          break;
        case 'stop-giveup':
          this.#timers.cancel(watcher.giveup);
          watcher.giveup = undefined;
          break;
        case 'tell':
          told.resources.add(watcher.resource);
          for (const untold of this.#untold.get(watcher.resource)?.values() ?? []) untold.add(watcher);
          break;
      }
    }
    this.#keep(watcher);
  }

  /** Whoever is gone is kept only until it has been told. */
  #keep(watcher: Watcher): void {
    const { resource, state, subscription } = watcher;
    if ((state === 'terminated' || state === 'waiting') && subscription !== undefined) {
      this.#bySubscription.delete(subscription);
      watcher.subscription = undefined;
    }
    const all = this.#watchers.get(resource);
    if (state === 'terminated') {
      all?.delete(watcher);
      if (all?.size === 0) this.#watchers.delete(resource);
    } else if (all === undefined) this.#watchers.set(resource, new Set([watcher]));
    else all.add(watcher);
  }
}

const keyOf = ({ uri, resource, id }: Watcher): string => `${uri} of ${resource} (${id})`;

/** Why a subscription was ended, in the words of watcher information. */
function eventOf(reason: SubscriptionMove['reason']): WatcherEvent {
  return reason === undefined || reason === 'invariant' ? 'noresource' : reason;
}

function toldOf({ id, uri, state, event, since, subscription }: Watcher, now: SimTime): ToldWatcher {
  const expiration = subscription === undefined ? undefined : Math.max(0, Math.floor(inSeconds(between(now, subscription.expiresAt))));
  return {
    id,
    uri,
    status: state as ToldState,
    event,
    ...(expiration === undefined ? {} : { expiration }),
    durationSubscribed: Math.floor(inSeconds(between(since, now))),
  };
}
