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

/**
 * The place nearest to the entity for a box of one of these sizes, the first that has one. With no room off the ways of messages it may stand on a way, but never on words or
 * glyphs, save the name of a halo where nothing else gives way; undefined where there is no room even so.
 */
export function freePlace(layout: Layout, near: PlacedEntity, sizes: readonly Size[]): Box | undefined {
  const names = layout.halos.flatMap(({ label }) => (label === undefined ? [] : [label.box]));
  const words = taken(layout);
  const ways = layout.links.filter(({ quiet }) => !quiet).map(({ path }) => path);
  const isOffWays = ({ x, y, width, height }: Box): boolean =>
    !ways.some(({ xs, ys }) =>
      xs.some((px, i) => px > x - AROUND && px < x + width + AROUND && (ys[i] ?? 0) > y - AROUND && (ys[i] ?? 0) < y + height + ABOVE_WAYS),
    );
  const passes = [
    { isFree: isOffWays, kept: [...words, ...names] },
    { isFree: () => true, kept: [...words, ...names] },
    { isFree: () => true, kept: words },
  ];
  for (const { isFree, kept } of passes) {
    for (const size of sizes) {
      const places = candidates(layout, size)
        .filter((box) => !kept.some((each) => overlap(box, each)))
        .map((box) => ({ box, far: distance(box, near) }))
        .sort((a, b) => a.far - b.far);
      const found = places.find(({ box }) => isFree(box));
      if (found !== undefined) return found.box;
    }
  }
  return undefined;
}

function taken({ entities, territories, links, legend }: Layout): readonly Box[] {
  return [
    ...entities.flatMap((each) => [inflate(each.glyphBox, 6), inflate(each.nameBox, 2), ...(isMarked(each.entity) ? [inflate(each.badgeBox, 2)] : [])]),
    ...territories.map(({ titleBox }) => inflate(titleBox, 2)),
    ...links.flatMap(({ label }) => (label === undefined ? [] : [label.box])),
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
