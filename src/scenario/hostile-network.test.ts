/**
 * Networks in which real messages are spoilt on the way, whoever they are for and whatever state they find: bytes flipped, lines taken out or doubled, numbers
 * blown up, lengths that lie, whole parts repeated. Nobody throws, nothing runs for ever, and what is left behind stays small. Covered: every kind of entity, by
 * messages of its own protocols from those whom it knows, in the midst of what it does. Not here: what strangers send to an entity that expects nothing
 * (`ims/hostile-input.test.ts`).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '#base/bytes.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { Kernel } from '#sim/kernel.ts';
import type { Packet, Verdict } from '#sim/packet.ts';
import type { EntityId, EntityKind } from '#trace/record.ts';
import { ALL_PARTS } from './all-parts.ts';
import { buildEntities } from './build.ts';
import { gatewaysOf } from './gateways.ts';
import { linkPolicy } from './links.ts';
import { planNetwork } from './plan.ts';
import { ROLES, type Role } from './roles.ts';
import { STANDINGS } from './standings.ts';

const START = '2026-01-05T09:00:00Z';
const WATCHED = 'sip:user2_public1@home2.net';
const OPTIONAL = ROLES.filter((role) => STANDINGS[role].optional === true);
const DISTRIBUTORS: ReadonlySet<Role> = new Set(['nd1', 'nd2']);
const LISTS = [{ at: 'rls1' as const, identity: 'sip:user1_list1@home1.net', members: [{ uri: WATCHED }, { uri: 'sip:nobody@home2.net' }] }];
const RULES = { ruleset: [{ id: 'everybody', identity: [{ many: {} }], handling: 'allow' as const }] };
const PLANS = {
  core: planNetwork({}),
  /** Everybody who may stand anywhere. */
  full: planNetwork({ with: OPTIONAL, charging: true, hiding: { home1: true, home2: true }, lists: LISTS, presence: RULES }),
  /** The same without nodes at the borders of networks and without distributors, which take every watcher's wish: requests for other protocols reach the gateway. */
  open: planNetwork({
    with: OPTIONAL.filter((role) => STANDINGS[role].kind !== 'ibcf' && !DISTRIBUTORS.has(role)),
    charging: true,
    lists: LISTS,
    presence: RULES,
  }),
} as const;
type Net = keyof typeof PLANS;
const at = (moment: number): SimTime => seconds(moment) as number as SimTime;

/** What may be done to a message; `where` and `what` are drawn anew for each. */
type Spoil = (bytes: Uint8Array, where: number, what: number) => Uint8Array;

const lines = (bytes: Uint8Array, change: (lines: string[], i: number) => string[], where: number): Uint8Array => {
  const all = decodeUtf8(bytes).split('\r\n');
  return encodeUtf8(change(all, where % all.length).join('\r\n'));
};
const SPOILS: Readonly<Record<string, Spoil>> = {
  flip: (bytes, where, what) => bytes.map((byte, i) => (i === where % bytes.length ? byte ^ (1 << (what % 8)) : byte)),
  cut: (bytes, where) => bytes.slice(0, where % bytes.length),
  double: (bytes, where) => concatBytes(bytes, bytes.slice(where % bytes.length)),
  stretch: (bytes, where, what) => concatBytes(bytes.slice(0, where % bytes.length), new Uint8Array(2000).fill(what & 255), bytes.slice(where % bytes.length)),
  ones: (bytes, where) => bytes.map((byte, i) => (i >= where % bytes.length && i < (where % bytes.length) + 3 ? 255 : byte)),
  'leave out a line': (bytes, where) => lines(bytes, (all, i) => all.filter((_, k) => k !== i), where),
  'repeat a line': (bytes, where) => lines(bytes, (all, i) => all.flatMap((line, k) => (k === i ? Array.from({ length: 40 }, () => line) : [line])), where),
  'swap two lines': (bytes, where, what) =>
    lines(bytes, (all, i) => all.map((line, k) => (k === i ? (all[what % all.length] ?? '') : k === what % all.length ? (all[i] ?? '') : line)), where),
  'blow a number up': (bytes, where) => {
    const text = decodeUtf8(bytes);
    const numbers = [...text.matchAll(/\d+/g)];
    const chosen = numbers[where % Math.max(1, numbers.length)];
    return chosen === undefined ? bytes : encodeUtf8(`${text.slice(0, chosen.index)}${'9'.repeat(30)}${text.slice(chosen.index + chosen[0].length)}`);
  },
  'declare entities': (bytes) =>
    encodeUtf8(
      decodeUtf8(bytes).replace(
        /<\?xml[^>]*\?>/,
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>',
      ),
    ),
  'nest deeply': (bytes) => encodeUtf8(decodeUtf8(bytes).replace(/<(\w+)[ >]/, (whole) => `${'<a>'.repeat(5000)}${whole}`)),
};
const NAMES = Object.keys(SPOILS);

