/** A node with IPsec below it and the gateway of its network: what is on the wire between them, what each gets, and what is refused. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Input, Machine, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import { decapsulate, readEspHeader } from '#protocol/ipsec/esp.ts';
import { readPacket } from '#protocol/ip/read-packet.ts';
import { ProtectedNode } from './protected-node.ts';
import { SecurityGateway } from './security-gateway.ts';

const bytesOf = (address: string): Uint8Array => parseIpAddress(address) ?? new Uint8Array();
const rangeOf = (first: string, last = first) => ({ first: bytesOf(first), last: bytesOf(last) });
const NETWORK = rangeOf('2001:db8:a::', '2001:db8:a::ffff');
const EVERYWHERE = rangeOf('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff');
const [NODE, GATEWAY, NEIGHBOUR, OUTSIDE] = ['2001:db8:a::10', '2001:db8:a::70', '2001:db8:a::53', '2001:db8:1::30'];
const SHARED = { secret: new Uint8Array(32).fill(7), inside: true, lifetime: 600, agreedUntil: undefined };

/** Sends what a test tells it to, and keeps what it gets. */
class Speaker implements Machine {
  readonly heard: string[] = [];
  step(input: Input): readonly Effect[] {
    if (input.kind === 'bytes') {
      this.heard.push(`${input.transport} ${input.remote.address}: ${decodeUtf8(input.bytes)}`);
      return [];
    }
    if (input.kind !== 'intent') return [];
    const { to, text } = input.intent as unknown as { readonly to: string; readonly text: string };
    const notes = [{ op: 'decided' as const, reason: 'As a test wishes.' }];
    const [local, remote] = [NODE, to].map((address) => ({ address, port: 5060 }));
    if (local === undefined || remote === undefined) return [];
    return [{ kind: 'send', bytes: encodeUtf8(text), protocol: 'SIP', label: 'A', transport: 'udp', local, remote, notes }];
  }
  deadline(): SimTime | undefined {
    return undefined;
  }
  view() {
    return { tables: [], timers: [], states: [{ machine: 'speaker', key: '', state: 'speaking' }] };
  }
}

function pair(secret = SHARED.secret) {
  const speaker = new Speaker();
  const ipsec = new SecurityGateway(
    {
      host: 'node',
      address: NODE,
      local: rangeOf(NODE),
      policies: [
        { name: 'within', remote: NETWORK, action: { kind: 'bypass' } },
        { name: 'others', action: { kind: 'protect', peer: 'seg' } },
      ],
      peers: [{ ...SHARED, host: 'seg', domain: 'net', address: GATEWAY, remote: EVERYWHERE }],
    },
    createKeyedChance(1, 'node'),
  );
  const gateway = new SecurityGateway(
    {
      host: 'seg',
      address: GATEWAY,
      local: NETWORK,
      policies: [{ name: 'a network without a gateway', action: { kind: 'bypass' } }],
      peers: [{ ...SHARED, secret, host: 'node', domain: 'net', address: NODE, local: EVERYWHERE, remote: rangeOf(NODE) }],
    },
    createKeyedChance(1, 'seg'),
  );
  const node = new ProtectedNode(speaker, ipsec);
  const machines = { node, gateway };
  const wire: SendEffect[] = [];
  const reasons: string[] = [];
  let now: SimTime = START;
  const give = (to: 'node' | 'gateway', input: Input): void => {
    for (const effect of machines[to].step(input, now)) {
      if (effect.kind === 'note') reasons.push(`${to}: ${effect.note.reason}`);
      if (effect.kind !== 'send') continue;
      wire.push(effect);
      const receiver = effect.remote.address === NODE ? 'node' : effect.remote.address === GATEWAY ? 'gateway' : undefined;
      const { bytes, transport, local, remote } = effect;
      if (receiver !== undefined) give(receiver, { kind: 'bytes', bytes, transport, local: remote, remote: local });
    }
  };
  return {
    ipsec,
    node,
    speaker,
    wire,
    reasons,
    give,
    say: (to: string, text: string): void => give('node', { kind: 'intent', intent: { kind: 'say', to, text } }),
    /** A packet in clear for the gateway to pass on. */
    pass: (from: string, to: string, text: string): void =>
      give('gateway', {
        kind: 'passing',
        bytes: encodeUtf8(text),
        transport: 'udp',
        source: { address: from, port: 5060 },
        destination: { address: to, port: 5060 },
      }),
    wait: (length: number): void => {
      now = after(now, seconds(length));
      give('node', { kind: 'deadline' });
    },
  };
}

