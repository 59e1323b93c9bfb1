/** Packets that are the same: what one entity sends to many at once would hide the map, and one pill with a number says as much. */
import type { Packet } from './sampler.ts';

/** Alike, and no further apart than their pills are high, they are one. */
const TOGETHER = 25;

const isAlike = (a: Packet, b: Packet): boolean =>
  a.phase === 'travelling' &&
  b.phase === 'travelling' &&
  a.pill.link === b.pill.link &&
  a.pill.text === b.pill.text &&
  a.pill.message.from === b.pill.message.from &&
  Math.hypot(a.x - b.x, a.y - b.y) < TOGETHER;

/** Writes for each packet how many it stands for: itself and what is like it; 0 for one that an earlier one stands for. */
export function countAlike(packets: readonly Packet[], counts: number[]): void {
  counts.length = 0;
  for (const [i, packet] of packets.entries()) {
    const first = packets.findIndex((other, j) => j < i && (counts[j] ?? 0) > 0 && isAlike(other, packet));
    counts[i] = first < 0 ? 1 : 0;
    if (first >= 0) counts[first] = (counts[first] ?? 0) + 1;
  }
}
