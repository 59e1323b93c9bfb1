/** What operators have broken up to a moment, told from their acts in the trace: who is down, which links are cut, and which are bad. */
import { impairmentText } from '#trace/impairment.ts';
import type { EntityId, Trace } from '#trace/record.ts';
import { pointAlong, type Path, type Point } from './geometry.ts';
import { routeKey, type PlacedLink } from './layout-types.ts';

export interface Broken {
  readonly down: ReadonlySet<EntityId>;
  /** `routeKey` of each cut link, both ways round. */
  readonly cut: ReadonlySet<string>;
  /** What is wrong with a link that still carries something, in a few words, by `routeKey`, both ways round. */
  readonly impaired: ReadonlyMap<string, string>;
}

const WHOLE: Broken = { down: new Set(), cut: new Set(), impaired: new Map() };
const cache = new WeakMap<Trace, readonly { readonly at: number; readonly broken: Broken }[]>();

/** What is broken at simulated time `t`; the same reference as long as nothing changes. */
export function brokenAt(trace: Trace, t: number): Broken {
  let turns = cache.get(trace);
  if (turns === undefined) {
    const down = new Set<EntityId>();
    const cut = new Set<string>();
    const impaired = new Map<string, string>();
    turns = trace.records.flatMap((record) => {
      if (record.kind !== 'intent' || record.entity === undefined) return [];
      const { entity, intent, at } = record;
      const to = typeof intent['to'] === 'string' ? intent['to'] : '';
      if (intent.kind === 'crash') down.add(entity);
      else if (intent.kind === 'restart') down.delete(entity);
      else if (intent.kind === 'cut' || intent.kind === 'impair' || intent.kind === 'restore') {
        for (const key of [routeKey(entity, to), routeKey(to, entity)]) {
          cut.delete(key);
          impaired.delete(key);
          if (intent.kind === 'cut') cut.add(key);
          else if (intent.kind === 'impair') impaired.set(key, impairmentText(intent));
        }
      } else return [];
      return { at, broken: { down: new Set(down), cut: new Set(cut), impaired: new Map(impaired) } };
    });
    cache.set(trace, turns);
  }
  // An act happens at a whole microsecond; where a reader stands is between two.
  const now = Math.round(t);
  return turns.findLast(({ at }) => at <= now)?.broken ?? WHOLE;
}

/** A cross that reaches so far from its middle. */
export const crossOf = (reach: number): string => `M${-reach} ${-reach}L${reach} ${reach}M${-reach} ${reach}L${reach} ${-reach}`;

/** Width of the gap in a cut link, and the room that its cross needs. */
const GAP = 20;
const ROOM = 13;
/** Where the gap may be, as parts of the way between the glyphs: the first that is clear of the name of the link. */
const PLACES = [0.5, 0.38, 0.62, 0.26, 0.74];

export interface CutMark {
  readonly at: Point;
  /** `stroke-dasharray` of the path: a line with one gap. */
  readonly dashes: string;
}

/** How a cut link is drawn. */
export function cutMark({ path, from, to, label }: Pick<PlacedLink, 'path' | 'from' | 'to' | 'label'>): CutMark {
  const isClear = (distance: number): boolean => {
    const { x, y } = pointOn(path, distance);
    const box = label?.box;
    return box === undefined || x < box.x - ROOM || x > box.x + box.width + ROOM || y < box.y - ROOM || y > box.y + box.height + ROOM;
  };
  const distances = PLACES.map((part) => from + (to - from) * part);
  const middle = distances.find(isClear) ?? (from + to) / 2;
  return { at: pointOn(path, middle), dashes: `${Math.max(0, middle - GAP / 2).toFixed(1)} ${GAP} ${Math.ceil(path.length) + GAP}` };
}

function pointOn(path: Path, distance: number): Point {
  const out = { x: 0, y: 0 };
  pointAlong(path, distance, out);
  return out;
}
