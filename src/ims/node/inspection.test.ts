/** What every entity looks at before it serves or forwards a request (RFC 3261 §8.2, §16.3), and which answers it lets go unseen. */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { Role } from '#scenario/scenario.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const SUBSCRIBE = {
  Event: 'presence',
  Contact: '<sip:[2001:db8:a::65]:1357>',
  'P-Asserted-Identity': '<sip:user1_public1@home1.net>',
};
type Fields = Readonly<Record<string, string | undefined>>;

const server = (method: string, fields: Fields = {}, body?: string, uri = JANE): Outcome => {
  const bench = new EntityBench('ps');
  return bench.deliver(sipRequest(method, uri, fields, body === undefined ? undefined : encodeUtf8(body)), bench.at('scscf2'));
};
const proxy = (role: Role, uri: string, fields: Fields = {}): Outcome => {
  const bench = new EntityBench(role);
  return bench.deliver(sipRequest('SUBSCRIBE', uri, { ...SUBSCRIBE, ...fields }), bench.at('scscf1'));
};
const answer = (outcome: Outcome, field: string): readonly unknown[] => [outcome.statuses[0], outcome.responses[0]?.message.headers.get(field)];

describe('an entity for whom a request is', () => {
  it('says 405 and what it takes to a method that is not for it, 501 to one that nobody knows', () => {
    expect(answer(server('MESSAGE'), 'Allow')).toEqual([405, 'SUBSCRIBE, PUBLISH, REGISTER']);
    expect(answer(server('JUMP'), 'Allow')).toEqual([501, 'SUBSCRIBE, PUBLISH, REGISTER']);
  });

  it('says 420 and which to an extension that it does not know', () => {
    expect(answer(server('SUBSCRIBE', { ...SUBSCRIBE, Require: 'eventlist, teleport' }), 'Unsupported')).toEqual([420, 'eventlist, teleport']);
  });

  it('says 415 to a body in a SUBSCRIBE, for it takes no filters, and to an encoding that it cannot undo', () => {
    expect(server('SUBSCRIBE', { ...SUBSCRIBE, 'Content-Type': 'application/simple-filter+xml' }, '<filter-set/>').statuses).toEqual([415]);
    const encoded = server('PUBLISH', { Event: 'presence', 'Content-Type': 'application/pidf+xml', 'Content-Encoding': 'gzip' }, 'x');
    expect(answer(encoded, 'Accept-Encoding')).toEqual([415, 'identity']);
  });

  it('says 416 to an address of a kind that means nothing to it', () => {
    expect(server('SUBSCRIBE', SUBSCRIBE, undefined, 'nobodyKnowsThisScheme:totallyopaquecontent').statuses).toEqual([416]);
  });

  it('leaves a note that says why, with the field at fault', () => {
    expect(server('SUBSCRIBE', { ...SUBSCRIBE, Require: 'teleport' }).response(420).notes).toContainEqual({
      op: 'rejected',
      header: 'Require',
      from: undefined,
      to: undefined,
      reason: 'Require asks for teleport, not known here.',
      clause: 'RFC 3261 §8.2',
    });
  });
});

describe.each(['icscf2', 'scscf2'] as const)('%s as a proxy', (role) => {
  it('says 416, 483 and 420 as a proxy does', () => {
    expect(proxy(role, 'nobodyKnowsThisScheme:totallyopaquecontent').statuses).toEqual([416]);
    expect(proxy(role, JANE, { 'Max-Forwards': '0' }).statuses).toEqual([483]);
    expect(answer(proxy(role, JANE, { 'Proxy-Require': 'teleport' }), 'Unsupported')).toEqual([420, 'teleport']);
  });

  it('does not look at Require: that is for the one at the end', () => {
    expect(proxy(role, JANE, { Require: 'teleport' }).statuses).not.toContain(420);
  });
});

describe('an answer', () => {
  it('with another Via below that of a user agent was misrouted and is dropped', () => {
    const bench = new EntityBench('ps');
    const outcome = bench.deliver(sipRequest('SUBSCRIBE', JANE, SUBSCRIBE), bench.at('scscf2'));
    const notify = outcome.request('NOTIFY');
    const dropped = bench.answer(notify, 481, [['Via', 'SIP/2.0/UDP elsewhere.example;branch=z9hG4bKx']]);
    expect(dropped.notes.map(({ reason }) => reason)).toContain('Dropped. The response has more than one Via.');
    expect(bench.machine.view(bench.now).states.some((one) => /notifier/.test(one.machine) && one.state === 'active')).toBe(true);
  });
});
