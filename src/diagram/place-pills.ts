/** Where the pills of a frame stand: above their place on a way that is rather level, on a steep way itself (above it stands a name), and never over one another. */
import { centredBox, clamp, overlap, pointAlong, type Box } from './geometry.ts';
import type { PlacedLink } from './layout-types.ts';
import { PILL_HEIGHT } from './metrics.ts';

export interface PillAt {
  /** Its place on the way, and where it is going. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  /** It stands below its way: above it stands a name. */
  readonly below?: boolean;
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
/** Of a pill: `200 OK ›`. */
const USUAL_WIDTH = 90;
/** Between an upper entity's name and a lower one's glyph: a little below the middle of a steep way. */
const DROP = 10;
/** Share of a direction that goes up or down: level up to the first, steep from the second. */
const LEVEL = 0.75;
const STEEP = 0.95;

/** Writes into `places`, which is used again for the next frame. Earlier pills keep their place, later ones give way upwards, or downwards where no room is left. */
export function placePills(pills: readonly PillAt[], ground: PillGround, places: PillPlace[]): void {
  const top = PILL_HEIGHT / 2 + GAP;
  for (const [i, pill] of pills.entries()) {
    const half = pill.width / 2;
    const steepness = clamp((Math.abs(pill.dy) / (Math.hypot(pill.dx, pill.dy) || 1) - LEVEL) / (STEEP - LEVEL), 0, 1);
    const x = clamp(pill.x, half + 4, ground.width - half - 4);
    const lift = pill.below === true ? -ground.lift : ground.lift;
    const wanted = Math.max(top, pill.y - lift * (1 - steepness) + (ground.lift > 0 ? DROP * steepness : 0));
    let y = clear(pills, places, i, x, wanted, -1);
    if (y < top) y = clear(pills, places, i, x, wanted, 1);
    const place = (places[i] ??= { x, y, points: false });
    place.x = x;
    place.y = y;
    place.points = steepness === 0 && ground.lift > 0 && y === pill.y - lift;
  }
}

/** The nearest height above (or below) the wanted one at which none of the earlier pills is in the way. */
function clear(pills: readonly PillAt[], places: readonly PillPlace[], i: number, x: number, wanted: number, direction: 1 | -1): number {
  let y = wanted;
  for (let again = true; again;) {
    again = false;
    for (let j = 0; j < i; j++) {
      const other = places[j];
      const apart = ((pills[i]?.width ?? 0) + (pills[j]?.width ?? 0)) / 2;
      if (other === undefined || Math.abs(other.x - x) >= apart + GAP || Math.abs(other.y - y) >= PILL_HEIGHT + GAP) continue;
      y = other.y + direction * (PILL_HEIGHT + GAP);
      again = true;
    }
  }
  return y;
}

/** Parts of a way at which it is looked whether a pill would cover a name. */
const LOOKED_AT = [0.3, 0.4, 0.5, 0.6, 0.7];

/** Whether the pills of a way had better stand below it: above it they would lie on names, below it on fewer. Of the whole way, lest they jump. */
export function standsBelow({ path, from, to }: Pick<PlacedLink, 'path' | 'from' | 'to'>, names: readonly Box[], lift: number): boolean {
  const at = { x: 0, y: 0 };
  let above = 0;
  let below = 0;
  for (const part of LOOKED_AT) {
    pointAlong(path, from + (to - from) * part, at);
    const covered = (y: number): number => names.filter((name) => overlap(name, centredBox(at.x, y, USUAL_WIDTH, PILL_HEIGHT))).length;
    above += covered(at.y - lift);
    below += covered(at.y + lift);
  }
  return above > below;
}
