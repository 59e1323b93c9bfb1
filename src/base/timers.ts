/**
 * Timers as data: what a machine waits for, ordered by time, cancelled without searching.
 * Most waits of a protocol are of a few fixed lengths, so timers that are set one after the other mostly fire in that order too. They are kept in a few
 * runs, each in order of time: setting appends, cancelling unlinks, and a cancelled timer keeps nothing alive. What fits into no run goes into a heap.
 */
import { Heap } from './heap.ts';
import type { SimTime } from './time.ts';

interface Run<T> {
  head: Timer<T> | undefined;
  tail: Timer<T> | undefined;
}

/** One wait. Its place among others (`run`, `before`, `behind`) is the business of `Timers` alone. */
export class Timer<T> {
  readonly firesAt: SimTime;
  readonly sequence: number;
  readonly what: T;
  cancelled = false;
  /** Undefined in the heap, and when it is over. */
  run: Run<T> | undefined;
  before: Timer<T> | undefined = undefined;
  behind: Timer<T> | undefined = undefined;

  constructor(firesAt: SimTime, sequence: number, what: T, run: Run<T> | undefined) {
    this.firesAt = firesAt;
    this.sequence = sequence;
    this.what = what;
    this.run = run;
  }
}

/** As many fixed lengths as a SIP element has timers; asking for the next one looks at the head of each run. */
const MAX_RUNS = 6;

const isBefore = <T>(a: Timer<T>, b: Timer<T>): boolean => a.firesAt < b.firesAt || (a.firesAt === b.firesAt && a.sequence < b.sequence);

/** The timers of one machine. Equal moments fire in the order in which they were set. */
export class Timers<T> {
  readonly #runs: Run<T>[] = [];
  readonly #heap = new Heap<Timer<T>>(isBefore);
  #first: Timer<T> | undefined;
  #sequence = 0;
  #last: SimTime | undefined;
  #live = 0;
  #inHeap = 0;

  set(firesAt: SimTime, what: T): Timer<T> {
    const run = this.#runFor(firesAt);
    const timer = new Timer(firesAt, this.#sequence++, what, run);
    if (run === undefined) {
      this.#heap.push(timer);
      this.#inHeap++;
    } else {
      timer.before = run.tail;
      if (run.tail === undefined) run.head = timer;
      else run.tail.behind = timer;
      run.tail = timer;
    }
    if (this.#last === undefined || firesAt > this.#last) this.#last = firesAt;
    if (this.#live++ === 0 || (this.#first !== undefined && firesAt < this.#first.firesAt)) this.#first = timer;
    return timer;
  }

  cancel(timer: Timer<T> | undefined): void {
    if (timer === undefined || timer.cancelled) return;
    this.#end(timer);
  }

  /** How many are set and neither fired nor cancelled. */
  get size(): number {
    return this.#live;
  }

  next(): SimTime | undefined {
    return this.#earliest()?.firesAt;
  }

  /** When the last of them will have fired, or a little later: cancelled ones count until none is set. */
  last(): SimTime | undefined {
    return this.#live === 0 ? undefined : this.#last;
  }

  /** Takes the first timer that is due at `now`, or undefined. */
  due(now: SimTime): T | undefined {
    const first = this.#earliest();
    if (first === undefined || first.firesAt > now) return undefined;
    this.#end(first);
    return first.what;
  }

  /** The run whose last timer fires latest among those that do not fire after `firesAt`; an empty or a new one when there is none. */
  #runFor(firesAt: SimTime): Run<T> | undefined {
    let best: Run<T> | undefined;
    let empty: Run<T> | undefined;
    for (const run of this.#runs) {
      const { tail } = run;
      if (tail === undefined) empty = run;
      else if (tail.firesAt <= firesAt && (best?.tail === undefined || tail.firesAt > best.tail.firesAt)) best = run;
    }
    if (best !== undefined || empty !== undefined || this.#runs.length === MAX_RUNS) return best ?? empty;
    const run: Run<T> = { head: undefined, tail: undefined };
    this.#runs.push(run);
    return run;
  }

  #end(timer: Timer<T>): void {
    timer.cancelled = true;
    if (--this.#live === 0) this.#last = undefined;
    if (this.#first === timer) this.#first = undefined;
    const { run, before, behind } = timer;
    if (run === undefined) {
      // Stays in the heap until its time comes, unless the ended ones are most of what is there.
      this.#inHeap--;
      if (this.#heap.size > 32 && this.#inHeap * 4 < this.#heap.size) this.#heap.keep((one) => !one.cancelled);
      return;
    }
    if (before === undefined) run.head = behind;
    else before.behind = behind;
    if (behind === undefined) run.tail = before;
    else behind.before = before;
    timer.run = timer.before = timer.behind = undefined;
  }

  #earliest(): Timer<T> | undefined {
    if (this.#first !== undefined || this.#live === 0) return this.#first;
    for (let top = this.#heap.peek(); top?.cancelled === true; top = this.#heap.peek()) this.#heap.pop();
    let first = this.#heap.peek();
    for (const { head } of this.#runs) if (head !== undefined && (first === undefined || isBefore(head, first))) first = head;
    this.#first = first;
    return first;
  }
}
