import { describe, expect, it } from 'vitest';
import { formatChargingVector, parseChargingVector } from './charging-vector.ts';

describe('P-Charging-Vector', () => {
  it('is read in any order, with spaces, quotes and parameters that mean nothing here', () => {
    expect(parseChargingVector('orig-ioi=home1.net; icid-value="a;b=c" ;x;icid-generated-at=[2001:db8::1];y="1;2"; term-ioi = "Type 3home2.net"')).toEqual({
      icid: 'a;b=c',
      generatedAt: '[2001:db8::1]',
      originating: 'home1.net',
      terminating: 'Type 3home2.net',
    });
  });

  it('without an icid-value, or with an empty one, is none', () => {
    for (const value of [undefined, '', 'orig-ioi=a', 'icid-value=""', 'icid-value', ';;=;', 'icid-value="open']) {
      const read = parseChargingVector(value);
      expect([value, read === undefined || read.icid !== '']).toEqual([value, true]);
    }
    expect(parseChargingVector('icid-value=""')).toBeUndefined();
  });

  it('is written as it is read', () => {
    const vector = { icid: 'pcscf1-abc', generatedAt: 'pcscf1.visited1.net', originating: 'Type 1visited1.net', terminating: 'home1.net' };
    expect(parseChargingVector(formatChargingVector(vector))).toEqual(vector);
  });
});
