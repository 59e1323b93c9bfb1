/** What a P-CSCF is told about itself and its network. */
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { Algorithms } from '#protocol/sip/security-agreement.ts';

export interface PCscfConfig extends NodeConfig {
  readonly protectedPorts: { readonly client: number; readonly server: number };
  /** The P-CSCF's own list of algorithm pairs, in its order of preference. */
  readonly algorithms: readonly Algorithms[];
  /** Whether a UE may register without IPsec (SIP digest). */
  readonly allowWithoutIpsec: boolean;
}
