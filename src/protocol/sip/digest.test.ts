/** Against the worked examples of RFC 2617, RFC 7616, the errata of RFC 2069 and draft-smith-sipping-auth-examples-01. */
import { describe, expect, it } from 'vitest';
import { fromHex } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { answerChallenge, createVector, parseAkaNonce } from './aka.ts';
import { createAkaChallenge, takeAkaKeys } from './aka-challenge.ts';
import { formatChallenge, formatCredentials, parseChallenge, parseCredentials, type AuthParams } from './credentials.ts';
import { createChallenge, createCredentials, deriveHa1, digestResponse, verifyCredentials } from './digest.ts';

const SDP = encodeUtf8(
  'v=0\r\no=bob 2890844526 2890844526 IN IP4 media.biloxi.com\r\ns=-\r\nc=IN IP4 media.biloxi.com\r\nt=0 0\r\n' +
    'm=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n',
);
const bob = {
  username: 'bob',
  realm: 'biloxi.com',
  secret: 'zanzibar',
  nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  method: 'INVITE',
  uri: 'sip:bob@biloxi.com',
  nc: '00000001',
  cnonce: '0a4f113b',
  body: SDP,
};
const mufasa = {
  username: 'Mufasa',
  realm: 'testrealm@host.com',
  secret: 'Circle Of Life',
  nonce: bob.nonce,
  method: 'GET',
  uri: '/dir/index.html',
  nc: '00000001',
  cnonce: '0a4f113b',
};

describe('the digest response', () => {
  it.each([
    ['RFC 2617 3.5', { ...mufasa, qop: 'auth' }, '6629fae49393a05397450978507c4ef1'],
    ['RFC 2069 as corrected by its errata', { ...mufasa, secret: 'CircleOfLife' }, '1949323746fe6a43ef61f9606e7febea'],
    [
      'RFC 7616 3.9.1',
      {
        ...mufasa,
        realm: 'http-auth@example.org',
        secret: 'Circle of Life',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
        qop: 'auth',
      },
      '8ca523f5e9506fed4657c9700eebdbec',
    ],
    ['the SIP examples 3.1', bob, 'bf57e4e0d0bffc0fbaedce64d59add5e'],
    ['the SIP examples 3.3, auth', { ...bob, qop: 'auth' }, '89eb0059246c02b2f6ee02c7961d5ea3'],
    ['the SIP examples 3.4, MD5-sess', { ...bob, qop: 'auth', sess: true }, 'e4e4ea61d186d07a92c9e1f6919902e9'],
    ['the SIP examples 3.5, auth-int', { ...bob, qop: 'auth-int' }, 'bdbeebb2da6adb6bca02599c2239e192'],
    ['the SIP examples 3.6, auth-int and MD5-sess', { ...bob, qop: 'auth-int', sess: true }, '91984da2d8663716e91554859c22ca70'],
  ] as const)('of %s', (_name, facts, response) => {
    expect(digestResponse(facts)).toBe(response);
    expect(digestResponse({ ...facts, secret: encodeUtf8(facts.secret) })).toBe(response);
    expect(digestResponse({ ...facts, secret: { ha1: deriveHa1(facts.username, facts.realm, facts.secret).toUpperCase() } })).toBe(response);
  });
});

const asked = (text: string): AuthParams => parseChallenge(text) ?? { scheme: '', params: new Map() };
const challenge = asked(
  'Digest realm="biloxi.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41", algorithm=MD5',
);
const answer = { username: 'bob', secret: 'zanzibar', method: 'INVITE', uri: 'sip:bob@biloxi.com', cnonce: '0a4f113b', nonceCount: 1, body: SDP };

