/**
 * Where the pills of a frame stand: beside their place on a way that is rather level, on a steep way itself (above it stands a name), never over one another, and not
 * over the glyph of somebody whom they do not visit, where there is any room.
 */
import { centredBox, clamp, overlap, pointAlong, type Box } from './geometry.ts';
import type { PlacedLink } from './layout-types.ts';
import { PILL_HEIGHT } from './metrics.ts';

/** Where the pills of a level way stand, in parts of the usual distance: above it, on it (0), or below it. */
export type Side = number;

export interface PillAt {
  /** Its place on the way, and where it is going. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  /** Above its way where it is left out. */
  readonly side?: Side;
  /** From the edge of one glyph to that of the other, where it travels rather level between two: it covers neither where it finds room. */
  readonly between?: readonly [left: number, right: number] | undefined;
  /** From below the name of one to the top of the other, where it travels between two who stand one above the other: it covers neither where it finds room. */
  readonly within?: readonly [top: number, bottom: number] | undefined;
  /** Glyphs of those whom it does not visit. */
  readonly avoid?: readonly Box[];
}

/** Middle of the pill. */
export interface PillPlace {
  x: number;
  y: number;
  /** Whether it stands right above (or below) its place, so that it can point at it. */
  points: boolean;
}

export interface PillGround {
  /** Size of the world: pills stay inside. */
  readonly width: number;
  readonly height: number;
  /** How far pills float above a level way. */
  readonly lift: number;
}

const GAP = 3;
/** So far from its end a pill can still point at its place. */
const POINTED = 16;
/** Where so much of the room is missing, it stands in the middle: that covers the edges of both and no more. */
const ALMOST = 8;
/** Of a pill: `200 OK ›`. */
const USUAL_WIDTH = 90;
/** Between an upper entity's name and a lower one's glyph: a little below the middle of a steep way. */
const DROP = 10;
/** Share of a direction that goes up or down: level up to the first, steep from the second. */
const LEVEL = 0.75;
const STEEP = 0.95;

/** Writes into `places`, which is used again for the next frame. Earlier pills keep their place; later ones give way to the nearest height that is free. */
export function placePills(pills: readonly PillAt[], ground: PillGround, places: PillPlace[]): void {
  const top = PILL_HEIGHT / 2 + GAP;
  for (const [i, pill] of pills.entries()) {
    const half = pill.width / 2;
    const steepness = clamp((Math.abs(pill.dy) / (Math.hypot(pill.dx, pill.dy) || 1) - LEVEL) / (STEEP - LEVEL), 0, 1);
    const x = clamp(keepBetween(pill, half), half + 4, ground.width - half - 4);
    const lift = ground.lift * (pill.side ?? 1);
    const wanted = Math.max(top, keepWithin(pill, pill.y - lift * (1 - steepness) + (ground.lift > 0 ? DROP * steepness : 0)));
    const y = clear(pills, places, i, x, wanted, top, ground.height - top);
    const place = (places[i] ??= { x, y, points: false });
    place.x = x;
    place.y = y;
    place.points = steepness === 0 && lift !== 0 && Math.abs(lift) > PILL_HEIGHT / 2 && y === pill.y - lift && Math.abs(x - pill.x) < half - POINTED;
  }
}

/** Not at its place but beside it, while it leaves or arrives. */
function keepBetween({ x, between }: PillAt, half: number): number {
  if (between === undefined) return x;
  const [left, right] = [between[0] + half + GAP, between[1] - half - GAP];
  return left > right ? x : clamp(x, left, right);
}

function keepWithin({ within }: PillAt, y: number): number {
  if (within === undefined) return y;
  const [top, bottom] = [within[0] + PILL_HEIGHT / 2, within[1] - PILL_HEIGHT / 2];
  if (top > bottom) return top - bottom > ALMOST ? y : (top + bottom) / 2;
  return clamp(y, top, bottom);
}

const APART = PILL_HEIGHT + GAP;
/** Heights that could be free, used again for every pill. */
const heights: number[] = [];

