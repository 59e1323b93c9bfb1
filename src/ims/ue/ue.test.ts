import { describe, expect, it } from 'vitest';
import type { Intent } from '#base/machine.ts';
import { concatBytes, fromBase64, fromHex, toBase64 } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { createVector } from '#protocol/sip/aka.ts';
import { parseCredentials } from '#protocol/sip/credentials.ts';
import { verifyCredentials } from '#protocol/sip/digest.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

const ME = 'sip:user1_public1@home1.net';
const JANE = 'sip:user2_public1@home2.net';
const PROTECTED = { address: '2001:db8:a::10', port: 8642 };
const SECURITY_SERVER = 'ipsec-3gpp; q=0.1; alg=hmac-sha-1-96; ealg=aes-cbc; spi-c=98765432; spi-s=87654321; port-c=8642; port-s=7531';
const SERVICE_ROUTE = '<sip:orig@scscf1.home1.net;lr>';
const pidf = `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${JANE}"><tuple id="t"><status><basic>open</basic></status></tuple></presence>`;

class UeBench extends EntityBench {
  xres: Uint8Array = new Uint8Array();

  constructor() {
    super('ue1');
  }
  get state(): string {
    return this.rows('Registration')[0]?.[0] ?? '';
  }
  /** The home network's challenge; `spoil` breaks the proof that it comes from there. */
  challenge(register: Sent<SipRequest>, sequence = 33, spoil = false, challenge?: string, list = SECURITY_SERVER): Outcome {
    const user = this.plan.users[0];
    const vector = createVector(
      { k: fromHex(user?.key ?? '') ?? new Uint8Array(), opc: fromHex(user?.opc ?? '') ?? new Uint8Array() },
      new Uint8Array(16).fill(7),
      sequence,
      new Uint8Array(2),
    );
    this.xres = vector.xres;
    const autn = spoil ? vector.autn.map((byte, i) => (i === 15 ? byte ^ 1 : byte)) : vector.autn;
    const nonce = toBase64(concatBytes(vector.rand, autn));
    return this.answer(register, 401, [
      ['WWW-Authenticate', challenge ?? `Digest realm="registrar.home1.net", nonce="${nonce}", algorithm=AKAv1-MD5`],
      ['Security-Server', list],
    ]);
  }
  accept(register: Sent<SipRequest>, expires = 600_000): Outcome {
    return this.answer(register, 200, [
      ['Contact', `<sip:[2001:db8:a::65]:1357>;expires=${expires}`],
      ['Service-Route', SERVICE_ROUTE],
      ['P-Associated-URI', `<${ME}>, <sip:user1_public2@home1.net>`],
    ]);
  }
  registered(expires?: number, wish: Intent = { kind: 'register' }): Outcome {
    const second = this.challenge(this.wish(wish).request('REGISTER')).request('REGISTER');
    return this.accept(second, expires);
  }
  notify(subscribe: Sent<SipRequest>, fields: Readonly<Record<string, string | undefined>> = {}, from = PROTECTED, port = 1357, document = pidf): Outcome {
    const { headers } = subscribe.message;
    const request = sipRequest(
      'NOTIFY',
      'sip:[2001:db8:a::65]:1357',
      {
        From: `${headers.get('To') ?? ''};tag=ps`,
        To: headers.get('From'),
        'Call-ID': headers.get('Call-ID'),
        CSeq: '1 NOTIFY',
        Event: 'presence',
        'Subscription-State': 'active;expires=7200',
        Contact: '<sip:ps.home2.net>',
        'Record-Route': '<sip:pcscf1.visited1.net:7531;lr>',
        'Content-Type': 'application/pidf+xml',
        ...fields,
      },
      encodeUtf8(document),
    );
    return this.deliver(request, from, port);
  }
}
const registered = (): UeBench => {
  const bench = new UeBench();
  bench.registered();
  return bench;
};

