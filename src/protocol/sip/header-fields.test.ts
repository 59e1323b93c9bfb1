import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeaderFields } from './header-fields.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { canonicalName, exactNameAt } from './header-names.ts';
import { splitList } from './lists.ts';

const headers = (...lines: [string, string][]): HeaderFields => new HeaderFields(lines.map(([name, value]) => ({ name, value })));
const text = (fields: HeaderFields): string[] => fields.fields().map(({ name, value }) => `${name}: ${value}`);

describe('canonicalName', () => {
  it('maps letter case and compact forms, and leaves unknown names', () => {
    expect(['v', 'VIA', 'call-id', 'I', 'cseq', 'p-asserted-identity', 'o', 'sip-etag', 'www-authenticate', 'U'].map(canonicalName)).toEqual([
      'Via',
      'Via',
      'Call-ID',
      'Call-ID',
      'CSeq',
      'P-Asserted-Identity',
      'Event',
      'SIP-ETag',
      'WWW-Authenticate',
      'Allow-Events',
    ]);
    expect(canonicalName('x-Foo')).toBe('x-Foo');
    expect(exactNameAt(encodeUtf8('a Max-Forwards: 7'), 2, 14)?.name).toBe('Max-Forwards');
    expect(exactNameAt(encodeUtf8('a max-forwards: 7'), 2, 14)).toBeUndefined();
  });
});

describe('HeaderFields', () => {
  it('gives whole lines, first values and all values', () => {
    const h = headers(
      ['Via', 'SIP/2.0/UDP a;x="1,2", SIP/2.0/UDP b'],
      ['Route', '<sip:a;lr>,<sip:b,c;lr>'],
      ['Via', 'SIP/2.0/UDP c'],
      ['Subject', 'one, two'],
      ['x-Foo', 'a, b'],
    );
    expect(h.get('Via')).toBe('SIP/2.0/UDP a;x="1,2", SIP/2.0/UDP b');
    expect(h.first('Via')).toBe('SIP/2.0/UDP a;x="1,2"');
    expect(h.values('Via')).toEqual(['SIP/2.0/UDP a;x="1,2"', 'SIP/2.0/UDP b', 'SIP/2.0/UDP c']);
    expect(h.values('Route')).toEqual(['<sip:a;lr>', '<sip:b,c;lr>']);
    expect(h.first('Subject')).toBe('one, two');
    expect(h.values('X-FOO')).toEqual(['a, b']);
    expect(h.get('v')).toBe(h.get('Via'));
    expect(h.lines('Via')).toHaveLength(2);
    expect([h.count('Via'), h.count('To'), h.has('route'), h.has('To')]).toEqual([2, 0, true, false]);
  });

  it('sets in the place of the first, removing the others', () => {
    const h = headers(['To', '1'], ['X-A', '2'], ['To', '3'], ['x-a', '4']);
    h.set('t', '9');
    h.set('X-a', '8');
    h.set('Expires', '0');
    expect(text(h)).toEqual(['To: 9', 'X-A: 8', 'Expires: 0']);
  });

  it('appends after the last and prepends before the first of a name', () => {
    const h = headers(['From', 'f'], ['Route', '<sip:r1>'], ['To', 't']);
    h.append('Route', '<sip:r2>');
    h.prepend('Route', '<sip:r0>');
    h.prepend('Via', 'v1');
    h.prepend('v', 'v0');
    h.prepend('Record-Route', '<sip:rr>');
    h.append('Event', 'presence');
    expect(text(h)).toEqual([
      'Via: v0',
      'Via: v1',
      'Record-Route: <sip:rr>',
      'From: f',
      'Route: <sip:r0>',
      'Route: <sip:r1>',
      'Route: <sip:r2>',
      'To: t',
      'Event: presence',
    ]);
  });

  it('pops single values even out of a list', () => {
    const h = headers(['Route', ' <sip:a>, <sip:b>'], ['To', 't'], ['Route', '<sip:c>']);
    expect([h.removeFirst('Route'), h.removeFirst('Route'), h.removeFirst('Route'), h.removeFirst('Route')]).toEqual([
      '<sip:a>',
      '<sip:b>',
      '<sip:c>',
      undefined,
    ]);
    expect(text(h)).toEqual(['To: t']);
  });

  it('removes all lines of a name and tells whether there were any', () => {
    const h = headers(['Via', '1'], ['To', 't'], ['Via', '2']);
    expect([h.remove('via'), h.remove('via')]).toEqual([true, false]);
    expect(text(h)).toEqual(['To: t']);
  });

  it('is copied apart', () => {
    const h = headers(['To', 't']);
    const copy = h.clone();
    copy.set('To', 'u');
    copy.append('From', 'f');
    expect(text(h)).toEqual(['To: t']);
  });
});

describe('splitList', () => {
  it('parts at commas outside quotes and angle brackets, leaving out what is empty', () => {
    expect(splitList(', "a,\\",b" <sip:x,y>;p="c,d" ,, b,')).toEqual(['"a,\\",b" <sip:x,y>;p="c,d"', 'b']);
    expect(splitList(' ')).toEqual([]);
  });
  it('puts together what join made of tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9;=]{1,8}$/)), (items) => {
        expect(splitList(items.join(' , '))).toEqual(items);
      }),
    );
  });
});