/** The height nearest to the wanted one at which neither an earlier pill nor a glyph is in the way; with no such height, one at which no pill is. */
function clear(pills: readonly PillAt[], places: readonly PillPlace[], i: number, x: number, wanted: number, top: number, bottom: number): number {
  const { width = 0, avoid = [] } = pills[i] ?? {};
  const half = width / 2;
  const isByPill = (j: number): boolean => Math.abs((places[j]?.x ?? 0) - x) < half + (pills[j]?.width ?? 0) / 2 + GAP;
  const isByGlyph = (box: Box): boolean => box.x < x + half + GAP && box.x + box.width > x - half - GAP;
  const hitsPill = (y: number): boolean => {
    for (let j = 0; j < i; j++) if (Math.abs((places[j]?.y ?? 0) - y) < APART && isByPill(j)) return true;
    return false;
  };
  const hitsGlyph = (y: number): boolean => avoid.some((box) => isByGlyph(box) && box.y < y + PILL_HEIGHT / 2 && box.y + box.height > y - PILL_HEIGHT / 2);
  if (!hitsPill(wanted) && !hitsGlyph(wanted)) return wanted;
  heights.length = 0;
  for (let j = 0; j < i; j++) if (isByPill(j)) heights.push((places[j]?.y ?? 0) - APART, (places[j]?.y ?? 0) + APART);
  for (const box of avoid) if (isByGlyph(box)) heights.push(box.y - PILL_HEIGHT / 2, box.y + box.height + PILL_HEIGHT / 2);
  // The nearer first, of two that are as near the upper one.
  heights.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b);
  const within = heights.filter((y) => y >= top && y <= bottom);
  return within.find((y) => !hitsPill(y) && !hitsGlyph(y)) ?? [wanted, ...within].find((y) => !hitsPill(y)) ?? heights.findLast((y) => !hitsPill(y)) ?? wanted;
}

/** Parts of a way at which it is looked what a pill would cover; what rests half way is looked at longest. */
const LOOKED_AT = [0.3, 0.4, 0.5, 0.5, 0.6, 0.7];
/** Above is usual; on the way the pill hides the way itself, and a little beside it too. */
const SIDES = [
  [1, 0],
  [-1, 0.9],
  [0, 1.3],
  [-0.4, 1.5],
  [0.4, 1.5],
] as const;

/** What pills had better not cover, and how much that matters. */
export interface Covered {
  readonly box: Box;
  readonly weight: number;
}

/** On which side of a way its pills cover least. Of the whole way, lest they jump. */
export function sideOf({ path, from, to }: Pick<PlacedLink, 'path' | 'from' | 'to'>, covered: readonly Covered[], lift: number): Side {
  const at = { x: 0, y: 0 };
  let best: Side = 1;
  let least = Infinity;
  for (const [side, price] of SIDES) {
    let cost = price;
    for (const part of LOOKED_AT) {
      pointAlong(path, from + (to - from) * part, at);
      const pill = centredBox(at.x, at.y - lift * side, USUAL_WIDTH, PILL_HEIGHT);
      for (const { box, weight } of covered) if (overlap(box, pill)) cost += weight;
    }
    if (cost < least) [best, least] = [side, cost];
  }
  return best;
}

/** Where what rests on a way that goes straight down would hide the name of the way, which stands in its upper half: all below the name. */
export function roomBesideName({
  path,
  from,
  to,
  label,
}: Pick<PlacedLink, 'path' | 'from' | 'to' | 'label'>): readonly [top: number, bottom: number] | undefined {
  const [start, end] = [
    { x: 0, y: 0 },
    { x: 0, y: 0 },
  ];
  pointAlong(path, from, start);
  pointAlong(path, to, end);
  if (label === undefined || Math.abs(start.x - end.x) > 1) return undefined;
  const under = label.box.y + label.box.height;
  const middle = (start.y + end.y) / 2;
  return label.box.y < middle && under > middle - PILL_HEIGHT / 2 ? [under, Math.max(start.y, end.y)] : undefined;
}