describe('a node whose way to its gateway is protected', () => {
  it('sends to other networks in ESP only; the gateway opens it and sends it on', () => {
    const { say, wire, reasons } = pair();
    say(OUTSIDE, 'hello');
    expect(wire.map(({ label, remote }) => `${label} to ${remote.address}`)).toEqual([
      `IKE_SA_INIT to ${GATEWAY}`,
      `IKE_SA_INIT answer to ${NODE}`,
      `IKE_AUTH to ${GATEWAY}`,
      `IKE_AUTH answer to ${NODE}`,
      `ESP with SIP to ${GATEWAY}`,
      `SIP to ${OUTSIDE}`,
    ]);
    const [esp, clear] = wire.slice(4);
    expect(decodeUtf8(clear?.bytes ?? new Uint8Array())).toBe('hello');
    expect(decodeUtf8(esp?.bytes ?? new Uint8Array())).not.toContain('hello');
    // What its sender did to the message is said of the packet that carries it.
    expect(esp?.notes.map(({ reason }) => reason)).toEqual(['As a test wishes.', expect.stringContaining('numbered 1') as string]);
    expect(reasons).toContain('node: The operator wants the way within the network protected as well: the tunnel to seg is up.');
  });

  it('what is said to be inside is inside', () => {
    const { say, wire, ipsec } = pair();
    say(OUTSIDE, 'hello');
    const esp = wire[4];
    const keys = ipsec.associations.find(({ outboundSpi }) => outboundSpi === readEspHeader(esp?.bytes ?? new Uint8Array())?.spi)?.outboundKeys;
    const packet = keys === undefined ? 'no keys' : decapsulate(esp?.bytes ?? new Uint8Array(), keys);
    const inner = typeof packet === 'string' ? undefined : readPacket(packet);
    expect(inner).toMatchObject({ transport: esp?.inside?.transport, source: esp?.inside?.local, destination: esp?.inside?.remote });
    expect(inner?.payload).toEqual(esp?.inside?.bytes);
  });

  it('gets what is for it in ESP, and knows nothing of it', () => {
    const { pass, wire, speaker } = pair();
    pass(OUTSIDE, NODE, 'good day');
    expect(wire.at(-1)?.label).toBe('ESP with SIP');
    expect(speaker.heard).toEqual([`udp ${OUTSIDE}: good day`]);
  });

  it('speaks in clear within its network', () => {
    const { say, wire } = pair();
    say(NEIGHBOUR, 'a question');
    expect(wire.map(({ label }) => label)).toEqual(['A']);
  });

  it('is not believed in clear: the gateway passes nothing on that did not come in ESP', () => {
    const { pass, wire, reasons } = pair();
    pass(NODE, OUTSIDE, 'somebody who says that he is the node');
    expect(wire).toEqual([]);
    expect(reasons).toEqual(['gateway: It came in clear from a node whose packets must come protected: dropped.']);
  });

  it('reaches nobody outside when the secrets differ, and hears nothing of it', () => {
    const { say, wire, speaker, reasons } = pair(new Uint8Array(32).fill(8));
    say(OUTSIDE, 'hello');
    expect(wire.some(({ remote }) => remote.address === OUTSIDE)).toBe(false);
    expect(speaker.heard).toEqual([]);
    expect(reasons.at(-1)).toMatch(/^node: No tunnel to seg: seg answers AUTHENTICATION_FAILED\. The packet that waited for it is dropped/);
  });

  it('renews its association before the end, and shows both databases beside its own state', () => {
    const { say, wait, wire, node } = pair();
    say(OUTSIDE, 'hello');
    wait(580);
    expect(wire.map(({ label }) => label)).toContain('CREATE_CHILD_SA');
    const view = node.view(START);
    expect(view.tables.map(({ title }) => title)).toEqual(['Security policies (SPD)', 'Security associations (SAD)']);
    expect(view.states.map(({ machine }) => machine)).toEqual(['speaker', 'tunnel (Zb)']);
  });
});
