/** What strangers may send: any bytes, and real messages cut and changed, on every transport and port, into every entity. None throws, hangs or grows. */
import { array, assert, constantFrom, integer, oneof, property, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Machine, Transport } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatStreamHeader } from '#protocol/xmpp/stream-text.ts';
import { ALL_PARTS } from '#scenario/all-parts.ts';
import { buildEntities } from '#scenario/build.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import type { Role } from '#scenario/scenario.ts';
import { realMessages } from '#testing/real-messages.ts';

const ENTITIES: readonly Role[] = [
  'ue1',
  'pcscf1',
  'icscf1',
  'scscf1',
  'hss1',
  'dns1',
  'ps',
  'scscf2',
  'ibcf1',
  'seg1',
  'ext',
  'xmpp',
  'wgw1',
  'cdf1',
  'xdms',
  'ue2',
  'rls1',
];
const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'sctp', 'ws', 'esp'];
const PORTS = [5060, 53, 3868, 7531, 8642, 1357, 2468, 40053, 41000, 5269, 40054, 45000, 500, 80, 47000];
const LISTS = [{ at: 'rls1' as const, identity: 'sip:user1_list1@home1.net', members: [{ uri: 'sip:user2_public1@home2.net' }] }];
const plan = planNetwork({
  with: ['ibcf1', 'seg1', 'seg2', 'ext', 'xmpp', 'wgw1', 'rls1', 'xdms'],
  hiding: { home1: true },
  security: { inside: ['ps', 'scscf1'] },
  charging: true,
  lists: LISTS,
  presence: { watcherInformation: true },
});

/** ACRs and ACAs among them: their command code stands in octets 5 to 7. */
const ACCOUNTING = realMessages('charging').filter((bytes) => bytes[0] === 1 && bytes[6] === 1 && bytes[7] === 15);
const decodeLatin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
/** What a list server takes: the SUBSCRIBE to a list, and NOTIFYs of members. */
const OF_LISTS = realMessages('list-own')
  .filter((bytes) => /^(SUBSCRIBE|NOTIFY)/.test(decodeLatin(bytes.subarray(0, 9))))
  .slice(-40);
/** Over Ut and between the servers that keep and use rules. */
const HTTP = realMessages('authorize-xcap').filter((bytes) => /^(GET|PUT|HTTP)/.test(decodeLatin(bytes.subarray(0, 4))));
const REAL = [...realMessages(), ...ACCOUNTING.slice(-24), ...OF_LISTS, ...HTTP];
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

function fresh(role: Role): { machine: Machine; address: string } {
  const entity = entityOf(plan, role);
  const machine = buildEntities(plan, 1, '2026-01-05T09:00:00Z', ALL_PARTS).get(entity.id);
  if (machine === undefined) throw new Error(`no ${role}`);
  return { machine, address: entity.address };
}

const mutation = record({
  index: integer({ min: 0, max: REAL.length - 1 }),
  cut: integer({ min: 0, max: 3000 }),
  edits: array(record({ at: integer({ min: 0, max: 1500 }), byte: integer({ min: 0, max: 255 }) }), { maxLength: 4 }),
});
const bytesOf = oneof(
  uint8Array({ maxLength: 400 }),
  constantFrom(...XMPP).map(encodeUtf8),
  mutation.map(({ index, cut, edits }) => {
    const bytes = (REAL[index] ?? new Uint8Array()).slice(0, cut);
    for (const { at, byte } of edits) if (at < bytes.length) bytes[at] = byte;
    return bytes;
  }),
);
const packet = record({
  bytes: bytesOf,
  transport: constantFrom(...TRANSPORTS),
  port: constantFrom(...PORTS),
  from: constantFrom('2001:db8:a::10', '2001:db8:1::20', '2001:db8:1::40', '2001:db8:666::1'),
  fromPort: constantFrom(...PORTS),
  wait: integer({ min: 0, max: 2_000_000 }),
});

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

describe.each(ENTITIES)('%s', (role) => {
  it('takes whatever comes', () => {
    assert(
      property(array(packet, { minLength: 1, maxLength: 12 }), (packets) => {
        const { machine, address } = fresh(role);
        let now = START;
        for (const { bytes, transport, port, from, fromPort, wait } of packets) {
          const remote = { address: from, port: fromPort };
          machine.step({ kind: 'bytes', bytes, transport, local: { address, port }, remote, ...(transport === 'udp' ? {} : { connection: 'c' }) }, now);
          expect(machine.deadline() ?? 0).toBeLessThan(Infinity);
          now = after(now, seconds(wait / 1_000_000));
          settle(machine, START, now);
        }
        expect(machine.view(now).tables.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('forgets what strangers sent', () => {
    const { machine, address } = fresh(role);
    const size = (now: SimTime): number => {
      const { tables, states, timers } = machine.view(now);
      return tables.reduce((sum, table) => sum + table.rows.length, 0) + states.length + timers.length;
    };
    let now = START;
    let sizeBefore = 0;
    for (let round = 0; round < 2; round++) {
      REAL.forEach((message, i) => {
        const bytes = message.slice();
        // Another branch each time, where there is one: no retransmissions.
        const branch = decodeLatin(bytes).indexOf('branch=z9hG4bK');
        if (branch >= 0) bytes.set([65 + round, 65 + (i % 26), 65 + (Math.floor(i / 26) % 26)], branch + 14);
        machine.step({ kind: 'bytes', bytes, transport: 'udp', local: { address, port: 5060 }, remote: { address: '2001:db8:666::1', port: 5060 } }, now);
        now = after(now, seconds(0.01));
      });
      const rest = after(now, seconds(200_000));
      settle(machine, now, rest);
      now = rest;
      // What one round may leave (names remembered as absent, a peer that is down) the second must not add to.
      if (round === 0) sizeBefore = size(now);
      else expect(size(now)).toBeLessThanOrEqual(sizeBefore + 2);
    }
  }, 30_000);
});
