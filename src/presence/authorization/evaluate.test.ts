import { describe, expect, it } from 'vitest';
import type { PresenceDocument } from '../pidf/document.ts';
import { type Circumstances, evaluate } from './evaluate.ts';
import { isRulesError, parseRuleset } from './read-ruleset.ts';
import { type Condition, EVERYTHING_SHOWN, type Handling, NOTHING_SHOWN, type Permissions, type Rule } from './ruleset.ts';
import { EXAMPLE } from './rules.fixtures.ts';
import { transformDocument } from './transform.ts';

const NINE = Date.parse('2026-01-05T09:00:00Z');
const asked = (watcher: string | undefined, more: Partial<Circumstances> = {}): Circumstances => ({ watcher, time: NINE, sphere: undefined, ...more });
const rule = (conditions: readonly Condition[], handling?: Handling, shows: Partial<Permissions> = {}, id = 'r'): Rule => ({
  id,
  conditions,
  ...(handling === undefined ? {} : { handling }),
  shows: { ...NOTHING_SHOWN, ...shows },
});
const handlingFor = (rules: readonly Rule[], of: Circumstances): Handling => evaluate({ rules }, of).handling;
const ALICE = 'sip:alice@example.com';

describe('a condition', () => {
  const many = (domain?: string, ...except: readonly { readonly id?: string; readonly domain?: string }[]): Condition => ({
    kind: 'identity',
    members: [{ kind: 'many', except, ...(domain === undefined ? {} : { domain }) }],
  });
  const one = (id: string): Condition => ({ kind: 'identity', members: [{ kind: 'one', id }] });
  const validity: Condition = {
    kind: 'validity',
    periods: [
      { from: '2026-01-05T09:00:00Z', until: '2026-01-05T10:00:00Z' },
      { from: '2026-01-06T09:00:00+02:00', until: '2026-01-06T10:00:00+02:00' },
    ],
  };
  it.each<[string, readonly Condition[], Circumstances, boolean]>([
    ['none: everybody', [], asked(ALICE), true],
    ['none: even nobody', [], asked(undefined), true],
    ['one: that user', [one(ALICE)], asked(ALICE), true],
    ['one: the same user written otherwise', [one('sips:alice@EXAMPLE.com;user=phone')], asked(ALICE), true],
    ['one: pres and sip name the same', [one('pres:alice@example.com')], asked(ALICE), true],
    ['one: another user', [one('sip:bob@example.com')], asked(ALICE), false],
    ['one: nobody is nobody', [one('sip:anonymous@anonymous.invalid')], asked(undefined), false],
    ['one: a telephone number', [one('tel:+1-201-555-0123')], asked('tel:+12015550123'), true],
    ['many: whoever has an identity', [many()], asked(ALICE), true],
    ['many: nobody without', [many()], asked(undefined), false],
    ['many: of a domain', [many('Example.COM')], asked(ALICE), true],
    ['many: of a domain, not of one below it', [many('example.com')], asked('sip:alice@lab.example.com'), false],
    ['many: a number has no domain', [many('example.com')], asked('tel:+12015550123'), false],
    ['many but one', [many('example.com', { id: ALICE })], asked(ALICE), false],
    ['many but another', [many('example.com', { id: ALICE })], asked('sip:bob@example.com'), true],
    ['many but a domain', [many(undefined, { domain: 'example.com' })], asked(ALICE), false],
    ['sphere: as published', [{ kind: 'sphere', value: 'work' }], asked(ALICE, { sphere: 'work' }), true],
    ['sphere: another', [{ kind: 'sphere', value: 'work' }], asked(ALICE, { sphere: 'home' }), false],
    ['sphere: not said', [{ kind: 'sphere', value: 'work' }], asked(ALICE), false],
    ['validity: from its first moment', [validity], asked(ALICE), true],
    ['validity: before', [validity], asked(ALICE, { time: NINE - 1 }), false],
    ['validity: at its end it is over', [validity], asked(ALICE, { time: NINE + 3_600_000 }), false],
    ['validity: the second period, in another zone', [validity], asked(ALICE, { time: Date.parse('2026-01-06T07:30:00Z') }), true],
    ['anonymous: nobody', [{ kind: 'anonymous-request' }], asked(undefined), true],
    ['anonymous: somebody', [{ kind: 'anonymous-request' }], asked(ALICE), false],
    ['not known: never', [{ kind: 'unknown', name: 'moon-phase' }], asked(ALICE), false],
    ['several: all of them', [one(ALICE), { kind: 'sphere', value: 'work' }], asked(ALICE, { sphere: 'work' }), true],
    ['several: not all of them', [one(ALICE), { kind: 'sphere', value: 'work' }], asked(ALICE, { sphere: 'home' }), false],
  ])('%s', (_what, conditions, of, holds) => {
    expect(handlingFor([rule(conditions, 'allow')], of)).toBe(holds ? 'allow' : 'block');
  });

  it('for others holds for whom no other rule names, whether that rule holds or not', () => {
    const rules = [rule([one(ALICE), { kind: 'sphere', value: 'work' }], 'allow', {}, 'a'), rule([{ kind: 'other-identity' }], 'confirm', {}, 'b')];
    expect(handlingFor(rules, asked(ALICE))).toBe('block');
    expect(handlingFor(rules, asked('sip:bob@example.com'))).toBe('confirm');
    expect(handlingFor(rules, asked(undefined))).toBe('block');
  });
});

