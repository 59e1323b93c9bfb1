import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PILL_HEIGHT } from './metrics.ts';
import { cornerPath } from './geometry.ts';
import { placePills, standsBelow, type PillAt, type PillPlace } from './place-pills.ts';

const GROUND = { width: 900, height: 300, lift: 21 };
const placesOf = (pills: readonly PillAt[], lift = GROUND.lift): readonly PillPlace[] => {
  const places: PillPlace[] = [];
  placePills(pills, { ...GROUND, lift }, places);
  return places;
};
const pill = (x: number, y: number, more: Partial<PillAt> = {}): PillAt => ({ x, y, dx: 1, dy: 0, width: 80, ...more });

describe('placePills', () => {
  it('lets a pill float above a level way and point at it, and sit on a steep one', () => {
    expect(placesOf([pill(300, 150)])).toEqual([{ x: 300, y: 129, points: true }]);
    const [steep] = placesOf([pill(300, 150, { dx: 0, dy: -1 })]);
    expect(steep).toEqual({ x: 300, y: 160, points: false });
    expect(placesOf([pill(300, 150, { dx: 0, dy: 1 })], 0)).toEqual([{ x: 300, y: 150, points: false }]);
  });

  it('keeps pills inside the world', () => {
    expect(placesOf([pill(2, 5), pill(899, 150)])).toEqual([
      { x: 44, y: PILL_HEIGHT / 2 + 3, points: false },
      { x: 856, y: 129, points: true },
    ]);
  });

  it('never lays one over another, however many meet', () => {
    const some = fc.array(
      fc.record({
        x: fc.integer({ min: 0, max: 900 }),
        y: fc.integer({ min: 0, max: 300 }),
        dx: fc.constantFrom(0, 1),
        dy: fc.constantFrom(-1, 1),
        width: fc.integer({ min: 40, max: 160 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (pills) => {
        const places = placesOf(pills);
        places.forEach((a, i) =>
          places.slice(0, i).forEach((b, j) => {
            const apart = ((pills[i]?.width ?? 0) + (pills[j]?.width ?? 0)) / 2;
            expect(Math.abs(a.x - b.x) >= apart || Math.abs(a.y - b.y) >= PILL_HEIGHT).toBe(true);
          }),
        );
      }),
    );
  });

  it('stands below a way along which a name would be covered, and points up at it', () => {
    const places: PillPlace[] = [];
    placePills([{ x: 300, y: 100, dx: 1, dy: 0, width: 80, below: true }], { width: 600, height: 300, lift: 21 }, places);
    expect(places[0]).toEqual({ x: 300, y: 121, points: true });
    const way = {
      path: cornerPath(
        [
          { x: 100, y: 100 },
          { x: 500, y: 100 },
        ],
        10,
      ),
      from: 0,
      to: 400,
    };
    const nameAbove = { x: 260, y: 70, width: 80, height: 18 };
    expect(standsBelow(way, [nameAbove], 21)).toBe(true);
    expect(standsBelow(way, [{ ...nameAbove, y: 112 }], 21)).toBe(false);
    expect(standsBelow(way, [], 21)).toBe(false);
  });
});
