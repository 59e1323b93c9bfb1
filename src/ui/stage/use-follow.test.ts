import { describe, expect, it } from 'vitest';
import { layoutNetwork } from '#diagram/layout.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { viewOf } from './use-follow.ts';

const trace = createFixtureTrace();
const layout = layoutNetwork(trace, { aspect: 1.75 });
const TELEPHONE = { width: 390, height: 288 };

describe('the view that follows the messages on a telephone', () => {
  it('is the whole where nobody acts', () => {
    expect(viewOf(layout, [], TELEPHONE)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(viewOf(layout, ['nobody'], TELEPHONE)).toEqual({ scale: 1, x: 0, y: 0 });
  });

  it('shows both who send and who receive, with their names, and never beyond the edge of the map', () => {
    for (const link of layout.links) {
      const { scale, x, y } = viewOf(layout, [link.a, link.b], TELEPHONE);
      expect(scale).toBeGreaterThanOrEqual(1);
      expect(x).toBeLessThanOrEqual(0);
      expect(x).toBeGreaterThanOrEqual(layout.width * (1 - scale) - 1e-9);
      for (const end of [link.a, link.b]) {
        const { nameBox } = layout.entityById.get(end)!;
        expect(nameBox.x * scale + x, `${link.a} ${link.b}`).toBeGreaterThanOrEqual(-1);
        expect((nameBox.x + nameBox.width) * scale + x).toBeLessThanOrEqual(layout.width + 1);
        expect(nameBox.y * scale + y).toBeGreaterThanOrEqual(-layout.height / 2);
      }
    }
  });
});
