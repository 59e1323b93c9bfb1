import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import type { PresenceDocument } from '../pidf/document.ts';
import { publicationDocument } from '../pidf/states.ts';
import { formatPidf, isPidfError, pidfOf } from '../pidf/xml.ts';
import { applyDiff, isPartialError, readPartial } from './apply-diff.ts';
import { changesBetween, formatDiff, formatFull } from './diff-document.ts';
import { PartialReader } from './partial-reader.ts';
import { tellPartially, type Told } from './partial-teller.ts';

const LONG = 'On the train to the meeting of the working group; mail is read in the evening, and urgent matters go to my colleague';
const ENTITY = 'sip:user2_public1@home2.net';
const rootOf = (document: PresenceDocument): XmlElement => {
  const root = readXml(formatPidf(document));
  if (isXmlError(root)) throw new Error(root.reason);
  return root;
};
const state = (basic: 'open' | 'closed', activities: string[] = [], note?: string, second?: string, timestamp?: string): PresenceDocument => {
  const more = (device: string): PresenceDocument =>
    publicationDocument({
      entity: ENTITY,
      basic,
      activities,
      contact: ENTITY,
      device,
      ...(note === undefined ? {} : { note }),
      ...(timestamp === undefined ? {} : { timestamp }),
    });
  const first = more('ua');
  return second === undefined ? first : { ...first, tuples: [...first.tuples, ...more(second).tuples] };
};
const parsed = (text: string) => {
  const read = readPartial(text);
  if (isPartialError(read)) throw new Error(read.reason);
  return read;
};

describe('partial presence documents (RFC 5262)', () => {
  it('name what has changed by paths (RFC 5261)', () => {
    const changes = changesBetween(rootOf(state('open', ['meeting'])), rootOf(state('open', ['away'], 'Back at three')));
    expect(changes?.map(({ op, sel }) => `${op} ${sel}`)).toEqual([`replace */dm:person[@id='person-ua']`]);
    const tuple = (basic: 'open' | 'closed') => rootOf({ entity: ENTITY, tuples: [{ id: 't', basic, notes: [LONG] }], persons: [], devices: [], notes: [] });
    expect(changesBetween(tuple('open'), tuple('closed'))).toEqual([{ op: 'replace', sel: `*/tuple[@id='t']/status/basic/text()`, text: 'closed' }]);
    const more = changesBetween(rootOf(state('open')), rootOf(state('open', ['away'])));
    expect(more?.map(({ op, sel }) => `${op} ${sel}`)).toEqual([`add */tuple[@id='service-ua']`]);
    const text = formatDiff(ENTITY, 2, more ?? []);
    expect(text).toContain(`<p:add sel="*/tuple[@id='service-ua']" pos="after">`);
    expect(text).toContain('entity="sip:user2_public1@home2.net" version="2"');
  });

  it('lead from any state to any other', () => {
    const some = fc
      .tuple(
        fc.constantFrom('open' as const, 'closed' as const),
        fc.subarray(['away', 'meeting', 'busy']),
        fc.option(fc.constantFrom('a', 'b & <c>'), { nil: undefined }),
        fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
        fc.option(fc.constantFrom('2026-01-05T09:00:00Z', '2026-01-05T09:01:00Z'), { nil: undefined }),
      )
      .map((args) => rootOf(state(...args)));
    fc.assert(
      fc.property(some, some, (before, after) => {
        const changes = changesBetween(before, after);
        if (changes === undefined) return;
        const result = applyDiff(before, parsed(formatDiff(ENTITY, 1, changes)));
        if (isPartialError(result)) throw new Error(result.reason);
        expect(pidfOf(result)).toEqual(pidfOf(after));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a path to nothing', `<p:remove sel="*/tuple[@id='nobody']"/>`],
    ['a path to two places', `<p:remove sel="*/*"/>`],
    ['the root', `<p:remove sel="*"/>`],
    ['a prefix that is not declared', `<p:remove sel="*/zz:person"/>`],
    ['a function', `<p:remove sel="id('service-ua')"/>`],
    ['no path', `<p:remove/>`],
    ['an attribute to add', `<p:add sel="*/tuple" type="@x">y</p:add>`],
    ['a change that is unknown', `<p:move sel="*/tuple"/>`],
  ])('change nothing by %s', (_, change) => {
    const before = rootOf(state('open', ['meeting'], 'x', 'y'));
    const whole = JSON.stringify(before.children);
    const text = `<p:pidf-diff xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff" version="2"><p:remove sel="*/tuple[1]"/>${change}</p:pidf-diff>`;
    expect(applyDiff(before, parsed(text))).toMatchObject({ kind: 'partial-error' });
    expect(JSON.stringify(before.children)).toBe(whole);
  });

  it('of any text give a document or a named error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readPartial(text)));
    expect(readPartial('<presence/>')).toMatchObject({ kind: 'partial-error' });
    expect(readPartial(`<p:pidf-diff xmlns:p="urn:ietf:params:xml:ns:pidf-diff" version="x"/>`)).toMatchObject({ kind: 'partial-error' });
  });
});

describe('partial notification (RFC 5263)', () => {
  const tell = (told: Told, document: PresenceDocument, isWhole = false): Uint8Array =>
    tellPartially(told, encodeUtf8(formatPidf(document)), isWhole ? 'answer' : undefined)?.bytes ?? new Uint8Array();

  it('begins with the whole as version 1, goes on with changes, and tells the whole to who asks', () => {
    const told: Told = { version: 0, document: undefined };
    const texts = [
      tell(told, state('open', ['meeting'], LONG)),
      tell(told, state('closed', ['meeting'], LONG)),
      tell(told, state('open', ['meeting'], LONG), true),
    ].map(decodeUtf8);
    expect(texts.map((text) => /<p:(pidf-\w+).*version="(\d+)"/s.exec(text)?.slice(1).join(' '))).toEqual(['pidf-full 1', 'pidf-diff 2', 'pidf-full 3']);
    const reader = new PartialReader();
    for (const text of texts) expect(reader.learn(encodeUtf8(text)).document).toBeDefined();
  });

  it('that misses one asks for the whole, and takes nothing twice', () => {
    const told: Told = { version: 0, document: undefined };
    const [one, two, three, four] = [
      tell(told, state('open', ['away'], LONG)),
      tell(told, state('closed', ['away'], LONG)),
      tell(told, state('open', ['away'], LONG)),
      tell(told, state('closed', [], LONG), true),
    ];
    const reader = new PartialReader();
    expect(reader.learn(two).isLost).toBe(true);
    expect(reader.learn(one).isLost).toBe(false);
    expect(reader.learn(three)).toMatchObject({ isLost: true, document: undefined });
    const whole = reader.learn(four).document;
    expect(whole === undefined || isPidfError(pidfOf(whole) as never)).toBe(false);
    expect(reader.learn(four)).toMatchObject({ isLost: false, document: undefined });
  });

  it('writes a whole document that is one of PIDF but for its root', () => {
    const document = state('open', ['meeting'], 'x & y');
    const reader = new PartialReader();
    const learnt = reader.learn(encodeUtf8(formatFull(rootOf(document), 1))).document;
    expect(learnt === undefined ? undefined : pidfOf(learnt)).toEqual(document);
  });
});
