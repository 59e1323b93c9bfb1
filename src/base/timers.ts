/** Timers as data: what a machine waits for, ordered by time, cancelled without searching. */
import { Heap } from './heap.ts';
import type { SimTime } from './time.ts';

export interface Timer<T> {
  readonly firesAt: SimTime;
  readonly sequence: number;
  readonly what: T;
  cancelled: boolean;
}

/** The timers of one machine. Equal moments fire in the order in which they were set. */
export class Timers<T> {
  readonly #heap = new Heap<Timer<T>>((a, b) => a.firesAt < b.firesAt || (a.firesAt === b.firesAt && a.sequence < b.sequence));
  #sequence = 0;
  #live = 0;

  set(firesAt: SimTime, what: T): Timer<T> {
    const timer: Timer<T> = { firesAt, sequence: this.#sequence++, what, cancelled: false };
    this.#heap.push(timer);
    this.#live++;
    return timer;
  }

  cancel(timer: Timer<T> | undefined): void {
    if (timer === undefined || timer.cancelled) return;
    timer.cancelled = true;
    this.#live--;
    // Cancelled ones stay until their time comes, unless they are most of what there is.
    if (this.#heap.size > 32 && this.#live * 4 < this.#heap.size) this.#heap.keep((one) => !one.cancelled);
  }

  /** How many are set and neither fired nor cancelled. */
  get size(): number {
    return this.#live;
  }

  next(): SimTime | undefined {
    this.#dropCancelled();
    return this.#heap.peek()?.firesAt;
  }

  /** Takes the first timer that is due at `now`, or undefined. */
  due(now: SimTime): T | undefined {
    this.#dropCancelled();
    const top = this.#heap.peek();
    if (top === undefined || top.firesAt > now) return undefined;
    this.#heap.pop();
    top.cancelled = true;
    this.#live--;
    return top.what;
  }

  #dropCancelled(): void {
    for (let top = this.#heap.peek(); top?.cancelled === true; top = this.#heap.peek()) this.#heap.pop();
  }
}
