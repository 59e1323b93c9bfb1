/**
 * RFC 3263 §4.1 and §4.2: which transports, addresses and ports a SIP target has, worked out from the DNS answers known so far; pure.
 * The domain of a pres or im URI is asked before for the SIP servers of that service (RFC 3861 §3, §4), and is a SIP domain like any other when it names none.
 * What is not known yet comes back as questions; the caller runs it again with the answers.
 * Omitted: TLS and SCTP as SIP transports (a `sips` target therefore has none), NAPTR flags other than `s`, which RFC 3263 does not use.
 */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { CachedAnswer } from './answer-cache.ts';
import { isIpAddress } from './ip-address.ts';
import { canonicalName, isDomainName } from './name.ts';
import { decided, type FailureReason, type Known, lookup, type Question, type Search } from './search.ts';

/** The transports that a SIP request can be taken to without a flow of its own. */
export type SipTransport = 'udp' | 'tcp';

/** The next hop as its URI names it. IPv6 without brackets. */
export interface SipTarget {
  readonly host: string;
  readonly port?: number;
  /** The URI's transport parameter, in any letter case. */
  readonly transport?: string;
  readonly scheme: 'sip' | 'sips';
  /** The scheme of a URI that names no protocol: `pres:` or `im:`. */
  readonly service?: 'pres' | 'im';
  /** Another service than SIP, over TCP only: `_xmpp-server` and the port of a domain that has no SRV record for it (RFC 6120 §3.2.2). */
  readonly stream?: { readonly name: string; readonly port: number };
}

export interface LocatedServer {
  readonly priority: number;
  readonly weight: number;
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** One transport's servers, unordered. */
export interface Leg {
  readonly transport: SipTransport;
  readonly servers: readonly LocatedServer[];
}

export type Location =
  | { readonly kind: 'ask'; readonly questions: readonly Question[] }
  /** `expiresAt`: when the first of the answers used runs out; undefined when none was. */
  | { readonly kind: 'located'; readonly legs: readonly Leg[]; readonly notes: readonly Note[]; readonly expiresAt: SimTime | undefined }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly notes: readonly Note[]; readonly expiresAt: SimTime | undefined };

export interface LocateOptions {
  /** Own transports, in the order of own preference. */
  readonly supports: readonly SipTransport[];
  /** Which kind of address is asked for first; the other only when there is none of it. */
  readonly addressTypes: readonly ('AAAA' | 'A')[];
  readonly known: Known;
}

const DEFAULT_PORT = 5060;
const SELECTING = 'RFC 3263 §4.1';
const LOCATING = 'RFC 3263 §4.2';
const SERVICES: ReadonlyMap<string, SipTransport> = new Map([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
]);

/** What one run has learnt. */
interface ServerSearch extends Search {
  readonly options: LocateOptions;
  noSuchDomain: boolean;
}

const inWords = (transport: SipTransport): string => transport.toUpperCase();