describe('several rules that hold', () => {
  it.each<[readonly (Handling | undefined)[], Handling]>([
    [[], 'block'],
    [[undefined], 'block'],
    [['block', 'confirm'], 'confirm'],
    [['polite-block', 'confirm'], 'polite-block'],
    [['allow', 'polite-block', 'block'], 'allow'],
    [['block', undefined], 'block'],
  ])('%j: the highest, %s', (handlings, highest) => {
    expect(
      handlingFor(
        handlings.map((one) => rule([], one)),
        asked(ALICE),
      ),
    ).toBe(highest);
  });
  it('give what each of them gives', () => {
    const shows = evaluate(
      {
        rules: [
          rule([], 'allow', { services: [{ kind: 'service-uri-scheme', value: 'sip' }], attributes: ['mood'], userInput: 'thresholds' }),
          rule([], undefined, { services: [{ kind: 'occurrence-id', value: 't1' }], persons: 'all', attributes: ['note', 'mood'], userInput: 'bare' }),
          rule([{ kind: 'unknown', name: 'x' }], 'allow', EVERYTHING_SHOWN),
        ],
      },
      asked(ALICE),
    ).shows;
    expect(shows).toEqual({
      services: [
        { kind: 'service-uri-scheme', value: 'sip' },
        { kind: 'occurrence-id', value: 't1' },
      ],
      persons: 'all',
      devices: [],
      attributes: ['mood', 'note'],
      unknown: [],
      userInput: 'thresholds',
    });
  });
  it('say nothing where none does: what is not named by a server is block, or what the operator chose', () => {
    expect(evaluate({ rules: [] }, asked(ALICE), 'confirm')).toEqual({ handling: 'confirm', shows: NOTHING_SHOWN, holding: [] });
  });
});

