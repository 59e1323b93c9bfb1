import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge, formatCredentials, parseChallenge, parseCredentials } from './credentials.ts';
import { formatNameAddr, parseNameAddr, tagOf, uriOf, withTag } from './name-addr.ts';
import { formatParams, paramOf, parseParams } from './params.ts';
import { formatParameterized, mediaTypeOf, parseCSeq, parseDeltaSeconds, parseNumber, parseParameterized } from './values.ts';
import { branchOf, formatVia, parseVia } from './via.ts';

const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,10}$/);
const text = fc.string({ unit: fc.constantFrom('a', 'Z', '"', '\\', ',', ';', '<', '>', ' ', '=', 'é', '語') });
const params = fc
  .uniqueArray(
    fc.tuple(
      token.map((name) => name.toLowerCase()),
      fc.option(text, { nil: undefined }),
    ),
    { selector: ([name]) => name, maxLength: 4 },
  )
  .map((pairs) => new Map(pairs));

describe('addresses', () => {
  it('reads all three forms', () => {
    expect(parseNameAddr('"A. \\"G\\" Bell" <sip:agb@bell.com;lr> ;tag=a48s')).toEqual({
      displayName: 'A. "G" Bell',
      uri: 'sip:agb@bell.com;lr',
      params: new Map([['tag', 'a48s']]),
    });
    expect(parseNameAddr('Anonymous Caller <sip:c8@[2001:db8::1]>')).toEqual({
      displayName: 'Anonymous Caller',
      uri: 'sip:c8@[2001:db8::1]',
      params: new Map(),
    });
    expect(parseNameAddr('sip:agb@bell.com;tag=x;y')).toEqual({
      uri: 'sip:agb@bell.com',
      params: new Map([
        ['tag', 'x'],
        ['y', undefined],
      ]),
    });
    expect(parseNameAddr('""<tel:+12>')).toEqual({ displayName: '', uri: 'tel:+12', params: new Map() });
  });

  it.each([
    '',
    '<>',
    '"a <sip:b>',
    'a, b <sip:c>',
    '<sip:b',
    '< sip:b>',
    '<sip:b>x',
    'sip:a@b?x=y',
    'sip:a@b,c',
    '"a" sip:b',
    '<sip:b>;',
    '<sip:b>;x=',
    '<nothing>',
    'sip:a@b "x"',
  ])('refuses %j', (value) => {
    expect(parseNameAddr(value)).toBeUndefined();
    expect(uriOf(value) === undefined || tagOf(value) === undefined).toBe(true);
  });

  it('is the inverse of formatNameAddr', () => {
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), params, (displayName, map) => {
        const nameAddr = { uri: 'sip:a@b;x=y', params: map, ...(displayName === undefined ? {} : { displayName }) };
        expect(parseNameAddr(formatNameAddr(nameAddr))).toEqual(nameAddr);
      }),
    );
  });

  it('reads and sets tags', () => {
    expect(tagOf('"x;tag=no" <sip:a;tag=no>;TAG=yes')).toBe('yes');
    expect(tagOf('sip:a@b')).toBeUndefined();
    expect(withTag('sip:a@b', 't1')).toBe('sip:a@b;tag=t1');
    expect(tagOf(withTag('"A" <sip:a>;tag=old;x', 'new'))).toBe('new');
  });
});

describe('Via', () => {
  it('reads IPv6, ports, spaces and received addresses', () => {
    expect(parseVia('SIP/2.0/UDP [2001:DB8::9]:5070;received=2001:db8::1;branch=z9hG4bKas3-111;rport')).toEqual({
      transport: 'UDP',
      host: '2001:db8::9',
      port: 5070,
      branch: 'z9hG4bKas3-111',
      params: new Map([
        ['received', '2001:db8::1'],
        ['branch', 'z9hG4bKas3-111'],
        ['rport', undefined],
      ]),
    });
    expect(parseVia('sip / 2.0 / tcp  h.net : 80 ; received=[2001:db8::1]')).toMatchObject({ transport: 'TCP', host: 'h.net', port: 80, branch: undefined });
    expect(branchOf('SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1;x')).toBe('z9hG4bK1');
  });
  it.each([
    '',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP h:',
    'SIP/2.0/UDP h:99999',
    'SIP/3.0/UDP h',
    'HTTP/2.0/UDP h',
    'SIP/2.0 h',
    'SIP/2.0/UDP h;',
    'SIP/2.0/UDP h, x',
    'SIP/2.0/UDP h_x',
    'SIP/2.0/UDP[::1]',
  ])('refuses %j', (value) => {
    expect(parseVia(value)).toBeUndefined();
  });
  it('is the inverse of formatVia', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('h.net', '2001:db8::1', '192.0.2.1'),
        fc.option(fc.integer({ min: 0, max: 65535 }), { nil: undefined }),
        token,
        params,
        (host, port, branch, map) => {
          const via = { transport: 'TCP', host, branch, params: new Map([...map, ['branch', branch] as const]), ...(port === undefined ? {} : { port }) };
          expect(parseVia(formatVia(via))).toEqual(via);
        },
      ),
    );
  });
  it('writes the branch of the record first, and an IPv6 `received` without quotes', () => {
    expect(formatVia({ transport: 'UDP', host: '::1', port: 5060, branch: 'z9hG4bKx', params: new Map() })).toBe('SIP/2.0/UDP [::1]:5060;branch=z9hG4bKx');
    expect(
      formatVia({
        transport: 'UDP',
        host: 'h',
        branch: 'new',
        params: new Map([
          ['branch', 'old'],
          ['received', '2001:db8::1'],
        ]),
      }),
    ).toBe('SIP/2.0/UDP h;branch=new;received=2001:db8::1');
  });
});

