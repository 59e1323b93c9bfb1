import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { createRequest } from '#protocol/sip/message.ts';
import { PIDF_TYPE } from '../pidf/document.ts';
import { neutralDocument, publicationDocument, summaryOf } from '../pidf/states.ts';
import { formatPidf } from '../pidf/xml.ts';
import type { PublishOutcome } from './outcome.ts';
import { type PublishFacts, PublicationStore, publishFacts } from './store.ts';

const BOB = 'sip:user2_public1@home2.net';
const at = (s: number): SimTime => after(START, seconds(s));
const saying = (activity: string, device = 'ua'): Uint8Array =>
  encodeUtf8(formatPidf(publicationDocument({ entity: BOB, basic: 'open', activities: [activity], device })));
const facts = (over: Partial<PublishFacts>): PublishFacts => ({
  presentity: BOB,
  event: 'presence',
  ifMatch: undefined,
  expires: 3600,
  contentType: PIDF_TYPE,
  body: new Uint8Array(0),
  ...over,
});
const newStore = (): PublicationStore => new PublicationStore({ chance: createKeyedChance(1, 'ps') });
const header = (outcome: PublishOutcome, name: string): string => outcome.headers.find(([each]) => each === name)?.[1] ?? '';
const tagOf = (outcome: PublishOutcome): string => header(outcome, 'SIP-ETag');

