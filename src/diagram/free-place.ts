/** Room for something that stands on the map only for a while: beside an entity, on nothing that can be read, and off the ways of messages. Pure. */
import { type Box, clamp, inflate, overlap } from './geometry.ts';
import type { Layout, PlacedEntity } from './layout-types.ts';
import { MARGIN, PILL_HEIGHT } from './metrics.ts';
import { isMarked } from './place-entities.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const STEP = 6;
const AROUND = 4;
/** Packets float above their way. */
const ABOVE_WAYS = PILL_HEIGHT;

/** What it costs to stand on a way of messages, on the name of a halo, on that of a link, or to be a size that comes later: all in lengths of the way to the entity. */
const COST = { way: 110, halo: 60, point: 10_000, size: 15 } as const;

/**
 * The place nearest to the entity for a box of one of these sizes: off the ways of messages where that is not much further, on the name of a link only with no other room at
 * all, and never on anybody's glyph or name; undefined where there is no room even so.
 */
export function freePlace(layout: Layout, near: PlacedEntity, sizes: readonly Size[]): Box | undefined {
  const halos = layout.halos.flatMap(({ label }) => (label === undefined ? [] : [label.box]));
  const points = layout.links.flatMap(({ label }) => (label === undefined ? [] : [label.box]));
  const kept = taken(layout);
  const ways = layout.links.filter(({ quiet }) => !quiet).map(({ path }) => path);
  const isOnWay = ({ x, y, width, height }: Box): boolean =>
    ways.some(({ xs, ys }) =>
      xs.some((px, i) => px > x - AROUND && px < x + width + AROUND && (ys[i] ?? 0) > y - AROUND && (ys[i] ?? 0) < y + height + ABOVE_WAYS),
    );
  const hits = (boxes: readonly Box[], box: Box): boolean => boxes.some((each) => overlap(box, each));
  let best: Box | undefined;
  let least = Infinity;
  for (const [i, size] of sizes.entries()) {
    for (const box of candidates(layout, size)) {
      let cost = distance(box, near) + i * COST.size;
      if (cost >= least || hits(kept, box)) continue;
      if (hits(points, box)) cost += COST.point;
      if (hits(halos, box)) cost += COST.halo;
      if (cost < least && isOnWay(box)) cost += COST.way;
      if (cost < least) [best, least] = [box, cost];
    }
  }
  return best;
}

function taken({ entities, territories, legend }: Layout): readonly Box[] {
  return [
    ...entities.flatMap((each) => [inflate(each.glyphBox, 6), inflate(each.nameBox, 2), ...(isMarked(each.entity) ? [inflate(each.badgeBox, 2)] : [])]),
    ...territories.map(({ titleBox }) => inflate(titleBox, 2)),
    legend,
  ];
}

function candidates({ width, height }: Layout, size: Size): Box[] {
  const boxes: Box[] = [];
  for (let x = MARGIN; x + size.width <= width - MARGIN; x += STEP)
    for (let y = MARGIN; y + size.height <= height - MARGIN; y += STEP) boxes.push({ x, y, ...size });
  return boxes;
}

/** From the middle of the entity to the nearest point of the box; among equals the one whose middle is nearer. */
function distance({ x, y, width, height }: Box, entity: PlacedEntity): number {
  const edge = Math.hypot(entity.x - clamp(entity.x, x, x + width), entity.y - clamp(entity.y, y, y + height));
  return edge + Math.hypot(entity.x - x - width / 2, entity.y - y - height / 2) / 1000;
}
