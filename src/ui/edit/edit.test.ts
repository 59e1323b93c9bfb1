import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import { applyEdits, editsBetween } from '#trace/message-edits.ts';
import { bytesOf, draftFrom, draftOf, fieldsOf, withLength } from './draft.ts';
import { odditiesOf, tooLong } from './oddities.ts';
import { suggestionsFor } from './suggestions.ts';

const text = (...lines: readonly string[]): string => lines.join('\r\n');
const SENT = encodeUtf8(
  text(
    'PUBLISH sip:b@home2.net SIP/2.0',
    'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
    'Max-Forwards: 70',
    'From: <sip:a@home1.net>;tag=1',
    'To: <sip:b@home2.net>',
    'Call-ID: 1',
    'CSeq: 1 PUBLISH',
    'Event: presence',
    'Content-Type: text/plain',
    'Content-Length: 6',
    '',
    'a\r\nbcd',
  ),
);
const DRAFT = draftOf(SENT);
const sent = (draft: string): string => decodeUtf8(bytesOf(SENT, draft));

describe('a draft', () => {
  it('is the text with line feeds, and gives back the bytes that it was made of', () => {
    expect(DRAFT).not.toContain('\r');
    expect(bytesOf(SENT, DRAFT)).toBe(SENT);
    expect(draftFrom(fieldsOf(DRAFT))).toBe(DRAFT);
  });

  it('keeps what a person writes, with the line ends of the wire', () => {
    expect(sent(DRAFT.replace('Max-Forwards: 70', 'Max-Forwards:  7'))).toContain('\r\nMax-Forwards:  7\r\n');
    expect(sent(DRAFT.replace('bcd', 'b'))).toMatch(/\r\n\r\na\r\nb$/);
    expect(sent('nonsense')).toBe('nonsense');
  });

  it('counts a new body, unless somebody says how long it is', () => {
    expect(sent(withLength(SENT, DRAFT.replace('bcd', 'bcdefg')))).toContain('Content-Length: 9\r\n');
    expect(withLength(SENT, DRAFT.replace('bcd', 'x').replace('Length: 6', 'Length: 60'))).toContain('Content-Length: 60\n');
    expect(withLength(SENT, DRAFT.replace('presence', 'reg'))).toContain('Content-Length: 6\n');
  });

  it('offers the common changes that the message allows', () => {
    expect(suggestionsFor(DRAFT).map((each) => each.label)).toEqual([
      'Max-Forwards: 0',
      'No Max-Forwards',
      'Event: weather',
      'No Call-ID',
      'Content-Length: 9999',
    ]);
    expect(suggestionsFor('SIP/2.0 200 OK\nMax-Forwards: 70\n\n')).toEqual([]);
  });
});

describe('a draft of HTTP', () => {
  const put = encodeUtf8(
    text('PUT /pres-rules/users/sip:a@home1.net/index HTTP/1.1', 'Host: xcap.home1.net', 'If-Match: "1"', 'Content-Length: 15', '', '<rules>\n</rule>'),
  );
  const arrives = (from: string, to: string): Uint8Array => {
    const bytes = bytesOf(put, withLength(put, draftOf(put).replace(from, to)));
    expect(applyEdits(put, editsBetween(put, bytes))).toEqual(bytes);
    return bytes;
  };

  it('keeps the line ends of the header, so that whoever receives it can read it', () => {
    const read = parseHttpMessage(arrives('If-Match: "1"', 'If-Match: "2"'));
    if (isHttpError(read)) throw new Error(read.reason);
    expect(decodeUtf8(read.body)).toBe('<rules>\n</rule>');
    expect(decodeUtf8(arrives('If-Match: "1"\n', ''))).toBe(decodeUtf8(put).replace('If-Match: "1"\r\n', ''));
  });

  it('has a body with its own line ends, and counts it', () => {
    const read = parseHttpMessage(arrives('<rules>\n', '<rules>\n\n<!-- -->'));
    if (isHttpError(read)) throw new Error(read.reason);
    expect(decodeUtf8(read.body)).toBe('<rules>\n\n<!-- --></rule>');
  });
});

describe('what is odd', () => {
  const odd = (from: string, to: string): string => odditiesOf(bytesOf(SENT, DRAFT.replace(from, to))).join(' ');
  it('is nothing about a message in order', () => {
    expect(odditiesOf(SENT)).toEqual([]);
  });
  it.each([
    ['Call-ID: 1\n', '', /Call-ID header field is missing\. Expect 400 \(Bad Request\)/],
    ['Via: SIP/2.0/UDP a;branch=z9hG4bK1\n', '', /dropped in silence/],
    ['Max-Forwards: 70\n', '', /Max-Forwards is missing/],
    ['Max-Forwards: 70', 'Max-Forwards: 0', /may not pass it on/],
    ['Event: presence', 'Event: presence\nEvent: reg', /Event stands there 2 times/],
    ['Event: presence\n', '', /without Event/],
    ['Content-Length: 6', 'Content-Length: 2', /tells 2 bytes, but 6 follow/],
    ['Content-Length: 6', 'Content-Length: 90', /Expect 400/],
    ['Content-Type: text/plain\n', '', /no Content-Type/],
    ['Content-Type: text/plain', 'Content-Type: application/pidf+xml', /The body cannot be read: /],
  ])('%j as %j', (from, to, sentence) => {
    expect(odd(from, to)).toMatch(sentence);
  });
});

it('a datagram has an end, where the network says that it has one; a stream has none', () => {
  const [four, six] = ['192.0.2.1:5060', '[2001:db8::1]:5060'];
  expect(tooLong({ transport: 'udp', src: four }, 65_507)).toBeUndefined();
  expect(tooLong({ transport: 'udp', src: four }, 70_000)).toBe(
    'With 70\u202f000 bytes it cannot travel: a UDP datagram over IPv4 holds 65\u202f507 at most. 4\u202f493 fewer are needed.',
  );
  expect(tooLong({ transport: 'udp', src: six }, 65_527)).toBeUndefined();
  expect(tooLong({ transport: 'udp', src: six }, 65_528)).toContain('a UDP datagram over IPv6 holds 65\u202f527 at most. 1 fewer');
  expect(tooLong({ transport: 'esp', src: six }, 65_536)).toContain('a packet over IPv6 holds 65\u202f535');
  expect(tooLong({ transport: 'tcp', src: four }, 70_000)).toBeUndefined();
});
