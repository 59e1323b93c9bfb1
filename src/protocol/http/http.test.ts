import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, SendEffect } from '#base/machine.ts';
import { after, seconds, START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { HttpClient, type HttpEvent } from './client.ts';
import { HTTP_PORT } from './port.ts';
import {
  createHttpRequest,
  createHttpResponse,
  encodeHttpMessage,
  fieldOf,
  isHttpError,
  type HttpMessage,
  MAX_HTTP_BODY,
  parseHttpMessage,
} from './message.ts';
import { httpAnswer, readHttpRequest } from './server.ts';

const CHUNKED = 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n';
const parse = (text: string): HttpMessage | { readonly kind: 'http-error'; readonly status: number } => parseHttpMessage(encodeUtf8(text));

describe('a message', () => {
  it('is written as it travels', () => {
    const request = createHttpRequest('PUT', '/a?b', [['Host', 'h.net']], encodeUtf8('é'));
    expect(decodeUtf8(encodeHttpMessage(request))).toBe('PUT /a?b HTTP/1.1\r\nHost: h.net\r\nContent-Length: 2\r\n\r\né');
    expect(decodeUtf8(encodeHttpMessage(createHttpResponse(204, [['ETag', '"a"']])))).toBe('HTTP/1.1 204 No Content\r\nETag: "a"\r\n\r\n');
    expect(decodeUtf8(encodeHttpMessage(createHttpResponse(404)))).toBe('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  it('written and read again is the same', () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ' ', 'é', ':', ',', '/') }).map((text) => text.trim());
    const fields = fc.array(fc.tuple(fc.constantFrom('ETag', 'If-Match', 'X-A'), value), { maxLength: 4 }).map((some) => [['Host', 'h.net'] as const, ...some]);
    const body = fc.uint8Array({ maxLength: 50 });
    const message = fc.oneof(
      fc.record({
        kind: fc.constant('request' as const),
        method: fc.constantFrom('GET', 'PUT', 'DELETE'),
        target: fc.constantFrom('/', '/a/~~/b%5b1%5d?xmlns(a=b)'),
        fields,
        body,
      }),
      fc.record({
        kind: fc.constant('response' as const),
        status: fc.constantFrom(200, 201, 409),
        reason: fc.constantFrom('', 'OK', 'So it is'),
        fields,
        body,
      }),
    );
    fc.assert(
      fc.property(message, (one) => {
        const read = parseHttpMessage(encodeHttpMessage(one));
        if (isHttpError(read)) throw new Error(read.reason);
        expect({ ...read, fields: read.fields.filter(([name]) => name !== 'Content-Length'), body: [...read.body] }).toEqual({ ...one, body: [...one.body] });
      }),
    );
  });
  it('has fields alike in any case', () => {
    expect(fieldOf({ fields: [['content-TYPE', 'a/b']] }, 'Content-Type')).toBe('a/b');
  });
  it.each([
    ['without end', 'GET / HTTP/1.1\r\nHost: a\r\n', 400],
    ['of no kind', 'HELLO\r\n\r\n', 400],
    ['without Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['with two of them', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['of an older version', 'GET / HTTP/1.0\r\nHost: a\r\n\r\n', 505],
    ['of a newer one', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['in a coding that nobody knows', 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 501],
    ['in chunks and with a length', `${CHUNKED}Content-Length: 5\r\n\r\n0\r\n\r\n`, 400],
    ['in chunks that are no numbers', `${CHUNKED}\r\n-1\r\na\r\n0\r\n\r\n`, 400],
    ['in chunks that do not end', `${CHUNKED}\r\n1\r\na\r\n`, 400],
    ['in chunks that are longer than they say', `${CHUNKED}\r\n1\r\nab\r\n0\r\n\r\n`, 400],
    ['in chunks with something behind them', `${CHUNKED}\r\n0\r\n\r\nGET / HTTP/1.1\r\n`, 400],
    ['in chunks with a trailer that is none', `${CHUNKED}\r\n0\r\nnothing\r\n\r\n`, 400],
    ['in chunks that are too much', `${CHUNKED}\r\nffffffff\r\n`, 413],
    ['with two lengths', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    ['with a length that is none', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na', 400],
    ['shorter than it says', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na', 400],
    ['longer than it says', 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['with a folded line', 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n', 400],
    ['with a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['with too long a target', `GET /${'a'.repeat(5000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['with too many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`, 431],
    ['with too long a body', `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX_HTTP_BODY + 1}\r\n\r\n`, 413],
  ])('%s is refused', (_what, text, status) => {
    expect(parse(text)).toMatchObject({ kind: 'http-error', status });
  });
  it('in chunks is read as the content that they hold (RFC 9112 §6.1)', () => {
    const chunk = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', ';'), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 5 }), fc.constantFrom('', ';a=b', ' ;x'), fc.constantFrom('', 'X-A: b\r\n'), (chunks, extension, trailer) => {
        const lines = chunks.map((text) => `${text.length.toString(16).toUpperCase()}${extension}\r\n${text}\r\n`);
        const read = parse(`${CHUNKED}\r\n${lines.join('')}0\r\n${trailer}\r\n`);
        expect(read.kind === 'request' && decodeUtf8(read.body)).toBe(chunks.join(''));
      }),
    );
    const garbage = fc.string({ unit: fc.constantFrom('\r\n', '0', '1', 'f', ';', ':', 'a', '\u0000', 'é'), maxLength: 30 });
    fc.assert(fc.property(garbage, (text) => void parse(`${CHUNKED}\r\n${text}`)));
  });
  it('of any bytes is a message or a named fault', () => {
    const piece = fc.constantFrom('GET ', '/ ', 'HTTP/1.1', '\r\n', 'Host: a', 'Content-Length: 1', ':', ' ', 'a', '\0', 'é');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: piece }).map((text) => encodeUtf8(text)),
        ),
        (bytes) => void parseHttpMessage(bytes),
      ),
      { numRuns: 500 },
    );
  });
  it('is never written with a line end in a field', () => {
    expect(() => encodeHttpMessage(createHttpResponse(200, [['ETag', 'a\r\nX: b']]))).toThrow();
  });
});

describe('a client', () => {
  const SERVER = { address: '2001:db8::9', port: HTTP_PORT };
  const get = (target: string) => createHttpRequest('GET', target, [['Host', 'h.net']]);
  const sends = (out: readonly Effect[]): readonly SendEffect[] => out.filter((one): one is SendEffect => one.kind === 'send');
  const client = (): {
    readonly one: HttpClient<string>;
    readonly out: Effect[];
    readonly answer: (send: SendEffect | undefined, bytes: Uint8Array) => readonly HttpEvent<string>[];
  } => {
    const one = new HttpClient<string>('2001:db8::1');
    const out: Effect[] = [];
    return {
      one,
      out,
      answer: (send, bytes) =>
        send === undefined ? [] : one.receive({ kind: 'bytes', bytes, transport: 'tcp', local: send.local, remote: send.remote }, START, out),
    };
  };

  it('asks one thing at a time, and knows whose answer it is', () => {
    const { one, out, answer } = client();
    one.request(SERVER, get('/a'), [], 'a', START, out);
    one.request(SERVER, get('/b'), [], 'b', START, out);
    expect(sends(out)).toHaveLength(1);
    expect(answer(sends(out)[0], encodeHttpMessage(createHttpResponse(404)))).toMatchObject([{ kind: 'response', user: 'a', response: { status: 404 } }]);
    expect(sends(out)).toHaveLength(2);
    expect(sends(out)[1]?.local).toEqual(sends(out)[0]?.local);
    expect(answer(sends(out)[1], encodeUtf8('nonsense'))).toMatchObject([{ kind: 'no-answer', user: 'b', why: 'unreadable' }]);
  });
  it('gives up after a time, and takes a late answer for nobody’s', () => {
    const { one, out, answer } = client();
    one.request(SERVER, get('/a'), [], 'a', START, out);
    const late = after(START, seconds(30));
    expect(one.deadline()).toBe(late);
    expect(one.fire(late, out)).toMatchObject([{ kind: 'no-answer', user: 'a', why: 'timeout' }]);
    one.request(SERVER, get('/b'), [], 'b', late, out);
    expect(answer(sends(out)[0], encodeHttpMessage(createHttpResponse(200)))).toEqual([]);
    expect(answer(sends(out)[1], encodeHttpMessage(createHttpResponse(200)))).toMatchObject([{ user: 'b' }]);
    expect(one.deadline()).toBeUndefined();
  });
  it('hears of a server that cannot be reached', () => {
    const { one, out } = client();
    one.request(SERVER, get('/a'), [], 'a', START, out);
    expect(one.transportFailed(SERVER, START, out)).toMatchObject([{ user: 'a', why: 'unreachable' }]);
    expect(one.transportFailed(SERVER, START, out)).toEqual([]);
  });
  it('does not let questions pile up', () => {
    const { one, out } = client();
    const refused = Array.from({ length: 150 }, (_, i) => one.request(SERVER, get(`/${i}`), [], String(i), START, out)).filter((event) => event !== undefined);
    expect(refused.length).toBe(49);
  });
});

it('a server answers on the connection that the request came by', () => {
  const arrived = {
    kind: 'bytes',
    bytes: new Uint8Array(0),
    transport: 'tcp',
    local: { address: 'a', port: 80 },
    remote: { address: 'b', port: 1 },
    connection: 'c',
  } as const;
  const answer = httpAnswer(arrived, createHttpResponse(200), 'GET', [], Date.UTC(2026, 0, 5, 9, 0, 1, 999));
  expect(answer).toMatchObject({
    label: '200 OK (GET)',
    local: arrived.local,
    remote: arrived.remote,
    connection: 'c',
    notes: [{ header: 'Date', clause: 'RFC 9110 §6.6.1' }],
  });
  // RFC 9110 §5.6.7: whole seconds.
  expect(decodeUtf8(answer.bytes)).toContain('\r\nDate: Mon, 05 Jan 2026 09:00:01 GMT\r\n');
  expect(readHttpRequest(encodeHttpMessage(createHttpResponse(200)))).toBeUndefined();
});
it('a server reads over one empty line in front of a request (RFC 9112 §2.2)', () => {
  const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  expect(readHttpRequest(encodeUtf8(`\r\n${request}`))).toMatchObject({ kind: 'request', method: 'GET' });
  expect(readHttpRequest(encodeUtf8(`\r\n\r\n${request}`))).toMatchObject({ status: 400 });
});
