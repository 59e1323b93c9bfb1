import { describe, expect, it } from 'vitest';
import { asksForRegistration } from '#ims/node/restoration.ts';
import { createFailureAnswer } from '#protocol/diameter/command.ts';
import type { InitialFilterCriterion } from '#protocol/diameter/cx-user-data.ts';
import { type CxResult, RESULT } from '#protocol/diameter/result.ts';
import { createRequest } from '#protocol/sip/message.ts';
import { type CxAnswerer, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';
import { ALICE, CONTACT, ServingBench, withCriteria, withProfile } from '#testing/serving-bench.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

const AS1 = '2001:db8:1::91';
const AS2 = '2001:db8:1::92';
type Handling = 0 | 1 | undefined;
const criterion = (priority: number, address: string, method: string, handling: Handling, sessionCase?: number): InitialFilterCriterion => ({
  priority,
  triggerPoint: {
    cnf: true,
    spts: [
      { kind: 'method', method, negated: false, groups: [0] },
      ...(sessionCase === undefined ? [] : [{ kind: 'session-case' as const, sessionCase, negated: false, groups: [1] }]),
    ],
  },
  applicationServer: { serverName: `sip:[${address}]`, ...(handling === undefined ? {} : { defaultHandling: handling }) },
});
const registered = (cx?: CxAnswerer): ServingBench => {
  const bench = new ServingBench(cx === undefined ? {} : { cx });
  bench.registered();
  return bench;
};
const refusing =
  (result: CxResult): CxAnswerer =>
  (request, message) =>
    request.kind === 'SAR' ? createFailureAnswer(message, { originHost: 'hss1.home1.net', originRealm: 'home1.net' }, result) : undefined;
const goingTo = (outcome: Outcome): readonly string[] => outcome.requests.map((one) => one.remote.address);
/** As the application server sends it on: its own Route taken off, the one behind it left. */
function returned(sent: Sent<SipRequest>, change: (request: SipRequest) => void = () => undefined): SipRequest {
  const { message } = sent;
  const request = createRequest(
    message.method,
    message.uri,
    message.headers.fields().map((field) => [field.name, field.value] as const),
  );
  request.headers.removeFirst('Route');
  request.headers.prepend('Via', `SIP/2.0/UDP [2001:db8:1::91]:5060;branch=z9hG4bKas${message.headers.get('Max-Forwards') ?? ''}`);
  change(request);
  return request;
}
const BARRED = withProfile({
  publicIdentities: [
    { identity: ALICE, barred: false },
    { identity: 'sip:hidden@home1.net', barred: true },
  ],
});

describe('whoever sends', () => {
  it.each<[string, () => Outcome]>([
    ['is not registered here', () => new ServingBench().originating('SUBSCRIBE')],
    ['asserts an identity that is not registered', () => registered().originating('SUBSCRIBE', { 'P-Asserted-Identity': '<sip:user7@home1.net>' })],
    ['asserts none', () => registered().originating('SUBSCRIBE', { 'P-Asserted-Identity': undefined })],
    ['uses a barred identity', () => registered(BARRED).originating('SUBSCRIBE', { 'P-Asserted-Identity': '<sip:hidden@home1.net>' })],
  ])('%s: 403', (_what, send) => {
    const outcome = send();
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.methods).toEqual([]);
  });

  it('and is registered goes on to the other network, with what belongs there and without what does not', () => {
    const bench = registered();
    const { message, remote } = bench.originating('SUBSCRIBE', { 'P-Charging-Function-Addresses': 'ccf=x' }).request('SUBSCRIBE');
    expect(remote).toEqual(bench.at('icscf2'));
    expect(message.headers.get('P-Charging-Vector')).toBe('icid-value="o1";orig-ioi=home1.net');
    for (const name of ['P-Access-Network-Info', 'P-Charging-Function-Addresses', 'Route']) expect(message.headers.has(name), name).toBe(false);
    expect(message.headers.values('P-Asserted-Identity')).toEqual([`<${ALICE}>`, '<tel:+12125551111>']);
    expect(message.headers.values('Record-Route')).toEqual(['<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>']);
    expect(message.headers.get('Max-Forwards')).toBe('69');
  });
  it('gets an answer that names the networks of that leg', () => {
    const bench = registered();
    const sent = bench.originating('SUBSCRIBE').request('SUBSCRIBE');
    const { headers } = bench.answer(sent, 200, [['P-Charging-Vector', 'icid-value="o1";orig-ioi=home1.net;term-ioi=home2.net']]).response(200).message;
    expect(headers.get('P-Charging-Vector')).toBe('icid-value="o1";orig-ioi="Type 1visited1.net";term-ioi="Type 1home1.net"');
  });
  it.each([
    ['a domain about which the DNS is silent', 'sip:user@nowhere.example', 504],
    ['a host that the domain does not have', 'sip:user@nowhere.home2.net', 404],
    ['a pres address of such a domain', 'pres:user@nowhere.home2.net', 404],
    ['a number in a directory that is silent', 'tel:+12125552222', 504],
    ['a local number without a country', 'tel:5552222;phone-context=example.com', 404],
    ['an address of another kind', 'urn:service:sos', 416],
  ])('to %s: %s gets %i', (_what, uri, status) => {
    const bench = registered();
    const outcome = bench.originating('SUBSCRIBE', {}, uri);
    expect([...outcome.statuses, ...bench.advance(30).statuses]).toEqual([status]);
  });
  describe('to a network with several entries', () => {
    const entries = (weights: readonly (readonly [number, number])[]): ServingBench => {
      const roles = ['icscf2', 'icscf2b', 'icscf2c'] as const;
      const offered = weights.map(([priority, weight], i) => ({ role: roles[i] ?? 'icscf2', priority, weight }));
      const bench = new ServingBench({ network: { with: ['icscf2b', 'icscf2c'], dns: { entries: offered } } });
      bench.registered();
      return bench;
    };
    it('shares its requests by weight: 60 to 40, never the one of another priority', () => {
      const bench = entries([
        [1, 60],
        [1, 40],
        [2, 100],
      ]);
      const firsts = new Map<string, number>();
      for (let i = 0; i < 400; i++) {
        const { address } = bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote;
        firsts.set(address, (firsts.get(address) ?? 0) + 1);
      }
      // 240 expected of 400 draws; four standard deviations are 39.
      expect(Math.abs((firsts.get(bench.at('icscf2').address) ?? 0) - 240)).toBeLessThan(39);
      expect(firsts.get(bench.at('icscf2c').address)).toBeUndefined();
    });
    it('tries the next one after a 503, and answers 500 when all say 503', () => {
      const bench = entries([
        [1, 0],
        [2, 0],
      ]);
      const first = bench.originating('SUBSCRIBE').request('SUBSCRIBE');
      const second = bench.answer(first, 503, [['Retry-After', '30']]).request('SUBSCRIBE');
      expect([first.remote, second.remote]).toEqual([bench.at('icscf2'), bench.at('icscf2b')]);
      expect(second.message.headers.get('Max-Forwards')).toBe(first.message.headers.get('Max-Forwards'));
      expect(second.message.headers.values('Via')).toHaveLength(first.message.headers.values('Via').length);
      const refused = bench.answer(second, 503);
      expect(refused.statuses).toEqual([500]);
      expect(refused.response(500).message.headers.get('To')).toContain(';tag=');
      expect(refused.methods).toEqual([]);
    });
    it.each([
      ['the one that said for how long, until then', [['Retry-After', '30']], 'icscf2b'],
      ['a 503 that does not say it is about that request only', [], 'icscf2'],
      ['nonsense is as if it were not there', [['Retry-After', 'soon']], 'icscf2'],
    ] as const)('remembers %s', (_what, headers, next) => {
      const bench = entries([
        [1, 0],
        [2, 0],
      ]);
      bench.answer(bench.originating('SUBSCRIBE').request('SUBSCRIBE'), 503, headers);
      expect(bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote).toEqual(bench.at(next));
      bench.advance(31);
      expect(bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote).toEqual(bench.at('icscf2'));
    });
    it('tries the next one after 32 s of silence, and asks the silent one last for a while', () => {
      const bench = entries([
        [1, 0],
        [2, 0],
      ]);
      bench.originating('SUBSCRIBE');
      expect(bench.advance(33).requests.at(-1)?.remote).toEqual(bench.at('icscf2b'));
      expect(bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote).toEqual(bench.at('icscf2b'));
    });
    it('does not ask the same server again over another transport', () => {
      const bench = entries([[1, 0]]);
      const refused = bench.answer(bench.originating('SUBSCRIBE').request('SUBSCRIBE'), 503);
      expect([refused.methods, refused.statuses]).toEqual([[], [500]]);
    });
  });
  describe('to a telephone number', () => {
    const listing = (numbers: 'plain' | 'pattern' | 'delegated' | 'circle' | 'pres'): ServingBench => {
      const bench = new ServingBench({ network: { with: ['enum1'], dns: { numbers } } });
      bench.registered();
      return bench;
    };
    it.each([
      ['plain', 'sip:user2_public1@home2.net'],
      ['pattern', 'sip:user2_public1@home2.net'],
      ['delegated', 'sip:user2_public1@home2.net'],
      ['pres', 'pres:user2_public1@home2.net'],
    ] as const)('that the directory lists as %s: the request goes on to %s, and says so', (numbers, uri) => {
      const bench = listing(numbers);
      const { message, remote, notes } = bench.originating('SUBSCRIBE', {}, 'tel:+1-212-555-2222').request('SUBSCRIBE');
      expect(message.uri).toBe(uri);
      expect(message.headers.get('To')).toBe('<tel:+1-212-555-2222>');
      expect(remote).toEqual(bench.at('icscf2'));
      expect(notes.find((note) => note.header === 'Request-URI')).toMatchObject({ from: 'tel:+1-212-555-2222', to: uri });
      expect(message.headers.get('Max-Forwards')).toBe('69');
    });
    it('within the own domain, written as a SIP address', () => {
      const { message } = listing('plain').originating('SUBSCRIBE', {}, 'sip:+12125552222@home1.net;user=phone').request('SUBSCRIBE');
      expect(message.uri).toBe('sip:user2_public1@home2.net');
    });
    it('in another domain, which knows its own numbers: left alone', () => {
      const { message } = listing('plain').originating('SUBSCRIBE', {}, 'sip:+12125552222@home2.net;user=phone').request('SUBSCRIBE');
      expect(message.uri).toBe('sip:+12125552222@home2.net;user=phone');
    });
    it('that leads in a circle, or that nobody has: 404', () => {
      expect(listing('circle').originating('SUBSCRIBE', {}, 'tel:+12125552222').statuses).toEqual([404]);
      expect(listing('plain').originating('SUBSCRIBE', {}, 'tel:+12125550000').statuses).toEqual([404]);
    });
  });
});

