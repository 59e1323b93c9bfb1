import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { type SipRequest, createResponse } from '#protocol/sip/message.ts';
import { EventPublisher, type PublishedBody, type PublisherStep } from './publisher.ts';

const at = (s: number): SimTime => after(START, seconds(s));
const BOB = 'sip:user2_public1@home2.net';
const text = (body: string): PublishedBody => ({ contentType: 'application/pidf+xml', bytes: encodeUtf8(body) });
const newPublisher = (): EventPublisher => new EventPublisher({ presentity: BOB, chance: createKeyedChance(1, 'ue2') });

function sent(steps: readonly PublisherStep[]): { operation: string; request: SipRequest } {
  const found = steps.filter((step) => step.kind === 'publish');
  if (found.length !== 1 || found[0] === undefined) throw new Error(`expected one PUBLISH, got ${found.length}`);
  return found[0];
}
const nothingSent = (steps: readonly PublisherStep[]): boolean => !steps.some((step) => step.kind === 'publish');

function answer(publisher: EventPublisher, request: SipRequest, status: number, headers: Record<string, string>, now: SimTime): PublisherStep[] {
  const response = createResponse(request, status);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return publisher.answered(response, now);
}

describe('changes alone, of a type that the compositor does not take', () => {
  const changes = { contentType: 'application/pidf-diff+xml', bytes: encodeUtf8('2') };
  it('are followed by the whole, under the same entity-tag, and never sent again', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '1800' }, at(1));
    const partial = sent(publisher.publish(text('two'), at(10), () => changes));
    expect(decodeUtf8(partial.request.body)).toBe('2');
    const whole = sent(answer(publisher, partial.request, 415, { Accept: 'application/pidf+xml' }, at(11)));
    expect([whole.operation, decodeUtf8(whole.request.body), whole.request.headers.get('SIP-If-Match')]).toEqual(['modify', 'two', 'tag1']);
    expect(whole.request.headers.get('Content-Type')).toBe('application/pidf+xml');
    answer(publisher, whole.request, 200, { 'SIP-ETag': 'tag2', Expires: '1800' }, at(12));
    expect(decodeUtf8(sent(publisher.publish(text('three'), at(20), () => changes)).request.body)).toBe('three');
  });
  it('are not tried for ever: a whole that is not taken either has failed', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '1800' }, at(1));
    const partial = sent(publisher.publish(text('two'), at(10), () => changes));
    const whole = sent(answer(publisher, partial.request, 415, {}, at(11)));
    const steps = answer(publisher, whole.request, 415, {}, at(12));
    expect(nothingSent(steps)).toBe(true);
    expect(steps).toContainEqual({ kind: 'failed', operation: 'modify', status: 415 });
  });
  it('give way to a removal that was asked for meanwhile', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '1800' }, at(1));
    const partial = sent(publisher.publish(text('two'), at(10), () => changes));
    publisher.remove(at(10));
    expect(sent(answer(publisher, partial.request, 415, {}, at(11))).operation).toBe('remove');
  });
});

