import { describe, expect, it } from 'vitest';
import { formatServices, isServicesError } from '#presence/lists/resource-lists.ts';
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
});
