import { describe, expect, it } from 'vitest';
import { formatResourceLists, formatServices, isServicesError } from '#presence/lists/resource-lists.ts';
import { FollowedLists } from './followed-lists.ts';

const ANN = 'sip:ann@home1.net';
const BOB = 'sip:bob@home1.net';
const document = (...uris: readonly string[]): string => formatServices(uris.map((uri) => ({ uri, entries: [{ uri: 'sip:x@home2.net' }] })));

describe('the lists of a list server', () => {
  it('are those that are configured and those that owners keep, and follow their documents', () => {
    const lists = new FollowedLists([{ uri: 'sip:all@home1.net', entries: [] }], new Map());
    expect(lists.put(ANN, [ANN, 'tel:+1'], document('sip:friends@home1.net', 'sip:work@home1.net'))).toEqual({ taken: 2, ofOthers: [] });
    expect(lists.all().map(({ service, owners, keeper }) => [service.uri, owners, keeper])).toEqual([
      ['sip:all@home1.net', undefined, undefined],
      ['sip:friends@home1.net', [ANN, 'tel:+1'], ANN],
      ['sip:work@home1.net', [ANN, 'tel:+1'], ANN],
    ]);
    lists.put(ANN, [ANN], document('sip:work@home1.net'));
    expect([lists.find('sip:friends@home1.net'), lists.find('sip:work@HOME1.net')?.entries.length]).toEqual([undefined, 1]);
    lists.put(ANN, [ANN], undefined);
    expect(lists.all()).toHaveLength(1);
  });

  it('stay with whoever had the address first', () => {
    const lists = new FollowedLists([{ uri: 'sip:all@home1.net', entries: [] }], new Map());
    lists.put(ANN, [ANN], document('sip:friends@home1.net'));
    const put = lists.put(BOB, [BOB], document('sip:friends@home1.net', 'sip:all@home1.net', 'sip:mine@home1.net'));
    expect(put).toEqual({ taken: 1, ofOthers: ['sip:friends@home1.net', 'sip:all@home1.net'] });
    expect(lists.ownersOf('sip:friends@home1.net')).toEqual([ANN]);
    expect(lists.ownersOf('sip:all@home1.net')).toBeUndefined();
  });

  it('are not touched by what cannot be read', () => {
    const lists = new FollowedLists([], new Map());
    lists.put(ANN, [ANN], document('sip:friends@home1.net'));
    const put = lists.put(ANN, [ANN], '<!DOCTYPE a><a/>');
    expect(isServicesError(put as never)).toBe(true);
    expect(lists.all()).toHaveLength(1);
  });

  const at = (handle: string, owner = ANN, host = 'xdms.home1.net'): string =>
    `http://${host}/xcap-root/resource-lists/users/${owner}/index/~~/resource-lists/list%5B@name=%22${handle}%22%5D`;
  const referring = (refersTo: string): string => formatServices([{ uri: 'sip:friends@home1.net', entries: [], refersTo }]);
  const shared = (...uris: readonly string[]): string => formatResourceLists([{ handle: 'team', entries: uris.map((uri) => ({ uri })) }]);
  const served = (lists: FollowedLists) => lists.find('sip:friends@home1.net');

  it('are kept elsewhere too, and are others as soon as those are', () => {
    const lists = new FollowedLists([], new Map(), 'xdms.home1.net');
    lists.put(ANN, [ANN], referring(at('team')));
    expect(served(lists)).toMatchObject({ entries: [], broken: expect.any(String) as string });
    expect(lists.putResourceLists(ANN, shared(BOB))).toEqual({ taken: 1, ofOthers: [] });
    expect(served(lists)).toMatchObject({ entries: [{ uri: BOB }] });
    expect(served(lists)?.broken).toBeUndefined();
    expect(isServicesError(lists.putResourceLists(ANN, '<a/>'))).toBe(true);
    expect(served(lists)?.entries).toHaveLength(1);
    lists.putResourceLists(ANN, undefined);
    expect(served(lists)?.broken).toBeDefined();
  });

  it('are kept in documents of any name, each by itself, and lead from one to another', () => {
    const lists = new FollowedLists([], new Map(), 'xdms.home1.net');
    const elsewhere = at('team').replace('/index/', '/colleagues/');
    lists.put(ANN, [ANN], referring(elsewhere));
    lists.putResourceLists(ANN, shared('sip:x@home2.net'));
    expect(served(lists)?.broken).toBeDefined();
    lists.putResourceLists(ANN, shared(BOB), 'colleagues');
    expect(served(lists)).toMatchObject({ entries: [{ uri: BOB }] });
    // RFC 4826 §3.4.7: the default port and the case of the host tell nothing apart.
    lists.put(ANN, [ANN], referring(elsewhere.replace('xdms.home1.net', 'XDMS.home1.net:80')));
    expect(served(lists)).toMatchObject({ entries: [{ uri: BOB }] });
    const leading = `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="team"><external anchor="${at('team').replaceAll('"', '&quot;')}"/><entry-ref ref="${elsewhere.replace(/^.*xcap-root\//, '')}/entry%5B1%5D"/></list></resource-lists>`;
    lists.putResourceLists(ANN, leading, 'all');
    lists.put(ANN, [ANN], referring(at('team').replace('/index/', '/all/')));
    expect(served(lists)?.entries.map(({ uri }) => uri)).toEqual(['sip:x@home2.net', BOB]);
    lists.putResourceLists(ANN, undefined, 'colleagues');
    expect(served(lists)).toMatchObject({ entries: [{ uri: 'sip:x@home2.net' }], broken: expect.any(String) as string });
  });

  it.each([
    ['of another user', at('team', BOB)],
    ['of another server', at('team', ANN, 'xdms.home2.net')],
    ['of another name', at('others')],
    ['in another kind of document', at('team').replace('resource-lists/users', 'pres-rules/users')],
    ['that is a whole document', at('team').replace(/\/~~.*/, '')],
    ['that is an attribute', `${at('team')}/@name`],
  ])('are not followed to what is %s', (_, refersTo) => {
    const lists = new FollowedLists([], new Map(), 'xdms.home1.net');
    for (const one of [ANN, BOB]) lists.putResourceLists(one, shared(BOB));
    lists.put(ANN, [ANN], referring(refersTo));
    expect(served(lists)).toMatchObject({ entries: [], broken: expect.any(String) as string });
  });
});
