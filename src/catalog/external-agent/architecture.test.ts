/** The Presence External Agent among the functions of stage 2: what it supplies goes by Pex, in the words of TS 23.141 §A.2.1, and nothing that its calendar keeps back goes anywhere. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario } from '#scenario/scenario.ts';
import { stage2Lines } from '#testing/stage2-lines.ts';
import { functionsOf, referencePoints } from '#trace/architecture.ts';
import type { Trace } from '#trace/record.ts';
import { readStage2 } from '#trace/stage2.ts';
import { isMessage } from '#trace/steps.ts';
import externalAgent from './scenario.ts';

function run(name?: string, value = ''): Trace {
  const scenario = validateScenario(externalAgent);
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes: name === undefined ? [] : [{ kind: 'set', name, value }] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
const agentLines = (trace: Trace, chapter: string): readonly string[] =>
  stage2Lines(trace, chapter).filter((line) => line.startsWith('PEA') || line.includes('> PEA') || line.includes('PPP > PS') || line.includes('PS > PPP'));
const said = (trace: Trace, label: RegExp): string =>
  trace.records
    .filter(isMessage)
    .filter((one) => label.test(one.label))
    .map(({ bytes }) => decodeUtf8(bytes))
    .join('');

describe('an agent outside', () => {
  const trace = run();
  const { functions: played } = readStage2(trace);

  it('is the Presence External Agent, and Pex is a link of its own', () => {
    expect(played.find((each) => each.function === 'pea')?.members).toEqual(['pea.example.org']);
    expect(referencePoints(trace, functionsOf(trace, played)).find(({ name }) => name === 'Pex')).toMatchObject({ by: [], missing: undefined });
  });

  it('supplies what it knows by PresUpdateMsg, and is acknowledged, first with the question who it is', () => {
    const challenged = [
      'PEA > PPP: PresUpdateMsg (first)',
      'PPP > PS: PresUpdateMsg (first)',
      'PS > PPP: MsgAck: 401 Unauthorized',
      'PPP > PEA: MsgAck: 401 Unauthorized',
    ];
    const accepted = ['PEA > PPP: PresUpdateMsg (first)', 'PPP > PS: PresUpdateMsg (first)', 'PS > PPP: MsgAck', 'PPP > PEA: MsgAck'];
    expect(agentLines(trace, 'begins')).toEqual([...challenged, ...accepted]);
    const words = (what: string): readonly string[] => accepted.map((line) => line.replace('first', what));
    expect(['moved', 'lasts', 'ends'].map((chapter) => agentLines(trace, chapter))).toEqual([words('change'), words('refresh'), words('remove')]);
  });

  it('lets the watcher see a meeting although the phone has only said that it can be reached', () => {
    const phone = trace.records.filter(isMessage).find(({ from, label }) => from === 'ue2' && label === 'PUBLISH');
    expect(decodeUtf8(phone?.bytes ?? new Uint8Array(0))).not.toContain('meeting');
    expect(said(trace, /^NOTIFY$/)).toMatch(
      /<basic>open<\/basic>[^]*<rpid:activities from="2026-[^"]*T09:10:00.000Z" until="2026-[^"]*"><rpid:meeting\/>|<rpid:meeting\/>/,
    );
  });

  it('tells of a private meeting that the person is busy, and not a word more', () => {
    const hidden = run('class', 'private');
    expect(said(hidden, /^(PUBLISH|NOTIFY)$/)).toContain('<rpid:busy/>');
    expect(said(hidden, /^(PUBLISH|NOTIFY)$/)).not.toMatch(/Budget|Room 5|meeting/);
    expect(said(hidden, /GET/)).toContain('Budget');
  });

  it('is not believed what it claims: nothing of it passes the entry of the network', () => {
    const claiming = run('claim', 'presentity');
    const asserted = (from: string): number =>
      claiming.records.filter(isMessage).filter((one) => one.label === 'PUBLISH' && one.from === from && decodeUtf8(one.bytes).includes('P-Asserted-Identity'))
        .length;
    expect(asserted('pea.example.org')).toBeGreaterThan(0);
    expect(asserted('icscf2-s.home2.net')).toBe(0);
  });
});