describe('whoever is sought', () => {
  it.each<[string, ServingBench, string, number]>([
    ['has no services while not registered', new ServingBench(), ALICE, 480],
    ['has a barred identity', registered(BARRED), 'sip:hidden@home1.net', 404],
    ['is unknown to the HSS', new ServingBench({ cx: refusing(RESULT.userUnknown) }), ALICE, 404],
    ['is served by another S-CSCF', new ServingBench({ cx: refusing(RESULT.identityAlreadyRegistered) }), ALICE, 500],
    ['cannot be looked up', new ServingBench({ cx: refusing(RESULT.unableToComply) }), ALICE, 500],
  ])('%s', (_what, bench, uri, status) => {
    expect(bench.terminating('SUBSCRIBE', {}, uri).statuses).toEqual([status]);
  });
  it('cannot be looked up because the HSS is silent: 504', () => {
    const bench = new ServingBench({ cx: () => 'silence' });
    bench.terminating('SUBSCRIBE');
    expect(bench.advance(7).statuses).toEqual([504]);
  });
  it('and is registered is reached at the contact along the Path', () => {
    const bench = registered();
    const { message, remote } = bench.terminating('MESSAGE').request('MESSAGE');
    expect(message.uri).toBe(CONTACT);
    expect(message.headers.values('Route')).toEqual(['<sip:term@pcscf1.visited1.net;lr>']);
    expect(message.headers.get('P-Called-Party-ID')).toBe(`<${ALICE}>`);
    expect(remote).toEqual(bench.at('pcscf1'));
    expect(message.headers.get('P-Charging-Vector')).toContain('orig-ioi="Type 1home1.net"');
  });
  it('is not registered, but a service takes it: the profile is fetched once', () => {
    const bench = new ServingBench({ cx: withCriteria(criterion(0, AS1, 'SUBSCRIBE', 1, 2)) });
    const first = bench.terminating('SUBSCRIBE');
    expect(first.cx).toMatchObject([{ kind: 'SAR', assignmentType: 3 }]);
    expect(goingTo(first)).toEqual([AS1]);
    expect(first.request('SUBSCRIBE').message.headers.get('P-Served-User')).toBe(`<${ALICE}>;sescase=term;regstate=unreg`);
    const second = bench.terminating('SUBSCRIBE');
    expect(second.cx).toEqual([]);
    expect(goingTo(second)).toEqual([AS1]);
  });
});

