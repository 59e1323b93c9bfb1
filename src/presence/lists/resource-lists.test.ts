/** The RLS services document: written, read, and refused where it breaks the rules (RFC 4826 §4). */
import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { schemaComplaints } from '#testing/judges/xmllint.ts';
import { formatResourceLists, formatServices, isServicesError, type OtherDocuments, parseResourceLists, parseServices } from './resource-lists.ts';

const ANNA = 'sip:anna@home1.net';
const BO = 'sip:bo@home2.net';
const LIST = 'sip:friends@home1.net';

describe('RLS services', () => {
  const services = [
    { uri: LIST, name: 'Friends', entries: [{ uri: ANNA, name: 'Anna' }, { uri: BO }], packages: ['presence'] },
    { uri: 'sip:club@home1.net', entries: [] },
  ];
  it('are read as they were written', () => {
    expect(parseServices(formatServices(services))).toEqual(services);
  });
  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('are valid', () => {
    expect(schemaComplaints('rls-services.xsd', new Map([['own', formatServices(services)]]))).toEqual([]);
  });
  const document = (inner: string): string =>
    `<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"><service uri="${LIST}">${inner}</service></rls-services>`;
  const only = (inner: string) => {
    const parsed = parseServices(document(inner));
    if (isServicesError(parsed)) throw new Error(parsed.reason);
    return parsed[0];
  };
  it('a list of lists becomes flat, each address once, and only what can be subscribed to', () => {
    const entry = (uri: string): string => `<rl:entry uri="${uri}"/>`;
    const inner = `<list>${entry(ANNA)}<rl:list name="more">${entry(BO)}${entry(ANNA)}${entry('mailto:c@d')}</rl:list>${entry('sip:Anna@home1.net')}</list>`;
    expect(only(inner)?.entries.map(({ uri }) => uri)).toEqual([ANNA, BO, 'sip:Anna@home1.net']);
  });
  it.each([
    'sip:bo@home2.net?Subject=x',
    'pres:bo@home2.net?x=y',
    'sip:bo@home2.net&#13;&#10;X-Smuggled: 1',
    'sip:b o@home2.net',
    'sip:bo@home2.net&gt;;x',
    'sip:ü@home2.net',
    'sip:bo@home2.net:70000',
    'tel:-',
  ])('%s is nobody to subscribe to: it would make a request that nobody reads, or another one', (uri) => {
    expect(only(`<list><rl:entry uri="${uri}"/><rl:entry uri="${BO}"/></list>`)?.entries.map((entry) => entry.uri)).toEqual([BO]);
  });
  it.each([
    '<resource-list>http://xcap.home1.net/resource-lists/users/a/index/~~/resource-lists/list</resource-list>',
    '<list><rl:external anchor="http://xcap.home1.net/x"/></list>',
    '<list><rl:entry-ref ref="x"/></list>',
  ])('what refers to another document is told apart: %s', (inner) => {
    expect(only(inner)?.broken).toMatch(/cannot be had here/);
  });
  it.each(['/x', 'http://xcap.home1.net/x'])(
    'the reference %s to an entry is no relative path, and the list %s elsewhere needs one that is absolute',
    (ref) => {
      expect(parseServices(document(`<list><rl:entry-ref ref="${ref}"/></list>`))).toMatchObject({ isConstraint: true });
      expect(parseServices(document('<list><rl:external anchor="/x"/></list>'))).toMatchObject({ isConstraint: true });
    },
  );
  it.each([
    ['another root', '<services/>'],
    ['a service without address', '<rls-services xmlns="urn:ietf:params:xml:ns:rls-services"><service/></rls-services>'],
    ['a service twice', document('<list/>').replace('</rls-services>', `<service uri="${LIST}"><list/></service></rls-services>`)],
    ['a service with an empty address', document('<list/>').replace(LIST, '')],
    ['an entry without address', document('<list><rl:entry/></list>')],
    ['an entry with an empty address', document('<list><rl:entry uri=""/></list>')],
    ['an entry with an empty address in a list within the list', document('<list><rl:list><rl:entry uri=" "/></rl:list></list>')],
    ['two lists of packages', document('<list/><packages/><packages/>')],
    ['two lists', document('<list/><list/>')],
    ['no XML', 'x'],
  ])('%s is refused', (_, text) => {
    expect(isServicesError(parseServices(text))).toBe(true);
  });
  it.each([
    ['in the list itself', (twice: string) => `<list>${twice}</list>`, 'list/entry'],
    ['in a list within it', (twice: string) => `<list><rl:list>${twice}</rl:list></list>`, 'list/list/entry'],
  ])('the same entry twice %s is refused, and named', (_, inner, path) => {
    const twice = `<rl:entry uri="${ANNA}"/><rl:entry uri="${BO}"/><rl:entry uri="${ANNA}"/>`;
    expect(parseServices(document(inner(twice)))).toMatchObject({
      kind: 'services-error',
      reason: `The entry ${ANNA} is twice on one list.`,
      twice: `rls-services/service[@uri="${LIST}"]/${path}[@uri="${ANNA}"]/@uri`,
    });
  });
  it.each([
    ['list', 'name', 'more'],
    ['entry-ref', 'ref', 'users/x'],
    ['external', 'anchor', 'http://xcap.home1.net/x'],
  ])('the same %s twice is refused, and another is not', (name, attribute, key) => {
    const child = (value: string): string => `<rl:${name} ${attribute}="${value}"/>`;
    expect(parseServices(document(`<list>${child(key)}${child(key)}</list>`))).toMatchObject({ reason: `The ${name} ${key} is twice on one list.` });
    expect(isServicesError(parseServices(document(`<list>${child(key)}${child(`${key}2`)}</list>`)))).toBe(false);
  });
});

