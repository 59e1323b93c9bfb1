/**
 * What a charging record says of one SIP transaction, read from the messages as they came and went (TS 32.260 §6.3.1.2; TS 32.299 §7.2).
 * Omitted: sessions, carrier select, alternate charged parties, NNI information.
 */
import { type ChargingVector, chargingVectorOf } from '#ims/node/charging-vector.ts';
import { expiresOf } from '#ims/node/expires.ts';
import type { ServerCapabilities } from '#protocol/diameter/cx-capabilities.ts';
import {
  CAUSE_CODE,
  type ChargedBody,
  type ImsInformation,
  type OperatorPair,
  SUBSCRIPTION_ID_TYPE,
  type SubscriptionIdentity,
} from '#protocol/diameter/rf-information.ts';
import type { SipMessage, SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';

/** What only the node itself knows of the transaction. */
export interface ChargingFacts {
  /** One of ROLE_OF_NODE. */
  readonly role: number;
  /** The user whom the node serves in it. */
  readonly served?: { readonly privateIdentity?: string; readonly identities: readonly string[] };
  /** IP address of the served user: a P-CSCF knows it. */
  readonly servedAddress?: string;
  /** The application server that took part. */
  readonly applicationServer?: string;
  /** How the S-CSCF was found: an I-CSCF knows it. */
  readonly capabilities?: ServerCapabilities;
  /** The request came from a UE: what it says of charging does not count. */
  readonly fromUe?: boolean;
}

/** One transaction as the node saw it, from its request to the final answer. */
export interface Chargeable {
  /** As it came in; as it was sent, where the request is the node's own. */
  readonly request: SipRequest;
  /** As it went on; undefined where it went no further. */
  readonly forwarded: SipRequest | undefined;
  /** What the answer said of charging as it came from the next hop; undefined where the node answered itself. */
  readonly answerVector: ChargingVector | undefined;
  /** As it went out, or came to the node that had asked; undefined when nobody answered. */
  readonly response: SipResponse | undefined;
  readonly ownRequest: boolean;
}

/** Event records are for these; sessions have records of their own (TS 32.260 §5.2.1.1). */
export const CHARGED_METHODS: ReadonlySet<string> = new Set(['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'REGISTER', 'MESSAGE', 'REFER']);

/** A challenge does not end a procedure, so it is no failed one (our reading of TS 32.260 §5.2.1.1). */
export const isChallenge = (status: number): boolean => status === 401 || status === 407;

/** TS 32.299 §7.2.35. Without an answer the transaction has failed with an internal 408 (RFC 3261 §8.1.3.1). */
export function causeCodeOf(request: SipRequest, status: number | undefined): number {
  if (status === undefined) return 408;
  if (status >= 400) return status;
  if (status >= 300) return -status;
  if (request.method === 'REGISTER' && expiresOf(request) === 0) return CAUSE_CODE.endOfRegister;
  if (request.method === 'SUBSCRIBE' && parseDeltaSeconds(request.headers.get('Expires')) === 0) return CAUSE_CODE.endOfSubscribe;
  return status === 200 ? CAUSE_CODE.successful : -status;
}

/** The status that a cause code stands for; undefined for those without one. */
export function statusOfCause(cause: number): number | undefined {
  if (cause === CAUSE_CODE.successful || cause === CAUSE_CODE.endOfSubscribe || cause === CAUSE_CODE.endOfRegister) return 200;
  if (cause <= -200) return -cause;
  return cause >= 300 ? cause : undefined;
}

/** The number of the transaction: as it went on, else as it came. */
export const icidOf = ({ request, forwarded }: Chargeable, { fromUe }: ChargingFacts): string | undefined =>
  (forwarded === undefined ? undefined : chargingVectorOf(forwarded)?.icid) ?? (fromUe === true ? undefined : chargingVectorOf(request)?.icid);

/** Who pays on each leg: the operator who asked and the one who answered, as the two messages of that leg say. A leg without either is left out. */
function operatorsOf({ request, forwarded, answerVector, response, ownRequest }: Chargeable, { fromUe }: ChargingFacts): readonly OperatorPair[] {
  const leg = (asked: ChargingVector | undefined, answered: ChargingVector | undefined): OperatorPair => ({
    ...(asked?.originating === undefined ? {} : { originating: asked.originating }),
    ...(answered?.terminating === undefined ? {} : { terminating: answered.terminating }),
  });
  const answer = response === undefined ? undefined : chargingVectorOf(response);
  const legs: OperatorPair[] = [];
  if (fromUe !== true) legs.push(leg(chargingVectorOf(request), ownRequest ? answerVector : answer));
  if (forwarded !== undefined && !ownRequest) legs.push(leg(chargingVectorOf(forwarded), answerVector));
  const seen = new Set<string>();
  return legs.filter(({ originating = '', terminating = '' }) => {
    const key = `${originating} ${terminating}`;
    if (key === ' ' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function bodiesOf(message: SipMessage | undefined, originator: number): readonly ChargedBody[] {
  if (message === undefined || message.body.length === 0) return [];
  const disposition = message.headers.get('Content-Disposition');
  const type = message.headers.get('Content-Type') ?? 'application/octet-stream';
  return [{ type, length: message.body.length, ...(disposition === undefined ? {} : { disposition }), originator }];
}

const uris = (message: SipMessage | undefined, header: string): readonly string[] =>
  message?.headers.values(header).flatMap((value) => uriOf(value) ?? []) ?? [];

/** What the record says, apart from who writes it and when. */
export function imsInformationOf(
  chargeable: Chargeable,
  facts: ChargingFacts,
  node: number,
  icid: string,
  moments: { readonly requestedAt: number | undefined; readonly answeredAt: number },
): ImsInformation {
  const { request, forwarded, response } = chargeable;
  const outgoing = forwarded ?? request;
  const isRegister = request.method === 'REGISTER';
  const event = parseParameterized(request.headers.get('Event') ?? '')?.value;
  const expires = parseDeltaSeconds(request.headers.get('Expires'));
  // TS 32.299 §7.2.33: whoever is not known is called unknown.
  const asserted = isRegister ? [] : uris(outgoing, 'P-Asserted-Identity');
  const calledParty = isRegister ? uriOf(request.headers.get('To') ?? '') : outgoing.uri;
  const from = request.headers.get('From');
  const visitedNetwork = outgoing.headers.get('P-Visited-Network-ID')?.replace(/^"|"$/g, '');
  const accessNetwork = request.headers.get('P-Access-Network-Info') ?? response?.headers.get('P-Access-Network-Info');
  return {
    method: request.method,
    ...(event === undefined ? {} : { event }),
    ...(expires === undefined ? {} : { expires }),
    role: facts.role,
    node,
    sessionId: request.headers.get('Call-ID') ?? '',
    callingParties: asserted.length === 0 ? ['unknown'] : asserted,
    ...(calledParty === undefined ? {} : { calledParty }),
    requestedParties: !isRegister && request.uri !== outgoing.uri ? [request.uri] : [],
    associatedUris: isRegister ? uris(response, 'P-Associated-URI') : [],
    ...(moments.requestedAt === undefined ? {} : { requestedAt: moments.requestedAt }),
    answeredAt: moments.answeredAt,
    applicationServers: facts.applicationServer === undefined ? [] : [facts.applicationServer],
    operators: operatorsOf(chargeable, facts),
    icid,
    ...(facts.servedAddress === undefined ? {} : { servedAddress: facts.servedAddress }),
    ...(facts.capabilities === undefined ? {} : { capabilities: facts.capabilities }),
    bodies: [...bodiesOf(request, 0), ...bodiesOf(response, 1)],
    causeCode: causeCodeOf(request, response?.status),
    accessNetworks: accessNetwork === undefined ? [] : [accessNetwork],
    ...(from === undefined ? {} : { from }),
    ...(visitedNetwork === undefined ? {} : { visitedNetwork }),
  };
}

/** Public identities of the served user as Subscription-Ids: a telephone number is told from a SIP URI. */
export const subscriptionIdsOf = (identities: readonly string[]): readonly SubscriptionIdentity[] =>
  identities.map((identity) => {
    const number = /^tel:\+?([\d().-]+)/.exec(identity)?.[1];
    return number === undefined ? { type: SUBSCRIPTION_ID_TYPE.sipUri, identity } : { type: SUBSCRIPTION_ID_TYPE.e164, identity: number.replaceAll(/\D/g, '') };
  });
