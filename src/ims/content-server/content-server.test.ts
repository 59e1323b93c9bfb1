/** The content server: who may put, who may get, and until when. */
import { describe, expect, it } from 'vitest';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createHttpRequest, encodeHttpMessage, type HttpResponse, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import { ContentServer } from './content-server.ts';

const PS = '2001:db8:2::50';
const UE = '2001:db8:a::65';
const ADDRESS = '2001:db8:2::58';

class Bench {
  readonly server = new ContentServer({ address: ADDRESS, writers: new Set([PS]), startsAt: '2026-01-05T09:00:00Z' });
  now: SimTime = START;
  say(bytes: Uint8Array, from: string, port = 80): HttpResponse | undefined {
    const [effect] = this.server.step(
      { kind: 'bytes', bytes, transport: 'tcp', local: { address: ADDRESS, port }, remote: { address: from, port: 48_000 }, connection: 'c' },
      this.now,
    );
    if (effect?.kind !== 'send') return undefined;
    const message = parseHttpMessage(effect.bytes);
    if (isHttpError(message) || message.kind === 'request') throw new Error('no response');
    return message;
  }
  ask(method: string, target: string, from: string, fields: readonly (readonly [string, string])[] = [], body?: string): HttpResponse | undefined {
    const content = body === undefined ? undefined : encodeUtf8(body);
    return this.say(encodeHttpMessage(createHttpRequest(method, target, [['Host', `[${ADDRESS}]`], ...fields], content)), from);
  }
  put(target = '/a', until = 'Mon, 05 Jan 2026 09:10:00 GMT'): HttpResponse | undefined {
    return this.ask(
      'PUT',
      target,
      PS,
      [
        ['Content-Type', 'application/pidf+xml'],
        ['Expires', until],
      ],
      '<presence id="1"/>',
    );
  }
}

describe('content', () => {
  it('is put by the presence server and had by whoever knows its name', () => {
    const bench = new Bench();
    expect(bench.put()?.status).toBe(201);
    expect(bench.put()?.status).toBe(204);
    const got = bench.ask('GET', '/a', UE);
    expect(got?.status).toBe(200);
    expect(decodeUtf8(got?.body ?? new Uint8Array(0))).toBe('<presence id="1"/>');
    expect(bench.ask('GET', '/b', UE)?.status).toBe(404);
    expect(bench.server.view().tables[0]?.rows).toEqual([['/a', 'application/pidf+xml', '18']]);
  });
  it('ends when its URL does', () => {
    const bench = new Bench();
    bench.put();
    expect(bench.server.deadline()).toBe(after(START, seconds(600)));
    bench.now = after(START, seconds(601));
    expect(bench.ask('GET', '/a', UE)?.status).toBe(410);
    bench.now = after(START, seconds(9000));
    expect(bench.ask('GET', '/a', UE)?.status).toBe(404);
    expect(bench.server.deadline()).toBeUndefined();
  });
  it('that somebody has changed is another', () => {
    const bench = new Bench();
    bench.put();
    bench.server.step({ kind: 'intent', intent: { kind: 'alter-content' } }, START);
    const got = decodeUtf8(bench.ask('GET', '/a', UE)?.body ?? new Uint8Array(0));
    expect(got).toBe('<presence id="2"/>');
  });
});

describe('what is refused', () => {
  it.each<[string, string, string, readonly (readonly [string, string])[], number]>([
    ['content of a stranger', 'PUT', UE, [['Content-Type', 'text/plain']], 403],
    ['content of no type', 'PUT', PS, [], 415],
    ['what is not served', 'DELETE', PS, [], 405],
    ['what is not served', 'POST', UE, [], 405],
  ])('%s: %s', (_, method, from, fields, status) => {
    const bench = new Bench();
    expect(bench.ask(method, '/a', from, fields, method === 'DELETE' ? undefined : 'x')?.status).toBe(status);
    expect(bench.server.view().tables[0]?.rows).toEqual([]);
  });
  it.each([
    ['GET /a HTTP/1.1\r\n\r\n', 400],
    ['GET /a HTTP/1.0\r\nHost: a\r\n\r\n', 505],
    [`GET /${'a'.repeat(5000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['nonsense', 400],
  ])('%s', (text, status) => {
    expect(new Bench().say(encodeUtf8(text), UE)?.status).toBe(status);
  });
  it('what comes to another port, or is an answer, gets none', () => {
    const bench = new Bench();
    expect(bench.say(encodeUtf8('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'), UE, 81)).toBeUndefined();
    expect(bench.say(encodeUtf8('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), UE)).toBeUndefined();
  });
});
