import { describe, expect, it } from 'vitest';
import { asksForRegistration } from '#ims/node/restoration.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatReginfo } from '#presence/reginfo/document.ts';
import { AccessBench, PROTECTED_SERVER, register, SERVICE_ROUTE, UE_CLIENT, UE_CONTACT, UE_PLAIN, UE_SERVER } from '#testing/access-bench.ts';
import { type Outcome, sipRequest } from '#testing/entity-bench.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

const registered = (): AccessBench => {
  const bench = new AccessBench();
  bench.registered();
  return bench;
};

const DIGEST = 'Digest username="user1_private@home1.net", realm="registrar.home1.net", uri="sip:registrar.home1.net"';
const OWN = `<sip:pcscf1.visited1.net:${PROTECTED_SERVER};lr>`;

describe('a request of the UE is refused', () => {
  it.each(['SUBSCRIBE', 'PUBLISH', 'MESSAGE', 'NOTIFY', 'OPTIONS'])('%s on the unprotected port', (method) => {
    const outcome = registered().deliver(sipRequest(method, 'sip:user2_public1@home2.net', { Event: 'presence' }), UE_PLAIN);
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.methods).toEqual([]);
  });

  it.each([
    ['over a foreign security association', { address: '2001:db8:a::66', port: 2468 }],
    ['from another port of the same UE', { address: UE_CLIENT.address, port: 2469 }],
  ])('%s: 403', (_what, from) => {
    const bench = registered();
    expect(bench.deliver(bench.fromUe('SUBSCRIBE'), from, PROTECTED_SERVER).statuses).toEqual([403]);
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['Security-Verify tampered', { 'Security-Verify': 'ipsec-3gpp; q=0.1; alg=null; spi-c=1000; spi-s=1001; port-c=8642; port-s=7531' }, 494],
    ['Security-Verify missing', { 'Security-Verify': undefined }, 494],
    ['Route without the Service-Route', { Route: OWN }, 400],
    ['Route to another S-CSCF', { Route: `${OWN}, <sip:orig@scscf9.home1.net;lr>` }, 400],
    ['Route with one hop too many', { Route: `${OWN}, <sip:x.home1.net;lr>, ${SERVICE_ROUTE}` }, 400],
    ['Route that does not name this P-CSCF', { Route: `<sip:pcscf9.visited1.net;lr>, ${SERVICE_ROUTE}` }, 400],
    ['Route to a host whose name only begins like this one', { Route: `<sip:pcscf1.visited1.net.evil.example;lr>, ${SERVICE_ROUTE}` }, 400],
    ['no Route at all', { Route: undefined }, 400],
    ['a dialog that was not made here', { To: '<sip:user2_public1@home2.net>;tag=unknown' }, 481],
    ['Max-Forwards used up', { 'Max-Forwards': '0' }, 483],
    ['Max-Forwards used up, written otherwise', { 'Max-Forwards': '000' }, 483],
    ['Proxy-Require that nobody knows', { 'Proxy-Require': 'sec-agree, telepathy' }, 420],
  ])('%s', (_what, fields, status) => {
    const outcome = registered().deliverFromUe('SUBSCRIBE', fields);
    expect(outcome.statuses).toEqual([status]);
    expect(outcome.methods).toEqual([]);
    const { headers } = outcome.response(status).message;
    if (status === 420) expect(headers.get('Unsupported')).toBe('telepathy');
    if (status === 494) expect(headers.get('Security-Server')).toContain('port-s=7531');
  });

  it('a request that comes round again is a loop: 482', () => {
    const bench = registered();
    const { headers } = bench.deliverFromUe('SUBSCRIBE').request('SUBSCRIBE').message;
    const again = bench.deliverFromUe('SUBSCRIBE', { Via: `SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bKx, ${headers.get('Via') ?? ''}` });
    expect(again.statuses).toEqual([482]);
    const other = bench.fromUe('SUBSCRIBE', { Via: `SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bKy, ${headers.get('Via') ?? ''}` });
    other.uri = 'sip:user3_public1@home2.net';
    expect(bench.deliver(other, UE_CLIENT, PROTECTED_SERVER).methods).toEqual(['SUBSCRIBE']);
  });
});

