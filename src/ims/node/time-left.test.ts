import { describe, expect, it } from 'vitest';
import type { Effect, SendEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { seconds } from '#base/time.ts';
import { encodeDnsMessage, parseDnsMessage } from '#protocol/dns/message.ts';
import { answerQuery, createZone } from '#protocol/dns/zone.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';
import { tellTimeLeft } from './time-left.ts';

const LATE = createZone({ origin: 'late.example', records: [{ name: 'proxy.late.example', type: 'AAAA', ttl: 60, address: '2001:db8:e::1' }] });
const isDns = (effect: Effect): effect is SendEffect => effect.kind === 'send' && effect.protocol === 'DNS';

describe('a NOTIFY that had to wait', () => {
  it.each([
    ['active;expires=7200', 5, 'active;expires=7195'],
    ['pending; expires = 60 ;id=a', 4.2, 'pending; expires = 56 ;id=a'],
    ['active;expires=3', 5, 'active;expires=0'],
    ['active;expires=7200', 0.3, undefined],
    ['terminated;reason=timeout;expires=9', 5, undefined],
    ['active', 5, undefined],
  ])('%s, after %f s: %s', (state, waited, left) => {
    const notes: Note[] = [];
    const request = sipRequest('NOTIFY', 'sip:a@b.net', { 'Subscription-State': state });
    tellTimeLeft(request, notes, seconds(waited));
    expect(request.headers.get('Subscription-State')).toBe(left ?? state);
    expect(notes.map(({ header, op, from, to }) => [header, op, from, to])).toEqual(left === undefined ? [] : [['Subscription-State', 'changed', state, left]]);
  });

  it('for an address says how much is left when it goes', () => {
    const bench = new EntityBench('ps');
    const watcher = { Event: 'presence', Expires: '600', Contact: '<sip:[2001:db8:a::65]>', 'P-Asserted-Identity': '<sip:user1_public1@home1.net>' };
    // Nobody at this name answers the DNS for four seconds.
    const subscribe = sipRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', { ...watcher, 'Record-Route': '<sip:proxy.late.example;lr>' });
    const accepted = bench.deliver(subscribe, bench.at('scscf2'));
    expect([accepted.statuses, accepted.methods]).toEqual([[200], []]);
    bench.advance(4);
    const questions = accepted.effects.filter(isDns);
    let sent: Outcome | undefined;
    for (let asked = questions.shift(); asked !== undefined; asked = questions.shift()) {
      const query = parseDnsMessage(asked.bytes);
      const answer = query.kind === 'dns' ? answerQuery([LATE], query) : undefined;
      if (answer === undefined) throw new Error('not asked for the late domain');
      const outcome = bench.step({ kind: 'bytes', bytes: encodeDnsMessage(answer), transport: 'udp', local: asked.local, remote: asked.remote });
      questions.push(...outcome.effects.filter(isDns));
      if (outcome.methods.includes('NOTIFY')) sent = outcome;
    }
    const { message, notes } = sent?.request('NOTIFY') ?? {};
    expect(message?.headers.get('Subscription-State')).toBe('active;expires=596');
    expect(notes?.filter(({ header }) => header === 'Subscription-State').map(({ op, to }) => `${op} ${to}`)).toEqual([
      'added active;expires=600',
      'changed active;expires=596',
    ]);
  });
});
