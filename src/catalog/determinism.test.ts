/** Same scenario, seed and changes: the same run. A change leaves everything before it as it was, and the network answers by itself. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import { momentOf, isMessage, stepsOf } from '#trace/steps.ts';
import { hashOf } from '#trace/hash.ts';
import type { Change, MessageRecord, Trace } from '#trace/record.ts';
import { CATALOG, findScenario, PRINCIPAL } from './catalog.ts';

const principal = findScenario(PRINCIPAL);
if (principal === undefined) throw new Error(PRINCIPAL);

function run(seed = 1, changes: readonly Change[] = [], scenario = principal): Trace {
  if (scenario === undefined) throw new Error('no scenario');
  const trace = runScenario(scenario, { seed, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const find = (trace: Trace, from: string, to: string, label: string, after = 10): MessageRecord => {
  const found = trace.records.filter(isMessage).find((m) => m.from === from && m.to === to && m.label === label && m.sentAt >= after * 1e6);
  if (found === undefined) throw new Error(`no ${label}`);
  return found;
};
const before = (trace: Trace, id: number): readonly unknown[] => trace.records.filter((r) => r.id < id);
const problems = (trace: Trace): readonly string[] => checkTrace(trace).map(({ rule, message }) => `${rule}: ${message}`);

describe('determinism', () => {
  it.each(CATALOG.map((scenario) => ({ id: scenario.id, scenario })))('$id gives the same hash twice, and another with another seed', ({ scenario }) => {
    const hash = hashOf(run(1, [], scenario));
    expect(hashOf(run(1, [], scenario))).toBe(hash);
    expect(hashOf(run(2, [], scenario))).not.toBe(hash);
  });

  it('changes give the same hash twice, too', () => {
    const changes: readonly Change[] = [
      { kind: 'set', name: 'record-route', value: 'both' },
      { kind: 'do', at: 25e6, who: 'ue2', intent: { kind: 'publish', basic: 'closed' } },
    ];
    expect(hashOf(run(3, changes))).toBe(hashOf(run(3, changes)));
    expect(hashOf(run(3, changes))).not.toBe(hashOf(run(3)));
  });
});

describe('a dropped message', () => {
  const whole = run();
  const dropped = (victim: MessageRecord): Trace => run(1, [{ kind: 'drop', record: victim.id }]);

  it.each([
    ['the SUBSCRIBE over the radio', 'ue1', 'pcscf1.visited1.net', 'SUBSCRIBE', 2],
    ['the SUBSCRIBE across the border', 'scscf1.home1.net', 'icscf2-s.home2.net', 'SUBSCRIBE', 0.5],
    ['the NOTIFY across the border', 'ps.home2.net', 'scscf1.home1.net', 'NOTIFY', 0.5],
  ])('%s is sent again by Timer E, and nothing before it changes', (_, from, to, label, wait) => {
    const victim = find(whole, from, to, label);
    const trace = dropped(victim);
    expect(before(trace, victim.id)).toEqual(before(whole, victim.id));
    const again = trace.records.filter(isMessage).filter((m) => m.from === from && m.label === label && m.sentAt === victim.sentAt + wait * 1e6);
    expect(again.map(({ bytes }) => bytes)).toEqual([victim.bytes]);
    expect(trace.records.filter(isMessage).find((m) => m.to === 'ue1' && m.label === 'NOTIFY' && m.sentAt > 10e6)?.arrivedAt).toBeDefined();
    expect(problems(trace)).toEqual([]);
  });

  it('the 200 to the SUBSCRIBE: the request comes again and is answered alike, while the NOTIFY has made the dialog (peers C1)', () => {
    const victim = find(whole, 'pcscf1.visited1.net', 'ue1', '200 OK (SUBSCRIBE)');
    const trace = dropped(victim);
    expect(before(trace, victim.id)).toEqual(before(whole, victim.id));
    const answer = find(trace, 'pcscf1.visited1.net', 'ue1', '200 OK (SUBSCRIBE)', 11);
    expect(answer.bytes).toEqual(victim.bytes);
    expect(find(trace, 'ue1', 'pcscf1.visited1.net', '200 OK (NOTIFY)').sentAt).toBeLessThan(answer.sentAt);
    expect(problems(trace)).toEqual([]);
  });

  it('over TCP nothing is sent again: Timer F ends the transaction', () => {
    const victim = find(whole, 'ue2', 'pcscf2.home2.net', 'PUBLISH', 20);
    expect(victim.transport).toBe('tcp');
    const trace = dropped(victim);
    expect(before(trace, victim.id)).toEqual(before(whole, victim.id));
    expect(trace.records.filter(isMessage).filter(({ bytes }) => bytes.length === victim.bytes.length && String(bytes) === String(victim.bytes))).toHaveLength(
      1,
    );
    expect(trace.records.some((r) => r.kind === 'state' && r.machine.includes('publication (') && r.entity === 'ue2' && r.at === victim.sentAt + 128e6)).toBe(
      true,
    );
    expect(problems(trace)).toEqual([]);
  });
});

describe('a wish in between', () => {
  it('leaves everything before it as it was, and is carried out', () => {
    const whole = run();
    const trace = run(1, [{ kind: 'do', at: 26e6, who: 'ue2', intent: { kind: 'publish', basic: 'closed' } }]);
    const earlier = ({ records }: Trace): readonly unknown[] => records.filter((r) => r.at < 26e6);
    expect(earlier(trace)).toEqual(earlier(whole));
    expect(find(trace, 'pcscf1.visited1.net', 'ue1', 'NOTIFY', 26).sentAt).toBeLessThan(27e6);
    expect(problems(trace)).toEqual([]);
  });

  it.each([
    ['deregister', 'ue2'],
    ['deregister', 'ue1'],
    ['unpublish', 'ue2'],
    ['unsubscribe', 'ue1'],
  ])('%s of %s keeps all rules', (kind, who) => {
    for (const at of [10.05e6, 15e6, 20.03e6, 30e6]) expect(problems(run(1, [{ kind: 'do', at, who, intent: { kind } }]))).toEqual([]);
  });
});

describe('the views of the entities', () => {
  it('can be had at every tenth step of the principal flow', () => {
    const trace = run();
    for (const step of stepsOf(trace).filter(({ index }) => index % 10 === 0)) {
      const views = viewsAt(principal, { seed: 1, changes: [] }, momentOf(step));
      if ('kind' in views) throw new Error(views.message);
      expect([...views.keys()].toSorted()).toEqual(trace.entities.map(({ id }) => id).toSorted());
      expect(() => JSON.stringify([...views.values()])).not.toThrow();
    }
  });
});
