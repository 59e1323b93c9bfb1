import { describe, expect, it } from 'vitest';
import { splitList } from '#protocol/sip/lists.ts';
import { parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import { PCscf } from './p-cscf.ts';
import { createKeyedChance } from '#base/chance.ts';
import { encodeSipMessage } from '#protocol/sip/message.ts';
import type { Outcome } from '#testing/entity-bench.ts';
import { AccessBench, CHALLENGE, OFFER, PROTECTED_SERVER, register, UE_ADDRESS, UE_CLIENT, UE_CONTACT, UE_PLAIN } from '#testing/access-bench.ts';

/** A P-CSCF that takes nobody without IPsec. */
const strict = (): AccessBench =>
  new AccessBench({
    machine: new PCscf(
      {
        host: 'pcscf1.visited1.net',
        domain: 'visited1.net',
        address: '2001:db8:a::10',
        dns: '2001:db8:a::53',
        protectedPorts: { client: 8642, server: PROTECTED_SERVER },
        algorithms: [{ alg: 'hmac-sha-1-96', ealg: 'aes-cbc' }],
        allowWithoutIpsec: false,
      },
      createKeyedChance(1, 'pcscf1'),
    ),
  });

describe('the first REGISTER', () => {
  it('goes to the home network without the security agreement, with Path, network and charging number', () => {
    const { headers } = new AccessBench().deliver(register(), UE_PLAIN).request('REGISTER').message;
    expect(headers.get('Path')).toBe('<sip:term@pcscf1.visited1.net;lr>');
    expect(headers.values('Require')).toEqual(['path']);
    expect(headers.get('P-Visited-Network-ID')).toBe('visited1.net');
    expect(headers.get('P-Charging-Vector')).toMatch(/^icid-value=".+";icid-generated-at=pcscf1\.visited1\.net;orig-ioi="Type 1visited1\.net"$/);
    expect(headers.get('Authorization')).toContain('integrity-protected="no"');
    for (const name of ['Security-Client', 'Security-Verify', 'Proxy-Require']) expect(headers.has(name), name).toBe(false);
  });

  it('cannot bring its own network name or charging number', () => {
    const { headers } = new AccessBench()
      .deliver(register({ 'P-Visited-Network-ID': 'cheap.net', 'P-Charging-Vector': 'icid-value="mine"' }), UE_PLAIN)
      .request('REGISTER').message;
    expect(headers.values('P-Visited-Network-ID')).toEqual(['visited1.net']);
    expect(headers.get('P-Charging-Vector')).not.toContain('mine');
  });

  it('is refused with 494 when no algorithm is common', () => {
    const offer = 'ipsec-3gpp; alg=hmac-md5-96; spi-c=300; spi-s=301; port-c=2468; port-s=1357';
    const outcome = new AccessBench().deliver(register({ 'Security-Client': offer }), UE_PLAIN);
    expect(outcome.statuses).toEqual([494]);
    expect(outcome.methods).toEqual([]);
  });

  it('is refused with 421 when IPsec is demanded and nothing is offered', () => {
    const plain = { 'Security-Client': undefined, Require: undefined, 'Proxy-Require': undefined };
    const outcome = strict().deliver(register(plain), UE_PLAIN);
    expect(outcome.response(421).message.headers.get('Require')).toBe('sec-agree');
    expect(new AccessBench().deliver(register(plain), UE_PLAIN).methods).toEqual(['REGISTER']);
  });
});

describe('the challenge', () => {
  it('loses the keys and gains the offer of the P-CSCF', () => {
    const { challenged } = new AccessBench().challenge();
    const { headers } = challenged.response(401).message;
    const challenge = headers.get('WWW-Authenticate') ?? '';
    expect(challenge).not.toMatch(/\b[ci]k=/);
    expect(challenge).toContain('nonce="cmFuZG9tIGFuZCBhdXRuIGluIGJhc2U2NCB0ZXh0ISE="');
    expect(headers.get('Security-Server')).toContain('port-s=7531');
    expect(headers.has('P-Charging-Vector')).toBe(false);
  });

  it('takes the first pair on its own list, with SPIs that all differ and are not reserved', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const bench = new AccessBench({ seed });
      bench.challenge();
      const [server] = parseSecurityMechanisms(splitList(bench.securityServer)) ?? [];
      if (server?.kind !== 'ipsec-3gpp') throw new Error('no mechanism');
      expect(server.ealg).toBe('aes-cbc');
      const spis = [23456789, 12345678, server.spiC, server.spiS];
      expect(new Set(spis).size).toBe(4);
      expect(Math.min(server.spiC, server.spiS)).toBeGreaterThanOrEqual(256);
    }
  });

  it('is forgotten after four minutes: the answer comes too late', () => {
    const bench = new AccessBench();
    bench.challenge();
    bench.advance(241);
    expect(bench.deliver(bench.protectedRegister(), UE_CLIENT, PROTECTED_SERVER).statuses).toEqual([403]);
  });

  it('counts the four minutes of a later challenge from that one', () => {
    const bench = new AccessBench();
    bench.challenge();
    bench.advance(200);
    const again = bench.deliver(register({ CSeq: '9 REGISTER' }), UE_PLAIN);
    bench.securityServer =
      bench
        .answer(again.request('REGISTER'), 401, [['WWW-Authenticate', CHALLENGE]])
        .response(401)
        .message.headers.get('Security-Server') ?? '';
    bench.advance(100);
    expect(bench.deliver(bench.protectedRegister({ CSeq: '10 REGISTER' }), UE_CLIENT, PROTECTED_SERVER).methods).toEqual(['REGISTER']);
  });
});

