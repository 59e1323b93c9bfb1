/** Two gateways with nothing but a wire between them: what crosses, what does not, and what Wireshark finds inside when it is given the keys. */
import { describe, expect, it } from 'vitest';
import { toHex } from '#base/bytes.ts';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Input, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import { espPacket } from '#protocol/ip/ip-packet.ts';
import { hasJudge } from '#testing/judges.ts';
import { tshark } from '#testing/judges/tshark.ts';
import { SecurityGateway } from './security-gateway.ts';

const bytesOf = (address: string): Uint8Array => parseIpAddress(address) ?? new Uint8Array();
const RANGES = {
  one: { first: bytesOf('2001:db8:1::'), last: bytesOf('2001:db8:1::ffff') },
  two: { first: bytesOf('2001:db8:2::'), last: bytesOf('2001:db8:2::ffff') },
};
const ADDRESS = { one: '2001:db8:1::70', two: '2001:db8:2::70' };
type Side = 'one' | 'two';
const other = (side: Side): Side => (side === 'one' ? 'two' : 'one');

interface Options {
  readonly lifetime?: number;
  readonly secretOfTwo?: number;
  readonly agreedUntil?: SimTime;
}

class Pair {
  now: SimTime = START;
  readonly machines: Readonly<Record<Side, SecurityGateway>>;
  /** Everything sent, in order. */
  readonly sent: { readonly by: Side; readonly effect: SendEffect }[] = [];
  readonly reasons: string[] = [];
  readonly states: string[] = [];
  /** What happens to a packet on Za. */
  onWay: (effect: SendEffect) => readonly SendEffect[] = (effect) => [effect];

  constructor(options: Options = {}) {
    const machine = (side: Side): SecurityGateway => {
      const peer = other(side);
      return new SecurityGateway(
        {
          host: `seg.${side}.net`,
          address: ADDRESS[side],
          local: RANGES[side],
          policies: [
            { name: 'names', port: 53, action: { kind: 'bypass' } },
            { name: 'signalling', remote: RANGES[peer], action: { kind: 'protect', peer: `seg.${peer}.net` } },
          ],
          peers: [
            {
              host: `seg.${peer}.net`,
              domain: `${peer}.net`,
              address: ADDRESS[peer],
              secret: new Uint8Array(32).fill(side === 'two' ? (options.secretOfTwo ?? 1) : 1),
              remote: RANGES[peer],
              lifetime: options.lifetime ?? 600,
              agreedUntil: options.agreedUntil,
            },
          ],
        },
        createKeyedChance(1, side),
      );
    };
    this.machines = { one: machine('one'), two: machine('two') };
  }

  /** A host of that side sends to one of the other. */
  host(side: Side, text: string, port = 5060, transport: 'udp' | 'tcp' = 'udp'): void {
    const [from, to] = side === 'one' ? ['2001:db8:1::30', '2001:db8:2::20'] : ['2001:db8:2::20', '2001:db8:1::30'];
    this.give(side, { kind: 'passing', bytes: encodeUtf8(text), transport, source: { address: from, port }, destination: { address: to, port } });
  }

  give(side: Side, input: Input): void {
    this.#carry(side, this.machines[side].step(input, this.now));
  }

  wait(length: number): void {
    const until = after(this.now, seconds(length));
    for (;;) {
      const next = (['one', 'two'] as const).map((side) => this.machines[side].deadline() ?? (Infinity as SimTime));
      const at = Math.min(...next) as SimTime;
      if (at > until) break;
      this.now = at;
      for (const side of ['one', 'two'] as const) this.give(side, { kind: 'deadline' });
    }
    this.now = until;
  }

  #carry(by: Side, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'note') this.reasons.push(effect.note.reason);
      if (effect.kind === 'emit') this.states.push(`${by}: ${effect.event.from} > ${effect.event.to}`);
      if (effect.kind !== 'send') continue;
      this.sent.push({ by, effect });
      if (effect.remote.address !== ADDRESS[other(by)]) continue;
      for (const { bytes, transport, local, remote } of this.onWay(effect))
        this.give(other(by), { kind: 'bytes', bytes, transport, local: remote, remote: local });
    }
  }

  get labels(): readonly string[] {
    return this.sent.map(({ by, effect }) => `${by} ${effect.label}`);
  }

  /** What came out at the far side, in clear. */
  get delivered(): readonly string[] {
    return this.sent.flatMap(({ by, effect }) => (effect.protocol === 'SIP' ? [`${by}: ${decodeUtf8(effect.bytes)}`] : []));
  }

  esp(): readonly SendEffect[] {
    return this.sent.flatMap(({ effect }) => (effect.protocol === 'ESP' ? [effect] : []));
  }
}

