/** References to content: written and read, refused where they break the rules, and held against what is fetched (RFC 4483). */
import { assert, constantFrom, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { contentFault, formatReference, isReferenceError, readReference, referenceTo } from './external-body.ts';

const CONTENT = encodeUtf8('<presence/>');
const ABOUT = {
  url: 'http://[2001:db8:2::58]/presence/abc',
  expiresAt: Date.parse('2026-01-05T10:00:00Z'),
  contentType: 'application/pidf+xml',
  contentId: 'abc@ps.home2.net',
};
const reference = referenceTo(CONTENT, ABOUT);
const made = formatReference(reference);

it('is hashed as FIPS 180 says', () => {
  expect(referenceTo(encodeUtf8('abc'), ABOUT).hash).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
});

describe('a reference', () => {
  it('is written with all that its receiver needs', () => {
    expect(made.contentType).toMatch(
      /^message\/external-body;access-type="URL";expiration="Mon, 05 Jan 2026 10:00:00 GMT";URL="http:\/\/\[2001:db8:2::58\]\/presence\/abc";size=11;hash=[0-9a-f]{40}$/,
    );
    expect(decodeUtf8(made.bytes)).toBe('Content-Type: application/pidf+xml\r\nContent-ID: <abc@ps.home2.net>\r\nContent-Disposition: render\r\n\r\n');
  });
  it('is read as it was written', () => {
    expect(readReference(made.contentType, made.bytes)).toEqual(reference);
  });
  it('may write its parameters as the examples of the standard do', () => {
    const type = 'message/external-body; ACCESS-TYPE=URL;\r\n URL="http://www.example.net/a"; EXPIRATION="Sat, 20 Jun 2002 12:00:00 GMT"; size=231';
    expect(readReference(type.replace('\r\n', ''), new Uint8Array(0))).toMatchObject({ url: 'http://www.example.net/a', size: 231 });
  });
  const without = (part: RegExp, by = ''): string => made.contentType.replace(part, by);
  it.each([
    ['of another type', 'application/pidf+xml'],
    ['by another way', without(/access-type="URL"/, 'access-type=ANON-FTP')],
    ['without URL', without(/URL="http[^"]*";/)],
    ['by another scheme', without(/http:/, 'file:')],
    ['without end', without(/expiration="[^"]*";/)],
    ['that ends on no day', without(/Mon, 05 Jan 2026 10:00:00 GMT/, 'soon')],
    ['that ends in another time zone', without(/10:00:00 GMT/, '10:00:00 +0100')],
    ['of no size', without(/size=11/, 'size=-1')],
    ['of no hash', without(/hash=\w+/, 'hash=xyz')],
    ['with parameters that cannot be read', `${made.contentType};"`],
  ])('%s is refused', (_, type) => {
    expect(isReferenceError(readReference(type, made.bytes))).toBe(true);
  });
  it('of whose content something unreadable is said is refused', () => {
    expect(isReferenceError(readReference(made.contentType, encodeUtf8('no field\r\n\r\n')))).toBe(true);
    expect(isReferenceError(readReference(made.contentType, encodeUtf8('A: b\r\n'.repeat(50))))).toBe(true);
  });
  it('of any bytes is one or a named error', () => {
    assert(
      property(constantFrom(made.contentType, 'message/external-body'), string(), uint8Array({ maxLength: 100 }), (type, more, bytes) => {
        const read = readReference(`${type}${more}`, bytes);
        expect(isReferenceError(read) ? read.reason : read.url).toBeTypeOf('string');
      }),
    );
  });
});

describe('what is fetched', () => {
  it.each([
    ['is what was meant', CONTENT, 'application/pidf+xml;charset=utf-8', undefined],
    ['is longer', encodeUtf8('<presence />'), 'application/pidf+xml', /12 octets/],
    ['is another of the same length', encodeUtf8('<presents/>'), 'application/pidf+xml', /hash/],
    ['is of another type', CONTENT, 'text/html', /text\/html/],
    ['is of no type', CONTENT, undefined, /no type/],
  ])('%s', (_, content, type, fault) => {
    const found = contentFault(reference, content, type);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found?.reason).toMatch(fault);
  });
});