describe('the second REGISTER', () => {
  const tampered = (server: string): string => server.replace(/spi-c=\d+/, 'spi-c=777');

  it('goes on as integrity-protected', () => {
    const bench = new AccessBench();
    bench.challenge();
    const { headers } = bench.deliver(bench.protectedRegister(), UE_CLIENT, PROTECTED_SERVER).request('REGISTER').message;
    expect(headers.get('Authorization')).toContain('integrity-protected="yes"');
    expect(headers.has('Security-Verify')).toBe(false);
  });

  it.each([
    ['Security-Verify is not what was offered', (bench: AccessBench) => ({ 'Security-Verify': tampered(bench.securityServer) })],
    ['Security-Verify is missing', () => ({ 'Security-Verify': undefined })],
    ['Security-Client is not that of the first REGISTER', () => ({ 'Security-Client': OFFER.replaceAll('12345678', '999') })],
  ])('breaks the registration off when %s', (_what, fields) => {
    const bench = new AccessBench();
    bench.challenge();
    const spoilt = bench.deliver(bench.protectedRegister(fields(bench)), UE_CLIENT, PROTECTED_SERVER);
    expect(spoilt.statuses).toEqual([400]);
    expect(spoilt.methods).toEqual([]);
    const honest = bench.deliver(bench.protectedRegister({ CSeq: '3 REGISTER' }), UE_CLIENT, PROTECTED_SERVER);
    expect(honest.statuses).toEqual([403]);
  });

  it.each([
    ['another port', { address: UE_ADDRESS, port: 9999 }],
    ['another address', { address: '2001:db8:a::66', port: 2468 }],
  ])('is refused over a security association that is not there: %s', (_what, from) => {
    const bench = new AccessBench();
    bench.challenge();
    expect(bench.deliver(bench.protectedRegister(), from, PROTECTED_SERVER).statuses).toEqual([403]);
  });
});

describe('what else comes over security associations', () => {
  it('of another user is refused', () => {
    const bench = new AccessBench();
    bench.challenge();
    const Authorization = 'Digest username="mallory@home1.net", realm="registrar.home1.net", uri="sip:registrar.home1.net", nonce="abc", response="01"';
    expect(bench.deliver(bench.protectedRegister({ Authorization }), UE_CLIENT, PROTECTED_SERVER).statuses).toEqual([403]);
  });
  it('with another address in Via than it came from is refused', () => {
    const bench = new AccessBench();
    bench.challenge();
    const Via = 'SIP/2.0/UDP [2001:db8:a::99]:1357;branch=z9hG4bKother';
    expect(bench.deliver(bench.protectedRegister({ Via }), UE_CLIENT, PROTECTED_SERVER).statuses).toEqual([403]);
  });
  it('under another Call-ID goes on: whether it answers the challenge is for the S-CSCF to say', () => {
    const bench = new AccessBench();
    bench.challenge();
    expect(bench.deliver(bench.protectedRegister({ 'Call-ID': 'other' }), UE_CLIENT, PROTECTED_SERVER).methods).toEqual(['REGISTER']);
  });
  it('sealed with other keys is discarded without a word', () => {
    const bench = new AccessBench();
    bench.challenge();
    const outcome = bench.step({
      kind: 'bytes',
      bytes: encodeSipMessage(bench.protectedRegister()),
      transport: 'udp',
      local: { address: bench.address, port: PROTECTED_SERVER },
      remote: UE_CLIENT,
      seal: 'other keys',
    });
    expect(outcome.sip).toEqual([]);
    expect(outcome.notes.map((note) => note.op)).toEqual(['rejected']);
  });
});

