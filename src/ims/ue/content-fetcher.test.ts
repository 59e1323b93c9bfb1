/** What a terminal does with a reference to content (RFC 4483): fetch, hold against what was said, take or leave. */
import { describe, expect, it } from 'vitest';
import type { Effect, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { formatReference, referenceTo } from '#presence/content-indirection/external-body.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { createHttpResponse, encodeHttpMessage } from '#protocol/http/message.ts';
import { ContentFetcher } from './content-fetcher.ts';
import type { Notified } from './notified.ts';

const STARTS_AT = '2026-01-05T09:00:00Z';
const URL = 'http://[2001:db8:2::58]/presence/a';
const CONTENT = encodeUtf8('<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b.net"/>');

function told(url = URL, content: Uint8Array = CONTENT, until = '2026-01-05T10:00:00Z', contentId = '1@ps'): Notified {
  const { contentType, bytes } = formatReference(referenceTo(content, { url, expiresAt: Date.parse(until), contentType: 'application/pidf+xml', contentId }));
  const subscription = {} as SubscriberSubscription;
  return { kind: 'notified', subscription, state: 'active', contentType: 'message/external-body', contentTypeField: contentType, body: bytes };
}

class Bench {
  readonly fetcher = new ContentFetcher('2001:db8:a::65', STARTS_AT);
  out: Effect[] = [];
  now: SimTime = START;
  follow(step: Notified): this {
    this.fetcher.follow(step, this.now, this.out);
    return this;
  }
  get sent(): readonly SendEffect[] {
    return this.out.filter((one): one is SendEffect => one.kind === 'send');
  }
  get notes(): string {
    return this.out.flatMap((one) => (one.kind === 'note' ? [one.note.reason] : [])).join(' ');
  }
  answer(status: number, body: Uint8Array = CONTENT, type = 'application/pidf+xml'): readonly Notified[] {
    const { local, remote } = this.sent.at(-1) as SendEffect;
    const input = {
      kind: 'bytes',
      bytes: encodeHttpMessage(createHttpResponse(status, [['Content-Type', type]], body)),
      transport: 'tcp',
      local,
      remote,
    } as const;
    expect(this.fetcher.isAbout(input)).toBe(true);
    this.fetcher.step(input, this.now, this.out);
    return this.fetcher.arrived();
  }
}

describe('a reference', () => {
  it('is followed by GET, and what comes counts as if it had stood in the NOTIFY', () => {
    const bench = new Bench().follow(told());
    expect(decodeUtf8(bench.sent[0]?.bytes ?? new Uint8Array(0))).toBe(
      'GET /presence/a HTTP/1.1\r\nHost: [2001:db8:2::58]\r\nAccept: application/pidf+xml\r\n\r\n',
    );
    expect(bench.sent[0]?.remote).toEqual({ address: '2001:db8:2::58', port: 80 });
    const [known] = bench.answer(200);
    expect(known).toMatchObject({ contentType: 'application/pidf+xml', state: 'active' });
    expect(decodeUtf8(known?.body ?? new Uint8Array(0))).toBe(decodeUtf8(CONTENT));
    expect(bench.fetcher.arrived()).toEqual([]);
  });
  it('to what is here already is not followed again', () => {
    const bench = new Bench().follow(told());
    bench.answer(200);
    bench.follow(told());
    expect(bench.sent).toHaveLength(1);
    expect(bench.fetcher.arrived()).toHaveLength(1);
    expect(bench.follow(told(URL, encodeUtf8('<other/>'), undefined, '2@ps')).sent).toHaveLength(2);
  });
  it('whose time is over is not asked for', () => {
    const bench = new Bench();
    bench.now = after(START, seconds(3600));
    expect(bench.follow(told()).sent).toEqual([]);
    expect(bench.notes).toContain('time of the URL is over');
  });
  it('to too much is not followed', () => {
    expect(new Bench().follow(told(URL, new Uint8Array(70_000))).sent).toEqual([]);
  });
  it.each(['http://content.home2.net/a', 'http://[2001:db8:2::58]:8080/a', 'http://[2001:db8:2::58]', 'http://127.1/a', 'http://a@[2001:db8::1]/x'])(
    'to %s is not followed: it names no address and usual port',
    (url) => {
      expect(new Bench().follow(told(url)).sent).toEqual([]);
    },
  );
  it('that cannot be read is left', () => {
    const step = told();
    expect(new Bench().follow({ ...step, contentTypeField: 'message/external-body' }).sent).toEqual([]);
  });
});

describe('content', () => {
  it.each<[string, number, Uint8Array, string, RegExp]>([
    ['that was changed', 200, encodeUtf8(decodeUtf8(CONTENT).replace('a@b', 'x@b')), 'application/pidf+xml', /somebody has changed it/],
    ['of another length', 200, encodeUtf8(`${decodeUtf8(CONTENT)} `), 'application/pidf+xml', /octets/],
    ['of another type', 200, CONTENT, 'text/html', /text\/html/],
    ['that is gone', 410, new Uint8Array(0), 'text/plain', /410/],
    ['that is not there', 404, new Uint8Array(0), 'text/plain', /404/],
    ['that is said to be elsewhere', 302, CONTENT, 'application/pidf+xml', /302/],
    ['that is none', 200, new Uint8Array(0), 'application/pidf+xml', /octets/],
  ])('%s is not taken', (_, status, body, type, why) => {
    const bench = new Bench().follow(told());
    expect(bench.answer(status, body, type)).toEqual([]);
    expect(bench.notes).toMatch(why);
    // What was refused is not remembered: the next NOTIFY is followed anew.
    expect(bench.follow(told()).sent).toHaveLength(2);
  });
  it('of which nobody tells within the time is given up', () => {
    const bench = new Bench().follow(told());
    const late = bench.fetcher.deadline();
    expect(late).toBeDefined();
    bench.fetcher.fire(late as SimTime, bench.out);
    expect(bench.notes).toContain('nobody answers');
    expect(bench.fetcher.table()?.rows[0]?.at(-1)).toBe('not to be had');
    expect(bench.fetcher.deadline()).toBeUndefined();
  });
});
