/** What one hop did to the header: each line of the message, and where a line stood that is gone. */
import { splitList } from '#protocol/sip/lists.ts';
import { isListField } from '#protocol/sip/header-names.ts';
import type { HeaderLine, SipText } from './sip-text.ts';

export type LineChange = 'same' | 'added' | 'changed' | 'removed';

export interface DiffLine extends HeaderLine {
  readonly change: LineChange;
  /** The value before, of a changed line. */
  readonly was?: string;
}

/** Their values are put on and taken off: another value is another entry, not a change of the one before. */
const STACKS: ReadonlySet<string> = new Set(['Via', 'Route', 'Record-Route', 'Path', 'Service-Route']);

/** Lines of `now` in their order, and between them, struck, those of `before` that are gone. Without `before` every line is the same. */
export function diffHeaders(before: SipText | undefined, now: SipText): readonly DiffLine[] {
  if (before === undefined) return now.headers.map((line) => ({ ...line, change: 'same' }));
  const partner = pairLines(before.headers, now.headers);
  const lines: DiffLine[] = now.headers.map((line, i) => {
    const old = before.headers[partner[i] ?? -1];
    if (old === undefined) return { ...line, change: 'added' };
    return old.value === line.value ? { ...line, change: 'same' } : { ...line, change: 'changed', was: old.value };
  });
  return withRemoved(lines, before.headers, partner);
}

/** For each line now, the place of the one before that it comes from; -1 for none. */
function pairLines(before: readonly HeaderLine[], now: readonly HeaderLine[]): number[] {
  const partner = new Array<number>(now.length).fill(-1);
  for (const name of new Set(now.map((line) => line.name))) {
    const old = placesOf(before, name);
    const fresh = placesOf(now, name);
    const value = (lines: readonly HeaderLine[], place: number | undefined): string => lines[place ?? -1]?.value ?? '';
    const kept = longestCommon(old, fresh, (a, b) => value(before, a) === value(now, b));
    for (const [a, b] of kept) partner[b] = a;
    const taken = new Set(kept.map(([a]) => a));
    const leftOld = old.filter((place) => !taken.has(place));
    for (const place of fresh) {
      if (partner[place] !== -1) continue;
      const found = leftOld.findIndex((a) => isChangeOf(name, value(before, a), value(now, place)));
      if (found < 0) continue;
      partner[place] = leftOld[found] ?? -1;
      leftOld.splice(found, 1);
    }
  }
  return partner;
}

/** Whether the new value is the old one made different, rather than another one in its place. */
function isChangeOf(name: string, before: string, now: string): boolean {
  if (!STACKS.has(name)) return true;
  const entries = (value: string): readonly string[] => (isListField(name) ? splitList(value) : [value]);
  const head = (entry: string): string => (name === 'Via' ? (entry.split(/;(?!branch=)/i)[0] ?? entry) : entry).trim();
  const old = new Set(entries(before).map(head));
  return entries(now).some((entry) => old.has(head(entry)));
}

const placesOf = (lines: readonly HeaderLine[], name: string): number[] => lines.flatMap((line, i) => (line.name === name ? [i] : []));

/** Longest common subsequence, as pairs; the lists are a handful of lines. */
function longestCommon(a: readonly number[], b: readonly number[], equal: (a: number, b: number) => boolean): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (lengths[i] as number[])[j] = equal(a[i] as number, b[j] as number) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (equal(a[i] as number, b[j] as number)) pairs.push([a[i++] as number, b[j++] as number]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** A line that is gone stands after the line that it stood after. */
function withRemoved(lines: readonly DiffLine[], before: readonly HeaderLine[], partner: readonly number[]): readonly DiffLine[] {
  const newPlace = new Map(partner.flatMap((old, i) => (old < 0 ? [] : [[old, i] as const])));
  const goneAfter = new Map<number, DiffLine[]>();
  let anchor = -1;
  before.forEach((line, old) => {
    const place = newPlace.get(old);
    if (place !== undefined) {
      anchor = place;
      return;
    }
    const gone = goneAfter.get(anchor);
    const struck: DiffLine = { ...line, change: 'removed' };
    if (gone === undefined) goneAfter.set(anchor, [struck]);
    else gone.push(struck);
  });
  return [...(goneAfter.get(-1) ?? []), ...lines.flatMap((line, i) => [line, ...(goneAfter.get(i) ?? [])])];
}
