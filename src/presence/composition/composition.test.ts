import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#base/machine.ts';
import { after, seconds, type SimTime, START } from '#base/time.ts';
import type { Device, Person, PresenceDocument, Span, Tuple, UnknownElement } from '../pidf/document.ts';
import { formatPidf, parsePidf } from '../pidf/xml.ts';
import { composeDocuments } from '../publication/compose.ts';
import type { Published } from '../publication/composer.ts';
import { composeByPolicy, type Composition } from './compose-by-policy.ts';
import { ATTRIBUTES, type CompositionPolicy, DEFAULT_POLICY, LISTS, readPolicy, SOURCE_KINDS } from './policy.ts';
import { PolicyComposer } from './policy-composer.ts';

const ENTITY = 'sip:user2_public1@home2.net';
const at = (s: number): SimTime => after(START, seconds(s));

// Few ids and addresses, so that publications speak of the same things all the time.
const id = fc.constantFrom('a', 'b', 'c', 'd');
const badge: fc.Arbitrary<UnknownElement> = fc.record({
  namespace: fc.constantFrom('urn:example:x', 'urn:example:y'),
  name: fc.constantFrom('badge', 'hat'),
  attributes: fc.constant([]),
  children: fc.constant([]),
  text: fc.constantFrom('', 'red', 'blue'),
});
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) });
/** Members that are undefined are left out, as documents have it. */
const tidy = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const notes = fc.uniqueArray(fc.constantFrom('n1', 'n2'), { maxLength: 2 });
const tuple: fc.Arbitrary<Tuple> = fc
  .record({
    id,
    basic: optional(fc.constantFrom('open' as const, 'closed' as const)),
    contact: optional(fc.record({ uri: fc.constantFrom('sip:u', 'sip:v') })),
    unknown: optional(some(badge)),
    unknownStatus: optional(some(badge)),
    notes,
  })
  .map((value) => tidy(value) as Tuple);
const names = (...all: string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...all), { maxLength: 2 });
const person: fc.Arbitrary<Person> = fc
  .record({
    id,
    activities: names('meeting', 'away', 'busy'),
    moods: names('happy', 'sad'),
    placeTypes: names('office', 'train'),
    sphere: optional(fc.constantFrom('home', 'work')),
    unknown: optional(some(badge)),
    notes,
  })
  .map((value) => tidy(value) as Person);
const device: fc.Arbitrary<Device> = fc.record({ id, deviceId: fc.constantFrom('urn:1', 'urn:2'), notes });
const document: fc.Arbitrary<PresenceDocument> = fc
  .record({
    tuples: fc.array(tuple, { maxLength: 3 }),
    persons: fc.array(person, { maxLength: 2 }),
    devices: fc.array(device, { maxLength: 2 }),
    notes,
    unknown: optional(some(badge)),
  })
  .map(({ tuples, persons, devices, ...rest }) => {
    const seen = new Set<string>();
    const unique = <T extends { readonly id: string }>(elements: readonly T[]): T[] => elements.filter((one) => !seen.has(one.id) && seen.add(one.id).size > 0);
    return tidy({ entity: ENTITY, tuples: unique(tuples), persons: unique(persons), devices: unique(devices), ...rest }) as PresenceDocument;
  });
