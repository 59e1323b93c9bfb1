/**
 * IMS-Information and what is around it in Service-Information: what an IMS node tells of one transaction that it took part in
 * (TS 32.260 §6.3.1.2 for the contents, TS 32.299 §7.2.77 for the AVPs and their order).
 * Omitted: what only sessions have (SDP, media, trunk groups, early media), number portability, transfers, emergency, Ro.
 */
import { addressAvp, AVP, groupAvp, numberAvp, textAvp, timeAvp, type Avp, type AvpDefinition } from './avp.ts';
import { AvpReader } from './command.ts';
import { addCapabilities, readCapabilities, type ServerCapabilities } from './cx-capabilities.ts';
import { addNumber, addText } from './cx-fields.ts';

/** TS 32.299 §7.2.177. */
export const ROLE_OF_NODE = { originating: 0, terminating: 1, forwarding: 2 } as const;

/** Node-Functionality, TS 32.299 §7.2.113. */
export const NODE_FUNCTIONALITY = { sCscf: 0, pCscf: 1, iCscf: 2, mrfc: 3, mgcf: 4, bgcf: 5, as: 6, ibcf: 7 } as const;

/** Cause codes that are not SIP status codes (TS 32.299 §7.2.35); other 2xx and 3xx are the negative status, failures the status itself. */
export const CAUSE_CODE = { successful: -1, endOfSubscribe: -2, endOfRegister: -3, unspecified: 1 } as const;

/** Subscription-Id-Type, RFC 4006 §8.47. */
export const SUBSCRIPTION_ID_TYPE = { e164: 0, imsi: 1, sipUri: 2, nai: 3, private: 4 } as const;

/** Who paid on one leg: as the P-Charging-Vector of that leg said. */
export interface OperatorPair {
  readonly originating?: string | undefined;
  readonly terminating?: string | undefined;
}

export interface ChargedBody {
  readonly type: string;
  /** Octets. */
  readonly length: number;
  readonly disposition?: string | undefined;
  /** 0: the calling party; 1: the called one. */
  readonly originator: number;
}

export interface SubscriptionIdentity {
  /** One of SUBSCRIPTION_ID_TYPE. */
  readonly type: number;
  readonly identity: string;
}

export interface ImsInformation {
  readonly method: string;
  readonly event?: string | undefined;
  /** Seconds, of the request's Expires. */
  readonly expires?: number | undefined;
  /** One of ROLE_OF_NODE. */
  readonly role: number;
  /** One of NODE_FUNCTIONALITY. */
  readonly node: number;
  /** Call-ID. */
  readonly sessionId: string;
  readonly callingParties: readonly string[];
  readonly calledParty?: string | undefined;
  readonly requestedParties: readonly string[];
  readonly associatedUris: readonly string[];
  /** Milliseconds since 1970, UTC. */
  readonly requestedAt?: number | undefined;
  readonly answeredAt?: number | undefined;
  readonly applicationServers: readonly string[];
  readonly operators: readonly OperatorPair[];
  readonly icid?: string | undefined;
  readonly servedAddress?: string | undefined;
  readonly capabilities?: ServerCapabilities | undefined;
  readonly bodies: readonly ChargedBody[];
  readonly causeCode?: number | undefined;
  readonly accessNetworks: readonly string[];
  readonly from?: string | undefined;
  readonly visitedNetwork?: string | undefined;
}

const group = (definition: AvpDefinition<'grouped'>, members: readonly Avp[]): Avp[] => (members.length === 0 ? [] : [groupAvp(definition, members)]);

/** A moment in two AVPs: whole seconds, and the milliseconds beyond them. */
function addMoment(avps: Avp[], at: number | undefined, whole: AvpDefinition<'time'>): void {
  if (at !== undefined) avps.push(timeAvp(whole, at));
}
function addFraction(avps: Avp[], at: number | undefined, fraction: AvpDefinition<'unsigned'>): void {
  if (at !== undefined) avps.push(numberAvp(fraction, Math.floor(at) % 1000));
}

export function serviceInformationAvp(subscriptions: readonly SubscriptionIdentity[], ims: ImsInformation): Avp {
  return groupAvp(AVP.serviceInformation, [
    ...subscriptions.map(({ type, identity }) =>
      groupAvp(AVP.subscriptionId, [numberAvp(AVP.subscriptionIdType, type), textAvp(AVP.subscriptionIdData, identity)]),
    ),
    groupAvp(AVP.imsInformation, imsAvps(ims)),
  ]);
}

