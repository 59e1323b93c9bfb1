/** A fixed, readable picture of a network: pure, from the topology of a trace to world coordinates. */
import type { Trace } from '#trace/record.ts';
import { encloses, inflate, type Box } from './geometry.ts';
import type { Topology } from './grid.ts';
import { routeKey, type Halo, type Layout, type LayoutOptions, type PlacedEntity, type PlacedLink, type PlacedText, type Territory } from './layout-types.ts';
import { BADGE_SIZE, MARGIN } from './metrics.ts';
import { isMarked, placeEntities } from './place-entities.ts';
import { placeLinkLabel, restingPlaces, type LabelGround } from './place-labels.ts';
import { deriveLinks, routeLinks } from './route-links.ts';
import { createBorders, createHalos, placeHaloLabel, type PlannedHalo } from './scenery.ts';

/** Links of this length leave their label one or two places. */
const NEIGHBOURS = 96;
/** So many links may go without a name for a halo to have its own inside its network. */
const MOST_GIVEN_UP = 3;

export const HALO_LABEL_SIZE = BADGE_SIZE;

/**
 * Lays the network out. `records`, when given, add links between pairs that talk without a declared reference point.
 * The same topology and options give the same layout.
 */
export function layoutNetwork(trace: Topology & Partial<Pick<Trace, 'records'>>, options: LayoutOptions = {}): Layout {
  const topology: Topology = { networks: trace.networks, entities: trace.entities, links: deriveLinks(trace) };
  const { width, height, territories, entities, legend } = placeEntities(topology, options);
  const world: Box = { x: 0, y: 0, width, height };
  const entityById = new Map(entities.map((entity) => [entity.entity.id, entity]));
  const routed = routeLinks(topology.links, entities, territories, legend, inflate(world, -MARGIN / 2));
  const planned = createHalos(topology, entities, entityById);

  const usual = placeNames(routed, planned, entities, territories, legend, world, false);
  const apart = usual.astray > 0 ? placeNames(routed, planned, entities, territories, legend, world, true) : usual;
  const { halos, links } = apart.astray < usual.astray && apart.nameless <= usual.nameless + MOST_GIVEN_UP ? apart : usual;
  const linkByEnds = new Map(links.flatMap((link) => [[routeKey(link.a, link.b), link] as const, [routeKey(link.b, link.a), link] as const]));
  return { width, height, territories, entities, links, legend, borders: createBorders(territories), halos, entityById, linkByEnds };
}

interface Names {
  readonly halos: readonly Halo[];
  readonly links: readonly PlacedLink[];
  /** Names of halos that lie across the edge of a network or nowhere, and links that go without a name. */
  readonly astray: number;
  readonly nameless: number;
}

/** Names of links and halos. Short links have the least choice and go first, those between neighbours even before the halos, unless a halo finds no good place then. */
function placeNames(
  routed: readonly PlacedLink[],
  planned: readonly PlannedHalo[],
  entities: readonly PlacedEntity[],
  territories: readonly Territory[],
  legend: Box,
  world: Box,
  halosFirst: boolean,
): Names {
  const furniture = entities.flatMap((entity) => [
    inflate(entity.glyphBox, 2),
    inflate(entity.nameBox, 1),
    ...(isMarked(entity.entity) ? [entity.badgeBox] : []),
  ]);
  const ground: LabelGround = {
    territories,
    furniture,
    taken: [...furniture, ...territories.map((territory) => inflate(territory.titleBox, 2)), legend],
    names: [],
    resting: restingPlaces(routed.filter((link) => !link.quiet)),
    lines: routed.filter((link) => !link.quiet).map((link) => link.path),
    outlines: planned.map((halo) => halo.outline),
  };
  const byLength = routed.filter((link) => !link.quiet).sort((p, q) => p.to - p.from - (q.to - q.from));
  const labels = new Map<PlacedLink, PlacedText | undefined>();
  if (!halosFirst) for (const link of byLength) if (link.to - link.from < NEIGHBOURS) labels.set(link, placeLinkLabel(link, ground));
  const halos = planned.map((halo): Halo => {
    const label = placeHaloLabel(halo, HALO_LABEL_SIZE, ground, world);
    return { name: halo.name, members: halo.members.map((member) => member.entity.id), outline: halo.outline.d, ...(label === undefined ? {} : { label }) };
  });
  for (const link of byLength) if (!labels.has(link)) labels.set(link, placeLinkLabel(link, ground));
  const links = routed.map((link): PlacedLink => {
    const label = labels.get(link);
    return label === undefined ? link : { ...link, label };
  });
  const isAstray = ({ label }: Halo): boolean => label === undefined || !territories.some(({ box }) => encloses(box, label.box));
  return { halos, links, astray: halos.filter(isAstray).length, nameless: byLength.filter((link) => labels.get(link) === undefined).length };
}
