import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { MAX_BODY_BYTES, MAX_HEADER_BYTES } from './limits.ts';
import { frameSipStream, NEW_SIP_STREAM } from './stream.ts';

const message = (n: number, body: string): Uint8Array => encodeUtf8(`MESSAGE sip:a@b SIP/2.0\r\nX: ${n}\r\nl: ${encodeUtf8(body).length}\r\n\r\n${body}`);

describe('frameSipStream', () => {
  it('gives the messages whole, however the stream was cut', () => {
    const bodies = fc.array(fc.constantFrom('', 'é', '\r\n\r\n', 'MESSAGE sip:x SIP/2.0\r\n\r\n', 'x'.repeat(50)), { maxLength: 5 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), fc.boolean(), (texts, sizes, pings) => {
        const messages = texts.map((text, i) => message(i, text));
        const bytes = concatBytes(...messages.flatMap((item) => (pings ? [encodeUtf8('\r\n\r\n'), item] : [item])));
        const got: Uint8Array[] = [];
        let stream = NEW_SIP_STREAM;
        for (let at = 0, k = 0; at < bytes.length; k++) {
          const next = at + (sizes[k % sizes.length] as number);
          const framed = frameSipStream(stream, bytes.slice(at, next));
          got.push(...framed.messages);
          stream = framed.stream;
          at = next;
        }
        expect(got.map(decodeUtf8)).toEqual(messages.map(decodeUtf8));
        expect(stream.rest).toHaveLength(0);
        expect(stream.broken).toBeUndefined();
      }),
    );
  });

  it.each([
    ['MESSAGE sip:a SIP/2.0\r\nContent-Length: -9\r\n\r\nrest', 1],
    ['MESSAGE sip:a SIP/2.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nrest', 1],
    [`MESSAGE sip:a SIP/2.0\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\nrest`, 1],
    [`MESSAGE sip:a SIP/2.0\r\nX: ${'x'.repeat(MAX_HEADER_BYTES)}`, 0],
  ])('gives up a stream that it cannot follow %#', (text, messages) => {
    const framed = frameSipStream(NEW_SIP_STREAM, encodeUtf8(text));
    expect(framed.messages).toHaveLength(messages);
    expect(framed.stream.broken).toBeDefined();
    expect(frameSipStream(framed.stream, message(1, '')).messages).toEqual([]);
  });
});
