import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { MAX_HEADER_BYTES, MAX_HEADER_LINES } from './limits.ts';
import {
  cloneRequest,
  createRequest,
  createResponse,
  encodeSipMessage,
  formatSipMessage,
  parseSipMessage,
  reasonPhrase,
  type SipError,
  type SipMessage,
  type SipRequest,
} from './message.ts';

const HEAD = `SUBSCRIBE sip:user2_public1@home2.net SIP/2.0
Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK1
Max-Forwards: 70
From: <sip:user1_public1@home1.net>;tag=31415
To: <sip:user2_public1@home2.net>
Call-ID: b89rjhnedlrfjflslj40a222
CSeq: 85 SUBSCRIBE
Event: presence
`.replace(/\n/g, '\r\n');

const parse = (text: string): SipMessage | SipError => parseSipMessage(encodeUtf8(text));
function taken(text: string): SipRequest {
  const message = parse(text);
  if (message.kind !== 'request') throw new Error(message.kind === 'sip-error' ? message.reason : 'a response');
  return message;
}

describe('parseSipMessage', () => {
  it('takes empty lines before the start line, LF line ends, a body without Content-Length', () => {
    expect(taken(`\r\n\r\n${HEAD}\r\nbody`).body).toHaveLength(4);
    const unix = taken(`${HEAD}X: a\n b\n\nbody`.replace(/\r/g, ''));
    expect([unix.headers.get('X'), unix.body.length]).toEqual(['a b', 4]);
  });

  it('keeps unknown fields, their letter case and their order', () => {
    const message = taken(`${HEAD}x-Zebra:  1 \r\nX-apple:2\r\n\r\n`);
    expect(message.headers.fields().slice(7)).toEqual([
      { name: 'x-Zebra', value: '1' },
      { name: 'X-apple', value: '2' },
    ]);
    expect(formatSipMessage(message)).toBe(`${HEAD}x-Zebra: 1\r\nX-apple: 2\r\nContent-Length: 0\r\n\r\n`);
  });

  it('leaves binary and non-UTF-8 bodies alone', () => {
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    const message = parseSipMessage(encodeSipMessage({ ...taken(`${HEAD}Subject: é\r\n\r\n`), body }));
    expect(message.kind === 'request' && [...message.body]).toEqual([...body]);
    expect(message.kind === 'request' && message.headers.get('Subject')).toBe('é');
  });

  it.each([
    ['', 0, /line ends/],
    ['\r\n\r\n', 0, /line ends/],
    ['hello', 0, /request line/],
    ['SIP/2.0 99 Low\r\n\r\n', 0, /three digits/],
    [HEAD, 400, /empty line/],
    [`${HEAD}no colon\r\n\r\n`, 400, /name: value/],
    [`${HEAD}b@d: x\r\n\r\n`, 400, /name: value/],
    [`${HEAD}X: a\rb\r\n\r\n`, 400, /carriage return/],
    [`${HEAD}X: a\r\n b\rc\r\n\r\n`, 400, /carriage return/],
    [`${HEAD}Content-Length: 3\r\n\r\nab`, 400, /tells 3 bytes, but 2/],
    [`${HEAD.replace('Via', 'X')}\r\n`, 0, /Via header field is missing/],
    [`${HEAD.replace('CSeq: 85', 'CSeq: 85000000000')}\r\n`, 400, /CSeq/],
    [`${HEAD.replace(/SUBSCRIBE/g, 'ACK').replace('To: <', 'To: <<')}\r\n`, 0, /To is not/],
    [`${HEAD.replace('sip:user2', 'sip user2')}\r\n`, 400, /space/],
    [`${HEAD.replace('SIP/2.0', 'SIP/3.0')}\r\n`, 505, /SIP\/3.0/],
    [`${HEAD.replace('SIP/2.0', 'HTTP/1.1')}\r\n`, 400, /does not end with SIP\/2.0/],
    [`${HEAD}${'X: y\r\n'.repeat(MAX_HEADER_LINES)}\r\n`, 513, /header lines/],
    [`${HEAD}X: ${'y'.repeat(MAX_HEADER_BYTES)}\r\n\r\n`, 513, /bytes/],
    [`${HEAD}X: ${'é'.repeat(MAX_HEADER_BYTES)}\r\n\r\n`, 513, /bytes/],
  ])('refuses %#', (text, status, reason) => {
    expect(parse(text)).toMatchObject({ kind: 'sip-error', status, reason: expect.stringMatching(reason) as string });
  });

  it('refuses a header that is not UTF-8', () => {
    const bytes = encodeUtf8(`${HEAD}Subject: x\r\n\r\n`);
    bytes[bytes.length - 5] = 0xff;
    expect(parseSipMessage(bytes)).toMatchObject({ kind: 'sip-error', status: 400, reason: 'The header is not UTF-8.' });
  });

  it('gives what is needed to answer', () => {
    const error = parse(`${HEAD.replace('Max-Forwards: 70', 'Max-Forwards: many')}\r\n`) as SipError;
    expect(error).toMatchObject({ status: 400, header: 'Max-Forwards', line: 3, column: 15 });
    const answer = createResponse(error.partial as SipRequest, error.status, undefined, 'tag1');
    expect(parseSipMessage(encodeSipMessage(answer))).toMatchObject({ kind: 'response', status: 400, reason: 'Bad Request' });
  });

  it.each(['Subject\r\n : x', 'Subject \r\n\t: x', 'Subject\n :x', 'Subject'])('refuses a line whose colon does not stand beside its name: %j', (line) => {
    expect(parse(`${HEAD}${line}\r\n\r\n`)).toMatchObject({ kind: 'sip-error', status: 400, reason: 'A header line is not `name: value`.', line: 9 });
  });

  it('gives a value or a named error for any bytes', () => {
    const lines = fc.constantFrom(
      ...HEAD.split('\r\n'),
      'Content-Length: 3',
      'Content-Length: -1',
      ' folded',
      'v: x',
      'X:',
      ':',
      '',
      'SIP/2.0 200 OK',
      'To: "x',
      'Via: SIP/2.0/UDP a;;,',
      '\u0000',
      'é: é',
    );
    const nearly = fc.array(fc.tuple(lines, fc.constantFrom('\r\n', '\n', '\r\n', '\r')), { maxLength: 16 }).map((parts) => encodeUtf8(parts.flat().join('')));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          nearly,
          nearly.map((bytes) => Uint8Array.from([...encodeUtf8(HEAD), ...bytes])),
        ),
        (bytes) => {
          const message = parseSipMessage(bytes);
          if (message.kind === 'sip-error') {
            expect(message.reason).not.toBe('');
            if (message.status !== 0) expect(message.partial?.kind).toBe('request');
            return;
          }
          const again = parseSipMessage(encodeSipMessage(message));
          expect(again.kind).toBe(message.kind);
          expect(formatSipMessage(again as SipMessage)).toBe(formatSipMessage(message));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes time in proportion to the size, whatever the text', () => {
    const fill = [' ', '\r\n ', ',', '"', '<', ';', '\n ', '%', '@', ':', 'a\r\n', '\r', '[', '\\"', 'é'];
    for (const piece of fill) {
      for (const name of ['X: ', 'Via: ', 'To: ', 'Call-ID: ', 'Contact: ', '']) {
        const text = `SUBSCRIBE sip:${piece === '@' ? '@@' : ''}a SIP/2.0\r\n${name}${piece.repeat(Math.floor(60_000 / piece.length))}\r\nCSeq: 1 X\r\n\r\n`;
        const start = performance.now();
        parse(text);
        parse(`${HEAD.replace('85 SUBSCRIBE', '85 X')}${name}a${piece.repeat(Math.floor(60_000 / piece.length))}\r\n\r\n`);
        // Some milliseconds in truth; work that grows with the square of the size takes seconds.
        expect(performance.now() - start, `${name}${JSON.stringify(piece)}`).toBeLessThan(500);
      }
    }
  });
});

