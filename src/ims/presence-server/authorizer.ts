/** What a presence server asks of whoever knows the presentities' rules. Handed in where there are rules; without one it keeps to its simple list. */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { PresenceDocument } from '#presence/pidf/document.ts';
import type { Authorization, StateQuestion } from '#presence/subscription/event-package.ts';
import type { Notifier, NotifierStep, NotifierSubscription } from '#presence/subscription/notifier.ts';

/** The presentity's state, and whether anybody has published it. */
export interface KnownState {
  readonly document: PresenceDocument;
  readonly isPublished: boolean;
}

export interface Authorizer {
  authorize(presentity: string, watcher: string, state: KnownState, now: SimTime): Authorization;
  /** What is published about a presentity now, each document by itself. True when the rules may say something else for that, whatever was made of the documents. */
  learn(presentity: string, published: readonly PresenceDocument[]): boolean;
  /** What a watcher who may see the state is shown of it. */
  bodyOf(question: StateQuestion, state: KnownState, now: SimTime): Uint8Array;
  /** The state of a presentity changed, or its rules: its watchers are judged anew, and hear what they have to hear. */
  changed(presentity: string, state: KnownState, notifier: Notifier, now: SimTime): NotifierStep[];
  /** What the rules did to a NOTIFY that shows the state. */
  noteOn(subscription: NotifierSubscription, now: SimTime): Note;
  /** When a rule begins or ceases to hold. */
  deadline(): SimTime | undefined;
  /** Whether the rules may say something else from now on. */
  fire(now: SimTime): boolean;
  viewTable(): ViewTable;
}
