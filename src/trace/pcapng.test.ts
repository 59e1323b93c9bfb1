import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { hasJudge } from '#testing/judges.ts';
import { OBJECTION, readFrames } from '#testing/judges/tshark.ts';
import { ENTITIES, sipBytes, TraceBuilder } from '#testing/trace-builder.ts';
import { crc32c, internetChecksum, sumWords } from '#protocol/ip/checksum.ts';
import { CaptureError, passingsOf, tracePcapng } from './pcapng.ts';
import type { Trace } from './record.ts';

const UE = 'ue1';
const P = 'pcscf1.visited1.net';
const S = 'scscf1.home1.net';
const HSS = 'hss1.home1.net';
const DNS = 'dns.home1.net';

const HEADERS = { From: '<sip:user1@home1.net>;tag=1', To: '<sip:user2@home2.net>', 'Call-ID': 'c1@ue1', 'Max-Forwards': '70' };
const via = (branch: string, transport = 'UDP') => ({ Via: `SIP/2.0/${transport} [2001:db8::1]:1357;branch=z9hG4bK${branch}` });
const subscribe = (branch: string, cseq = 1, transport = 'UDP', more: Record<string, string> = {}) =>
  sipBytes('SUBSCRIBE sip:user2@home2.net SIP/2.0', {
    ...via(branch, transport),
    ...HEADERS,
    CSeq: `${cseq} SUBSCRIBE`,
    Event: 'presence',
    Expires: '600',
    ...more,
  });
const ok = (branch: string, cseq = 1, transport = 'UDP') =>
  sipBytes('SIP/2.0 200 OK', { ...via(branch, transport), ...HEADERS, CSeq: `${cseq} SUBSCRIBE`, Expires: '600' });

/** Device-Watchdog (RFC 6733 section 5.5) with Origin-Host and Origin-Realm, in an answer with Result-Code 2001. */
function watchdog(request: boolean, id: number, padding = 0): Uint8Array {
  const avp = (code: number, value: Uint8Array): number[] => [
    0,
    0,
    code >> 8,
    code & 255,
    code === 269 ? 0 : 0x40,
    (8 + value.length) >> 16,
    ((8 + value.length) >> 8) & 255,
    (8 + value.length) & 255,
    ...Array.from(value),
    ...new Array<number>((4 - (value.length % 4)) % 4).fill(0),
  ];
  const avps = [
    ...(request ? [] : avp(268, new Uint8Array([0, 0, 0x07, 0xd1]))),
    ...avp(264, encodeUtf8('scscf1.home1.net')),
    ...avp(296, encodeUtf8('home1.net')),
    // Product-Name, where it is to be long.
    ...(padding === 0 ? [] : avp(269, new Uint8Array(padding).fill(0x78))),
  ];
  const length = 20 + avps.length;
  return new Uint8Array([1, length >> 16, (length >> 8) & 255, length & 255, request ? 0x80 : 0, 0, 1, 24, 0, 0, 0, 0, 0, 0, 0, id, 0, 0, 0, id, ...avps]);
}

function dns(answer: boolean, name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...encodeUtf8(label)]);
  const question = [...labels, 0, 0, 28, 0, 1];
  const address = [0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 0x20, 1, 0x0d, 0xb8, ...new Array<number>(11).fill(0), 2];
  return new Uint8Array([0, 7, answer ? 0x84 : 0, 0, 0, 1, 0, answer ? 1 : 0, 0, 0, 0, 0, ...question, ...(answer ? address : [])]);
}

