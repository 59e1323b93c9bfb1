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

describe('what a watcher is told of several sources', () => {
  it('is everything side by side without a policy', () => {
    const document = told('joined', 40);
    expect(ids(document)).toEqual(['network-ims', 'service-ua', 'service-tablet', 'network-telephone', 'person-ua', 'person-tablet', 'network-call']);
    expect(document.text).not.toContain('slide>');
  });

  it('is one person and one service per address by the policy of the scenario, with what nobody understands', () => {
    const document = told('joined', 50);
    expect(ids(document)).toEqual(['service-tablet', 'network-telephone', 'person-tablet']);
    expect(document.persons[0]?.activities).toEqual(['working', 'presentation', 'on-the-phone']);
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
    expect(summaryOf(document)).toBe('closed, working, "At my desk", "Telephone: switched off"');
  });

  it('is what the network says where that counts most, and everything where the watcher is to judge', () => {
    expect(ids(told('network-first', 50))).toEqual(['network-ims', 'network-telephone', 'network-call']);
    expect(ids(told('apart', 50))).toEqual(['network-ims', 'service-ua', 'service-tablet', 'network-telephone', 'person-ua', 'person-tablet', 'network-call']);
    expect(told('apart', 50).text).toContain('slide>');
  });
});