/** Locates the servers of `target`, or says what has to be asked first. Never throws: host and transport came from a peer. */
export function locate(target: SipTarget, options: LocateOptions): Location {
  const search: ServerSearch = { options, known: options.known, notes: [], questions: [], expiresAt: undefined, noSuchDomain: false };
  const host = canonicalName(target.host);
  const wanted = target.transport?.toLowerCase();
  const usable = options.supports.filter((transport) => wanted === undefined || transport === wanted);
  // RFC 3263 §4.1: a sips URI is reached over TLS and nothing else.
  if (target.scheme === 'sips') return failed(search, 'no-record', 'The target asks for TLS, which is not spoken here.', SELECTING);
  const first = usable[0];
  if (first === undefined) return failed(search, 'no-record', `The target asks for the transport ${wanted ?? 'none'}, which is not spoken here.`, SELECTING);

  if (target.service !== undefined) {
    const found = byAbstractService(search, host, target.service, usable);
    if (found !== undefined) return found;
  }
  const numeric = isIpAddress(host);
  if (numeric || target.port !== undefined) {
    if (wanted === undefined) {
      // RFC 3263 §4.1: without a transport parameter, an address or a port means UDP; TCP stays for what is too long (RFC 3261 §18.1.1).
      search.notes.push(decided(`The target gives ${numeric ? 'an address' : 'a port'} and no transport, so ${inWords(first)} is taken.`, SELECTING));
    } else {
      search.notes.push(decided(`The target itself names the transport ${inWords(first)}.`, SELECTING));
    }
    const port = target.port ?? target.stream?.port ?? DEFAULT_PORT;
    if (numeric) {
      search.notes.push(decided(`The host is an address, so nothing is looked up; the port is ${port}.`, LOCATING));
      return located(
        search,
        usable.map((transport) => ({ transport, servers: [{ priority: 0, weight: 0, host, port, addresses: [host] }] })),
      );
    }
    if (!isDomainName(host) || host === '' || /[\u0000-\u0020\u007f]/.test(host))
      return failed(search, 'no-such-domain', `The host ${target.host} is no domain name.`, LOCATING);
    search.notes.push(decided(`The target gives port ${port}, so only the address of ${host} is looked up.`, LOCATING));
    return byAddress(search, host, port, usable);
  }
  if (!isDomainName(host) || host === '' || /[\u0000-\u0020\u007f]/.test(host))
    return failed(search, 'no-such-domain', `The host ${target.host} is no domain name.`, SELECTING);

  if (target.stream !== undefined) {
    const { name, port } = target.stream;
    return byService(search, host, [{ transport: 'tcp', name: `${name}._tcp.${host}` }], ['tcp'], port);
  }
  if (wanted !== undefined) {
    search.notes.push(decided(`The target itself names the transport ${inWords(first)}.`, SELECTING));
    return byService(search, host, [{ transport: first, name: `_sip._${first}.${host}` }], usable);
  }
  const naptr = lookup(search, host, 'NAPTR', `The domain ${host} is asked which transports it offers for SIP.`, SELECTING);
  if (naptr === undefined) return { kind: 'ask', questions: search.questions };
  // RFC 8020 §2: when a name does not exist, nothing below it does.
  if (naptr.kind === 'no-such-domain') return failed(search, 'no-such-domain', `The domain ${host} does not exist.`, SELECTING);
  const offers = offersOf(naptr);
  if (offers.length === 0) {
    search.notes.push(decided(`The domain ${host} states no preference (no NAPTR record for SIP), so its services are asked for one by one.`, SELECTING));
    return byService(
      search,
      host,
      usable.map((transport) => ({ transport, name: `_sip._${transport}.${host}` })),
      usable,
    );
  }
  const services: Service[] = offers.flatMap(({ transport, name }) => (transport !== undefined && usable.includes(transport) ? [{ transport, name }] : []));
  const chosen = services[0];
  if (chosen === undefined) return failed(search, 'no-record', `The domain ${host} offers no transport that is spoken here.`, SELECTING);
  search.notes.push(
    decided(
      `The domain ${host} offers ${offers.map((offer) => offer.service).join(' before ')}; ${inWords(chosen.transport)} is the first that is spoken here.`,
      SELECTING,
    ),
  );
  return byService(search, host, services, [chosen.transport]);
}

/** RFC 3861 §3: `_pres._sip` names the servers that take presence by SIP. Undefined when there are none: then the domain itself is taken. */
function byAbstractService(search: ServerSearch, host: string, service: 'pres' | 'im', usable: readonly SipTransport[]): Location | undefined {
  if (!isDomainName(host) || host === '' || isIpAddress(host)) return undefined;
  const name = `_${service}._sip.${host}`;
  const answer = lookup(search, name, 'SRV', `The address says ${service}, which names no protocol: does ${host} take it by SIP, and where?`, 'RFC 3861 §3');
  if (answer === undefined) return { kind: 'ask', questions: search.questions };
  const servers: LocatedServer[] = [];
  for (const record of answer.records) {
    if (record.type !== 'SRV' || record.target === '') continue;
    const target = canonicalName(record.target);
    servers.push({ priority: record.priority, weight: record.weight, host: target, port: record.port, addresses: addressesOf(search, target) });
  }
  if (servers.length === 0) {
    search.notes.push(decided(`The domain ${host} names no server for ${name}, so it is taken as a SIP domain like any other.`, 'RFC 3861 §4'));
    return undefined;
  }
  search.notes.push(
    decided(`The name ${name} leads to ${servers.map((server) => `${server.host} port ${server.port}`).join(', ')}: SIP is spoken there.`, 'RFC 3861 §4'),
  );
  const reachable = servers.filter((server) => server.addresses.length > 0);
  return located(
    search,
    usable.map((transport) => ({ transport, servers: reachable })),
  );
}

interface Service {
  readonly transport: SipTransport;
  /** Where its SRV records are. */
  readonly name: string;
}