/** One of everything: protected and open ports, UDP and TCP both ways, retransmission, loss on both, Diameter, DNS over IPv4, WebSocket. */
function sample(): Trace {
  const b = new TraceBuilder();
  const gm = { fromPort: 1357, toPort: 7531 };
  const back = { fromPort: 7531, toPort: 1357 };
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 0, lostAt: 10_000, ...gm, bytes: subscribe('a') });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 500_000, arrivedAt: 525_000, ...gm, bytes: subscribe('a') });
  b.message(P, S, 'SUBSCRIBE', { sentAt: 525_000, arrivedAt: 530_000, bytes: subscribe('b') });
  b.message(S, HSS, 'DWR', {
    sentAt: 530_000,
    arrivedAt: 533_000,
    protocol: 'Diameter',
    transport: 'sctp',
    fromPort: 3868,
    toPort: 3868,
    bytes: watchdog(true, 1),
  });
  b.message(HSS, S, 'DWA', {
    sentAt: 533_000,
    arrivedAt: 536_000,
    protocol: 'Diameter',
    transport: 'sctp',
    fromPort: 3868,
    toPort: 3868,
    bytes: watchdog(false, 1),
  });
  b.message(S, HSS, 'DWR', {
    sentAt: 537_000,
    arrivedAt: 539_000,
    protocol: 'Diameter',
    transport: 'sctp',
    fromPort: 3868,
    toPort: 3868,
    bytes: watchdog(true, 2),
  });
  b.message(HSS, S, 'DWA', {
    sentAt: 540_000,
    arrivedAt: 543_000,
    protocol: 'Diameter',
    transport: 'sctp',
    fromPort: 3868,
    toPort: 3868,
    bytes: watchdog(false, 2),
  });
  b.message(S, DNS, 'DNS AAAA', { sentAt: 544_000, arrivedAt: 546_000, protocol: 'DNS', fromPort: 40_000, toPort: 53, bytes: dns(false, 'home2.net') });
  b.message(DNS, S, 'DNS answer', { sentAt: 546_000, arrivedAt: 548_000, protocol: 'DNS', fromPort: 53, toPort: 40_000, bytes: dns(true, 'home2.net') });
  b.message(S, P, '200 OK (SUBSCRIBE)', { sentAt: 550_000, arrivedAt: 555_000, bytes: ok('b') });
  b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: 555_000, arrivedAt: 580_000, ...back, bytes: ok('a') });
  // TCP in both directions at once, one message discarded at the door, protected and open ports.
  for (const [i, ports] of [gm, { fromPort: 40_001, toPort: 5060 }].entries()) {
    const answer = { fromPort: ports.toPort, toPort: ports.fromPort, transport: 'tcp' } as const;
    const at = 1_000_000 * (i + 1);
    b.message(UE, P, 'SUBSCRIBE', { sentAt: at, arrivedAt: at + 25_000, transport: 'tcp', ...ports, bytes: subscribe(`c${i}`, 2, 'TCP') });
    b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: at + 10_000, arrivedAt: at + 40_000, ...answer, bytes: ok(`x${i}`, 2, 'TCP') });
    b.message(UE, P, 'SUBSCRIBE', { sentAt: at + 20_000, lostAt: at + 45_000, transport: 'tcp', ...ports, bytes: subscribe(`d${i}`, 3, 'TCP') });
    b.message(UE, P, 'SUBSCRIBE', {
      sentAt: at + 60_000,
      arrivedAt: at + 85_000,
      transport: 'tcp',
      ...ports,
      bytes: subscribe(`e${i}`, 4, 'TCP', { Subject: 'x'.repeat(8000) }),
    });
    b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: at + 90_000, arrivedAt: at + 115_000, ...answer, bytes: ok(`e${i}`, 4, 'TCP') });
  }
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 4_000_000, arrivedAt: 4_025_000, transport: 'ws', fromPort: 40_002, toPort: 5062, bytes: subscribe('w', 5, 'WS') });
  b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: 4_030_000, arrivedAt: 4_055_000, transport: 'ws', fromPort: 5062, toPort: 40_002, bytes: ok('w', 5, 'WS') });
  // S-CSCF#1 asks DNS over IPv4: it has an address of each kind.
  const v4 = (text: string) => text.replace('[2001:db8:1::3]', '192.0.2.3');
  const trace = b.build(5_000_000, { entities: ENTITIES.map((e) => (e.id === S ? { ...e, addresses: [...e.addresses, '192.0.2.3'] } : e)) });
  return { ...trace, records: trace.records.map((r) => (r.kind === 'message' && r.protocol === 'DNS' ? { ...r, src: v4(r.src), dst: v4(r.dst) } : r)) };
}

describe('checksums', () => {
  it('are those of the standards', () => {
    // RFC 1071 section 3: the example's sum is ddf2.
    expect(internetChecksum(sumWords(new Uint8Array([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])))).toBe(0xffff ^ 0xddf2);
    // RFC 3720 appendix B.4: 32 bytes of zeroes, of ones, and the check value of CRC-32C.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(encodeUtf8('123456789'))).toBe(0xe3069283);
  });
});

