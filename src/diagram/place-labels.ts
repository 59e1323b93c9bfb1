/** Where the names of links and halos go: the first place near their line that is free. What finds no free place is left out. */
import { centredBox, contains, encloses, inflate, overlap, pointAlong, textWidth, type Box, type Path } from './geometry.ts';
import type { PlacedLink, PlacedText, Territory } from './layout-types.ts';
import { REFERENCE_SIZE } from './metrics.ts';

const PLACES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.21, 0.79, 0.15, 0.85];
/** From the middle outwards. */
const ANY_PLACE = Array.from({ length: 91 }, (_, i) => 0.5 + (i % 2 === 0 ? i : -i - 1) / 200);
const LABEL_HEIGHT = 12;
/** What it costs a text to lie across an edge of a territory. */
const ASTRIDE = 14;
/** So much of the normal of a line points up or down where the line is level. */
const LEVEL = 0.9;
/** What each unit of a line that runs behind a text costs: a name that a link strikes through is worse than one in two lines. */
const BEHIND = 0.5;
/** The same of the edge of a halo, which its name may well stand on. */
const GRAZED = 0.05;
/** What it costs to stand over a level line, where everything that travels passes. */
const OVER = 2;
/** Where a message rests over a level line: what stands there is hidden by it. */
const RESTING = { width: 76, height: 26, lift: 21, cost: 2.5 } as const;
/** What it costs to stand on a border, between two networks. */
const BETWEEN = 4;
/** Short level links over which there is no room: a message rests on them, and is as wide as they are. Their name stands below it where it can. */
const COVERED = { run: 100, lower: 11, cost: 0.4 } as const;
/** What it costs to stand so near to the same name of another line that they can be taken for one another. */
const SAME = { distance: 46, cost: 2.2 } as const;
/** Worse than any place along the line, but better than nothing. */
const STRIKE = 3;
const STRIKE_ANYWHERE = 12;
/** What it costs to stand at the end of a line and not at its middle. */
const ASIDE = 4.2;

export interface LabelGround {
  readonly territories: readonly Territory[];
  /** Boxes that are taken; placed labels are added. */
  readonly taken: Box[];
  /** What stands on the map whatever is named: glyphs, their names and marks. */
  readonly furniture: readonly Box[];
  /** Placed names of links, so that two that are the same do not stand beside one another. */
  readonly names: PlacedText[];
  /** Where messages rest, see `restingPlaces`. */
  readonly resting: readonly Box[];
  /** Lines that a label had better not lie on: those of links, and the edges of halos. */
  readonly lines: readonly Path[];
  readonly outlines: readonly Path[];
}

const inOneTerritory = (box: Box, territories: readonly Territory[]): boolean => territories.some((territory) => encloses(inflate(territory.box, -1), box));

/** On the ground between two networks, clear of both. */
const isBetween = (box: Box, territories: readonly Territory[]): boolean => {
  const clear = inflate(box, 1);
  const middle = box.y + box.height / 2;
  const beside = territories.filter((territory) => middle > territory.box.y && middle < territory.box.y + territory.box.height);
  return (
    !territories.some((territory) => overlap(territory.box, clear)) &&
    beside.some((territory) => territory.box.x > box.x) &&
    beside.some((territory) => territory.box.x < box.x)
  );
};

function strikes(box: Box, lines: readonly Path[], own: Path): number {
  let count = 0;
  for (const line of lines) {
    if (line === own) continue;
    for (let i = 0; i < line.xs.length; i++) {
      if (!contains(box, line.xs[i] ?? 0, line.ys[i] ?? 0)) continue;
      count++;
      break;
    }
  }
  return count;
}

/** How long a line runs behind the box. */
function lengthInside(box: Box, line: Path): number {
  let length = 0;
  for (let i = 1; i < line.xs.length; i++) if (contains(box, line.xs[i] ?? 0, line.ys[i] ?? 0)) length += (line.lengths[i] ?? 0) - (line.lengths[i - 1] ?? 0);
  return length;
}

function hitsOwn(box: Box, own: Path): boolean {
  for (let i = 0; i < own.xs.length; i++) if (contains(box, own.xs[i] ?? 0, own.ys[i] ?? 0)) return true;
  return false;
}

/** Room over the middle of level links. */
export function restingPlaces(links: readonly PlacedLink[]): readonly Box[] {
  const [at, ahead] = [
    { x: 0, y: 0 },
    { x: 0, y: 0 },
  ];
  return links.flatMap(({ path, from, to }) => {
    pointAlong(path, (from + to) / 2, at);
    pointAlong(path, (from + to) / 2 + 3, ahead);
    const isLevel = Math.abs(ahead.y - at.y) < Math.abs(ahead.x - at.x) * 0.3;
    return isLevel ? [centredBox(at.x, at.y - RESTING.lift, RESTING.width, RESTING.height)] : [];
  });
}

function restsOnWay({ path, from, to }: PlacedLink, { furniture }: LabelGround): boolean {
  if (to - from > COVERED.run) return false;
  const at = { x: 0, y: 0 };
  pointAlong(path, (from + to) / 2, at);
  const over = centredBox(at.x, at.y - RESTING.lift, RESTING.width, RESTING.height);
  return furniture.some((box) => overlap(box, over));
}

/**
 * Where none of the usual places is free, or only on the line of another link, every one is tried: between a name and the glyph below it there may be room for one line of text
 * and no more.
 */
