/**
 * A network's DNS server: answers from its own zones, and asks the server of a partner network for names outside them (RFC 1034 §4.3.1: recursive
 * service), remembering answers for their TTL. Omitted: the root and delegation (partners are configured, as on an IPX), TCP, DNSSEC.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Endpoint, Input, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, between, inSeconds, seconds, type SimTime } from '#base/time.ts';
import { Timers } from '#base/timers.ts';
import type { EntityView } from '#base/view.ts';
import { createQuery, type DnsMessage, type DnsRecord, encodeDnsMessage, labelOfDns, MAX_UDP_OCTETS, parseDnsMessage, RCODE } from '#protocol/dns/message.ts';
import { answerQuery, createFailure, createFormatError, createZone, matchZone, questionOf, type Zone, type ZoneFile } from '#protocol/dns/zone.ts';

export interface DnsServerConfig {
  readonly host: string;
  readonly address: string;
  readonly zones: readonly ZoneFile[];
  /** What servers of partners are answered from instead: they need not know every name of the inside. */
  readonly outsideZones?: readonly ZoneFile[];
  /** Domains of partners and the address of the server that knows them. */
  readonly partners: readonly { readonly origin: string; readonly server: string }[];
}

const PORT = 53;
const RECURSION_PORT = 40053;
/** How long a partner may take before the asker is told SERVFAIL (our choice, well inside the asker's own patience). */
const PARTNER_PATIENCE = seconds(3);
/** Answers of partners kept at most (our choice): the oldest go first, so that strangers cannot fill the memory with invented names. */
const MAX_REMEMBERED = 5000;

interface Recursion {
  readonly query: DnsMessage;
  readonly asker: Endpoint;
  readonly key: string;
  /** Address of the partner's server: only it may answer. */
  readonly partner: string;
  readonly id: number;
}

export class DnsServer implements Machine {
  readonly #config: DnsServerConfig;
  readonly #chance: Chance;
  readonly #zones: readonly Zone[];
  readonly #outsideZones: readonly Zone[];
  readonly #pending = new Map<number, Recursion>();
  readonly #timers = new Timers<Recursion>();
  readonly #cache = new Map<string, { readonly answer: DnsMessage; readonly keptAt: SimTime; readonly staleAt: SimTime }>();

