/** Who is found under which identity, also after a profile has taken the place of another. */
import { describe, expect, it } from 'vitest';
import type { UserProfile } from '#protocol/diameter/cx-user-data.ts';
import { ServedUsers } from './served-users.ts';

const profile = (...identities: readonly string[]): UserProfile => ({
  privateIdentity: 'user1_private@home1.net',
  publicIdentities: identities.map((identity) => ({ identity, barred: false })),
  filterCriteria: [],
});

describe('the served users', () => {
  it('are found under each of their identities, however it is written', () => {
    const users = new ServedUsers();
    const user = users.keep(profile('sip:a@home1.net', 'tel:+12125551111'), undefined, 'registered', undefined);
    for (const identity of ['sip:a@home1.net', 'sip:a@HOME1.net', 'tel:+1-212-555-1111']) expect(users.find(identity), identity).toBe(user);
    expect([users.find('sip:A@home1.net'), users.all()]).toEqual([undefined, [user]]);
  });

  it('of whom one is taken away leave those who have come into its place', () => {
    const users = new ServedUsers();
    const before = users.keep(profile('sip:a@home1.net', 'sip:b@home1.net'), undefined, 'unregistered', undefined);
    const after = users.keep(profile('sip:a@home1.net'), undefined, 'registered', undefined);
    users.remove(before);
    expect([users.find('sip:a@home1.net'), users.find('sip:b@home1.net')]).toEqual([after, undefined]);
    users.remove(after);
    expect(users.all()).toEqual([]);
  });
});
