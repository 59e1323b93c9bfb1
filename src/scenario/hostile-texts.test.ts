/**
 * Names, addresses and ports in a scenario file that nobody means well with: each file is refused in one sentence on one line, or it runs, and then what travels can
 * be read, holds nothing that the file wanted to smuggle in, and keeps the rules.
 */
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import { checkTrace } from '#check/check.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { tracePcapng } from '#trace/pcapng.ts';
import { parseScenario } from './parse-scenario.ts';
import { runScenario } from './run.ts';
import { isScenarioError, type NetworkOptions, type UserOptions } from './scenario.ts';

const WATCHED = 'sip:user2_public1@home2.net';
const BASE = {
  format: 1,
  id: 'hostile',
  title: 'Hostile',
  summary: 'Texts of somebody who means no good.',
  until: 22,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 8, who: 'ue1', do: { kind: 'subscribe', to: WATCHED } },
    { at: 14, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
  ],
};
const SMUGGLED = /^X-Smuggled/m;

/** `ran, n NOTIFYs for the watcher`, or why not. */
function verdictOn(scenario: object): string {
  const read = parseScenario(JSON.stringify(scenario));
  const trace = isScenarioError(read) ? read : runScenario(read, { seed: 1, changes: [] });
  if ('kind' in trace) {
    expect(trace.message).toMatch(/^[^\p{Cc}]{20,600}\.$/u);
    return trace.message.replace('Not a valid scenario: at ', '');
  }
  const messages = trace.records.filter((record) => record.kind === 'message');
  for (const { protocol, bytes, label } of messages) {
    if (protocol !== 'SIP') continue;
    expect(parseSipMessage(bytes).kind, label).not.toBe('sip-error');
    expect(decodeUtf8(bytes).split('\r\n\r\n', 1)[0], label).not.toMatch(SMUGGLED);
  }
  expect(checkTrace(trace)).toEqual([]);
  expect(tracePcapng(trace).length).toBeGreaterThan(1000);
  return `ran, ${messages.filter(({ label, to }) => label === 'NOTIFY' && to === 'ue1').length} NOTIFYs`;
}
const inNetwork = (network: NetworkOptions | object): string => verdictOn({ ...BASE, network });
const forUser = (role: 'ue1' | 'ue2', user: Partial<UserOptions> | object): string => inNetwork({ users: [{ role, ...user }] });
/** As usual: of the registration, of the subscription, and of the change. */
const AS_USUAL = 'ran, 3 NOTIFYs';

describe('ports', () => {
  it.each([0, -1, 1023, 70_000, 1.5, '5060', null])('%j is none', (port) => {
    const takes = /(0|-1|1023|70000|1\.5|"5060"|null) is not allowed; it takes a whole number from 1024 to 65535\.$/;
    expect(forUser('ue1', { clientPort: port })).toMatch(takes);
    expect(forUser('ue2', { serverPort: port })).toMatch(takes);
    expect(inNetwork({ protectedPorts: { client: 8642, server: port } })).toMatch(takes);
  });

  it.each([5060, 5061])('%i is that of SIP in the clear', (port) => {
    const where = `${port} cannot be a protected port`;
    expect(forUser('ue1', { clientPort: port })).toBe(`/network/users: ${where} of ue1: SIP is spoken there in the clear.`);
    expect(forUser('ue2', { serverPort: port })).toBe(`/network/users: ${where} of ue2: SIP is spoken there in the clear.`);
    expect(inNetwork({ protectedPorts: { client: port, server: 7531 } })).toBe(
      `/network/protectedPorts: ${where} of the P-CSCFs: SIP is spoken there in the clear.`,
    );
  });

  it('one for both directions is one too few, also where the other is the usual one', () => {
    expect(forUser('ue1', { clientPort: 2000, serverPort: 2000 })).toMatch(/ports of ue1 must differ, not both be 2000\.$/);
    expect(forUser('ue1', { clientPort: 1357 })).toMatch(/ports of ue1 must differ, not both be 1357\.$/);
    expect(inNetwork({ protectedPorts: { client: 8642, server: 8642 } })).toMatch(/ports of the P-CSCFs must differ, not both be 8642\.$/);
  });

  it.each([
    { users: [{ role: 'ue1', clientPort: 65_535, serverPort: 1024 }] },
    { protectedPorts: { client: 65_535, server: 3868 } },
    { watcherAtHome: true, users: ['ue1', 'ue2'].map((role) => ({ role, clientPort: 2468, serverPort: 1357 })) },
  ])('%j will do', (network) => {
    expect(inNetwork(network)).toBe(AS_USUAL);
  });
});

