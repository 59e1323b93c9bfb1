/**
 * What is still to happen, in order. What happens soon stands apart from what is far off: most of a crowd only waits for the refresh of its registration, an
 * hour away, and a packet that arrives in a few milliseconds would otherwise pass all of them on its way to the front and back.
 */
import { Heap } from '#base/heap.ts';
import { milliseconds, type SimTime } from '#base/time.ts';

/** How far "soon" reaches: longer than a packet is under way. */
const SOON = milliseconds(50);

export class Agenda<T extends { readonly at: SimTime }> {
  readonly #near: Heap<T>;
  readonly #far: Heap<T>;
  /** Everything before it is near. */
  #horizon = 0;

  /** `isBefore` orders by `at` first. */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#near = new Heap(isBefore);
    this.#far = new Heap(isBefore);
  }

  push(item: T): void {
    if (item.at < this.#horizon) this.#near.push(item);
    else this.#far.push(item);
  }

  peek(): T | undefined {
    if (this.#near.size === 0) this.#moveHorizon();
    return this.#near.peek();
  }

  pop(): T | undefined {
    if (this.#near.size === 0) this.#moveHorizon();
    return this.#near.pop();
  }

  #moveHorizon(): void {
    let next = this.#far.peek();
    if (next === undefined) return;
    this.#horizon = next.at + SOON;
    for (; next !== undefined && next.at < this.#horizon; next = this.#far.peek()) {
      this.#far.pop();
      this.#near.push(next);
    }
  }
}
