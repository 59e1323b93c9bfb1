/** Which way a UE's requests go: to its P-CSCF, over the security associations once there are any (TS 33.203 §7.1). */
import type { Outgoing } from '#ims/node/outgoing.ts';
import { SIP_PORT } from '#ims/node/sip-node.ts';
import { createFlow } from '#protocol/sip/transactions.ts';
import { formatHost } from '#protocol/sip/uri.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import type { UeConfig } from './config.ts';

/** In the clear without `over`. */
export function wayToProxy({ address, proxy }: UeConfig, over: SaPairs | undefined): NonNullable<Outgoing<never>['via']> {
  if (over === undefined) {
    const local = { address, port: SIP_PORT };
    const remote = { address: proxy.address, port: SIP_PORT };
    return { flow: createFlow('udp', local, remote), reliableFlow: createFlow('tcp', local, remote), sentBy: formatHost(address) };
  }
  const { ue, seal } = over;
  const local = { address, port: ue.clientPort };
  const remote = { address: proxy.address, port: over.proxy.serverPort };
  return {
    flow: createFlow('udp', local, remote, undefined, seal),
    reliableFlow: createFlow('tcp', local, remote, undefined, seal),
    sentBy: `${formatHost(address)}:${ue.serverPort}`,
  };
}