export function placeLinkLabel(link: PlacedLink, ground: LabelGround): PlacedText | undefined {
  const atEnd = (textWidth(link.referencePoint, REFERENCE_SIZE) / 2 + 3.5) / (link.to - link.from);
  const usual = freePlace(link, ground, [...PLACES, atEnd, 1 - atEnd], STRIKE);
  const any = usual === undefined || usual.struck > 0 ? freePlace(link, ground, ANY_PLACE, STRIKE_ANYWHERE) : undefined;
  const best = any !== undefined && any.struck < (usual?.struck ?? Infinity) ? any.label : usual?.label;
  if (best !== undefined) {
    ground.taken.push(best.box);
    ground.names.push(best);
  }
  return best;
}

interface FreePlace {
  readonly label: PlacedText;
  /** How many lines of others it lies on. */
  readonly struck: number;
}

function freePlace(link: PlacedLink, ground: LabelGround, places: readonly number[], strike: number): FreePlace | undefined {
  const width = textWidth(link.referencePoint, REFERENCE_SIZE) + 2;
  const at = { x: 0, y: 0 };
  const ahead = { x: 0, y: 0 };
  let best: FreePlace | undefined;
  let least = Infinity;
  const run = link.to - link.from;
  const rests = restsOnWay(link, ground);
  for (const [i, place] of places.entries()) {
    const distance = link.from + run * place;
    pointAlong(link.path, distance, at);
    pointAlong(link.path, distance + 3, ahead);
    const step = Math.hypot(ahead.x - at.x, ahead.y - at.y) || 1;
    const nx = (ahead.y - at.y) / step;
    const ny = -(ahead.x - at.x) / step;
    const clear = (Math.abs(nx) * width) / 2 + (Math.abs(ny) * LABEL_HEIGHT) / 2 + 3;
    // Under a level line, for what travels floats over it; above rather than below a slanting one, and right rather than left of a steep one.
    const above = ny < -0.2 || (Math.abs(ny) <= 0.2 && nx > 0) ? 1 : -1;
    const sign = Math.abs(ny) > LEVEL ? -above : above;
    const covered = Math.abs(ny) > LEVEL && rests;
    const offsets: readonly (readonly [number, number])[] = [
      [sign * clear, 0],
      [-sign * clear, Math.abs(ny) > LEVEL ? OVER : 0.5],
      ...(covered ? [[sign * (clear + COVERED.lower), COVERED.cost] as const] : []),
    ];
    for (const [j, [out, price]] of offsets.entries()) {
      const x = at.x + nx * out;
      const y = at.y + ny * out;
      const box = centredBox(x, y, width, LABEL_HEIGHT);
      const isInside = inOneTerritory(box, ground.territories);
      if (!(isInside || isBetween(box, ground.territories)) || ground.taken.some((other) => overlap(box, other)) || hitsOwn(box, link.path)) continue;
      const hidden = (covered && j < 2) || ground.resting.some((other) => overlap(box, other)) ? RESTING.cost : 0;
      const same = ground.names.some((other) => other.text === link.referencePoint && Math.hypot(other.x - x, other.y - y) < SAME.distance) ? SAME.cost : 0;
      const struck = strikes(box, ground.lines, link.path);
      const aside = (i / (places.length - 1)) * ASIDE;
      const cost = aside + price + (isInside ? 0 : BETWEEN) + hidden + same + struck * strike + strikes(box, ground.outlines, link.path) * STRIKE;
      if (cost < least) [best, least] = [{ label: { text: link.referencePoint, x, y, box }, struck }, cost];
    }
  }
  return best;
}

/** The first of the offered middles at which the text is free; links may run behind it when it cannot be helped. In two lines, or three, where one lies across an edge or finds no room. */
export function placeText(
  text: string,
  size: number,
  weight: number,
  middles: readonly { readonly x: number; readonly y: number }[],
  ground: LabelGround,
): PlacedText | undefined {
  let best: PlacedText | undefined;
  let least = Infinity;
  for (const lines of settings(text)) {
    const width = Math.max(...lines.map((line) => textWidth(line, size, weight))) + 4;
    for (const [i, { x, y }] of middles.entries()) {
      const box = centredBox(x, y, width, size * (1 + LINE_HEIGHT * (lines.length - 1)) + 4);
      if (ground.taken.some((other) => overlap(box, other))) continue;
      let cost = i * 0.04 + (inOneTerritory(box, ground.territories) ? 0 : ASTRIDE) + (SETTING[lines.length - 1] ?? 0);
      for (const line of ground.lines) cost += lengthInside(box, line) * BEHIND;
      for (const line of ground.outlines) cost += lengthInside(box, line) * GRAZED;
      if (cost < least) [best, least] = [{ text, x, y, box, ...(lines.length > 1 ? { lines } : {}) }, cost];
    }
  }
  if (best !== undefined) ground.taken.push(best.box);
  return best;
}

/** Between the lines of a text, in its size. */
export const LINE_HEIGHT = 1.15;
/** What it costs to stand in one line, in two or in three: two are better than to lie across an edge, or on a link. */
const SETTING = [0, 4.5, 7.5] as const;

/** `Watcher Presence Proxy`; `Watcher` over `Presence Proxy`; and each word over the next. */
function settings(text: string): readonly (readonly string[])[] {
  const [first = text, ...others] = text.split(' ');
  return [[text], ...(others.length > 0 ? [[first, others.join(' ')]] : []), ...(others.length > 1 ? [[first, ...others]] : [])];
}
