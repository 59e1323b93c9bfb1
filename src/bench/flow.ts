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

/** Flows a second: what the yardstick of the issue, a chain of Kamailio, carries on two cores. */
export const USUAL = 3000;
const BATCH = 100;
/** Both sides run so long before they are measured: code is compiled by then. JsSIP's parser becomes faster until about 8000 texts, ours until about 3000 flows. */
const WARM_FLOWS = 3000;
const WARM_PARSES = 9000;

/** `count` flows of distinct registered users, so many a second of simulated time, in batches, and as many of JsSIP's parses in turns with them. */
export function measureFlow(count: number, recorded: boolean, perSecond: number): FlowFigures {
  const parser = createRequire(import.meta.url)('jssip/lib/Parser.js') as JsSipParser;
  const crowd = createCrowd(WARM_FLOWS + count, recorded);
  const flow = (first: number, many: number): number => {
    const until = ask(crowd, first, many, perSecond);
    return processorTime(() => crowd.kernel.runUntil(until)) / many;
  };
  const parse = (first: number, many: number): number => {
    const texts = Array.from({ length: many }, (_, i) => subscribeText(first + i));
    return processorTime(() => texts.forEach((text) => parser.parseMessage(text, {}))) / many;
  };
  // In two halves, so that what one leaves behind is collected before it is measured.
  for (let half = 0; half < 2; half++) {
    flow((half * WARM_FLOWS) / 2, WARM_FLOWS / 2);
    parse((half * WARM_PARSES) / 2, WARM_PARSES / 2);
    if (crowd.recording !== undefined) crowd.recording.records.length = 0;
  }
  const flows: number[] = [];
  const parses: number[] = [];
  let messages = 0;
  for (let done = 0; done + BATCH <= count; done += BATCH) {
    flows.push(flow(WARM_FLOWS + done, BATCH));
    parses.push(parse(WARM_PARSES + done, BATCH));
    if (crowd.recording !== undefined) {
      messages = crowd.recording.records.filter((record) => record.kind === 'message').length / BATCH;
      crowd.recording.records.length = 0;
    }
  }
  const ratios = flows.map((one, i) => one / (parses[i] as number));
  return { flow: median(flows), jssip: median(parses), ratio: median(ratios), messages };
}

/** Asks for the subscriptions; returns when the timers of their transactions are over as well. */
function ask(crowd: Crowd, first: number, count: number, perSecond: number): SimTime {
  const from = crowd.kernel.now + seconds(1);
  const gap = Math.round(1_000_000 / perSecond);
  for (let i = 0; i < count; i++) {
    crowd.ask((from + gap * i) as SimTime, `w${first + i}`, { kind: 'subscribe', to: `sip:p${first + i}_public@home2.net`, expires: 86_400 });
  }
  return (from + gap * count + seconds(140)) as SimTime;
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
  crowd.kernel.runUntil(ask(crowd, 0, warm, USUAL));
  const before = settle();
  crowd.kernel.runUntil(ask(crowd, warm, count - warm, USUAL));
  return (settle() - before) / (count - warm);
}
