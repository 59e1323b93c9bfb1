/** Rules that hang on a sphere while several terminals publish: each publication counts by itself, whatever the server makes of them (RFC 5025 §3.1.2). */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const WATCHER = 'sip:user1_public1@home1.net';

/** The same person by the same id: in the composed document the later one stands alone. */
const saying = (sphere: 'home' | 'work'): Uint8Array =>
  encodeUtf8(
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="${JANE}"><dm:person id="p1"><r:sphere><r:${sphere}/></r:sphere></dm:person></presence>`,
  );

const many = { identity: [{ many: {} }] };
const RULES: NetworkOptions['presence'] = {
  ruleset: [
    { id: 'others', ...many, handling: 'confirm' },
    { id: 'work', ...many, sphere: 'work', handling: 'allow' },
  ],
};

class SphereBench extends EntityBench {
  constructor() {
    super('ps', { network: { presence: RULES } });
  }
  publish(sphere: 'home' | 'work', before?: Outcome, expires = '3600'): Outcome {
    const tag = before?.response(200).message.headers.get('SIP-ETag');
    const fields = { Event: 'presence', Expires: expires, 'P-Asserted-Identity': `<${JANE}>`, 'Content-Type': 'application/pidf+xml', 'SIP-If-Match': tag };
    return this.deliver(sipRequest('PUBLISH', JANE, fields, saying(sphere)), this.at('scscf2'));
  }
  /** Somebody subscribes and takes the first NOTIFY: its state. */
  watched(): string {
    const fields = { Event: 'presence', Contact: '<sip:[2001:db8:a::65]:1357>', 'P-Asserted-Identity': `<${WATCHER}>` };
    const outcome = this.deliver(sipRequest('SUBSCRIBE', JANE, fields), this.at('scscf2'));
    this.answer(outcome.request('NOTIFY'), 200);
    return stateIn(outcome);
  }
}

const stateIn = (outcome: Outcome): string => (outcome.request('NOTIFY').message.headers.get('Subscription-State') ?? '').split(';')[0] ?? '';

describe('two terminals that contradict each other', () => {
  it('put the presentity in no sphere, and agreed they put her in one, although the document stays as it is', () => {
    const bench = new SphereBench();
    const first = bench.publish('home');
    bench.publish('work');
    expect(bench.watched()).toBe('pending');
    bench.advance(10);
    expect(stateIn(bench.publish('work', first))).toBe('active');
  });
  it('do so until one of them publishes no more', () => {
    const bench = new SphereBench();
    bench.publish('home', undefined, '60');
    bench.publish('work');
    expect(bench.watched()).toBe('pending');
    expect(stateIn(bench.advance(60))).toBe('active');
  });
});
