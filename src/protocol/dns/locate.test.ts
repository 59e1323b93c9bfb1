/** Which of the transports that a domain offers is taken first (RFC 3263 §4.1). The whole way to a server, with all its questions, is tested in `resolver.test.ts`. */
import { describe, expect, it } from 'vitest';
import { after, seconds, START } from '#base/time.ts';
import { locate } from './locate.ts';
import type { DnsRecord } from './record.ts';
import type { Known } from './search.ts';

const offer = (order: number, preference: number, transport: 'udp' | 'tcp'): DnsRecord => ({
  name: 'home2.net',
  type: 'NAPTR',
  ttl: 600,
  order,
  preference,
  flags: 's',
  service: transport === 'udp' ? 'SIP+D2U' : 'SIP+D2T',
  regexp: '',
  replacement: `_sip._${transport}.home2.net`,
});

/** Whose servers are asked for, in this order. */
function askedFor(...records: readonly DnsRecord[]): readonly string[] {
  const expiresAt = after(START, seconds(600));
  const known: Known = (name, type) => (type === 'NAPTR' ? { kind: 'found', name, type, records, expiresAt, answered: true } : undefined);
  const location = locate({ host: 'home2.net', scheme: 'sip' }, { supports: ['udp', 'tcp'], addressTypes: ['AAAA'], known });
  return location.kind === 'ask' ? location.questions.map(({ name }) => name.split('.')[1] ?? '') : [location.kind];
}

describe('the transports that a domain offers', () => {
  it('are taken by order, whatever their preference', () => {
    expect(askedFor(offer(20, 1, 'udp'), offer(10, 9, 'tcp'))).toEqual(['_tcp', '_udp']);
    expect(askedFor(offer(10, 9, 'udp'), offer(20, 1, 'tcp'))).toEqual(['_udp', '_tcp']);
  });

  it('are taken by preference where their order is the same, however the answer has them', () => {
    for (const [udp, tcp, wanted] of [
      [10, 20, ['_udp', '_tcp']],
      [20, 10, ['_tcp', '_udp']],
    ] as const) {
      expect(askedFor(offer(10, udp, 'udp'), offer(10, tcp, 'tcp'))).toEqual(wanted);
      expect(askedFor(offer(10, tcp, 'tcp'), offer(10, udp, 'udp'))).toEqual(wanted);
    }
  });
});