describe('what is shown', () => {
  const document: PresenceDocument = {
    entity: 'sip:jane@example.com',
    tuples: [
      {
        id: 't1',
        basic: 'open',
        show: 'away',
        deviceId: 'urn:uuid:d',
        contact: { uri: 'sip:jane@example.com' },
        userInput: { state: 'idle' },
        notes: ['n'],
        timestamp: '2026-01-05T09:00:00Z',
      },
      { id: 't2', basic: 'open', contact: { uri: 'mailto:jane@example.com' }, notes: [] },
      { id: 't3', basic: 'closed', contact: { uri: 'tel:+12' }, notes: [] },
    ],
    persons: [
      {
        id: 'p1',
        activities: ['meeting'],
        moods: ['happy'],
        placeTypes: ['office'],
        sphere: 'work',
        userInput: { state: 'idle', idleThresholdSeconds: 600, lastInput: '2026-01-05T08:00:00Z' },
        notes: ['n'],
      },
    ],
    devices: [{ id: 'd1', deviceId: 'urn:uuid:d', notes: ['n'] }],
    notes: ['n'],
  };
  const shown = (permissions: Partial<Permissions>): PresenceDocument => transformDocument(document, { ...NOTHING_SHOWN, ...permissions });

  it('by the example of the RFC: two services, and of the person activities and whether it touches the keys', () => {
    const ruleset = parseRuleset(EXAMPLE);
    if (isRulesError(ruleset)) throw new Error(ruleset.reason);
    const { shows } = evaluate(ruleset, asked('sip:user@example.com'));
    expect(transformDocument(document, shows)).toEqual({
      entity: 'sip:jane@example.com',
      tuples: [
        { id: 't1', basic: 'open', contact: { uri: 'sip:jane@example.com' }, userInput: { state: 'idle' }, notes: [], timestamp: '2026-01-05T09:00:00Z' },
        { id: 't2', basic: 'open', contact: { uri: 'mailto:jane@example.com' }, notes: [] },
      ],
      persons: [{ id: 'p1', activities: ['meeting'], moods: [], placeTypes: [], userInput: { state: 'idle' }, notes: [] }],
      devices: [],
      notes: [],
    });
  });
  it('without a permission: nothing; with all of them: everything', () => {
    expect(shown({})).toEqual({ entity: document.entity, tuples: [], persons: [], devices: [], notes: [] });
    expect(shown(EVERYTHING_SHOWN)).toEqual(document);
  });
  it.each<[string, Partial<Permissions>, readonly string[]]>([
    ['a service by its URI', { services: [{ kind: 'service-uri', value: 'tel:+12' }] }, ['t3']],
    ['a service by its scheme', { services: [{ kind: 'service-uri-scheme', value: 'MAILTO' }] }, ['t2']],
    [
      'services by occurrence',
      {
        services: [
          { kind: 'occurrence-id', value: 't1' },
          { kind: 'occurrence-id', value: 't3' },
        ],
      },
      ['t1', 't3'],
    ],
    ['by class: none has one', { services: [{ kind: 'class', value: 'x' }] }, []],
    ['a device by its id', { devices: [{ kind: 'deviceID', value: 'urn:uuid:d' }] }, ['d1']],
    ['a person by occurrence', { persons: [{ kind: 'occurrence-id', value: 'p1' }] }, ['p1']],
    ['not another person', { persons: [{ kind: 'occurrence-id', value: 'p2' }] }, []],
  ])('%s', (_what, permissions, ids) => {
    const { tuples, persons, devices } = shown(permissions);
    expect([...tuples, ...persons, ...devices].map(({ id }) => id)).toEqual(ids);
  });
  it.each<[Partial<Permissions>, object]>([
    [{ attributes: ['mood'] }, { moods: ['happy'], activities: [], placeTypes: [] }],
    [{ attributes: ['activities'] }, { activities: ['meeting'] }],
    [{ attributes: ['place-type'] }, { placeTypes: ['office'] }],
    [{ attributes: ['sphere'] }, { sphere: 'work' }],
    [{ attributes: ['note'] }, { notes: ['n'] }],
    [{ userInput: 'thresholds' }, { userInput: { state: 'idle', idleThresholdSeconds: 600 } }],
    [{ userInput: 'full' }, { userInput: { state: 'idle', idleThresholdSeconds: 600, lastInput: '2026-01-05T08:00:00Z' } }],
  ])('of a person: %j', (permissions, expected) => {
    const [person] = shown({ persons: 'all', ...permissions }).persons;
    expect(person).toMatchObject(expected);
    if (permissions.attributes?.includes('sphere') !== true) expect(person?.sphere).toBeUndefined();
  });
  it('of a service: its extension and its device only where they are named', () => {
    const services = { services: 'all' } as const;
    expect(shown({ ...services, unknown: [{ namespace: 'jabber:client', name: 'show' }] }).tuples[0]).toMatchObject({ show: 'away' });
    expect(shown({ ...services, attributes: ['deviceID'] }).tuples[0]).toMatchObject({ deviceId: 'urn:uuid:d' });
    expect(Object.keys(shown(services).tuples[0] ?? {})).not.toContain('show');
  });
  it('of what nobody here understands: only what the rules name, or all', () => {
    const badge = { namespace: 'urn:example:badge', name: 'badge', attributes: [], children: [], text: 'guest' };
    const tuple = { ...document.tuples[0], id: 's', notes: [], unknown: [badge], unknownStatus: [badge] };
    const told = (permissions: Partial<Permissions>): PresenceDocument =>
      transformDocument({ ...document, tuples: [tuple], unknown: [badge] }, { ...NOTHING_SHOWN, services: 'all', ...permissions });
    expect(JSON.stringify([told({}), told({ unknown: [{ namespace: 'urn:example:other', name: 'badge' }] })])).not.toContain('guest');
    const named = told({ unknown: [{ namespace: 'urn:example:badge', name: 'badge' }] });
    expect(named).toMatchObject({ tuples: [{ unknown: [badge], unknownStatus: [badge] }], unknown: [badge] });
    expect(told({ attributes: 'all' })).toMatchObject({ tuples: [{ unknown: [badge], unknownStatus: [badge] }], unknown: [badge] });
  });
});
