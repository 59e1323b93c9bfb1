import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { countAlike } from './alike.ts';
import { layoutNetwork } from './layout.ts';
import { createSampler, type Packet } from './sampler.ts';

/** One packet of the hand-made run, to be copied. */
function somePacket(): Packet {
  const trace = createFixtureTrace();
  const sampler = createSampler(trace, layoutNetwork(trace));
  for (const record of trace.records) {
    const packet = record.kind === 'message' ? sampler.at(record.sentAt).packets[0] : undefined;
    if (packet !== undefined) return { ...packet, phase: 'travelling' };
  }
  throw new Error('nothing travels in the hand-made run');
}

const countsOf = (packets: readonly Packet[]): readonly number[] => {
  const counts: number[] = [9, 9, 9, 9, 9, 9];
  countAlike(packets, counts);
  return counts;
};

describe('countAlike', () => {
  const packet = somePacket();
  const other = (more: Partial<Packet['pill']>): Packet => ({ ...packet, pill: { ...packet.pill, ...more } });

  it('lets the first stand for all that are the same', () => {
    expect(countsOf([packet, { ...packet, x: packet.x + 5 }, { ...packet }])).toEqual([3, 0, 0]);
  });

  it('keeps apart what says something else, goes the other way, is elsewhere or is lost', () => {
    const back = other({ message: { ...packet.pill.message, from: packet.pill.message.to, to: packet.pill.message.from } });
    const strangers = [packet, other({ text: '200 OK' }), back, { ...packet, x: packet.x + 40 }, { ...packet, phase: 'lost' as const }];
    expect(countsOf(strangers)).toEqual([1, 1, 1, 1, 1]);
  });
});
