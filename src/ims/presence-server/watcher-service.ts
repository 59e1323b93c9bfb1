/**
 * Watcher information at a presence server (RFC 3857, RFC 3858; TS 24.141 (clause unchecked)): the event package presence.winfo, served to the presentity about its own watchers.
 * Omitted: a delegate of the presentity, watchers asking about themselves (RFC 3857 §4.6 recommends to let them, and leaves it to policy), filters.
 */
import type { Chance } from '#base/chance.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { decided } from '#ims/node/edit.ts';
import { sameIdentity } from '#ims/node/identity.ts';
import type { NotifierPackage, StateQuestion, TypedBody } from '#presence/subscription/event-package.ts';
import type { Notifier, NotifierStep, SubscriptionMove } from '#presence/subscription/notifier.ts';
import { formatWatcherinfo } from '#presence/winfo/document.ts';
import { WINFO_FACTS } from '#presence/winfo/package.ts';
import { type Told, WatcherList } from '#presence/winfo/watcher-list.ts';
import type { WatcherInformation } from './watcher-information.ts';

/** Seconds: three days, until which somebody may have come home and looked (RFC 3857 §4.7 leaves it to the system). */
export const GIVE_UP_AFTER = 259_200;

export class WatcherService implements WatcherInformation {
  readonly pack: NotifierPackage;
  readonly #list: WatcherList;
  #untold: Told = { states: [], resources: new Set() };

  constructor(chance: Chance, options: { readonly giveUpAfter: number; readonly minExpires: number; readonly maxExpires: number }) {
    this.#list = new WatcherList(chance, options.giveUpAfter);
    this.pack = {
      ...WINFO_FACTS,
      minExpires: options.minExpires,
      maxExpires: options.maxExpires,
      minInterval: seconds(5),
      // RFC 3857 §4.6: who watches is nobody's business but the presentity's.
      authorize: ({ resource, watcher }) =>
        sameIdentity(resource, watcher)
          ? { decision: 'active', reason: 'The presentity itself asks who watches it.', clause: 'RFC 3857 §4.6' }
          : { decision: 'rejected', status: 403, reason: 'Who watches is told to the presentity only, and this is somebody else.', clause: 'RFC 3857 §4.6' },
      bodyOf: (question, now) => (question.access === 'full' ? this.#body(question, now) : undefined),
    };
  }

  #body(question: StateQuestion, now: SimTime): TypedBody {
    const document = this.#list.documentFor(question, now);
    const reason = document.state === 'full' ? 'All watchers, because a SUBSCRIBE asked for them.' : 'Only the watchers that are not what they were.';
    return { contentType: question.contentType, bytes: encodeUtf8(formatWatcherinfo(document)), reason, clause: 'RFC 3858 §3' };
  }

  observe(move: SubscriptionMove, now: SimTime): void {
    const { subscription, to } = move;
    if (subscription.package.name === 'presence') this.#note(this.#list.observe(move, now));
    else if (subscription.package.name === this.pack.name && to === 'terminated') this.#list.forget(subscription, subscription);
  }

  settle(notifier: Notifier, now: SimTime): NotifierStep[] {
    const { states, resources } = this.#untold;
    if (states.length === 0) return [];
    this.#untold = { states: [], resources: new Set() };
    const steps: NotifierStep[] = states.map((event) => ({ kind: 'emit', event }));
    for (const resource of resources) steps.push(...notifier.changed(this.pack.name, resource, now));
    return steps;
  }

  reconsider(presentity: string, judge: (watcher: string) => 'approved' | 'rejected' | undefined, now: SimTime): void {
    for (const watcher of this.#list.waiting(presentity)) {
      const event = judge(watcher);
      if (event !== undefined) this.#note(this.#list.decide(presentity, watcher, event, now));
    }
  }

  deadline(): SimTime | undefined {
    return this.#list.deadline();
  }

  fire(notifier: Notifier, now: SimTime): NotifierStep[] {
    const { told, expelled } = this.#list.fire(now);
    this.#note(told);
    const end = { reason: 'giveup', because: 'Nobody has decided about this watcher in time: it is given up.', clause: 'RFC 3857 §4.7' } as const;
    const steps: NotifierStep[] = [];
    for (const { resource, watcher } of expelled) {
      steps.push({ kind: 'note', note: decided(end.because, end.clause) });
      steps.push(...notifier.end('presence', resource, end, now, watcher));
    }
    return steps;
  }

  viewTable(now: SimTime): ViewTable {
    return this.#list.viewTable(now);
  }

  viewTimers(): readonly ViewTimer[] {
    return this.#list.viewTimers();
  }

  viewStates(): readonly LiveState[] {
    return this.#list.viewStates();
  }

  #note({ states, resources }: Told): void {
    this.#untold.states.push(...states);
    for (const resource of resources) this.#untold.resources.add(resource);
  }
}
