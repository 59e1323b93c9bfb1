import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { createQuery, type DnsMessage, encodeDnsMessage, parseDnsMessage, type QuestionType, RCODE } from '#protocol/dns/message.ts';
import { answerQuery, createZone, type ZoneFile } from '#protocol/dns/zone.ts';
import { DnsServer } from './dns-server.ts';

const OWN: ZoneFile = {
  origin: 'home1.net',
  records: [{ name: 'scscf1.home1.net', ttl: 3600, type: 'AAAA', address: '2001:db8:1::30' }],
};
const PARTNER = createZone({
  origin: 'home2.net',
  records: [{ name: 'scscf2.home2.net', ttl: 100, type: 'AAAA', address: '2001:db8:2::30' }],
});
const ADDRESS = '2001:db8:1::53';
const ASKER: Endpoint = { address: '2001:db8:1::20', port: 40053 };
const PARTNER_SERVER: Endpoint = { address: '2001:db8:2::53', port: 53 };
const at = (time: number): SimTime => after(START, seconds(time));
const sends = (effects: readonly Effect[]): readonly SendEffect[] => effects.filter((one) => one.kind === 'send');

function server(seed = 1) {
  const dns = new DnsServer(
    { host: 'dns.home1.net', address: ADDRESS, zones: [OWN], partners: [{ origin: 'home2.net', server: PARTNER_SERVER.address }] },
    createKeyedChance(seed, 'dns'),
  );
  const receive = (bytes: Uint8Array, now: SimTime, remote = ASKER, port = 53): readonly Effect[] =>
    dns.step({ kind: 'bytes', bytes, transport: 'udp', local: { address: ADDRESS, port }, remote }, now);
  const ask = (name: string, type: QuestionType = 'AAAA', now = START, id = 7): readonly SendEffect[] =>
    sends(receive(encodeDnsMessage(createQuery(id, name, type)), now));
  return { dns, receive, ask };
}

function read(sent: SendEffect | undefined): DnsMessage {
  const message = parseDnsMessage(sent?.bytes ?? new Uint8Array());
  if (message.kind === 'dns-error') throw new Error(message.fault);
  return message;
}

/** What the partner says to what it was asked. */
function partnerAnswer(asked: SendEffect | undefined): Uint8Array {
  const answer = answerQuery([PARTNER], read(asked));
  if (answer === undefined) throw new Error('not for the partner');
  return encodeDnsMessage(answer);
}

describe('its own zone', () => {
  it.each<[string, QuestionType, number, number]>([
    ['scscf1.home1.net', 'AAAA', RCODE.noError, 1],
    ['SCSCF1.HOME1.NET', 'AAAA', RCODE.noError, 1],
    ['scscf1.home1.net', 'NAPTR', RCODE.noError, 0],
    ['nothing.home1.net', 'AAAA', RCODE.noSuchDomain, 0],
  ])('%s %s', (name, type, rcode, answers) => {
    const [sent] = server().ask(name, type);
    const message = read(sent);
    expect([message.rcode, message.answers.length, message.authoritative, message.id]).toEqual([rcode, answers, true, 7]);
    expect(sent?.remote).toEqual(ASKER);
    if (answers === 0) expect(message.authority[0]?.type).toBe('SOA');
  });
});

