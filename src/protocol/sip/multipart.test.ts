import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { HeaderFields } from './header-fields.ts';
import { boundaryOf, formatMultipart, parseMultipart } from './multipart.ts';

const TYPE = 'multipart/related;type="application/rlmi+xml";boundary="50UBfW7LSCVLtggUPe5z"';

describe('multipart', () => {
  it('knows the boundary', () => {
    expect(boundaryOf(TYPE)).toBe('50UBfW7LSCVLtggUPe5z');
    expect([boundaryOf('text/plain;boundary=x'), boundaryOf('multipart/mixed'), boundaryOf('multipart/mixed;boundary=""')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads parts between preamble and epilogue, without and with header fields', () => {
    const body =
      'preamble\r\n--50UBfW7LSCVLtggUPe5z \r\n\r\nplain\r\n--no delimiter\r\n--50UBfW7LSCVLtggUPe5z\r\nContent-ID: <a@b>\r\nc: application/\r\n pidf+xml\r\n\r\n<x/>\r\n\r\n--50UBfW7LSCVLtggUPe5z--\r\nepilogue';
    const parts = parseMultipart(TYPE, encodeUtf8(body)) ?? [];
    expect(parts.map((part) => decodeUtf8(part.body))).toEqual(['plain\r\n--no delimiter', '<x/>\r\n']);
    expect(parts[1]?.headers.fields()).toEqual([
      { name: 'Content-ID', value: '<a@b>' },
      { name: 'Content-Type', value: 'application/ pidf+xml' },
    ]);
  });

  it('is undefined without a closing delimiter or with a broken part', () => {
    for (const body of [
      '',
      '--50UBfW7LSCVLtggUPe5z\r\n\r\nx',
      '--50UBfW7LSCVLtggUPe5z\r\nno colon\r\n\r\nx\r\n--50UBfW7LSCVLtggUPe5z--',
      '--50UBfW7LSCVLtggUPe5zx\r\n\r\n',
    ]) {
      expect(parseMultipart(TYPE, encodeUtf8(body)), body).toBeUndefined();
    }
  });

  it('reads what it wrote, and takes any bytes', () => {
    const part = fc.tuple(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 2 }), fc.uint8Array({ maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (list) => {
        const parts = list.map(([values, body]) => ({ headers: new HeaderFields(values.map((value, i) => ({ name: `X-${i}`, value }))), body }));
        const read = parseMultipart('multipart/mixed;boundary=b0', formatMultipart(parts, 'b0')) ?? [];
        expect(read.map((item) => [item.headers.fields(), [...item.body]])).toEqual(parts.map((item) => [item.headers.fields(), [...item.body]]));
      }),
    );
    const piece = fc.constantFrom('--b0', '--', '\r\n', '\n', 'a: b', ' ', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const parts = parseMultipart('multipart/mixed;boundary=b0', encodeUtf8(pieces.join('')));
        expect(parts === undefined || Array.isArray(parts)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
