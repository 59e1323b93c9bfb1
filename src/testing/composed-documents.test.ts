import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import scenario from '#catalog/composition/scenario.ts';
import { summaryOf } from '#presence/pidf/states.ts';
import type { PresenceDocument } from '#presence/pidf/document.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario } from '#scenario/scenario.ts';
import { isMessage } from '#trace/steps.ts';

/** What the watcher was told last before a moment, with what nobody understands. */
function told(policy: string, before: number): PresenceDocument & { readonly text: string } {
  const valid = validateScenario(scenario);
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes: [{ kind: 'set', name: 'policy', value: policy }] });
  if ('kind' in trace) throw new Error(trace.message);
  const bodies = trace.records
    .filter(isMessage)
    .filter((one) => one.to === 'ue1' && one.label === 'NOTIFY' && one.sentAt < before * 1e6)
    .map((one) => parseSipMessage(one.bytes))
    .flatMap((message) => (message.kind === 'request' && message.headers.get('Content-Type') === 'application/pidf+xml' ? [decodeUtf8(message.body)] : []));
  const text = bodies.at(-1) ?? '';
  const document = parsePidf(text, 'keep');
  if (isPidfError(document)) throw new Error(document.reason);
  return { ...document, text };
}
const ids = ({ tuples, persons }: PresenceDocument): readonly string[] => [...tuples, ...persons].map(({ id }) => id);

const SERVICES = ['network-ims', 'service-ua', 'service-tablet', 'network-telephone'];
const PERSONS = ['person-ua', 'person-tablet', 'network-call', 'person-calendar'];

describe('what a watcher is told of several sources', () => {
  it('is everything side by side without a policy', () => {
    const document = told('joined', 40);
    expect(ids(document)).toEqual([...SERVICES, ...PERSONS]);
    expect(document.text).not.toContain('slide>');
  });

  it('is one person and one service per address by the policy of the scenario, with what nobody understands', () => {
    const document = told('joined', 50);
    expect(ids(document)).toEqual(['service-tablet', 'network-telephone', 'person-tablet']);
    expect(document.persons[0]?.activities).toEqual(['working', 'presentation', 'on-the-phone', 'meeting']);
    // Since when all of it holds nobody can say, for only the calendar says when something begins; it holds no longer than the meeting lasts.
    expect(document.persons[0]?.activitiesSpan).toEqual({ until: '2026-01-05T09:30:00.000Z' });
    expect(document.tuples[0]?.unknown).toMatchObject([{ namespace: 'urn:example:slides', name: 'slide', text: '12' }]);
  });

  it('is closed where the network knows that she cannot be reached, although what she published is still open: first her SIP address, then her telephone', () => {
    const services = (policy: string, before: number) => told(policy, before).tuples.map(({ contact, basic }) => `${contact?.uri ?? ''} ${basic ?? ''}`);
    expect(services('joined', 50)).toEqual(['sip:user2_public1@home2.net open', 'tel:+12125552222 open']);
    expect(services('joined', 55)).toEqual(['sip:user2_public1@home2.net closed', 'tel:+12125552222 open']);
    expect(services('joined', 60)).toEqual(['sip:user2_public1@home2.net closed', 'tel:+12125552222 closed']);
    expect(told('joined', 60).tuples.map(({ basic }) => basic)).toEqual(['closed', 'closed']);
    expect(told('plain', 60).tuples.map(({ basic }) => basic)).toContain('open');
  });

  it('falls back to what is left when a publication runs out', () => {
    const document = told('joined', 95);
    expect(ids(document)).toEqual(['service-ua', 'network-telephone', 'person-ua']);
    expect(summaryOf(document)).toBe('closed, working, meeting, "At my desk", "Telephone: switched off"');
  });

  it('is what the network says where that counts most, and everything where the watcher is to judge', () => {
    expect(ids(told('network-first', 50))).toEqual(['network-ims', 'network-telephone', 'network-call']);
    expect(ids(told('apart', 50))).toEqual([...SERVICES, ...PERSONS]);
    expect(told('apart', 50).text).toContain('slide>');
  });

  it('is what the calendar says of the person where that counts most, and nothing of it where it does not count', () => {
    const activities = (policy: string) => told(policy, 50).persons.map((person) => person.activities);
    expect(ids(told('calendar-first', 50))).toEqual(['service-tablet', 'network-telephone', 'person-calendar']);
    expect(activities('calendar-first')).toEqual([['meeting']]);
    expect(told('calendar-first', 50).persons[0]?.activitiesSpan).toEqual({ from: '2026-01-05T09:00:36.000Z', until: '2026-01-05T09:30:00.000Z' });
    expect(activities('network-first')).toEqual([['on-the-phone']]);
  });
});
