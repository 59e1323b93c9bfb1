import { describe, expect, it } from 'vitest';
import { type Again, againAfter, noteOfEnd } from './resubscription.ts';
import { endsSubscription, formatEvent, parseEvent, parseSubscriptionState } from './subscription-state.ts';

describe('what to do after the last NOTIFY (RFC 6665 §4.1.3)', () => {
  it.each<[string, Again]>([
    ['terminated;reason=deactivated', { kind: 'at-once' }],
    ['terminated;reason=deactivated;retry-after=60', { kind: 'at-once' }],
    ['terminated;reason=probation', { kind: 'later', seconds: 60 }],
    ['terminated;reason=probation;retry-after=90', { kind: 'later', seconds: 90 }],
    ['terminated;reason=rejected', { kind: 'no' }],
    ['terminated;reason=rejected;retry-after=5', { kind: 'no' }],
    ['terminated;reason=timeout', { kind: 'allowed' }],
    ['terminated;reason=timeout;retry-after=5', { kind: 'allowed' }],
    ['terminated;reason=giveup', { kind: 'allowed' }],
    ['terminated;reason=giveup;retry-after=30', { kind: 'later', seconds: 30 }],
    ['terminated;reason=noresource', { kind: 'no' }],
    ['terminated;reason=invariant;retry-after=31536000', { kind: 'no' }],
    ['terminated', { kind: 'allowed' }],
    ['terminated;expires=600', { kind: 'allowed' }],
    ['terminated;retry-after=7', { kind: 'later', seconds: 7 }],
    ['TERMINATED; Reason=Strange; Retry-After=10', { kind: 'later', seconds: 10 }],
  ])('%s', (value, again) => {
    const told = parseSubscriptionState(value);
    if (told === undefined) throw new Error('malformed');
    const { reason, retryAfter } = told;
    const cause = { kind: 'notified', ...(reason === undefined ? {} : { reason }), ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
    expect(told.state).toBe('terminated');
    expect(againAfter(cause, true)).toEqual(again);
    expect(noteOfEnd(cause, false).reason).toMatch(/^[A-Z].*[.]$/);
  });

  it('is for the owner to say when it was not a NOTIFY that ended it', () => {
    for (const cause of [{ kind: 'timer-n' }, { kind: 'expired' }, { kind: 'unanswered' }, { kind: 'refused', status: 403 }] as const) {
      expect(againAfter(cause, true)).toEqual({ kind: 'allowed' });
      expect(noteOfEnd(cause, false).reason).toMatch(/^[A-Z].*[.]$/);
    }
  });
});

describe('values that both sides read', () => {
  it('Subscription-State: nonsense in a parameter counts as absent, a malformed value as nothing', () => {
    expect(parseSubscriptionState('active;expires=abc;retry-after=-1')).toEqual({ state: 'active' });
    expect(parseSubscriptionState(';expires=3')).toBeUndefined();
  });

  it('Event: package and id count, other parameters do not', () => {
    expect(parseEvent('presence ; foo=1;ID=a')).toEqual({ name: 'presence', id: 'a' });
    expect(formatEvent({ name: 'presence', id: 'a' })).toBe('presence;id=a');
    expect(parseEvent('')).toBeUndefined();
    expect(parseEvent(undefined)).toBeUndefined();
  });

  it('the codes that end a subscription are those that RFC 6665 §4.2.2 lists', () => {
    const ending = Array.from({ length: 400 }, (_, i) => 300 + i).filter(endsSubscription);
    expect(ending).toEqual([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);
  });
});