describe('parameters', () => {
  it('reads quoted, bare and unquoted base64 values', () => {
    expect(parseParams('icid-value=AyretyU0dm+6O2IrT5tAFrbHLso=023551024;orig-ioi="home1.net" ; x')).toEqual(
      new Map([
        ['icid-value', 'AyretyU0dm+6O2IrT5tAFrbHLso=023551024'],
        ['orig-ioi', 'home1.net'],
        ['x', undefined],
      ]),
    );
    expect(parseParams('a=;b')).toBeUndefined();
    expect(parseParams(';')).toBeUndefined();
    expect(parseParams(' ')).toEqual(new Map());
    expect(paramOf(';A;b="x;y";c=z', 0, 'c')).toBe('z');
    expect(paramOf(';A;b="x;y";c=z', 0, 'a')).toBeUndefined();
  });
  it('is the inverse of formatParams', () => {
    fc.assert(
      fc.property(params, (map) => {
        expect(parseParams(formatParams(map))).toEqual(map);
      }),
    );
  });
});

describe('simple values', () => {
  it('reads CSeq', () => {
    expect(parseCSeq('0009 \t INVITE')).toEqual({ number: 9, method: 'INVITE' });
    expect(parseCSeq('2147483647 X')).toEqual({ number: 2147483647, method: 'X' });
    for (const value of ['2147483648 X', '1', '1 ', 'X 1', '1INVITE', '-1 X', '1 A B', '']) expect(parseCSeq(value), value).toBeUndefined();
  });
  it('reads numbers and seconds', () => {
    expect([parseNumber('70', 255), parseNumber('256', 255), parseNumber('-1'), parseNumber(''), parseNumber(undefined), parseNumber('1e3')]).toEqual([
      70,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([
      parseDeltaSeconds('600000'),
      parseDeltaSeconds('18 (in a meeting)'),
      parseDeltaSeconds('5;duration=9'),
      parseDeltaSeconds('4294967296'),
      parseDeltaSeconds('x'),
    ]).toEqual([600000, 18, 5, undefined, undefined]);
  });
  it('reads what has parameters', () => {
    expect(parseParameterized('active ; expires=599;x')).toEqual({
      value: 'active',
      params: new Map([
        ['expires', '599'],
        ['x', undefined],
      ]),
    });
    expect(parseParameterized(';x')).toBeUndefined();
    expect(parseParameterized('presence.winfo;')).toBeUndefined();
    expect(formatParameterized({ value: 'terminated', params: new Map([['reason', 'timeout']]) })).toBe('terminated;reason=timeout');
  });
  it('reads media types', () => {
    expect(mediaTypeOf('Application / PIDF+xml ; charset="utf-8"')).toBe('application/pidf+xml');
    expect([mediaTypeOf('text'), mediaTypeOf('text/'), mediaTypeOf('a/b c')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('credentials', () => {
  it('reads a challenge and the empty response of a first REGISTER', () => {
    expect(parseChallenge('Digest realm="home1.net", nonce="a,\\"b", algorithm=AKAv1-MD5 , qop="auth,auth-int"')).toEqual({
      scheme: 'Digest',
      params: new Map([
        ['realm', 'home1.net'],
        ['nonce', 'a,"b'],
        ['algorithm', 'AKAv1-MD5'],
        ['qop', 'auth,auth-int'],
      ]),
    });
    expect(parseCredentials('Digest username="u@home1.net", uri="sip:home1.net", nonce="", response=""')?.params.get('response')).toBe('');
  });
  it.each(['', 'Digest', 'Digest realm', 'Digest realm=', 'Digest realm="x', 'Digest realm="x" nonce="y"'])('refuses %j', (value) =>
    expect(parseCredentials(value)).toBeUndefined(),
  );
  it('writes quotes where RFC 3261 has them', () => {
    const map = new Map([
      ['username', 'u'],
      ['qop', 'auth'],
      ['nc', '00000001'],
      ['algorithm', 'MD5'],
      ['response', ''],
    ]);
    expect(formatCredentials({ scheme: 'Digest', params: map })).toBe('Digest username="u", qop=auth, nc=00000001, algorithm=MD5, response=""');
    expect(
      formatChallenge({
        scheme: 'Digest',
        params: new Map([
          ['qop', 'auth'],
          ['stale', 'true'],
        ]),
      }),
    ).toBe('Digest qop="auth", stale=true');
  });
  it('is read as it was written', () => {
    const pairs = fc
      .uniqueArray(
        fc.tuple(
          token.map((name) => name.toLowerCase()),
          text,
        ),
        { selector: ([name]) => name, minLength: 1, maxLength: 5 },
      )
      .map((list) => new Map(list));
    fc.assert(
      fc.property(token, pairs, (scheme, map) => {
        expect(parseCredentials(formatCredentials({ scheme, params: map }))).toEqual({ scheme, params: map });
      }),
    );
  });
});
