import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { createBranch, formatOwnVia, hashLoopKey, loopHashOf } from './branch.ts';
import { parseVia } from './via.ts';

describe('a branch of ours', () => {
  it('carries the hash of the loop key, so that a request that comes back unchanged is known', () => {
    const chance = createKeyedChance(1, 'scscf1');
    const branch = createBranch(chance, 'sip:user2_public1@home2.net|<sip:scscf1.home1.net;lr>|orig');
    expect(branch).toMatch(/^z9hG4bK[0-9a-z]{10}\.[0-9a-z]{1,7}$/);
    expect(loopHashOf(branch)).toBe(hashLoopKey('sip:user2_public1@home2.net|<sip:scscf1.home1.net;lr>|orig'));
    expect(loopHashOf(branch)).not.toBe(hashLoopKey('sip:user2_public1@home2.net|<sip:scscf1.home1.net;lr>|term'));
    expect(createBranch(chance, 'k')).not.toBe(createBranch(chance, 'k'));
  });

  it.each(['z9hG4bKnashds7', 'z9hG4bKnashds7.', 'nashds7.1', ''])('is not seen in %j', (branch) => {
    expect(loopHashOf(branch)).toBeUndefined();
  });

  it('is drawn anew from the same seed', () => {
    expect(createBranch(createKeyedChance(5, 'a'), undefined)).toBe(createBranch(createKeyedChance(5, 'a'), undefined));
    expect(createBranch(createKeyedChance(5, 'a'), undefined)).not.toBe(createBranch(createKeyedChance(5, 'b'), undefined));
  });

  it.each([
    ['udp', 'UDP'],
    ['tcp', 'TCP'],
    ['sctp', 'SCTP'],
    ['ws', 'WS'],
  ] as const)('stands in a Via over %s that others can read', (transport, name) => {
    const via = parseVia(formatOwnVia(transport, '[2001:db8::1]:1357', 'z9hG4bKx.y', ';rport'));
    expect(via).toMatchObject({ transport: name, host: '2001:db8::1', port: 1357, branch: 'z9hG4bKx.y' });
    expect(via?.params.has('rport')).toBe(true);
  });
});
