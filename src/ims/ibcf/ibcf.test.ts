/** The border node by itself: what goes out, what comes in, and what is not believed. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { createResponse, type SipRequest } from '#protocol/sip/message.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { EntityBench, sipRequest, type Outcome } from '#testing/entity-bench.ts';
import { encryptEntries, URI_ENTRY } from './token.ts';

const HIDING: NetworkOptions = { with: ['ibcf1', 'ibcf2'], hiding: { home1: true } };
const PLAIN: NetworkOptions = { with: ['ibcf1', 'ibcf2'] };
const OWN = '<sip:ibcf1.home1.net;lr>';
const S_CSCF = 'SIP/2.0/UDP scscf1.home1.net;branch=z9hG4bKs';
const P_CSCF_AT_HOME = 'SIP/2.0/UDP pcscf9.home1.net;branch=z9hG4bKp';
const UE = 'SIP/2.0/UDP [2001:db8:a::65]:1357;branch=z9hG4bKu';
const leaving = (fields: Record<string, string> = {}): SipRequest =>
  sipRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', {
    Route: OWN,
    Via: `${S_CSCF}, ${P_CSCF_AT_HOME}, ${UE}`,
    'Record-Route': '<sip:scscf1.home1.net;lr>, <sip:pcscf9.home1.net;lr>',
    Event: 'presence',
    ...fields,
  });

function out(network: NetworkOptions, fields?: Record<string, string>): { readonly bench: EntityBench; readonly outcome: Outcome } {
  const bench = new EntityBench('ibcf1', { network });
  return { bench, outcome: bench.deliver(leaving(fields), bench.at('scscf1')) };
}

describe('a request that leaves', () => {
  it('says nothing of the inside: one token for what follows each other, the rest as it was', () => {
    const { message, notes } = out(HIDING).outcome.request('SUBSCRIBE');
    const route = message.headers.values('Record-Route');
    expect(route[0]).toBe(OWN);
    expect(route[1]).toMatch(/^<sip:Token\([\w-]+\)@home1\.net;lr;tokenized-by=home1\.net>$/);
    expect(route.length).toBe(2);
    const vias = message.headers.values('Via');
    expect(vias.map((via) => /UDP ([^;]+)/.exec(via)?.[1])).toEqual(['ibcf1.home1.net', 'home1.net', '[2001:db8:a::65]:1357']);
    expect(notes.filter(({ clause, op }) => clause === 'TS 33.203 §6.4' && op === 'changed').map(({ header }) => header)).toEqual(['Via', 'Record-Route']);
    expect(notes.find(({ op }) => op === 'routed')?.reason).toContain('a token now');
  });

  it('names no node of the inside in its Contact; what is sent there finds the way back', () => {
    const { bench, outcome } = out(HIDING, { Contact: '<sip:scscf1.home1.net>' });
    const contact = outcome.request('SUBSCRIBE').message.headers.get('Contact') ?? '';
    expect(contact).toMatch(/^<sip:Token\([\w-]+\)@home1\.net;tokenized-by=home1\.net>$/);
    const back = sipRequest('NOTIFY', contact.slice(1, -1), { Route: OWN, To: '<sip:user1_public1@home1.net>;tag=t', Event: 'presence' });
    const { message, remote, notes } = bench.deliver(back, bench.at('ps')).request('NOTIFY');
    expect(message.uri).toBe('sip:scscf1.home1.net');
    expect(remote.address).toBe('2001:db8:1::30');
    expect(notes.find(({ header }) => header === 'Request-URI')).toMatchObject({ op: 'changed', from: contact.slice(1, -1), to: 'sip:scscf1.home1.net' });
  });

  it.each([
    ['of a terminal', HIDING, '<sip:[2001:db8:1::65]:1357>'],
    ['of somebody else', HIDING, '<sip:ue.example.org>'],
    ['of a network that does not hide', PLAIN, '<sip:scscf1.home1.net>'],
  ])('leaves the Contact %s alone', (_whose, network, contact) => {
    expect(out(network, { Contact: contact }).outcome.request('SUBSCRIBE').message.headers.get('Contact')).toBe(contact);
  });

  it('two requests carry two tokens for the same entries', () => {
    const { bench, outcome } = out(HIDING);
    const again = bench.deliver(leaving({ Via: S_CSCF.replace('z9hG4bKs', 'z9hG4bKagain') }), bench.at('scscf1'));
    const [first, second] = [outcome, again].map((one) => one.request('SUBSCRIBE').message.headers.values('Record-Route')[1]);
    expect(second).toMatch(/Token/);
    expect(second).not.toBe(first);
  });

  it('keeps its names where the network does not hide, and loses what is for the home network only', () => {
    const { message } = out(PLAIN, { 'P-Access-Network-Info': '3GPP-UTRAN-FDD' }).outcome.request('SUBSCRIBE');
    expect(message.headers.values('Record-Route')).toEqual([OWN, '<sip:scscf1.home1.net;lr>', '<sip:pcscf9.home1.net;lr>']);
    expect(message.headers.has('P-Access-Network-Info')).toBe(false);
  });

  it('its answer gets the names back', () => {
    const { bench, outcome } = out(HIDING);
    const sent = outcome.request('SUBSCRIBE');
    const answer = bench.answer(sent, 200, [['Record-Route', sent.message.headers.values('Record-Route').join(', ')]]).response(200).message;
    expect(answer.headers.values('Record-Route')).toEqual([OWN, '<sip:scscf1.home1.net;lr>', '<sip:pcscf9.home1.net;lr>']);
    expect(answer.headers.values('Via')).toEqual([`${S_CSCF};received=2001:db8:1::30`, P_CSCF_AT_HOME, UE]);
  });

  it('an answer whose token was changed is dropped, with a note', () => {
    const { bench, outcome } = out(HIDING);
    const sent = outcome.request('SUBSCRIBE');
    const response = createResponse(sent.message, 200, undefined, 'peer');
    response.headers.set('Record-Route', `${OWN}, <sip:Token(AAAA)@home1.net;lr;tokenized-by=home1.net>`);
    const dropped = bench.deliver(response, sent.remote, sent.local.port, sent.transport);
    expect(dropped.sip).toEqual([]);
    expect(dropped.notes.map(({ op, header }) => [op, header])).toEqual([['rejected', 'Record-Route']]);
    expect(bench.rows('Configuration hiding')[0]?.at(-1)).toBe('1');
  });
});

describe('a request that comes in', () => {
  const key = createKeyedChance(1, 'Kv of home1.net').bytes('key', 16);
  const tokenFor = (entry: string): string => URI_ENTRY.format(encryptEntries([entry], key, new Uint8Array(16).fill(7)), 'home1.net', entry);
  const arriving = (route: string, uri = 'sip:[2001:db8:a::65]:1357'): Outcome => {
    const bench = new EntityBench('ibcf1', { network: HIDING });
    const request = sipRequest('NOTIFY', uri, { Route: route, To: '<sip:user1_public1@home1.net>;tag=t', Event: 'presence' });
    return bench.deliver(request, bench.at('ps'));
  };

  it('goes where its token says', () => {
    const { message, remote } = arriving(`${OWN}, ${tokenFor('<sip:scscf1.home1.net;lr>')}, <sip:pcscf1.visited1.net;lr>`).request('NOTIFY');
    expect(message.headers.values('Route')).toEqual(['<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>']);
    expect(remote.address).toBe('2001:db8:1::30');
  });

  it.each([
    ['not base64', '<sip:Token(!!)@home1.net;lr;tokenized-by=home1.net>'],
    ['too short', '<sip:Token(AAAA)@home1.net;lr;tokenized-by=home1.net>'],
    ['without a token', '<sip:home1.net;lr;tokenized-by=home1.net>'],
    ['of another key', URI_ENTRY.format(encryptEntries(['<sip:scscf1.home1.net;lr>'], new Uint8Array(16), new Uint8Array(16)), 'home1.net', '')],
    ['that names somebody outside', tokenFor('<sip:pcscf1.visited1.net;lr>')],
  ])('is refused with 400 when its token is %s, and goes nowhere', (_what, token) => {
    const outcome = arriving(`${OWN}, ${token}`);
    expect(outcome.statuses).toEqual([400]);
    expect(outcome.requests).toEqual([]);
    expect(outcome.notes.find(({ op }) => op === 'rejected')?.header).toBe('Route');
  });

  it('is refused with 400 when its Request-URI is a token that does not decrypt', () => {
    const outcome = arriving(OWN, 'sip:Token(AAAA)@home1.net;tokenized-by=home1.net');
    expect(outcome.statuses).toEqual([400]);
    expect(outcome.requests).toEqual([]);
    expect(outcome.notes.find(({ op }) => op === 'rejected')?.header).toBe('Request-URI');
  });

  it('leaves the token of another network alone', () => {
    const foreign = '<sip:Token(AAAA)@home2.net;lr;tokenized-by=home2.net>';
    const { message } = arriving(`${OWN}, ${tokenFor('<sip:scscf1.home1.net;lr>')}, ${foreign}`).request('NOTIFY');
    expect(message.headers.values('Route')[1]).toBe(foreign);
  });

  it('is not carried through to a third network', () => {
    const bench = new EntityBench('ibcf1', { network: HIDING });
    const outcome = bench.deliver(sipRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', { Event: 'presence' }), bench.at('pcscf1'));
    expect(outcome.statuses).toEqual([403]);
  });

  it('goes to the I-CSCF when it names only the network; a REGISTER learns the way back', () => {
    const bench = new EntityBench('ibcf1', { network: HIDING });
    const fields = { Path: '<sip:term@pcscf1.visited1.net;lr>', To: '<sip:user1_public1@home1.net>' };
    const { message, remote } = bench.deliver(sipRequest('REGISTER', 'sip:registrar.home1.net', fields), bench.at('pcscf1')).request('REGISTER');
    expect(remote.address).toBe('2001:db8:1::20');
    expect(message.headers.values('Path')).toEqual([OWN, '<sip:term@pcscf1.visited1.net;lr>']);
    const sent = bench.deliver(sipRequest('REGISTER', 'sip:registrar.home1.net', fields), bench.at('pcscf1')).request('REGISTER');
    const answer = bench
      .answer(sent, 200, [['Service-Route', '<sip:orig@scscf1.home1.net;lr>']])
      .response(200)
      .message.headers.values('Service-Route');
    expect(answer[0]).toBe(OWN);
    expect(URI_ENTRY.tokenOf(answer[1] ?? '')?.by).toBe('home1.net');
    expect(answer.length).toBe(2);
  });
});

describe('a network that is not trusted', () => {
  const STRANGE: NetworkOptions = { with: ['ibcf1', 'ibcf2'], trust: { home1: false } };
  const TRUSTED_ONLY = { 'P-Asserted-Identity': '<sip:user1_public1@home1.net>', 'P-Charging-Vector': 'icid-value=x;orig-ioi=home1.net' };
  const arriving = (network: NetworkOptions): { readonly bench: EntityBench; readonly outcome: Outcome } => {
    const bench = new EntityBench('ibcf2', { network });
    const request = sipRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', { Event: 'presence', ...TRUSTED_ONLY });
    return { bench, outcome: bench.deliver(request, bench.at('ibcf1')) };
  };

  it('is not believed in what it says of identity and charging: inside, nobody could tell any more where it came from', () => {
    const { message, notes } = arriving(STRANGE).outcome.request('SUBSCRIBE');
    expect(Object.keys(TRUSTED_ONLY).filter((name) => message.headers.has(name))).toEqual([]);
    expect(notes.filter(({ op }) => op === 'removed').map(({ header }) => header)).toEqual(Object.keys(TRUSTED_ONLY));
    expect(Object.keys(TRUSTED_ONLY).filter((name) => arriving(PLAIN).outcome.request('SUBSCRIBE').message.headers.has(name))).toEqual(
      Object.keys(TRUSTED_ONLY),
    );
  });

  it('learns nothing of it from the answer either', () => {
    const { bench, outcome } = arriving(STRANGE);
    const answer = bench.answer(outcome.request('SUBSCRIBE'), 200, [['P-Charging-Vector', 'icid-value=y']]).response(200).message;
    expect(answer.headers.has('P-Charging-Vector')).toBe(false);
  });

  it('nor from a request that goes there', () => {
    const bench = new EntityBench('ibcf2', { network: STRANGE });
    const request = sipRequest('NOTIFY', 'sip:[2001:db8:a::65]:1357', { Route: '<sip:ibcf2.home2.net;lr>, <sip:ibcf1.home1.net;lr>', ...TRUSTED_ONLY });
    const { message } = bench.deliver(request, bench.at('ps')).request('NOTIFY');
    expect(Object.keys(TRUSTED_ONLY).filter((name) => message.headers.has(name))).toEqual([]);
  });

  it('cannot register anybody', () => {
    const bench = new EntityBench('ibcf2', { network: STRANGE });
    const outcome = bench.deliver(sipRequest('REGISTER', 'sip:registrar.home2.net', {}), bench.at('ibcf1'));
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.requests).toEqual([]);
  });
});
