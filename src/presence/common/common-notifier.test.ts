/** One NOTIFY for all of a group, and for nobody else. */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { createRequest } from '#protocol/sip/message.ts';
import type { RefinedSubscription } from '../subscription/refinement.ts';
import { formatMark, formatTellsOn, parseMark } from './common-notify.ts';
import { CommonNotifier } from './common-notifier.ts';

const TYPE = 'application/pidf+xml';
const [HERE, AWAY] = [encodeUtf8('here'), encodeUtf8('away')];

function subscribed(server: CommonNotifier, watcher: string, distributor: string | undefined, access = 'full'): RefinedSubscription {
  const subscription = { resource: 'sip:a@b.net', watcher, event: 'presence', contentType: TYPE, state: 'active', access };
  const request = createRequest('SUBSCRIBE', 'sip:a@b.net', []);
  if (distributor !== undefined) request.headers.append('Event', `presence${formatTellsOn(distributor)}`);
  server.take(subscription, request);
  return subscription;
}
const markOf = (server: CommonNotifier, subscription: RefinedSubscription, why: 'answer' | 'change', body = AWAY) =>
  parseMark(server.shape(subscription, body, TYPE, why).stateParams);

describe('a change', () => {
  it('goes out once for a group, and names it', () => {
    const server = new CommonNotifier('salt');
    const [one, other] = [subscribed(server, 'sip:x@c.net', 'nd.c.net'), subscribed(server, 'sip:y@c.net', 'nd.c.net')];
    expect(server.sparesChange(one, AWAY)).toBeUndefined();
    expect(markOf(server, one, 'change')).toEqual({ group: markOf(server, other, 'answer')?.group, isForAll: true });
    expect(server.sparesChange(other, AWAY)?.reason).toContain('nd.c.net has been told already');
    expect(server.sparesChange(one, HERE)).toBeUndefined();
  });

  it('goes to each who is in no group, or in another', () => {
    const server = new CommonNotifier('salt');
    const leader = subscribed(server, 'sip:x@c.net', 'nd.c.net');
    markOf(server, leader, 'change');
    expect(server.sparesChange(subscribed(server, 'sip:y@d.net', 'nd.d.net'), AWAY)).toBeUndefined();
    const alone = subscribed(server, 'sip:z@c.net', undefined);
    expect(server.sparesChange(alone, AWAY)).toBeUndefined();
    expect(markOf(server, alone, 'change')).toBeUndefined();
  });

  it('peers: nobody who is shown another picture is told the name of the group', () => {
    const server = new CommonNotifier('salt');
    subscribed(server, 'sip:x@c.net', 'nd.c.net');
    expect(markOf(server, subscribed(server, 'sip:y@c.net', 'nd.c.net', 'polite'), 'answer')).toBeUndefined();
  });

  it('an answer is never for all', () => {
    const server = new CommonNotifier('salt');
    expect(markOf(server, subscribed(server, 'sip:x@c.net', 'nd.c.net'), 'answer')?.isForAll).toBe(false);
  });
});

describe('the mark', () => {
  it('is read as it is written', () => {
    for (const isForAll of [true, false])
      expect(parseMark(formatMark({ group: '0123456789abcdef', isForAll }))).toEqual({ group: '0123456789abcdef', isForAll });
  });

  it.each([undefined, '', 'active;expires=5', 'active;group=0123456789ABCDEF', 'active;group=nd.home1.net', ';group=0123456789abcdef0'])(
    '%s is none',
    (value) => {
      expect(parseMark(value)).toBeUndefined();
    },
  );
});