describe('lists in other documents (RFC 4826 §4.5)', () => {
  const ROOT = 'http://xdms.home1.net/xcap-root';
  const friends = { handle: 'friends', name: 'Friends', entries: [{ uri: ANNA, name: 'Anna' }, { uri: BO }] };
  const elements = (inner: string) => {
    const root = parseResourceLists(`<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">${inner}</resource-lists>`);
    if (isServicesError(root)) throw new Error(root.reason);
    return root.children;
  };
  const others = (known: Readonly<Record<string, string>>): OtherDocuments => ({
    root: ROOT,
    find: (uri) => {
      const inner = known[uri.slice(ROOT.length + 1)];
      // An entry stands on a list.
      const [first] = inner === undefined ? [] : elements(inner.startsWith('<entry') ? `<list>${inner}</list>` : inner);
      return inner?.startsWith('<entry') === true ? first?.children[0] : first;
    },
  });
  const read = (inner: string, known: Readonly<Record<string, string>>) => {
    const text = `<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"><service uri="${LIST}">${inner}</service></rls-services>`;
    const parsed = parseServices(text, others(known));
    if (isServicesError(parsed)) throw new Error(parsed.reason);
    return parsed[0];
  };
  const listOf = (...inner: readonly string[]): string => `<list>${inner.join('')}</list>`;
  const external = (to: string): string => `<external anchor="${ROOT}/${to}"/>`;

  it('are read as they were written', () => {
    const root = parseResourceLists(formatResourceLists([friends]));
    expect(isServicesError(root) ? root : root.children[0]?.attributes.get('name')).toBe('friends');
  });
  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('are valid', () => {
    expect(schemaComplaints('resource-lists.xsd', new Map([['own', formatResourceLists([friends])]]))).toEqual([]);
    expect(schemaComplaints('rls-services.xsd', new Map([['own', formatServices([{ uri: LIST, entries: [], refersTo: `${ROOT}/x` }])]]))).toEqual([]);
  });
  it('are taken in place of the reference: a whole list, a list on a list, an entry under a name of its own', () => {
    const known = {
      a: listOf('<display-name>Team</display-name>', `<entry uri="${ANNA}"/>`, external('b')),
      b: listOf(`<entry uri="${BO}"/>`),
      c: `<entry uri="${BO}"><display-name>Bo</display-name></entry>`,
    };
    expect(read(`<resource-list>${ROOT}/a</resource-list>`, known)).toEqual({
      uri: LIST,
      name: 'Team',
      refersTo: `${ROOT}/a`,
      entries: [{ uri: ANNA }, { uri: BO }],
    });
    expect(read('<list><rl:entry-ref ref="c"/></list>', known)?.entries).toEqual([{ uri: BO, name: 'Bo' }]);
    expect(read('<list><rl:entry-ref ref="c"><rl:display-name>Boss</rl:display-name></rl:entry-ref></list>', known)?.entries).toEqual([
      { uri: BO, name: 'Boss' },
    ]);
  });
  it('that lead back to where one was are opened no more, and nothing after them', () => {
    const known = { a: listOf(`<entry uri="${ANNA}"/>`, external('b'), `<entry uri="${BO}"/>`), b: listOf(external('a')) };
    expect(read(`<list>${external('a').replace('<', '<rl:')}</list>`, known)).toMatchObject({
      entries: [{ uri: ANNA }],
      broken: `The list comes back to ${ROOT}/a, where it was already.`,
    });
  });
  it.each([
    ['nothing is there', '<list><rl:entry-ref ref="x"/></list>'],
    ['a list is there where an entry should be', '<list><rl:entry-ref ref="a"/></list>'],
    ['an entry is there where a list should be', `<resource-list>${ROOT}/c</resource-list>`],
    ['an entry is there where a list elsewhere should be', `<list><rl:external anchor="${ROOT}/c"/></list>`],
  ])('cannot be had where %s', (_, inner) => {
    expect(read(inner, { a: listOf(), c: `<entry uri="${BO}"/>` })).toMatchObject({
      entries: [],
      broken: expect.stringMatching(/cannot be had here\.$/) as string,
    });
  });
  it.each([
    ['entries without a list', '<entry uri="sip:a@b.net"/>'],
    ['two lists of one name', '<list name="a"/><list name="a"/>'],
    ['an entry twice', `<list><entry uri="${BO}"/><entry uri="${BO}"/></list>`],
    ['another root', undefined],
  ])('a document with %s is refused', (_, inner) => {
    const text = inner === undefined ? '<lists/>' : `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">${inner}</resource-lists>`;
    expect(isServicesError(parseResourceLists(text))).toBe(true);
  });
});