describe('tracePcapng', () => {
  it('gives the same bytes for the same trace', () => {
    expect(tracePcapng(sample())).toEqual(tracePcapng(sample()));
  });

  it('shows a packet that gateways pass on as it is once, and says where it went; what is sealed or changed on the way is another', () => {
    const b = new TraceBuilder();
    const [seg1, seg2] = ['seg1', 'seg2'].map(
      (id, i) => ({ id, kind: 'security-gateway', network: '', home: '', label: id, addresses: [`2001:db8:${i}::70`] }) as const,
    );
    const query = { protocol: 'DNS', fromPort: 40_000, toPort: 53, bytes: dns(false, 'home2.net') } as const;
    const first = b.message(S, 'seg1', 'DNS AAAA', { sentAt: 0, arrivedAt: 3_000, ...query });
    const second = b.message('seg1', 'seg2', 'DNS AAAA', { sentAt: 3_000, arrivedAt: 6_000, causedBy: first, ...query });
    b.message('seg2', DNS, 'DNS AAAA', { sentAt: 6_000, lostAt: 7_000, causedBy: second, ...query });
    b.message('seg2', DNS, 'DNS AAAA', { sentAt: 7_000, arrivedAt: 8_000, causedBy: second, ...query, bytes: dns(false, 'home3.net') });
    const built = b.build(10_000, { entities: [...ENTITIES, ...(seg1 && seg2 ? [seg1, seg2] : [])] });
    // The same packet: the addresses of its ends.
    const trace = { ...built, records: built.records.map((r) => (r.kind === 'message' ? { ...r, src: '[2001:db8:1::3]:40000', dst: '192.0.2.5:53' } : r)) };
    expect([...passingsOf(trace).legs]).toEqual([2, 3]);
    const text = decodeUtf8(tracePcapng(trace));
    expect(text).toContain('Passed on as it is by seg1 to seg2 at 0.003 s.');
    expect(text).toContain('Passed on as it is by seg2 to dns.home1.net at 0.006 s, and lost there.');
    expect(text.match(/home2\x03net/g)).toHaveLength(1);
    expect(text.match(/home3\x03net/g)).toHaveLength(1);
    // Nobody but a gateway passes packets on.
    expect(passingsOf({ ...trace, entities: ENTITIES }).legs.size).toBe(0);
  });

  it('refuses what is no IP address, by name', () => {
    const trace = sample();
    const nowhere = { ...trace, records: trace.records.map((r) => (r.kind === 'message' ? { ...r, dst: 'somewhere:5060' } : r)) };
    expect(() => tracePcapng(nowhere)).toThrow(CaptureError);
  });
});

/** What no single packet holds: over TCP, SCTP and WebSocket, and as a datagram, which is then never sent. */
function oversized(): Trace {
  const b = new TraceBuilder();
  const tcp = { transport: 'tcp', fromPort: 40_001, toPort: 5060 } as const;
  const back = { transport: 'tcp', fromPort: 5060, toPort: 40_001 } as const;
  const sctp = { protocol: 'Diameter', transport: 'sctp', fromPort: 3868, toPort: 3868 } as const;
  const large = (branch: string, cseq: number, transport: string, length: number) =>
    sipBytes(
      'SUBSCRIBE sip:user2@home2.net SIP/2.0',
      { ...via(branch, transport), ...HEADERS, CSeq: `${cseq} SUBSCRIBE`, Event: 'presence' },
      'x'.repeat(length),
    );
  const udp = large('u', 1, 'UDP', 70_000);
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 0, lostAt: 0, bytes: udp });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 500_000, lostAt: 500_000, bytes: udp });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 1_000_000, arrivedAt: 1_025_000, ...tcp, bytes: large('a', 2, 'TCP', 200_000) });
  b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: 1_025_000, arrivedAt: 1_050_000, ...back, bytes: ok('a', 2, 'TCP') });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 1_060_000, arrivedAt: 1_085_000, ...tcp, bytes: subscribe('b', 3, 'TCP') });
  b.message(S, HSS, 'DWR', { sentAt: 2_000_000, arrivedAt: 2_003_000, ...sctp, bytes: watchdog(true, 1, 150_000) });
  b.message(HSS, S, 'DWA', { sentAt: 2_003_000, arrivedAt: 2_006_000, ...sctp, bytes: watchdog(false, 1, 66_000) });
  b.message(S, HSS, 'DWR', { sentAt: 2_007_000, arrivedAt: 2_009_000, ...sctp, bytes: watchdog(true, 2) });
  b.message(UE, P, 'SUBSCRIBE', {
    sentAt: 3_000_000,
    arrivedAt: 3_025_000,
    transport: 'ws',
    fromPort: 40_002,
    toPort: 5062,
    bytes: large('w', 5, 'WS', 90_000),
  });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 4_000_000, arrivedAt: 4_025_000, bytes: subscribe('c', 6) });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: 4_500_000, arrivedAt: 4_525_000, bytes: subscribe('c', 6) });
  return b.build(5_000_000, { summary: 'long '.repeat(30_000) });
}

