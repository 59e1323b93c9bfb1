import { describe, expect, it } from 'vitest';
import type { SendEffect } from '#base/machine.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { createHttpResponse, encodeHttpMessage, fieldOf, parseHttpMessage } from '#protocol/http/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { formatXcapDiff } from '#protocol/xcap/diff.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const WATCHER = 'sip:user1_public1@home1.net';
const INDEX = `pres-rules/users/${JANE}/index`;
const rules = (handling: string): string =>
  `<cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules"><cr:rule id="a"><cr:actions><pr:sub-handling>${handling}</pr:sub-handling></cr:actions></cr:rule></cr:ruleset>`;

class RulesBench extends EntityBench {
  readonly subscribe: Sent<SipRequest>;
  #count = 0;
  constructor() {
    super('ps', { network: { with: ['xdms'], presence: { default: 'block' } } });
    this.subscribe = this.advance(0.1).request('SUBSCRIBE');
    this.answer(this.subscribe, 200, [
      ['Expires', '3600'],
      ['Contact', '<sip:xdms.home2.net>'],
    ]);
  }
  /** The XDMS tells that a document has another entity-tag, or none any more. */
  tells(tag: string | undefined, selector = INDEX, body?: string): Outcome {
    const { headers } = this.subscribe.message;
    const diff = body ?? formatXcapDiff({ root: 'http://xdms.home2.net/xcap-root/', documents: [{ selector, ...(tag === undefined ? {} : { newTag: tag }) }] });
    const request = sipRequest(
      'NOTIFY',
      'sip:ps.home2.net',
      {
        From: '<sip:xdms.home2.net>;tag=xdms',
        To: headers.get('From'),
        'Call-ID': headers.get('Call-ID'),
        CSeq: `${++this.#count} NOTIFY`,
        Event: 'xcap-diff',
        'Subscription-State': 'active;expires=3600',
        Contact: '<sip:xdms.home2.net>',
        'Content-Type': 'application/xcap-diff+xml',
      },
      encodeUtf8(diff),
    );
    return this.deliver(request, this.at('xdms'));
  }
  /** The answer to what was asked over HTTP. */
  gives(outcome: Outcome, status: number, body = '', tag = '"1"'): Outcome {
    const asked = fetches(outcome)[0];
    if (asked === undefined) throw new Error('nothing was asked over HTTP');
    const response = createHttpResponse(status, [['ETag', tag]], encodeUtf8(body));
    return this.step({ kind: 'bytes', bytes: encodeHttpMessage(response), transport: 'tcp', local: asked.local, remote: asked.remote });
  }
  watch(): Outcome {
    return this.deliver(
      sipRequest('SUBSCRIBE', JANE, { Event: 'presence', Expires: '7200', Contact: '<sip:[2001:db8:a::65]:1357>', 'P-Asserted-Identity': `<${WATCHER}>` }),
      this.at('scscf2'),
    );
  }
}
const fetches = (outcome: Outcome): readonly SendEffect[] => outcome.effects.filter((one): one is SendEffect => one.kind === 'send' && one.protocol === 'HTTP');
const stateOf = (outcome: Outcome): string => outcome.request('NOTIFY').message.headers.get('Subscription-State') ?? '';

describe('a presence server whose rules are kept elsewhere', () => {
  it('subscribes to them as it starts, and says what it wants', () => {
    const { message, remote } = new RulesBench().subscribe;
    expect(remote.address).toBe('2001:db8:2::88');
    expect(message.headers.get('Event')).toBe('xcap-diff;diff-processing=no-patching');
    expect(String.fromCharCode(...message.body)).toContain('uri="pres-rules/"');
  });
  it('answers first, then fetches what it does not know, and judges by it', () => {
    const bench = new RulesBench();
    expect(bench.watch().statuses).toEqual([403]);
    const told = bench.tells('"1"');
    expect(told.effects.flatMap((one) => (one.kind === 'send' ? [one.label] : []))).toEqual(['200 OK (NOTIFY)', 'GET']);
    const [asked] = fetches(told);
    const request = parseHttpMessage(asked?.bytes ?? new Uint8Array());
    if (request.kind !== 'request') throw new Error('no request');
    expect([request.target, fieldOf(request, 'Host'), asked?.remote]).toEqual([
      `/xcap-root/${INDEX}`,
      'xdms.home2.net',
      { address: '2001:db8:2::88', port: HTTP_PORT },
    ]);
    bench.gives(told, 200, rules('allow'));
    const outcome = bench.watch();
    expect(outcome.statuses).toEqual([200]);
    bench.answer(outcome.request('NOTIFY'), 200);
    // What is known already is not fetched again.
    expect(fetches(bench.tells('"1"'))).toEqual([]);
    const changed = bench.gives(bench.tells('"2"'), 200, rules('block'), '"2"');
    expect(stateOf(changed)).toBe('terminated;reason=rejected');
  });
  it('keeps what it knows when the rules cannot be had or read, and tries again', () => {
    const bench = new RulesBench();
    bench.gives(bench.tells('"1"'), 200, rules('allow'));
    bench.gives(bench.tells('"2"'), 500);
    expect(bench.watch().statuses).toEqual([200]);
    const again = bench.advance(31);
    expect(fetches(again)).toHaveLength(1);
    bench.gives(again, 200, '<rules>', '"2"');
    expect(bench.watch().statuses).toEqual([200]);
  });
  it('gives up rules that are no more', () => {
    const bench = new RulesBench();
    bench.gives(bench.tells('"1"'), 200, rules('allow'));
    expect(bench.watch().statuses).toEqual([200]);
    bench.tells(undefined);
    expect(bench.watch().statuses).toEqual([403]);
    bench.gives(bench.tells('"3"'), 404);
    expect(bench.watch().statuses).toEqual([403]);
  });
  it.each([
    ['of no sense', INDEX, '<a'],
    ['about another document', `pres-rules/users/${JANE}/other`, undefined],
    ['about another application', `resource-lists/users/${JANE}/index`, undefined],
  ])('takes nothing from a NOTIFY %s', (_what, selector, body) => {
    const outcome = new RulesBench().tells('"1"', selector, body);
    expect([outcome.statuses, fetches(outcome)]).toEqual([[200], []]);
  });
  it('knows no NOTIFY that belongs to nothing, and no answer to nothing', () => {
    const bench = new RulesBench();
    const stray = sipRequest('NOTIFY', 'sip:ps.home2.net', { Event: 'xcap-diff', 'Subscription-State': 'active', To: '<sip:ps.home2.net>;tag=x' });
    expect(bench.deliver(stray, bench.at('xdms')).statuses).toEqual([481]);
    const bytes = encodeHttpMessage(createHttpResponse(200, [], encodeUtf8(rules('allow'))));
    bench.step({ kind: 'bytes', bytes, transport: 'tcp', local: { address: bench.address, port: 47_000 }, remote: { ...bench.at('xdms'), port: HTTP_PORT } });
    expect(bench.watch().statuses).toEqual([403]);
  });
  it('subscribes again when nobody answers', () => {
    const bench = new EntityBench('ps', { network: { with: ['xdms'] } });
    bench.advance(0.1);
    expect(bench.advance(100).methods.filter((method) => method === 'SUBSCRIBE').length).toBeGreaterThan(1);
  });
});