describe('names of networks and hosts', () => {
  it.each([
    'home 1.net',
    'home1',
    '[::1]',
    '2001:db8::1',
    '192.0.2.1',
    'home.1',
    'HOME1.NET',
    'a..b',
    '-a.net',
    'home1.net.',
    'home1.net\n',
    'home1.net\r\nX-Smuggled: 1',
    `${'x'.repeat(64)}.net`,
    '',
    '__proto__',
    'ü.net',
  ])('%j is no domain', (domain) => {
    expect(inNetwork({ home1: domain })).toMatch(/^\/network\/home1: ".*(" is|… is) not allowed; it takes a domain name in lower case such as home1\.net\.$/);
    expect(inNetwork({ hosts: { hss1: domain === '' ? '' : `${domain}.home1.9` } })).toMatch(
      /^\/network\/hosts\/hss1: .* is not allowed; it takes a domain name/,
    );
  });

  it('can be as long as the DNS allows a part to be, and no longer than 120 characters', () => {
    expect(inNetwork({ home1: `${'x'.repeat(63)}.net` })).toBe(AS_USUAL);
    expect(inNetwork({ hosts: { hss1: `${'x'.repeat(63)}.home1.net` } })).toBe(AS_USUAL);
    expect(inNetwork({ home1: `${'a.'.repeat(60)}net` })).toMatch(/it takes a domain name of 120 characters at most\.$/);
  });

  it.each([
    [{ home1: 'home2.net' }, '/network: its networks must have different domains, not visited1.net, home2.net, home2.net.'],
    [{ home1: 'a.home2.net' }, '/network: no network can lie in the domain of another, as a.home2.net does in home2.net.'],
    [{ visited1: 'net1.org', home2: 'x.net1.org' }, '/network: no network can lie in the domain of another, as x.net1.org does in net1.org.'],
    [{ hosts: { hss1: 'x.home1.net', scscf1: 'x.home1.net' } }, '/network/hosts/scscf1: another entity is called x.home1.net already.'],
    [{ hosts: { hss1: 'scscf1.home1.net' } }, '/network/hosts/scscf1: another entity is called scscf1.home1.net already.'],
    [{ hosts: { hss1: 'home1.net' } }, '/network/hosts/hss1: home1.net does not lie in home1.net.'],
  ])('%j is refused', (network, sentence) => {
    // Which of two roles is named depends on their order.
    expect(inNetwork(network).replace('/hss1: another', '/scscf1: another')).toBe(sentence);
  });

  it('may be exchanged, and nobody inherits one', () => {
    expect(inNetwork({ hosts: { hss1: 'scscf1.home1.net', scscf1: 'hss.home1.net' } })).toBe(AS_USUAL);
    expect(inNetwork(JSON.parse('{ "hosts": { "__proto__": "x.home1.net" }, "__proto__": { "home1": "a.b" } }') as object)).not.toContain('a.b');
  });
});

describe('public identities', () => {
  it.each([
    'sip:a@home1.net:99999',
    'sip:a@[::1',
    'sip:a@home1.net?Subject=x',
    'sip:a%@home1.net',
    'sip:a@-',
    'sip::@home1.net',
    'sip:home1.net',
    'sip:a@home1.net/',
    'sip:a@home1_x.net',
    'sip:é@home1.net',
    'sip:a b@home1.net',
    'sips:a@home1.net',
    'tel:-',
    'tel:+',
    'pres:a@home1.net',
    '__proto__',
  ])('%j is none: it would make a message that nobody reads', (identity) => {
    const takes = /is not allowed; it takes a SIP or tel URI such as sip:user1_public1@home1\.net\.$/;
    expect(forUser('ue1', { publicIdentities: [identity] })).toMatch(takes);
    expect(inNetwork({ presence: { presentities: [identity] } })).toMatch(takes);
    expect(inNetwork({ with: ['rls1'], lists: [{ at: 'rls1', identity: 'sip:l@home1.net', members: [{ uri: identity }] }] })).toMatch(takes);
  });

  it.each([
    ['sip:a@home1.net'],
    ['sip:a,b;c?d:e@home1.net'],
    ['sip:%00@home1.net'],
    ['sip:a@home1.net;x=y'],
    ['sip:a@HOME1.net'],
    ['sip:a@home1.net', 'tel:1'],
  ])('%j will do', (...publicIdentities) => {
    expect(forUser('ue1', { publicIdentities })).toBe(AS_USUAL);
  });
});

