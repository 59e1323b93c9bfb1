/** On which side a node stands in a transaction (TS 32.299 §7.2.177): it serves the one who asks, or the one who is asked about. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario } from '#scenario/scenario.ts';
import { chargingOf, type ChargedNode } from '#trace/charging.ts';
import charging from './scenario.ts';

/** ORIGINATING_ROLE and TERMINATING_ROLE. */
const [originating, terminating] = [0, 1];

function nodes(): readonly ChargedNode[] {
  const valid = validateScenario(charging);
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return chargingOf(trace).nodes;
}

describe('the role of a node in a SUBSCRIBE for a registration', () => {
  const asked = nodes().filter(({ request: { ims } }) => ims.method === 'SUBSCRIBE' && ims.event === 'reg');
  const roles = (asker: string, about: string): unknown =>
    Object.fromEntries(
      asked
        .filter(({ request: { ims } }) => ims.callingParties[0] === asker && ims.calledParty === about)
        .map(({ node, request }) => [node, request.ims.role] as const),
    );

  it.each([
    ['pcscf1.visited1.net', 'user1_public1@home1.net', ['icscf1-p.home1.net', 'scscf1.home1.net']],
    ['pcscf2.home2.net', 'user2_public1@home2.net', ['icscf2-s.home2.net', 'scscf2.home2.net']],
  ])('that %s sends itself: those who serve %s, whom it is about, stand on the terminating side', (proxy, user, serving) => {
    expect(roles(`sip:${proxy}`, `sip:${user}`)).toEqual({ [proxy]: originating, ...Object.fromEntries(serving.map((node) => [node, terminating])) });
  });
  it('that a user sends: on the originating side', () => {
    const own = 'sip:user1_public1@home1.net';
    expect(roles(own, own)).toEqual({ 'pcscf1.visited1.net': originating, 'scscf1.home1.net': originating });
  });
});
