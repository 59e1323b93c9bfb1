import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PILL_HEIGHT } from './metrics.ts';
import { centredBox, cornerPath, overlap } from './geometry.ts';
import { asideOf, placePills, roomBesideName, sideOf, type PillAt, type PillPlace } from './place-pills.ts';

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
      { x: 856, y: 129, points: false },
    ]);
  });

  it('keeps pills off the glyphs between which they travel, where they find room there, and points no farther than a pill reaches', () => {
    const between = [200, 300] as const;
    expect(placesOf([pill(205, 150, { between })])).toEqual([{ x: 243, y: 129, points: false }]);
    expect(placesOf([pill(250, 150, { between })])).toEqual([{ x: 250, y: 129, points: true }]);
    expect(placesOf([pill(205, 150, { between: [200, 270] })])).toEqual([{ x: 205, y: 129, points: true }]);
  });

  it('keeps pills between the name of one and the glyph of another right below, where they find room there', () => {
    const steep = { dx: 0, dy: 1, within: [100, 140] as const };
    const half = PILL_HEIGHT / 2;
    expect(placesOf([pill(300, 60, steep)])).toEqual([{ x: 300, y: 100 + half, points: false }]);
    expect(placesOf([pill(300, 110, steep)])).toEqual([{ x: 300, y: 120, points: false }]);
    expect(placesOf([pill(300, 200, steep)])).toEqual([{ x: 300, y: 140 - half, points: false }]);
    expect(placesOf([pill(300, 60, { ...steep, within: [100, 120] })])).toEqual([{ x: 300, y: 110, points: false }]);
    expect(placesOf([pill(300, 60, { ...steep, within: [100, 110] })])).toEqual([{ x: 300, y: 70, points: false }]);
  });

  it('keeps pills below the name of a short way down, where they would hide it at rest', () => {
    const down = (length: number, at: number, x = 100) => ({
      path: cornerPath(
        [
          { x: 100, y: 100 },
          { x, y: 100 + length },
        ],
        10,
      ),
      from: 0,
      to: length,
      label: { text: 'Px', x: 116, y: at, box: centredBox(116, at, 20, 16) },
    });
    expect(roomBesideName(down(50, 110))).toEqual([118, 150]);
    expect(roomBesideName(down(90, 120))).toBeUndefined();
    expect(roomBesideName(down(50, 110, 130))).toBeUndefined();
    const { path, from, to } = down(50, 110);
    expect(roomBesideName({ path, from, to })).toBeUndefined();
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

  it('stands on the side of its way on which it covers least, and points at it from there', () => {
    expect(placesOf([pill(300, 100, { side: -1 })])).toEqual([{ x: 300, y: 121, points: true }]);
    expect(placesOf([pill(300, 100, { side: 0 })])).toEqual([{ x: 300, y: 100, points: false }]);
    const points = [
      { x: 100, y: 100 },
      { x: 500, y: 100 },
    ];
    const way = { path: cornerPath(points, 10), from: 0, to: 400 };
    const above = { x: 260, y: 66, width: 80, height: 18 };
    const below = { ...above, y: 116 };
    const side = (...boxes: readonly (readonly [typeof above, number])[]): number =>
      sideOf(
        way,
        boxes.map(([box, weight]) => ({ box, weight })),
        21,
      );
    expect(side()).toBe(1);
    expect(side([above, 1])).toBe(-1);
    expect(side([below, 1])).toBe(1);
    expect(side([above, 1], [below, 3])).toBe(0);
    // A name that reaches almost to the way: a little beside it there is room.
    const near = { ...above, y: 72, height: 19 };
    expect(side([near, 1], [{ ...below, y: 124 }, 3])).toBe(-0.4);
    expect(placesOf([pill(300, 100, { side: -0.4 })])).toEqual([{ x: 300, y: 108.4, points: false }]);
  });

  it('does not pass over somebody whom it does not visit, also when it gives way to another pill', () => {
    const glyph = { x: 280, y: 160, width: 46, height: 46 };
    const [earlier, later] = placesOf([pill(300, 150), pill(310, 140, { avoid: [glyph] })]);
    expect(Math.abs((earlier?.y ?? 0) - (later?.y ?? 0))).toBeGreaterThanOrEqual(PILL_HEIGHT);
    expect((later?.y ?? 0) + PILL_HEIGHT / 2).toBeLessThanOrEqual(glyph.y);
    const [only] = placesOf([pill(300, 190, { avoid: [glyph] })]);
    expect((only?.y ?? 0) + PILL_HEIGHT / 2 <= glyph.y || (only?.y ?? 0) - PILL_HEIGHT / 2 >= glyph.y + glyph.height).toBe(true);
  });

  it('gives way to another pill without standing on a name, where there is room', () => {
    const name = { x: 260, y: 138, width: 80, height: 19 };
    const [, free] = placesOf([pill(300, 150), pill(304, 154)]);
    const [, spared] = placesOf([pill(300, 150), pill(304, 154, { spare: [name] })]);
    expect(overlap(name, centredBox(free?.x ?? 0, free?.y ?? 0, 80, PILL_HEIGHT))).toBe(true);
    expect(overlap({ ...name, y: name.y + 2, height: name.height - 4 }, centredBox(spared?.x ?? 0, spared?.y ?? 0, 80, PILL_HEIGHT))).toBe(false);
  });

  it('rests beside a name that stands where it would rest, and where it always does when there is none', () => {
    const points = [
      { x: 100, y: 100 },
      { x: 500, y: 100 },
    ];
    const way = { path: cornerPath(points, 10), from: 0, to: 400 };
    const name = { x: 270, y: 62, width: 60, height: 19 };
    const covered = [{ box: name, weight: 6 }];
    const aside = asideOf(way, { width: 80, spare: [name] }, covered, GROUND);
    const [place] = placesOf([pill(300, 100, { spare: [name], ...(aside === undefined ? {} : { aside }) })]);
    expect(aside).toBeDefined();
    expect(overlap(name, centredBox(place?.x ?? 0, place?.y ?? 0, 80, PILL_HEIGHT))).toBe(false);
    expect(asideOf(way, { width: 80, spare: [{ ...name, y: 10 }] }, covered, GROUND)).toBeUndefined();
  });
});
