/**
 * Where the pills of a frame stand: beside their place on a way that is rather level, on a steep way itself (above it stands a name), never over one another, and not
 * over the glyph of somebody whom they do not visit, where there is any room.
 */
import { centredBox, clamp, inflate, overlap, pointAlong, type Box, type Point } from './geometry.ts';
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
  /** Names and marks, which it does not cover where it has to give way and finds room. */
  readonly spare?: readonly Box[];
  /** How far from its usual place it stands, where it would rest on a name. */
  readonly aside?: Point;
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
const NOT_ASIDE: Point = { x: 0, y: 0 };
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

/** Writes into `places`, which is used again for the next frame. Earlier pills keep their place; later ones give way to the nearest place above, below or beside it that is free. */
export function placePills(pills: readonly PillAt[], ground: PillGround, places: PillPlace[]): void {
  const top = PILL_HEIGHT / 2 + GAP;
  for (const [i, pill] of pills.entries()) {
    const half = pill.width / 2;
    const steepness = clamp((Math.abs(pill.dy) / (Math.hypot(pill.dx, pill.dy) || 1) - LEVEL) / (STEEP - LEVEL), 0, 1);
    const aside = pill.aside ?? NOT_ASIDE;
    const x = clamp(keepBetween(pill, half) + aside.x, half + 4, ground.width - half - 4);
    const lift = ground.lift * (pill.side ?? 1);
    const wanted = clamp(
      keepWithin(pill, pill.y - lift * (1 - steepness) + (ground.lift > 0 ? DROP * steepness : 0)) + aside.y,
      top,
      Math.max(top, ground.height - top),
    );
    const place = (places[i] ??= { x, y: wanted, points: false });
    clear(pills, places, i, { x, y: wanted }, ground, place);
    const { y } = place;
    place.points = steepness === 0 && lift !== 0 && Math.abs(lift) > PILL_HEIGHT / 2 && y === pill.y - lift && Math.abs(place.x - pill.x) < half - POINTED;
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
/** So much of the edge of a name's box is empty: what lies there covers no letter. */
const NAME_EDGE = 2;
/** What it costs a pill that gives way to stand on another one, on a glyph and on a name, beside each unit by which it gives way; sideways it leaves its way. */
const ON = { pill: 1e6, glyph: 1e4, name: 140, sideways: 1.3 } as const;

/** The place nearest to the wanted one at which neither an earlier pill nor a glyph is in the way, nor a name where that is not far; with no such place, one at which no pill is. */
function clear(pills: readonly PillAt[], places: readonly PillPlace[], i: number, wanted: Point, ground: PillGround, place: PillPlace): void {
  const { width = 0, avoid = [], spare = [] } = pills[i] ?? {};
  const half = width / 2;
  const apartFrom = (j: number): number => half + (pills[j]?.width ?? 0) / 2 + GAP;
  const isBy = (box: Box, x: number, edge: number): boolean => box.x < x + half + edge && box.x + box.width > x - half - edge;
  const isOver = (box: Box, y: number, edge: number): boolean => box.y < y + PILL_HEIGHT / 2 + edge && box.y + box.height > y - PILL_HEIGHT / 2 - edge;
  const hitsPill = (x: number, y: number): boolean => {
    for (let j = 0; j < i; j++) if (Math.abs((places[j]?.y ?? 0) - y) < APART && Math.abs((places[j]?.x ?? 0) - x) < apartFrom(j)) return true;
    return false;
  };
  const hits = (boxes: readonly Box[], x: number, y: number, side: number, edge: number): boolean =>
    boxes.some((box) => isBy(box, x, side) && isOver(box, y, edge));
  place.x = wanted.x;
  place.y = wanted.y;
  const isAlone = pills.length === 1;
  if (!hitsPill(wanted.x, wanted.y) && !hits(avoid, wanted.x, wanted.y, GAP, 0) && (isAlone || !hits(spare, wanted.x, wanted.y, -NAME_EDGE, -NAME_EDGE)))
    return;
  let least = Infinity;
  const consider = (x: number, y: number): void => {
    const away = Math.abs(x - wanted.x) * ON.sideways + Math.abs(y - wanted.y);
    if (away >= least) return;
    const cost =
      away +
      (hitsPill(x, y) ? ON.pill : 0) +
      (hits(avoid, x, y, GAP, 0) ? ON.glyph : 0) +
      (hits(spare, x, y, -NAME_EDGE, -NAME_EDGE) ? ON.name : 0) +
      (isInside(x, y, half, ground) ? 0 : ON.pill / 10);
    if (cost >= least) return;
    least = cost;
    place.x = x;
    place.y = y;
  };
  const alongside = [wanted.x];
  for (let j = 0; j < i; j++) {
    const { x = 0, y = 0 } = places[j] ?? {};
    if (Math.abs(y - wanted.y) < APART && Math.abs(x - wanted.x) < apartFrom(j)) alongside.push(x - apartFrom(j), x + apartFrom(j));
  }
  for (const box of spare) {
    if (isBy(box, wanted.x, -NAME_EDGE) && isOver(box, wanted.y, -NAME_EDGE)) alongside.push(box.x + NAME_EDGE - half, box.x + box.width - NAME_EDGE + half);
  }
  for (const x of alongside) {
    consider(x, wanted.y);
    // The upper one first, of two that are as near.
    for (let j = 0; j < i; j++) {
      if (Math.abs((places[j]?.x ?? 0) - x) >= apartFrom(j)) continue;
      consider(x, (places[j]?.y ?? 0) - APART);
      consider(x, (places[j]?.y ?? 0) + APART);
    }
    for (const box of avoid) {
      if (!isBy(box, x, GAP)) continue;
      consider(x, box.y - PILL_HEIGHT / 2);
      consider(x, box.y + box.height + PILL_HEIGHT / 2);
    }
    for (const box of spare) {
      if (!isBy(box, x, -NAME_EDGE)) continue;
      consider(x, box.y + NAME_EDGE - PILL_HEIGHT / 2);
      consider(x, box.y + box.height - NAME_EDGE + PILL_HEIGHT / 2);
    }
  }
}

function isInside(x: number, y: number, half: number, { width, height }: PillGround): boolean {
  const top = PILL_HEIGHT / 2 + GAP;
  return x >= half + 4 && x <= width - half - 4 && y >= top && y <= height - top;
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

interface Offset {
  readonly aside: Point;
  readonly price: number;
}

/** How far from its usual place a pill may stand, sideways and up or down, in such steps; and what each unit of it costs. */
const ASIDE = { x: 88, y: 44, step: 4, cost: 0.02 } as const;
const upTo = (most: number): readonly number[] => Array.from({ length: (2 * most) / ASIDE.step + 1 }, (_, i) => i * ASIDE.step - most);
/** The nearest first. */
const OFFSETS: readonly Offset[] = upTo(ASIDE.x)
  .flatMap((x) => upTo(ASIDE.y).map((y) => ({ aside: { x, y }, price: (Math.abs(x) + Math.abs(y)) * ASIDE.cost })))
  .sort((p, q) => p.price - q.price);
/** What it costs a pill that does not lie at its place any more to be a unit farther from it. */
const ASTRAY_COST = 0.15;
/** So far the edge of a pill may be from its place and still be seen to belong there. */
const BESIDE = 12;
/** Of the middle of a way, where it rests, and of the places before and after it. */
const RESTING = [
  [0.5, 1],
  [0.25, 0.15],
  [0.38, 0.15],
  [0.62, 0.15],
  [0.75, 0.3],
] as const;
const partOf = (a: Box, b: Box): number =>
  (Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))) /
  (a.width * a.height);

/** How far from its usual place a pill had better stand, where it would rest on a name; the same for its whole way, lest it jumps. */
export function asideOf(
  { path, from, to }: Pick<PlacedLink, 'path' | 'from' | 'to'>,
  pill: Omit<PillAt, 'x' | 'y' | 'dx' | 'dy'>,
  covered: readonly Covered[],
  ground: PillGround,
): Point | undefined {
  const resting = RESTING.map(([part, weight]) => {
    const at = { x: 0, y: 0 };
    const ahead = { x: 0, y: 0 };
    const distance = from + (to - from) * part;
    pointAlong(path, distance, at);
    pointAlong(path, distance + 4, ahead);
    return { weight, at: { ...at, dx: ahead.x - at.x, dy: ahead.y - at.y, width: pill.width } };
  });
  const places: PillPlace[] = [];
  const boxAt = (at: Pick<PillAt, 'x' | 'y' | 'dx' | 'dy'>, aside: Point): Box => {
    placePills([{ ...pill, ...at, aside }], ground, places);
    return centredBox(places[0]?.x ?? 0, places[0]?.y ?? 0, pill.width, PILL_HEIGHT);
  };
  /** Not of what is dearer than `least` anyway. */
  const costAt = ({ aside, price }: Offset, least: number): number => {
    let cost = price;
    for (const { weight, at } of resting) {
      const box = boxAt(at, aside);
      const away = Math.max(box.x - at.x, at.x - box.x - box.width, 0) + Math.max(box.y - at.y, at.y - box.y - box.height, 0);
      cost += weight * Math.max(0, away - BESIDE) * ASTRAY_COST;
      for (const { box: other, weight: worth } of covered) if (overlap(other, box)) cost += weight * worth * (1 + 2 * partOf(other, box));
      if (cost >= least) break;
    }
    return cost;
  };
  const coversName = resting.some(({ at }) => {
    const usual = boxAt(at, NOT_ASIDE);
    return (pill.spare ?? []).some((name) => overlap(inflate(name, -NAME_EDGE), usual));
  });
  if (!coversName) return undefined;
  let best = NOT_ASIDE;
  let least = Infinity;
  for (const offset of OFFSETS) {
    if (offset.price >= least) break;
    const cost = costAt(offset, least);
    if (cost < least) [best, least] = [offset.aside, cost];
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
