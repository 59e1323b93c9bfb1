/** A complete subscription, from the SUBSCRIBE to the 200 of its first NOTIFY, through every entity and its bytes; with and without recording; and its memory. */
import { seconds, type SimTime } from '#base/time.ts';
import { createCrowd, type Crowd } from './crowd.ts';

export interface FlowFigures {
  /** Microseconds for one flow. */
  readonly flow: number;
  /** Messages of one flow. */
  readonly messages: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;

/** `count` flows of distinct registered users, one each 10 ms of simulated time, in batches; the median batch counts. */
export function measureFlow(count: number, recorded: boolean): FlowFigures {
  const crowd = createCrowd(count, recorded);
  const batch = 100;
  const times: number[] = [];
  let messages = 0;
  for (let first = 0; first + batch <= count; first += batch) {
    const start = schedule(crowd, first, batch);
    const began = process.hrtime.bigint();
    crowd.kernel.runUntil(start);
    times.push(Number(process.hrtime.bigint() - began) / 1000 / batch);
    if (crowd.recording !== undefined) {
      messages = crowd.recording.records.filter((record) => record.kind === 'message').length / batch;
      crowd.recording.records.length = 0;
    }
  }
  return { flow: median(times.slice(Math.floor(times.length / 3))), messages };
}

/** Asks for the subscriptions; returns when the timers of their transactions are over as well. */
function schedule(crowd: Crowd, first: number, batch: number): SimTime {
  const from = crowd.kernel.now + seconds(1);
  for (let i = 0; i < batch; i++) {
    crowd.ask((from + 10_000 * i) as SimTime, `w${first + i}`, { kind: 'subscribe', to: `sip:p${first + i}_public@home2.net`, expires: 86_400 });
  }
  return (from + 10_000 * batch + seconds(140)) as SimTime;
}

/** Bytes of heap per live subscription over all entities, after forced collection (needs --expose-gc). */
export function measureMemory(count: number): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('run the bench with --expose-gc');
  const crowd = createCrowd(count, false);
  const settle = (): number => {
    for (let i = 0; i < 4; i++) collect();
    return process.memoryUsage().heapUsed;
  };
  const half = count / 2;
  crowd.kernel.runUntil(schedule(crowd, 0, half));
  const before = settle();
  crowd.kernel.runUntil(schedule(crowd, half, half));
  const after = settle();
  return (after - before) / half;
}