describe('the publication agent (RFC 3903 §4, §5)', () => {
  it('publishes for the first time with a body and without a condition', () => {
    const { request, operation } = sent(newPublisher().publish(text('one'), at(0)));
    expect(operation).toBe('initial');
    expect(request.method).toBe('PUBLISH');
    expect(request.uri).toBe(BOB);
    expect(request.headers.get('Event')).toBe('presence');
    expect(request.headers.get('Expires')).toBe('3600');
    expect(request.headers.get('To')).toBe(`<${BOB}>`);
    expect(request.headers.get('From')).toMatch(/;tag=/);
    expect(request.headers.has('SIP-If-Match')).toBe(false);
    expect(request.headers.has('Contact')).toBe(false);
    expect(decodeUtf8(request.body)).toBe('one');
  });

  it('refreshes in time without a body, naming the latest tag', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '1800' }, at(1));
    expect(publisher.deadline()).toBe(at(1 + 1200));
    expect(publisher.fire(at(1000))).toEqual([]);
    const refresh = sent(publisher.fire(at(1201)));
    expect(refresh.operation).toBe('refresh');
    expect(refresh.request.headers.get('SIP-If-Match')).toBe('tag1');
    expect(refresh.request.headers.get('CSeq')).toBe('2 PUBLISH');
    expect(refresh.request.body).toHaveLength(0);
    expect(refresh.request.headers.has('Content-Type')).toBe(false);
    answer(publisher, refresh.request, 200, { 'SIP-ETag': 'tag2', Expires: '60' }, at(1202));
    expect(publisher.deadline()).toBe(at(1232));
    expect(sent(publisher.fire(at(1232))).request.headers.get('SIP-If-Match')).toBe('tag2');
  });

  it('refreshes when asked to, but only what is published', () => {
    const publisher = newPublisher();
    expect(publisher.refreshNow(at(0))).toEqual([]);
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(1));
    expect(sent(publisher.refreshNow(at(2))).operation).toBe('refresh');
  });

  it('modifies and removes under the tag', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(1));
    const modify = sent(publisher.publish(text('two'), at(2)));
    expect([modify.operation, modify.request.headers.get('SIP-If-Match'), decodeUtf8(modify.request.body)]).toEqual(['modify', 'tag1', 'two']);
    answer(publisher, modify.request, 200, { 'SIP-ETag': 'tag2', Expires: '3600' }, at(3));
    const remove = sent(publisher.remove(at(4)));
    expect([remove.operation, remove.request.headers.get('SIP-If-Match'), remove.request.headers.get('Expires'), remove.request.body.length]).toEqual([
      'remove',
      'tag2',
      '0',
      0,
    ]);
    answer(publisher, remove.request, 200, { 'SIP-ETag': 'tag3', Expires: '0' }, at(5));
    expect([publisher.state, publisher.deadline()]).toEqual(['unpublished', undefined]);
  });

  it('has one request under way and holds only the latest change', () => {
    const publisher = newPublisher();
    const first = sent(publisher.publish(text('one'), at(0)));
    expect(nothingSent(publisher.publish(text('two'), at(1)))).toBe(true);
    expect(nothingSent(publisher.publish(text('three'), at(2)))).toBe(true);
    const next = sent(answer(publisher, first.request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(3)));
    expect([next.operation, decodeUtf8(next.request.body)]).toEqual(['modify', 'three']);
    publisher.remove(at(4));
    expect(sent(answer(publisher, next.request, 200, { 'SIP-ETag': 'tag2', Expires: '3600' }, at(5))).operation).toBe('remove');
  });

  it('publishes again after a removal that was under way', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(1));
    const remove = sent(publisher.remove(at(2)));
    publisher.publish(text('two'), at(3));
    const again = sent(answer(publisher, remove.request, 200, { 'SIP-ETag': 'tag2', Expires: '0' }, at(4)));
    expect([again.operation, again.request.headers.has('SIP-If-Match'), decodeUtf8(again.request.body)]).toEqual(['initial', false, 'two']);
  });

  it('starts anew after 412 with the whole state, and does not loop when that is answered 412 too', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(1));
    const refresh = sent(publisher.fire(at(3001)));
    const again = sent(answer(publisher, refresh.request, 412, {}, at(3002)));
    expect([again.operation, again.request.headers.has('SIP-If-Match'), decodeUtf8(again.request.body)]).toEqual(['initial', false, 'one']);
    const end = answer(publisher, again.request, 412, {}, at(3003));
    expect(nothingSent(end)).toBe(true);
    expect(end).toContainEqual({ kind: 'failed', operation: 'initial', status: 412 });
    expect(publisher.state).toBe('unpublished');
  });

  it('asks for longer after 423, once', () => {
    const publisher = new EventPublisher({ presentity: BOB, chance: createKeyedChance(1, 'ue2'), expires: 30 });
    const again = sent(answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 423, { 'Min-Expires': '60' }, at(1)));
    expect([again.request.headers.get('Expires'), decodeUtf8(again.request.body)]).toEqual(['60', 'one']);
    expect(answer(publisher, again.request, 423, { 'Min-Expires': '60' }, at(2))).toContainEqual({ kind: 'failed', operation: 'initial', status: 423 });
  });

  it('keeps what is published when an update fails, and tries the change again, not a mere refresh', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(0));
    const modify = sent(publisher.publish(text('two'), at(3100)));
    expect(answer(publisher, modify.request, 503, {}, at(3200))).toContainEqual({ kind: 'failed', operation: 'modify', status: 503 });
    expect(publisher.state).toBe('published');
    expect(publisher.deadline()).toBe(at(3400));
    expect(sent(publisher.fire(at(3400))).operation).toBe('modify');
    publisher.unanswered(at(3432));
    expect(sent(publisher.fire(at(3600))).operation).toBe('initial');
  });

  it('does not publish again what was to be removed', () => {
    const publisher = newPublisher();
    answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, { 'SIP-ETag': 'tag1', Expires: '3600' }, at(0));
    sent(publisher.remove(at(10)));
    publisher.unanswered(at(138));
    expect(sent(publisher.fire(at(3000))).operation).toBe('remove');
    publisher.unanswered(at(3128));
    expect(nothingSent(publisher.fire(at(3600)))).toBe(true);
    expect(publisher.state).toBe('unpublished');
  });

  it('fails when the 200 brings no tag', () => {
    const publisher = newPublisher();
    expect(answer(publisher, sent(publisher.publish(text('one'), at(0))).request, 200, {}, at(1))).toContainEqual({
      kind: 'failed',
      operation: 'initial',
      status: 200,
    });
  });
});
