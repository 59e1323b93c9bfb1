/**
 * Defects that users of other implementations met (shared/peers.md, section C): each shown not to be ours, under its number. Elsewhere: 10, beside the lists
 * (presence/lists, ims/list-server, presence/winfo), and more of 9 beside the publications (many-publishers.test.ts).
 */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import { isScenarioError, type NetworkOptions, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import { factsOf, textOf } from '#trace/message-facts.ts';
import type { Change, MessageRecord, Trace } from '#trace/record.ts';
import { stepsOf } from '#trace/steps.ts';
import { afterPrologue, countTraffic } from '#trace/traffic.ts';
import { EntityBench, sipRequest } from '#testing/entity-bench.ts';
import { findScenario } from './catalog.ts';

interface More {
  readonly network?: NetworkOptions;
  readonly timeline?: ValidScenario['timeline'];
  readonly until?: number;
}

function run(id: string, more: More = {}, changes: readonly Change[] = []): Trace {
  const scenario = findScenario(id);
  if (scenario === undefined) throw new Error(id);
  const valid = validateScenario({ ...scenario, ...more, network: { ...scenario.network, ...more.network } });
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  expect(checkTrace(trace)).toEqual([]);
  return trace;
}

/** First transmissions of SIP that fit, in order. */
function all(trace: Trace, from: string, to: string, label: string, after = 9): readonly MessageRecord[] {
  return stepsOf(trace)
    .filter(
      ({ retransmissionOf, message: m }) => retransmissionOf === undefined && m.from === from && m.to === to && m.label === label && m.sentAt >= after * 1e6,
    )
    .map(({ message }) => message);
}

const P1 = 'pcscf1.visited1.net';
const S1 = 'scscf1.home1.net';
const PS = 'ps.home2.net';
const field = (m: MessageRecord | undefined, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(m === undefined ? '' : (textOf(m) ?? ''))?.[1];
const bodyOf = (m: MessageRecord | undefined): string => (m === undefined ? '' : (textOf(m) ?? '')).split('\r\n\r\n').slice(1).join('\r\n\r\n');
const registrations: ValidScenario['timeline'] = [
  { at: 0.5, who: 'ue2', do: { kind: 'register' } },
  { at: 3, who: 'ue1', do: { kind: 'register' } },
];
const watch = { kind: 'subscribe', to: 'sip:user2_public1@home2.net' };

describe('peers C', () => {
  it('peers C1: a NOTIFY before the 200 is taken, makes the dialog, and a refresh goes along its route set', () => {
    const trace = run('notify-before-200', {
      timeline: [...registrations, { at: 10, who: 'ue1', do: watch }, { at: 20, who: 'ue1', do: { kind: 'refresh' } }],
    });
    const [notify] = all(trace, P1, 'ue1', 'NOTIFY');
    const [answer] = all(trace, P1, 'ue1', '200 OK (SUBSCRIBE)');
    expect(notify?.arrivedAt).toBeLessThan(answer?.arrivedAt ?? 0);
    expect(all(trace, 'ue1', P1, '200 OK (NOTIFY)')).toHaveLength(2);
    expect(all(trace, PS, S1, '200 OK (SUBSCRIBE)', 20)).toHaveLength(1);
  });

  it('peers C2: a fetch is Expires 0 in the header, gets 200 with Expires 0 and one NOTIFY that ends it', () => {
    const trace = run('fetch');
    const [request] = all(trace, 'ue1', P1, 'SUBSCRIBE');
    expect(field(request, 'Expires')).toBe('0');
    expect(field(request, 'Contact')).not.toMatch(/expires/);
    expect(field(all(trace, PS, 'scscf2.home2.net', '200 OK (SUBSCRIBE)')[0], 'Expires')).toBe('0');
    const notifies = all(trace, PS, S1, 'NOTIFY');
    expect(notifies.map((m) => field(m, 'Subscription-State'))).toEqual([expect.stringMatching(/^terminated;reason=timeout/)]);
    expect(bodyOf(notifies[0])).toContain('<basic>open</basic>');
  });

  it('peers C3: who recorded the SUBSCRIBE records the NOTIFY, and the watcher keeps the whole route set', () => {
    const trace = run('subscribe-across-networks');
    const [notify] = all(trace, P1, 'ue1', 'NOTIFY');
    const routes = (name: string, m: MessageRecord | undefined): readonly string[] =>
      [...(textOf(m as MessageRecord) ?? '').matchAll(new RegExp(`^${name}: (.*)$`, 'gm'))].map((r) => r[1] ?? '');
    expect(routes('Record-Route', notify)).toHaveLength(2);
    expect(routes('Route', all(trace, 'ue1', P1, 'SUBSCRIBE', 35)[0])).toEqual(routes('Record-Route', notify));
  });

  it('peers C3: a NOTIFY that is too long for a datagram goes by TCP, along the same route and with the same Record-Route', () => {
    const trace = run('subscribe-across-networks', {
      timeline: [
        ...registrations,
        { at: 10, who: 'ue1', do: watch },
        { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'a long story '.repeat(100) } },
      ],
    });
    const [short, long] = all(trace, S1, P1, 'NOTIFY');
    expect([short?.transport, long?.transport]).toEqual(['udp', 'tcp']);
    for (const name of ['Route', 'Record-Route', 'Call-ID', 'From', 'To']) expect(field(long, name), name).toBe(field(short, name));
    expect(all(trace, P1, 'ue1', 'NOTIFY')[1]?.transport).toBe('tcp');
    expect(all(trace, S1, PS, '200 OK (NOTIFY)')).toHaveLength(2);
  });

  it('peers C4: From and To of a NOTIFY are the URIs of the dialog, the contact is in the Request-URI only', () => {
    const [notify] = all(run('subscribe-across-networks'), PS, S1, 'NOTIFY');
    expect(field(notify, 'From')).toMatch(/^<sip:user2_public1@home2\.net>;tag=/);
    expect(field(notify, 'To')).toMatch(/^<sip:user1_public1@home1\.net>;tag=/);
    expect(textOf(notify as MessageRecord)).toMatch(/^NOTIFY sip:\[2001:db8:a::65\]:1357 /);
  });

  it('peers C5: the To tag of the 200 is the From tag of every NOTIFY, and stays in refreshes', () => {
    const trace = run('refresh-and-unsubscribe');
    const tags = new Set<string | undefined>();
    for (const { message } of stepsOf(trace)) {
      const sip = factsOf(message).sip;
      if (sip?.event === 'presence' && sip.method === 'NOTIFY' && sip.status === undefined) tags.add(sip.fromTag);
    }
    for (const answer of [...all(trace, 'scscf2.home2.net', 'icscf2-s.home2.net', '200 OK (SUBSCRIBE)'), ...all(trace, PS, S1, '200 OK (SUBSCRIBE)')])
      tags.add(factsOf(answer).sip?.toTag);
    expect([...tags]).toEqual([expect.any(String)]);
  });

  it('peers C6: active says how long, and never after a deregistration or an end', () => {
    const trace = run('subscribe-across-networks', {}, [{ kind: 'do', at: 30e6, who: 'ue1', intent: { kind: 'deregister' } }]);
    for (const { message } of stepsOf(trace)) {
      const state = message.label === 'NOTIFY' ? field(message, 'Subscription-State') : undefined;
      if (state !== undefined) expect(state).toMatch(/^(active|pending);expires=[1-9]\d*$|^terminated(;reason=[a-z]+)?/);
    }
    const last = all(trace, S1, P1, 'NOTIFY', 30).filter((m) => field(m, 'Event') === 'reg');
    expect(last.map((m) => field(m, 'Subscription-State'))).toContainEqual(expect.stringMatching(/^terminated/));
  });

  it('peers C7: a refresh goes out well before the end: a Timer F of the UE and more is left', () => {
    const trace = run('refresh-and-unsubscribe');
    const [first, refresh] = all(trace, 'ue1', P1, 'SUBSCRIBE');
    expect(((refresh?.sentAt ?? 0) - (first?.sentAt ?? 0)) / 1e6).toBeLessThan(600 - 64 * 2);
    expect(all(trace, PS, S1, 'NOTIFY').some((m) => field(m, 'Subscription-State')?.startsWith('terminated;reason=timeout') === true && m.sentAt < 499e6)).toBe(
      false,
    );
  });

  it.each([
    // The terminal cannot be heard until 72 s, when the P-CSCF has seen the last NOTIFY; behind the P-CSCF the refresh goes on to the presence server.
    { cut: 'ue1', restored: 72, refusedBy: P1 },
    { cut: 'scscf1', restored: 71, refusedBy: PS },
  ] as const)('peers C7: a refresh that comes late by seconds gets 481 from $refusedBy and brings nothing back; what is asked anew is as ever', (late) => {
    const trace = run('subscribe-across-networks', {
      timeline: [
        ...registrations,
        { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
        // It is refreshed at 40 s, and would end at 70 s.
        { at: 10, who: 'ue1', do: { ...watch, expires: 60 } },
        { at: 39, who: 'pcscf1', do: { kind: 'cut', to: late.cut } },
        { at: late.restored, who: 'pcscf1', do: { kind: 'restore', to: late.cut } },
        { at: 95, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
        { at: 100, who: 'ue1', do: { ...watch, expires: 600 } },
      ],
      until: 120,
    });
    const callIdOf = (m: MessageRecord | undefined): string | undefined => (m === undefined ? undefined : factsOf(m).sip?.callId);
    const [first, , again] = all(trace, 'ue1', P1, 'SUBSCRIBE');
    const refusals = stepsOf(trace).filter(({ message: m }) => m.label.startsWith('481'));
    expect(refusals[0]?.message.from).toBe(late.refusedBy);
    expect(refusals.at(-1)?.message).toMatchObject({ to: 'ue1', label: '481 Call/Transaction Does Not Exist (SUBSCRIBE)' });
    expect(new Set(refusals.map(({ message }) => callIdOf(message)))).toEqual(new Set([callIdOf(first)]));
    const ofFirst = all(trace, PS, S1, 'NOTIFY').filter((m) => callIdOf(m) === callIdOf(first));
    expect(ofFirst.map((m) => field(m, 'Subscription-State'))).toEqual(['active;expires=60', 'terminated;reason=timeout']);
    expect(callIdOf(again)).not.toBe(callIdOf(first));
    const [told, ...more] = all(trace, P1, 'ue1', 'NOTIFY', 99);
    expect([callIdOf(told), field(told, 'Subscription-State'), more]).toEqual([callIdOf(again), expect.stringMatching(/^active;expires=(600|59\d)$/), []]);
    expect(bodyOf(told)).toContain('<basic>closed</basic>');
  });

  it('peers C7: a NOTIFY that nobody answers ends the subscription; the refresh gets 481', () => {
    const cut = (from: number, lossPerMille: number) => ({ between: ['ps', 'scscf1'] as ['ps', 'scscf1'], lossPerMille, from });
    const trace = run('subscribe-across-networks', {
      network: { links: [cut(15, 1000), cut(70, 0)] },
      timeline: [
        ...registrations,
        { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
        { at: 10, who: 'ue1', do: watch },
        { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
        { at: 80, who: 'ue1', do: { kind: 'refresh' } },
      ],
      until: 120,
    });
    const refused = stepsOf(trace).filter(({ message: m }) => m.to === 'ue1' && m.label.startsWith('481'));
    expect(refused.length).toBeGreaterThan(0);
    const over = new Set(refused.map(({ message }) => factsOf(message).sip?.callId));
    expect(all(trace, PS, S1, 'NOTIFY', 52).filter((m) => over.has(factsOf(m).sip?.callId))).toEqual([]);
  });

  it.each([
    ['503 Service Unavailable', true],
    ['481 Subscription does not exist', false],
  ])('peers C7: a NOTIFY answered %s: the subscription goes on: %s', (statusLine, goesOn) => {
    const timeline: ValidScenario['timeline'] = [
      ...registrations,
      { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
      { at: 10, who: 'ue1', do: watch },
      { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
      { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
      { at: 40, who: 'ue1', do: { kind: 'refresh' } },
    ];
    const [, answer] = all(run('subscribe-across-networks', { timeline }), 'ue1', P1, '200 OK (NOTIFY)');
    const text = (textOf(answer as MessageRecord) ?? '').replace('SIP/2.0 200 OK', `SIP/2.0 ${statusLine}`);
    const trace = run('subscribe-across-networks', { timeline }, [{ kind: 'edit', record: answer?.id ?? 0, edits: [{ op: 'text', to: text }] }]);
    expect(all(trace, PS, S1, 'NOTIFY', 29).length > 0).toBe(goesOn);
    expect(all(trace, PS, S1, '200 OK (SUBSCRIBE)', 39).length > 0).toBe(goesOn);
  });

  it('peers C8: when nobody has published, the NOTIFY still carries a document', () => {
    const trace = run('subscribe-across-networks', { timeline: [...registrations, { at: 10, who: 'ue1', do: watch }] });
    const [notify] = all(trace, PS, S1, 'NOTIFY');
    expect(field(notify, 'Content-Type')).toBe('application/pidf+xml');
    expect(bodyOf(notify)).toMatch(/<presence[^>]* entity="[a-z]+:user2_public1@home2\.net"/);
    const [neutral] = all(run('unregistered-presentity'), PS, S1, 'NOTIFY');
    expect(bodyOf(neutral)).toContain('entity=');
  });

  it('peers C9: after 412 one initial PUBLISH follows, without loop or second presentity', () => {
    const trace = run('publish');
    const requests = all(trace, 'ue2', 'pcscf2.home2.net', 'PUBLISH', 36).filter((m) => m.sentAt < 48e6);
    expect(requests.map((m) => field(m, 'SIP-If-Match'))).toEqual(['no-such-tag', undefined]);
    expect(all(trace, 'pcscf2.home2.net', 'ue2', '412 Conditional Request Failed (PUBLISH)')).toHaveLength(1);
    // What is told afterwards is one presentity with one tuple: nothing of what was forgotten stands beside it.
    const watched = run('publish', {
      timeline: [...(findScenario('publish')?.timeline ?? []), { at: 5, who: 'ue1', do: { kind: 'register' } }, { at: 45, who: 'ue1', do: watch }],
    });
    const [notify] = all(watched, PS, S1, 'NOTIFY', 44);
    expect(bodyOf(notify).match(/<tuple /g)).toHaveLength(1);
  });

  it('peers C9: refresh and removal carry no body, and every success brings a new entity-tag that the next request names', () => {
    const trace = run('publish');
    const requests = all(trace, 'ue2', 'pcscf2.home2.net', 'PUBLISH');
    const answers = all(trace, 'pcscf2.home2.net', 'ue2', '200 OK (PUBLISH)');
    const tags = answers.map((m) => field(m, 'SIP-ETag'));
    expect(new Set(tags).size).toBe(5);
    expect(requests.map((m) => field(m, 'SIP-If-Match'))).toEqual([undefined, tags[0], tags[1], 'no-such-tag', undefined, tags[3]]);
    expect(requests.map((m) => bodyOf(m) !== '')).toEqual([true, false, true, expect.any(Boolean), true, false]);
    expect(requests.map((m) => field(m, 'Expires') === '0')).toEqual([false, false, false, false, false, true]);
    expect(requests.every((m) => field(m, 'Contact') === undefined && field(m, 'Record-Route') === undefined)).toBe(true);
  });

  it('peers C9: a PUBLISH before the registration is not answered 404: it waits, or is not sent', () => {
    const trace = run('publish', {
      timeline: [
        { at: 0.5, who: 'ue2', do: { kind: 'register' } },
        { at: 0.51, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
      ],
    });
    const labels = stepsOf(trace).flatMap(({ message: m }) => (m.from === 'ue2' || m.to === 'ue2' ? [m.label] : []));
    expect(labels.filter((label) => /^[3-6]/.test(label))).toEqual(['401 Unauthorized (REGISTER)']);
    expect(labels.filter((label) => label.includes('PUBLISH'))).toEqual(['PUBLISH', '200 OK (PUBLISH)']);
    expect(labels.indexOf('PUBLISH')).toBeGreaterThan(labels.indexOf('200 OK (REGISTER)'));
  });

  it.each([
    { asks: 'subscribe', waits: 'pending', let: 'active' },
    { asks: 'fetch', waits: 'waiting', let: 'terminated' },
  ])('peers C11: whoever asks by $asks and is seen $waits is let in by the rule that the presentity puts, and told', ({ asks, waits, let: state }) => {
    const story = findScenario('authorize-xcap')?.timeline.slice(0, -1) ?? [];
    const timeline = story.map((act) => (act.at === 20 ? { ...act, do: { ...watch, kind: asks } } : act));
    const trace = run('authorize-xcap', { timeline: [...timeline, { at: 40, who: 'ue1', do: { ...watch, kind: 'fetch' } }] });
    const winfo = (after: number): readonly string[] =>
      all(trace, 'pcscf2.home2.net', 'ue2', 'NOTIFY', after).flatMap((m) => (field(m, 'Event') === 'presence.winfo' ? [bodyOf(m)] : []));
    expect(winfo(20).find((body) => body.includes(`status="${waits}"`))).toContain('sip:user1_public1@home1.net');
    expect(winfo(30)[0]).toMatch(new RegExp(`status="${state}"[^>]* event="approved"|event="approved"[^>]* status="${state}"`));
    expect(all(trace, 'ue2', 'xdms.home2.net', 'PUT', 30)).not.toEqual([]);
    const told = all(trace, PS, S1, 'NOTIFY', 19).map((m) => [field(m, 'Subscription-State')?.split(';')[0], bodyOf(m).includes('<basic>open</basic>')]);
    // Nothing before the answer, everything after it.
    expect(told).toEqual(
      asks === 'subscribe'
        ? [
            ['pending', false],
            ['active', true],
            ['terminated', true],
          ]
        : [
            ['terminated', false],
            ['terminated', true],
          ],
    );
  });

  it('peers C12: an unregistered presentity without services: 5003 from the HSS, 480 to the watcher', () => {
    const trace = run('unregistered-presentity', {}, [{ kind: 'set', name: 'services', value: 'no' }]);
    expect(all(trace, P1, 'ue1', '480 Temporarily Unavailable (SUBSCRIBE)').length).toBeGreaterThan(0);
    expect(all(trace, PS, S1, 'NOTIFY')).toEqual([]);
  });

  it('peers C12: with services the S-CSCF is selected once, and the presence server answers', () => {
    const trace = run('unregistered-presentity');
    expect(stepsOf(trace).filter(({ message: m }) => m.label === 'SAR' && m.sentAt > 9e6)).toHaveLength(1);
    expect(all(trace, PS, S1, 'NOTIFY')).toHaveLength(2);
  });

  it('peers C12: a registration that runs out is told to the application server too, with zero seconds', () => {
    const trace = run('fail-registration-expires');
    const told = all(trace, 'scscf2.home2.net', PS, 'REGISTER', 0);
    expect(told.map((m) => field(m, 'Expires'))).toEqual(['60', '0']);
    expect(told.map((m) => Math.round(m.sentAt / 1e6))).toEqual([1, 61]);
  });

  it('peers C13: no Service-Route, Path or Record-Route of a core node names a port, so its name can fail over in the DNS', () => {
    const trace = run('resolve-failover');
    for (const { message } of stepsOf(trace)) {
      for (const name of ['Service-Route', 'Path', 'Record-Route']) {
        for (const value of (field(message, name) ?? '').split(',')) if (/cscf/.test(value) && !value.includes('pcscf')) expect(value).not.toMatch(/:\d+[;>]/);
      }
    }
    expect(all(trace, S1, 'icscf2b-s.home2.net', 'SUBSCRIBE').length).toBeGreaterThan(0);
  });

  it('peers C13: nobody names the address of nobody, whatever the header', () => {
    for (const id of ['subscribe-across-networks', 'record-route-policy', 'topology-hiding'])
      for (const { message } of stepsOf(run(id))) expect(textOf(message) ?? '', message.label).not.toMatch(/0\.0\.0\.0|\[::\]/);
  });

  it('peers C15: the messages are counted, and a list costs the watcher what one subscription costs', () => {
    const radio = (set: readonly Change[]): { readonly messages: number; readonly subscribes: number } => {
      const trace = run('list-own', {}, set);
      const ues = new Set(trace.entities.filter(({ kind }) => kind === 'ue').map(({ id }) => id));
      const gm = countTraffic(trace, afterPrologue(trace)).links.filter(({ a, b }) => ues.has(a) || ues.has(b));
      const asked = stepsOf(trace).filter(({ message: m }) => m.from === 'ue1' && m.label === 'SUBSCRIBE' && m.sentAt > 9e6 && m.sentAt < 20e6);
      return { messages: gm.reduce((sum, { messages }) => sum + messages, 0), subscribes: asked.length };
    };
    const [list, singles] = [radio([]), radio([{ kind: 'set', name: 'by', value: 'singles' }])];
    expect([list.subscribes, singles.subscribes]).toEqual([1, 3]);
    expect(list.messages).toBeLessThan(singles.messages);
  });

  it('peers C14: who watches, in which state and for how long, can be looked up at any moment, and is gone when it is over', () => {
    const scenario = findScenario('refresh-and-unsubscribe');
    if (scenario === undefined) throw new Error('no scenario');
    const rowsAt = (seconds: number): readonly (readonly string[])[] => {
      const views = viewsAt(scenario, { seed: 1, changes: [] }, { t: seconds * 1e6, record: 0 });
      if ('kind' in views) throw new Error('no views');
      return views.get(PS)?.tables.find(({ title }) => title === 'Subscriptions')?.rows ?? [];
    };
    expect(rowsAt(60)).toEqual([
      ['sip:user1_public1@home1.net', 'sip:user2_public1@home2.net', 'presence', 'active', 'everything', expect.stringMatching(/^5[45]\d s$/)],
    ]);
    expect(rowsAt(scenario.until)).toEqual([]);
  });

  it('peers C12: when no S-CSCF can serve the user the entry says 480, never 600', () => {
    const trace = run('find-again', {}, [{ kind: 'set', name: 'capabilities', value: 'impossible' }]);
    const finals = stepsOf(trace).flatMap(({ message: m }) => (m.to === 'ue1' && m.sentAt > 9e6 && /^\d/.test(m.label) ? [m.label] : []));
    expect(finals).toEqual(['480 Temporarily Unavailable (SUBSCRIBE)', '480 Temporarily Unavailable (SUBSCRIBE)']);
  });

  it('peers C12: who asks for the registration state of somebody unregistered is told 480, and not after a time-out', () => {
    const bench = new EntityBench('icscf2');
    const outcome = bench.deliver(sipRequest('SUBSCRIBE', 'sip:user1_public1@home2.net', { Event: 'reg' }), bench.at('pcscf2'));
    expect(outcome.statuses).toEqual([404]);
    const known = new EntityBench('icscf2', { network: { users: [{ role: 'ue2', filterCriteria: [] }] } });
    expect(known.deliver(sipRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', { Event: 'reg' }), known.at('pcscf2')).statuses).toEqual([480]);
  });
});
