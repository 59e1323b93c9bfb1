import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { createFailureAnswer } from '#protocol/diameter/command.ts';
import { buildLocationInfoAnswer, buildUserAuthorizationAnswer } from '#protocol/diameter/cx.ts';
import { type CxResult, RESULT } from '#protocol/diameter/result.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { register } from '#testing/access-bench.ts';
import { type CxAnswerer, EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';
import { ICscf } from './i-cscf.ts';

const ORIGIN = { originHost: 'hss1.home1.net', originRealm: 'home1.net' };
const refusing =
  (result: CxResult): CxAnswerer =>
  (_request, message) =>
    createFailureAnswer(message, ORIGIN, result);
const silent: CxAnswerer = () => 'silence';

const bench = (cx?: CxAnswerer): EntityBench => new EntityBench('icscf1', cx === undefined ? {} : { cx });
const P_CSCF = { address: '2001:db8:a::10', port: 5060 };
const fromProxy = {
  Path: '<sip:term@pcscf1.visited1.net;lr>',
  'P-Visited-Network-ID': 'visited1.net',
  'Security-Client': undefined,
  'Proxy-Require': undefined,
};
const subscribe = (fields: Record<string, string | undefined> = {}) => sipRequest('SUBSCRIBE', 'sip:user1_public1@home1.net', { Event: 'presence', ...fields });
const registering = (cx?: CxAnswerer): Outcome => bench(cx).deliver(register(fromProxy), P_CSCF);
const subscribing = (cx?: CxAnswerer): Outcome => bench(cx).deliver(subscribe(), P_CSCF);

/** Two S-CSCFs with different capabilities. */
const choosing = (cx: CxAnswerer): EntityBench => {
  const { plan } = new EntityBench('icscf1');
  const hss = [...plan.entities.values()].find((one) => one.scenarioRole === 'hss1');
  return new EntityBench('icscf1', {
    cx,
    machine: new ICscf(
      {
        host: 'icscf1-p.home1.net',
        domain: 'home1.net',
        address: '2001:db8:1::20',
        dns: '2001:db8:1::53',
        hss: { host: 'hss1.home1.net', endpoint: { address: hss?.address ?? '', port: 3868 } },
        servers: [
          { name: 'sip:[2001:db8:1::31]', capabilities: [1] },
          { name: 'sip:[2001:db8:1::32]', capabilities: [1, 2] },
          { name: 'sip:[2001:db8:1::33]', capabilities: [1, 2, 3] },
        ],
      },
      createKeyedChance(1, 'icscf1'),
    ),
  });
};
const needing =
  (mandatory: readonly number[]): CxAnswerer =>
  (request, message) => {
    const capabilities = { mandatory, optional: [], serverNames: [] };
    return request.kind === 'LIR'
      ? buildLocationInfoAnswer(message, { ...ORIGIN, result: RESULT.unregisteredService, capabilities })
      : buildUserAuthorizationAnswer(message, { ...ORIGIN, result: RESULT.firstRegistration, capabilities });
  };
const addressOf = (outcome: Outcome, method: string): string => outcome.request(method).remote.address;

describe('what the HSS says about', () => {
  it.each<[string, CxAnswerer, number]>([
    ['an unknown user', refusing(RESULT.userUnknown), 404],
    ['a user not registered', refusing(RESULT.identityNotRegistered), 480],
    ['unable to comply', refusing(RESULT.unableToComply), 500],
    ['the base protocol’s own 5003, which means something else', refusing(RESULT.authorizationRejected), 500],
    ['too busy', refusing(RESULT.tooBusy), 500],
  ])('the target of a request: %s', (_what, cx, status) => {
    const outcome = subscribing(cx);
    expect(outcome.statuses).toEqual([status]);
    expect(outcome.methods).toEqual([]);
  });

  it.each<[string, CxAnswerer]>([
    ['an unknown user', refusing(RESULT.userUnknown)],
    ['identities that do not match', refusing(RESULT.identitiesDontMatch)],
    ['roaming not allowed', refusing(RESULT.roamingNotAllowed)],
    ['authorization rejected', refusing(RESULT.authorizationRejected)],
    ['a deregistration of somebody not registered', refusing(RESULT.identityNotRegistered)],
  ])('who registers: %s is 403', (_what, cx) => {
    expect(registering(cx).statuses).toEqual([403]);
  });

  it('is answered among networks that trust each other with the number of the request, and who answered, of the same type', () => {
    const vectorOf = (message: SipRequest, cx: CxAnswerer, from = P_CSCF): string | undefined =>
      bench(cx).deliver(message, from).responses[0]?.message.headers.get('P-Charging-Vector');
    const unknown = refusing(RESULT.userUnknown);
    expect(vectorOf(subscribe({ 'P-Charging-Vector': 'icid-value="n";orig-ioi=home2.net' }), unknown)).toBe(
      'icid-value="n";orig-ioi=home2.net;term-ioi=home1.net',
    );
    expect(vectorOf(register({ ...fromProxy, 'P-Charging-Vector': 'icid-value="n";orig-ioi="Type 1visited1.net"' }), unknown)).toBe(
      'icid-value="n";orig-ioi="Type 1visited1.net";term-ioi="Type 1home1.net"',
    );
    expect(vectorOf(subscribe(), unknown)).toBeUndefined();
    // A stranger hears nothing of it, whatever he says himself.
    const stranger = { address: '2001:db8:f::20', port: 5060 };
    expect(vectorOf(subscribe({ 'P-Charging-Vector': 'icid-value="mine"' }), unknown, stranger)).toBeUndefined();
  });

  it('nothing at all: 500, for both', () => {
    for (const message of [register(fromProxy), subscribe()]) {
      const one = bench(silent);
      expect(one.deliver(message, P_CSCF).statuses).toEqual([]);
      expect(one.advance(7).statuses).toEqual([500]);
    }
  });
});

describe('the question to the HSS', () => {
  it('on REGISTER names both identities, the visited network and the kind', () => {
    expect(registering().cx).toMatchObject([
      { kind: 'UAR', publicIdentity: 'sip:user1_public1@home1.net', userName: 'user1_private@home1.net', visitedNetwork: 'visited1.net', authorizationType: 0 },
    ]);
    const leaving = bench().deliver(register({ ...fromProxy, Contact: '<sip:[2001:db8:a::65]:1357>;expires=0' }), P_CSCF);
    expect(leaving.cx).toMatchObject([{ kind: 'UAR', authorizationType: 1 }]);
  });
  it('on any other request names the target in its canonical form', () => {
    const odd = sipRequest('SUBSCRIBE', 'sip:user1_public1@HOME1.net;user=ip', { Event: 'presence' });
    expect(bench().deliver(odd, P_CSCF).cx).toMatchObject([{ kind: 'LIR', publicIdentity: 'sip:user1_public1@home1.net' }]);
  });
});

describe('an overloaded entry', () => {
  it('turns requests away and says for how long, until it is relieved', () => {
    const one = bench();
    one.wish({ kind: 'overload', retryAfter: 20 });
    const refused = one.deliver(subscribe(), P_CSCF);
    expect(refused.response(503).message.headers.get('Retry-After')).toBe('20');
    expect(refused.cx).toEqual([]);
    one.wish({ kind: 'relieve' });
    expect(one.deliver(subscribe(), P_CSCF).cx).toHaveLength(1);
  });
  it('makes sense of odd wishes', () => {
    const one = bench();
    one.wish({ kind: 'overload', retryAfter: -5 });
    expect(one.deliver(subscribe(), P_CSCF).response(503).message.headers.get('Retry-After')).toBe('60');
    expect(one.wish({ kind: 'sing' }).notes[0]?.op).toBe('rejected');
  });
});

describe('a pres address', () => {
  it('means the public identity of the same name: that one is looked up, and the request goes on to it', () => {
    const outcome = bench().deliver(sipRequest('SUBSCRIBE', 'pres:user1_public1@home1.net', { Event: 'presence' }), P_CSCF);
    expect(outcome.cx).toMatchObject([{ kind: 'LIR', publicIdentity: 'sip:user1_public1@home1.net' }]);
  });
});

describe('the choice of an S-CSCF', () => {
  const named: CxAnswerer = (_request, message) => buildLocationInfoAnswer(message, { ...ORIGIN, result: RESULT.success, serverName: 'sip:[2001:db8:1::77]' });

  it('is the one that the HSS names', () => {
    expect(addressOf(choosing(named).deliver(subscribe(), P_CSCF), 'SUBSCRIBE')).toBe('2001:db8:1::77');
  });
  it('whose name the DNS does not know in time: 504 after 5 s, for the sender still waits (RFC 3261 §21.5.5)', () => {
    const abroad: CxAnswerer = (_request, message) =>
      buildLocationInfoAnswer(message, { ...ORIGIN, result: RESULT.success, serverName: 'sip:scscf9.nowhere.example' });
    const one = bench(abroad);
    expect(one.deliver(subscribe(), P_CSCF).statuses).toEqual([]);
    expect(one.advance(4.9).statuses).toEqual([]);
    const late = one.advance(0.2);
    expect([late.statuses, late.methods]).toEqual([[504], []]);
    expect(late.notes.map(({ op, clause }) => `${op} ${clause}`)).toContain('rejected RFC 3261 §21.5.5');
  });
  it.each<[readonly number[], string]>([
    [[], '2001:db8:1::31'],
    [[1, 2], '2001:db8:1::32'],
    [[3], '2001:db8:1::33'],
  ])('is the first with the capabilities %j', (mandatory, address) => {
    expect(addressOf(choosing(needing(mandatory)).deliver(register(fromProxy), P_CSCF), 'REGISTER')).toBe(address);
    expect(addressOf(choosing(needing(mandatory)).deliver(subscribe(), P_CSCF), 'SUBSCRIBE')).toBe(address);
  });
  it('fails when no server has them: 504 for REGISTER, 480 for others', () => {
    expect(choosing(needing([9])).deliver(register(fromProxy), P_CSCF).statuses).toEqual([504]);
    expect(choosing(needing([9])).deliver(subscribe(), P_CSCF).statuses).toEqual([480]);
  });
  it('is made anew, with capabilities, for a REGISTER that a silent S-CSCF has swallowed, until none is left', () => {
    const one = choosing(needing([2]));
    expect(addressOf(one.deliver(register(fromProxy), P_CSCF), 'REGISTER')).toBe('2001:db8:1::32');
    const second = one.advance(9);
    expect(second.cx).toMatchObject([{ kind: 'UAR', authorizationType: 2 }]);
    expect(second.requests.at(-1)?.remote.address).toBe('2001:db8:1::33');
    const { headers } = second.requests.at(-1)?.message ?? {};
    expect(headers?.values('Route')).toEqual(['<sip:[2001:db8:1::33];lr>']);
    expect(headers?.get('Max-Forwards')).toBe('69');
    expect(headers?.values('Via')).toHaveLength(2);
    // The I-CSCF is less patient than the sender, who still listens.
    const last = one.advance(9);
    expect(last.requests.map((sent) => sent.remote.address)).not.toContain('2001:db8:1::32');
    expect(last.statuses).toEqual([504]);
  });
  it('stays for any other request: nothing is answered when the S-CSCF is silent (RFC 4320)', () => {
    const one = choosing(needing([2]));
    one.deliver(subscribe(), P_CSCF);
    const later = one.advance(70);
    expect(later.cx).toEqual([]);
    expect(later.statuses).toEqual([]);
  });
});

describe('from a network that is not trusted', () => {
  const STRANGER = { address: '2001:db8:f::20', port: 5060 };
  const CLAIMS = {
    'P-Asserted-Identity': '<sip:user1_public1@home1.net>',
    'P-Access-Network-Info': '3GPP-UTRAN-FDD',
    'P-Charging-Vector': 'icid-value="mine"',
  };

  it('nobody registers', () => {
    const outcome = bench().deliver(register(fromProxy), STRANGER);
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.cx).toEqual([]);
  });
  it('a claim is taken off, a charging number of our own put on, and the answer tells nothing of it', () => {
    const one = choosing(needing([]));
    const trusting = bench(needing([]));
    const request = one.deliver(subscribe(CLAIMS), STRANGER).request('SUBSCRIBE').message;
    // The bench of the choice has no trust configured: everybody is believed there.
    expect(request.headers.has('P-Asserted-Identity')).toBe(true);
    const stripped = trusting.deliver(subscribe(CLAIMS), STRANGER).request('SUBSCRIBE');
    for (const name of ['P-Asserted-Identity', 'P-Access-Network-Info']) expect(stripped.message.headers.has(name)).toBe(false);
    expect(stripped.message.headers.get('P-Charging-Vector')).toMatch(/^icid-value="icscf1-p-/);
    const answer = trusting.answer(stripped, 200, [['P-Charging-Vector', 'icid-value="ours"']]).response(200);
    expect(answer.message.headers.has('P-Charging-Vector')).toBe(false);
  });
  it('a network that is trusted by configuration is believed', () => {
    const one = new EntityBench('icscf1', { network: { trust: { outside: true } }, cx: needing([]) });
    expect(one.deliver(subscribe(CLAIMS), STRANGER).request('SUBSCRIBE').message.headers.get('P-Charging-Vector')).toBe('icid-value="mine"');
  });
});

describe('what passes', () => {
  it('is never recorded, loses one hop and keeps its target', () => {
    const { message } = registered()
      .deliver(subscribe({ 'Max-Forwards': '10' }), P_CSCF)
      .request('SUBSCRIBE');
    expect(message.headers.has('Record-Route')).toBe(false);
    expect(message.headers.get('Max-Forwards')).toBe('9');
    expect(message.uri).toBe('sip:user1_public1@home1.net');
    expect(message.headers.values('Route')).toEqual(['<sip:[2001:db8:1::31];lr>']);
  });
  it('gets a charging number when it came without, and keeps the one it has', () => {
    const without = registered().deliver(subscribe(), P_CSCF).request('SUBSCRIBE').message.headers.get('P-Charging-Vector');
    expect(without).toMatch(/^icid-value="icscf1-p-[a-z0-9]+"/);
    const vector = 'icid-value="there";orig-ioi=home2.net';
    const kept = registered()
      .deliver(subscribe({ 'P-Charging-Vector': vector }), P_CSCF)
      .request('SUBSCRIBE')
      .message.headers.get('P-Charging-Vector');
    expect(kept).toBe(vector);
  });
  it.each<[string, Record<string, string>, number]>([
    ['Max-Forwards 0', { 'Max-Forwards': '0' }, 483],
    ['an extension nobody knows', { 'Proxy-Require': 'telepathy' }, 420],
  ])('is refused: %s', (_what, fields, status) => {
    expect(bench().deliver(subscribe(fields), P_CSCF).statuses).toEqual([status]);
    expect(bench().deliver(register({ ...fromProxy, ...fields }), P_CSCF).statuses).toEqual([status]);
  });
  it('is a loop when it comes again as it came', () => {
    const one = registered();
    const sent = one.deliver(subscribe(), P_CSCF).request('SUBSCRIBE').message;
    const again = subscribe({ Via: `SIP/2.0/UDP [2001:db8:1::31];branch=z9hG4bKs, ${sent.headers.get('Via') ?? ''}` });
    expect(one.deliver(again, P_CSCF).statuses).toEqual([482]);
  });
  it('is none when it comes again on another way: what it leads to then has not been tried', () => {
    const one = registered();
    const sent = one.deliver(subscribe(), P_CSCF).request('SUBSCRIBE').message;
    const Via = `SIP/2.0/UDP [2001:db8:1::31];branch=z9hG4bKs, ${sent.headers.get('Via') ?? ''}`;
    expect(one.deliver(subscribe({ Via, Route: '<sip:scscf1.home1.net;lr>' }), P_CSCF).statuses).toEqual([]);
  });
  it.each([
    [503, 500],
    [403, 403],
    [200, 200],
  ])('is answered: %i comes back as %i', (received, passed) => {
    const one = registered();
    expect(one.answer(one.deliver(subscribe(), P_CSCF).request('SUBSCRIBE'), received).statuses).toEqual([passed]);
  });

  function registered(): EntityBench {
    return choosing(needing([]));
  }
});