/** The SIP services of a NAPTR answer, lowest order first, then lowest preference; those with an unknown transport too. */
function offersOf(answer: Pick<CachedAnswer, 'records'>): { transport: SipTransport | undefined; name: string; service: string }[] {
  const offers = [];
  for (const record of answer.records) {
    if (record.type !== 'NAPTR' || record.flags.toLowerCase() !== 's' || record.replacement === '') continue;
    const service = record.service.toUpperCase();
    // RFC 3263 §4.1: only services of SIP and SIPS count.
    if (!service.startsWith('SIP+') && !service.startsWith('SIPS+')) continue;
    offers.push({ order: record.order, preference: record.preference, service, transport: SERVICES.get(service), name: canonicalName(record.replacement) });
  }
  return offers.sort((a, b) => a.order - b.order || a.preference - b.preference || (a.service < b.service ? -1 : 1));
}

/** From SRV records; where there are none, from the addresses of the host itself. */
function byService(search: ServerSearch, host: string, services: readonly Service[], fallback: readonly SipTransport[], port = DEFAULT_PORT): Location {
  const found: { service: Service; records: readonly { priority: number; weight: number; port: number; target: string }[] }[] = [];
  for (const service of services) {
    const answer = lookup(search, service.name, 'SRV', `The servers for ${inWords(service.transport)} are asked for.`, LOCATING);
    const records = (answer?.records ?? []).flatMap((record) => (record.type === 'SRV' && record.target !== '' ? [record] : []));
    if (records.length > 0) found.push({ service, records });
    // RFC 2782: a lone target "." says that the service is decidedly not available there.
    else if (answer?.kind === 'found') search.notes.push(decided(`The name ${service.name} says that this service is not offered.`, 'RFC 2782 "Usage rules"'));
  }
  if (search.questions.length > 0) return { kind: 'ask', questions: search.questions };
  if (found.length === 0) {
    search.notes.push(decided(`There is no SRV record for ${host}, so its own address is taken with port ${port}.`, LOCATING));
    return byAddress(search, host, port, fallback);
  }
  const legs: Leg[] = [];
  for (const { service, records } of found) {
    const servers: LocatedServer[] = [];
    for (const { priority, weight, port, target } of records) {
      const name = canonicalName(target);
      servers.push({ priority, weight, host: name, port, addresses: addressesOf(search, name) });
    }
    search.notes.push(decided(`The name ${service.name} leads to ${servers.map((server) => `${server.host} port ${server.port}`).join(', ')}.`, LOCATING));
    legs.push({ transport: service.transport, servers: servers.filter((server) => server.addresses.length > 0) });
  }
  return located(search, legs);
}

function byAddress(search: ServerSearch, host: string, port: number, transports: readonly SipTransport[]): Location {
  const addresses = addressesOf(search, host);
  return located(
    search,
    transports.map((transport) => ({ transport, servers: addresses.length === 0 ? [] : [{ priority: 0, weight: 0, host, port, addresses }] })),
  );
}

function located(search: ServerSearch, legs: readonly Leg[]): Location {
  if (search.questions.length > 0) return { kind: 'ask', questions: search.questions };
  const useful = legs.filter((leg) => leg.servers.length > 0);
  if (useful.length > 0) return { kind: 'located', legs: useful, notes: search.notes, expiresAt: search.expiresAt };
  return search.noSuchDomain
    ? failed(search, 'no-such-domain', 'The name that it led to does not exist.', LOCATING)
    : failed(search, 'no-record', 'No address was found for it.', LOCATING);
}

function failed(search: ServerSearch, reason: FailureReason, why: string, clause: string): Location {
  return { kind: 'failed', reason, notes: [...search.notes, { op: 'rejected', reason: why, clause }], expiresAt: search.expiresAt };
}

/** The addresses of the first kind of which there is any. */
function addressesOf(search: ServerSearch, host: string): readonly string[] {
  if (isIpAddress(host) || !isDomainName(host)) return [];
  for (const type of search.options.addressTypes) {
    const answer = lookup(search, host, type, `The ${type === 'AAAA' ? 'IPv6' : 'IPv4'} address of ${host} is asked for.`, LOCATING);
    if (answer === undefined) return [];
    if (answer.kind === 'no-such-domain') search.noSuchDomain = true;
    const addresses = answer.records.flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.address] : []));
    if (addresses.length > 0) return addresses;
  }
  return [];
}
