/** A SIP user agent outside of IMS: what it sends, what it claims, what it takes. */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const CLAIM = 'sip:user1_public1@home1.net';
const CLAIMS = ['P-Asserted-Identity', 'P-Access-Network-Info', 'P-Charging-Vector'];
const PS = { address: '2001:db8:2::50', port: 5060 };
const pidf = (basic: string): string =>
  `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${JANE}"><tuple id="t"><status><basic>${basic}</basic></status></tuple></presence>`;

const outside = (): EntityBench => new EntityBench('ext', { network: { with: ['ext'] } });
const known = (bench: EntityBench): readonly (readonly string[])[] => bench.rows('What is known of others');

function notify(bench: EntityBench, subscribe: Sent<SipRequest>, fields: Readonly<Record<string, string | undefined>> = {}, document = pidf('open')): Outcome {
  const { headers } = subscribe.message;
  const dialog = { From: `${headers.get('To') ?? ''};tag=ps`, To: headers.get('From'), 'Call-ID': headers.get('Call-ID'), CSeq: '1 NOTIFY' };
  const state = { Event: 'presence', 'Subscription-State': 'active;expires=3600', Contact: '<sip:ps.home2.net>', 'Content-Type': 'application/pidf+xml' };
  return bench.deliver(sipRequest('NOTIFY', `sip:[${bench.address}]`, { ...dialog, ...state, ...fields }, encodeUtf8(document)), PS);
}

describe('a subscription', () => {
  it('goes straight to the entry of the domain, without anything that only networks write', () => {
    const bench = outside();
    const { message, remote } = bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE');
    expect(remote).toEqual(bench.at('icscf2'));
    expect([message.uri, message.headers.get('Event'), message.headers.get('Expires')]).toEqual([JANE, 'presence', '3600']);
    for (const name of [...CLAIMS, 'Route', 'P-Preferred-Identity']) expect(message.headers.has(name), name).toBe(false);
  });

  it('claims what it is told to claim, with a note that nobody has checked it', () => {
    const outcome = outside().wish({ kind: 'subscribe', to: JANE, claim: CLAIM });
    const { message, notes } = outcome.request('SUBSCRIBE');
    expect(message.headers.get('P-Asserted-Identity')).toBe(`<${CLAIM}>`);
    expect(notes.filter(({ header }) => CLAIMS.includes(header ?? '')).map(({ header, op }) => `${header} ${op}`)).toEqual(
      CLAIMS.map((name) => `${name} added`),
    );
  });

  it('learns from the NOTIFY, which may come before the 200, and not from a document that is none', () => {
    const bench = outside();
    const subscribe = bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE');
    expect(notify(bench, subscribe).statuses).toEqual([200]);
    expect(known(bench)).toEqual([[JANE, expect.stringContaining('open')]]);
    const nonsense = notify(bench, subscribe, { CSeq: '2 NOTIFY' }, '<presence>');
    expect(nonsense.notes.map(({ op, clause }) => `${op} ${clause}`)).toContain('rejected RFC 3863 §4');
    expect(known(bench)).toEqual([[JANE, expect.stringContaining('open')]]);
    expect(
      bench.answer(
        subscribe,
        200,
        [
          ['Expires', '3600'],
          ['Contact', '<sip:ps.home2.net>'],
        ],
        'ps',
      ).statuses,
    ).toEqual([]);
    const end = bench.wish({ kind: 'unsubscribe' }).request('SUBSCRIBE').message;
    expect([end.uri, end.headers.get('Expires'), end.headers.get('Call-ID')]).toEqual(['sip:ps.home2.net', '0', subscribe.message.headers.get('Call-ID')]);
  });

  it('is given up after 32 s, when nobody answers: it has the timers of a plain user agent', () => {
    const bench = outside();
    bench.wish({ kind: 'subscribe', to: JANE });
    expect(bench.advance(31.9).requests).toHaveLength(10);
    bench.advance(0.2);
    expect(bench.advance(200).requests).toEqual([]);
  });

  it('a NOTIFY of nobody’s subscription is answered 481, anything else 405', () => {
    const bench = outside();
    const subscribe = bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE');
    expect(notify(bench, subscribe, { 'Call-ID': 'other' }).statuses).toEqual([481]);
    expect(
      bench
        .deliver(sipRequest('MESSAGE', `sip:[${bench.address}]`), PS)
        .response(405)
        .message.headers.get('Allow'),
    ).toBe('NOTIFY');
  });
});

describe('a registration', () => {
  it('goes straight to the domain of the identity, for there is no P-CSCF (RFC 3261 §10.2.6)', () => {
    const bench = outside();
    const { message, remote, notes } = bench.wish({ kind: 'register', to: JANE }).request('REGISTER');
    expect([message.uri, remote.address]).toEqual(['sip:home2.net', bench.at('icscf2').address]);
    expect([message.headers.get('From')?.split(';')[0], message.headers.get('To')]).toEqual([`<${JANE}>`, `<${JANE}>`]);
    expect(message.headers.get('Contact')).toBe(`<sip:[${bench.address}]>`);
    for (const name of ['Authorization', 'Path', 'Route']) expect(message.headers.has(name), name).toBe(false);
    expect(notes.map(({ clause }) => clause)).toContain('RFC 3261 §10.2.6');
  });

  it.each([
    [403, 'rejected RFC 3261 §10.2'],
    [404, 'rejected RFC 3261 §10.2'],
    [401, 'rejected RFC 3310 §3.2'],
    [200, 'decided RFC 3261 §10.2'],
  ])('answered %i is over, and nothing is tried again: %s', (status, note) => {
    const bench = outside();
    const outcome = bench.answer(bench.wish({ kind: 'register', to: JANE }).request('REGISTER'), status);
    expect(outcome.notes.map(({ op, clause }) => `${op} ${clause}`)).toEqual([note]);
    expect(bench.advance(200).requests).toEqual([]);
  });
});

describe('an address with a question mark', () => {
  it('before the @ is an address like any other: there it belongs to the name', () => {
    const { message } = outside().wish({ kind: 'subscribe', to: 'sip:who?@home2.net' }).request('SUBSCRIBE');
    expect(message.uri).toBe('sip:who?@home2.net');
  });

  it('behind it is nobody to pose as either: the request goes out without the claim', () => {
    const { message } = outside()
      .wish({ kind: 'subscribe', to: JANE, claim: `${CLAIM}?Subject=x` })
      .request('SUBSCRIBE');
    for (const name of CLAIMS) expect(message.headers.has(name), name).toBe(false);
  });
});

describe('wishes that make no sense', () => {
  it.each([
    { kind: 'subscribe' },
    { kind: 'subscribe', to: 'tel:+1' },
    { kind: 'register', to: 'nobody' },
    { kind: 'subscribe', to: `${JANE}?Subject=hello` },
    { kind: 'fetch', to: `${JANE};user=ip?x=y` },
    { kind: 'subscribe', to: 'pres:user2_public1@home2.net?x=y' },
    { kind: 'register', to: 'sip:home2.net?x=y' },
    { kind: 'unsubscribe' },
    { kind: 'dance', to: JANE },
  ])('%j is refused with a note', (intent) => {
    const outcome = outside().wish(intent);
    expect([outcome.requests, outcome.notes.map(({ op }) => op)]).toEqual([[], ['rejected']]);
  });
});
