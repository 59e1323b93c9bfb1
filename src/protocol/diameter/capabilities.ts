/**
 * The messages by which peers come to know each other and part: CER/CEA (RFC 6733 §5.3), the answers to DWR (§5.5) and DPR (§5.4).
 * Omitted: Inband-Security-Id (nothing here speaks TLS), Origin-State-Id, other applications than Cx, Sh and base accounting.
 */
import { addressAvp, AVP, groupAvp, numberAvp, numberOf, textAvp, VENDOR_3GPP, type Avp } from './avp.ts';
import { ACCOUNTING_APPLICATION, AvpReader, COMMAND, createBaseAnswer, CX_APPLICATION, type DiameterOrigin, SH_APPLICATION } from './command.ts';
import type { DiameterMessage } from './message.ts';
import type { CxResult } from './result.ts';

export interface PeerIdentity extends DiameterOrigin {
  /** IP address. */
  readonly address: string;
  /** What it speaks: Cx, Sh, or the accounting of Rf. */
  readonly application: typeof CX_APPLICATION | typeof SH_APPLICATION | typeof ACCOUNTING_APPLICATION;
}

/** The name that people have for an application; undefined for one that is not spoken here. */
export const applicationName = (application: number): string | undefined =>
  application === CX_APPLICATION ? 'Cx' : application === SH_APPLICATION ? 'Sh' : application === ACCOUNTING_APPLICATION ? 'accounting (Rf)' : undefined;

/** RFC 6733 §2.4: an agent that passes on every application says so with this one. */
const RELAY_APPLICATION = 0xffffffff;

const capabilities = (own: PeerIdentity): Avp[] => [
  addressAvp(AVP.hostIpAddress, own.address),
  // RFC 6733 §5.3.3: Vendor-Id is the maker's; this simulator has none of its own, and zero means that.
  numberAvp(AVP.vendorId, 0),
  textAvp(AVP.productName, 'presence-network-simulator'),
  numberAvp(AVP.supportedVendorId, VENDOR_3GPP),
  // RFC 6733 §5.3: an application of a vendor goes with its vendor, one of the base protocol alone.
  own.application === ACCOUNTING_APPLICATION
    ? numberAvp(AVP.acctApplicationId, own.application)
    : groupAvp(AVP.vendorSpecificApplicationId, [numberAvp(AVP.vendorId, VENDOR_3GPP), numberAvp(AVP.authApplicationId, own.application)]),
];

/** RFC 6733 §5.3.1. Its ids are given by whoever sends it. */
export const buildCapabilitiesExchangeRequest = (own: PeerIdentity): DiameterMessage => ({
  kind: 'diameter',
  request: true,
  proxiable: false,
  error: false,
  retransmitted: false,
  command: COMMAND.capabilitiesExchange,
  application: 0,
  hopByHop: 0,
  endToEnd: 0,
  avps: [textAvp(AVP.originHost, own.originHost), textAvp(AVP.originRealm, own.originRealm), ...capabilities(own)],
});

/** RFC 6733 §5.3.2. */
export const buildCapabilitiesExchangeAnswer = (request: DiameterMessage, own: PeerIdentity, result: CxResult): DiameterMessage =>
  createBaseAnswer(request, own, result, capabilities(own));

export interface PeerCapabilities {
  /** Empty when it was not given. */
  readonly originHost: string;
  /** The applications that it takes part in. */
  readonly applications: readonly number[];
}

/** Whether the peer takes part in that application, itself or by passing it on. */
export const speaks = ({ applications }: PeerCapabilities, application: number): boolean =>
  applications.includes(application) || applications.includes(RELAY_APPLICATION);

/** What a CER or CEA says of its sender; RFC 6733 §5.3: applications alone or with their vendor. */
export function readCapabilities(message: DiameterMessage): PeerCapabilities {
  const reader = new AvpReader(message.avps);
  const applications = [...reader.numbers(AVP.authApplicationId), ...reader.numbers(AVP.acctApplicationId)];
  for (const group of reader.all(AVP.vendorSpecificApplicationId)) {
    for (const member of group.data as readonly Avp[]) {
      const isApplication = member.code === AVP.authApplicationId.code || member.code === AVP.acctApplicationId.code;
      if (isApplication && member.vendor === undefined) applications.push(numberOf(member) ?? 0);
    }
  }
  return { originHost: reader.text(AVP.originHost) ?? '', applications };
}
