import { describe, expect, it } from 'vitest';
import { functionLinks, functionsOf } from '#trace/architecture.ts';
import { computeRun } from '#testing/computed-run.ts';
import { readStage2 } from '#trace/stage2.ts';
import { TraceIndex } from '#trace/trace-index.ts';
import { brokenAt } from './broken.ts';
import { faultOfLine, innerFaults, linksBehind } from './function-faults.ts';
import { layoutFunctions } from './layout-functions.ts';

const SECOND = 1_000_000;
const trace = computeRun({
  format: 1,
  id: 'faults',
  title: 'Faults',
  summary: 'What is broken between functions and inside them.',
  until: 40,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'scscf1', do: { kind: 'cut', to: 'icscf2' } },
    { at: 11, who: 'icscf2', do: { kind: 'cut', to: 'scscf2' } },
    { at: 12, who: 'icscf2', do: { kind: 'cut', to: 'hss2' } },
    { at: 13, who: 'scscf2', do: { kind: 'impair', to: 'ps', lossPerMille: 330 } },
  ],
});
const { functions: found, trace: told } = readStage2(trace, new TraceIndex(trace));
const functions = functionsOf(trace, found);
const layout = layoutFunctions({ trace, functions, links: functionLinks(functions, told.links), architecture: false, absent: [], absentLinks: [] });
const behind = linksBehind(layout, trace.links);
const broken = brokenAt(trace, 20 * SECOND);
const faults = layout.links.flatMap((link) => {
  const fault = faultOfLine(behind.get(link.id) ?? [], broken);
  return fault === undefined
    ? []
    : [`${functions.find(({ id }) => id === link.a)?.title} – ${functions.find(({ id }) => id === link.b)?.title}: ${fault.words}`];
});

describe('what is broken, told by functions', () => {
  it('is a line of which all links are cut, a line of which some are, and one that is bad', () => {
    expect(faults.toSorted()).toMatchInlineSnapshot(`
      [
        "HSS – Presentity Presence Proxy: 1 of 2 cut",
        "Presentity Presence Proxy – Presence Server: loses 33 %",
        "Presentity Presence Proxy – Watcher Presence Proxy: cut",
      ]
    `);
  });

  it('is told between the members of one function', () => {
    expect(innerFaults(layout, trace.links, broken).map(({ from, to, words }) => [from.entity.label, to.entity.label, words])).toEqual([
      ['I-CSCF#2', 'S-CSCF#2', 'cut'],
    ]);
  });

  it('is nothing while all is well', () => {
    const whole = brokenAt(trace, 0);
    expect(layout.links.every((link) => faultOfLine(behind.get(link.id) ?? [], whole) === undefined)).toBe(true);
    expect(innerFaults(layout, trace.links, whole)).toEqual([]);
  });
});