describe.runIf(hasJudge('tshark'))('tshark and messages larger than a packet', () => {
  const capture = tracePcapng(oversized());

  it('are put together again, each whole in the last of its frames; a datagram of that size has none', () => {
    const frames = readFrames(capture, ['frame.number', 'sip.CSeq.seq', 'sip.msg_body', 'diameter.cmd.code', 'diameter.hopbyhopid']);
    const told = frames.map(([n, seq, body, command, hop]) => `${n} ${seq}${body === '' ? '' : ' with a body'}${command === '' ? '' : `${command} ${hop}`}`);
    expect(told.filter((line) => !/^\d+ $/.test(line))).toEqual([
      '4 2 with a body',
      '5 2',
      '6 3',
      '9 280 0x00000001',
      '11 280 0x00000001',
      '12 280 0x00000002',
      '14 5 with a body',
      '15 6',
      '16 6',
    ]);
    expect(frames).toHaveLength(16);
  });

  it('find no objection, and every checksum right', () => {
    expect(readFrames(capture, ['frame.number', '_ws.expert.message'], OBJECTION)).toEqual([]);
    for (const statuses of readFrames(capture, ['udp.checksum.status', 'tcp.checksum.status', 'sctp.checksum.status'])) expect(statuses).toContain('1');
  });

  it('have comments that name the frame that shows them', () => {
    const comments = new Map(readFrames(capture, ['frame.number', 'frame.comment'], 'frame.comment').map(([n, c]) => [n, c]));
    expect(comments.get('1')).toBe('The handshake of TCP before it is not simulated.,Part 1 of 4 of the message in frame 4.');
    expect(comments.get('16')).toBe('Retransmission of frame 15.');
    const named = new RegExp(
      `Not in this capture, because no datagram holds its ${oversized().records.flatMap((r) => (r.kind === 'message' ? [r.bytes.length] : []))[0]} bytes: SUBSCRIBE from ue1`,
    );
    expect(decodeUtf8(capture.subarray(0, 200_000))).toMatch(named);
  });
});

describe.runIf(hasJudge('tshark'))('tshark', () => {
  const capture = tracePcapng(sample());

  it('sees every transmission as one frame, dissected, at its time, under the names of the entities', () => {
    const frames = readFrames(capture, [
      'frame.number',
      'frame.time_relative',
      'ip.src_host',
      'ip.dst_host',
      'ipv6.src_host',
      'ipv6.dst_host',
      'sip.CSeq.method',
      'diameter.cmd.code',
      'dns.qry.name',
    ]);
    expect(frames).toHaveLength(23);
    const seen = frames.map(([n, t, s4, d4, s6, d6, sip, diameter, query]) => `${n} ${t} ${s4}${s6} ${d4}${d6} ${sip}${diameter}${query}`);
    expect(seen.slice(0, 11)).toEqual([
      '1 0.000000000 ue1 pcscf1.visited1.net SUBSCRIBE',
      '2 0.500000000 ue1 pcscf1.visited1.net SUBSCRIBE',
      '3 0.525000000 pcscf1.visited1.net scscf1.home1.net SUBSCRIBE',
      '4 0.530000000 scscf1.home1.net hss1.home1.net 280',
      '5 0.533000000 hss1.home1.net scscf1.home1.net 280',
      '6 0.537000000 scscf1.home1.net hss1.home1.net 280',
      '7 0.540000000 hss1.home1.net scscf1.home1.net 280',
      '8 0.544000000 scscf1.home1.net dns.home1.net home2.net',
      '9 0.546000000 dns.home1.net scscf1.home1.net home2.net',
      '10 0.550000000 scscf1.home1.net pcscf1.visited1.net SUBSCRIBE',
      '11 0.555000000 pcscf1.visited1.net ue1 SUBSCRIBE',
    ]);
    expect(frames.slice(11).every((f) => f[6] === 'SUBSCRIBE')).toBe(true);
    expect(readFrames(capture, ['frame.time_epoch'])[0]).toEqual([`${Date.parse('2026-01-01T09:00:00Z') / 1000}.000000000`]);
  });

  it('finds nothing malformed, no expert item at all, every checksum right', () => {
    expect(readFrames(capture, ['frame.number', '_ws.expert.message'], OBJECTION)).toEqual([]);
    const checks = readFrames(capture, ['ip.checksum.status', 'udp.checksum.status', 'tcp.checksum.status', 'sctp.checksum.status']);
    expect(checks).toHaveLength(23);
    for (const statuses of checks) for (const status of statuses) expect(status).toMatch(/^1?$/);
    expect(checks.every((statuses) => statuses.includes('1'))).toBe(true);
  });

  it('reads the comments', () => {
    const comments = new Map(readFrames(capture, ['frame.number', 'frame.comment'], 'frame.comment').map(([n, c]) => [n, c]));
    const ipsec = 'Taken above IPsec: SIP in clear between the protected ports.';
    expect(comments.get('1')).toBe(`Lost on the way.,${ipsec}`);
    expect(comments.get('2')).toBe(`Retransmission of frame 1.,${ipsec}`);
    expect(comments.get('3')).toBeUndefined();
    expect([...comments.values()].filter((comment) => comment?.includes('The handshake of TCP before it is not simulated.'))).not.toEqual([]);
    expect(comments.get('14')).toBe(`Discarded at the receiver's door.,${ipsec}`);
    expect(comments.get('19')).toBe("Discarded at the receiver's door.");
    expect(comments.get('22')).toBe('Travelled in a WebSocket frame; shown without its framing.');
  });
});
