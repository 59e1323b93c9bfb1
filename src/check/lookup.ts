/** What rules look for again and again in a long run, gathered once: so that a rule takes as long as there are messages, not as there are pairs of them. */

/** Derived once for each object, and kept as long as that. */
export function oncePer<K extends object, T>(derive: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    let entry = known.get(key);
    if (entry === undefined) known.set(key, (entry = { value: derive(key) }));
    return entry.value;
  };
}

/** Items by key, in their order. */
export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The same, each group made into what is asked of it. */
export function groupedInto<T, G>(items: Iterable<T>, keyOf: (item: T) => string, make: (group: readonly T[]) => G): ReadonlyMap<string, G> {
  return new Map(Array.from(grouped(items, keyOf), ([key, group]) => [key, make(group)]));
}

/** A sorted copy, for `countUpTo` and `hasWithin`. */
export const ascending = (times: readonly number[]): readonly number[] => [...times].sort((a, b) => a - b);

/** How many of these ascending times come before the first that is not in time. */
function countWhile(times: readonly number[], isInTime: (time: number) => boolean): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isInTime(times[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of these ascending times are not after a moment. */
export const countUpTo = (times: readonly number[], moment: number): number => countWhile(times, (time) => time <= moment);

/** How many of these ascending times are before a moment. */
export const countBefore = (times: readonly number[], moment: number): number => countWhile(times, (time) => time < moment);

/** Whether one of these ascending times lies between two moments, these included. */
export const hasWithin = (times: readonly number[], from: number, to: number): boolean => countUpTo(times, to) > countBefore(times, from);

/** Finds the last item of a list, in whatever order it is, whose time is not after a moment. */
export function latestOf<T>(items: readonly T[], timeOf: (item: T) => number): (moment: number) => T | undefined {
  // The earliest time of all items from here on: it never falls, and the last place where it is not too late is that of the item.
  const earliest: number[] = [];
  for (let i = items.length - 1, least = Infinity; i >= 0; i--) {
    const item = items[i];
    if (item !== undefined) least = Math.min(least, timeOf(item));
    earliest[i] = least;
  }
  return (moment) => items[countUpTo(earliest, moment) - 1];
}

/** Of things that begin and end: until when the one lasts that, of those that have begun by a moment, lasts longest; -Infinity when none has begun. */
export function longestOf(items: readonly { readonly from: number; readonly until: number }[]): (moment: number) => number {
  const sorted = [...items].sort((a, b) => a.from - b.from);
  const times = sorted.map(({ from }) => from);
  let longest = -Infinity;
  const ends = sorted.map(({ until }) => (longest = Math.max(longest, until)));
  return (moment) => ends[countUpTo(times, moment) - 1] ?? -Infinity;
}
