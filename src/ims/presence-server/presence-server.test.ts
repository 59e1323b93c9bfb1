import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';
import { PresenceServer } from './presence-server.ts';

const JANE = 'sip:user2_public1@home2.net';
const WATCHER = 'sip:user1_public1@home1.net';
type Handling = 'allow' | 'confirm' | 'polite-block' | 'block';
type Fields = Readonly<Record<string, string | undefined>>;

const pidf = (basic: string, id = 't1'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${JANE}"><tuple id="${id}"><status><basic>${basic}</basic></status></tuple></presence>`;

class PresenceBench extends EntityBench {
  constructor(handling?: Handling, presence?: NetworkOptions['presence']) {
    const simple = handling === undefined ? {} : { rules: [{ watcher: WATCHER, handling }] };
    super('ps', { network: { presence: presence ?? simple } });
  }
  subscribe(fields: Fields = {}): Outcome {
    const request = sipRequest('SUBSCRIBE', JANE, {
      Event: 'presence',
      Expires: '7200',
      Accept: 'application/pidf+xml',
      Contact: '<sip:[2001:db8:a::65]:1357>',
      'P-Asserted-Identity': `<${WATCHER}>`,
      'P-Charging-Vector': 'icid-value="s1";orig-ioi="Type 3home2.net"',
      'Record-Route': '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>',
      ...fields,
    });
    return this.deliver(request, this.at('scscf2'));
  }
  publish(body: string | undefined, fields: Fields = {}): Outcome {
    const type = body === undefined ? {} : { 'Content-Type': 'application/pidf+xml' };
    const all = { Event: 'presence', Expires: '3600', 'P-Asserted-Identity': `<${JANE}>`, ...type, ...fields };
    return this.deliver(sipRequest('PUBLISH', JANE, all, body === undefined ? undefined : encodeUtf8(body)), this.at('scscf2'));
  }
  /** Subscribes, and takes the first NOTIFY. */
  watched(fields: Fields = {}): Outcome {
    const outcome = this.subscribe(fields);
    this.answer(outcome.request('NOTIFY'), 200);
    return outcome;
  }
}

const bodies = (outcome: Outcome): readonly string[] => outcome.requests.map((one) => decodeUtf8(one.message.body));
const stateOf = (outcome: Outcome): string => outcome.request('NOTIFY').message.headers.get('Subscription-State') ?? '';
const subscriptions = (bench: PresenceBench): number =>
  bench.machine.view(bench.now).states.filter((one) => /subscription/i.test(one.machine) && one.state !== 'terminated').length;

describe('an answer to a first SUBSCRIBE', () => {
  const asked = { Event: 'presence', Contact: '<sip:[2001:db8:a::65]:1357>', 'P-Asserted-Identity': `<${WATCHER}>` };

  it('is 404 when nobody with this address has presence here (RFC 3261 §21.4.5), and no NOTIFY follows', () => {
    const bench = new EntityBench('ps', { network: { presence: { presentities: [] } } });
    const outcome = bench.deliver(sipRequest('SUBSCRIBE', JANE, asked), bench.at('scscf2'));
    expect([outcome.statuses, outcome.methods]).toEqual([[404], []]);
    expect(outcome.notes.map(({ op, clause }) => `${op} ${clause}`)).toContain('rejected RFC 3261 §21.4.5');
  });

  it('is 202 where the older RFC 3265 is followed: first only, with the NOTIFY that follows any acceptance', () => {
    const bench = new EntityBench('ps', { network: { presence: { accepts202: true } } });
    const first = bench.deliver(sipRequest('SUBSCRIBE', JANE, { ...asked, 'Call-ID': 'old' }), bench.at('scscf2'));
    expect([first.statuses, first.methods]).toEqual([[202], ['NOTIFY']]);
    const accepted = first.response(202).message.headers;
    expect(accepted.get('Expires')).toBe('3600');
    bench.answer(first.request('NOTIFY'), 200);
    const inDialog = { ...asked, 'Call-ID': 'old', To: accepted.get('To'), CSeq: '1000000 SUBSCRIBE' };
    const refresh = bench.deliver(sipRequest('SUBSCRIBE', `sip:${bench.host}`, inDialog), bench.at('scscf1'));
    expect([refresh.statuses, refresh.methods]).toEqual([[200], ['NOTIFY']]);
  });
});

describe('a watcher for whom nobody vouches', () => {
  const NOBODY = { 'P-Asserted-Identity': undefined };

  it('is refused, unless the presentity has a rule for the unidentified', () => {
    expect(new PresenceBench().subscribe(NOBODY).statuses).toEqual([403]);
    const bench = new EntityBench('ps', { network: { presence: { unidentified: 'polite-block' } } });
    const request = sipRequest('SUBSCRIBE', JANE, { Event: 'presence', Contact: '<sip:[2001:db8:f::20]>' });
    const outcome = bench.deliver(request, bench.at('scscf2'));
    expect(outcome.statuses).toEqual([200]);
    expect(bodies(outcome)[0]).toContain('<basic>closed</basic>');
    // It goes straight to a network that is not trusted: nothing of charging goes with it.
    expect(outcome.request('NOTIFY').message.headers.has('P-Charging-Vector')).toBe(false);
  });
  it('is not believed when it comes past the entry of the network, whatever it says', () => {
    const bench = new EntityBench('ps', {});
    const request = sipRequest('SUBSCRIBE', JANE, { Event: 'presence', Contact: '<sip:[2001:db8:f::20]>', 'P-Asserted-Identity': `<${WATCHER}>` });
    expect(bench.deliver(request, { address: '2001:db8:f::20', port: 5060 }).statuses).toEqual([403]);
  });
});

describe('rules', () => {
  const seen = (handling: Handling): { bench: PresenceBench; outcome: Outcome } => {
    const bench = new PresenceBench(handling);
    bench.publish(pidf('open'));
    return { bench, outcome: bench.subscribe() };
  };

  it('allow shows the state', () => {
    const { outcome } = seen('allow');
    expect(outcome.statuses).toEqual([200]);
    expect(stateOf(outcome)).toMatch(/^active;expires=7200$/);
    expect(bodies(outcome)[0]).toContain('<basic>open</basic>');
  });
  it('confirm makes the watcher wait and shows nothing', () => {
    const { outcome } = seen('confirm');
    expect(outcome.statuses).toEqual([200]);
    expect(stateOf(outcome)).toMatch(/^pending;expires=7200$/);
    expect(bodies(outcome)[0] ?? '').not.toContain('open');
  });
  it('block refuses', () => {
    const { outcome } = seen('block');
    expect([outcome.statuses, outcome.methods]).toEqual([[403], []]);
  });
  const everything = { services: 'all', persons: 'all', devices: 'all', attributes: 'all' } as const;
  const byRule = (handling: Handling): NetworkOptions['presence'] => ({ ruleset: [{ id: 'r', identity: [{ one: WATCHER }], handling, ...everything }] });

  it.each<[string, (handling: Handling) => PresenceBench]>([
    ['the list of the operator', (handling) => new PresenceBench(handling)],
    ['rules of the presentity', (handling) => new PresenceBench(undefined, byRule(handling))],
  ])('polite-block cannot be told from allow, but for what is in the document: by %s', (_what, make) => {
    const strip = (value: string): string => value.replace(/tag=[^;]+|ps-[a-z0-9]+|z9hG4bK[\w.-]+/g, '*').replace(/[a-z0-9]{8,}@/g, '*@');
    const shapes = (outcome: Outcome): unknown => ({
      headers: outcome.sip.map((one) =>
        one.message.headers
          .fields()
          .flatMap(({ name, value }) =>
            name === 'Content-Length' || name === 'Call-ID' || name === 'CSeq' || name === 'Via' ? [name] : [`${name}: ${strip(value)}`],
          ),
      ),
      // Notes stay within the server: only what is sent can be seen.
      sent: outcome.effects.flatMap((one) => (one.kind === 'send' ? [one.label] : [])),
    });
    const told = (handling: Handling, published: 'before' | 'never'): unknown => {
      const bench = make(handling);
      if (published === 'before') bench.publish(pidf('open'));
      const first = bench.subscribe();
      bench.answer(first.request('NOTIFY'), 200);
      // RFC 6665 §4.2.1.2: a refresh is answered the same way, too.
      const { headers } = first.response(200).message;
      const dialog = { To: headers.get('To'), From: headers.get('From'), 'Call-ID': headers.get('Call-ID'), CSeq: '9999 SUBSCRIBE' };
      const again = bench.subscribe(dialog);
      bench.answer(again.request('NOTIFY'), 200);
      return { first: shapes(first), again: shapes(again), bodies: published === 'never' ? [bodies(first), bodies(again)] : [] };
    };
    expect(told('polite-block', 'before')).toEqual(told('allow', 'before'));
    // Of somebody who has published nothing even the document is the same, to the last byte.
    expect(told('polite-block', 'never')).toEqual(told('allow', 'never'));
    const bench = make('polite-block');
    bench.publish(pidf('open'));
    const outcome = bench.subscribe();
    expect(bodies(outcome)[0]).not.toContain('open');
    bench.answer(outcome.request('NOTIFY'), 200);
    // Nor does it hear when something changes.
    expect(bench.publish(pidf('closed')).methods).toEqual([]);
  });
  it('need somebody who vouches for the watcher', () => {
    expect(new PresenceBench().subscribe({ 'P-Asserted-Identity': undefined }).statuses).toEqual([403]);
  });
});

describe('rules of the presentity', () => {
  const person = (extra: string): string =>
    pidf('open').replace(
      '</presence>',
      `<dm:person xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" id="p1">${extra}</dm:person></presence>`,
    );
  const modify = (bench: PresenceBench, first: Outcome, body: string): Outcome =>
    bench.publish(body, { 'SIP-If-Match': first.response(200).message.headers.get('SIP-ETag') });
  const many = { identity: [{ many: {} }] };
  const services = { handling: 'allow', services: 'all' } as const;

  it('are asked also about a watcher for whom nobody vouches', () => {
    const nobody = { 'P-Asserted-Identity': undefined };
    expect(new PresenceBench(undefined, { ruleset: [{ id: 'a', ...many, ...services }] }).subscribe(nobody).statuses).toEqual([403]);
    const outcome = new PresenceBench(undefined, { ruleset: [{ id: 'a', anonymous: true, ...services }] }).subscribe(nobody);
    expect(outcome.statuses).toEqual([200]);
    expect(stateOf(outcome)).toMatch(/^active/);
  });
  it('are about others: the presentity sees all of its own state', () => {
    const bench = new PresenceBench(undefined, { ruleset: [{ id: 'a', ...many, handling: 'block' }] });
    bench.publish(pidf('open'));
    const outcome = bench.subscribe({ 'P-Asserted-Identity': `<${JANE}>` });
    expect(outcome.statuses).toEqual([200]);
    expect(bodies(outcome)[0]).toContain('<basic>open</basic>');
  });
  it('hide what they do not show, and that it changed', () => {
    const bench = new PresenceBench(undefined, { ruleset: [{ id: 'a', ...many, ...services }] });
    const published = bench.publish(person('<r:activities><r:meeting/></r:activities>'));
    expect(bodies(bench.watched())[0]).not.toContain('meeting');
    bench.advance(10);
    const quiet = modify(bench, published, person('<r:activities><r:busy/></r:activities>'));
    expect(quiet.methods).toEqual([]);
    expect(modify(bench, quiet, pidf('closed')).methods).toEqual(['NOTIFY']);
  });
  it.each<[Handling, string, string]>([
    ['confirm', 'pending;expires=7190', ''],
    ['block', 'terminated;reason=rejected', ''],
    ['polite-block', 'active;expires=7190', 'unpublished'],
  ])('that let a watcher in only at work: afterwards %s', (handling, state, body) => {
    const ruleset = [
      { id: 'others', ...many, handling },
      { id: 'work', ...many, sphere: 'work', ...services },
    ];
    const bench = new PresenceBench(undefined, { ruleset });
    const published = bench.publish(person('<r:sphere><r:work/></r:sphere>'));
    expect(stateOf(bench.watched())).toBe('active;expires=7200');
    bench.advance(10);
    const home = modify(bench, published, person('<r:sphere><r:home/></r:sphere>'));
    expect(stateOf(home)).toBe(state);
    expect(bodies(home)[0]).toContain(body);
    expect(bodies(home)[0]).not.toContain('open');
  });
  it('that begin and end with the clock act without anybody asking', () => {
    const ruleset = [
      { id: 'others', ...many, handling: 'confirm' as const },
      { id: 'hour', ...many, validity: [{ from: '2026-01-05T09:01:00Z', until: '2026-01-05T10:00:00Z' }], ...services },
    ];
    const bench = new PresenceBench(undefined, { ruleset });
    bench.publish(pidf('open'));
    expect(stateOf(bench.watched())).toBe('pending;expires=7200');
    const open = bench.advance(60);
    expect(stateOf(open)).toBe('active;expires=7140');
    expect(bodies(open)[0]).toContain('open');
    bench.answer(open.request('NOTIFY'), 200);
    expect(stateOf(bench.advance(3540))).toBe('pending;expires=3600');
    expect(bench.machine.deadline()).not.toBe(bench.now);
  });
});

describe('what is refused', () => {
  it.each(['MESSAGE', 'OPTIONS', 'NOTIFY', 'INFO'])('%s: 405 with Allow', (method) => {
    const bench = new PresenceBench();
    const outcome = bench.deliver(sipRequest(method, JANE, { Event: 'presence' }), bench.at('scscf2'));
    expect(outcome.response(405).message.headers.get('Allow')).toContain('PUBLISH');
  });
  it.each<[string, Fields, number, string, string | undefined]>([
    ['another package', { Event: 'dialog' }, 489, 'Allow-Events', 'presence'],
    ['no package', { Event: undefined }, 489, 'Allow-Events', 'presence'],
    ['too short an interval', { Expires: '10' }, 423, 'Min-Expires', '60'],
    ['a format nobody makes', { Accept: 'text/html' }, 406, 'Accept', undefined],
    ['a dialog nobody knows', { To: `<${JANE}>;tag=nobody` }, 481, 'Nothing', undefined],
  ])('SUBSCRIBE with %s', (_what, fields, status, header, value) => {
    const outcome = new PresenceBench().subscribe(fields);
    expect(outcome.methods).toEqual([]);
    const { headers } = outcome.response(status).message;
    if (value !== undefined) expect(headers.get(header)).toBe(value);
  });
  it.each<[string, string | undefined, Fields, number]>([
    ['by somebody else', pidf('open'), { 'P-Asserted-Identity': `<${WATCHER}>` }, 403],
    ['by nobody known', pidf('open'), { 'P-Asserted-Identity': undefined }, 403],
    ['without package', pidf('open'), { Event: undefined }, 489],
    ['of another package', pidf('open'), { Event: 'dialog' }, 489],
    ['with an entity-tag never given', undefined, { 'SIP-If-Match': 'never' }, 412],
    ['in another format', 'x', { 'Content-Type': 'text/plain' }, 415],
    ['of what is no document', '<presence', {}, 400],
    ['of nothing', undefined, {}, 400],
  ])('PUBLISH %s', (_what, body, fields, status) => {
    const bench = new PresenceBench();
    bench.watched();
    const outcome = bench.publish(body, fields);
    expect(outcome.statuses).toEqual([status]);
    expect(outcome.methods).toEqual([]);
  });
});

describe('composition by a policy', () => {
  const badge = '<x:badge xmlns:x="urn:example:badge">guest</x:badge>';
  const both = pidf('closed', 'desk').replace('</tuple>', `${badge}<contact>sip:a@b</contact></tuple>`);
  const first = pidf('open', 'phone').replace('</tuple>', '<contact>sip:a@b</contact></tuple>');

  it('is changed by the operator while it runs: a watcher hears of it when its document is another, and only then', () => {
    const bench = new PresenceBench(undefined, { composition: true });
    bench.publish(first);
    bench.publish(both);
    const [before] = bodies(bench.watched());
    expect(before).toMatch(/phone.*desk/s);
    expect(before).not.toContain('badge');
    bench.advance(10);
    const unchanged = bench.wish({ kind: 'change-policy', policy: { closes: ['network-agent'] } });
    expect([unchanged.methods, unchanged.notes[0]?.reason]).toEqual([[], expect.stringContaining('who closes a service the network agent')]);
    const changed = bench.wish({ kind: 'change-policy', policy: { services: 'uri', unknown: 'pass' } });
    expect(changed.notes.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('Service phone, published by #1 (the user), is left out'));
    const [after] = bodies(changed);
    expect(after).toContain('guest');
    expect(after).not.toContain('phone');
    expect(bench.machine.view(bench.now).tables.map(({ title }) => title)).toEqual(expect.arrayContaining(['Composition', 'Composition policy']));
  });

  it('is as it was after a policy that is none, and where there is no policy to change', () => {
    const bench = new PresenceBench(undefined, { composition: true });
    const refused = bench.wish({ kind: 'change-policy', policy: { conflict: 'random' } });
    expect(refused.notes[0]).toMatchObject({ op: 'rejected', reason: expect.stringContaining('stays as it was') as string });
    expect(new PresenceBench().wish({ kind: 'change-policy', policy: {} }).notes[0]?.op).toBe('rejected');
  });

  it('leaves out what nobody has repeated for too long, and tells the watchers then', () => {
    const bench = new PresenceBench(undefined, { composition: true });
    bench.wish({ kind: 'change-policy', policy: { staleAfter: { user: 120 } } });
    bench.publish(first);
    expect(bodies(bench.watched())[0]).toContain('phone');
    const [last] = bodies(bench.advance(121)).slice(-1);
    expect(last).not.toContain('phone');
    expect(last).toContain('unpublished');
  });
});

describe('publications', () => {
  it('are taken from agents that stand in the network, about anybody served, and from nobody else', () => {
    const agent = 'sip:pna.home2.net';
    const node = { host: 'ps.home2.net', domain: 'home2.net', address: '2001:db8:2::50', dns: '2001:db8:2::53' };
    const config = {
      ...node,
      defaultHandling: 'allow' as const,
      rules: [],
      minExpires: 60,
      maxExpires: 3600,
      agents: [{ kind: 'network-agent' as const, identity: agent }],
    };
    const bench = new EntityBench('ps', { machine: new PresenceServer(config, createKeyedChance(1, 'ps')) });
    const publish = (by: string): readonly number[] => {
      const fields = { Event: 'presence', Expires: '3600', 'P-Asserted-Identity': `<${by}>`, 'Content-Type': 'application/pidf+xml' };
      return bench.deliver(sipRequest('PUBLISH', JANE, fields, encodeUtf8(pidf('closed'))), bench.at('scscf2')).statuses;
    };
    expect([agent, 'sip:pea.home2.net', WATCHER, JANE].map(publish)).toEqual([[200], [403], [403], [200]]);
  });

  it('of two devices are composed, and each ends by itself', () => {
    const bench = new PresenceBench();
    bench.publish(pidf('open', 'phone'), { Expires: '600' });
    bench.publish(pidf('closed', 'desk'));
    expect(bodies(bench.watched())[0]).toMatch(/(phone.*desk|desk.*phone)/s);
    const [later] = bodies(bench.advance(601)).slice(-1);
    expect(later).toContain('desk');
    expect(later).not.toContain('phone');
  });
  it('refreshed get another tag, and the old one is worth nothing', () => {
    const bench = new PresenceBench();
    const tag = bench.publish(pidf('open')).response(200).message.headers.get('SIP-ETag');
    const refreshed = bench.publish(undefined, { 'SIP-If-Match': tag });
    expect(refreshed.response(200).message.headers.get('SIP-ETag')).not.toBe(tag);
    expect(refreshed.methods).toEqual([]);
    expect(bench.publish(undefined, { 'SIP-If-Match': tag }).statuses).toEqual([412]);
  });
  it('when nobody has published the document says so, and is one', () => {
    const [body] = bodies(new PresenceBench().subscribe());
    expect(body).toContain(`entity="${JANE}"`);
  });
});

describe('notifications', () => {
  it('follow the route set, with a charging number of their own', () => {
    const { message } = new PresenceBench().subscribe().request('NOTIFY');
    expect(message.uri).toBe('sip:[2001:db8:a::65]:1357');
    expect(message.headers.values('Route')).toEqual(['<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>']);
    expect(message.headers.get('P-Charging-Vector')).toMatch(/^icid-value="ps-\w+";icid-generated-at=ps\.home2\.net;orig-ioi=home2\.net$/);
  });
  it('of changes come at most every five seconds, and then the latest', () => {
    const bench = new PresenceBench();
    bench.watched();
    bench.advance(10);
    const first = bench.publish(pidf('open'));
    expect(first.methods).toEqual(['NOTIFY']);
    bench.answer(first.request('NOTIFY'), 200);
    const tag = first.response(200).message.headers.get('SIP-ETag');
    bench.advance(1);
    const second = bench.publish(pidf('closed'), { 'SIP-If-Match': tag });
    expect(second.methods).toEqual([]);
    bench.publish(pidf('open', 't9'), { 'SIP-If-Match': second.response(200).message.headers.get('SIP-ETag') });
    expect(bench.advance(3.9).methods).toEqual([]);
    const late = bench.advance(0.2);
    expect(late.methods).toEqual(['NOTIFY']);
    expect(bodies(late)[0]).toContain('t9');
  });
  it.each([
    [481, 0],
    [489, 0],
    [404, 0],
    [503, 1],
    [500, 1],
  ])('answered %i: %i subscriptions left', (status, left) => {
    const bench = new PresenceBench();
    bench.answer(bench.subscribe().request('NOTIFY'), status);
    expect(subscriptions(bench)).toBe(left);
    bench.advance(10);
    expect(bench.publish(pidf('open')).methods).toEqual(left === 0 ? [] : ['NOTIFY']);
  });
  it('that nobody answers end the subscription: a refresh is then answered 481', () => {
    const bench = new PresenceBench();
    const outcome = bench.subscribe();
    bench.advance(33);
    expect(subscriptions(bench)).toBe(0);
    const { headers } = outcome.response(200).message;
    expect(bench.subscribe({ To: headers.get('To'), From: headers.get('From'), 'Call-ID': headers.get('Call-ID'), CSeq: '9999 SUBSCRIBE' }).statuses).toEqual([
      481,
    ]);
  });
  it('end with the subscription', () => {
    const bench = new PresenceBench();
    bench.watched({ Expires: '60' });
    const end = bench.advance(61);
    expect(stateOf(end)).toBe('terminated;reason=timeout');
    bench.answer(end.request('NOTIFY'), 200);
    expect(subscriptions(bench)).toBe(0);
  });
  it('of a fetch are one, and nothing stays', () => {
    const bench = new PresenceBench();
    const outcome = bench.subscribe({ Expires: '0' });
    expect(outcome.response(200).message.headers.get('Expires')).toBe('0');
    expect(stateOf(outcome)).toMatch(/^terminated/);
    bench.answer(outcome.request('NOTIFY'), 200);
    expect(subscriptions(bench)).toBe(0);
  });
});
