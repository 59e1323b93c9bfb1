/**
 * Branches of our own Via header fields: `z9hG4bK`, a token by chance and, for elements that look for loops, a hash of what they route on.
 * Governed by RFC 3261 §8.1.1.7 and §16.6 step 8. Leaves out how an element chooses its loop key.
 */
import { hashText, type Chance } from '#base/chance.ts';
import type { Transport } from '#base/machine.ts';

export const MAGIC_COOKIE = 'z9hG4bK';

/** Ten base-36 digits: about 52 bits by chance, so that no two transactions of a run share a branch. */
export const createBranch = (chance: Chance, loopKey: string | undefined): string =>
  loopKey === undefined ? MAGIC_COOKIE + chance.token('branch', 10) : `${MAGIC_COOKIE}${chance.token('branch', 10)}.${hashLoopKey(loopKey)}`;

/** The hash under which a loop key stands in a branch: equal keys give equal hashes. */
export const hashLoopKey = (loopKey: string): string => hashText(loopKey).toString(36);

/** The hash in a branch that `createBranch` made with a loop key; undefined in any other. Compare it with `hashLoopKey`. */
// RFC 3261 §16.3 step 4
export function loopHashOf(branch: string): string | undefined {
  const dot = branch.lastIndexOf('.');
  return dot < 0 || dot === branch.length - 1 || !branch.startsWith(MAGIC_COOKIE) ? undefined : branch.slice(dot + 1);
}

const NAMES: Readonly<Record<Transport, string>> = { udp: 'UDP', tcp: 'TCP', sctp: 'SCTP', ws: 'WS', esp: 'ESP', none: 'NONE' };

/** `sentBy` is our host, with port if not the default; `params` as they stand, with their semicolon. */
export const formatOwnVia = (transport: Transport, sentBy: string, branch: string, params = ''): string =>
  `SIP/2.0/${NAMES[transport]} ${sentBy};branch=${branch}${params}`;
