import { describe, expect, it } from 'vitest';
import { formatServices, isServicesError, parseServices } from '#presence/lists/resource-lists.ts';
import { faultOfLists, hintOfMember, oddityOfLists, type ListRow, rowsOfLists, withList, withNewList, withoutList } from './lists-form.ts';

const FRIENDS: ListRow = {
  uri: 'sip:friends@home1.net',
  name: 'Friends',
  members: [
    { uri: 'sip:a@home2.net', name: 'Ann & Co' },
    { uri: 'sip:b@home2.net', name: '' },
  ],
};

describe('lists as a form', () => {
  it('say what the text says, and the text what they say', () => {
    const text = withNewList(withNewList('', FRIENDS), { uri: 'sip:empty@home1.net', name: '', members: [] });
    expect(faultOfLists(text)).toBeUndefined();
    expect(rowsOfLists(text)).toEqual([
      { kind: 'row', row: FRIENDS },
      { kind: 'row', row: { uri: 'sip:empty@home1.net', name: '', members: [] } },
    ]);
    const services = parseServices(text);
    expect(isServicesError(services) ? [] : formatServices(services)).toBe(text);
    const longer = withList(text, 0, { ...FRIENDS, members: [...FRIENDS.members, { uri: 'sip:c@home2.net', name: 'C' }] });
    expect(longer.replace(/\s*<rl:entry uri="sip:c@home2.net">[^]*?<\/rl:entry>/, '')).toBe(text);
    expect(withoutList(withNewList(text, { ...FRIENDS, uri: 'sip:x@home1.net' }), 2)).toBe(text);
  });

  it('do not touch lists within lists, references, and what has its own words', () => {
    const nested = withNewList('', FRIENDS).replace('<rl:display-name>Friends', '<rl:list name="in"/><rl:display-name>Friends');
    expect(rowsOfLists(nested)).toEqual([{ kind: 'kept', uri: FRIENDS.uri }]);
    const unwatchable = withNewList('', { ...FRIENDS, members: [{ uri: 'mailto:a@home2.net', name: '' }] });
    expect(rowsOfLists(unwatchable)).toEqual([{ kind: 'kept', uri: FRIENDS.uri }]);
  });

  it('are gone while the text cannot be read', () => {
    for (const text of ['<rls-services', '<lists/>', 'x'.repeat(1_000_000), `<!DOCTYPE a>${withNewList('', FRIENDS)}`])
      expect(rowsOfLists(text)).toMatchObject({ kind: 'fault' });
    const twice = withNewList(withNewList('', FRIENDS), FRIENDS);
    expect(rowsOfLists(twice)).toMatchObject({ kind: 'fault', reason: expect.stringContaining('twice') as string });
    const members = (...uris: readonly string[]): ListRow => ({ ...FRIENDS, members: uris.map((uri) => ({ uri, name: '' })) });
    expect(faultOfLists(withNewList('', members('sip:a@home2.net', 'sip:a@home2.net')))?.reason).toBe('The entry sip:a@home2.net is twice on one list.');
    expect(faultOfLists(withNewList('', members('')))?.reason).toBe('An entry of a list has no address.');
  });
});

describe('the verdict on lists that the server takes', () => {
  const listed = (...uris: readonly string[]): string => withNewList('', { ...FRIENDS, members: uris.map((uri) => ({ uri, name: '' })) });
  it('names what is odd, and is silent where nothing is', () => {
    expect(oddityOfLists(listed('sip:a@home2.net', 'tel:+15551234'))).toBeUndefined();
    expect(oddityOfLists(listed('sip:a@home2.net', 'bob'))).toBe('The server takes this, but nobody will be found by “bob”.');
    expect(oddityOfLists(listed('bob', 'carol'))).toBe('The server takes this, but nobody will be found by 2 of its addresses.');
    expect(oddityOfLists('<rls-services')).toBeUndefined();
  });
});

describe('a member of a list', () => {
  it.each([
    ['sip:a@home2.net', undefined],
    ['tel:+15551234', undefined],
    ['', undefined],
    ['not an uri', 'Nobody can be subscribed to'],
    ['javascript:alert(1)', 'Nobody can be subscribed to'],
    ['SIP:friends@home1.net', 'the list itself'],
  ])('%j', (member, hint) => {
    const said = hintOfMember('sip:friends@home1.net', member);
    if (hint === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(hint);
  });
});