describe('a sender of whom nothing is known here', () => {
  it('and whom the HSS has on record here is asked to register anew: the S-CSCF has lost its memory', () => {
    const outcome = new ServingBench({ cx: withCriteria() }).originating('SUBSCRIBE');
    expect(outcome.cx).toMatchObject([{ kind: 'SAR', assignmentType: 0 }]);
    expect(asksForRegistration(outcome.response(504).message)).toBe(true);
  });
  it('is refused when the HSS does not know him either', () => {
    expect(new ServingBench({ cx: refusing(RESULT.unableToComply) }).originating('SUBSCRIBE').statuses).toEqual([403]);
  });
});

describe('application servers', () => {
  const two = (first: Handling, second: Handling = 1): ServingBench =>
    registered(withCriteria(criterion(2, AS2, 'SUBSCRIBE', second), criterion(1, AS1, 'SUBSCRIBE', first)));

  it('are asked in the order of priority, with a way back and the served user', () => {
    const bench = two(0);
    const { message } = bench.originating('SUBSCRIBE').request('SUBSCRIBE');
    const routes = message.headers.values('Route');
    expect(routes[0]).toBe(`<sip:[${AS1}];lr>`);
    expect(routes[1]).toMatch(/^<sip:[a-z0-9]{12}@scscf1\.home1\.net;lr>$/);
    expect(message.headers.get('P-Served-User')).toBe(`<${ALICE}>;sescase=orig;regstate=reg`);
    expect(message.headers.get('P-Charging-Vector')).toBe('icid-value="o1";orig-ioi="Type 3home1.net"');
    expect(message.headers.get('P-Charging-Function-Addresses')).toBe('ccf=ccf1.home1.net');
  });
  it('that send the request back let the evaluation go on behind their criterion, and then out', () => {
    const bench = two(1);
    const first = bench.originating('SUBSCRIBE').request('SUBSCRIBE');
    const second = bench.deliver(returned(first), { address: AS1, port: 5060 });
    expect(goingTo(second)).toEqual([AS2]);
    const third = bench.deliver(returned(second.request('SUBSCRIBE')), { address: AS2, port: 5060 });
    expect(goingTo(third)).toEqual([bench.at('icscf2').address]);
    const { headers } = third.request('SUBSCRIBE').message;
    expect(headers.has('Route')).toBe(false);
    expect(headers.get('P-Charging-Vector')).toContain('orig-ioi=home1.net');
    expect(headers.has('P-Served-User')).toBe(false);
  });
  it('whose answer is final end the evaluation', () => {
    const bench = two(0);
    const outcome = bench.answer(bench.originating('SUBSCRIBE').request('SUBSCRIBE'), 403);
    expect([outcome.statuses, outcome.methods]).toEqual([[403], []]);
  });

  it.each<[string, Handling, string | undefined]>([
    ['0: on to the next one', 0, AS2],
    ['absent: on to the next one', undefined, AS2],
    ['1: the end, and the sender hears of it', 1, undefined],
  ])('that are silent, default handling %s', (_what, handling, next) => {
    const bench = two(handling);
    bench.originating('SUBSCRIBE');
    const later = bench.advance(9);
    expect(goingTo(later).includes(AS2)).toBe(next === AS2);
    expect(later.statuses).toEqual(next === undefined ? [504] : []);
  });
  it.each<[number, Handling, number | undefined]>([
    [500, 0, undefined],
    [503, 0, undefined],
    [408, undefined, undefined],
    [500, 1, 500],
    [503, 1, 500],
    [504, 1, 504],
  ])('that answer %i, default handling %s', (status, handling, passed) => {
    const bench = two(handling);
    const outcome = bench.answer(bench.originating('SUBSCRIBE').request('SUBSCRIBE'), status);
    expect(outcome.statuses).toEqual(passed === undefined ? [] : [passed]);
    expect(goingTo(outcome)).toEqual(passed === undefined ? [AS2] : []);
  });
  it('that failed let the request go on as it was before them', () => {
    const bench = two(0);
    const outcome = bench.answer(bench.originating('SUBSCRIBE').request('SUBSCRIBE'), 500);
    const { headers } = outcome.request('SUBSCRIBE').message;
    expect(headers.values('Route')).toHaveLength(2);
    expect(headers.values('P-Charging-Function-Addresses')).toHaveLength(1);
    expect(headers.get('Max-Forwards')).toBe('69');
  });
});

