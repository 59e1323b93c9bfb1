/** Timers for a script that was written for a browser: `setTimeout` and its kin on virtual time, fired by whoever runs the machine around the script. */
import { after, milliseconds, type SimTime, START } from '#base/time.ts';

type Callback = (...words: unknown[]) => void;

interface Waiting {
  readonly id: number;
  readonly callback: Callback;
  readonly words: readonly unknown[];
  at: SimTime;
  /** Milliseconds; undefined when it fires once. */
  readonly every: number | undefined;
}

export class ScriptTimers {
  now: SimTime = START;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  setTimeout(callback: Callback, delay = 0, ...words: unknown[]): number {
    return this.#add(callback, delay, undefined, words);
  }

  setInterval(callback: Callback, delay = 0, ...words: unknown[]): number {
    const every = Math.max(1, delay);
    return this.#add(callback, every, every, words);
  }

  clear(id: unknown): void {
    if (typeof id === 'number') this.#waiting.delete(id);
  }

  /** When the next one is due. */
  next(): SimTime | undefined {
    return this.#first()?.at;
  }

  /** Fires all that are due now, in the order in which they fall due, those that they set for now included. */
  fire(): void {
    for (let first = this.#first(); first !== undefined && first.at <= this.now; first = this.#first()) {
      if (first.every === undefined) this.#waiting.delete(first.id);
      else first.at = after(first.at, milliseconds(first.every));
      first.callback(...first.words);
    }
  }

  #first(): Waiting | undefined {
    let first: Waiting | undefined;
    // Ids grow and a Map keeps their order, so the earlier of two at the same moment comes first.
    for (const one of this.#waiting.values()) if (first === undefined || one.at < first.at) first = one;
    return first;
  }

  #add(callback: Callback, delay: number, every: number | undefined, words: readonly unknown[]): number {
    const id = ++this.#last;
    this.#waiting.set(id, { id, callback, words, at: after(this.now, milliseconds(Math.max(0, delay))), every });
    return id;
  }
}
