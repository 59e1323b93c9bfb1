/** At no step of any scenario does what travels rest on the name of an entity, on the stages of a small projector and of a large screen. */
import { describe, expect, it } from 'vitest';
import { centredBox, inflate, overlap } from '#diagram/geometry.ts';
import { layoutNetwork } from '#diagram/layout.ts';
import { PILL_HEIGHT } from '#diagram/metrics.ts';
import { createPills } from '#diagram/pills-of-frame.ts';
import { deriveLinks } from '#diagram/route-links.ts';
import { createSampler } from '#diagram/sampler.ts';
import { deriveStory } from '#store/story.ts';
import { computeNamed, SCENARIO_IDS } from '#testing/computed-run.ts';
import { STAGE_SHAPES } from '#testing/stage-shapes.ts';
import { createLayerOf, hiddenLayersOf, withoutLayers, type LayerChoices } from '#trace/layers.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { legendOf } from './Legend.tsx';

const NOTHING_SAID: LayerChoices = new Map();
/** Of the box of a name, above the letters and below. */
const EDGE = 2;
/** Where more travel at once there is not always room for all. */
const CROWD = 3;

function faults(trace: Trace, shape: (typeof STAGE_SHAPES)[number][1]): readonly string[] {
  const hidden = hiddenLayersOf(NOTHING_SAID, trace.tells ?? []);
  const layerOf = createLayerOf(trace);
  const isShown = (message: MessageRecord): boolean => !hidden.has(layerOf(message));
  const { columns, layers, phases } = legendOf(trace);
  const topology = withoutLayers({ networks: trace.networks, entities: trace.entities, links: deriveLinks(trace) }, trace.records, hidden);
  const layout = layoutNetwork(topology, { ...shape, legendColumns: columns, legendItems: layers.length + phases.length });
  const { width, height, entities, links, halos } = layout;
  const texts = [...links, ...halos].flatMap(({ label }) => (label === undefined ? [] : [label.box]));
  const pillsOf = createPills({ width, height, entities, texts });
  const sampler = createSampler(trace, layout, isShown);
  const story = deriveStory(trace, true, isShown);
  return story.steps
    .filter(({ index }) => story.isTold(index))
    .flatMap(({ name, restS }) => {
      const { packets } = sampler.at(story.teaching.toSimulated(restS));
      return pillsOf(packets).flatMap(({ place, width: long, pill }) => {
        if (place === undefined || packets.length > CROWD) return [];
        const box = centredBox(place.x, place.y, long, PILL_HEIGHT);
        return entities.filter(({ nameBox }) => overlap(inflate(nameBox, -EDGE), box)).map((entity) => `${name}: ${pill.text} on ${entity.name}`);
      });
    });
}

describe('what travels', () => {
  it.each(SCENARIO_IDS)('rests on no name in %s', (id) => {
    const trace = computeNamed(id);
    for (const [, shape] of STAGE_SHAPES) expect(faults(trace, shape)).toEqual([]);
  });
});