describe('requests within a dialog', () => {
  const inDialog = { To: '<sip:user2_public1@home2.net>;tag=there', Route: '<sip:scscf1.home1.net;lr>, <sip:icscf2-s.home2.net;lr>' };
  it('pass without filter criteria, whoever is registered', () => {
    const bench = registered(withCriteria(criterion(0, AS1, 'SUBSCRIBE', 1)));
    const outcome = bench.originating('SUBSCRIBE', inDialog, 'sip:ps.home2.net');
    expect(goingTo(outcome)).toEqual([bench.at('icscf2').address]);
    expect(outcome.cx).toEqual([]);
  });
  it('of a NOTIFY are recorded, for it gives the watcher its route set', () => {
    const outcome = registered().terminating(
      'NOTIFY',
      { ...inDialog, 'Subscription-State': 'active', Route: '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>' },
      CONTACT,
    );
    expect(outcome.request('NOTIFY').message.headers.values('Record-Route')).toEqual(['<sip:scscf1.home1.net;lr>']);
  });
});

describe('loops and limits', () => {
  it.each<[Record<string, string>, number]>([
    [{ 'Max-Forwards': '0' }, 483],
    [{ 'Proxy-Require': 'telepathy' }, 420],
  ])('%j', (fields, status) => {
    expect(registered().originating('SUBSCRIBE', fields).statuses).toEqual([status]);
  });
  it('a request may pass twice, once for each user, but not twice for the same', () => {
    const bench = registered(withCriteria(criterion(0, AS1, 'PUBLISH', 1)));
    const own = bench.originating('SUBSCRIBE', {}, ALICE).request('SUBSCRIBE').message.headers.get('Via') ?? '';
    const via = (branch: string): { readonly Via: string } => ({ Via: `SIP/2.0/UDP [2001:db8:1::20]:5060;branch=z9hG4bK${branch}, ${own}` });
    expect(bench.terminating('SUBSCRIBE', via('i')).methods).toEqual(['SUBSCRIBE']);
    expect(bench.originating('SUBSCRIBE', via('p'), ALICE).statuses).toEqual([482]);
  });
});

