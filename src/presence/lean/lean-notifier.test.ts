import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { SimTime } from '#base/time.ts';
import { createRequest, createResponse } from '#protocol/sip/message.ts';
import type { RefinedSubscription } from '../subscription/refinement.ts';
import { LeanNotifier } from './lean-notifier.ts';

const NOW = 0 as SimTime;
const OPEN = encodeUtf8('open');
const CLOSED = encodeUtf8('closed');
const subscription = {
  resource: 'sip:user2_public1@home2.net',
  event: 'presence',
  contentType: 'application/pidf+xml',
  state: 'active',
} as RefinedSubscription;
const subscribe = (condition?: string) => createRequest('SUBSCRIBE', subscription.resource, condition === undefined ? [] : [['Suppress-If-Match', condition]]);
const notifier = (salt = 'salt'): LeanNotifier => new LeanNotifier({ conditions: true, rates: false, partial: false, filters: false }, salt);
const told = (lean: LeanNotifier, body: Uint8Array) => lean.shape(subscription, body, subscription.contentType, 'change', NOW);
const tagOf = (lean: LeanNotifier, body: Uint8Array): string => told(lean, body).headers.find(([name]) => name === 'SIP-ETag')?.[1] ?? '';

describe('conditional notification at the notifier (RFC 5839)', () => {
  it('names each state by a tag: the same for the same, another for another, and another after a restart', () => {
    const lean = notifier();
    lean.take(subscription, subscribe());
    expect(tagOf(lean, OPEN)).toMatch(/^[0-9a-f]{16}$/);
    expect(tagOf(lean, OPEN)).toBe(tagOf(lean, OPEN));
    expect(tagOf(lean, OPEN)).not.toBe(tagOf(lean, CLOSED));
    expect(tagOf(lean, OPEN)).not.toBe(tagOf(notifier('another life'), OPEN));
  });

  it('spares the NOTIFY of a refresh while the state is the named one, and its body where it has to be sent (§6.2, §6.3)', () => {
    const lean = notifier();
    lean.take(subscription, subscribe(tagOf(lean, OPEN)));
    expect(lean.sparesAnswer(subscription, OPEN)?.clause).toBe('RFC 5839 §6.3');
    expect(lean.sparesAnswer(subscription, CLOSED)).toBeUndefined();
    expect(told(lean, OPEN).body).toBeUndefined();
    expect(told(lean, CLOSED).body).toBe(CLOSED);
  });

  it('tells a state again that the watcher named, once another was told in between', () => {
    const lean = notifier();
    lean.take(subscription, subscribe(tagOf(lean, OPEN)));
    expect(lean.sparesChange(subscription, OPEN)).toBeDefined();
    told(lean, CLOSED);
    expect(lean.sparesChange(subscription, OPEN)).toBeUndefined();
    expect(told(lean, OPEN).body).toBe(OPEN);
  });

  it('is silent with *, until a SUBSCRIBE says otherwise (§5.2)', () => {
    const lean = notifier();
    lean.take(subscription, subscribe('*'));
    expect(lean.sparesAnswer(subscription, OPEN)).toBeDefined();
    expect(told(lean, CLOSED).body).toBeUndefined();
    expect(lean.sparesChange(subscription, OPEN)).toBeDefined();
    lean.take(subscription, subscribe());
    expect(lean.sparesChange(subscription, OPEN)).toBeUndefined();
  });

  it('passes conditions over where it knows none (§5.1)', () => {
    const lean = new LeanNotifier({ conditions: false, rates: false, partial: false, filters: false }, 'salt');
    lean.take(subscription, subscribe('*'));
    expect(lean.sparesAnswer(subscription, OPEN)).toBeUndefined();
    expect(told(lean, OPEN)).toMatchObject({ body: OPEN, headers: [], stateParams: '' });
  });
});

describe('rates (RFC 6446)', () => {
  const asking = (event: string) => createRequest('SUBSCRIBE', subscription.resource, [['Event', event]]);
  const answering = (event?: string) => {
    const response = createResponse(createRequest('NOTIFY', 'sip:[2001:db8::1]', []), 200);
    if (event !== undefined) response.headers.set('Event', event);
    return response;
  };
  const rated = () => new LeanNotifier({ conditions: false, rates: true, partial: false, filters: false }, 'salt');
  const stated = (lean: LeanNotifier): string => lean.shape(subscription, OPEN, subscription.contentType, 'change', NOW).stateParams;

  it('are changed by the 2xx to a NOTIFY, and taken back; an answer without Event says nothing', () => {
    const lean = rated();
    lean.take(subscription, asking('presence;max-rate=0.1'));
    expect(lean.heard(subscription, answering())).toBeUndefined();
    expect(stated(lean)).toBe(';max-rate=0.1');
    expect(lean.heard(subscription, answering('presence;max-rate=0.05;min-rate=0.01'))?.reason).toContain('max-rate=0.05;min-rate=0.01');
    expect(stated(lean)).toBe(';max-rate=0.05;min-rate=0.01');
    expect(lean.heard(subscription, answering('presence'))?.reason).toContain('none');
    expect(stated(lean)).toBe('');
  });

  it('are not begun by an answer: the SUBSCRIBE has to have asked', () => {
    const lean = rated();
    lean.take(subscription, asking('presence'));
    expect(lean.heard(subscription, answering('presence;max-rate=0.1'))).toBeUndefined();
    expect(stated(lean)).toBe('');
  });
});
