/** The stage-2 ladder of a run as aligned lines, in the manner of `formatLadder`, with what it leaves out said under it. */
import { formatLadder, type LadderOptions } from './ladder-text.ts';
import type { MessageRecord, Trace } from './record.ts';
import { readStage2 } from './stage2.ts';
import { TraceIndex } from './trace-index.ts';

/** `DNS`, `REGISTER` with its answers, `LIR`; of the packages only presence has names at stage 2. */
function nameOf({ protocol, label }: MessageRecord): string {
  if (protocol === 'DNS') return 'DNS';
  const method = /\(([A-Z]+)\)$/.exec(label)?.[1] ?? label;
  return method === 'SUBSCRIBE' || method === 'NOTIFY' ? `${method} of registrations` : method;
}

export function formatStage2Ladder(trace: Trace, options: LadderOptions = {}): string {
  const index = new TraceIndex(trace);
  const stage2 = readStage2(trace, index);
  const ladder = formatLadder({ ...stage2.trace, title: `${trace.title}: stage 2` }, options);
  const counts = new Map<string, number>();
  for (const id of stage2.leftOut) {
    const message = index.message(id);
    if (message === undefined) continue;
    const name = nameOf(message);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return ladder;
  return `${ladder}\nWithout a name at stage 2: ${Array.from(counts, ([name, count]) => `${count} ${name}`).join(', ')}.\n`;
}
