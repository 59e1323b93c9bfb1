import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfRecord, equalUris, escapeUser, formatUri, parseUri, type Uri, unescapeUri } from './uri.ts';

const parsed = (text: string): Uri => {
  const uri = parseUri(text);
  if (uri === undefined) throw new Error(`${text} is no URI`);
  return uri;
};
const equal = (a: string, b: string): boolean => equalUris(parsed(a), parsed(b));

describe('parseUri', () => {
  it('takes a SIP URI apart', () => {
    expect(parseUri('sip:alice:secret@Atlanta.Example.com:5070;transport=TCP;lr?subject=x%20y&priority=urgent')).toEqual({
      kind: 'sip',
      scheme: 'sip',
      user: 'alice',
      password: 'secret',
      host: 'atlanta.example.com',
      port: 5070,
      params: new Map([
        ['transport', 'TCP'],
        ['lr', undefined],
      ]),
      headers: 'subject=x%20y&priority=urgent',
    });
    expect(parseUri('SIPS:[2001:DB8::9:1]:5061')).toEqual({ kind: 'sip', scheme: 'sips', host: '2001:db8::9:1', port: 5061, params: new Map() });
  });

  it('takes tel, pres, im and others', () => {
    expect(parseUri('tel:+1-201-555-0123;phone-context=example.com')).toEqual({
      kind: 'tel',
      number: '+1-201-555-0123',
      params: new Map([['phone-context', 'example.com']]),
    });
    expect(parseUri('pres:bob@Example.com')).toEqual({ kind: 'pres', scheme: 'pres', user: 'bob', host: 'example.com', params: new Map() });
    expect(parseUri('im:bob@example.com')).toMatchObject({ kind: 'im' });
    expect(parseUri('URN:service:sos')).toEqual({ kind: 'other', scheme: 'urn', text: 'URN:service:sos' });
  });

  it.each([
    '',
    'sip:',
    'sip:@example.com',
    'alice@example.com',
    'sip:a b@example.com',
    'sip:alice@',
    'sip:alice@exa_mple.com',
    'sip:alice@example..com',
    'sip:alice@-x.com',
    'sip:a@b:',
    'sip:a@b:70000',
    'sip:a@b:123456',
    'sip:a@b;',
    'sip:a@b;x=',
    'sip:a@b?',
    'sip:a%4@b',
    'sip:a@[2001:db8::1',
    'sip:a@[1::2::3]',
    'sip:a@[12345::]',
    'sip:a@[1:2:3:4:5:6:7]',
    'sip:a@b@c',
    'tel:',
    'tel:+',
    'tel:+12x',
    '<sip:a@b>',
    ':x',
    '1x:y',
    'x:',
    'foo:a b',
    'sip:a@b\r\n',
  ])('refuses %j', (text) => {
    expect(parseUri(text)).toBeUndefined();
  });

  it('knows IPv6 in all its forms', () => {
    for (const host of ['::', '::1', '1::', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '2001:db8::192.0.2.33', '1:2:3:4:5:6:192.0.2.1', '1::8'])
      expect(parseUri(`sip:[${host}]`), host).toMatchObject({ host });
    for (const host of ['', ':', ':::', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', '::192.0.2', '::192.0.2.256', '1:', ':1', 'g::', '::1%25eth0'])
      expect(parseUri(`sip:[${host}]`), host).toBeUndefined();
  });

  it('reads the addresses of RFC 5118 as it asks', () => {
    expect(parseUri('sip:user@2001:db8::10')).toBeUndefined();
    expect(parseUri('sip:[2001:db8::10:5070]')).toEqual({ kind: 'sip', scheme: 'sip', host: '2001:db8::10:5070', params: new Map() });
    expect(parseUri('sip:[2001:db8::10]:5070')).toMatchObject({ host: '2001:db8::10', port: 5070 });
    expect(parseUri('sip:user@[::ffff:192.0.2.10]')).toMatchObject({ host: '::ffff:192.0.2.10' });
    expect(parseUri('sip:user@[2001:db8:::192.0.2.1]')).toMatchObject({ host: '2001:db8::192.0.2.1' });
    expect(parseUri('sip:user@[2001:db8:::1]')).toBeUndefined();
  });

  it('is the inverse of formatUri', () => {
    const token = fc.stringMatching(/^[a-z0-9\-_.!~*'()&=+$,;?/]{1,12}$/);
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
    const host = fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
      fc.constantFrom('[2001:db8::1]', '192.0.2.7'),
    );
    const params = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-z0-9-]{1,6}$/), fc.option(fc.stringMatching(/^([A-Za-z0-9[\]/:&+$]|%4[0-9A-F]){1,6}$/), { nil: undefined })),
      {
        selector: ([name]) => name,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('sip', 'sips'),
        fc.option(token),
        host,
        fc.option(fc.integer({ min: 0, max: 65535 })),
        params,
        (scheme, user, where, port, items) => {
          const tail = items.map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`)).join('');
          const text = `${scheme}:${user === null ? '' : `${user}@`}${where}${port === null ? '' : `:${port}`}${tail}`;
          expect(formatUri(parsed(text))).toBe(text);
        },
      ),
    );
  });

  it('gives a value or undefined for any text, and what it gives is formatted to something it takes', () => {
    const pieces = fc.constantFrom(
      'sip:',
      'tel:',
      'pres:',
      '@',
      ':',
      ';',
      '=',
      '?',
      '%',
      '%41',
      '[',
      ']',
      '::',
      'a',
      'b.c',
      '5060',
      '&',
      '.',
      '-',
      ' ',
      '"',
      '<',
      '>',
      'é',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const uri = parseUri(text);
          if (uri !== undefined) expect(equalUris(uri, parsed(formatUri(uri)))).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

// The examples of RFC 3261 §19.1.4.
describe('equalUris', () => {
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com', 'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com'],
    ['sip:alice@atlanta.com?subject=project%20x&priority=urgent', 'sip:alice@atlanta.com?priority=urgent&subject=project%20x'],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
  ])('%s equals %s', (a, b) => {
    expect(equal(a, b)).toBe(true);
    expect(equal(b, a)).toBe(true);
  });

  it.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:bob@biloxi.com', 'sips:bob@biloxi.com'],
    ['sip:biloxi.com', 'sip:bob@biloxi.com'],
    ['sip:a@b;x', 'tel:+1'],
  ])('%s differs from %s', (a, b) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });
});

describe('addressOfRecord', () => {
  it.each([
    ['sip:User1_public1@HOME1.net:5060;user=phone', 'sip:User1_public1@home1.net'],
    ['sips:%61lice@home1.net', 'sip:alice@home1.net'],
    ['sip:null-%00-null@example.com', 'sip:null-%00-null@example.com'],
    ['tel:+1-201-555.0123;x=1', 'tel:+12015550123'],
    ['pres:bob@Home2.net', 'pres:bob@home2.net'],
    ['sip:[2001:DB8::1]', 'sip:[2001:db8::1]'],
  ])('%s is %s', (text, key) => {
    expect(addressOfRecord(text)).toBe(key);
  });
  it('is undefined for what identifies nobody', () => {
    expect(addressOfRecord('urn:service:sos')).toBeUndefined();
    expect(addressOfRecord('no uri')).toBeUndefined();
  });
});

describe('escapes', () => {
  it('are undone to UTF-8 and made again', () => {
    expect(unescapeUri('%D1%84%41%zz%4')).toBe('фA%zz%4');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescapeUri(escapeUser(text))).toBe(text);
      }),
    );
  });
});
