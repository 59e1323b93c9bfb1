/** What may cross a border: identities, charging, security headers, keys (spec/presence-flows.md sections 2.5 and 8; TS 24.229, TS 29.165). */
import { parseChallenge } from '#protocol/sip/credentials.ts';
import { unquote } from '#protocol/sip/params.ts';
import { endToEnd, isSuccess, type Evidence, type SipFact } from './evidence.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

/** Of whom nothing can be expected: it stands in a network that the mobile networks do not trust. */
function isStranger({ trace, entities }: Evidence, id: string): boolean {
  const domain = entities.get(id)?.network;
  const network = trace.networks.find((one) => one.domain === domain);
  return network !== undefined && !(network.trusted ?? network.kind !== 'outside');
}

/** No mobile network, trusted or not: the rules between mobile networks are not for it. */
const isOutside = ({ trace, entities }: Evidence, id: string): boolean =>
  trace.networks.some(({ domain, kind }) => kind === 'outside' && domain === entities.get(id)?.network);

/** A network that only has guests: with the home networks it speaks of its own leg (type 1). */
const isVisited = ({ trace }: Evidence, domain: string): boolean => trace.networks.some((one) => one.domain === domain && one.kind === 'visited');

/** From one network into another; the radio is not meant. */
function crossing({ entities }: Evidence, { record }: SipFact): { readonly from: string; readonly to: string } | undefined {
  const from = entities.get(record.from);
  const to = entities.get(record.to);
  if (from === undefined || to === undefined || from.kind === 'ue' || to.kind === 'ue' || from.network === to.network) return undefined;
  return { from: from.network, to: to.network };
}

const kindOfReceiver = ({ entities }: Evidence, { record }: SipFact): string | undefined => entities.get(record.to)?.kind;

const NEVER_BETWEEN_NETWORKS = ['P-Preferred-Identity', 'P-Charging-Function-Addresses', 'Security-Client', 'Security-Server', 'Security-Verify'];

export const BORDER = rule('border', 'What is for one network only does not travel between networks.', 'TS 29.165 §A', (evidence, blame) => {
  for (const fact of evidence.sip) {
    if (crossing(evidence, fact) === undefined || isOutside(evidence, fact.record.from)) continue;
    for (const name of NEVER_BETWEEN_NETWORKS) if (fact.message.headers.has(name)) blame(fact, `carries ${name} between networks`);
    if (fact.method !== 'REGISTER' && fact.message.headers.has('P-Visited-Network-ID')) blame(fact, 'carries P-Visited-Network-ID outside a REGISTER');
  }
});

export const CHARGING_STAYS = rule('charging-to-ue', 'Charging headers never reach a UE.', 'TS 24.229 §4.5', (evidence, blame) => {
  for (const fact of evidence.sip) {
    if (kindOfReceiver(evidence, fact) !== 'ue') continue;
    for (const name of ['P-Charging-Vector', 'P-Charging-Function-Addresses']) if (fact.message.headers.has(name)) blame(fact, `carries ${name} to a UE`);
  }
});

export const ACCESS_INFO = rule(
  'access-info',
  'P-Access-Network-Info does not leave the home network and does not reach another UE.',
  'TS 24.229 §4.4',
  (evidence, blame) => {
    for (const fact of evidence.sip) {
      if (!fact.message.headers.has('P-Access-Network-Info') || isOutside(evidence, fact.record.from)) continue;
      const border = crossing(evidence, fact);
      // A visited network rightly tells the home network of its guests.
      const homewards = border !== undefined && evidence.trace.entities.some((e) => e.kind === 'ue' && e.network === border.from && e.home === border.to);
      if (kindOfReceiver(evidence, fact) === 'ue' || (border !== undefined && !homewards)) blame(fact, 'tells the access network outside the home network');
    }
  },
);

