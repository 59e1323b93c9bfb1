/** How a presence server tells a document by reference. Handed in where its network has a content server; types only. */
import type { Effect, Input } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable, ViewTimer } from '#base/view.ts';
import type { TypedBody } from '#presence/subscription/event-package.ts';

export interface ContentPublishing {
  /** What a watcher says who takes references. */
  readonly contentType: string;
  /** The reference that a NOTIFY holds in place of the document; what has to be put is kept for `flush`. */
  refer(document: Uint8Array, now: SimTime): TypedBody;
  /** Puts what NOTIFYs refer to: before these are sent. */
  flush(now: SimTime, out: Effect[]): void;
  /** Whether it is the one to step with this input. */
  isAbout(input: Input): boolean;
  step(input: Input, now: SimTime, out: Effect[]): void;
  deadline(): SimTime | undefined;
  fire(now: SimTime, out: Effect[]): void;
  viewTable(): ViewTable;
  viewTimers(): readonly ViewTimer[];
}