describe('the first packet', () => {
  it('sets the tunnel up and arrives as it was sent; the next ones only use it', () => {
    const pair = new Pair();
    pair.host('one', 'hello');
    expect(pair.labels).toEqual(['one IKE_SA_INIT', 'two IKE_SA_INIT answer', 'one IKE_AUTH', 'two IKE_AUTH answer', 'one ESP', 'two SIP']);
    pair.host('two', 'and back');
    pair.host('one', 'once more', 5060, 'tcp');
    expect(pair.delivered).toEqual(['two: hello', 'one: and back', 'two: once more']);
    expect(pair.states.toSorted()).toEqual(['one: down > negotiating', 'one: negotiating > up', 'two: down > up']);
    const view = pair.machines.one.view(pair.now);
    expect(view.tables.map(({ title, rows }) => [title, rows.length])).toEqual([
      ['Security policies (SPD)', 2],
      ['Security associations (SAD)', 2],
    ]);
  });

  it.each([
    ['udp', 65_400, 'crosses'],
    ['udp', 65_528, 'does not'],
    ['tcp', 65_280, 'crosses'],
    ['tcp', 65_281, 'does not'],
  ] as const)('over %s with %i bytes %s: what one packet does not hold is dropped, with a note', (transport, length, fate) => {
    const pair = new Pair();
    pair.host('one', 'hello', 5060, transport);
    pair.host('one', 'x'.repeat(length), 5060, transport);
    expect(pair.delivered).toHaveLength(fate === 'crosses' ? 2 : 1);
    expect(pair.reasons.filter((reason) => reason.includes('more than one packet holds'))).toHaveLength(fate === 'crosses' ? 0 : 1);
    for (const { bytes } of pair.esp()) expect(bytes.length).toBeLessThan(65_536);
  });

  it('keeps its addresses, ports and transport on the far side', () => {
    const pair = new Pair();
    pair.host('one', 'hello', 7000, 'tcp');
    expect(pair.sent.at(-1)?.effect).toMatchObject({
      transport: 'tcp',
      local: { address: '2001:db8:1::30', port: 7000 },
      remote: { address: '2001:db8:2::20', port: 7000 },
    });
  });

  it('of both sides at once is no harm', () => {
    const pair = new Pair();
    const held: [Side, SendEffect][] = [];
    pair.onWay = (effect) => {
      held.push([effect.local.address === ADDRESS.one ? 'two' : 'one', effect]);
      return [];
    };
    pair.host('one', 'a');
    pair.host('two', 'b');
    pair.onWay = (effect) => [effect];
    for (const [side, { bytes, transport, local, remote }] of held) pair.give(side, { kind: 'bytes', bytes, transport, local: remote, remote: local });
    expect(pair.delivered.toSorted()).toEqual(['one: b', 'two: a']);
  });

  it('gets no tunnel with a wrong secret, and the sender is told nothing', () => {
    const pair = new Pair({ secretOfTwo: 2 });
    pair.host('one', 'hello');
    expect(pair.labels).toEqual(['one IKE_SA_INIT', 'two IKE_SA_INIT answer', 'one IKE_AUTH', 'two IKE_AUTH answer']);
    expect(pair.reasons.at(-1)).toBe(
      'No tunnel to two.net: seg.two.net answers AUTHENTICATION_FAILED. The packet that waited for it is dropped; their senders learn nothing of it.',
    );
    pair.host('one', 'again');
    expect(pair.delivered).toEqual([]);
    expect(pair.labels).toHaveLength(4);
    // After a minute it is tried again.
    pair.wait(61);
    pair.host('one', 'and again');
    expect(pair.labels).toHaveLength(8);
  });

  it('of a peer that is silent is given up after 31 s', () => {
    const pair = new Pair();
    pair.onWay = () => [];
    pair.host('one', 'hello');
    pair.wait(30.9);
    expect(pair.states).toEqual(['one: down > negotiating']);
    pair.wait(0.2);
    expect(pair.states).toEqual(['one: down > negotiating', 'one: negotiating > down']);
    expect(pair.labels).toEqual(Array.from({ length: 5 }, () => 'one IKE_SA_INIT'));
  });
});

describe('what does not cross', () => {
  it('a replay, a changed packet, one of no association, one in clear, one without policy', () => {
    const pair = new Pair();
    pair.host('one', 'hello');
    const [esp] = pair.esp();
    const give = (bytes: Uint8Array): void =>
      pair.give('two', { kind: 'bytes', bytes, transport: 'esp', local: { address: ADDRESS.two, port: 0 }, remote: { address: ADDRESS.one, port: 0 } });
    const before = pair.delivered.length;
    give(esp?.bytes ?? new Uint8Array());
    give((esp?.bytes ?? new Uint8Array()).map((byte, i) => (i === 40 ? byte ^ 1 : byte)));
    give((esp?.bytes ?? new Uint8Array()).map((byte, i) => (i === 0 ? byte ^ 1 : byte)));
    const clear = { kind: 'passing', bytes: encodeUtf8('x'), transport: 'udp' } as const;
    pair.give('two', { ...clear, source: { address: '2001:db8:1::30', port: 5060 }, destination: { address: '2001:db8:2::20', port: 5060 } });
    pair.give('two', { ...clear, source: { address: '2001:db8:9::1', port: 5060 }, destination: { address: '2001:db8:2::20', port: 5060 } });
    expect(pair.delivered.length).toBe(before);
    expect(pair.reasons.slice(-5)).toEqual([
      'Number 1 was here before, or is too old: a replay is dropped.',
      'Its check value is wrong: somebody changed it on the way.',
      expect.stringMatching(/^No association stands for 0x/),
      'It came in clear from a network whose traffic must come through the tunnel: dropped.',
      'No policy covers it: it does not cross the border, and nobody tells its sender.',
    ]);
  });

  it('names do, as they are', () => {
    const pair = new Pair();
    pair.host('one', 'a question', 53);
    expect(pair.labels).toEqual(['one DNS']);
  });
});

