/**
 * Zones and the answers of a server that holds them: RFC 1034 §4.3.2 for the search, RFC 2308 §2 for answers that say no, RFC 8020 for names that only
 * have names below them. The additional section carries what the asker needs next (RFC 2782, RFC 3403 §4.2): a NAPTR answer the SRV records
 * and addresses of its replacements, an SRV answer the addresses of its targets, so that one exchange resolves a domain.
 * Omitted: wildcards, delegation inside a zone (referrals), ANY, zone transfer.
 */
import { RCODE, type DnsMessage, type DnsQuestion, type DnsRecord } from './message.ts';
import { canonicalName, isDomainName, isWithin } from './name.ts';
import { writeRecord, type QuestionType, type SoaRecord } from './record.ts';
import { DnsWriter } from './writer.ts';

/** A zone as a scenario writes it: plain data. Names are absolute, a final dot allowed. */
export interface ZoneFile {
  readonly origin: string;
  readonly records: readonly DnsRecord[];
}

/** A zone ready to answer. */
export interface Zone {
  /** Canonical. */
  readonly origin: string;
  /** Its own, or the one made up when the file has none: absences are then remembered for 60 s. */
  readonly soa: SoaRecord;
  readonly sets: ReadonlyMap<string, readonly DnsRecord[]>;
  /** Every name that exists, those included that only have names below them. */
  readonly names: ReadonlySet<string>;
}

const setKey = (name: string, type: QuestionType | 'other'): string => `${type} ${name}`;

/** Prepares a zone. Throws on a name outside the origin or a record that the wire cannot carry: zones are ours. */
export function createZone(file: ZoneFile): Zone {
  const origin = canonicalName(file.origin);
  if (!isDomainName(origin)) throw new Error(`Zone: ${file.origin} is no domain name`);
  const sets = new Map<string, DnsRecord[]>();
  const names = new Set<string>([origin]);
  let soa: SoaRecord | undefined;
  for (const record of file.records) {
    writeRecord(new DnsWriter(), record);
    const name = canonicalName(record.name);
    if (!isWithin(name, origin)) throw new Error(`Zone ${origin}: ${record.name} lies outside it`);
    if (record.type === 'SOA') soa = record;
    for (let above = name; !names.has(above) && above !== origin; above = above.slice(above.indexOf('.') + 1)) names.add(above);
    const key = setKey(name, record.type);
    const set = sets.get(key);
    const own = { ...record, name };
    if (set === undefined) sets.set(key, [own]);
    else set.push(own);
  }
  const below = (label: string): string => (origin === '' ? label : `${label}.${origin}`);
  soa ??= {
    type: 'SOA',
    name: origin,
    ttl: 60,
    primary: below('ns'),
    mailbox: below('hostmaster'),
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: 60,
  };
  return { origin, soa, sets, names };
}

/** Of those whose `origin` (canonical) holds `name`, the one with the longest: which zone, or which zone's server, a question belongs to. */
export function matchZone<Z extends { readonly origin: string }>(zones: readonly Z[], name: string): Z | undefined {
  const wanted = canonicalName(name);
  let best: Z | undefined;
  for (const zone of zones) {
    if (isWithin(wanted, zone.origin) && (best === undefined || zone.origin.length > best.origin.length)) best = zone;
  }
  return best;
}

const MAX_ALIASES = 8;

/** Takes what the answers lead to: NAPTR, SRV and addresses, each set once, along the zones of this server. */
function addAdditional(zones: readonly Zone[], from: readonly DnsRecord[], taken: Set<string>, into: DnsRecord[]): void {
  const take = (name: string, type: QuestionType): void => {
    const key = setKey(canonicalName(name), type);
    if (taken.has(key)) return;
    taken.add(key);
    const set = matchZone(zones, name)?.sets.get(key);
    if (set === undefined) return;
    into.push(...set);
    addAdditional(zones, set, taken, into);
  };
  for (const record of from) {
    if (record.type === 'NAPTR' && record.replacement !== '') {
      const flags = record.flags.toLowerCase();
      if (flags === 's') take(record.replacement, 'SRV');
      else if (flags === 'a') takeAddresses(record.replacement, take);
      else if (flags === '') take(record.replacement, 'NAPTR');
    } else if (record.type === 'SRV') {
      takeAddresses(record.target, take);
    } else if (record.type === 'NS') {
      takeAddresses(record.target, take);
    }
  }
}

function takeAddresses(name: string, take: (name: string, type: QuestionType) => void): void {
  take(name, 'AAAA');
  take(name, 'A');
}

const response = (query: DnsMessage, rcode: number, sections: Partial<DnsMessage>): DnsMessage => ({
  kind: 'dns',
  id: query.id,
  response: true,
  opcode: query.opcode,
  authoritative: false,
  truncated: false,
  recursionDesired: query.recursionDesired,
  recursionAvailable: true,
  rcode,
  questions: query.questions,
  answers: [],
  authority: [],
  additional: [],
  ...sections,
});

/** An answer that only says why there is none: FORMERR, SERVFAIL, NOTIMP, REFUSED. */
export const createFailure = (query: DnsMessage, rcode: number): DnsMessage => response(query, rcode, {});

/** The answer to bytes that could not be read, when at least their id could. */
export const createFormatError = (id: number): DnsMessage => ({
  kind: 'dns',
  id,
  response: true,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  rcode: RCODE.formatError,
  questions: [],
  answers: [],
  authority: [],
  additional: [],
});

/** The question of a query that can be answered, or the response code that refuses it. */
export function questionOf(query: DnsMessage): DnsQuestion | number {
  const question = query.questions[0];
  if (query.opcode !== 0) return RCODE.notImplemented;
  if (question === undefined || query.questions.length > 1) return RCODE.formatError;
  return question.class === undefined ? question : RCODE.refused;
}

/**
 * The authoritative answer to `query`, or undefined when its name lies outside all zones (the server then recurses or refuses).
 * A query that cannot be answered at all gets its failure. Pure.
 */
export function answerQuery(zones: readonly Zone[], query: DnsMessage): DnsMessage | undefined {
  const question = questionOf(query);
  if (typeof question === 'number') return createFailure(query, question);
  let zone = matchZone(zones, question.name);
  if (zone === undefined) return undefined;
  const answers: DnsRecord[] = [];
  const taken = new Set<string>();
  let name = canonicalName(question.name);
  for (let aliases = 0; ; aliases++) {
    const key = setKey(name, question.type);
    taken.add(key);
    const set = zone.sets.get(key);
    if (set !== undefined) {
      answers.push(...set);
      break;
    }
    // RFC 1034 §3.6.2: an alias stands for every type, so its target is searched instead.
    const alias = zone.sets.get(setKey(name, 'CNAME'))?.[0];
    if (alias?.type !== 'CNAME' || aliases === MAX_ALIASES) {
      // RFC 2308 §2.1 and §2.2: NXDOMAIN when the name does not exist, an empty NOERROR when only the type does not; the SOA says for how long.
      const rcode = alias === undefined && !zone.names.has(name) ? RCODE.noSuchDomain : RCODE.noError;
      return response(query, rcode, { authoritative: true, answers, authority: [zone.soa] });
    }
    answers.push(alias);
    name = canonicalName(alias.target);
    const next = matchZone(zones, name);
    // The alias leads out of this server's zones: the asker follows it by itself.
    if (next === undefined) break;
    zone = next;
  }
  const additional: DnsRecord[] = [];
  addAdditional(zones, answers, taken, additional);
  // RFC 1034 §6.2.1 keeps the letter case in which the question came.
  return response(query, RCODE.noError, { authoritative: true, answers, additional });
}