describe('a client', () => {
  it('answers a challenge as the SIP examples do', () => {
    const credentials = createCredentials(challenge, answer);
    expect(credentials && formatCredentials(credentials)).toBe(
      'Digest username="bob", realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="sip:bob@biloxi.com", ' +
        'response="89eb0059246c02b2f6ee02c7961d5ea3", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001, opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
  });

  it('takes auth-int where only that is offered, and no qop where none is', () => {
    const only = (qop: string): string | undefined =>
      createCredentials(asked(`Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"${qop}`), answer)?.params.get('response');
    expect(only(', qop="auth-int"')).toBe('bdbeebb2da6adb6bca02599c2239e192');
    expect(only('')).toBe('bf57e4e0d0bffc0fbaedce64d59add5e');
  });

  it.each(['Digest realm="a", nonce="b", algorithm=SHA-256', 'Digest realm="a", nonce="b", qop="secret"', 'Basic realm="a", nonce="b"', 'Digest realm="a"'])(
    'has no answer to %s',
    (text) => {
      expect(createCredentials(asked(text), answer)).toBeUndefined();
    },
  );
});

describe('a server', () => {
  const facts = { realm: 'biloxi.com', nonce: bob.nonce, secret: 'zanzibar', method: 'INVITE', body: SDP };
  const given = (change: Readonly<Record<string, string | undefined>> = {}, from = answer): AuthParams => {
    const params = new Map(createCredentials(challenge, from)?.params);
    for (const [name, value] of Object.entries(change))
      if (value === undefined) params.delete(name);
      else params.set(name, value);
    return { scheme: 'Digest', params };
  };

  it('accepts what the client made, by password or by HA1', () => {
    expect(verifyCredentials(given(), facts)).toEqual({ kind: 'right', nonceCount: 1 });
    expect(verifyCredentials(given(), { ...facts, secret: { ha1: deriveHa1('bob', 'biloxi.com', 'zanzibar') } })).toEqual({ kind: 'right', nonceCount: 1 });
    expect(verifyCredentials(given({}, { ...answer, nonceCount: 0x1f }), { ...facts, lastNonceCount: 0x1e })).toEqual({ kind: 'right', nonceCount: 31 });
    const old = createCredentials(asked('Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'), answer);
    expect(old && verifyCredentials(old, facts)).toEqual({ kind: 'right', nonceCount: 0 });
  });

  it.each([
    ['wrong', {}, { secret: 'other' }],
    ['wrong', {}, { method: 'REGISTER' }],
    ['wrong', { username: 'alice' }, {}],
    ['wrong', { uri: 'sip:alice@biloxi.com' }, {}],
    ['stale', {}, { nonce: 'next' }],
    ['replayed', {}, { lastNonceCount: 1 }],
    ['empty', { response: '' }, {}],
    ['malformed', {}, { realm: 'other.com' }],
    ['malformed', { nc: '1' }, {}],
    ['malformed', { cnonce: undefined }, {}],
    ['malformed', { qop: 'secret' }, {}],
    ['malformed', { algorithm: 'SHA-256' }, {}],
    ['malformed', { username: undefined }, {}],
    ['malformed', { response: undefined }, {}],
  ] as const)('finds %s: credentials with %j, for %j', (kind, change, otherFacts) => {
    expect(verifyCredentials(given(change), { ...facts, ...otherFacts }).kind).toBe(kind);
  });

  it('sees a changed body under auth-int only', () => {
    const whole = createCredentials(asked('Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth-int"'), answer);
    if (whole === undefined) throw new Error('no credentials');
    expect(verifyCredentials(whole, facts).kind).toBe('right');
    expect(verifyCredentials(whole, { ...facts, body: SDP.slice(1) }).kind).toBe('wrong');
    expect(verifyCredentials(given(), { ...facts, body: SDP.slice(1) }).kind).toBe('right');
  });

  it('writes challenges that it reads again', () => {
    const written = formatChallenge(createChallenge({ realm: 'home1.net', nonce: 'n', algorithm: 'MD5', qop: 'auth', opaque: 'o', stale: true }));
    expect(written).toBe('Digest realm="home1.net", nonce="n", algorithm=MD5, qop="auth", opaque="o", stale=true');
    expect(createCredentials(asked(written), answer)?.params.get('opaque')).toBe('o');
  });
});

describe('Digest AKA', () => {
  // TS 35.208 test set 1.
  const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array(0);
  const secret = { k: hex('465b5ce8b199b49faa5f0a2ee238a6bc'), opc: hex('cd63cb71954a9f4e48a5994e37a02baf') };
  const vector = createVector(secret, hex('23553cbe9637a89d218ae64dae47bf35'), 32, hex('8000'));
  const register = { username: 'user1_private@home1.net', method: 'REGISTER', uri: 'sip:registrar.home1.net', cnonce: '0a4f113b', nonceCount: 1 };

  it('authenticates both sides, and the keys stop at the P-CSCF', () => {
    const fromScscf = formatChallenge(createAkaChallenge('home1.net', vector, 'auth'));
    expect(fromScscf).toMatch(/^Digest realm="home1\.net", nonce="[^"]+", algorithm=AKAv1-MD5, qop="auth", ik="[0-9a-f]{32}", ck="[0-9a-f]{32}"$/);
    const { challenge: toUe, ck, ik } = takeAkaKeys(asked(fromScscf));
    expect([ck, ik]).toEqual([vector.ck, vector.ik]);
    expect(formatChallenge(toUe)).not.toMatch(/[ci]k=/);
    const nonce = toUe.params.get('nonce') ?? '';
    const parsed = parseAkaNonce(nonce);
    if (parsed === undefined) throw new Error('no nonce');
    const usim = answerChallenge(secret, parsed.rand, parsed.autn, 31);
    if (usim.kind !== 'accepted') throw new Error(usim.kind);
    const credentials = createCredentials(toUe, { ...register, secret: usim.res });
    const sent = parseCredentials(formatCredentials(credentials ?? challenge));
    if (sent === undefined) throw new Error('no credentials');
    const judge = { realm: 'home1.net', nonce, secret: vector.xres, method: 'REGISTER' };
    expect(verifyCredentials(sent, judge)).toEqual({ kind: 'right', nonceCount: 1 });
    expect(verifyCredentials(sent, { ...judge, secret: vector.ck }).kind).toBe('wrong');
  });

  it('sends AUTS with a response made with an empty password', () => {
    const toUe = takeAkaKeys(createAkaChallenge('home1.net', vector)).challenge;
    const credentials = createCredentials(toUe, { ...register, secret: vector.xres, auts: 'AAAA' });
    expect(credentials?.params.get('auts')).toBe('AAAA');
    const judge = { realm: 'home1.net', nonce: toUe.params.get('nonce') ?? '', secret: '', method: 'REGISTER' };
    expect(credentials && verifyCredentials(credentials, judge).kind).toBe('right');
  });

  it('leaves a challenge without keys as it is', () => {
    expect(takeAkaKeys(challenge)).toEqual({ challenge, ck: undefined, ik: undefined });
    expect(takeAkaKeys(asked('Digest realm="a", nonce="b", ck="12", ik="zz"'))).toMatchObject({ ck: undefined, ik: undefined });
  });
});