describe('the end of an association', () => {
  it('is come before: fresh keys, the old ones deleted, nothing lost', () => {
    const pair = new Pair({ lifetime: 100 });
    pair.host('one', 'hello');
    const [before] = pair.machines.one.associations;
    pair.wait(95);
    expect(pair.labels.slice(6)).toEqual(['one CREATE_CHILD_SA', 'two CREATE_CHILD_SA answer', 'one INFORMATIONAL (delete)', 'two INFORMATIONAL answer']);
    expect(pair.machines.one.associations).toHaveLength(1);
    expect(pair.machines.one.associations[0]?.outboundKeys).not.toEqual(before?.outboundKeys);
    pair.host('two', 'after');
    expect(pair.delivered.at(-1)).toBe('one: after');
  });

  it('stops traffic when the agreement has ended', () => {
    const pair = new Pair({ lifetime: 100, agreedUntil: after(START, seconds(50)) });
    pair.host('one', 'hello');
    pair.wait(95);
    expect(pair.reasons.at(-1)).toContain('NO_ADDITIONAL_SAS');
    pair.wait(10);
    expect(pair.machines.one.associations).toEqual([]);
    expect(pair.machines.two.associations).toEqual([]);
    pair.host('one', 'too late');
    expect(pair.delivered).toEqual(['two: hello']);
    expect(pair.reasons.at(-1)).toContain('the agreement with seg.two.net has ended');
  });

  it('comes early when the peer has died: it is asked, and given up', () => {
    const pair = new Pair();
    pair.host('one', 'hello');
    pair.onWay = () => [];
    for (let i = 0; i < 3; i++) pair.host('one', 'anybody there?');
    pair.wait(11);
    expect(pair.labels.at(-1)).toBe('one INFORMATIONAL');
    pair.wait(40);
    expect(pair.states.at(-1)).toBe('one: up > down');
  });
});

/** A capture of bare IP packets (LINKTYPE_RAW). */
function pcap(packets: readonly Uint8Array[]): Uint8Array {
  const out: number[] = [];
  const word = (n: number): void => void out.push(n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255);
  for (const n of [0xa1b2c3d4, 0x00040002, 0, 0, 0x40000, 101]) word(n);
  for (const [i, packet] of packets.entries()) {
    for (const n of [1000 + i, 0, packet.length, packet.length]) word(n);
    out.push(...packet);
  }
  return new Uint8Array(out);
}

describe.runIf(hasJudge('tshark'))('Wireshark', { timeout: 60_000 }, () => {
  it('decrypts with the keys of the association what was sent, checks every value, and objects to nothing', () => {
    const pair = new Pair();
    const text =
      'OPTIONS sip:b@two.net SIP/2.0\r\nVia: SIP/2.0/UDP one.net;branch=z9hG4bK1\r\nFrom: <sip:a@one.net>;tag=1\r\nTo: <sip:b@two.net>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n';
    pair.host('one', text);
    const [association] = pair.machines.one.associations;
    const keys = association?.outboundKeys ?? { encryption: new Uint8Array(), integrity: new Uint8Array() };
    const socket = (address: string) => ({ address: bytesOf(address), port: 0 });
    const capture = pcap(pair.esp().map(({ bytes }) => espPacket(socket(ADDRESS.one), socket(ADDRESS.two), bytes)));
    const entry = `"IPv6","*","*","0x${(association?.outboundSpi ?? 0).toString(16)}","AES-CBC [RFC3602]","0x${toHex(keys.encryption)}","HMAC-SHA-256-128 [RFC4868]","0x${toHex(keys.integrity)}"`;
    const words = ['-o', 'esp.enable_encryption_decode:TRUE', '-o', 'esp.enable_authentication_check:TRUE', '-o', `uat:esp_sa:${entry}`];
    const fields = ['ipv6.src', 'sip.Method', 'esp.icv_good', 'udp.checksum.status', '_ws.malformed'];
    const line = tshark(capture, [...words, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]).trimEnd();
    expect(line).toMatch(/^2001:db8:1::70,2001:db8:1::30\tOPTIONS\t(1|True)\t1$/);
  });
});
