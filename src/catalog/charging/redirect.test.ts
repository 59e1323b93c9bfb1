/** A 3xx is charged like any other end of a transaction (TS 32.260 §5.2.1.1): nobody here redirects, so somebody on the way makes a 302 of a 200. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { validateScenario, isScenarioError } from '#scenario/scenario.ts';
import { chargingOf } from '#trace/charging.ts';
import { textOf } from '#trace/message-facts.ts';
import type { Change, MessageRecord, Trace } from '#trace/record.ts';
import charging from './scenario.ts';

function run(changes: readonly Change[]): Trace {
  const valid = validateScenario(charging);
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

describe('a SUBSCRIBE that is redirected', () => {
  const answer = run([]).records.find((r): r is MessageRecord => r.kind === 'message' && r.label === '200 OK (SUBSCRIBE)' && r.from === 'ps.home2.net');
  const moved = (textOf(answer as MessageRecord) ?? '').replace('SIP/2.0 200 OK', 'SIP/2.0 302 Moved Temporarily');
  const trace = run([{ kind: 'edit', record: answer?.id ?? 0, edits: [{ op: 'text', to: moved }] }]);
  const callId = /^Call-ID: (\S+)/m.exec(moved)?.[1];
  const nodes = chargingOf(trace).nodes.filter(({ request }) => request.ims.sessionId === callId && request.ims.method === 'SUBSCRIBE');

  it('reaches the watcher as a 302', () => {
    expect(trace.records.some((r) => r.kind === 'message' && r.to === 'ue1' && r.label === '302 Moved Temporarily (SUBSCRIBE)')).toBe(true);
  });

  it('is reported by everybody who saw the 302 with the cause −302, and by the one who said 200 with −1', () => {
    expect(Object.fromEntries(nodes.map(({ node, request }) => [node, request.ims.causeCode]))).toEqual({
      'ps.home2.net': -1,
      'scscf2.home2.net': -302,
      'icscf2-s.home2.net': -302,
      'scscf1.home1.net': -302,
      'pcscf1.visited1.net': -302,
    });
    expect(nodes.every(({ record }) => record?.fields.some(({ name, value }) => name === 'Service Reason Return Code' && value !== ''))).toBe(true);
  });
});
