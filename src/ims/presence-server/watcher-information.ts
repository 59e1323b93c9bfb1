/** What a presence server asks of whoever keeps the list of watchers (RFC 3857). Handed in where a presentity may see who watches; types only. */
import type { SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { NotifierPackage } from '#presence/subscription/event-package.ts';
import type { Notifier, NotifierStep, SubscriptionMove } from '#presence/subscription/notifier.ts';

export interface WatcherInformation {
  /** The package presence.winfo. */
  readonly pack: NotifierPackage;
  /** A subscription took a step. */
  observe(move: SubscriptionMove, now: SimTime): void;
  /** What the presentities have to hear of what was observed since the last time. */
  settle(notifier: Notifier, now: SimTime): NotifierStep[];
  /** The rules of a presentity may say something else now of those who only wait: `judge` says what. */
  reconsider(presentity: string, judge: (watcher: string) => 'approved' | 'rejected' | undefined, now: SimTime): void;
  deadline(): SimTime | undefined;
  /** Gives up those about whom nobody has decided in time. */
  fire(notifier: Notifier, now: SimTime): NotifierStep[];
  viewTable(now: SimTime): ViewTable;
  viewTimers(): readonly ViewTimer[];
  viewStates(): readonly LiveState[];
}
