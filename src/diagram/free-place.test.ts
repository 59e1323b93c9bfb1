import { describe, expect, it } from 'vitest';
import { planNetwork } from '#scenario/plan.ts';
import { encloses, overlap } from './geometry.ts';
import { freePlace } from './free-place.ts';
import { layoutNetwork } from './layout.ts';

const SIZES = [
  { width: 330, height: 80 },
  { width: 190, height: 110 },
];

describe('room on the map for a while', () => {
  const plan = planNetwork({ with: ['xdms'] });
  it.each([1.4, 1.8, 2.2, 2.8, 3.4])('lies on no words and no glyph, inside the world (aspect %d)', (aspect) => {
    const layout = layoutNetwork({ networks: plan.networks, entities: [...plan.entities.values()], links: plan.links }, { aspect });
    const near = layout.entities.find(({ entity }) => entity.role === 'presentity')!;
    const box = freePlace(layout, near, SIZES)!;
    expect(encloses({ x: 0, y: 0, width: layout.width, height: layout.height }, box)).toBe(true);
    const furniture = [
      ...layout.entities.flatMap(({ glyphBox, nameBox }) => [glyphBox, nameBox]),
      ...layout.territories.map(({ titleBox }) => titleBox),
      ...layout.links.flatMap(({ label }) => label?.box ?? []),
      layout.legend,
    ];
    expect(furniture.filter((each) => overlap(each, box))).toEqual([]);
  });
  it('may be nowhere', () => {
    const layout = layoutNetwork({ networks: plan.networks, entities: [...plan.entities.values()], links: plan.links }, { aspect: 2 });
    expect(freePlace(layout, layout.entities[0]!, [{ width: 5000, height: 40 }])).toBeUndefined();
    expect(freePlace(layout, layout.entities[0]!, [{ width: 400, height: 400 }])).toBeUndefined();
  });
});
