/**
 * A table of what comes and goes: keys of text, in order of arrival, as a `Map` has them.
 * A `Map` in which entries come and go is built anew again and again, and what stood in the old one is kept alive with it until the engine's great
 * collection: every request that was under way at that moment, with its text. Here an entry that goes leaves nothing behind.
 */

/** Where something stands in a table: found once, it is read, replaced and taken out without another search. */
export class Place<V> {
  readonly key: string;
  value: V;
  /** What follows is the table's own business. */
  readonly hash: number;
  next: Place<V> | undefined = undefined;
  before: Place<V> | undefined;
  behind: Place<V> | undefined = undefined;

  constructor(key: string, hash: number, value: V, before: Place<V> | undefined) {
    this.key = key;
    this.value = value;
    this.hash = hash;
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
  #buckets: (Place<V> | undefined)[] = new Array<Place<V> | undefined>(FEWEST_BUCKETS).fill(undefined);
  #first: Place<V> | undefined;
  #last: Place<V> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** With equal keys, what came last. */
  find(key: string): Place<V> | undefined {
    const hash = hashOf(key);
    let place = this.#buckets[hash & (this.#buckets.length - 1)];
    while (place !== undefined && (place.hash !== hash || place.key !== key)) place = place.next;
    return place;
  }

  /** Behind all others; nobody looks whether the key is there already. */
  add(key: string, value: V): Place<V> {
    if (this.#size === this.#buckets.length) this.#grow();
    const place = new Place(key, hashOf(key), value, this.#last);
    if (this.#last === undefined) this.#first = place;
    else this.#last.behind = place;
    this.#last = place;
    this.#put(place);
    this.#size++;
    return place;
  }

  /** Throws when it is not there, or not any more. */
  remove(place: Place<V>): void {
    const at = place.hash & (this.#buckets.length - 1);
    let before: Place<V> | undefined;
    let found = this.#buckets[at];
    while (found !== undefined && found !== place) {
      before = found;
      found = found.next;
    }
    if (found === undefined) throw new Error(`${place.key} is not in the table`);
    if (before === undefined) this.#buckets[at] = place.next;
    else before.next = place.next;
    if (place.before === undefined) this.#first = place.behind;
    else place.before.behind = place.behind;
    if (place.behind === undefined) this.#last = place.before;
    else place.behind.before = place.before;
    // An old place that points to younger ones would keep them alive.
    place.next = place.before = place.behind = undefined;
    this.#size--;
  }

  *places(): Generator<Place<V>> {
    for (let place = this.#first; place !== undefined; place = place.behind) yield place;
  }

  #put(place: Place<V>): void {
    const at = place.hash & (this.#buckets.length - 1);
    place.next = this.#buckets[at];
    this.#buckets[at] = place;
  }

  #grow(): void {
    this.#buckets = new Array<Place<V> | undefined>(2 * this.#buckets.length).fill(undefined);
    for (let place = this.#first; place !== undefined; place = place.behind) this.#put(place);
  }
}