describe('identities', () => {
  const asserted = (fields: Record<string, string | undefined>): readonly string[] =>
    registered().deliverFromUe('SUBSCRIBE', fields).request('SUBSCRIBE').message.headers.values('P-Asserted-Identity');

  it.each<[string, Record<string, string | undefined>, string]>([
    ['the wish, when it is registered', { 'P-Preferred-Identity': '<sip:user1_public2@home1.net>' }, '<sip:user1_public2@home1.net>'],
    ['with its display name', { 'P-Preferred-Identity': '"Joe" <sip:user1_public1@home1.net>' }, '"Joe" <sip:user1_public1@home1.net>'],
    ['the default, when the wish is not registered', { 'P-Preferred-Identity': '<sip:boss@home1.net>' }, '<sip:user1_public1@home1.net>'],
    ['the default, when there is no wish', { 'P-Preferred-Identity': undefined }, '<sip:user1_public1@home1.net>'],
    [
      'the default, when the UE asserts something itself',
      { 'P-Preferred-Identity': undefined, 'P-Asserted-Identity': '<sip:boss@home1.net>' },
      '<sip:user1_public1@home1.net>',
    ],
  ])('asserts %s', (_what, fields, expected) => {
    expect(asserted(fields)).toEqual([expected]);
  });
});

describe('a request of the UE goes on', () => {
  const { headers } = registered().deliverFromUe('SUBSCRIBE', { 'P-Charging-Vector': 'icid-value="mine"', 'Max-Forwards': '70' }).request('SUBSCRIBE').message;

  it('without what is between UE and P-CSCF', () => {
    for (const name of ['Security-Verify', 'Security-Client', 'Require', 'Proxy-Require', 'P-Preferred-Identity']) expect(headers.has(name), name).toBe(false);
  });
  it('along the Service-Route, recorded, one hop fewer to go, with a charging number of the network', () => {
    expect(headers.values('Route')).toEqual([SERVICE_ROUTE]);
    expect(headers.values('Record-Route')).toEqual(['<sip:pcscf1.visited1.net;lr>']);
    expect(headers.get('Max-Forwards')).toBe('69');
    expect(headers.get('P-Charging-Vector')).not.toContain('mine');
    expect(headers.get('P-Charging-Vector')).toContain('orig-ioi="Type 1visited1.net"');
  });
  it('unrecorded when it makes no dialog: nothing would come back along that way', () => {
    expect(registered().deliverFromUe('PUBLISH').request('PUBLISH').message.headers.has('Record-Route')).toBe(false);
  });
  it('with another charging number for every transaction', () => {
    const bench = registered();
    const numbers = [1, 2, 3].map(() => bench.deliverFromUe('PUBLISH').request('PUBLISH').message.headers.get('P-Charging-Vector'));
    expect(new Set(numbers).size).toBe(3);
  });
  it('and its answer comes back without charging, the P-CSCF recorded with the protected port', () => {
    const bench = registered();
    const sent = bench.deliverFromUe('SUBSCRIBE').request('SUBSCRIBE');
    const answer = bench.answer(sent, 200, [
      ['Record-Route', '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>'],
      ['P-Charging-Vector', 'icid-value="a"'],
      ['P-Charging-Function-Addresses', 'ccf=ccf1.home1.net'],
      ['Contact', '<sip:ps.home2.net>'],
      ['Expires', '7200'],
    ]);
    const { message, local, remote } = answer.response(200);
    expect(message.headers.values('Record-Route')).toEqual(['<sip:scscf1.home1.net;lr>', OWN]);
    expect(message.headers.has('P-Charging-Vector') || message.headers.has('P-Charging-Function-Addresses')).toBe(false);
    expect([local.port, remote]).toEqual([8642, UE_SERVER]);
  });
  it.each([
    ['503 becomes 500', 503, 500],
    ['404 stays', 404, 404],
  ])('and of its failures %s', (_what, received, passed) => {
    const bench = registered();
    expect(bench.answer(bench.deliverFromUe('SUBSCRIBE').request('SUBSCRIBE'), received).statuses).toEqual([passed]);
  });
  it('and when nobody answers the UE is asked to register anew', () => {
    const bench = registered();
    bench.deliverFromUe('PUBLISH');
    const { message } = bench.advance(40).response(504);
    expect(asksForRegistration(message)).toBe(true);
  });
});

