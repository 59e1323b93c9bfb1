/** The RLS services document: written, read, and refused where it breaks the rules (RFC 4826 §4). */
import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { schemaComplaints } from '#testing/judges/xmllint.ts';
import { formatServices, isServicesError, parseServices } from './resource-lists.ts';

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
    '<resource-list>http://xcap.home1.net/resource-lists/users/a/index/~~/resource-lists/list</resource-list>',
    '<list><rl:external anchor="http://xcap.home1.net/x"/></list>',
    '<list><rl:entry-ref ref="x"/></list>',
  ])('what refers to another document is told apart: %s', (inner) => {
    expect(only(inner)?.broken).toMatch(/cannot be had here/);
  });
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
