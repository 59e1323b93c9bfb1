/**
 * Configuration hiding (TS 33.203 §5.2, §6.4; spec/presence-flows.md section 8, invariant 16): what shows outside of a network that hides itself, and what
 * other rules make of its tokens.
 */
import type { Protocol } from '#base/machine.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { parseVia, type Via } from '#protocol/sip/via.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

/** One entry of a Via, Route or Record-Route. */
export interface Entry {
  readonly text: string;
  readonly host: string | undefined;
  /** The network that made this token; undefined for an entry in clear. */
  readonly hiddenBy: string | undefined;
}

export function routeEntry(text: string): Entry {
  const uri = parseUri(text) ?? parseUri(uriOf(text) ?? '');
  if (uri?.kind !== 'sip') return { text, host: undefined, hiddenBy: undefined };
  return { text, host: uri.host, hiddenBy: uri.params.get('tokenized-by') };
}

export const viaEntry = (via: Via): Entry => ({
  text: `${via.host} ${via.port ?? ''} ${via.branch ?? ''}`,
  host: via.host,
  hiddenBy: via.params.get('tokenized-by'),
});

const isInside = (host: string | undefined, domain: string): boolean => host !== undefined && (host === domain || host.endsWith(`.${domain}`));

/** The same entries in the same order, where a token stands for one or more entries of its network that follow each other. */
export function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  const [first] = a;
  const [other] = b;
  if (first === undefined || other === undefined) return a.length === b.length;
  if (first.text === other.text) return sameEntries(a.slice(1), b.slice(1));
  return standsFor(first, a.slice(1), b) || standsFor(other, b.slice(1), a);
}

function standsFor(token: Entry, rest: readonly Entry[], clear: readonly Entry[]): boolean {
  if (token.hiddenBy === undefined) return false;
  for (let i = 0; i < clear.length; i++) {
    const entry = clear[i];
    if (entry === undefined || entry.hiddenBy !== undefined || !isInside(entry.host, token.hiddenBy)) return false;
    if (sameEntries(rest, clear.slice(i + 1))) return true;
  }
  return false;
}

/** A Contact on the two sides of a border: the same, or hidden on one of them. */
export const sameTarget = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && [a, b].some((text) => routeEntry(text).hiddenBy !== undefined));

const HEADERS = ['Via', 'Record-Route', 'Route', 'Path', 'Service-Route'];

export const HIDDEN = rule(
  'hiding',
  'Outside of a network that hides its configuration none of its proxies is named in Via, Record-Route, Route, Path or Service-Route, but the hiding node.',
  'TS 33.203 §5.2',
  ({ trace, sip, entities }, blame) => {
    for (const { domain, hides } of trace.networks) {
      if (hides !== true) continue;
      for (const fact of sip) {
        if (entities.get(fact.record.from)?.network === domain && entities.get(fact.record.to)?.network === domain) continue;
        for (const header of HEADERS) {
          for (const value of fact.message.headers.values(header)) {
            const via = header === 'Via' ? parseVia(value) : undefined;
            const entry = via === undefined ? routeEntry(value) : viaEntry(via);
            if (entry.hiddenBy !== undefined || !isInside(entry.host, domain) || entities.get(entry.host ?? '')?.kind === 'ibcf') continue;
            blame(fact, `names ${entry.host ?? ''} in ${header} outside of ${domain}`);
          }
        }
      }
    }
  },
);

/** As it stands in the bytes: the name of a host as text, in a DNS message its first label with the length in front. */
const namesIn = (protocol: Protocol, id: string, addresses: readonly string[]): readonly string[] => {
  const [label = ''] = id.split('.', 1);
  return protocol === 'DNS' ? [`${String.fromCharCode(label.length)}${label}`] : [id, ...addresses];
};

export const NOTHING_SHOWS = rule(
  'hiding-all',
  'Nothing else of what leaves such a network names one of its nodes or their addresses either: no header, no body, no answer about names.',
  'TS 33.203 §5.2',
  ({ trace, entities }, blame) => {
    for (const { domain, hides } of trace.networks) {
      if (hides !== true) continue;
      // A terminal is no part of the inside; gateways and name servers are asked and met by their addresses.
      const inside = trace.entities.filter(({ network, kind }) => network === domain && !['ibcf', 'ue', 'security-gateway', 'dns-server'].includes(kind));
      for (const record of trace.records) {
        if (record.kind !== 'message' || [record.from, record.to].every((id) => entities.get(id)?.network === domain)) continue;
        const text = decodeUtf8(record.bytes).toLowerCase();
        for (const { id, addresses } of inside)
          for (const name of namesIn(record.protocol, id, addresses)) if (text.includes(name)) blame({ record }, `tells of ${id} outside of ${domain}`);
      }
    }
  },
);

export const HIDING_RULES: readonly Rule[] = [HIDDEN, NOTHING_SHOWS];
