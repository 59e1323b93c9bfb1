import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { TraceBuilder } from '#testing/trace-builder.ts';
import { stepsOf } from './steps.ts';
import { createTeachingTime } from './teaching-time.ts';

const S = 1_000_000;
const traceOf = (flights: readonly (readonly [number, number])[], until: number, chapters = new TraceBuilder()) => {
  for (const [sentAt, arrivedAt] of flights) chapters.message('ue1', 'pcscf1.visited1.net', '200 OK (X)', { sentAt, arrivedAt });
  return chapters.build(until);
};

describe('teaching time', () => {
  it('a lone message that explains nothing takes 0.65 s however fast its link is', () => {
    const t = createTeachingTime(
      traceOf(
        [
          [1000, 1003],
          [1003, 41_003],
        ],
        41_003,
      ),
    );
    expect(t.toTeaching(1003) - t.toTeaching(1000)).toBeCloseTo(0.65);
    expect(t.toTeaching(41_003) - t.toTeaching(1003)).toBeCloseTo(0.65);
  });

  it('a name that is looked up passes in 0.4 s', () => {
    const b = new TraceBuilder();
    b.message('ue1', 'pcscf1.visited1.net', 'DNS NAPTR home2.net', { protocol: 'DNS', sentAt: 0, arrivedAt: 5 });
    expect(createTeachingTime(b.build(5)).total).toBeCloseTo(0.4);
  });

  it('an act that matters gets time for the words of its reason, the first time that it is given; who only passes on gets none', () => {
    const reason = 'So many words have to be read before the next thing happens.';
    const longer = `${reason} ${reason} ${reason} ${reason}`;
    const note = (text: string) => ({ op: 'routed', reason: text }) as const;
    const b = new TraceBuilder();
    b.message('ue1', 'pcscf1.visited1.net', 'SUBSCRIBE', { sentAt: 0, arrivedAt: 10, notes: [note(reason)] });
    b.message('ue1', 'pcscf1.visited1.net', 'SUBSCRIBE', { sentAt: 10, arrivedAt: 20, notes: [note(reason)] });
    b.message('ue1', 'pcscf1.visited1.net', 'SUBSCRIBE', { sentAt: 20, arrivedAt: 30, notes: [note(longer)] });
    const t = createTeachingTime(b.build(30));
    const lengths = [0, 10, 20].map((at) => Number((t.toTeaching(at + 10) - t.toTeaching(at)).toFixed(3)));
    expect(lengths).toEqual([1.56, 0.65, 2.4]);
  });

  it('dwells on what is begun, learned and decided, and hurries over what is passed on', () => {
    const trace = computeNamed('subscribe-across-networks');
    const time = createTeachingTime(trace, ({ protocol }) => protocol !== 'DNS');
    const labels = new Map(trace.entities.map(({ id, label }) => [id, label]));
    const secondsOf = (label: string, from: string): readonly number[] =>
      stepsOf(trace).flatMap(({ message, prologue }) =>
        prologue || message.label !== label || labels.get(message.from) !== from
          ? []
          : [Number((time.toTeaching(message.arrivedAt ?? 0) - time.toTeaching(message.sentAt)).toFixed(2))],
      );
    expect(secondsOf('SUBSCRIBE', 'UE#1')[0]).toBeGreaterThan(1.5);
    expect(secondsOf('LIR', 'I-CSCF#2')[0]).toBeGreaterThan(1.5);
    expect(secondsOf('SUBSCRIBE', 'I-CSCF#2')[0]).toBeGreaterThan(1.5);
    expect(secondsOf('SUBSCRIBE', 'P-CSCF#1')[0]).toBe(0.65);
    expect(time.total).toBeGreaterThan(38);
    expect(time.total).toBeLessThan(45.5);
  });

  it('overlapping messages overlap, keep their order and get their time at least', () => {
    const t = createTeachingTime(
      traceOf(
        [
          [0, 4000],
          [1000, 5000],
        ],
        5000,
      ),
    );
    expect([0, 1000, 4000, 5000].map((at) => Number(t.toTeaching(at).toFixed(6)))).toEqual([0, 0.1625, 0.65, 0.8125]);
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
    expect(t.total).toBeCloseTo(1.65);
    expect(t.folds).toEqual([]);
  });

  it('a message that never arrives is told to the end of the run', () => {
    const b = new TraceBuilder();
    b.message('ue1', 'pcscf1.visited1.net', 'X', { sentAt: 0 });
    expect(createTeachingTime(b.build(S)).total).toBeCloseTo(0.65);
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
            if (!withPrologue || from >= 4 * S) expect(t.toTeaching(to) - t.toTeaching(from)).toBeGreaterThan(0.65 - 1e-9);
          }
          expect(t.toTeaching(25 * S)).toBe(t.total);
          for (const fold of t.folds) expect(fold.to - fold.from).toBeGreaterThan(2 * S);
        },
      ),
    );
  });
});
