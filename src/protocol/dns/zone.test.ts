import { describe, expect, it } from 'vitest';
import { createQuery, encodeDnsMessage, RCODE, type DnsMessage, type DnsRecord, type QuestionType } from './message.ts';
import { answerQuery, createZone, matchZone, type ZoneFile } from './zone.ts';

const HOME2: ZoneFile = {
  origin: 'home2.net.',
  records: [
    {
      name: 'home2.net',
      type: 'SOA',
      ttl: 300,
      primary: 'dns.home2.net',
      mailbox: 'hostmaster.home2.net',
      serial: 7,
      refresh: 3600,
      retry: 600,
      expire: 86400,
      minimum: 30,
    },
    { name: 'home2.net', type: 'NAPTR', ttl: 600, order: 10, preference: 50, flags: 's', service: 'SIP+D2U', regexp: '', replacement: '_sip._udp.home2.net' },
    { name: 'home2.net', type: 'NAPTR', ttl: 600, order: 20, preference: 50, flags: 's', service: 'SIP+D2T', regexp: '', replacement: '_sip._tcp.home2.net' },
    { name: '_sip._udp.home2.net', type: 'SRV', ttl: 600, priority: 1, weight: 0, port: 5060, target: 'icscf2-s.home2.net' },
    { name: '_sip._tcp.home2.net', type: 'SRV', ttl: 600, priority: 1, weight: 0, port: 5060, target: 'ICSCF2-s.home2.net.' },
    { name: 'icscf2-s.home2.net', type: 'AAAA', ttl: 600, address: '2001:db8:2::30' },
    { name: 'icscf2-s.home2.net', type: 'A', ttl: 600, address: '192.0.2.30' },
    { name: 'www.home2.net', type: 'CNAME', ttl: 600, target: 'ps.home2.net' },
    { name: 'ps.home2.net', type: 'A', ttl: 600, address: '192.0.2.40' },
    { name: 'round.home2.net', type: 'CNAME', ttl: 600, target: 'round.home2.net' },
    { name: 'abroad.home2.net', type: 'CNAME', ttl: 600, target: 'www.elsewhere.net' },
  ],
};
const zone = createZone(HOME2);
const ask = (name: string, type: QuestionType, zones = [zone]): DnsMessage | undefined => answerQuery(zones, createQuery(9, name, type));
const shown = (records: readonly DnsRecord[] | undefined): string[] => (records ?? []).map((record) => `${record.name} ${record.type}`);

describe('an authoritative answer', () => {
  it('to NAPTR carries everything that leads to the host, so that one exchange is enough, and fits into a datagram', () => {
    const answer = ask('home2.net', 'NAPTR');
    expect(answer).toMatchObject({ id: 9, response: true, authoritative: true, rcode: RCODE.noError });
    expect(shown(answer?.answers)).toEqual(['home2.net NAPTR', 'home2.net NAPTR']);
    expect(shown(answer?.additional)).toEqual(['_sip._udp.home2.net SRV', 'icscf2-s.home2.net AAAA', 'icscf2-s.home2.net A', '_sip._tcp.home2.net SRV']);
    expect(encodeDnsMessage(answer as DnsMessage).length).toBeLessThanOrEqual(512);
  });

  it('to SRV carries the addresses of its targets (RFC 2782)', () => {
    expect(shown(ask('_sip._udp.home2.net', 'SRV')?.additional)).toEqual(['icscf2-s.home2.net AAAA', 'icscf2-s.home2.net A']);
  });

  it('ignores letter case and keeps it in the question (RFC 1034 §3.1)', () => {
    const answer = ask('IcScF2-S.home2.NET', 'A');
    expect(shown(answer?.answers)).toEqual(['icscf2-s.home2.net A']);
    expect(answer?.questions).toEqual([{ name: 'IcScF2-S.home2.NET', type: 'A' }]);
  });

  it('follows an alias inside its zones, and stops where it leads out of them or in a circle', () => {
    expect(shown(ask('www.home2.net', 'A')?.answers)).toEqual(['www.home2.net CNAME', 'ps.home2.net A']);
    expect(shown(ask('www.home2.net', 'CNAME')?.answers)).toEqual(['www.home2.net CNAME']);
    expect(shown(ask('abroad.home2.net', 'A')?.answers)).toEqual(['abroad.home2.net CNAME']);
    expect(ask('round.home2.net', 'A')?.rcode).toBe(RCODE.noError);
  });
});

describe('an answer that says no (RFC 2308 §2)', () => {
  it('is NXDOMAIN for a name that is not there, with the SOA', () => {
    const answer = ask('nobody.home2.net', 'A');
    expect(answer).toMatchObject({ rcode: RCODE.noSuchDomain, authoritative: true, answers: [] });
    expect(shown(answer?.authority)).toEqual(['home2.net SOA']);
  });

  it('is an empty NOERROR for a name with other records, and for one that only has names below it (RFC 8020)', () => {
    for (const name of ['ps.home2.net', '_udp.home2.net']) {
      const answer = ask(name, 'SRV');
      expect(answer).toMatchObject({ rcode: RCODE.noError, answers: [] });
      expect(shown(answer?.authority)).toEqual(['home2.net SOA']);
    }
  });

  it('is undefined outside the zones, and a failure for what cannot be answered', () => {
    expect(ask('home1.net', 'A')).toBeUndefined();
    expect(ask('xhome2.net', 'A')).toBeUndefined();
    const query = createQuery(1, 'home2.net', 'A');
    expect(answerQuery([zone], { ...query, opcode: 5 })?.rcode).toBe(RCODE.notImplemented);
    expect(answerQuery([zone], { ...query, questions: [] })?.rcode).toBe(RCODE.formatError);
    expect(answerQuery([zone], { ...query, questions: [{ name: 'home2.net', type: 'A', class: 3 }] })?.rcode).toBe(RCODE.refused);
  });
});

describe('zones', () => {
  it('the longest origin that holds the name is its zone, the root that of every name', () => {
    const zones = ['', 'net', 'home2.net', 'sub.home2.net'].map((origin) => ({ origin }));
    expect(matchZone(zones, 'a.SUB.home2.net.')?.origin).toBe('sub.home2.net');
    expect(matchZone(zones, 'home2.net')?.origin).toBe('home2.net');
    expect(matchZone(zones, 'example.org')?.origin).toBe('');
    expect(matchZone(zones.slice(1), 'example.org')).toBeUndefined();
  });

  it('a zone without SOA gets one, so that absence can be remembered', () => {
    expect(createZone({ origin: 'visited1.net', records: [] }).soa).toMatchObject({ name: 'visited1.net', minimum: 60 });
  });

  it('what cannot be served is refused when the zone is made', () => {
    const withRecord =
      (record: DnsRecord): (() => unknown) =>
      () =>
        createZone({ origin: 'home2.net', records: [record] });
    expect(withRecord({ name: 'home1.net', type: 'A', ttl: 1, address: '192.0.2.1' })).toThrow(/outside/);
    expect(withRecord({ name: 'a.home2.net', type: 'A', ttl: 1, address: '2001:db8::1' })).toThrow(/address/);
    expect(withRecord({ name: 'a..home2.net', type: 'A', ttl: 1, address: '192.0.2.1' })).toThrow(/domain name/);
  });
});
