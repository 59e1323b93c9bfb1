/** JsSIP, somebody else's SIP stack, as the watcher of the simulated network: it registers, subscribes, is notified and unsubscribes; outside judges read the run. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { hasJudge } from '#testing/judges.ts';
import { collectDocuments, noDocuments } from '#testing/judges/travelling-documents.ts';
import { wiresharkVerdict } from '#testing/judges/wireshark-verdict.ts';
import { schemaComplaints } from '#testing/judges/xmllint.ts';
import { runWithJsSip, type JsSipRun, type JsSipRunOptions } from '#testing/jssip-run.ts';
import { hashOf } from '#trace/hash.ts';
import type { MessageRecord } from '#trace/record.ts';
import type { JsSipEvent } from './jssip-machine.ts';

const DEREGISTER: JsSipRunOptions = { more: [{ at: 45, who: 'ue1', do: { kind: 'deregister' } }] };

const kinds = ({ events }: JsSipRun): string[] => events.map(({ event }) => event.kind);
const documents = ({ events }: JsSipRun) =>
  events.flatMap(({ event }) => {
    if (event.kind !== 'notify') return [];
    const document = parsePidf(event.body);
    if (isPidfError(document)) throw new Error(document.reason);
    return [{ ...document, final: event.final, contentType: event.contentType }];
  });
const onTheSocket = ({ trace }: JsSipRun): MessageRecord[] =>
  trace.records.filter((record) => record.kind === 'message').filter(({ transport }) => transport === 'ws');
const linesOf = (run: JsSipRun): string[] => onTheSocket(run).map(({ from, label }) => `${from === 'ue1' ? '>' : '<'} ${label}`);

describe('JsSIP watches a presentity of another network', () => {
  const run = runWithJsSip('subscribe-across-networks', DEREGISTER);

  it('and tells its user what happens', () => {
    expect(kinds(run)).toEqual(['registered', 'accepted', 'active', 'notify', 'notify', 'notify', 'terminated', 'unregistered']);
    expect(run.events.find(({ event }) => event.kind === 'terminated')?.event).toEqual({ kind: 'terminated', code: 6, reason: 'timeout' } satisfies JsSipEvent);
    const [first, second, last] = documents(run);
    expect(first).toMatchObject({ entity: 'sip:user2_public1@home2.net', final: false, contentType: 'application/pidf+xml' });
    expect(first?.tuples[0]?.basic).toBe('open');
    expect(first?.persons[0]?.notes).toEqual(['At my desk']);
    expect(second?.persons[0]).toMatchObject({ activities: ['meeting'], notes: ['In a meeting until noon'] });
    expect(last?.final).toBe(true);
  });

  it('by these messages on its WebSocket', () => {
    expect(linesOf(run)).toEqual([
      '> REGISTER',
      '< 401 Unauthorized (REGISTER)',
      '> REGISTER',
      '< 200 OK (REGISTER)',
      '> SUBSCRIBE',
      '< 200 OK (SUBSCRIBE)',
      '< NOTIFY',
      '> 200 OK (NOTIFY)',
      '< NOTIFY',
      '> 200 OK (NOTIFY)',
      '> SUBSCRIBE',
      '< 200 OK (SUBSCRIBE)',
      '< NOTIFY',
      '> 200 OK (NOTIFY)',
      '> REGISTER',
      '< 401 Unauthorized (REGISTER)',
      '> REGISTER',
      '< 200 OK (REGISTER)',
    ]);
  });

  it('and the network does what it does for our own UE', () => {
    const asItStands = runWithJsSip('subscribe-across-networks');
    expect(asItStands.broken).toEqual([]);
    expect(asItStands.trace.endedInFlight).toEqual([]);
  });

  it.each([1, 2, 3, 4])('without a rule broken (seed %i)', (seed) => {
    const { trace } = runWithJsSip('subscribe-across-networks', { ...DEREGISTER, seed });
    expect(checkTrace(trace)).toEqual([]);
  });

  it('the same way every time', () => {
    expect(hashOf(runWithJsSip('subscribe-across-networks', DEREGISTER).trace)).toBe(hashOf(run.trace));
  });

  it.runIf(hasJudge('tshark'))('and Wireshark objects to nothing', () => {
    const { frames, expected, objections } = wiresharkVerdict(run.trace);
    expect(objections).toEqual([]);
    expect(frames).toEqual(expected);
    expect(frames.filter((frame) => frame.includes('pcscf1.visited1.net > ue1 tcp:sip NOTIFY'))).toHaveLength(3);
  });

  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('and gets valid documents', () => {
    const travelling = noDocuments();
    collectDocuments(run.trace, 'JsSIP', travelling);
    for (const schema of ['presence.xsd', 'reginfo.xsd', 'CxDataType_Rel8.xsd'] as const) expect(travelling[schema].size, schema).toBeGreaterThan(0);
    for (const [schema, texts] of Object.entries(travelling) as [keyof typeof travelling, Map<string, string>][]) {
      if (texts.size > 0) expect(schemaComplaints(schema, new Map([...texts].map(([text, where]) => [where, text])))).toEqual([]);
    }
  });
});

describe('JsSIP', () => {
  it('with a wrong password is not let in', () => {
    const run = runWithJsSip('subscribe-across-networks', { believes: 'open barley' });
    expect(kinds(run)[0]).toBe('registration-failed');
    expect(kinds(run)).not.toContain('active');
    expect(linesOf(run)).toContain('< 403 Forbidden (REGISTER)');
    expect(checkTrace(run.trace)).toEqual([]);
  });

  it('takes a NOTIFY that overtakes the 200, because it is kept back for it', () => {
    const run = runWithJsSip('notify-before-200');
    expect(linesOf(run).slice(4)).toEqual(['> SUBSCRIBE', '< NOTIFY', '< 200 OK (SUBSCRIBE)', '> 200 OK (NOTIFY)']);
    expect(kinds(run)).toEqual(['registered', 'accepted', 'active', 'notify']);
    const held = run.trace.records.filter((record) => record.kind === 'note' && record.reason.includes('kept back'));
    expect(held).toHaveLength(1);
    expect(checkTrace(run.trace)).toEqual([]);
  });

  it('refreshes its subscription and registration in time, on virtual time', () => {
    const run = runWithJsSip('refresh-and-unsubscribe');
    expect(linesOf(run).filter((line) => line === '> SUBSCRIBE').length).toBeGreaterThanOrEqual(3);
    expect(linesOf(run).filter((line) => line === '> REGISTER').length).toBeGreaterThanOrEqual(4);
    expect(kinds(run).at(-1)).toBe('terminated');
    expect(checkTrace(run.trace)).toEqual([]);
  });
});
