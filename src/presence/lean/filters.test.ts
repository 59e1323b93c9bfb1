import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { publicationDocument, summaryOf } from '../pidf/states.ts';
import { formatPidf, isPidfError, pidfOf } from '../pidf/xml.ts';
import { formatFilter, type WantedFilter } from './filter-document.ts';
import { changeFilters, type Filters } from './filter-set.ts';
import { filtered, filtersFor, isTriggered } from './filter-use.ts';

const ENTITY = 'sip:user2_public1@home2.net';
const NONE: Filters = new Map();
const rootOf = (text: string): XmlElement => {
  const root = readXml(text);
  if (isXmlError(root)) throw new Error(root.reason);
  return root;
};
const state = (basic: 'open' | 'closed', activities: string[] = [], note?: string): XmlElement =>
  rootOf(formatPidf(publicationDocument({ entity: ENTITY, basic, activities, contact: ENTITY, ...(note === undefined ? {} : { note }) })));
const wanted = (parts: Partial<WantedFilter>): string => formatFilter({ id: '1', include: [], exclude: [], changed: [], added: [], removed: [], ...parts });
const taken = (text: string, before = NONE): Filters => {
  const filters = changeFilters(before, text);
  if (typeof filters === 'string') throw new Error(filters);
  return filters;
};
const using = (parts: Partial<WantedFilter>) => filtersFor(taken(wanted(parts)), ENTITY);
const summary = (root: XmlElement): string => {
  const document = pidfOf(root);
  return isPidfError(document) ? document.reason : summaryOf(document);
};

describe('what a filter lets through (RFC 4661 §3.5)', () => {
  const document = state('open', ['meeting'], 'Back at three');
  it.each([
    ['a path and what stands around it', { include: ['/presence/tuple/status/basic'] }, 'open'],
    ['a path anywhere', { include: ['//rpid:activities'] }, 'meeting'],
    ['several', { include: ['//pidf:basic', '//dm:note'] }, 'open, "Back at three"'],
    ['all but', { exclude: ['//dm:person/dm:note'] }, 'open, meeting'],
    ['never what is mandatory (RFC 4660 §5.3.1)', { exclude: ['//pidf:status'] }, 'open, meeting, "Back at three"'],
    ['by a condition', { include: [`//pidf:tuple[@id="service-ua"]/pidf:status/pidf:basic`] }, 'open'],
    ['by one of two conditions', { include: [`//pidf:status[pidf:basic="closed" or pidf:basic="open"]`] }, 'open'],
    ['nothing', { include: [`//pidf:status[basic="closed"]`] }, 'nothing'],
  ])('%s', (_, parts, expected) => {
    const result = filtered(document, using(parts));
    expect(summary(result)).toBe(expected);
    expect(result.attributes.get('entity')).toBe(ENTITY);
  });

  it('is all there is of a namespace', () => {
    const text = wanted({ include: ['x'] }).replace('<include>x', '<include type="namespace">urn:ietf:params:xml:ns:pidf');
    expect(summary(filtered(document, filtersFor(taken(text), ENTITY)))).toBe('open');
  });
});

describe('when a filter lets a NOTIFY go out (RFC 4661 §3.6)', () => {
  const change = (parts: Partial<WantedFilter>, before: XmlElement, after: XmlElement): boolean => isTriggered(before, after, using(parts));
  it.each([
    ['any change of a value', { changed: [{ path: '//pidf:basic' }] }, state('open'), state('closed'), true],
    ['no other change', { changed: [{ path: '//pidf:basic' }] }, state('open'), state('open', ['away']), false],
    ['a change to a value', { changed: [{ path: '//pidf:basic', to: 'closed' }] }, state('open'), state('closed'), true],
    ['not to another', { changed: [{ path: '//pidf:basic', to: 'open' }] }, state('open'), state('closed'), false],
    ['a change from a value', { changed: [{ path: '//pidf:basic', from: 'closed' }] }, state('closed'), state('open'), true],
    ['something new', { added: ['//rpid:away'] }, state('open'), state('open', ['away']), true],
    ['nothing new', { added: ['//rpid:away'] }, state('open', ['away']), state('closed', ['away']), false],
    ['something gone', { removed: ['//dm:person'] }, state('open', ['away']), state('open'), true],
    ['an attribute', { changed: [{ path: '//pidf:contact/@priority' }] }, state('open'), state('closed'), true],
  ])('%s', (_, parts, before, after, expected) => {
    expect(change(parts, before, after)).toBe(expected);
  });
});

describe('the filters of a subscription (RFC 4660 §3.3.3)', () => {
  it('are replaced by id, switched off and on without being told again, and removed', () => {
    const one = taken(wanted({ include: ['//pidf:basic'] }));
    const replaced = taken(wanted({ exclude: ['//dm:note'] }), one);
    expect(replaced.get('1')).toMatchObject({ include: [], isEnabled: true });
    const off = taken(wanted({ enabled: false }), replaced);
    expect(filtersFor(off, ENTITY)).toEqual([]);
    expect(filtersFor(taken(wanted({ enabled: true }), off), ENTITY)[0]?.exclude).toHaveLength(1);
    expect(taken(wanted({ remove: true }), off).size).toBe(0);
  });

  it.each([
    ['no XML', 'filter'],
    ['another root', '<filters/>'],
    ['no filter', wanted({ include: ['//pidf:basic'] }).replace(/<filter id.*<\/filter>/s, '')],
    ['no id', wanted({ include: ['//pidf:basic'] }).replace(' id="1"', '')],
    ['neither what nor when', wanted({})],
    ['another package', wanted({ include: ['//pidf:basic'] }).replace('"presence"', '"reg"')],
    ['a function', wanted({ include: ['count(//pidf:basic)'] })],
    ['a prefix that is not bound', wanted({ include: ['//zz:basic'] })],
    ['a relative path', wanted({ include: ['pidf:basic'] })],
    ['an endless path', wanted({ include: ['//pidf:basic'.repeat(60)] })],
    ['a position', wanted({ include: ['//pidf:tuple[1]'] })],
    ['neither true nor false', wanted({ include: ['//pidf:basic'] }).replace(' id="1"', ' id="1" enabled="perhaps"')],
    [
      'two filters for one resource',
      wanted({ include: ['//pidf:basic'] }).replace(/(<filter id="1".*<\/filter>)/s, '$1<filter id="2"><what><include>//pidf:note</include></what></filter>'),
    ],
  ])('refuse %s whole', (_, text) => {
    expect(changeFilters(NONE, text)).toEqual(expect.any(String));
    expect(NONE.size).toBe(0);
  });

  it('of any text are filters or a sentence', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void changeFilters(NONE, wanted({ include: [text.replace(/[^\n -~]/g, 'x')] }))));
  });

  it('are for whom they name, or for whoever is subscribed to', () => {
    const of = (target: string) => filtersFor(taken(wanted({ include: ['//pidf:basic'] }).replace(' id="1"', ` id="1" ${target}`)), ENTITY).length;
    expect([
      of(`uri="${ENTITY}"`),
      of('uri="pres:user2_public1@home2.net"'),
      of('uri="sip:other@home2.net"'),
      of('domain="home2.net"'),
      of('domain="home1.net"'),
    ]).toEqual([1, 1, 0, 1, 0]);
  });
});
