/** What each way of telling less saves, against the plain run of the same story: in NOTIFYs on their first hop, and in bytes on the air (Gm). */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import type { Trace } from '#trace/record.ts';
import { isMessage } from '#trace/steps.ts';
import { afterPrologue, countTraffic } from '#trace/traffic.ts';
import { findScenario } from './catalog.ts';

interface Counts {
  readonly notifies: number;
  readonly messages: number;
  /** On the watcher's radio link. */
  readonly airBytes: number;
}

function countsOf(id: string, lean: string): Counts {
  const scenario = findScenario(id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const trace = runScenario(scenario, { seed: 1, changes: lean === 'yes' ? [] : [{ kind: 'set', name: 'lean', value: lean }] });
  if ('kind' in trace) throw new Error(trace.message);
  const isOfStory = afterPrologue(trace);
  const traffic = countTraffic(trace, isOfStory);
  return {
    notifies: firstHops(trace).filter(isOfStory).length,
    messages: traffic.total.messages,
    airBytes: traffic.links.filter(({ a, b }) => a === 'ue1' || b === 'ue1').reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const firstHops = ({ records }: Trace) => records.filter(isMessage).filter(({ label, from }) => label === 'NOTIFY' && from === 'ps.home2.net');

describe('fewer and smaller, against the plain run', () => {
  it('conditional-notify: five NOTIFYs of ten, and some of those without a body', () => {
    const [lean, plain] = [countsOf('conditional-notify', 'yes'), countsOf('conditional-notify', 'no')];
    expect([lean.notifies, plain.notifies]).toEqual([5, 10]);
    // A NOTIFY and its answer on three hops each.
    expect(plain.messages - lean.messages).toBeGreaterThanOrEqual(5 * 6);
    expect(lean.airBytes).toBeLessThan(0.75 * plain.airBytes);
  });

  it('partial-notify: as many NOTIFYs, but smaller ones', () => {
    const [lean, plain] = [countsOf('partial-notify', 'yes'), countsOf('partial-notify', 'no')];
    expect([lean.notifies, plain.notifies]).toEqual([6, 6]);
    expect(lean.messages).toBe(plain.messages);
    expect(lean.airBytes).toBeLessThan(0.95 * plain.airBytes);
  });

  it('filters: six NOTIFYs of eight, and smaller ones', () => {
    const [lean, plain] = [countsOf('filters', 'yes'), countsOf('filters', 'no')];
    expect([lean.notifies, plain.notifies]).toEqual([6, 8]);
    expect(lean.airBytes).toBeLessThan(plain.airBytes);
  });

  it('throttle: five NOTIFYs of eight', () => {
    const [lean, plain] = [countsOf('throttle', 'yes'), countsOf('throttle', 'no')];
    expect([lean.notifies, plain.notifies]).toEqual([5, 8]);
    expect(lean.airBytes).toBeLessThan(plain.airBytes);
  });
});