export const KEYS = rule('keys', 'CK and IK never travel over the radio.', 'TS 33.203 §6.1.1', (evidence, blame) => {
  for (const fact of evidence.sip) {
    if (kindOfReceiver(evidence, fact) !== 'ue') continue;
    for (const value of fact.message.headers.lines('WWW-Authenticate')) {
      const params = parseChallenge(value)?.params;
      if (params === undefined || params.has('ik') || params.has('ck')) blame(fact, 'carries keys, or a challenge that cannot be read');
    }
  }
});

interface Vector {
  readonly icid: string | undefined;
  readonly originating: string | undefined;
  readonly terminating: string | undefined;
}

/** P-Charging-Vector, RFC 7315 §4.6. */
export function vectorOf(fact: SipFact): Vector | undefined {
  const value = fact.message.headers.get('P-Charging-Vector');
  if (value === undefined) return undefined;
  const params = new Map(
    value.split(';').map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim())] as const;
    }),
  );
  return { icid: params.get('icid-value'), originating: params.get('orig-ioi'), terminating: params.get('term-ioi') };
}

export const HOME_TO_HOME = rule(
  'home-to-home',
  'Between two home networks an initial SUBSCRIBE says its ICID, the bare name of the network it comes from and who asks; its 2xx the bare name of the network that answers, and Expires.',
  'TS 24.229 §4.5',
  (evidence, blame) => {
    for (const { request, responses, client } of evidence.transactions) {
      const border = request.method === 'SUBSCRIBE' && request.toTag === undefined ? crossing(evidence, request) : undefined;
      if (border === undefined || isOutside(evidence, client) || isStranger(evidence, client)) continue;
      if (isVisited(evidence, border.from) || isVisited(evidence, border.to)) continue;
      const vector = vectorOf(request);
      if ((vector?.icid ?? '') === '') blame(request, 'has no ICID');
      if (vector?.originating !== border.from) blame(request, `has the orig-ioi "${vector?.originating ?? ''}", not "${border.from}"`);
      if (!request.message.headers.has('P-Asserted-Identity')) blame(request, 'does not say who asks (P-Asserted-Identity)');
      for (const response of responses) {
        if (!isSuccess(response)) continue;
        if (vectorOf(response)?.terminating !== border.to) blame(response, `has the term-ioi "${vectorOf(response)?.terminating ?? ''}", not "${border.to}"`);
        if (!response.message.headers.has('Expires')) blame(response, 'has no Expires');
      }
    }
  },
);

export const ROAMING_IOI = rule(
  'type-1-ioi',
  'Between a visited network and the home network the inter-operator identifier is of type 1, in either direction.',
  'TS 24.229 §4.5.4',
  (evidence, blame) => {
    for (const { request } of evidence.transactions) {
      const border = request.toTag === undefined ? crossing(evidence, request) : undefined;
      if (border === undefined || !(isVisited(evidence, border.from) || isVisited(evidence, border.to))) continue;
      if (vectorOf(request)?.originating !== `Type 1${border.from}`)
        blame(request, `has the orig-ioi "${vectorOf(request)?.originating ?? ''}", not "Type 1${border.from}"`);
    }
  },
);

export const SERVICE_IOI = rule(
  'type-3-ioi',
  'Between an S-CSCF and an application server of its network the inter-operator identifiers are of type 3, in a first request and in whatever answers it.',
  'TS 24.229 §4.5.4',
  (evidence, blame) => {
    for (const { request, client, server, responses } of evidence.transactions) {
      if (evidence.entities.get(client)?.kind !== 's-cscf' || evidence.entities.get(server)?.kind !== 'presence-server') continue;
      // Whoever is asked by its own address is no application server to the S-CSCF of another network.
      if (evidence.entities.get(client)?.network !== evidence.entities.get(server)?.network) continue;
      if (request.toTag !== undefined || request.method === 'REGISTER') continue;
      const expected = `Type 3${evidence.entities.get(client)?.network ?? ''}`;
      if (vectorOf(request)?.originating !== expected) blame(request, `has the orig-ioi "${vectorOf(request)?.originating ?? ''}", not "${expected}"`);
      for (const response of responses) {
        const terminating = response.message.status > 199 ? vectorOf(response)?.terminating : expected;
        // What could not be read, or was turned away at the door, carries no number.
        if (terminating !== expected && (isSuccess(response) || terminating !== undefined))
          blame(response, `has the term-ioi "${terminating ?? ''}", not "${expected}"`);
      }
    }
  },
);

