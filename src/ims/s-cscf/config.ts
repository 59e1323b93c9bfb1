/** What an S-CSCF is told about itself and its network. */
import type { Duration } from '#base/time.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { TrustPolicy } from '#ims/node/trust.ts';
import type { DiameterServer } from '#protocol/diameter/peer.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';

export interface SCscfConfig extends NodeConfig {
  readonly hss: DiameterServer;
  /** The HSSs behind it, when `hss` is a locator (SLF) in front of several. */
  readonly located?: readonly DiameterServer[];
  /** Border node of the network, through which requests leave it; without: straight to the other network. */
  readonly border?: string;
  /** Gateway to other presence protocols, for domains that do not speak SIP: `sip:gateway.home1.net`. */
  readonly gateway?: string;
  /** Which networks are trusted; everybody when left out. */
  readonly trust?: TrustPolicy;
  /** How long an application server may be silent before its default handling counts. */
  readonly patience?: Duration;
  /** Whether this S-CSCF stays in the path of presence dialogs, as originating and as terminating one. */
  readonly recordRoute: { readonly originating: boolean; readonly terminating: boolean };
  /** Policy: a user is authenticated again with every REGISTER, also with one that came protected (TS 33.203 §7.4). */
  readonly authenticatesAgain: boolean;
  /** How long a nonce of SIP digest may be used again, in seconds. */
  readonly nonceLifetime: number;
}

/** What it takes as the one whom the request is for: as registrar (RFC 3327 §5.2 for `path`), and as notifier of registration states. */
export const REGISTRATIONS: UasCapabilities = {
  methods: ['REGISTER'],
  schemes: ['sip', 'sips'],
  extensions: ['path'],
  contentTypes: ['*'],
  contentEncodings: [],
};
export const REG_EVENTS: UasCapabilities = { ...REGISTRATIONS, methods: ['SUBSCRIBE'], schemes: ['sip', 'sips', 'tel'], extensions: [] };
