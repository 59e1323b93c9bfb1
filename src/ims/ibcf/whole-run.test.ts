/** Whole runs of networks that hide, that do not, and one of each: what of the inside of a network can be read outside of it, in any header, body or answer about names. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { run } from '#testing/doctor.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { decryptEntries } from './token.ts';

function dialogOf(network: NetworkOptions): Trace {
  return run({
    until: 130,
    network: { with: ['ibcf1', 'ibcf2'], ...network },
    timeline: [
      { at: 0.5, who: 'ue2', do: { kind: 'register' } },
      { at: 3, who: 'ue1', do: { kind: 'register' } },
      { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
      { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 200 } },
      { at: 120, who: 'ue1', do: { kind: 'unsubscribe' } },
    ],
  });
}

/** Messages of which at least one end is not of that network. */
function outsideOf({ records, entities }: Trace, domain: string): readonly MessageRecord[] {
  const own = new Set(entities.filter(({ network }) => network === domain).map(({ id }) => id));
  return records.filter((record): record is MessageRecord => record.kind === 'message' && !(own.has(record.from) && own.has(record.to)));
}

/** Which nodes of a network are named, or their addresses, where others can read it. */
function shownOf(trace: Trace, domain: string): readonly string[] {
  const inside = trace.entities.filter(({ network, kind }) => network === domain && !['ibcf', 'ue', 'dns-server'].includes(kind));
  const texts = outsideOf(trace, domain).map(({ bytes }) => decodeUtf8(bytes).toLowerCase());
  return inside
    .filter(({ id, addresses }) => {
      const label = id.split('.')[0] ?? '';
      const names = [id, `${label}-`, `${String.fromCharCode(label.length)}${label}`, ...addresses];
      return texts.some((text) => names.some((name) => text.includes(name)));
    })
    .map(({ id }) => id);
}

const tokensIn = (trace: Trace): ReadonlySet<string> =>
  new Set(
    trace.records.flatMap((record) =>
      record.kind === 'message' && record.protocol === 'SIP'
        ? [...decodeUtf8(record.bytes).matchAll(/Token\(([\w-]+)\)@home1\.net|;token=([\w-]+);tokenized-by=home1\.net/g)].map(
            ([, uri, via]) => uri ?? via ?? '',
          )
        : [],
    ),
  );

const HOMES = ['home1', 'home2'] as const;
const WAYS = [true, false].flatMap((watcherAtHome) =>
  [
    { scscf1: true, scscf2: false },
    { scscf1: false, scscf2: false },
    { scscf1: true, scscf2: true },
  ].map((recordRoute) => ({ watcherAtHome, recordRoute })),
);

describe('a whole run', () => {
  it.each(WAYS)('of two networks that hide shows nothing of either outside ($watcherAtHome, $recordRoute)', (way) => {
    const trace = dialogOf({ ...way, hiding: { home1: true, home2: true } });
    for (const home of HOMES) expect(shownOf(trace, `${home}.net`), home).toEqual([]);
    expect(trace.records.filter((record) => record.kind === 'message' && record.label === '200 OK (SUBSCRIBE)' && record.to === 'ue1')).not.toEqual([]);
  });

  it.each(HOMES)('where only %s hides shows the other one', (hides) => {
    const trace = dialogOf({ hiding: { [hides]: true } });
    for (const home of HOMES) expect(shownOf(trace, `${home}.net`).length > 0, home).toBe(home !== hides);
  });

  it('where nobody hides has no token, and names everybody who is in the path', () => {
    const trace = dialogOf({});
    expect([...tokensIn(trace)]).toEqual([]);
    expect(shownOf(trace, 'home1.net')).toContain('scscf1.home1.net');
    expect(shownOf(trace, 'home2.net')).toContain('ps.home2.net');
  });

  it('has tokens that only the key of the network turns back into names of its nodes', () => {
    const tokens = [...tokensIn(dialogOf({ hiding: { home1: true } }))];
    const key = createKeyedChance(1, 'Kv of home1.net').bytes('key', 16);
    const inside = tokens.flatMap((token) => decryptEntries(token, key) ?? ['nothing']);
    expect(tokens.length).toBeGreaterThan(10);
    expect(inside.filter((entry) => !/[@: ]scscf1\.home1\.net|[@: ]icscf1-p\.home1\.net/.test(entry))).toEqual([]);
    const foreign = createKeyedChance(1, 'Kv of home2.net').bytes('key', 16);
    expect(tokens.flatMap((token) => decryptEntries(token, foreign) ?? []).filter((entry) => entry.includes('home1.net'))).toEqual([]);
  });
});