export const ICID = rule(
  'icid',
  'One ICID per transaction: the same on all its legs, and in no other transaction.',
  'TS 32.260 §5.1.2.2',
  (evidence, blame) => {
    const byIcid = new Map<string, string>();
    const byTransaction = new Map<string, string>();
    // Where one mobile network does not trust another, the number ends at the border and each side has its own.
    const isParted = evidence.trace.networks.some(({ kind, trusted }) => kind !== 'outside' && trusted === false);
    for (const fact of evidence.sip) {
      const icid = vectorOf(fact)?.icid;
      // The number that a stranger writes is none.
      if (icid === undefined || isStranger(evidence, fact.record.from)) continue;
      const transaction = endToEnd(fact);
      const side = isParted ? `${transaction} ${evidence.entities.get(fact.record.from)?.network ?? ''}` : transaction;
      const expected = byTransaction.get(side);
      if (expected === undefined) {
        const owner = byIcid.get(icid);
        if (owner !== undefined && owner !== transaction) blame(fact, `has the ICID ${icid} of another transaction`);
        byIcid.set(icid, transaction);
        byTransaction.set(side, icid);
      } else if (expected !== icid) blame(fact, `has the ICID ${icid}, its transaction ${expected}`);
    }
  },
);

const AMONG_THE_TRUSTED = ['P-Asserted-Identity', 'P-Access-Network-Info', 'P-Charging-Vector', 'P-Charging-Function-Addresses'];

export const STRANGERS = rule(
  'strangers',
  'What a network that is not trusted says of identity, access and charging is not passed on, and none of it is told to such a network.',
  'TS 24.229 §5.3.1',
  (evidence, blame) => {
    for (const { request, parent } of evidence.transactions) {
      // Among themselves strangers trust each other.
      if (parent === undefined || !isStranger(evidence, parent.client) || isStranger(evidence, parent.server)) continue;
      for (const name of AMONG_THE_TRUSTED) {
        const value = parent.request.message.headers.get(name);
        if (value !== undefined && request.message.headers.get(name) === value) blame(request, `passes on the ${name} of a stranger`);
      }
    }
    for (const fact of evidence.sip) {
      if (!isStranger(evidence, fact.record.to) || isStranger(evidence, fact.record.from)) continue;
      for (const name of AMONG_THE_TRUSTED) if (fact.message.headers.has(name)) blame(fact, `tells ${name} to a network that is not trusted`);
    }
  },
);

export const REGISTERS_INSIDE = rule(
  'register-from-outside',
  'A REGISTER from a network that is not trusted is answered 403, and goes no further.',
  'TS 24.229 §5.3.1',
  (evidence, blame) => {
    for (const { request, client, server, responses, children } of evidence.transactions) {
      if (request.method !== 'REGISTER' || !isStranger(evidence, client) || isStranger(evidence, server)) continue;
      for (const child of children) blame(child.request, 'comes from a network that is not trusted');
      for (const response of responses) if (response.message.status !== 403) blame(response, 'answers a REGISTER from a network that is not trusted');
    }
  },
);

export const TRUST_RULES: readonly Rule[] = [
  STRANGERS,
  REGISTERS_INSIDE,
  BORDER,
  CHARGING_STAYS,
  ACCESS_INFO,
  KEYS,
  HOME_TO_HOME,
  ROAMING_IOI,
  SERVICE_IOI,
  ICID,
];