interface Attack {
  /** Of a hundred packets so many are spoilt. */
  readonly rate: number;
  readonly kinds: readonly string[];
  readonly seed: number;
  readonly victim: Role | undefined;
  readonly net: Net;
}

function drive({ rate, kinds, seed, victim, net }: Attack): { readonly kernel: Kernel; readonly spoilt: number; readonly met: number } {
  const plan = PLANS[net];
  const gateways = gatewaysOf(plan);
  let spoilt = 0;
  let packets = 0;
  /** Packets for the victim. */
  let met = 0;
  const draws = fc.sample(fc.record({ where: fc.nat(5000), what: fc.nat(5000), kind: fc.nat(), luck: fc.nat(99) }), { numRuns: 4000, seed });
  const id = victim === undefined ? undefined : plan.entities.get(victim)?.id;
  const rule = (packet: Packet): Verdict => {
    const draw = draws[packets++ % draws.length];
    if (packet.to === id) met++;
    if (draw === undefined || draw.luck >= rate || (id !== undefined && packet.to !== id)) return { kind: 'pass' };
    const spoil = SPOILS[kinds[draw.kind % kinds.length] ?? 'flip'];
    if (spoil === undefined || packet.send.bytes.length === 0) return { kind: 'pass' };
    spoilt++;
    return { kind: 'replace', bytes: spoil(packet.send.bytes, draw.where, draw.what) };
  };
  const addresses = new Map<string, EntityId>();
  for (const entity of plan.entities.values()) addresses.set(entity.address, entity.id);
  const kernel = new Kernel({
    seed,
    nodes: buildEntities(plan, seed, START, ALL_PARTS),
    addresses,
    links: linkPolicy(plan, 0),
    rules: [rule],
    ...(gateways === undefined ? {} : { gateways }),
    maxInputs: 60_000,
  });
  const wish = (moment: number, who: Role, intent: { kind: string } & Record<string, string | number>): void =>
    kernel.schedule(at(moment), plan.entities.get(who)?.id ?? '', { kind: 'intent', intent });
  wish(0.5, 'ue2', { kind: 'register', expires: 300 });
  wish(3, 'ue1', { kind: 'register', expires: 300 });
  wish(6, 'ue2', { kind: 'publish', basic: 'open', note: 'At my desk', expires: 120 });
  wish(10, 'ue1', { kind: 'subscribe', to: WATCHED, expires: 120, references: (net === 'open') as never });
  if (net !== 'core') {
    for (const [who, kind] of [
      ['msc2', 'attach'],
      ['sgsn2', 'attach'],
      ['ggsn2', 'activate-context'],
      ['gmlc2', 'locate'],
    ] as const)
      wish(0.1, who, { kind, user: WATCHED });
    for (let i = 0; i < 6; i++) wish(16 + i, 'msc2', { kind: i % 2 === 0 ? 'begin-call' : 'end-call', user: WATCHED });
    wish(25, 'gmlc2', { kind: 'locate', user: WATCHED, place: 'Airport' });
    wish(17, 'cal', { kind: 'enter-event', event: 'budget', from: 50, until: 400, summary: 'Budget' });
    wish(18, 'pea', { kind: 'follow-calendar' });
    wish(120, 'cal', { kind: 'move-event', event: 'budget', until: 500 });
    wish(2, 'xmpp', { kind: 'available' });
    wish(11, 'xmpp', { kind: 'subscribe', to: WATCHED });
    wish(12, 'ue1', { kind: 'subscribe', to: 'sip:juliet@example.org', expires: 120 });
    wish(13, 'ext', { kind: 'subscribe', to: WATCHED });
    wish(14, 'ue1', { kind: 'fetch', to: 'tel:+12125552222' });
    wish(15, 'ue1', { kind: 'subscribe', to: 'sip:user1_list1@home1.net', lists: true as never, expires: 120 });
    wish(60, 'xmpp', { kind: 'probe', to: WATCHED });
    wish(61, 'ext', { kind: 'refresh' });
    wish(62, 'xmpp', { kind: 'available', show: 'away' });
    wish(100, 'ext', { kind: 'unsubscribe' });
    wish(101, 'xmpp', { kind: 'unsubscribe', to: WATCHED });
  }
  for (let round = 1; round <= 4; round++) {
    wish(round * 40, 'ue2', { kind: 'publish', basic: 'closed' });
    wish(round * 40 + 5, 'ue1', { kind: 'refresh' });
    wish(round * 40 + 8, 'ue1', { kind: 'fetch', to: WATCHED });
    wish(round * 40 + 10, 'hss2', { kind: 'change-profile', user: WATCHED, filterCriteria: [] as never });
    wish(round * 40 + 12, 'ue1', { kind: 'register' });
    wish(round * 40 + 14, 'ue2', { kind: 'register' });
  }
  wish(220, 'hss2', { kind: 'deregister-user', user: WATCHED, reason: 'server-change' });
  wish(230, 'ue1', { kind: 'unsubscribe' });
  wish(240, 'ue2', { kind: 'deregister' });
  wish(241, 'ue1', { kind: 'deregister' });
  kernel.runUntil(at(1200));
  return { kernel, spoilt, met };
}