const notify = (fields: Record<string, string | undefined> = {}): SipRequest =>
  sipRequest('NOTIFY', UE_CONTACT, {
    From: '<sip:user2_public1@home2.net>;tag=ps',
    To: '<sip:user1_public1@home1.net>;tag=ue',
    Route: '<sip:pcscf1.visited1.net;lr>',
    'Call-ID': 'watching',
    Event: 'presence',
    'Subscription-State': 'active;expires=600',
    Contact: '<sip:ps.home2.net>',
    'P-Charging-Vector': 'icid-value="n1";orig-ioi="Type 1home1.net"',
    'P-Charging-Function-Addresses': 'ccf=ccf1.home1.net',
    'P-Access-Network-Info': '3GPP-UTRAN-TDD',
    ...fields,
  });

describe('a request for the UE', () => {
  it('reaches it over the security association without charging, recorded with the protected port', () => {
    const bench = registered();
    const { message, local, remote } = bench.deliver(notify(), bench.at('scscf1')).request('NOTIFY');
    expect([local.port, remote]).toEqual([8642, UE_SERVER]);
    for (const name of ['P-Charging-Vector', 'P-Charging-Function-Addresses', 'P-Access-Network-Info', 'Route'])
      expect(message.headers.has(name), name).toBe(false);
    expect(message.headers.values('Record-Route')).toEqual([OWN]);
    expect(message.headers.first('Via')).toContain(`pcscf1.visited1.net:${PROTECTED_SERVER}`);
  });

  it('goes back on the way on which the UE registered when it has no security association (RFC 5626 §5.3)', () => {
    const bench = new AccessBench();
    const plain = { 'Security-Client': undefined, Require: undefined, 'Proxy-Require': undefined, Contact: `<sip:[${UE_PLAIN.address}]:5060>;expires=600000` };
    const forwarded = bench.deliver(register({ ...plain, Authorization: `${DIGEST}, nonce="n", response="0123456789abcdef0123456789abcdef"` }), UE_PLAIN);
    bench.answer(forwarded.request('REGISTER'), 200, [['Contact', `<sip:[${UE_PLAIN.address}]:5060>;expires=600000`], ...bench.accepted(600_000).slice(1)]);
    const request = notify();
    request.uri = `sip:[${UE_PLAIN.address}]:5060`;
    const outcome = bench.deliver(request, bench.at('scscf1'));
    const { local, remote, notes } = outcome.request('NOTIFY');
    expect([local.port, remote]).toEqual([5060, UE_PLAIN]);
    expect(notes.map(({ clause }) => clause)).toContain('RFC 5626 §5.3');
    // Somebody who never registered is not reached by it.
    request.uri = 'sip:[2001:db8:a::77]:5060';
    expect(bench.deliver(request, bench.at('scscf1')).methods).toEqual([]);
  });

  it('is answered into the network with the unprotected Record-Route and the charging number', () => {
    const bench = registered();
    const sent = bench.deliver(notify(), bench.at('scscf1')).request('NOTIFY');
    const { headers } = bench.answer(sent, 200, [['Record-Route', OWN]]).response(200).message;
    expect(headers.values('Record-Route')).toEqual(['<sip:pcscf1.visited1.net;lr>']);
    expect(headers.get('P-Charging-Vector')).toContain('icid-value="n1"');
    expect(headers.get('P-Charging-Vector')).toContain('term-ioi="Type 1visited1.net"');
  });

  it('lets the UE send within the dialog, which a foreign Call-ID does not', () => {
    const bench = registered();
    bench.answer(bench.deliver(notify(), bench.at('scscf1')).request('NOTIFY'), 200);
    const inDialog = { To: '<sip:user2_public1@home2.net>;tag=ps', Route: `${OWN}, <sip:scscf1.home1.net;lr>` };
    expect(bench.deliverFromUe('SUBSCRIBE', { ...inDialog, 'Call-ID': 'watching' }).methods).toEqual(['SUBSCRIBE']);
    expect(bench.deliverFromUe('SUBSCRIBE', { ...inDialog, 'Call-ID': 'else' }).statuses).toEqual([481]);
  });

  it('that the UE does not know (481) leaves no dialog behind', () => {
    const bench = registered();
    bench.answer(bench.deliver(notify({ 'Call-ID': 'junk' }), bench.at('scscf1')).request('NOTIFY'), 481);
    expect(bench.rows('Dialogs recorded')).toEqual([]);
  });

  it.each([
    ['a contact that nobody registered', 'sip:[2001:db8:a::77]:1357'],
    ['another port', 'sip:[2001:db8:a::65]:1358'],
  ])('for %s is answered 480', (_what, uri) => {
    const bench = registered();
    const request = notify();
    request.uri = uri;
    expect(bench.deliver(request, bench.at('scscf1')).statuses).toEqual([480]);
  });

  it('is not sent to a UE whose registration has run out', () => {
    const bench = new AccessBench();
    bench.registered(100);
    bench.advance(101);
    expect(bench.deliver(notify(), bench.at('scscf1')).statuses).toEqual([480]);
  });
});

