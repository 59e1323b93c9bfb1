/** What was published is soft state with a time of its own (RFC 3903 §3): the registration of the terminal that published it has no part in that. */
import { expect, it } from 'vitest';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { findScenario } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';
import type { MessageRecord } from '#trace/record.ts';

/** Between these seconds the presence server told somebody these documents, as far as they are open. */
function told(set: string, from: number, until: number): readonly string[] {
  const scenario = findScenario('fail-deregister');
  if (scenario === undefined) throw new Error('the scenario is gone');
  const trace = runScenario(scenario, { seed: 1, changes: [{ kind: 'set', name: 'first', value: set }] });
  if ('kind' in trace) throw new Error(trace.message);
  const ps = trace.entities.find(({ kind }) => kind === 'presence-server')?.id;
  const sent = trace.records.filter(
    (record): record is MessageRecord =>
      record.kind === 'message' && record.from === ps && record.label === 'NOTIFY' && record.sentAt >= from * 1e6 && record.sentAt < until * 1e6,
  );
  return sent.flatMap(({ bytes }) => {
    const message = parseSipMessage(bytes);
    const document = message.kind === 'sip-error' ? undefined : parsePidf(decodeUtf8(message.body));
    if (document === undefined || isPidfError(document)) return [];
    return [[...document.tuples.map(({ basic }) => basic), ...document.notes, ...document.persons.flatMap(({ notes }) => notes)].join(' ')];
  });
}

it('lives on after its terminal has deregistered, and ends when its own time is over', () => {
  const [deregistered, asked, over] = [20, 40, 96];
  expect(new Set(told('nothing', 10, deregistered))).toEqual(new Set(['open At my desk']));
  expect(new Set(told('nothing', asked, 60))).toEqual(new Set(['open At my desk']));
  expect(told('nothing', deregistered + 5, over).filter((one) => !one.startsWith('open'))).toEqual([]);
  expect(told('nothing', over, 110)[0]).not.toContain('open');
});

it('ends before when the terminal takes it back first', () => {
  expect(told('unpublish', 40, 60).filter((one) => one.startsWith('open'))).toEqual([]);
});