describe('registration', () => {
  it('begins in the clear, with an empty response and an offer', () => {
    const { message, local, remote } = new UeBench().wish({ kind: 'register' }).request('REGISTER');
    expect([local.port, remote.port]).toEqual([5060, 5060]);
    expect(parseCredentials(message.headers.get('Authorization') ?? '')?.params.get('response')).toBe('');
    expect(message.headers.has('Security-Client')).toBe(true);
    expect(message.headers.has('Security-Verify')).toBe(false);
  });
  it('goes on over the security association, with RES and what was agreed', () => {
    const bench = new UeBench();
    const first = bench.wish({ kind: 'register' }).request('REGISTER');
    const { message, local, remote } = bench.challenge(first).request('REGISTER');
    expect([local.port, remote.port]).toEqual([2468, 7531]);
    expect(message.headers.get('Security-Verify')).toBe(SECURITY_SERVER);
    expect(message.headers.get('Security-Client')).toBe(first.message.headers.get('Security-Client'));
    expect(message.headers.get('Call-ID')).toBe(first.message.headers.get('Call-ID'));
    const credentials = parseCredentials(message.headers.get('Authorization') ?? '');
    if (credentials === undefined) throw new Error('no credentials');
    const nonce = credentials.params.get('nonce') ?? '';
    expect(verifyCredentials(credentials, { realm: 'registrar.home1.net', nonce, secret: bench.xres, method: 'REGISTER', body: new Uint8Array() }).kind).toBe(
      'right',
    );
  });
  it('once accepted is watched by the UE itself, along the Service-Route', () => {
    const bench = new UeBench();
    const { message } = bench.registered().request('SUBSCRIBE');
    expect([message.uri, message.headers.get('Event')]).toEqual([ME, 'reg']);
    expect(message.headers.values('Route')).toEqual(['<sip:pcscf1.visited1.net:7531;lr>', SERVICE_ROUTE]);
    expect(bench.state).toBe('registered');
  });
  it('whose challenge does not come from home is answered with an empty response, no keys', () => {
    const bench = new UeBench();
    const outcome = bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER'), 33, true);
    const { message, local } = outcome.request('REGISTER');
    expect(local.port).toBe(5060);
    const params = parseCredentials(message.headers.get('Authorization') ?? '')?.params;
    expect(params?.get('response')).toBe('');
    expect(params?.get('nonce')).not.toBe('');
    expect(params?.has('auts')).toBe(false);
    bench.answer(outcome.request('REGISTER'), 403);
    expect(bench.state).toBe('not registered');
  });
  it('whose challenge was used before is answered with AUTS, in the clear, with another offer', () => {
    const bench = new UeBench();
    const first = bench.wish({ kind: 'register' }).request('REGISTER');
    const again = bench.challenge(first, 32).request('REGISTER');
    expect([again.local.port, again.message.headers.get('Call-ID')]).toEqual([5060, first.message.headers.get('Call-ID')]);
    const params = parseCredentials(again.message.headers.get('Authorization') ?? '')?.params;
    expect(fromBase64(params?.get('auts') ?? '')).toHaveLength(14);
    expect(again.message.headers.get('Security-Client')).not.toBe(first.message.headers.get('Security-Client'));
    expect(bench.accept(bench.challenge(again, 33).request('REGISTER')).methods).toEqual(['SUBSCRIBE']);
    expect(bench.state).toBe('registered');
  });
  it('is given up when the third challenge in a row is wrong', () => {
    const bench = new UeBench();
    let register = bench.wish({ kind: 'register' }).request('REGISTER');
    for (let i = 0; i < 2; i++) register = bench.challenge(register, 32).request('REGISTER');
    expect(bench.challenge(register, 32).methods).toEqual([]);
    expect(bench.state).toBe('not registered');
  });
  it('that stands survives a failed authentication, and what was wanted meanwhile is done', () => {
    const bench = registered();
    const again = bench.wish({ kind: 'register' }).request('REGISTER');
    expect([again.local.port, again.message.headers.has('Security-Verify')]).toEqual([2468, true]);
    bench.wish({ kind: 'subscribe', to: JANE });
    const second = bench.challenge(again, 34).request('REGISTER');
    expect(second.local.port).toBe(2469);
    const refused = bench.answer(second, 403);
    expect(bench.state).toBe('registered');
    const { local, message } = refused.request('SUBSCRIBE');
    expect([local.port, message.uri]).toEqual([2468, JANE]);
  });
  it('that is renewed moves to the new security associations', () => {
    const bench = registered();
    const second = bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER'), 34).request('REGISTER');
    bench.accept(second);
    expect(bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE').local.port).toBe(2469);
  });
  it('that is renewed keeps the old security associations until something comes over the new ones', () => {
    const bench = registered();
    const watching = bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE');
    const renewed = SECURITY_SERVER.replace('port-c=8642', 'port-c=8643').replace('spi-c=98765432', 'spi-c=98765434');
    bench.accept(bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER'), 34, false, undefined, renewed).request('REGISTER'));
    const told = (port: number, n: number): readonly number[] => bench.notify(watching, { CSeq: `${n} NOTIFY` }, { ...PROTECTED, port }).statuses;
    expect([told(8642, 1), told(8642, 2), told(8643, 3), told(8642, 4), told(8643, 5)]).toEqual([[200], [200], [200], [403], [200]]);
  });
  it('that stands does not open what is sealed with other keys', () => {
    const bench = registered();
    const outcome = bench.step({
      kind: 'bytes',
      bytes: encodeUtf8('whatever it says'),
      transport: 'udp',
      local: { address: bench.address, port: 1357 },
      remote: PROTECTED,
      seal: 'other keys',
    });
    expect([outcome.sip, outcome.notes.map(({ op }) => op)]).toEqual([[], ['rejected']]);
    expect(outcome.notes[0]?.reason).toContain('IPsec cannot open');
  });
  it.each([
    ['a challenge of no use', 'Digest realm="registrar.home1.net", nonce="AAAA", algorithm=AKAv1-MD5', SECURITY_SERVER],
    ['a list with nothing that it can do', undefined, SECURITY_SERVER.replace('hmac-sha-1-96', 'rot13')],
  ])('is given up over %s', (_what, challenge, list) => {
    const bench = new UeBench();
    expect(bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER'), 33, false, challenge, list).methods).toEqual([]);
    expect(bench.state).toBe('not registered');
  });
  it.each(['wrong-response', 'wrong-keys', 'other-call-id'])('can be answered wrongly when a person wants it: %s', (answer) => {
    const bench = new UeBench();
    const first = bench.wish({ kind: 'register', answer }).request('REGISTER');
    const { message } = bench.challenge(first).request('REGISTER');
    const credentials = parseCredentials(message.headers.get('Authorization') ?? '');
    if (credentials === undefined) throw new Error('no credentials');
    const nonce = credentials.params.get('nonce') ?? '';
    const { kind } = verifyCredentials(credentials, { realm: 'registrar.home1.net', nonce, secret: bench.xres, method: 'REGISTER', body: new Uint8Array() });
    expect([kind, message.headers.get('Call-ID') === first.message.headers.get('Call-ID')]).toEqual(
      answer === 'other-call-id' ? ['right', false] : ['wrong', true],
    );
  });
  it('stays unanswered when a person wants it, and is over after four minutes', () => {
    const bench = new UeBench();
    expect(bench.challenge(bench.wish({ kind: 'register', answer: 'none' }).request('REGISTER')).methods).toEqual([]);
    bench.advance(239);
    expect(bench.state).toBe('challenged');
    expect(bench.rows('Security associations')).not.toEqual([]);
    expect(bench.advance(2).notes.map(({ clause }) => clause)).toContain('TS 33.203 §7.4.1a');
    expect(bench.state).toBe('not registered');
    expect(bench.rows('Security associations')).toEqual([]);
  });
  it.each([403, 500, 404])('refused with %i is over, and the next one begins in the clear', (status) => {
    const bench = new UeBench();
    bench.answer(bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER')).request('REGISTER'), status);
    expect(bench.state).toBe('not registered');
    expect(bench.wish({ kind: 'register' }).request('REGISTER').local.port).toBe(5060);
  });
  it('that nobody answers is over after 128 s, and the next one begins in the clear', () => {
    const bench = new UeBench();
    bench.challenge(bench.wish({ kind: 'register' }).request('REGISTER'));
    bench.advance(127);
    expect(bench.state).toBe('challenged');
    bench.advance(2);
    expect(bench.state).toBe('not registered');
    expect(bench.wish({ kind: 'register' }).request('REGISTER').local.port).toBe(5060);
  });
  it('is taken back with zero seconds', () => {
    const bench = registered();
    const leave = bench.wish({ kind: 'deregister' }).request('REGISTER');
    expect(leave.message.headers.get('Contact')).toMatch(/;expires=0$/);
    expect(leave.local.port).toBe(2468);
    bench.accept(leave, 0);
    expect(bench.state).toBe('not registered');
    expect(bench.wish({ kind: 'subscribe', to: JANE }).methods).toEqual([]);
  });
  it('is refreshed at half time, over the security association', () => {
    const bench = new UeBench();
    bench.registered(100, { kind: 'register', expires: 100 });
    const outcome = bench.advance(51);
    const refresh = outcome.request('REGISTER');
    expect(outcome.notes.map(({ clause }) => clause)).toContain('RFC 3261 §10.2.4');
    expect(refresh.message.headers.get('Contact')).toMatch(/;expires=100$/);
    expect(refresh.local.port).toBe(2468);
    bench.accept(refresh, 100);
    expect(bench.state).toBe('registered');
  });
  it('runs out when it is not refreshed, and what was watched and published goes with it', () => {
    const bench = new UeBench();
    bench.registered(400, { kind: 'register', expires: 400, refresh: false });
    const subscribe = bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE');
    bench.notify(subscribe);
    bench.advance(401);
    expect(bench.state).toBe('not registered');
    expect(bench.rows('Watched')).toEqual([]);
    expect(bench.advance(200_000).methods).toEqual([]);
  });
  it('refused as too brief is asked for again, as long as the registrar wants it', () => {
    const bench = new UeBench();
    const first = bench.wish({ kind: 'register', expires: 30 }).request('REGISTER');
    expect(first.message.headers.get('Contact')).toMatch(/;expires=30$/);
    const refused = bench.answer(first, 423, [['Min-Expires', '60']]);
    const again = refused.request('REGISTER');
    expect(refused.notes.map(({ clause }) => clause)).toContain('RFC 3261 §10.2.8');
    expect(again.message.headers.get('Contact')).toMatch(/;expires=60$/);
    expect(bench.answer(again, 423, [['Min-Expires', '60']]).methods).toEqual([]);
    expect(bench.state).toBe('not registered');
  });
});

describe('wishes', () => {
  it.each(['subscribe', 'publish', 'deregister', 'fetch'])('%s before any registration is refused', (kind) => {
    const outcome = new UeBench().wish({ kind, to: JANE });
    expect(outcome.methods).toEqual([]);
    expect(outcome.notes.map((note) => note.op)).toEqual(['rejected']);
  });
  it('during a registration wait for its end', () => {
    const bench = new UeBench();
    const first = bench.wish({ kind: 'register' }).request('REGISTER');
    expect(bench.wish({ kind: 'subscribe', to: JANE }).methods).toEqual([]);
    const second = bench.challenge(first).request('REGISTER');
    const sent = bench.accept(second).requests.filter((one) => one.message.headers.get('Event') === 'presence');
    expect(sent.map((one) => one.message.uri)).toEqual([JANE]);
  });
  it.each(['dance', 'refresh', 'unsubscribe', 'unpublish', 'refresh-publication'])('%s that means nothing now is refused', (kind) => {
    const outcome = registered().wish({ kind });
    expect(outcome.methods).toEqual([]);
    expect(outcome.notes.at(-1)?.op).toBe('rejected');
  });
});

describe('watching', () => {
  const subscribed = (): { bench: UeBench; sent: Sent<SipRequest> } => {
    const bench = registered();
    return { bench, sent: bench.wish({ kind: 'subscribe', to: JANE }).request('SUBSCRIBE') };
  };
  const accepted = (bench: UeBench, sent: Sent<SipRequest>) =>
    bench.answer(
      sent,
      200,
      [
        ['Expires', '7200'],
        ['Contact', '<sip:ps.home2.net>'],
      ],
      'ps',
    );
  it('takes the NOTIFY before the 200', () => {
    const { bench, sent } = subscribed();
    expect(bench.notify(sent).statuses).toEqual([200]);
    expect(accepted(bench, sent).methods).toEqual([]);
    expect(bench.rows('What is known of others')).toEqual([[JANE, expect.stringContaining('open')]]);
  });
  it('waits 128 s for the first NOTIFY, whatever the 200 says: Timer N of a UE', () => {
    const [patient, late] = [subscribed(), subscribed()];
    for (const { bench, sent } of [patient, late]) accepted(bench, sent);
    patient.bench.advance(127.9);
    expect(patient.bench.notify(patient.sent).statuses).toEqual([200]);
    late.bench.advance(128.1);
    expect(late.bench.notify(late.sent).statuses).toEqual([481]);
  });
  it('answers a NOTIFY for nothing with 481', () => {
    const { bench, sent } = subscribed();
    expect(bench.notify(sent, { 'Call-ID': 'nothing' }).statuses).toEqual([481]);
    expect(bench.rows('What is known of others')).toEqual([]);
  });
  it.each<[status: number, fields: Readonly<Record<string, string>>]>([
    [200, {}],
    [489, { Event: 'weather' }],
    [481, { 'Call-ID': 'nothing' }],
    [420, { Require: 'unheard-of' }],
  ])('tells with its %i over which access it comes', (status, fields) => {
    const { bench, sent } = subscribed();
    const { headers } = bench.notify(sent, fields).response(status).message;
    expect(headers.values('P-Access-Network-Info')).toEqual([expect.stringMatching(/^3GPP-/)]);
  });
  it.each([
    ['in the clear', PROTECTED, 5060],
    ['from another port of the P-CSCF', { ...PROTECTED, port: 5060 }, 1357],
    ['from somebody else', { address: '2001:db8:666::1', port: 8642 }, 1357],
  ])('takes nothing outside the security association: %s', (_what, from, port) => {
    const { bench, sent } = subscribed();
    const outcome = bench.notify(sent, {}, from, port);
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.response(403).message.headers.has('P-Access-Network-Info')).toBe(false);
    expect(bench.rows('What is known of others')).toEqual([]);
  });
  it('that asked for the next change ends the subscription by itself, after the first other state and not before', () => {
    const bench = registered();
    const sent = bench.wish({ kind: 'enquire-next-change', to: JANE }).request('SUBSCRIBE');
    expect(sent.message.headers.get('Expires')).toBe('7200');
    expect(bench.notify(sent).methods).toEqual([]);
    expect(bench.notify(sent, { CSeq: '2 NOTIFY' }).methods).toEqual([]);
    const end = bench.notify(sent, { CSeq: '3 NOTIFY' }, PROTECTED, 1357, pidf.replace('open', 'closed'));
    expect(end.statuses).toEqual([200]);
    expect(end.request('SUBSCRIBE').message.headers.get('Expires')).toBe('0');
    expect(end.notes.map(({ clause }) => clause)).toContain('TS 23.141 §A.1');
    expect(bench.notify(sent, { CSeq: '4 NOTIFY' }).methods).toEqual([]);
  });
  it('takes no document that is none for knowledge', () => {
    const { bench, sent } = subscribed();
    expect(bench.notify(sent, { 'Content-Type': 'text/plain', 'Subscription-State': undefined }).statuses).not.toEqual([200]);
  });
  it('takes nothing but NOTIFY: 405', () => {
    const bench = registered();
    expect(bench.deliver(sipRequest('MESSAGE', 'sip:[2001:db8:a::65]:1357'), PROTECTED, 1357).response(405).message.headers.get('Allow')).toBe('NOTIFY');
  });
});

describe('publishing', () => {
  const published = (): UeBench => {
    const bench = registered();
    bench.answer(bench.wish({ kind: 'publish', basic: 'open' }).request('PUBLISH'), 200, [
      ['SIP-ETag', 'one'],
      ['Expires', '7200'],
    ]);
    return bench;
  };
  it('another state names the entity-tag that it replaces', () => {
    const { headers } = published().wish({ kind: 'publish', basic: 'closed' }).request('PUBLISH').message;
    expect(headers.get('SIP-If-Match')).toBe('one');
  });
  it('starts again, whole and without tag, when the server has forgotten (412)', () => {
    const bench = published();
    const refresh = bench.wish({ kind: 'refresh-publication' }).request('PUBLISH');
    expect([refresh.message.headers.get('SIP-If-Match'), refresh.message.body.length]).toEqual(['one', 0]);
    const again = bench.answer(refresh, 412).request('PUBLISH').message;
    expect(again.headers.has('SIP-If-Match')).toBe(false);
    expect(new TextDecoder().decode(again.body)).toContain('<basic>open</basic>');
  });
  it('does not try for ever when that is refused as well', () => {
    const bench = published();
    const again = bench.answer(bench.wish({ kind: 'refresh-publication' }).request('PUBLISH'), 412).request('PUBLISH');
    expect(bench.answer(again, 412).methods).toEqual([]);
  });
});
