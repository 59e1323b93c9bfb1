import { describe, expect, it } from 'vitest';
import type { Effect, Input, Machine } from '#base/machine.ts';
import { START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createGateways } from './gateways.ts';
import { Kernel } from './kernel.ts';
import { LINK_PRESETS } from './links.ts';

const ADDRESSES = new Map([
  ['10.1.0.1', 'a'],
  ['10.1.0.2', 'gate-a'],
  ['10.2.0.1', 'b'],
  ['10.2.0.2', 'gate-b'],
]);
const NETWORKS = new Map([
  ['a', 'one'],
  ['gate-a', 'one'],
  ['b', 'two'],
  ['gate-b', 'two'],
]);

class Node implements Machine {
  readonly inputs: Input[] = [];
  readonly #act: (input: Input) => readonly Effect[];
  constructor(act: (input: Input) => readonly Effect[] = () => []) {
    this.#act = act;
  }
  step(input: Input): readonly Effect[] {
    this.inputs.push(input);
    return this.#act(input);
  }
  deadline(): SimTime | undefined {
    return undefined;
  }
  view(): { tables: []; timers: []; states: [] } {
    return { tables: [], timers: [], states: [] };
  }
}

const hello: Extract<Effect, { kind: 'send' }> = {
  kind: 'send',
  bytes: encodeUtf8('hello'),
  protocol: 'SIP',
  label: 'hello',
  transport: 'udp',
  local: { address: '10.1.0.1', port: 1 },
  remote: { address: '10.2.0.1', port: 2 },
  notes: [],
};
/** Sends on what passes, as it is. */
const carrier = () => new Node((input) => (input.kind === 'passing' ? [{ ...hello, bytes: input.bytes, local: input.source, remote: input.destination }] : []));

function run(gateways: ReadonlyMap<string, string>): { readonly hops: readonly string[]; readonly arrived: Input | undefined } {
  const hops: string[] = [];
  const nodes = new Map([
    ['a', new Node((input) => (input.kind === 'intent' ? [hello] : []))],
    ['b', new Node()],
    ['gate-a', carrier()],
    ['gate-b', carrier()],
  ]);
  const kernel = new Kernel({
    seed: 1,
    nodes,
    addresses: ADDRESSES,
    links: () => LINK_PRESETS.core,
    gateways: createGateways(NETWORKS, gateways),
    observer: { onPacket: (packet) => hops.push(`${packet.from} > ${packet.to ?? ''}`), onNote() {}, onState() {}, onRecord() {}, onTimer() {}, onIntent() {} },
  });
  kernel.schedule(START, 'a', { kind: 'intent', intent: { kind: 'go' } });
  while (kernel.step());
  return { hops, arrived: nodes.get('b')?.inputs[0] };
}

describe('packets between networks', () => {
  it.each([
    ['both gateways', ['one', 'two'], ['a > gate-a', 'gate-a > gate-b', 'gate-b > b']],
    ['the gateway of the sender', ['one'], ['a > gate-a', 'gate-a > b']],
    ['the gateway of the receiver', ['two'], ['a > gate-b', 'gate-b > b']],
    ['nobody', [], ['a > b']],
  ])('go through %s and arrive under the addresses of their ends', (_, networks, expected) => {
    const { hops, arrived } = run(new Map(networks.map((network) => [network, network === 'one' ? 'gate-a' : 'gate-b'])));
    expect(hops).toEqual(expected);
    expect(arrived).toMatchObject({ kind: 'bytes', local: hello.remote, remote: hello.local });
    expect(arrived?.kind === 'bytes' ? decodeUtf8(arrived.bytes) : '').toBe('hello');
  });
});
