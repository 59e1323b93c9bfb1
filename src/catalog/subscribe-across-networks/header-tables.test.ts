/**
 * The principal flow against the header tables 2.4.1 to 2.4.3 of spec/presence-flows.md, hop by hop. What the spec writes with names of Release 5 examples stands here
 * with those of its section 0.0: the P-CSCF is pcscf1.visited1.net, addresses are documentation ones, no SigComp; partial notification (pidf-diff) comes later.
 */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { textOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';
import { findScenario } from '../catalog.ts';

const scenario = findScenario('subscribe-across-networks');
if (scenario === undefined) throw new Error('no principal flow');
const trace = runScenario(scenario, { seed: 1, changes: [] });
if ('kind' in trace) throw new Error(trace.message);
const messages = trace.records.filter((r): r is MessageRecord => r.kind === 'message');

const UE = 'ue1';
const P1 = 'pcscf1.visited1.net';
const S1 = 'scscf1.home1.net';
const I2 = 'icscf2-s.home2.net';
const S2 = 'scscf2.home2.net';
const PS = 'ps.home2.net';

/** All values of a header field, with what differs from run to run left out; undefined: absent. */
function valuesOf(text: string, name: string): string | undefined {
  const lines = (text.split('\r\n\r\n')[0] ?? '').split('\r\n').filter((line) => line.startsWith(`${name}: `));
  if (lines.length === 0) return undefined;
  return lines
    .map((line) => line.slice(name.length + 2))
    .join(', ')
    .replace(/branch=z9hG4bK[^;,]+/g, 'branch=*')
    .replace(/;received=[^;,]+/g, '')
    .replace(/tag=\w+/g, 'tag=*')
    .replace(/icid-value="[^"]+"/g, 'icid')
    .replace(/;icid-generated-at=[^;,]+/g, '')
    .replace(/<sip:\w+@scscf2/g, '<sip:ODI@scscf2')
    .replace(/(spi-[cs]=)\d+/g, '$1*');
}

type Hop = readonly [from: string, to: string, label: string];

function textAt([from, to, label]: Hop, after = 10): string {
  const found = messages.find((m) => m.sentAt >= after * 1e6 && m.from === from && m.to === to && m.label === label);
  if (found === undefined) throw new Error(`no ${label} from ${from} to ${to}`);
  return textOf(found) ?? '';
}

/** Header field, and its value on each hop in turn; a single value is the same everywhere. */
type Table = readonly (readonly [name: string, ...values: (string | undefined)[]])[];

function hold(hops: readonly Hop[], table: Table, after?: number): void {
  for (const [name, ...values] of table) {
    it(name, () => {
      const seen = hops.map((hop) => valuesOf(textAt(hop, after), name));
      expect(seen).toEqual(hops.map((_, i) => (values.length === 1 ? values[0] : values[i])));
    });
  }
}

const NONE = undefined;
const via = (host: string): string => `SIP/2.0/UDP ${host};branch=*`;
const UE_VIA = via('[2001:db8:a::65]:1357');
const [P1_VIA, S1_VIA, I2_VIA, S2_VIA] = [P1, S1, I2, S2].map(via) as [string, string, string, string];
const list = (...values: string[]): string => values.join(', ');
const RECORDED_P1 = '<sip:pcscf1.visited1.net;lr>';
const RECORDED_S1 = '<sip:scscf1.home1.net;lr>';
const JOHN = '"John Doe" <sip:user1_public1@home1.net>';
const JOHN_AND_TEL = `${JOHN}, <tel:+12125551111>`;
const ACCESS = '3GPP-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11';

/** All that the P-CSCF offered, in its order (RFC 3329 §2.3.1). */
const SECURITY_VERIFY =
  'ipsec-3gpp; q=0.2; alg=hmac-sha-1-96; ealg=aes-cbc; spi-c=*; spi-s=*; port-c=8642; port-s=7531, ipsec-3gpp; q=0.1; alg=hmac-sha-1-96; spi-c=*; spi-s=*; port-c=8642; port-s=7531';

describe('2.4.1 SUBSCRIBE on hops 1, 2, 4, 6, 8', () => {
  const hops: readonly Hop[] = [
    [UE, P1, 'SUBSCRIBE'],
    [P1, S1, 'SUBSCRIBE'],
    [S1, I2, 'SUBSCRIBE'],
    [I2, S2, 'SUBSCRIBE'],
    [S2, PS, 'SUBSCRIBE'],
  ];
  it('Request-URI', () => {
    for (const hop of hops) expect(textAt(hop)).toMatch(/^SUBSCRIBE sip:user2_public1@home2\.net SIP\/2\.0\r\n/);
  });
  hold(hops, [
    ['Via', UE_VIA, list(P1_VIA, UE_VIA), list(S1_VIA, P1_VIA, UE_VIA), list(I2_VIA, S1_VIA, P1_VIA, UE_VIA), list(S2_VIA, I2_VIA, S1_VIA, P1_VIA, UE_VIA)],
    ['Max-Forwards', '70', '69', '68', '67', '66'],
    [
      'Route',
      '<sip:pcscf1.visited1.net:7531;lr>, <sip:orig@scscf1.home1.net;lr>',
      '<sip:orig@scscf1.home1.net;lr>',
      NONE,
      '<sip:scscf2.home2.net;lr>',
      '<sip:ps.home2.net;lr>, <sip:ODI@scscf2.home2.net;lr>',
    ],
    ['Record-Route', NONE, RECORDED_P1, list(RECORDED_S1, RECORDED_P1), list(RECORDED_S1, RECORDED_P1), list(RECORDED_S1, RECORDED_P1)],
    ['P-Preferred-Identity', JOHN, NONE, NONE, NONE, NONE],
    ['P-Asserted-Identity', NONE, JOHN, JOHN_AND_TEL, JOHN_AND_TEL, JOHN_AND_TEL],
    ['P-Access-Network-Info', ACCESS, ACCESS, NONE, NONE, NONE],
    ['P-Charging-Vector', NONE, 'icid;orig-ioi="Type 1visited1.net"', 'icid;orig-ioi=home1.net', 'icid;orig-ioi=home1.net', 'icid;orig-ioi="Type 3home2.net"'],
    ['P-Charging-Function-Addresses', NONE, NONE, NONE, NONE, 'ccf=ccf1.home2.net'],
    ['Privacy', 'none'],
    ['Require', 'sec-agree', NONE, NONE, NONE, NONE],
    ['Proxy-Require', 'sec-agree', NONE, NONE, NONE, NONE],
    ['Security-Verify', SECURITY_VERIFY, NONE, NONE, NONE, NONE],
    ['From', '<sip:user1_public1@home1.net>;tag=*'],
    ['To', '<sip:user2_public1@home2.net>'],
    ['CSeq', '1 SUBSCRIBE'],
    ['Event', 'presence'],
    ['Accept', 'application/pidf+xml'],
    ['Expires', '7200'],
    ['Contact', '<sip:[2001:db8:a::65]:1357>'],
    ['P-Served-User', NONE, NONE, NONE, NONE, '<sip:user2_public1@home2.net>;sescase=term;regstate=reg'],
    ['Content-Length', '0'],
  ]);
});

describe('2.4.2 200 (OK) to SUBSCRIBE on hops 10 to 14', () => {
  const label = '200 OK (SUBSCRIBE)';
  const routes = list(RECORDED_S1, RECORDED_P1);
  hold(
    [
      [PS, S2, label],
      [S2, I2, label],
      [I2, S1, label],
      [S1, P1, label],
      [P1, UE, label],
    ],
    [
      ['Via', list(S2_VIA, I2_VIA, S1_VIA, P1_VIA, UE_VIA), list(I2_VIA, S1_VIA, P1_VIA, UE_VIA), list(S1_VIA, P1_VIA, UE_VIA), list(P1_VIA, UE_VIA), UE_VIA],
      ['Record-Route', routes, routes, routes, routes, list(RECORDED_S1, '<sip:pcscf1.visited1.net:7531;lr>')],
      [
        'P-Charging-Vector',
        'icid;orig-ioi="Type 3home2.net";term-ioi="Type 3home2.net"',
        'icid;orig-ioi=home1.net;term-ioi=home2.net',
        'icid;orig-ioi=home1.net;term-ioi=home2.net',
        'icid;orig-ioi="Type 1visited1.net";term-ioi="Type 1home1.net"',
        NONE,
      ],
      ['P-Charging-Function-Addresses', 'ccf=ccf1.home2.net', NONE, NONE, NONE, NONE],
      ['Contact', '<sip:ps.home2.net>'],
      ['To', '<sip:user2_public1@home2.net>;tag=*'],
      ['Expires', '7200'],
    ],
  );
});

const PS_VIA = via(PS);
const GM_VIA = via(`${P1}:7531`);

describe('2.4.3 NOTIFY on hops 15 to 17', () => {
  hold(
    [
      [PS, S1, 'NOTIFY'],
      [S1, P1, 'NOTIFY'],
      [P1, UE, 'NOTIFY'],
    ],
    [
      ['Via', PS_VIA, list(S1_VIA, PS_VIA), list(GM_VIA, S1_VIA, PS_VIA)],
      ['Max-Forwards', '70', '69', '68'],
      ['Route', list(RECORDED_S1, RECORDED_P1), RECORDED_P1, NONE],
      ['Record-Route', NONE, RECORDED_S1, list('<sip:pcscf1.visited1.net:7531;lr>', RECORDED_S1)],
      ['P-Charging-Vector', 'icid;orig-ioi=home2.net', 'icid;orig-ioi="Type 1home1.net"', NONE],
      ['From', '<sip:user2_public1@home2.net>;tag=*'],
      ['To', '<sip:user1_public1@home1.net>;tag=*'],
      ['CSeq', '1 NOTIFY'],
      ['Subscription-State', 'active;expires=7200'],
      ['Event', 'presence'],
      ['Contact', '<sip:ps.home2.net>'],
      ['Content-Type', 'application/pidf+xml'],
    ],
  );
  it('is sent to the contact of the watcher', () => {
    expect(textAt([PS, S1, 'NOTIFY'])).toMatch(/^NOTIFY sip:\[2001:db8:a::65\]:1357 SIP\/2\.0\r\n/);
  });
});

describe('2.4.3 200 (OK) to NOTIFY on hops 18 to 20', () => {
  const label = '200 OK (NOTIFY)';
  hold(
    [
      [UE, P1, label],
      [P1, S1, label],
      [S1, PS, label],
    ],
    [
      ['Via', list(GM_VIA, S1_VIA, PS_VIA), list(S1_VIA, PS_VIA), PS_VIA],
      ['P-Access-Network-Info', ACCESS, ACCESS, NONE],
      ['P-Charging-Vector', NONE, 'icid;orig-ioi="Type 1home1.net";term-ioi="Type 1visited1.net"', 'icid;orig-ioi=home2.net;term-ioi=home1.net'],
    ],
  );
});

describe('3.1 and 3.2 REGISTER of the prologue', () => {
  const I1 = 'icscf1-p.home1.net';
  hold(
    [
      [UE, P1, 'REGISTER'],
      [P1, I1, 'REGISTER'],
      [I1, S1, 'REGISTER'],
    ],
    [
      ['Max-Forwards', '70', '69', '68'],
      ['Path', NONE, '<sip:term@pcscf1.visited1.net;lr>', '<sip:term@pcscf1.visited1.net;lr>'],
      ['P-Visited-Network-ID', NONE, 'visited1.net', 'visited1.net'],
      ['P-Charging-Vector', NONE, 'icid;orig-ioi="Type 1visited1.net"', 'icid;orig-ioi="Type 1visited1.net"'],
      ['Require', 'sec-agree', 'path', 'path'],
      ['Proxy-Require', 'sec-agree', NONE, NONE],
      ['Supported', 'path'],
      ['Record-Route', NONE],
      ['Contact', '<sip:[2001:db8:a::65]:1357>;expires=600000'],
    ],
    3,
  );
  it('Authorization is empty at first, and the P-CSCF says that it came unprotected', () => {
    const first = 'Digest username="user1_private@home1.net", realm="registrar.home1.net", nonce="", uri="sip:registrar.home1.net", response=""';
    expect(valuesOf(textAt([UE, P1, 'REGISTER'], 3), 'Authorization')).toBe(first);
    expect(valuesOf(textAt([P1, I1, 'REGISTER'], 3), 'Authorization')).toBe(`${first}, integrity-protected="no"`);
  });
  it('the answer to the challenge comes protected', () => {
    expect(valuesOf(textAt([P1, I1, 'REGISTER'], 3.15), 'Authorization')).toMatch(/algorithm=AKAv1-MD5, integrity-protected="yes"$/);
    expect(valuesOf(textAt([UE, P1, 'REGISTER'], 3.1), 'CSeq')).toBe('2 REGISTER');
  });
  it('the 200 tells the way home and the identities', () => {
    const answer = textAt([P1, UE, '200 OK (REGISTER)'], 3);
    expect(valuesOf(answer, 'Service-Route')).toBe('<sip:orig@scscf1.home1.net;lr>');
    expect(valuesOf(answer, 'Path')).toBe('<sip:term@pcscf1.visited1.net;lr>');
    expect(valuesOf(answer, 'P-Associated-URI')).toBe('<sip:user1_public1@home1.net>, <sip:user1_public2@home1.net>, <tel:+12125551111>');
  });
});

describe('2.7 PUBLISH', () => {
  const P2 = 'pcscf2.home2.net';
  hold(
    [
      ['ue2', P2, 'PUBLISH'],
      [P2, S2, 'PUBLISH'],
      [S2, PS, 'PUBLISH'],
    ],
    [
      // Another cell than that of the watcher, who is a guest elsewhere.
      ['P-Access-Network-Info', '3GPP-UTRAN-FDD;utran-cell-id-3gpp=001022A3B5C61'],
      ['Max-Forwards', '70', '69', '68'],
      ['Record-Route', NONE],
      ['Contact', NONE],
      ['From', '<sip:user2_public1@home2.net>;tag=*'],
      ['To', '<sip:user2_public1@home2.net>'],
      ['Event', 'presence'],
      ['Expires', '7200'],
      ['SIP-If-Match', NONE],
      ['Content-Type', 'application/pidf+xml'],
      ['Security-Verify', SECURITY_VERIFY, NONE, NONE],
    ],
    6,
  );
  it('the 200 brings an entity-tag and Expires', () => {
    const answer = textAt([PS, S2, '200 OK (PUBLISH)'], 6);
    expect(valuesOf(answer, 'SIP-ETag')).toMatch(/\S/);
    expect(valuesOf(answer, 'Expires')).toBe('7200');
  });
});
