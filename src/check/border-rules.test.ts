/** The rules of borders can fire too: real runs with border nodes and security gateways, each doctored in one place. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, type NetworkOptions, type Scenario, validateScenario } from '#scenario/scenario.ts';
import { itFiresOn, itIsSilentOn } from '#testing/rule-cases.ts';
import type { MessageRecord, Trace, TraceRecord } from '#trace/record.ts';
import { checkTrace } from './check.ts';

const WATCHED: Scenario['timeline'][number] = { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } };

function run(network: NetworkOptions, wish = WATCHED): Trace {
  const scenario = validateScenario({
    format: 1,
    id: 'for-border-rules',
    title: 'For border rules',
    summary: 'A run to be doctored.',
    until: 20,
    network,
    timeline: [{ at: 0.5, who: 'ue2', do: { kind: 'register' } }, { at: 3, who: 'ue1', do: { kind: 'register' } }, wish],
  });
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const hidden = run({ with: ['ibcf1', 'ibcf2'], hiding: { home1: true, home2: true } });
const guarded = run({ with: ['seg0', 'seg1', 'seg2'] });

const chained = run({ with: ['seg0', 'seg1', 'seg2'], security: { inside: ['pcscf1', 'ps'] } });

/** Nothing but the Path of his registration leads to a user who roams. */
const ROAMER: typeof WATCHED = { at: 10, who: 'ue2', do: { kind: 'subscribe', to: 'sip:user1_public1@home1.net' } };
const toTheRoamer = run({}, ROAMER);

const [B1, B2, G1, G2, P1, S1, I2] = [
  'ibcf1.home1.net',
  'ibcf2.home2.net',
  'seg1.home1.net',
  'seg2.home2.net',
  'pcscf1.visited1.net',
  'scscf1.home1.net',
  'icscf2-s.home2.net',
];

/** The first message of that label between the two, replaced. */
function doctor(trace: Trace, from: string, to: string, label: string, edit: (record: MessageRecord) => readonly MessageRecord[]): Trace {
  const victim = trace.records.find((r): r is MessageRecord => r.kind === 'message' && r.from === from && r.to === to && r.label === label);
  if (victim === undefined) throw new Error(`no ${label} from ${from} to ${to}`);
  return { ...trace, records: trace.records.flatMap((r): readonly TraceRecord[] => (r === victim ? edit(victim) : [r])) };
}

const rewrite =
  (edit: (text: string) => string) =>
  (record: MessageRecord): readonly MessageRecord[] => {
    const after = edit(decodeUtf8(record.bytes));
    if (after === decodeUtf8(record.bytes)) throw new Error('nothing changed');
    return [{ ...record, bytes: encodeUtf8(after) }];
  };

const DOCTORED: readonly (readonly [rule: string, how: string, trace: () => Trace])[] = [
  [
    'hiding',
    'a proxy in clear in a Via on the other side of the border',
    () =>
      doctor(
        hidden,
        B1,
        B2,
        'SUBSCRIBE',
        rewrite((t) => t.replace(/UDP home1\.net;(branch=[^;]*);[^,\r]*/, `UDP ${S1};$1`)),
      ),
  ],
  [
    'hiding',
    'a proxy in clear in the Record-Route there',
    () =>
      doctor(
        hidden,
        B1,
        B2,
        'SUBSCRIBE',
        rewrite((t) => t.replace(/<sip:Token[^>]*home1\.net>/, `<sip:${S1};lr>`)),
      ),
  ],
  [
    'hiding',
    'a Service-Route in clear',
    () =>
      doctor(
        hidden,
        B1,
        P1,
        '200 OK (REGISTER)',
        rewrite((t) => t.replace(/^(Service-Route: .*)\r$/m, `$1, <sip:orig@${S1};lr>\r`)),
      ),
  ],
  [
    'hiding-all',
    'the presence server in clear in the Contact of a NOTIFY',
    () =>
      doctor(
        hidden,
        B2,
        B1,
        'NOTIFY',
        rewrite((t) => t.replace(/^Contact: .*\r$/m, 'Contact: <sip:ps.home2.net>\r')),
      ),
  ],
  [
    'hiding-all',
    'an address of the inside in a header that nobody thought of',
    () =>
      doctor(
        hidden,
        B1,
        B2,
        'SUBSCRIBE',
        rewrite((t) => t.replace('\r\n', '\r\nX-Seen-By: [2001:db8:1::30]\r\n')),
      ),
  ],
  [
    'hiding-all',
    'the name of an I-CSCF in an answer to a foreign name server',
    () =>
      doctor(hidden, 'dns.home2.net', 'dns.home1.net', 'DNS answer (NAPTR home2.net)', (r) => [
        { ...r, bytes: encodeUtf8(`${decodeUtf8(r.bytes)}\u0008icscf2-s`) },
      ]),
  ],
  ['protected', 'a SUBSCRIBE in clear from gateway to gateway', () => doctor(guarded, G2, I2, 'SUBSCRIBE', (r) => [r, { ...r, from: G1, to: G2 }])],
  [
    'protected-inside',
    'a SUBSCRIBE in clear to a gateway that has a tunnel',
    () => doctor(chained, P1, 'seg.visited1.net', 'ESP with SUBSCRIBE', (r) => [r, { ...r, ...r.inside, protocol: 'SIP' }]),
  ],
  [
    'type-1-ioi',
    'a network that names itself to the visited one as if that were a home network',
    () =>
      doctor(
        toTheRoamer,
        S1,
        P1,
        'SUBSCRIBE',
        rewrite((t) => t.replace('"Type 1home1.net"', 'home1.net')),
      ),
  ],
  ['esp-number', 'the same ESP packet again', () => doctor(guarded, G1, G2, 'ESP', (r) => [r, r])],
];

describe('the rules of borders', () => {
  itIsSilentOn([
    ['hidden networks', hidden],
    ['guarded borders', guarded],
    ['borders guarded as far as the nodes', chained],
    ['a request for a user who roams', toTheRoamer],
    ['the same out of a hidden network', run({ with: ['ibcf1', 'ibcf2'], hiding: { home1: true, home2: true } }, ROAMER)],
  ]);
  itFiresOn(DOCTORED);

  it('see what was dropped by a gateway as never received', () => {
    const lost = { ...guarded, records: guarded.records.filter((r) => r.kind !== 'message' || r.from !== G2 || r.to !== I2) };
    expect(checkTrace(lost).map(({ rule }) => rule)).toContain('cause');
  });
});