const attack = (net: fc.Arbitrary<Net>, victim?: Role): fc.Arbitrary<Attack> =>
  fc.record({
    rate: fc.integer({ min: 3, max: 60 }),
    kinds: fc.subarray(NAMES, { minLength: 1 }),
    seed: fc.integer({ min: 1, max: 100_000 }),
    victim: fc.constant(victim),
    net,
  });

/** Rows, timers and states that people would see. */
function sizeOf(kernel: Kernel, id: EntityId): number {
  const { tables, timers, states } = kernel.machineOf(id).view(kernel.now);
  return tables.reduce((sum, table) => sum + table.rows.length, 0) + timers.length + states.length;
}

/** Rows, timers and states together; a charging data function keeps what it was told: its book is what it is for, and has an end of its own. */
const small = (kind: EntityKind): number => (kind === 'charging-data-function' ? 400 : 120);
/** Nodes that only tell, and to whom nobody speaks (TS 23.141 §4.3.9 to §4.3.11). */
const HEARS_NOTHING: ReadonlySet<EntityKind> = new Set(['msc', 'sgsn', 'ggsn'] as const);
/** Everybody of the core, and of the others one of each kind. */
const VICTIMS = ROLES.filter((role, i) => {
  const { kind, optional } = STANDINGS[role];
  if (HEARS_NOTHING.has(kind)) return false;
  return optional !== true || !ROLES.slice(0, i).some((other) => STANDINGS[other].kind === kind);
});

const netOf = (role: Role): Net => (PLANS.core.entities.has(role) ? 'core' : PLANS.open.entities.has(role) ? 'open' : 'full');

describe('messages spoilt on the way', () => {
  it('to anybody', () => {
    let spoilt = 0;
    fc.assert(
      fc.property(attack(fc.constantFrom<Net>('core', 'full', 'open')), (one) => {
        const run = drive(one);
        spoilt += run.spoilt;
        for (const { id, kind } of PLANS[one.net].entities.values()) expect(sizeOf(run.kernel, id), id).toBeLessThan(small(kind));
      }),
      { numRuns: 12 },
    );
    expect(spoilt).toBeGreaterThan(500);
  }, 120_000);

  it('reach every kind of entity', () => {
    expect(new Set(VICTIMS.map((role) => STANDINGS[role].kind))).toEqual(
      new Set(
        Object.values(STANDINGS)
          .map(({ kind }) => kind)
          .filter((kind) => !HEARS_NOTHING.has(kind)),
      ),
    );
  });

  it.each(VICTIMS)(
    'to %s, who had a part in everything before',
    (victim) => {
      fc.assert(
        fc.property(attack(fc.constant(netOf(victim)), victim), (one) => {
          const { kernel, met } = drive(one);
          expect(met).toBeGreaterThan(0);
          for (const { id, kind } of PLANS[one.net].entities.values()) expect(sizeOf(kernel, id), id).toBeLessThan(small(kind));
        }),
        { numRuns: 2 },
      );
    },
    120_000,
  );
});
