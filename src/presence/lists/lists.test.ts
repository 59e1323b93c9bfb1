/** Lists as documents and as state: written and read, kept coherent, and refused where they break the rules (RFC 4662 §5, RFC 4826 §4.5). */
import { array, assert, boolean, constantFrom, integer, property, record, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { hasJudge } from '#testing/judges.ts';
import { schemaComplaints } from '#testing/judges/xmllint.ts';
import { formatListBody, isListBodyError, type ListState, readListBody } from './list-body.ts';
import { ListTable } from './list-table.ts';
import { formatRlmi, isRlmiError, parseRlmi, type RlmiDocument } from './rlmi.ts';
import { VirtualList } from './virtual-list.ts';

const ANNA = 'sip:anna@home1.net';
const BO = 'sip:bo@home2.net';
const LIST = 'sip:friends@home1.net';
const pidf = (basic: string): { kind: 'document'; contentType: string; bytes: Uint8Array } => ({
  kind: 'document',
  contentType: 'application/pidf+xml',
  bytes: encodeUtf8(`<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${BO}"><tuple id="t"><status><basic>${basic}</basic></status></tuple></presence>`),
});

function words(prefix: string): () => string {
  let n = 0;
  return () => `${prefix}${n++}`;
}
const format = (list: ListState): { contentType: string; bytes: Uint8Array } => formatListBody(list, words('part@rls.home1.net.'), words('boundary'));
const read = ({ contentType, bytes }: { contentType: string; bytes: Uint8Array }): ListState => {
  const list = readListBody(contentType, bytes);
  if (isListBodyError(list)) throw new Error(list.reason);
  return list;
};
const refusal = (contentType: string, text: string): string => {
  const list = readListBody(contentType, encodeUtf8(text));
  return isListBodyError(list) ? list.reason : 'taken';
};

const state = (version: number, fullState: boolean, resources: ListState['resources']): ListState => ({
  uri: LIST,
  version,
  fullState,
  name: 'Friends',
  resources,
});
const active = (id: string, basic: string) => ({ id, state: 'active' as const, body: pidf(basic) });

describe('resource list meta-information', () => {
  const document: RlmiDocument = {
    uri: LIST,
    version: 7,
    fullState: true,
    name: 'Freunde & "Bekannte"',
    resources: [
      { uri: ANNA, name: 'Anna', instances: [{ id: 'a', state: 'active', cid: '1.x@home1.net' }] },
      { uri: BO, instances: [{ id: 'b', state: 'terminated', reason: 'rejected' }] },
      { uri: 'sip:ed@home2.net', instances: [{ id: 'c', state: 'pending' }] },
      { uri: 'sip:jim@home2.net', instances: [] },
    ],
  };

  it('is read as it was written', () => {
    expect(parseRlmi(formatRlmi(document))).toEqual(document);
  });

  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('is valid', () => {
    expect(schemaComplaints('rlmi.xsd', new Map([['own', formatRlmi(document)]]))).toEqual([]);
  });

  it.each([
    ['no list', '<lists xmlns="urn:ietf:params:xml:ns:rlmi"/>', /root element/],
    ['another namespace', '<list uri="sip:a@b" version="0" fullState="true"/>', /root element/],
    ['no version', `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${LIST}" fullState="true"/>`, /version/],
    ['a version that is none', `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${LIST}" version="-1" fullState="true"/>`, /version/],
    ['a version out of range', `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${LIST}" version="4294967296" fullState="true"/>`, /version/],
    ['no fullState', `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${LIST}" version="0"/>`, /complete/],
    ['a state that is none', rlmi(`<resource uri="${BO}"><instance id="a" state="awake"/></resource>`), /known state/],
    ['active without a document', rlmi(`<resource uri="${BO}"><instance id="a" state="active"/></resource>`), /refers to no part/],
    ['a resource twice', rlmi(`<resource uri="${BO}"/><resource uri="${BO}"/>`), /twice/],
    ['a resource without address', rlmi('<resource/>'), /which one it is/],
    ['a document type', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rlmi(`<resource uri="&x;"/>`)}`, /document type/],
    ['not well-formed', rlmi('<resource'), /well-formed/i],
    ['too large', rlmi(`<resource uri="${'a'.repeat(70_000)}"/>`), /longer/],
  ])('with %s is refused', (_, text, reason) => {
    const parsed = parseRlmi(text);
    expect(isRlmiError(parsed) ? parsed.reason : 'taken').toMatch(reason);
  });
});

function rlmi(inner: string): string {
  return `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${LIST}" version="0" fullState="true">${inner}</list>`;
}

describe('the body of a list', () => {
  const list = state(3, false, [
    { uri: ANNA, instances: [] },
    { uri: BO, name: 'Bo', instances: [active('x', 'open')] },
    {
      uri: 'sip:club@home2.net',
      instances: [
        {
          id: 'l',
          state: 'active',
          body: { kind: 'list', list: { ...state(0, true, [{ uri: BO, instances: [active('y', 'closed')] }]), uri: 'sip:club@home2.net' } },
        },
      ],
    },
    { uri: 'sip:ed@home2.net', instances: [{ id: 'z', state: 'terminated', reason: 'noresource' }] },
  ]);

  it('is read as it was written, lists within it included', () => {
    expect(read(format(list))).toEqual(list);
  });

  it('peers C10: has no Content-ID twice, and each cid is one of its own parts', () => {
    const { bytes } = format(list);
    const text = decodeUtf8(bytes);
    const ids = [...text.matchAll(/Content-ID: <(.*?)>/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cids = [...text.matchAll(/ cid="(.*?)"/g)].map(([, id]) => id);
    expect(cids.every((cid) => ids.includes(cid))).toBe(true);
    // RLMI of the list and of the list within it are the only parts that no instance refers to.
    expect(ids.length - cids.length).toBe(2);
  });

  it('chooses a boundary that no part holds', () => {
    const document = { kind: 'document' as const, contentType: 'text/plain', bytes: encodeUtf8('--boundary0\r\nboundary1') };
    const sly = state(0, true, [{ uri: BO, instances: [{ id: 'x', state: 'active', body: document }] }]);
    const made = format(sly);
    expect(made.contentType).toContain('boundary=boundary2');
    expect(read(made)).toEqual(sly);
  });

  const related = 'multipart/related;type="application/rlmi+xml";start="<r@a>";boundary=b';
  const part = (id: string, type: string, body: string): string => `--b\r\nContent-ID: <${id}>\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const root = (inner: string): string => part('r@a', 'application/rlmi+xml', rlmi(inner));
  const instance = (id: string, cid: string): string => `<instance id="${id}" state="active" cid="${cid}"/>`;
  it.each([
    ['another type', 'application/pidf+xml', root(''), /multipart/],
    ['no boundary', 'multipart/related', root(''), /told apart/],
    ['no end', related, root(''), /told apart/],
    ['no part', related, '--b--', /told apart/],
    ['a root that is not there', related, `${part('q@a', 'application/rlmi+xml', rlmi(''))}--b--`, /root/],
    ['a root of another type', related, `${part('r@a', 'application/pidf+xml', rlmi(''))}--b--`, /root/],
    ['a cid of no part', related, `${root(`<resource uri="${BO}">${instance('a', 'p@a')}</resource>`)}--b--`, /no part has/],
    ['a cid of the root', related, `${root(`<resource uri="${BO}">${instance('a', 'r@a')}</resource>`)}--b--`, /Two instances/],
    [
      'two instances of one part',
      related,
      `${root(`<resource uri="${BO}">${instance('a', 'p@a')}${instance('c', 'p@a')}</resource>`)}${part('p@a', 'text/plain', 'x')}--b--`,
      /Two instances/,
    ],
    ['a Content-ID twice', related, `${root('')}${part('p@a', 'text/plain', 'x')}${part('p@a', 'text/plain', 'y')}--b--`, /Two parts/],
    ['RLMI that cannot be read', related, `${part('r@a', 'application/rlmi+xml', '<list')}--b--`, /well-formed/i],
    [
      'more parts than are taken',
      related,
      `${root('')}${Array.from({ length: 70 }, (_, i) => part(`p${i}@a`, 'text/plain', 'x')).join('')}--b--`,
      /told apart/,
    ],
  ])('with %s is refused', (_, type, text, reason) => {
    expect(refusal(type, text)).toMatch(reason);
  });

  it('with lists within lists without end is refused', () => {
    let inner: ListState = state(0, true, []);
    for (let i = 0; i < 12; i++)
      inner = state(0, true, [{ uri: `sip:l${i}@a.net`, instances: [{ id: 'l', state: 'active', body: { kind: 'list', list: inner } }] }]);
    const { contentType, bytes } = format(inner);
    expect(refusal(contentType, decodeUtf8(bytes))).toMatch(/deeper than 8/);
  });

  it('any bytes give a list or a named error', () => {
    const { contentType, bytes } = format(list);
    const edits = array(record({ at: integer({ min: 0, max: bytes.length - 1 }), byte: integer({ min: 0, max: 255 }) }), { maxLength: 6 });
    assert(
      property(
        edits,
        integer({ min: 0, max: bytes.length }),
        constantFrom(contentType, 'multipart/related;boundary=boundary1', 'multipart/related'),
        (changes, cut, type) => {
          const spoilt = bytes.slice(0, cut);
          for (const { at, byte } of changes) if (at < spoilt.length) spoilt[at] = byte;
          const result = readListBody(type, spoilt);
          expect(isListBodyError(result) ? result.reason : result.uri).toBeTypeOf('string');
        },
      ),
    );
    assert(
      property(uint8Array({ maxLength: 300 }), string(), (any, type) => {
        readListBody(type, any);
      }),
    );
  });
});

describe('what a list subscriber knows', () => {
  const rowOf = (table: ListTable, uri: string) => [...table.rows()].find((row) => row.uri === uri)?.instances[0]?.state;

  it('partial state changes the rows that it names, full state replaces all', () => {
    const table = new ListTable();
    expect(
      table.apply(
        state(0, true, [
          { uri: ANNA, instances: [] },
          { uri: BO, instances: [] },
        ]),
      ),
    ).toBe('taken');
    expect(table.apply(state(1, false, [{ uri: BO, instances: [active('x', 'open')] }]))).toBe('taken');
    expect([...table.rows()].map(({ uri }) => uri)).toEqual([ANNA, BO]);
    expect(rowOf(table, BO)).toBe('active');
    expect(table.apply(state(2, true, [{ uri: BO, instances: [active('x', 'open')] }]))).toBe('taken');
    expect([...table.rows()].map(({ uri }) => uri)).toEqual([BO]);
  });
  it('peers C10: a version that skips others is taken and shows that something was lost; an old one is not taken at all', () => {
    const table = new ListTable();
    table.apply(state(0, true, [{ uri: BO, instances: [] }]));
    expect(table.apply(state(2, false, [{ uri: BO, instances: [active('x', 'open')] }]))).toBe('lost');
    expect(rowOf(table, BO)).toBe('active');
    for (const version of [2, 1, 0]) {
      expect(table.apply(state(version, true, []))).toBe('old');
      expect(table.apply(state(version, false, [{ uri: BO, instances: [{ id: 'x', state: 'terminated', reason: 'rejected' }] }]))).toBe('old');
    }
    expect(rowOf(table, BO)).toBe('active');
    expect(table.apply(state(9, true, [{ uri: BO, instances: [] }]))).toBe('taken');
  });
  it('a first document that tells only changes shows that the whole was lost', () => {
    expect(new ListTable().apply(state(4, false, []))).toBe('lost');
  });
  it('a list within the list has versions of its own', () => {
    const within = (version: number, fullState: boolean) => ({
      id: 'l',
      state: 'active' as const,
      body: { kind: 'list' as const, list: { ...state(version, fullState, [{ uri: BO, instances: [] }]), uri: 'sip:club@a.net' } },
    });
    const table = new ListTable();
    expect(table.apply(state(0, true, [{ uri: 'sip:club@a.net', instances: [within(0, true)] }]))).toBe('taken');
    expect(table.apply(state(1, false, [{ uri: 'sip:club@a.net', instances: [within(1, false)] }]))).toBe('taken');
    expect(table.apply(state(2, false, [{ uri: 'sip:club@a.net', instances: [within(3, false)] }]))).toBe('lost');
  });
});

describe('a list as its server serves it', () => {
  const service = (uri: string, ...entries: string[]) => ({ uri, entries: entries.map((entry) => ({ uri: entry })) });
  const find =
    (...services: ReturnType<typeof service>[]) =>
    (uri: string) =>
      services.find((one) => one.uri === uri);
  const known = (id: string, basic: string) => ({ id, state: 'active' as const, document: pidf(basic) });

  it('written anew keeps what is known of whoever stays, and tells everything under the next version', () => {
    const list = new VirtualList(service(LIST, ANNA, BO), find());
    list.next(true);
    list.learn(BO, known('b', 'open'));
    list.next(false);
    expect(list.reform(service(LIST, BO, ANNA), find())).toBe(false);
    expect(list.hasNews()).toBe(false);
    const carl = 'sip:carl@a.net';
    expect(list.reform(service(LIST, BO, carl), find())).toBe(true);
    expect([list.hasNews(), [...list.addresses()]]).toEqual([true, [BO, carl]]);
    const next = list.next(false);
    expect([next.version, next.fullState, next.resources.map(({ uri, instances }) => [uri, instances.length])]).toEqual([
      2,
      true,
      [
        [BO, 1],
        [carl, 0],
      ],
    ]);
    expect([list.hasNews(), list.next(false).fullState, list.learn(ANNA, known('a', 'open'))]).toEqual([false, false, false]);
    // A list within it that is another makes it another.
    const club = service('sip:club@a.net', ANNA);
    expect(list.reform(service(LIST, BO, club.uri), find(club))).toBe(true);
    expect(list.reform(service(LIST, BO, club.uri), find(service(club.uri, ANNA, carl)))).toBe(true);
    expect([...list.addresses()]).toEqual([BO, ANNA, carl]);
  });

  it('peers C10: tells everything first and after each SUBSCRIBE, else what is new; versions count by one', () => {
    const list = new VirtualList(service(LIST, ANNA, BO), find());
    const told = [list.next(true)];
    expect(list.learn(BO, known('b', 'open'))).toBe(true);
    expect(list.learn(BO, known('b', 'open'))).toBe(false);
    told.push(list.next(false), list.next(false), list.next(true));
    expect(told.map(({ version, fullState, resources }) => [version, fullState, resources.map(({ uri, instances }) => [uri, instances.length])])).toEqual([
      [
        0,
        true,
        [
          [ANNA, 0],
          [BO, 0],
        ],
      ],
      [1, false, [[BO, 1]]],
      [2, false, []],
      [
        3,
        true,
        [
          [ANNA, 0],
          [BO, 1],
        ],
      ],
    ]);
  });
  it('is complete the first time even when nobody asked for that', () => {
    expect(new VirtualList(service(LIST, ANNA), find()).next(false).fullState).toBe(true);
  });
  it('tells who is gone, with the reason, and goes on doing so in full state', () => {
    const list = new VirtualList(service(LIST, BO), find());
    list.next(true);
    list.learn(BO, { id: 'b', state: 'terminated', reason: 'rejected' });
    const gone = [{ uri: BO, instances: [{ id: 'b', state: 'terminated', reason: 'rejected' }] }];
    expect([list.next(false).resources, list.next(false).resources, list.next(true).resources]).toEqual([gone, [], gone]);
  });
  it('asks for an address once, however many lists it is on', () => {
    const club = service('sip:club@home1.net', BO, ANNA);
    const list = new VirtualList(service(LIST, BO, club.uri), find(club));
    expect([...list.addresses()]).toEqual([BO, ANNA]);
    list.next(true);
    list.learn(BO, known('b', 'open'));
    const [direct, within] = list.next(false).resources;
    expect(direct?.uri).toBe(BO);
    expect(within?.instances[0]?.body).toMatchObject({ kind: 'list', list: { version: 1, fullState: false, resources: [{ uri: BO }] } });
  });
  it('that ends up in itself comes to an end', () => {
    const a = service('sip:a@home1.net', 'sip:b@home1.net');
    const b = service('sip:b@home1.net', 'sip:a@home1.net', BO);
    const list = new VirtualList(a, find(a, b));
    expect([...list.addresses()]).toEqual([BO]);
    const { contentType, bytes } = format(list.next(true));
    expect(decodeUtf8(bytes)).toContain('state="terminated" reason="rejected"');
    expect(isListBodyError(readListBody(contentType, bytes))).toBe(false);
  });
  it('whatever happens, a subscriber who reads it knows the same', () => {
    const events = array(
      record({ who: constantFrom(ANNA, BO, 'sip:ed@home2.net'), what: constantFrom('open', 'closed', 'gone', 'asked'), tell: boolean(), full: boolean() }),
    );
    assert(
      property(events, (all) => {
        const club = service('sip:club@home1.net', 'sip:ed@home2.net', ANNA);
        const list = new VirtualList(service(LIST, BO, club.uri), find(club));
        const table = new ListTable();
        const hear = (isFull: boolean): void => {
          expect(table.apply(read(format(list.next(isFull))))).toBe('taken');
        };
        hear(true);
        for (const { who, what, tell, full } of all) {
          list.learn(
            who,
            what === 'gone' ? { id: who, state: 'terminated', reason: 'noresource' } : what === 'asked' ? { id: who, state: 'pending' } : known(who, what),
          );
          if (tell) hear(full);
        }
        hear(false);
        const flat = (one: ListTable): [string, string | undefined][] =>
          [...one.rows()].flatMap(({ uri, instances }) =>
            instances[0]?.table === undefined ? [[uri, instances[0]?.state] as [string, string | undefined]] : flat(instances[0].table),
          );
        expect(flat(table)).toEqual(list.summary().map(({ uri, known: is }) => [uri, is?.state]));
      }),
    );
  });
});