function imsAvps(ims: ImsInformation): Avp[] {
  const type: Avp[] = [textAvp(AVP.sipMethod, ims.method)];
  addText(type, AVP.event, ims.event);
  addNumber(type, AVP.expires, ims.expires);
  const stamps: Avp[] = [];
  addMoment(stamps, ims.requestedAt, AVP.sipRequestTimestamp);
  addMoment(stamps, ims.answeredAt, AVP.sipResponseTimestamp);
  addFraction(stamps, ims.requestedAt, AVP.sipRequestTimestampFraction);
  addFraction(stamps, ims.answeredAt, AVP.sipResponseTimestampFraction);
  const avps: Avp[] = [
    groupAvp(AVP.eventType, type),
    numberAvp(AVP.roleOfNode, ims.role),
    numberAvp(AVP.nodeFunctionality, ims.node),
    textAvp(AVP.userSessionId, ims.sessionId),
    ...ims.callingParties.map((party) => textAvp(AVP.callingPartyAddress, party)),
  ];
  addText(avps, AVP.calledPartyAddress, ims.calledParty);
  avps.push(
    ...ims.requestedParties.map((party) => textAvp(AVP.requestedPartyAddress, party)),
    ...ims.associatedUris.map((uri) => textAvp(AVP.associatedUri, uri)),
    ...group(AVP.timeStamps, stamps),
    ...ims.applicationServers.map((server) => groupAvp(AVP.applicationServerInformation, [textAvp(AVP.applicationServer, server)])),
    ...ims.operators.flatMap(({ originating, terminating }) => {
      const pair: Avp[] = [];
      addText(pair, AVP.originatingIoi, originating);
      addText(pair, AVP.terminatingIoi, terminating);
      return group(AVP.interOperatorIdentifier, pair);
    }),
  );
  addText(avps, AVP.imsChargingIdentifier, ims.icid);
  if (ims.servedAddress !== undefined) avps.push(addressAvp(AVP.servedPartyIpAddress, ims.servedAddress));
  addCapabilities(avps, ims.capabilities);
  for (const { type: contentType, length, disposition, originator } of ims.bodies) {
    const body = [textAvp(AVP.contentType, contentType), numberAvp(AVP.contentLength, length)];
    addText(body, AVP.contentDisposition, disposition);
    body.push(numberAvp(AVP.originator, originator));
    avps.push(groupAvp(AVP.messageBody, body));
  }
  if (ims.causeCode !== undefined) avps.push(numberAvp(AVP.causeCode, ims.causeCode));
  avps.push(...ims.accessNetworks.map((network) => textAvp(AVP.accessNetworkInformation, network)));
  addText(avps, AVP.fromAddress, ims.from);
  addText(avps, AVP.imsVisitedNetworkIdentifier, ims.visitedNetwork);
  return avps;
}

/** A reader of the members of a group; what it finds wrong is the outer one's fault. */
function within<T>(outer: AvpReader, members: readonly Avp[] | undefined, read: (inner: AvpReader) => T): T {
  const inner = new AvpReader(members ?? []);
  inner.refuseUnknown();
  const value = read(inner);
  outer.adopt(inner);
  return value;
}

const membersOf = (reader: AvpReader, definition: AvpDefinition<'grouped'>): readonly (readonly Avp[])[] =>
  reader.all(definition).map((avp) => avp.data as readonly Avp[]);

/** What Service-Information says; faults are left in `reader`. */
export function readServiceInformation(reader: AvpReader): { readonly subscriptions: readonly SubscriptionIdentity[]; readonly ims: ImsInformation } {
  return within(reader, reader.needGroup(AVP.serviceInformation), (service) => ({
    subscriptions: membersOf(service, AVP.subscriptionId).map((members) =>
      within(service, members, (id) => ({ type: id.needNumber(AVP.subscriptionIdType), identity: id.needText(AVP.subscriptionIdData) })),
    ),
    ims: within(service, service.needGroup(AVP.imsInformation), readIms),
  }));
}

function readIms(ims: AvpReader): ImsInformation {
  const type = within(ims, ims.group(AVP.eventType), (one) => ({
    method: one.text(AVP.sipMethod) ?? '',
    event: one.text(AVP.event),
    expires: one.number(AVP.expires),
  }));
  const stamps = within(ims, ims.group(AVP.timeStamps), (one) => ({
    requestedAt: moment(one.time(AVP.sipRequestTimestamp), one.number(AVP.sipRequestTimestampFraction)),
    answeredAt: moment(one.time(AVP.sipResponseTimestamp), one.number(AVP.sipResponseTimestampFraction)),
  }));
  return {
    ...type,
    role: ims.number(AVP.roleOfNode) ?? ROLE_OF_NODE.originating,
    node: ims.needNumber(AVP.nodeFunctionality),
    sessionId: ims.text(AVP.userSessionId) ?? '',
    callingParties: ims.texts(AVP.callingPartyAddress),
    calledParty: ims.text(AVP.calledPartyAddress),
    requestedParties: ims.texts(AVP.requestedPartyAddress),
    associatedUris: ims.texts(AVP.associatedUri),
    ...stamps,
    applicationServers: membersOf(ims, AVP.applicationServerInformation).flatMap(
      (members) => within(ims, members, (one) => one.text(AVP.applicationServer)) ?? [],
    ),
    operators: membersOf(ims, AVP.interOperatorIdentifier).map((members) =>
      within(ims, members, (one) => ({ originating: one.text(AVP.originatingIoi), terminating: one.text(AVP.terminatingIoi) })),
    ),
    icid: ims.text(AVP.imsChargingIdentifier),
    servedAddress: ims.address(AVP.servedPartyIpAddress),
    capabilities: readCapabilities(ims),
    bodies: membersOf(ims, AVP.messageBody).map((members) =>
      within(ims, members, (one) => ({
        type: one.needText(AVP.contentType),
        length: one.needNumber(AVP.contentLength),
        disposition: one.text(AVP.contentDisposition),
        originator: one.number(AVP.originator) ?? 0,
      })),
    ),
    causeCode: ims.integer(AVP.causeCode),
    accessNetworks: ims.texts(AVP.accessNetworkInformation),
    from: ims.text(AVP.fromAddress),
    visitedNetwork: ims.text(AVP.imsVisitedNetworkIdentifier),
  };
}

const moment = (whole: number | undefined, fraction: number | undefined): number | undefined => (whole === undefined ? undefined : whole + (fraction ?? 0));