  constructor(config: DnsServerConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
    this.#zones = config.zones.map(createZone);
    this.#outsideZones = config.outsideZones?.map(createZone) ?? this.#zones;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    const out: Effect[] = [];
    if (input.kind === 'deadline') this.#giveUp(now, out);
    if (input.kind === 'bytes') {
      const message = parseDnsMessage(input.bytes);
      if (message.kind === 'dns-error') {
        out.push({ kind: 'note', note: { op: 'rejected', reason: `Not a DNS message that can be read (${message.fault}).`, clause: 'RFC 1035 §4.1' } });
        if (message.id !== undefined && input.local.port === PORT) this.#reply(createFormatError(message.id), input.remote, [], out);
      } else if (message.response) this.#answered(message, input.remote, now, out);
      else this.#asked(message, input.remote, now, out);
    }
    return out;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  view(now: SimTime): EntityView {
    return {
      tables: [
        {
          title: 'Zones',
          columns: ['Zone', 'Names'],
          rows: this.#zones.map((zone) => [zone.origin, String(zone.names.size)]),
          empty: 'No zones.',
        },
        {
          title: 'Remembered answers of partners',
          columns: ['Question', 'For (s)'],
          rows: [...this.#cache]
            .filter(([, kept]) => kept.staleAt > now)
            .map(([key, kept]) => [key, String(Math.round(inSeconds(between(now, kept.staleAt))))]),
          empty: 'Nothing was asked of partners yet.',
        },
      ],
      timers: [],
      states: [],
    };
  }

  #asked(query: DnsMessage, asker: Endpoint, now: SimTime, out: Effect[]): void {
    const isPartner = this.#config.partners.some(({ server }) => server === asker.address);
    const answer = answerQuery(isPartner ? this.#outsideZones : this.#zones, query);
    if (answer !== undefined) {
      this.#reply(
        answer,
        asker,
        [{ op: 'decided', reason: 'The name lies in a zone of this network: the answer carries what will be needed next as well.', clause: 'RFC 1034 §4.3.2' }],
        out,
      );
      return;
    }
    const question = questionOf(query);
    if (typeof question === 'number') return;
    const key = `${question.type} ${question.name}`;
    const kept = this.#cache.get(key);
    if (kept !== undefined && kept.staleAt > now) {
      this.#reply(
        { ...aged(kept.answer, Math.floor(inSeconds(between(kept.keptAt, now)))), id: query.id, questions: query.questions },
        asker,
        [{ op: 'decided', reason: 'The partner network answered this before, and the answer is still fresh.', clause: 'RFC 1034 §4.3.1' }],
        out,
      );
      return;
    }
    const partner = matchZone(this.#config.partners, question.name);
    if (partner === undefined) {
      this.#reply(
        createFailure(query, RCODE.noSuchDomain),
        asker,
        [{ op: 'rejected', reason: 'No zone and no partner network has this name.', clause: 'RFC 1034 §4.3.1' }],
        out,
      );
      return;
    }
    let id = this.#chance.bits('dns-id') & 0xffff;
    // An id in use belongs to another question until that is answered or given up.
    while (this.#pending.has(id) && this.#pending.size < 0x10000) id = (id + 1) & 0xffff;
    const recursion = { query, asker, key, partner: partner.server, id };
    this.#pending.set(id, recursion);
    this.#timers.set(after(now, PARTNER_PATIENCE), recursion);
    const forwarded = createQuery(id, question.name, question.type);
    out.push({
      kind: 'send',
      bytes: encodeDnsMessage(forwarded),
      protocol: 'DNS',
      label: labelOfDns(forwarded),
      transport: 'udp',
      local: { address: this.#config.address, port: RECURSION_PORT },
      remote: { address: partner.server, port: PORT },
      notes: [
        {
          op: 'routed',
          to: partner.origin,
          reason: 'The name belongs to a partner network: its own server is asked on behalf of the asker.',
          clause: 'RFC 1034 §4.3.1',
        },
      ],
    });
  }

  #answered(answer: DnsMessage, from: Endpoint, now: SimTime, out: Effect[]): void {
    const recursion = this.#pending.get(answer.id);
    const question = answer.questions[0];
    if (recursion?.partner !== from.address || question === undefined || `${question.type} ${question.name}` !== recursion.key) {
      out.push({ kind: 'note', note: { op: 'rejected', reason: 'An answer to a question that was not asked is dropped.', clause: 'RFC 5452 §9.1' } });
      return;
    }
    this.#pending.delete(answer.id);
    const records = [...answer.answers, ...answer.authority, ...answer.additional];
    const ttl = records.reduce((least, record) => Math.min(least, record.type === 'SOA' ? record.minimum : record.ttl), records.length === 0 ? 0 : Infinity);
    if (ttl > 0) this.#remember(recursion.key, { ...answer, authoritative: false }, now, ttl);
    this.#reply(
      { ...answer, id: recursion.query.id, authoritative: false, questions: recursion.query.questions },
      recursion.asker,
      [{ op: 'routed', reason: "The partner's answer goes to the one who asked, and is remembered for its time to live.", clause: 'RFC 1034 §4.3.1' }],
      out,
    );
  }

  #remember(key: string, answer: DnsMessage, now: SimTime, ttl: number): void {
    this.#cache.delete(key);
    this.#cache.set(key, { answer, keptAt: now, staleAt: after(now, seconds(ttl)) });
    if (this.#cache.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest);
      return;
    }
  }

  #giveUp(now: SimTime, out: Effect[]): void {
    for (let recursion = this.#timers.due(now); recursion !== undefined; recursion = this.#timers.due(now)) {
      if (this.#pending.get(recursion.id) !== recursion) continue;
      this.#pending.delete(recursion.id);
      this.#reply(
        createFailure(recursion.query, RCODE.serverFailure),
        recursion.asker,
        [{ op: 'rejected', reason: 'The partner network did not answer in time.', clause: 'RFC 1034 §4.3.1' }],
        out,
      );
    }
  }

  #reply(message: DnsMessage, asker: Endpoint, notes: readonly Note[], out: Effect[]): void {
    out.push({
      kind: 'send',
      bytes: encodeDnsMessage(message, MAX_UDP_OCTETS),
      protocol: 'DNS',
      label: labelOfDns(message),
      transport: 'udp',
      local: { address: this.#config.address, port: PORT },
      remote: asker,
      notes,
    });
  }
}

/** The same answer after so many seconds in memory: what is left of each time to live (RFC 1035 §3.2.1). */
function aged(message: DnsMessage, elapsed: number): DnsMessage {
  const age = (records: readonly DnsRecord[]): DnsRecord[] => records.map((record) => ({ ...record, ttl: Math.max(0, record.ttl - elapsed) }));
  return { ...message, answers: age(message.answers), authority: age(message.authority), additional: age(message.additional) };
}