describe('the registration event', () => {
  const subscribe = (bench: ServingBench, identity: string, fields: Record<string, string | undefined> = {}): Outcome =>
    bench.deliver(
      sipRequest('SUBSCRIBE', ALICE, {
        Event: 'reg',
        From: `<${identity}>;tag=w`,
        Contact: `<${CONTACT}>`,
        'P-Asserted-Identity': `<${identity}>`,
        Accept: 'application/reginfo+xml',
        Expires: '600000',
        ...fields,
      }),
      bench.at('pcscf1'),
    );

  it.each([
    ['the user', ALICE, 200],
    ['another identity of the set', 'sip:user1_public2@home1.net', 200],
    ['the P-CSCF in the Path', 'sip:pcscf1.visited1.net', 200],
    ['another P-CSCF', 'sip:pcscf9.visited1.net', 403],
    ['a stranger', 'sip:user2_public1@home2.net', 403],
  ])('for %s', (_what, identity, status) => {
    expect(subscribe(registered(), identity).statuses).toEqual([status]);
  });
  it('is told at once, with every identity of the set, and again at every change', () => {
    const bench = registered();
    const notify = subscribe(bench, ALICE, { Route: '<sip:orig@scscf1.home1.net;lr>' }).request('NOTIFY');
    const text = new TextDecoder().decode(notify.message.body);
    for (const identity of [ALICE, 'sip:user1_public2@home1.net', 'tel:+12125551111']) expect(text).toContain(`aor="${identity}"`);
    bench.answer(notify, 200);
    const gone = bench.trusted({ Contact: `<${CONTACT}>;expires=0` }).request('NOTIFY').message;
    expect(gone.headers.get('Subscription-State')).toMatch(/^terminated/);
    expect(new TextDecoder().decode(gone.body)).toMatch(/state="terminated".*event="unregistered"/s);
  });
  it('ends with the event expired when the registration runs out', () => {
    const bench = new ServingBench();
    bench.registered({ Contact: `<${CONTACT}>;expires=100` });
    bench.answer(subscribe(bench, ALICE).request('NOTIFY'), 200);
    expect(new TextDecoder().decode(bench.advance(101).request('NOTIFY').message.body)).toContain('event="expired"');
  });
});
