/** Every link of every scenario has its reference point's name on the stage of a small projector, and no name lies on what is not its own. */
import { describe, expect, it } from 'vitest';
import { CATALOG } from '#catalog/catalog.ts';
import { contains, overlap } from '#diagram/geometry.ts';
import { layoutNetwork } from '#diagram/layout.ts';
import type { Layout, PlacedLink } from '#diagram/layout-types.ts';
import { planNetwork } from '#scenario/plan.ts';
import { withoutLayers } from '#trace/layers.ts';
import { STAGE_SHAPES } from './stage-shapes.ts';

const isThroughName = ({ label }: PlacedLink, other: PlacedLink): boolean =>
  label !== undefined && other.path.xs.some((x, i) => contains(label.box, x, other.path.ys[i] ?? 0));

function faults({ links, entities }: Layout): readonly string[] {
  const named = links.filter(({ quiet }) => !quiet);
  return named.flatMap((link) => {
    const { id, label } = link;
    if (label === undefined) return [`${id} has no name`];
    return [
      ...entities.filter(({ glyphBox, nameBox }) => overlap(glyphBox, label.box) || overlap(nameBox, label.box)).map(({ name }) => `name of ${id} on ${name}`),
      ...named
        .filter((other) => other !== link && other.label !== undefined && overlap(label.box, other.label.box))
        .map((other) => `names of ${id} and ${other.id}`),
      ...named.filter((other) => isThroughName(link, other)).map((other) => `name of ${id} on the line of ${other.id}`),
    ];
  });
}

/** The networks of the catalog, each once, by the last scenario that is told in it. */
const NETWORKS = new Map(
  CATALOG.map(({ id, network }) => {
    const { networks, entities, links } = planNetwork(network ?? {});
    const topology = { networks, entities: [...entities.values()], links };
    return [JSON.stringify(topology), { id, topology }] as const;
  }),
);

describe('the names of links', () => {
  it.each(STAGE_SHAPES)('are all there at %s, each beside its own line only, whether name servers are shown or not', (_, shape) => {
    for (const { id, topology } of NETWORKS.values()) {
      expect(faults(layoutNetwork(topology, shape)), id).toEqual([]);
      expect(faults(layoutNetwork(withoutLayers(topology, [], new Set(['DNS'])), shape)), id).toEqual([]);
    }
  });
});
