/** A complete subscription, from the SUBSCRIBE to the 200 of its first NOTIFY, through every entity and its bytes; with and without recording; and its memory. */
import { createRequire } from 'node:module';
import { seconds, type SimTime } from '#base/time.ts';
import { createCrowd, type Crowd } from './crowd.ts';
import { median, processorTime } from './measure.ts';
import { subscribeText } from './sip-hop.ts';

export interface FlowFigures {
  /** Microseconds of processor time for one flow. */
  readonly flow: number;
  /** Microseconds of processor time for one `parseMessage` of JsSIP, measured in turns with the flows. */
  readonly jssip: number;
  /** Flows in JsSIP parses: the median over neighbouring batches. */
  readonly ratio: number;
  /** Transmissions of one flow; 0 without recording. */
  readonly messages: number;
}

interface JsSipParser {
  parseMessage(text: string, ua: object): { readonly method?: string } | undefined;
}

const BATCH = 100;

/**
 * `count` flows of distinct registered users, one each 10 ms of simulated time, in batches. As many flows of another crowd come before and do not count:
 * the engine compiles its code then, and what is measured is the work.
 */
export function measureFlow(count: number, recorded: boolean): FlowFigures {
  runFlows(count, recorded);
  return runFlows(count, recorded);
}

function runFlows(count: number, recorded: boolean): FlowFigures {
  const parser = createRequire(import.meta.url)('jssip/lib/Parser.js') as JsSipParser;
  const crowd = createCrowd(count, recorded);
  const flows: number[] = [];
  const parses: number[] = [];
  let messages = 0;
  for (let first = 0; first + BATCH <= count; first += BATCH) {
    const until = ask(crowd, first, BATCH);
    flows.push(processorTime(() => crowd.kernel.runUntil(until)) / BATCH);
    const texts = Array.from({ length: BATCH }, (_, i) => subscribeText(first + i));
    parses.push(processorTime(() => texts.forEach((text) => parser.parseMessage(text, {}))) / BATCH);
    if (crowd.recording !== undefined) {
      messages = crowd.recording.records.filter((record) => record.kind === 'message').length / BATCH;
      crowd.recording.records.length = 0;
    }
  }
  const ratios = flows.map((flow, i) => flow / (parses[i] as number));
  return { flow: median(flows), jssip: median(parses), ratio: median(ratios), messages };
}

/** Asks for the subscriptions; returns when the timers of their transactions are over as well. */
function ask(crowd: Crowd, first: number, count: number): SimTime {
  const from = crowd.kernel.now + seconds(1);
  for (let i = 0; i < count; i++) {
    crowd.ask((from + 10_000 * i) as SimTime, `w${first + i}`, { kind: 'subscribe', to: `sip:p${first + i}_public@home2.net`, expires: 86_400 });
  }
  return (from + 10_000 * count + seconds(140)) as SimTime;
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
  // The first third lets go of what registration left behind, so that only subscriptions are between the two readings.
  const warm = Math.floor(count / 3);
  crowd.kernel.runUntil(ask(crowd, 0, warm));
  const before = settle();
  crowd.kernel.runUntil(ask(crowd, warm, count - warm));
  return (settle() - before) / (count - warm);
}