describe('names of a partner', () => {
  it('are asked of the partner with an id of its own, and the answer goes to the asker', () => {
    const { ask, receive } = server();
    const [asked] = ask('scscf2.home2.net');
    expect([asked?.remote, asked?.local.port]).toEqual([PARTNER_SERVER, 40053]);
    const [answered] = sends(receive(partnerAnswer(asked), at(0.1), PARTNER_SERVER, 40053));
    const message = read(answered);
    expect(answered?.remote).toEqual(ASKER);
    expect([message.id, message.authoritative, message.answers]).toMatchObject([7, false, [{ address: '2001:db8:2::30', ttl: 100 }]]);
  });

  it('are remembered, grow old, and are asked again when they are stale', () => {
    const { ask, receive } = server();
    receive(partnerAnswer(ask('scscf2.home2.net')[0]), START, PARTNER_SERVER, 40053);
    const [soon] = ask('scscf2.home2.net', 'AAAA', at(40), 9);
    expect(soon?.remote).toEqual(ASKER);
    expect(read(soon)).toMatchObject({ id: 9, answers: [{ ttl: 60 }] });
    expect(ask('scscf2.home2.net', 'AAAA', at(101))[0]?.remote).toEqual(PARTNER_SERVER);
  });

  it('that do not exist are remembered as well', () => {
    const { ask, receive } = server();
    receive(partnerAnswer(ask('no.home2.net')[0]), START, PARTNER_SERVER, 40053);
    const [soon] = ask('no.home2.net', 'AAAA', at(10));
    expect([soon?.remote, read(soon).rcode]).toEqual([ASKER, RCODE.noSuchDomain]);
  });

  it('whose server is silent: SERVFAIL after three seconds, and nothing stays behind', () => {
    const { ask, dns } = server();
    ask('scscf2.home2.net');
    expect(dns.deadline()).toBe(at(3));
    const [given] = sends(dns.step({ kind: 'deadline' }, at(3)));
    expect([read(given).rcode, read(given).id, given?.remote]).toEqual([RCODE.serverFailure, 7, ASKER]);
    expect(dns.deadline()).toBeUndefined();
  });

  it('each get their own answer, however many are asked at once', () => {
    const { ask, receive } = server();
    const asked = Array.from({ length: 2000 }, (_, i) => ask(`n${i}.home2.net`, 'AAAA', START, i)[0]);
    expect(new Set(asked.map((one) => read(one).id)).size).toBe(2000);
    const answered = asked.map((one) => read(sends(receive(partnerAnswer(one), at(1), PARTNER_SERVER, 40053))[0]).id);
    expect(answered).toEqual(asked.map((_, i) => i));
  });
});

describe('what is dropped', () => {
  it('an answer that nobody asked for, has the wrong question, or comes from somebody else', () => {
    const { ask, receive } = server();
    const [asked] = ask('scscf2.home2.net');
    const right = partnerAnswer(asked);
    const otherId = right.slice();
    otherId[0] = (otherId[0] ?? 0) ^ 0xff;
    const otherName = partnerAnswer({ ...(asked as SendEffect), bytes: encodeDnsMessage(createQuery(read(asked).id, 'else.home2.net', 'AAAA')) });
    for (const [bytes, remote] of [
      [otherId, PARTNER_SERVER],
      [otherName, PARTNER_SERVER],
      [right, { address: '2001:db8:666::1', port: 53 }],
    ] as const) {
      expect(receive(bytes, START, remote, 40053)).toMatchObject([{ kind: 'note', note: { op: 'rejected' } }]);
    }
    expect(sends(receive(right, START, PARTNER_SERVER, 40053))).toHaveLength(1);
  });

  it('bytes that are no DNS message; FORMERR when at least an id can be read', () => {
    const { receive } = server();
    expect(sends(receive(new Uint8Array([1]), START))).toEqual([]);
    const [answer] = sends(receive(new Uint8Array([0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 200]), START));
    expect(read(answer)).toMatchObject({ id: 9, rcode: RCODE.formatError });
  });

  it('a name outside every zone and partner: NXDOMAIN', () => {
    expect(read(server().ask('example.org')[0]).rcode).toBe(RCODE.noSuchDomain);
  });
});

it('does not remember without end', () => {
  const { ask, receive, dns } = server();
  for (let i = 0; i < 12_000; i++) receive(partnerAnswer(ask(`n${i}.home2.net`, 'AAAA', at(i / 1000))[0]), at(i / 1000), PARTNER_SERVER, 40053);
  const remembered = dns.view(at(12)).tables[1]?.rows.length ?? 0;
  expect(remembered).toBeGreaterThan(100);
  expect(remembered).toBeLessThanOrEqual(5000);
});