const publications: fc.Arbitrary<Published[]> = fc
  .array(fc.record({ document, kind: fc.constantFrom(...SOURCE_KINDS) }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((one, i) => publication(one.document, one.kind, i + 1)));
const policies: fc.Arbitrary<CompositionPolicy> = fc.record({
  precedence: fc.shuffledSubarray([...SOURCE_KINDS], { minLength: 1 }),
  staleAfter: fc.constantFrom({}, { 'external-agent': 2 }),
  closes: fc.subarray([...SOURCE_KINDS]),
  services: fc.constantFrom('id' as const, 'uri' as const),
  persons: fc.constantFrom('id' as const, 'all' as const),
  devices: fc.constantFrom('id' as const, 'device-id' as const),
  conflict: fc.constantFrom('latest' as const, 'precedence' as const, 'apart' as const),
  attributes: fc
    .uniqueArray(fc.constantFrom(...ATTRIBUTES))
    .chain((all) =>
      fc
        .tuple(...all.map((name) => fc.constantFrom('winner', 'latest', 'precedence', ...(LISTS.includes(name) ? ['union'] : []))))
        .map((rules) => Object.fromEntries(all.map((name, i) => [name, rules[i]]))),
    ),
  unknown: fc.constantFrom('pass' as const, 'drop' as const),
});

function publication(of: PresenceDocument, kind: Published['source']['kind'], order: number, publishedAt = at(order)): Published {
  return { key: `${ENTITY} #${order}`, source: { kind, identity: kind === 'user' ? ENTITY : `sip:${kind}` }, document: of, order, publishedAt };
}
const composed = (policy: CompositionPolicy, all: readonly Published[], now = at(4)): Composition => composeByPolicy(policy, ENTITY, all, now);
const elementsOf = ({ tuples, persons, devices }: PresenceDocument): readonly (Tuple | Person | Device)[] => [...tuples, ...persons, ...devices];

describe('composition by a policy', () => {
  it('is by default what is done without one', () => {
    fc.assert(
      fc.property(publications, (all) => {
        const plain = all.map(({ document: one }) => bare(one));
        expect(composed(DEFAULT_POLICY, all).document).toEqual(composeDocuments(ENTITY, plain));
      }),
    );
  });

  it('does not depend on the order in which publications are handed in', () => {
    fc.assert(
      fc.property(
        policies,
        publications.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        (policy, [all, shuffled]) => {
          expect(composed(policy, shuffled)).toEqual(composed(policy, all));
        },
      ),
    );
  });

  it('changes nothing when what was composed is composed again', () => {
    fc.assert(
      fc.property(policies, publications, (policy, all) => {
        const once = composed(policy, all).document;
        const [counting = 'user'] = policy.precedence;
        expect(composed({ ...policy, staleAfter: {} }, [publication(once, counting, 1)]).document).toEqual(once);
      }),
    );
  });

  it('invents nothing, leaves ids unique, and gives a document that can be written and read', () => {
    fc.assert(
      fc.property(policies, publications, (policy, all) => {
        const { document: result } = composed(policy, all);
        const ids = elementsOf(result).map((one) => one.id);
        expect(new Set(ids).size).toBe(ids.length);
        const published = all.flatMap((one) => elementsOf(one.document));
        for (const one of elementsOf(result)) {
          const original = policy.conflict === 'apart' ? one.id.replace(/-\d+$/, '') : one.id;
          expect(published.some((other) => other.id === original)).toBe(true);
        }
        for (const word of JSON.stringify(result).match(/"(meeting|away|busy|happy|sad|office|train|red|blue|n1|n2|home|work)"/g) ?? [])
          expect(JSON.stringify(all)).toContain(word);
        expect(parsePidf(formatPidf(result), 'keep')).toEqual(result);
      }),
    );
  });

  it('loses nothing of what it does not understand in elements that it keeps, where it is to be passed on', () => {
    fc.assert(
      fc.property(policies, publications, (policy, all) => {
        const { document: result } = composed({ ...policy, unknown: 'pass', precedence: SOURCE_KINDS, staleAfter: {} }, all);
        for (const { document: one } of all) for (const element of one.unknown ?? []) expect(result.unknown).toContainEqual(element);
        expect(JSON.stringify(composed({ ...policy, unknown: 'drop' }, all).document)).not.toContain('urn:example');
      }),
    );
  });

  it('says of every element that was published what became of it', () => {
    fc.assert(
      fc.property(policies, publications, (policy, all) => {
        const { decisions, document: result } = composed(policy, all);
        for (const { key, document: one } of all) {
          if (decisions.some(({ what, from }) => what === 'publication' && from.includes(key))) continue;
          for (const { id: named } of elementsOf(one)) expect(decisions.some(({ what, from }) => what.endsWith(` ${named}`) && from.includes(key))).toBe(true);
        }
        const kept = decisions.filter(({ outcome }) => outcome === 'taken' || outcome === 'apart');
        expect(kept).toHaveLength(elementsOf(result).length);
      }),
    );
  });
});

function bare({ unknown: _all, ...rest }: PresenceDocument): PresenceDocument {
  return {
    ...rest,
    tuples: rest.tuples.map(({ unknown: _unknown, unknownStatus: _status, ...one }) => one),
    persons: rest.persons.map(({ unknown: _unknown, ...one }) => one),
  };
}

const says = (more: Partial<PresenceDocument>): PresenceDocument => ({ entity: ENTITY, tuples: [], persons: [], devices: [], notes: [], ...more });
const busy = (named: string, ...activities: string[]): Person => ({ id: named, activities, moods: [], placeTypes: [], notes: [] });
const service = (named: string, basic: 'open' | 'closed', uri?: string): Tuple => ({
  id: named,
  basic,
  notes: [],
  ...(uri === undefined ? {} : { contact: { uri } }),
});

it.each<[string, readonly (Span | undefined)[], Span | undefined]>([
  [
    'the latest beginning and the earliest end',
    [
      { from: '2026-01-05T09:00:00Z', until: '2026-01-05T10:00:00Z' },
      { from: '2026-01-05T09:30:00Z', until: '2026-01-05T09:45:00Z' },
    ],
    { from: '2026-01-05T09:30:00Z', until: '2026-01-05T09:45:00Z' },
  ],
  ['whatever zone they are written in', [{ until: '2026-01-05T10:00:00Z' }, { until: '2026-01-05T10:30:00+01:00' }], { until: '2026-01-05T10:30:00+01:00' }],
  [
    'no beginning, where one of them says none',
    [{ from: '2026-01-05T09:00:00Z', until: '2026-01-05T10:00:00Z' }, undefined],
    { until: '2026-01-05T10:00:00Z' },
  ],
  ['nothing, where nobody says anything', [undefined, undefined], undefined],
  [
    'nothing, where they never were at the same time',
    [{ from: '2026-01-05T09:00:00Z', until: '2026-01-05T09:10:00Z' }, { from: '2026-01-05T09:30:00Z' }],
    undefined,
  ],
])('of joined activities it is told from when until when: %s', (_what, spans, due) => {
  const published = spans.map((span, i) =>
    publication(says({ persons: [{ ...busy('me', ['meeting', 'away'][i] ?? ''), ...(span === undefined ? {} : { activitiesSpan: span }) }] }), 'user', i),
  );
  const { document } = composed({ ...DEFAULT_POLICY, attributes: { activities: 'union' } }, published);
  expect(document.persons[0]?.activities).toHaveLength(spans.length);
  expect(document.persons[0]?.activitiesSpan).toEqual(due);
});

describe('a policy', () => {
  const user = publication(says({ tuples: [service('phone', 'open', 'sip:u')], persons: [busy('me', 'working')] }), 'user', 1);
  const calendar = publication(says({ persons: [busy('cal', 'meeting')] }), 'external-agent', 2);
  const network = publication(says({ tuples: [service('ims', 'closed', 'sip:u')] }), 'network-agent', 3);
  const onePerson = { ...DEFAULT_POLICY, persons: 'all' as const };
  const person1 = (policy: CompositionPolicy): Person | undefined => composed(policy, [user, calendar, network]).document.persons[0];

  it('by which the user counts more than the calendar, whatever came last', () => {
    expect(person1(onePerson)).toMatchObject({ id: 'cal', activities: ['meeting'] });
    expect(person1({ ...onePerson, conflict: 'precedence' })).toMatchObject({ id: 'me', activities: ['working'] });
    expect(person1({ ...onePerson, attributes: { activities: 'precedence' } })).toMatchObject({ id: 'cal', activities: ['working'] });
  });

  it('by which the calendar adds to what the user says', () => {
    expect(person1({ ...onePerson, conflict: 'precedence', attributes: { activities: 'union' } })).toMatchObject({
      id: 'me',
      activities: ['working', 'meeting'],
    });
  });

  it('by which the network closes what the user left open at that address, and nothing else', () => {
    const policy: CompositionPolicy = { ...DEFAULT_POLICY, closes: ['network-agent'] };
    const { document: result, decisions } = composed(policy, [user, network]);
    expect(result.tuples[0]).toMatchObject({ id: 'phone', basic: 'closed' });
    expect(decisions.find(({ outcome }) => outcome === 'changed')).toMatchObject({
      what: 'service phone',
      why: 'the network agent knows that nobody can be reached at sip:u, so it is closed',
    });
  });

  it.each<['open' | 'closed', string, string | undefined, string | undefined]>([
    ['closed', 'the same identity written otherwise', 'sip:Jane@home2.net', 'sip:Jane@HOME2.net:5060;transport=tcp'],
    ['closed', 'the same number with separators', 'tel:+1-212-555-2222', 'tel:+12125552222'],
    ['closed', 'the same address of a scheme that is not known', 'mailto:a@b.c', 'mailto:a@b.c'],
    ['open', 'a telephone', 'sip:jane@home2.net', 'tel:+12125552222'],
    ['open', 'the telephone of somebody else', 'tel:+12125552222', 'tel:+12125552223'],
    ['open', 'another identity', 'sip:jane@home2.net', 'sip:jane.work@home2.net'],
    ['open', 'no address', 'sip:jane@home2.net', undefined],
    ['open', 'a service without an address', undefined, 'sip:jane@home2.net'],
    ['open', 'a service without an address, by another without one', undefined, undefined],
  ])('by which the network closes: what the user published stays or becomes %s by %s', (basic, _, mine, theirs) => {
    const [of, by] = [
      publication(says({ tuples: [service('phone', 'open', mine)] }), 'user', 1),
      publication(says({ tuples: [service('cs', 'closed', theirs)] }), 'network-agent', 2),
    ];
    expect(composed({ ...DEFAULT_POLICY, closes: ['network-agent'] }, [of, by]).document.tuples[0]).toMatchObject({ id: 'phone', basic });
  });

  it('by which the network closes, closes exactly the services at addresses that it says are closed', () => {
    const policy: CompositionPolicy = { ...DEFAULT_POLICY, conflict: 'apart', closes: ['network-agent'], unknown: 'pass' };
    fc.assert(
      fc.property(publications, (all) => {
        const tuplesOf = (isNetwork: boolean): Tuple[] =>
          all.filter(({ source }) => (source.kind === 'network-agent') === isNetwork).flatMap(({ document: one }) => [...one.tuples]);
        const closedAt = new Set(
          tuplesOf(true)
            .filter((one) => one.basic === 'closed')
            .map(({ contact }) => contact?.uri),
        );
        const isClosed = ({ basic, contact }: Tuple): boolean => basic === 'closed' || (contact !== undefined && closedAt.has(contact.uri));
        const wanted = [...tuplesOf(false).filter(isClosed), ...tuplesOf(true).filter(({ basic }) => basic === 'closed')];
        expect(composed(policy, all).document.tuples.filter(({ basic }) => basic === 'closed')).toHaveLength(wanted.length);
      }),
    );
  });

  it('by which a calendar that is silent for long counts no more, and says until when it does', () => {
    const policy: CompositionPolicy = { ...onePerson, staleAfter: { 'external-agent': 60 } };
    const before = composed(policy, [user, calendar], at(61));
    expect([before.document.persons[0]?.id, before.until]).toEqual(['cal', at(62)]);
    const later = composed(policy, [user, calendar], at(62));
    expect([later.document.persons[0]?.id, later.until]).toEqual(['me', undefined]);
    expect(later.decisions.find(({ what }) => what === 'publication')).toMatchObject({ outcome: 'left-out', from: [calendar.key] });
  });

  it('by which all are told apart: an id that stands twice gets a number', () => {
    const other = publication(says({ tuples: [service('phone', 'closed')], persons: [busy('phone-2', 'away')] }), 'user', 2);
    const { document: result } = composed({ ...DEFAULT_POLICY, conflict: 'apart' }, [user, other]);
    expect(elementsOf(result).map((one) => one.id)).toEqual(['phone', 'phone-3', 'me', 'phone-2']);
  });

  it.each<[string, Json]>([
    ['an object', 'latest'],
    ['no "colour"', { colour: 'red' }],
    ['latest or precedence or apart', { conflict: 'random' }],
    ['at least one kind', { precedence: [] }],
    ['without repetitions', { precedence: ['user', 'user'] }],
    ['without repetitions', { closes: 'user' }],
    ['whole seconds', { staleAfter: { user: 0 } }],
    ['whole seconds', { staleAfter: { __proto__x: 5 } }],
    ['none of the attributes', { attributes: { colour: 'union' } }],
    ['one of winner', { attributes: { mood: 'maybe' } }],
    ['only one sphere', { attributes: { sphere: 'union' } }],
  ])('is refused with a sentence: %s', (words, given) => {
    expect(readPolicy(given)).toContain(words);
    const composer = new PolicyComposer();
    expect(composer.change(given)).toMatchObject({ op: 'rejected', reason: expect.stringContaining('stays as it was') as string });
    expect(composer.policy).toEqual(DEFAULT_POLICY);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(readPolicy(JSON.parse(JSON.stringify(policy)) as Json)).toEqual(policy);
      }),
    );
  });

  it('is told in words, and what was composed by it, element by element', () => {
    const composer = new PolicyComposer({ ...onePerson, conflict: 'precedence' });
    const [documents, composition, policy] = composer.viewTables([[ENTITY, [user, calendar]]], at(4));
    expect(composition?.rows.map((row) => row.slice(1, 4).join(' | '))).toEqual([
      'service phone | #1 (the user) | taken',
      'person me | #1 (the user) | taken',
      'person cal | #2 (the external agent) | lost',
    ]);
    expect(documents?.rows[1]).toEqual(['#2 (the external agent)', expect.stringContaining('<rpid:meeting/>')]);
    expect(policy?.rows).toContainEqual(['The same person', 'is every person: there is one presentity']);
    const { notes: told } = composer.compose(ENTITY, [user, calendar], at(4));
    expect(told.map(({ reason }) => reason)).toEqual([
      'Person cal, published by #2 (the external agent), is left out: person me of #1 (the user) is about the same and comes from a source that counts more.',
    ]);
  });
});
