/**
 * An enquiry for the next change only (TS 23.141 §A.1, kind c): a subscription that the UE ends by itself as soon as it has heard of another state than the
 * first one. Omitted: a filter that lets the server send nothing but the change (RFC 4660).
 */
import type { Wish } from '#presence/subscription/subscriber.ts';

export class NextChange {
  /** What was heard first of each, once something was. A retry of a subscription has the same wish. */
  readonly #awaited = new WeakMap<Wish, string | undefined>();

  await(wish: Wish): void {
    this.#awaited.set(wish, undefined);
  }

  /** Whether this state is the change that was waited for; from then on nothing is waited for. */
  heard(wish: Wish, state: string): boolean {
    if (!this.#awaited.has(wish)) return false;
    const first = this.#awaited.get(wish);
    if (first === undefined) this.#awaited.set(wish, state);
    if (first === undefined || first === state) return false;
    this.#awaited.delete(wish);
    return true;
  }
}
