import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { TraceBuilder } from '#testing/trace-builder.ts';
import { createTeachingTime } from './teaching-time.ts';

const S = 1_000_000;
const traceOf = (flights: readonly (readonly [number, number])[], until: number, chapters = new TraceBuilder()) => {
  for (const [sentAt, arrivedAt] of flights) chapters.message('ue1', 'pcscf1.visited1.net', '200 OK (X)', { sentAt, arrivedAt });
  return chapters.build(until);
};

describe('teaching time', () => {
  it('a lone answer takes 0.8 s however fast its link is', () => {
    const t = createTeachingTime(
      traceOf(
        [
          [1000, 1003],
          [1003, 41_003],
        ],
        41_003,
      ),
    );
    expect(t.toTeaching(1003) - t.toTeaching(1000)).toBeCloseTo(0.8);
    expect(t.toTeaching(41_003) - t.toTeaching(1003)).toBeCloseTo(0.8);
  });

  it.each([
    ['SIP', 'SUBSCRIBE', 1],
    ['SIP', '200 OK (SUBSCRIBE)', 0.8],
    ['Diameter', 'LIR', 1.6],
    ['Diameter', 'ACR (event)', 0.8],
    ['DNS', 'DNS NAPTR home2.net', 0.4],
  ] as const)('%s %s gets %d s', (protocol, label, seconds) => {
    const b = new TraceBuilder();
    b.message('ue1', 'pcscf1.visited1.net', label, { protocol, sentAt: 0, arrivedAt: 5 });
    expect(createTeachingTime(b.build(5)).total).toBeCloseTo(seconds);
  });

  it('overlapping messages overlap, keep their order and get 0.8 s each at least', () => {
    const t = createTeachingTime(
      traceOf(
        [
          [0, 4000],
          [1000, 5000],
        ],
        5000,
      ),
    );
    expect([0, 1000, 4000, 5000].map((at) => Number(t.toTeaching(at).toFixed(6)))).toEqual([0, 0.2, 0.8, 1]);
  });

  it('folds what is longer than 2 s and says so', () => {
    const t = createTeachingTime(
      traceOf(
        [
          [0, 1000],
          [1.5 * S + 1000, 1.5 * S + 2000],
          [3601.5 * S + 2000, 3601.5 * S + 3000],
        ],
        3601.5 * S + 3000,
      ),
    );
    expect(t.folds).toEqual([{ from: 1_502_000, to: 3_601_502_000, label: '3 600 s' }]);
    expect(t.toTeaching(3_601_502_000) - t.toTeaching(1_502_000)).toBeCloseTo(0.6);
    expect(t.toTeaching(1_501_000) - t.toTeaching(1000)).toBeCloseTo(0.45);
  });

  it('passes the prologue in a second', () => {
    const chapters = new TraceBuilder().chapter('before', 'Registrations', 0, true).chapter('story', 'Story', 10 * S);
    const t = createTeachingTime(
      traceOf(
        [
          [1000, 2000],
          [2000, 3000],
          [10 * S, 10 * S + 5000],
        ],
        10 * S + 5000,
        chapters,
      ),
    );
    expect(t.toTeaching(10 * S)).toBeCloseTo(1);
    expect(t.total).toBeCloseTo(1.8);
    expect(t.folds).toEqual([]);
  });

  it('a message that never arrives is told to the end of the run', () => {
    const b = new TraceBuilder();
    b.message('ue1', 'pcscf1.visited1.net', 'X', { sentAt: 0 });
    expect(createTeachingTime(b.build(S)).total).toBeCloseTo(1);
  });

  it('tells the principal flow in about forty seconds', () => {
    const { total } = createTeachingTime(createFixtureTrace());
    expect(total).toBeGreaterThan(32);
    expect(total).toBeLessThan(48);
  });

  it('is strictly monotonic, has an inverse, and gives every message its time', () => {
    const flight = fc
      .tuple(fc.integer({ min: 0, max: 20 * S }), fc.integer({ min: 1, max: 3 * S }))
      .map(([sentAt, flies]) => [sentAt, sentAt + flies] as const);
    fc.assert(
      fc.property(
        fc.array(flight, { maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 25 * S }), { minLength: 2, maxLength: 30 }),
        fc.boolean(),
        (flights, moments, withPrologue) => {
          const chapters = withPrologue ? new TraceBuilder().chapter('p', 'P', 0, true).chapter('s', 'S', 4 * S) : new TraceBuilder();
          const t = createTeachingTime(traceOf(flights, 25 * S, chapters));
          const sorted = [...new Set(moments)].sort((a, b) => a - b);
          sorted.forEach((at, i) => {
            expect(Math.abs(t.toSimulated(t.toTeaching(at)) - at)).toBeLessThan(1);
            if (i > 0) expect(t.toTeaching(at)).toBeGreaterThan(t.toTeaching(sorted[i - 1] ?? 0));
          });
          for (const [from, to] of flights) {
            if (!withPrologue || from >= 4 * S) expect(t.toTeaching(to) - t.toTeaching(from)).toBeGreaterThan(0.8 - 1e-9);
          }
          expect(t.toTeaching(25 * S)).toBe(t.total);
          for (const fold of t.folds) expect(fold.to - fold.from).toBeGreaterThan(2 * S);
        },
      ),
    );
  });
});
