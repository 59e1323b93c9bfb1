/**
 * What strangers may send to an entity that expects nothing of the kind: any bytes, on every transport and port, and messages of its own protocols, cut and
 * changed, at the door where they belong. None throws, hangs or grows. Every kind of entity is asked. Not here: messages spoilt in the midst of what
 * entities do with each other (`scenario/hostile-network.test.ts`).
 */
import { array, assert, constantFrom, integer, oneof, property, record, uint8Array, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint, Machine, Transport } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatStreamHeader } from '#protocol/xmpp/stream-text.ts';
import { ALL_PARTS } from '#scenario/all-parts.ts';
import { buildEntities } from '#scenario/build.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import { ROLES, type Role } from '#scenario/roles.ts';
import { STANDINGS } from '#scenario/standings.ts';
import { messagesTo, type RealMessage, type Setting } from '#testing/real-messages.ts';

/** Those of the home network of the watcher and, of other kinds, the first of each. */
const ENTITIES: readonly Role[] = [
  ...(['ue1', 'pcscf1', 'icscf1', 'scscf1', 'hss1', 'dns1', 'ps', 'scscf2'] as const),
  ...ROLES.filter((role, i) => STANDINGS[role].optional === true && !ROLES.slice(0, i).some((other) => STANDINGS[other].kind === STANDINGS[role].kind)),
];
const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'sctp', 'ws', 'esp'];
const PORTS = [5060, 53, 500, 3868, 7531, 8642, 1357, 2468, 40053, 41000, 5269, 40054, 45000, 80, 47000, 48000];

/** At that port of its own address, unless it passes to somebody else's. */
type Knock = Omit<RealMessage, 'destination'> & { readonly port: number; readonly passesTo?: Endpoint };

const STREAM = formatStreamHeader({ from: 'example.org', to: 'home1.net' });
const BACK = formatStreamHeader({ from: 'home1.net', to: 'example.org' });
const between = "from='juliet@example.org/a' to='user1_public1@home1.net'";
/** Streams of XMPP, and what may stand in them. */
const XMPP = [
  STREAM,
  BACK,
  '<stream:features/>',
  '</stream:stream>',
  '<stream:error><x/></stream:error>',
  ...['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe', 'unavailable', 'error'].map(
    (type) => `${STREAM}<presence ${between} type='${type}'/>`,
  ),
  `${STREAM}<presence ${between}><show>away</show><status>&lt;</status><priority>5</priority></presence><iq ${between} type='get'/>`,
  `${BACK}<presence from='user1_public1@home1.net' to='juliet@example.org' type='subscribe'/>`,
  `${STREAM}<!DOCTYPE a [<!ENTITY b "c">]>`,
  '<a '.repeat(80),
];
/** They tell and are hardly told anything (TS 23.141 §4.3.8 to §4.3.11): what they get is meant for the one whom they tell. */
const TELLS_ONLY: ReadonlySet<string> = new Set(['msc', 'sgsn', 'ggsn', 'gmlc']);
const SPEAKS_XMPP: ReadonlySet<string> = new Set(['xmpp-server', 'watcher-gateway']);

/** What real runs say to the entity, each message at the port and from the address where it came; and the network in which it stood. */
function doorOf(
  role: Role,
  setting?: Setting,
): { readonly knocks: readonly Knock[]; readonly fresh: () => { readonly machine: Machine; readonly address: string } } {
  const { network, messages } = messagesTo(role, setting);
  const plan = planNetwork(network);
  const entity = entityOf(plan, role);
  const fresh = () => {
    const machine = buildEntities(plan, 1, '2026-01-05T09:00:00Z', ALL_PARTS).get(entity.id);
    if (machine === undefined) throw new Error(`no ${role}`);
    return { machine, address: entity.address };
  };
  const strays = TELLS_ONLY.has(STANDINGS[role].kind)
    ? messagesTo('pna').messages.map((one) => ({ ...one, destination: { ...one.destination, address: entity.address } }))
    : [];
  const knocks = [...messages, ...strays].map(({ destination, ...message }): Knock => ({
    ...message,
    port: destination.port,
    ...(destination.address === entity.address ? {} : { passesTo: destination }),
  }));
  return { knocks, fresh };
}

const spoiling = record({
  cut: integer({ min: 0, max: 3000 }),
  edits: array(record({ at: integer({ min: 0, max: 1500 }), byte: integer({ min: 0, max: 255 }) }), { maxLength: 4 }),
});
const strange: Arbitrary<Knock> = record({
  bytes: uint8Array({ maxLength: 400 }),
  transport: constantFrom(...TRANSPORTS),
  port: constantFrom(...PORTS),
  source: record({ address: constantFrom('2001:db8:a::10', '2001:db8:1::20', '2001:db8:1::40', '2001:db8:666::1'), port: constantFrom(...PORTS) }),
});

