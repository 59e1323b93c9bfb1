import { describe, expect, it } from 'vitest';
import { isWish, watchWish } from './watch-wish.ts';

const nothing = { lists: undefined, content: undefined, lean: undefined };
const wished = (to: string) => watchWish({ kind: 'subscribe', to }, 'sip:user1_public1@home1.net', () => true, nothing);

describe('what a person wants to watch', () => {
  it.each([
    'sip:user2_public1@home2.net',
    'sip:user2_public1@[2001:db8::1]:5070;a=b',
    'sip:who?@home2.net',
    'tel:+491701234567',
    'pres:user2_public1@home2.net',
  ])('can be %s', (to) => {
    const wish = wished(to);
    expect(isWish(wish) ? wish.resource : wish.reason).toBe(to);
  });

  it.each(['sip:user2_public1@home2.net;a=b?x=y', 'pres:user2_public1@home2.net?x=y', 'sip:@', 'http://home2.net', 'sip:ü@home2.net'])(
    'cannot be %s: that fits into no request line',
    (to) => {
      expect(wished(to)).toMatchObject({ op: 'rejected', reason: expect.stringContaining('no address') as string });
    },
  );
});