describe('what the UE has against the challenge', () => {
  const CREDENTIALS = 'Digest username="user1_private@home1.net", realm="registrar.home1.net", uri="sip:registrar.home1.net", nonce="abc"';
  it.each([
    ['an empty response', `${CREDENTIALS}, response=""`],
    ['AUTS', `${CREDENTIALS}, response="01", auts="AAAA"`],
  ])('%s: the security associations made for it go at once', (_what, Authorization) => {
    const bench = new AccessBench();
    bench.challenge();
    expect(bench.rows('Security associations').map((row) => row[0])).toEqual(Array(4).fill('temporary'));
    const outcome = bench.deliver(register({ CSeq: '2 REGISTER', Authorization }), UE_PLAIN);
    expect(outcome.request('REGISTER').message.headers.get('Authorization')).toContain('integrity-protected="no"');
    expect(bench.rows('Security associations')).toEqual([]);
  });
  it('is not taken from another address', () => {
    const bench = new AccessBench();
    bench.challenge();
    const remote = { address: '2001:db8:a::99', port: 5060 };
    bench.deliver(register({ CSeq: '2 REGISTER', Authorization: `${CREDENTIALS}, response=""`, Via: 'SIP/2.0/UDP [2001:db8:a::99];branch=z9hG4bKx' }), remote);
    expect(bench.rows('Security associations')).toHaveLength(4);
  });
});

describe('a new authentication over security associations that stand', () => {
  const NEW_CLIENT = { address: UE_ADDRESS, port: 2469 };
  const NEW_OFFER = OFFER.replaceAll('port-c=2468', 'port-c=2469').replaceAll('23456789', '3456').replaceAll('12345678', '4567');
  const states = (bench: AccessBench): readonly (string | undefined)[] => bench.rows('Security associations').map((row) => row[0]);

  function challengedAgain(): { readonly bench: AccessBench; readonly list: string } {
    const bench = new AccessBench();
    bench.registered();
    const first = bench.deliver(bench.protectedRegister({ CSeq: '3 REGISTER', 'Security-Client': NEW_OFFER }), UE_CLIENT, PROTECTED_SERVER);
    const challenged = bench.answer(first.request('REGISTER'), 401, [['WWW-Authenticate', CHALLENGE]]);
    return { bench, list: challenged.response(401).message.headers.get('Security-Server') ?? '' };
  }
  const second = (bench: AccessBench, list: string): Outcome =>
    bench.deliver(bench.protectedRegister({ CSeq: '4 REGISTER', 'Security-Client': NEW_OFFER, 'Security-Verify': list }), NEW_CLIENT, PROTECTED_SERVER);

  it('changes the client ports and the SPIs, never the server ports', () => {
    const { list } = challengedAgain();
    expect(list).toContain('port-s=7531');
    expect(list).toContain('port-c=8643');
  });
  it('keeps the old ones until the UE uses the new', () => {
    const { bench, list } = challengedAgain();
    const answered = bench.answer(second(bench, list).request('REGISTER'), 200, bench.accepted(600_000));
    expect([answered.response(200).local.port, answered.methods]).toEqual([8643, []]);
    expect(states(bench)).toEqual([...Array<string>(4).fill('in use'), ...Array<string>(4).fill('old')]);
    const fromUe = bench.deliverFromUe('SUBSCRIBE', { CSeq: '5 SUBSCRIBE', 'Security-Verify': list }, NEW_CLIENT);
    expect(fromUe.methods).toEqual(['SUBSCRIBE']);
    expect(states(bench)).toEqual(Array(4).fill('in use'));
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '6 SUBSCRIBE' }).statuses).toEqual([403]);
  });
  it('never makes more than six in each direction (TS 33.203): old, in use and new, however often the UE begins', () => {
    const { bench, list } = challengedAgain();
    bench.answer(second(bench, list).request('REGISTER'), 200, bench.accepted(600_000));
    for (let i = 0; i < 5; i++) {
      // From the new client port or the old one: the third pair is the one that nobody has used yet.
      const offer = NEW_OFFER.replaceAll('port-c=2469', `port-c=${2470 + i}`)
        .replaceAll('3456', `${5000 + i}`)
        .replaceAll('4567', `${6000 + i}`);
      const again = bench.deliver(
        bench.protectedRegister({ CSeq: `${10 + i} REGISTER`, 'Security-Client': offer, 'Security-Verify': list }),
        NEW_CLIENT,
        PROTECTED_SERVER,
      );
      const [register] = again.requests;
      if (register !== undefined) bench.answer(register, 401, [['WWW-Authenticate', CHALLENGE]]);
      expect(states(bench).length / 2).toBeLessThanOrEqual(6);
    }
    expect(states(bench).filter((state) => state === 'in use')).toHaveLength(4);
    expect(states(bench).filter((state) => state === 'temporary')).toHaveLength(4);
  });
  it('that fails leaves the old ones as they are, and says so over them', () => {
    const { bench, list } = challengedAgain();
    const refused = bench.answer(second(bench, list).request('REGISTER'), 403);
    expect(refused.response(403).local.port).toBe(8642);
    expect(states(bench)).toEqual(Array(4).fill('in use'));
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '6 SUBSCRIBE' }).methods).toEqual(['SUBSCRIBE']);
  });
  it('that nobody answers is over after four minutes, and nothing else is', () => {
    const { bench } = challengedAgain();
    bench.advance(241);
    expect(states(bench)).toEqual(Array(4).fill('in use'));
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '6 SUBSCRIBE' }).methods).toEqual(['SUBSCRIBE']);
  });
  it('begun in the clear ends the old ones at once when it succeeds', () => {
    const bench = new AccessBench();
    bench.registered();
    const first = bench.deliver(register({ CSeq: '3 REGISTER', 'Security-Client': NEW_OFFER }), UE_PLAIN);
    const challenged = bench.answer(first.request('REGISTER'), 401, [['WWW-Authenticate', CHALLENGE]]);
    const list = challenged.response(401).message.headers.get('Security-Server') ?? '';
    bench.answer(second(bench, list).request('REGISTER'), 200, bench.accepted(600_000));
    expect(states(bench)).toEqual(Array(4).fill('in use'));
    expect(bench.rows('Registered users')).toHaveLength(1);
  });
});

