/**
 * A table of what comes and goes: keys of text, in order of arrival, as a `Map` has them.
 * A `Map` in which entries come and go is built anew again and again, and what stood in the old one is kept alive with it until the engine's great
 * collection: every request that was under way at that moment, with its text. Here an entry that goes leaves nothing behind.
 */

class Entry<V> {
  readonly key: string;
  readonly hash: number;
  value: V;
  next: Entry<V> | undefined = undefined;
  before: Entry<V> | undefined;
  behind: Entry<V> | undefined = undefined;

  constructor(key: string, hash: number, value: V, before: Entry<V> | undefined) {
    this.key = key;
    this.hash = hash;
    this.value = value;
    this.before = before;
  }
}

const FEWEST_BUCKETS = 16;

/** FNV-1a over the code units. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

export class KeyTable<V> {
  #buckets: (Entry<V> | undefined)[] = new Array<Entry<V> | undefined>(FEWEST_BUCKETS).fill(undefined);
  #first: Entry<V> | undefined;
  #last: Entry<V> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#find(key, hashOf(key))?.value;
  }

  set(key: string, value: V): void {
    const hash = hashOf(key);
    const found = this.#find(key, hash);
    if (found !== undefined) {
      found.value = value;
      return;
    }
    if (this.#size === this.#buckets.length) this.#grow();
    const entry = new Entry(key, hash, value, this.#last);
    if (this.#last === undefined) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.#put(entry);
    this.#size++;
  }

  delete(key: string): void {
    const hash = hashOf(key);
    const at = hash & (this.#buckets.length - 1);
    let before: Entry<V> | undefined;
    let entry = this.#buckets[at];
    while (entry !== undefined && (entry.hash !== hash || entry.key !== key)) {
      before = entry;
      entry = entry.next;
    }
    if (entry === undefined) return;
    if (before === undefined) this.#buckets[at] = entry.next;
    else before.next = entry.next;
    if (entry.before === undefined) this.#first = entry.behind;
    else entry.before.behind = entry.behind;
    if (entry.behind === undefined) this.#last = entry.before;
    else entry.behind.before = entry.before;
    // An old entry that points to younger ones would keep them alive.
    entry.next = entry.before = entry.behind = undefined;
    this.#size--;
  }

  *entries(): Generator<readonly [string, V]> {
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) yield [entry.key, entry.value];
  }

  #find(key: string, hash: number): Entry<V> | undefined {
    let entry = this.#buckets[hash & (this.#buckets.length - 1)];
    while (entry !== undefined && (entry.hash !== hash || entry.key !== key)) entry = entry.next;
    return entry;
  }

  #put(entry: Entry<V>): void {
    const at = entry.hash & (this.#buckets.length - 1);
    entry.next = this.#buckets[at];
    this.#buckets[at] = entry;
  }

  #grow(): void {
    this.#buckets = new Array<Entry<V> | undefined>(2 * this.#buckets.length).fill(undefined);
    for (let entry = this.#first; entry !== undefined; entry = entry.behind) this.#put(entry);
  }
}