/** Anything anywhere, and three times as often what is nearly right. */
function knocksAt(role: Role, knocks: readonly Knock[]): Arbitrary<Knock> {
  const spoilt = record({ knock: constantFrom(...knocks), spoil: spoiling }).map(({ knock, spoil: { cut, edits } }): Knock => {
    const bytes = knock.bytes.slice(0, cut);
    for (const { at, byte } of edits) if (at < bytes.length) bytes[at] = byte;
    return { ...knock, bytes };
  });
  const texts = record({ text: constantFrom(...XMPP), knock: strange }).map(({ text, knock }): Knock => ({
    ...knock,
    bytes: encodeUtf8(text),
    transport: 'tcp',
  }));
  const xmpp = SPEAKS_XMPP.has(STANDINGS[role].kind) ? [{ arbitrary: texts, weight: 3 }] : [];
  return oneof({ arbitrary: strange, weight: 1 }, { arbitrary: spoilt, weight: 3 }, ...xmpp);
}

const decodeLatin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const knockAt = (machine: Machine, address: string, { bytes, transport, port, source: remote, passesTo }: Knock, now: SimTime): void => {
  if (passesTo !== undefined) {
    machine.step({ kind: 'passing', bytes, transport, source: remote, destination: passesTo }, now);
    return;
  }
  const connection = transport === 'udp' || transport === 'esp' ? {} : { connection: `${remote.address} ${remote.port}` };
  machine.step({ kind: 'bytes', bytes, transport, local: { address, port }, remote, ...connection }, now);
};

/** Wakes it whenever it asks for it, until it rests or the moment comes. */
function settle(machine: Machine, from: SimTime, until: SimTime): void {
  let now = from;
  for (let wakes = 0, next = machine.deadline(); next !== undefined && next <= until; next = machine.deadline()) {
    expect(Number.isFinite(next)).toBe(true);
    if (++wakes > 20_000) throw new Error('the entity does not come to rest');
    now = next > now ? next : now;
    machine.step({ kind: 'deadline' }, now);
  }
}

/** What it is told is what it is there to keep, up to so many lines. */
const BOOKS: Readonly<Record<string, number>> = { 'charging-data-function': 202 };

it('every kind of entity is asked', () => {
  expect(new Set(ENTITIES.map((role) => STANDINGS[role].kind))).toEqual(new Set(Object.values(STANDINGS).map(({ kind }) => kind)));
});

/** Who keeps rules elsewhere speaks HTTP too. */
const RULES: Setting = { scenario: 'authorize-xcap', changes: [] };
/** Documents by reference: over HTTP as well. */
const REFERENCES: Setting = { scenario: 'content-indirection', changes: [] };
/** One whose way to the gateway of its network is protected as well. */
const INSIDE: Setting = { scenario: 'border-protected', changes: [{ kind: 'set', name: 'inside', value: 'protected' }] };

describe.each<[string, Role, Setting?]>([
  ...ENTITIES.map((role): [string, Role] => [role, role]),
  ['pcscf1 behind Zb', 'pcscf1', INSIDE],
  ['ue2 with Ut', 'ue2', RULES],
  ['ps with rules elsewhere', 'ps', RULES],
  ['ps with documents elsewhere', 'ps', REFERENCES],
  ['ue1 that follows references', 'ue1', REFERENCES],
])('%s', (_, role, setting) => {
  const { knocks, fresh } = doorOf(role, setting);

  it('takes whatever comes', () => {
    expect(knocks.length).toBeGreaterThan(1);
    const any = record({ knock: knocksAt(role, knocks), wait: integer({ min: 0, max: 2_000_000 }) });
    assert(
      property(array(any, { minLength: 1, maxLength: 12 }), (coming) => {
        const { machine, address } = fresh();
        let now = START;
        for (const { knock, wait } of coming) {
          knockAt(machine, address, knock, now);
          expect(machine.deadline() ?? 0).toBeLessThan(Infinity);
          now = after(now, seconds(wait / 1_000_000));
          settle(machine, START, now);
        }
        expect(machine.view(now).tables.length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('forgets what strangers sent', () => {
    const { machine, address } = fresh();
    const size = (now: SimTime): number => {
      const { tables, states, timers } = machine.view(now);
      return tables.reduce((sum, table) => sum + table.rows.length, 0) + states.length + timers.length;
    };
    let now = START;
    let sizeBefore = 0;
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 150; i++) {
        const knock = knocks[i % knocks.length] as Knock;
        const bytes = knock.bytes.slice();
        // Another branch each time, where there is one: no retransmissions.
        const branch = decodeLatin(bytes).indexOf('branch=z9hG4bK');
        if (branch >= 0) bytes.set([65 + round, 65 + (i % 26), 65 + (Math.floor(i / 26) % 26)], branch + 14);
        knockAt(machine, address, { ...knock, bytes, source: { address: '2001:db8:666::1', port: knock.source.port } }, now);
        now = after(now, seconds(0.01));
      }
      const rest = after(now, seconds(200_000));
      settle(machine, now, rest);
      now = rest;
      // What one round may leave (names remembered as absent, a peer that is down) the second must not add to.
      if (round === 0) sizeBefore = size(now);
      else expect(size(now)).toBeLessThanOrEqual(Math.max(sizeBefore + 2, BOOKS[STANDINGS[role].kind] ?? 0));
    }
  }, 30_000);
});