describe('encodeSipMessage', () => {
  const value = fc.stringMatching(/^[!-~]([ -~é語]{0,20}[!-~])?$/);
  const name = fc.oneof(
    fc.stringMatching(/^X-[A-Za-z0-9\-.!%*_+`'~]{1,8}$/),
    fc.constantFrom('Subject', 'Event', 'P-Charging-Vector', 'Organization', 'Accept-Contact', 'Privacy'),
  );
  const extra = fc.array(fc.tuple(name, value), { maxLength: 8 });

  it('is the inverse of parseSipMessage, in any spelling of what came', () => {
    const spelling = fc.constantFrom(
      (n: string, v: string) => `${n}: ${v}\r\n`,
      (n: string, v: string) => `${n.toUpperCase()} :${v}\r\n`,
      (n: string, v: string) => `${n}:\r\n  ${v} \r\n`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value, spelling), { maxLength: 8 }), fc.uint8Array({ maxLength: 40 }), (lines, body) => {
        const came = parseSipMessage(
          Uint8Array.from([...encodeUtf8(`${HEAD}${lines.map(([n, v, spell]) => spell(n, v)).join('')}\r\n`), ...body]),
        ) as SipRequest;
        expect(came.kind).toBe('request');
        expect(
          came.headers
            .fields()
            .slice(7)
            .map((field) => field.value),
        ).toEqual(lines.map(([, v]) => v));
        const bytes = encodeSipMessage(came);
        const again = parseSipMessage(bytes) as SipRequest;
        expect(again.headers.fields().filter((field) => field.name !== 'Content-Length')).toEqual(came.headers.fields());
        expect([...again.body]).toEqual([...body]);
        expect(encodeSipMessage(again)).toEqual(bytes);
      }),
    );
  });

  it('writes the same after edits, whether the lines came from a text or were made', () => {
    const edit = fc.oneof(
      fc.tuple(fc.constant('set'), name, value),
      fc.tuple(fc.constant('append'), name, value),
      fc.tuple(fc.constant('prepend'), fc.constantFrom('Via', 'Route', 'Event', 'X-A'), value),
      fc.tuple(fc.constant('remove'), fc.oneof(name, fc.constantFrom('To', 'Call-ID', 'Content-Length')), value),
      fc.tuple(fc.constant('removeFirst'), fc.constantFrom('Via', 'Event', 'Accept-Contact'), value),
    );
    fc.assert(
      fc.property(extra, fc.array(edit, { maxLength: 8 }), (lines, edits) => {
        const came = taken(`${HEAD}Content-Length: 0\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`);
        const made = createRequest(
          came.method,
          came.uri,
          came.headers.fields().map((field) => [field.name, field.value]),
        );
        const copy = cloneRequest(came);
        const before = formatSipMessage(came);
        for (const [what, n, v] of edits) {
          for (const { headers } of [copy, made]) {
            if (what === 'set') headers.set(n, v);
            else if (what === 'append') headers.append(n, v);
            else if (what === 'prepend') headers.prepend(n, v);
            else if (what === 'remove') headers.remove(n);
            else headers.removeFirst(n);
          }
        }
        expect(formatSipMessage(copy)).toBe(formatSipMessage(made));
        expect(formatSipMessage(came)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it('tells the length in bytes and replaces what Content-Length there was', () => {
    const request = createRequest(
      'PUBLISH',
      'sip:a@b',
      [
        ['l', '99'],
        ['t', '<sip:a>'],
      ],
      encodeUtf8('é'),
    );
    expect(formatSipMessage(request)).toBe('PUBLISH sip:a@b SIP/2.0\r\nTo: <sip:a>\r\nContent-Length: 2\r\n\r\né');
  });
});

describe('createResponse', () => {
  it('copies what RFC 3261 §8.2.6 names, and adds the tag where there is none', () => {
    const request = taken(`${HEAD}Via: SIP/2.0/UDP b, SIP/2.0/TCP c\r\nRecord-Route: <sip:p>\r\n\r\n`);
    const response = createResponse(request, 200, undefined, 'abc');
    expect(formatSipMessage(response)).toBe(
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b, SIP/2.0/TCP c\r\nFrom: <sip:user1_public1@home1.net>;tag=31415\r\n' +
        'To: <sip:user2_public1@home2.net>;tag=abc\r\nCall-ID: b89rjhnedlrfjflslj40a222\r\nCSeq: 85 SUBSCRIBE\r\nContent-Length: 0\r\n\r\n',
    );
    expect(createResponse(taken(`${HEAD.replace('To: <sip:user2_public1@home2.net>', 'To: <sip:x>;tag=old')}\r\n`), 481, 'Gone', 'new').headers.get('To')).toBe(
      '<sip:x>;tag=old',
    );
    expect([reasonPhrase(489), reasonPhrase(423), reasonPhrase(299), reasonPhrase(505)]).toEqual([
      'Bad Event',
      'Interval Too Brief',
      'Success',
      'Version Not Supported',
    ]);
  });
});
