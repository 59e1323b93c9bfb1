/** Real runs, and the tools to doctor one message of them, so that a rule can be seen to fire. */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, type Scenario, validateScenario } from '#scenario/scenario.ts';
import type { MessageRecord, Trace, TraceRecord } from '#trace/record.ts';

export function run(scenario: Omit<Scenario, 'format' | 'id' | 'title' | 'summary'>): Trace {
  const valid = validateScenario({ format: 1, id: 'for-rules', title: 'For rules', summary: 'A run to be doctored.', ...scenario });
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

export const watch = { kind: 'subscribe', to: 'sip:user2_public1@home2.net' };

export const P1 = 'pcscf1.visited1.net';
export const S1 = 'scscf1.home1.net';

export type Pick = (record: MessageRecord) => boolean;

export const hop =
  (from: string, to: string, label: string, after = 0): Pick =>
  (r) =>
    r.from === from && r.to === to && r.label === label && r.sentAt >= after * 1e6;

/** One message's text changed: the first that fits. */
export function rewrite(trace: Trace, pick: Pick, edit: (text: string) => string): Trace {
  const victim = find(trace, pick);
  const before = decodeUtf8(victim.bytes);
  const after = edit(before);
  if (after === before) throw new Error(`nothing changed in ${before}`);
  return { ...trace, records: trace.records.map((r) => (r === victim ? { ...victim, bytes: encodeUtf8(after) } : r)) };
}

export const header =
  (name: string, edit: (value: string) => string) =>
  (text: string): string =>
    text.replace(new RegExp(`^(${name}: )(.*)$`, 'm'), (_, start: string, value: string) => start + edit(value.trimEnd()));
export const add =
  (line: string) =>
  (text: string): string =>
    text.replace('Content-Length', `${line}\r\nContent-Length`);
export const without =
  (name: string) =>
  (text: string): string =>
    text.replace(new RegExp(`^${name}:.*\r\n`, 'm'), '');

export function mapRecord(trace: Trace, pick: Pick, edit: (record: MessageRecord) => readonly MessageRecord[]): Trace {
  const victim = find(trace, pick);
  const records = trace.records.flatMap((r): readonly TraceRecord[] => (r === victim ? edit(victim) : [r]));
  return { ...trace, records };
}

export const find = (trace: Trace, pick: Pick): MessageRecord => {
  const found = trace.records.find((r): r is MessageRecord => r.kind === 'message' && pick(r));
  if (found === undefined) throw new Error('not found');
  return found;
};

export type Doctored = readonly (readonly [rule: string, how: string, trace: () => Trace])[];
