import { describe, expect, it } from 'vitest';
import { after, type Duration, inSeconds, seconds, type SimTime } from '#base/time.ts';
import { agreedRates, formatRates, latestNext, leastInterval, parseRates } from './rates.ts';

const START = 0 as SimTime;
const at = (second: number): SimTime => after(START, seconds(second));
const wait = (next: SimTime | undefined, last: SimTime): number | undefined => (next === undefined ? undefined : inSeconds((next - last) as Duration));

describe('rates of NOTIFYs (RFC 6446)', () => {
  it('are read from Event, and written back as they were', () => {
    const rates = parseRates('presence;max-rate=0.05;id=7;min-rate=0.0000000001;adaptive-min-rate=99.9999999999');
    expect(formatRates(rates)).toBe(';max-rate=0.05;min-rate=0.0000000001;adaptive-min-rate=99.9999999999');
    expect(parseRates('presence')).toEqual({});
  });

  it.each(['0', '0.0', '-1', '100', '1.00000000001', 'often', '', '1e3'])('%s is no rate, and counts as absent (§9.2)', (text) => {
    expect(parseRates(`presence;max-rate=${text}`)).toEqual({});
  });

  it('that cannot be kept together are adjusted (§8)', () => {
    expect(agreedRates({ max: '0.05', min: '0.1' })).toEqual({ max: '0.05', min: '0.05' });
    expect(agreedRates({ max: '0.05', adaptive: '0.1' })).toEqual({ max: '0.05', adaptive: '0.05' });
    expect(agreedRates({ min: '0.1', adaptive: '0.05' })).toEqual({ adaptive: '0.05' });
    expect(agreedRates({ min: '0.01', adaptive: '0.05' })).toEqual({ min: '0.01', adaptive: '0.05' });
  });

  it('never go below the five seconds of presence (RFC 3856 §6.10)', () => {
    expect(inSeconds(leastInterval({ max: '0.05' }, seconds(5)))).toBe(20);
    expect(inSeconds(leastInterval({ max: '1' }, seconds(5)))).toBe(5);
    expect(inSeconds(leastInterval({}, seconds(5)))).toBe(5);
  });

  it('of a least kind say when a NOTIFY is due', () => {
    expect(latestNext({}, at(10), [], START)).toBeUndefined();
    expect(wait(latestNext({ min: '0.1' }, at(10), [], START), at(10))).toBe(10);
  });

  it('that adapt wait longer the more was sent (§7.4), but never longer than min-rate allows', () => {
    const quiet = [at(0), at(100)];
    const busy = [at(60), at(70), at(80), at(90), at(95), at(100)];
    const rates = { adaptive: '0.1' };
    const [calm, lively] = [latestNext(rates, at(100), quiet, START), latestNext(rates, at(100), busy, START)];
    // Over 50 s: one NOTIFY and six.
    expect([wait(calm, at(100)), wait(lively, at(100))]).toEqual([2, 12]);
    expect(wait(latestNext({ ...rates, max: '0.2' }, at(100), quiet, START), at(100))).toBe(5);
    expect(wait(latestNext({ ...rates, min: '0.09' }, at(100), busy, START), at(100))).toBeCloseTo(11.111, 3);
    // At the beginning the rate counts as kept.
    expect(wait(latestNext(rates, START, [START], START), START)).toBe(12);
  });
});