describe('the compositor (RFC 3903 §6)', () => {
  it('takes a first publication and gives it an entity-tag and a lifetime', () => {
    const store = newStore();
    const outcome = store.publish(facts({ body: saying('meeting'), expires: 7200 }), at(0));
    expect(outcome.status).toBe(200);
    expect(tagOf(outcome)).toMatch(/^[a-z0-9]{9,}$/);
    expect(header(outcome, 'Expires')).toBe('7200');
    expect(outcome.changed).toBe(true);
    expect(outcome.states).toEqual([{ kind: 'state', machine: 'publication (compositor)', key: `${BOB} #1`, from: 'init', on: 'initial', to: 'published' }]);
    expect(summaryOf(store.compose(BOB))).toBe('open, meeting');
  });

  it('refreshes without a change of state but with a new tag', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    const refreshed = store.publish(facts({ ifMatch: tagOf(first), expires: 60 }), at(10));
    expect(refreshed).toMatchObject({ status: 200, changed: false });
    expect(tagOf(refreshed)).not.toBe(tagOf(first));
    expect(store.deadline()).toBe(at(70));
    expect(store.publish(facts({ ifMatch: tagOf(first) }), at(11)).status).toBe(412);
  });

  it('tells an entity-tag in other letter case from its own', () => {
    const store = newStore();
    const tag = tagOf(store.publish(facts({ body: saying('meeting') }), at(0)));
    const shouted = tag.toUpperCase();
    expect(shouted).not.toBe(tag);
    expect(store.publish(facts({ ifMatch: shouted }), at(1)).status).toBe(412);
    expect(store.publish(facts({ ifMatch: tag }), at(1)).status).toBe(200);
  });

  it('modifies in place', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    const second = store.publish(facts({ ifMatch: tagOf(first), body: saying('away') }), at(1));
    expect(second).toMatchObject({ status: 200, changed: true });
    expect(summaryOf(store.compose(BOB))).toBe('open, away');
    const same = store.publish(facts({ ifMatch: tagOf(second), body: saying('away') }), at(2));
    expect(same).toMatchObject({ status: 200, changed: false });
  });

  it('keeps the publications of different sources apart: the entity-tag of one is none of the other', () => {
    const store = newStore();
    const agent = { kind: 'network-agent', identity: 'sip:pna.home2.net' } as const;
    const own = store.publish(facts({ body: saying('meeting') }), at(0));
    const other = store.publish(facts({ body: saying('away', 'net'), source: agent }), at(1));
    expect(store.publish(facts({ ifMatch: tagOf(own), source: agent }), at(2)).status).toBe(412);
    expect(store.publish(facts({ ifMatch: tagOf(other) }), at(2)).status).toBe(412);
    expect(store.publish(facts({ ifMatch: tagOf(other), source: agent, expires: 0 }), at(3))).toMatchObject({ status: 200, changed: true });
    expect(summaryOf(store.compose(BOB))).toBe('open, meeting');
  });

  it('removes at once, with a new tag that nobody can use', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    const removed = store.publish(facts({ ifMatch: tagOf(first), expires: 0 }), at(1));
    expect(removed).toMatchObject({ status: 200, changed: true });
    expect(header(removed, 'Expires')).toBe('0');
    expect(tagOf(removed)).not.toBe(tagOf(first));
    expect(store.compose(BOB)).toEqual(neutralDocument(BOB));
    expect(store.publish(facts({ ifMatch: tagOf(removed) }), at(2)).status).toBe(412);
    expect(store.deadline()).toBeUndefined();
  });

  it('stores nothing of a first publication with Expires 0', () => {
    const store = newStore();
    expect(store.publish(facts({ body: saying('meeting'), expires: 0 }), at(0))).toMatchObject({ status: 200, changed: false });
    expect(store.compose(BOB)).toEqual(neutralDocument(BOB));
  });

  it('lets a publication expire and says so once', () => {
    const store = newStore();
    store.publish(facts({ body: saying('meeting'), expires: 100 }), at(0));
    expect(store.fire(at(99))).toEqual([]);
    expect(store.deadline()).toBe(at(100));
    expect(store.fire(at(100))).toMatchObject([{ presentity: BOB, changed: true, states: [{ on: 'expires', to: 'terminated' }] }]);
    expect(store.fire(at(200))).toEqual([]);
    expect(store.compose(BOB)).toEqual(neutralDocument(BOB));
  });

  it.each<[string, Partial<PublishFacts>, number, Record<string, string>]>([
    ['an unknown entity-tag', { ifMatch: 'nobody', body: saying('away') }, 412, {}],
    ['two entity-tags', { ifMatch: 'a, b', body: saying('away') }, 400, {}],
    ['no Event', { event: undefined, body: saying('away') }, 489, { 'Allow-Events': 'presence' }],
    ['another package', { event: 'dialog', body: saying('away') }, 489, { 'Allow-Events': 'presence' }],
    ['too short an interval', { expires: 59, body: saying('away') }, 423, { 'Min-Expires': '60' }],
    ['another body', { contentType: 'text/plain', body: saying('away') }, 415, { Accept: PIDF_TYPE }],
    ['no content type', { contentType: undefined, body: saying('away') }, 415, { Accept: PIDF_TYPE }],
    ['no body at first', {}, 400, {}],
    ['a broken document', { body: encodeUtf8('<presence') }, 400, {}],
    ['a body that is not UTF-8', { body: Uint8Array.of(0xff, 0xfe) }, 400, {}],
    ['a document that is too long', { body: encodeUtf8(`<presence${' '.repeat(65_536)}/>`) }, 413, {}],
    ["another's document", { body: encodeUtf8(formatPidf(publicationDocument({ entity: 'sip:eve@home2.net', basic: 'open' }))) }, 400, {}],
  ])('refuses %s', (_what, over, status, headers) => {
    const store = newStore();
    const outcome = store.publish(facts(over), at(0));
    expect(outcome).toMatchObject({ status, changed: false, headers: Object.entries(headers) });
    expect(outcome.notes[0]).toMatchObject({ op: 'rejected', reason: expect.stringMatching(/^[A-Z].*\.$/) as unknown });
    expect(store.compose(BOB)).toEqual(neutralDocument(BOB));
  });

  it('refuses a removal with a body and keeps the publication', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    expect(store.publish(facts({ ifMatch: tagOf(first), expires: 0, body: saying('away') }), at(1)).status).toBe(400);
    expect(summaryOf(store.compose(BOB))).toBe('open, meeting');
    expect(store.publish(facts({ ifMatch: tagOf(first) }), at(2)).status).toBe(200);
  });

  it('does not take the tag of another presentity', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    expect(store.publish(facts({ presentity: 'sip:eve@home2.net', ifMatch: tagOf(first) }), at(1)).status).toBe(412);
  });

  it('takes a pres: entity and content type parameters, and shortens what is too long', () => {
    const store = newStore();
    const body = encodeUtf8(formatPidf(publicationDocument({ entity: 'pres:user2_public1@HOME2.net', basic: 'open' })));
    const outcome = store.publish(facts({ body, contentType: 'Application/PIDF+xml; charset=UTF-8', expires: 1_000_000 }), at(0));
    expect(outcome.status).toBe(200);
    expect(header(outcome, 'Expires')).toBe('86400');
    expect(store.compose(BOB).entity).toBe(BOB);
  });
});