describe('the 200', () => {
  it('registers the user, tells the UE nothing of charging, and makes the P-CSCF watch the registration', () => {
    const bench = new AccessBench();
    const outcome = bench.registered();
    const { headers } = outcome.response(200).message;
    expect(headers.has('P-Charging-Vector')).toBe(false);
    expect(headers.get('Service-Route')).toBe('<sip:orig@scscf1.home1.net;lr>');
    const subscribe = outcome.request('SUBSCRIBE').message;
    expect(subscribe.uri).toBe('sip:user1_public1@home1.net');
    expect(subscribe.headers.get('Event')).toBe('reg');
    expect(subscribe.headers.get('P-Asserted-Identity')).toBe('<sip:pcscf1.visited1.net>');
    expect(Number(subscribe.headers.get('Expires'))).toBeGreaterThan(600_000);
    expect(bench.rows('Registered users').map((row) => row[1])).toEqual([UE_CONTACT]);
    const associations = bench.rows('Security associations');
    expect(associations.map((row) => [row[0], row[4], row[5], row[6]])).toEqual(Array(4).fill(['in use', 'hmac-sha-1-96', 'aes-cbc', '600030']));
    expect(new Set(associations.map((row) => row[3])).size).toBe(4);
  });

  it('lets a re-registration over the security association through without a new SUBSCRIBE', () => {
    const bench = new AccessBench();
    bench.registered();
    const again = bench.deliver(bench.protectedRegister({ CSeq: '3 REGISTER' }), UE_CLIENT, PROTECTED_SERVER);
    expect(again.request('REGISTER').message.headers.get('Authorization')).toContain('integrity-protected="yes"');
    expect(bench.answer(again.request('REGISTER'), 200, bench.accepted(600_000)).methods).toEqual([]);
    expect(bench.rows('Registered users')).toHaveLength(1);
  });

  it('is over when the registration expires: nothing is taken over the old association', () => {
    const bench = new AccessBench();
    bench.registered(100);
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '5 SUBSCRIBE' }).methods).toEqual(['SUBSCRIBE']);
    const outcome = bench.advance(101);
    expect(outcome.notes.some((note) => note.reason.includes('ran out'))).toBe(true);
    expect(bench.rows('Registered users')).toEqual([]);
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '6 SUBSCRIBE' }).statuses).toEqual([403]);
  });

  it('with a contact of zero seconds ends the registration', () => {
    const bench = new AccessBench();
    bench.registered();
    const leave = bench.deliver(bench.protectedRegister({ CSeq: '3 REGISTER', Contact: `<${UE_CONTACT}>;expires=0` }), UE_CLIENT, PROTECTED_SERVER);
    bench.answer(leave.request('REGISTER'), 200, bench.accepted(0));
    expect(bench.rows('Registered users')).toEqual([]);
    expect(bench.deliverFromUe('SUBSCRIBE', { CSeq: '6 SUBSCRIBE' }).statuses).toEqual([403]);
  });
});