describe('names and other texts', () => {
  it.each(['a\r\nX-Smuggled: 1', 'a\nX-Smuggled: 1', '\u0000', 'a\u0085b', '\ud800', '', 'x'.repeat(601)])('%j is no name', (text) => {
    const takes = /is not allowed; it takes a text of 1 to 600 characters, none of them a control character\.$/;
    expect(forUser('ue1', { displayName: text })).toMatch(takes);
    expect(forUser('ue1', { privateIdentity: text })).toMatch(takes);
    expect(forUser('ue2', { filterCriteria: [{ priority: 0, triggers: [{ method: text }] }] })).toMatch(takes);
    expect(verdictOn({ ...BASE, title: text })).toMatch(takes);
  });

  it.each(['"', '\\', 'a"b\\', '<sip:x@y>', '漢字 é', '\u2028', 'x'.repeat(600)])('%j is a name like any other', (text) => {
    expect(forUser('ue1', { displayName: text })).toBe(AS_USUAL);
  });

  it.each(['a<b>@c', 'a@b,c', 'é@b', 'a:b@c', 'a\\@b'])('%j can be a private identity', (text) => {
    expect(forUser('ue1', { privateIdentity: text })).toBe(AS_USUAL);
  });
});

describe('filter criteria', () => {
  const asking = (more: object): string => forUser('ue2', { filterCriteria: [{ priority: 0, triggers: [{ method: 'SUBSCRIBE' }], ...more }] });

  it.each([
    'nonsense',
    'tel:+1',
    'sip:a b',
    'sip:ps.home2.net:70000',
    'sip:ps.home2.net:0',
    'sip:ps.home2.net?x=y',
    'sip:ps.home2.net>',
    'sips:ps.home2.net',
    'sip:ps.home2.net;transport=x',
  ])('%j is no server', (server) => {
    expect(asking({ server })).toMatch(/filterCriteria\/0\/server: ".*" is not allowed; it takes a SIP URI such as sip:ps\.home2\.net\.$/);
  });

  it.each(['sip:nowhere.net', 'sip:[2001:db8::9]', 'sip:192.0.2.99'])('a server at %s, where nobody stands, is passed by', (server) => {
    expect(asking({ server })).toMatch(/^ran, /);
  });

  it.each([1e300, 2 ** 31, -1, 0.5])('%d is too much, or no whole number', (number) => {
    const takes = /is not allowed; it takes a whole number from 0 to 2147483647\.$/;
    expect(asking({ priority: number })).toMatch(takes);
    expect(asking({ triggers: [{ method: 'SUBSCRIBE', groups: [number] }] })).toMatch(takes);
    expect(forUser('ue2', { capabilities: [number] })).toMatch(takes);
  });

  it.each(['<&>', '((((', '[', 'a\\', 'x'.repeat(600)])('%j matches nothing, or itself', (text) => {
    expect(asking({ triggers: [{ method: text }, { requestUri: text }, { header: { name: text, content: text } }] })).toMatch(/^ran, /);
  });
});

describe('the clock', () => {
  it.each(['2026-13-01T00:00:00Z', '2026-02-30T99:00:00Z', '0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '2100-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    '%s is no beginning',
    (startsAt) => {
      expect(verdictOn({ ...BASE, startsAt })).toMatch(/it takes a day and a time that exist, from 1970 to 2099\.$/);
    },
  );
  it.each(['1970-01-01T00:00:00Z', '2099-12-31T23:59:59Z'])('%s will do', (startsAt) => {
    expect(verdictOn({ ...BASE, startsAt })).toBe(AS_USUAL);
  });
});

describe('whom somebody wants to watch', () => {
  it.each([
    `${WATCHED}?X-Smuggled=1`,
    `pres:user2_public1@home2.net?x=y`,
    'sip:x@home2.net:0',
    'sip:x@home2.net:70000',
    'sip:x@[::1]',
    'sip:x@[2001:db8:2::50]',
    'sip:x@2001:db8::1',
    'sip:x@home 2.net',
    'sip:x@home2.net\r\nX-Smuggled: 1',
    'sip:@home2.net',
    'sip:home2.net',
    'sip:x@home2.net;method=REGISTER',
    'sip:x@home2.net>;<',
    'sip:x@127.0.0.1',
    'sip:x@0.0.0.0',
    `sip:x@${'a.'.repeat(200)}net`,
    `sip:x@${'a'.repeat(80)}.net`,
    'sip:x@..',
    'sip:x@home2.net;maddr=192.0.2.9',
    'sip:x@home2.net;transport=tls',
    `sips:user2_public1@home2.net`,
    '__proto__',
  ])('%j spoils nothing', (to) => {
    expect(verdictOn({ ...BASE, timeline: [...BASE.timeline, { at: 10, who: 'ue1', do: { kind: 'subscribe', to } }] })).toBe(AS_USUAL);
  });

  it.each(['a\u0000b', '\ud800', 'a\r\nX-Smuggled: 1', ']]>&<'])('%j can be the note of a publication', (note) => {
    const timeline = [...BASE.timeline, { at: 18, who: 'ue2', do: { kind: 'publish', basic: 'open', note, activities: [note], device: note, sphere: note } }];
    expect(verdictOn({ ...BASE, until: 30, timeline })).toBe('ran, 4 NOTIFYs');
  });
});
