/** What the request of an unprotected network loses at the border, and by whom; with a gateway it keeps all of it. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { Change, MessageRecord, NoteRecord, Trace } from '#trace/record.ts';
import { findScenario } from '../catalog.ts';

function run(...sets: readonly (readonly [name: string, value: string])[]): Trace {
  return runChanged(sets.map(([name, value]): Change => ({ kind: 'set', name, value })));
}
function runChanged(changes: readonly Change[]): Trace {
  const scenario = findScenario('border-untrusted');
  if (scenario === undefined) throw new Error('no such scenario');
  const trace = runScenario(scenario, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

/** Headers that an entity of home2 took off, because of who said them. */
const taken = ({ records, entities }: Trace): readonly string[] =>
  records
    .filter((record): record is NoteRecord => record.kind === 'note' && record.op === 'removed' && record.reason.includes('a network that is not trusted'))
    .map(({ entity, header }) => `${entities.find(({ id }) => id === entity)?.kind ?? ''}: ${header ?? ''}`);

/** The watcher's SUBSCRIBE as it arrives at an entity of that kind. */
const arrivalAt = ({ records, entities }: Trace, kind: string): string => {
  const ids = entities.filter((entity) => entity.kind === kind).map(({ id }) => id);
  const isWanted = (record: Trace['records'][number]): record is MessageRecord =>
    record.kind === 'message' && ids.includes(record.to) && /^SUBSCRIBE [^]*^Event: presence\r$/m.test(decodeUtf8(record.bytes));
  return decodeUtf8(records.find(isWanted)?.bytes ?? new Uint8Array());
};
const icid = (text: string): string | undefined => /^P-Charging-Vector: .*icid-value="?([^";\r]+)/m.exec(text)?.[1];

describe('a request from a network without protection', () => {
  it.each([
    ['i-cscf', 'i-cscf'],
    ['border-node', 'ibcf'],
  ])('entering by the %s: loses identity and charging number there, and gets a number of the network itself', (entry, kind) => {
    const trace = run(['entry', entry]);
    expect(taken(trace).slice(0, 2)).toEqual([`${kind}: P-Asserted-Identity`, `${kind}: P-Charging-Vector`]);
    const text = arrivalAt(trace, 'presence-server');
    expect(text).not.toMatch(/^P-Asserted-Identity:/m);
    expect(icid(arrivalAt(trace, 's-cscf'))).toMatch(/^pcscf1-/);
    expect(icid(text)).toMatch(/^icscf2-s-/);
  });

  it('nothing that goes back to it says anything of charging, within the dialog either', () => {
    const unsubscribe: Change = { kind: 'do', at: 30e6, who: 'ue1', intent: { kind: 'unsubscribe' } };
    const trace = runChanged([{ kind: 'set', name: 'unidentified', value: 'allow' }, unsubscribe]);
    const domains = new Map(trace.entities.map(({ id, network }) => [id, network]));
    const out = trace.records.filter(
      (record): record is MessageRecord =>
        record.kind === 'message' && record.protocol === 'SIP' && domains.get(record.from) === 'home2.net' && domains.get(record.to) === 'home1.net',
    );
    expect(out.map(({ label }) => label).sort()).toEqual(['200 OK (SUBSCRIBE)', '200 OK (SUBSCRIBE)', 'NOTIFY', 'NOTIFY']);
    expect(out.filter(({ bytes }) => /^P-(Charging|Asserted|Access)/m.test(decodeUtf8(bytes)))).toEqual([]);
  });

  it('with a gateway it is believed', () => {
    const trace = run(['gateway', 'present']);
    expect(taken(trace)).toEqual([]);
    const text = arrivalAt(trace, 'presence-server');
    expect(text).toMatch(/^P-Asserted-Identity: .*user1_public1@home1\.net/m);
    expect(icid(text)).toBe(icid(arrivalAt(trace, 's-cscf')));
  });
});