describe('the facts of a PUBLISH', () => {
  it('are read from its header fields', () => {
    const request = createRequest('PUBLISH', BOB, [
      ['Event', 'presence'],
      ['SIP-If-Match', 'a1'],
      ['Expires', '60'],
      ['Content-Type', PIDF_TYPE],
    ]);
    expect(publishFacts(request, BOB)).toEqual(facts({ ifMatch: 'a1', expires: 60 }));
    request.headers.append('SIP-If-Match', 'b2');
    request.headers.set('Expires', 'soon');
    expect(publishFacts(request, BOB)).toMatchObject({ ifMatch: 'a1, b2', expires: undefined });
  });
});

describe('composition', () => {
  it('is the union by id, and the later publication wins', () => {
    const store = newStore();
    const phone = store.publish(facts({ body: saying('meeting', 'phone') }), at(0));
    store.publish(facts({ body: saying('away', 'desk') }), at(1));
    expect(store.compose(BOB).persons.map((person) => person.id)).toEqual(['person-phone', 'person-desk']);
    store.publish(facts({ body: saying('busy', 'desk') }), at(2));
    expect(summaryOf(store.compose(BOB))).toBe('open, meeting, busy');
    store.publish(facts({ ifMatch: tagOf(phone), expires: 0 }), at(3));
    expect(summaryOf(store.compose(BOB))).toBe('open, busy');
  });

  it('is remembered until something changes', () => {
    const store = newStore();
    const first = store.publish(facts({ body: saying('meeting') }), at(0));
    const body = store.composedBody(BOB);
    store.publish(facts({ ifMatch: tagOf(first) }), at(1));
    expect(store.composedBody(BOB)).toBe(body);
  });

  it('holds each id once, whatever is published', () => {
    const store = newStore();
    const one = { entity: BOB, tuples: [{ id: 'x', basic: 'open', notes: [] }], persons: [], devices: [], notes: [] } as const;
    const two = { entity: BOB, tuples: [], persons: [{ id: 'x', activities: ['away'], moods: [], placeTypes: [], notes: [] }], devices: [], notes: [] };
    store.publish(facts({ body: encodeUtf8(formatPidf(one)) }), at(0));
    store.publish(facts({ body: encodeUtf8(formatPidf(two)) }), at(1));
    expect(store.compose(BOB)).toMatchObject({ tuples: [], persons: [{ id: 'x' }] });
  });
});

describe('any sequence of PUBLISH and expiry', () => {
  it('gives every success a tag never seen before, and accepts a tag exactly while it is the current one of something alive', () => {
    type Act = { readonly kind: 'initial' | 'refresh' | 'modify' | 'remove' | 'stale' | 'wait'; readonly pick: number };
    const act = fc.record<Act>({ kind: fc.constantFrom('initial', 'refresh', 'modify', 'remove', 'stale', 'wait'), pick: fc.nat(20) });
    const property = fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const store = newStore();
      const seen = new Set<string>();
      let alive: { tag: string; until: number }[] = [];
      const dead: string[] = [];
      let clock = 0;
      for (const { kind, pick } of acts) {
        clock += kind === 'wait' ? pick * 60 : 1;
        store.fire(at(clock));
        dead.push(...alive.filter((each) => each.until <= clock).map((each) => each.tag));
        alive = alive.filter((each) => each.until > clock);
        const before = store.composedBody(BOB);
        const target = alive[pick % Math.max(1, alive.length)];
        const old = dead[pick % Math.max(1, dead.length)];
        if (kind === 'wait' || (kind === 'stale' ? old === undefined : kind !== 'initial' && target === undefined)) continue;
        const ifMatch = kind === 'initial' ? undefined : kind === 'stale' ? old : target?.tag;
        const body = kind === 'initial' || kind === 'modify' ? saying('meeting', `d${pick}`) : new Uint8Array(0);
        const outcome = store.publish(facts({ ifMatch, body, expires: kind === 'remove' ? 0 : 300 }), at(clock));
        if (kind === 'stale') {
          expect(outcome.status).toBe(412);
          expect(store.composedBody(BOB)).toEqual(before);
          continue;
        }
        expect(outcome.status).toBe(200);
        const tag = tagOf(outcome);
        expect(seen.has(tag)).toBe(false);
        seen.add(tag);
        if (target !== undefined && kind !== 'initial') {
          dead.push(target.tag);
          alive = alive.filter((each) => each !== target);
        }
        if (kind !== 'remove') alive.push({ tag, until: clock + 300 });
        expect(outcome.changed).toBe(Buffer.compare(before, store.composedBody(BOB)) !== 0);
        expect(store.viewTables(at(clock))[0]?.rows).toHaveLength(alive.length);
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});