describe('the NOTIFY of the registration event', () => {
  /** Answers the P-CSCF's own SUBSCRIBE and tells it the state of the registration. */
  function told(
    state: 'active' | 'terminated',
    deliver: (bench: AccessBench, request: SipRequest) => Outcome = (b, r) => b.deliver(r, b.at('scscf1')),
  ): { bench: AccessBench; outcome: Outcome } {
    const bench = new AccessBench();
    const subscribe = bench.registered().request('SUBSCRIBE');
    bench.answer(
      subscribe,
      200,
      [
        ['Expires', '604800'],
        ['Contact', '<sip:scscf1.home1.net>'],
      ],
      'reg',
    );
    const { headers } = subscribe.message;
    const event = state === 'active' ? 'registered' : 'deactivated';
    const text = formatReginfo({
      version: 0,
      state: 'full',
      registrations: [{ aor: 'sip:user1_public1@home1.net', id: 'a', state, contacts: [{ id: 'c', uri: UE_CONTACT, state, event }] }],
    });
    const request = sipRequest(
      'NOTIFY',
      'sip:pcscf1.visited1.net',
      {
        From: `${(headers.get('To') ?? '').replace(/;tag=.*/, '')};tag=reg`,
        To: headers.get('From'),
        'Call-ID': headers.get('Call-ID'),
        CSeq: '1 NOTIFY',
        Event: 'reg',
        'Subscription-State': state === 'active' ? 'active;expires=600000' : 'terminated;reason=noresource',
        Contact: '<sip:scscf1.home1.net>',
        'Content-Type': 'application/reginfo+xml',
      },
      encodeUtf8(text),
    );
    return { bench, outcome: deliver(bench, request) };
  }

  it('that says terminated ends the registration here', () => {
    const { bench, outcome } = told('terminated');
    expect(outcome.statuses).toEqual([200]);
    expect(bench.rows('Registered users')).toEqual([]);
    expect(bench.deliverFromUe('SUBSCRIBE').statuses).toEqual([403]);
    bench.advance(200);
    expect(bench.rows('Security associations')).toEqual([]);
  });

  it('that says active changes nothing', () => {
    const { bench, outcome } = told('active');
    expect(outcome.statuses).toEqual([200]);
    expect(bench.deliverFromUe('SUBSCRIBE').methods).toEqual(['SUBSCRIBE']);
  });

  it('for a subscription that is not there is answered 481', () => {
    const { outcome } = told('terminated', (bench, request) => {
      request.headers.set('Call-ID', 'forged');
      return bench.deliver(request, bench.at('scscf1'));
    });
    expect(outcome.statuses).toEqual([481]);
  });
});
