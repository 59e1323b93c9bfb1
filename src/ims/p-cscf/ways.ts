/** The way from a P-CSCF to a UE, and how it tells a UE from the network on its unprotected port (TS 33.203 §7.1). */
import { userOf } from '#ims/node/identity.ts';
import type { Outgoing } from '#ims/node/outgoing.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import { createFlow, type Flow } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { AccessTable } from './access-table.ts';
import type { Registered } from './state.ts';

/** Over these security associations; without any, the way on which the UE registered. */
export function wayToUe({ host, address }: NodeConfig, { access }: Registered, pairs: SaPairs | undefined): NonNullable<Outgoing<never>['via']> {
  if (pairs === undefined) {
    if (access.kind === 'ipsec') throw new Error('security associations without any');
    const { flow } = access;
    return { flow, sentBy: host, ...(flow.transport === 'udp' ? { reliableFlow: { ...flow, transport: 'tcp' as const } } : {}) };
  }
  const { seal, ue, proxy } = pairs;
  const local = { address, port: proxy.clientPort };
  const remote = { address: ue.address, port: ue.serverPort };
  return {
    flow: createFlow('udp', local, remote, undefined, seal),
    reliableFlow: createFlow('tcp', local, remote, undefined, seal),
    sentBy: `${host}:${proxy.serverPort}`,
  };
}

/** Whether a UE sent this past its security associations: it comes from where one stands, or not by a way that leads from the network to a UE. */
export function isOfUe(flow: Flow, request: SipRequest, table: AccessTable, host: string): boolean {
  if (table.protects(flow.remote.address)) return true;
  if (table.byContact(request.uri) !== undefined) return false;
  const top = uriOf(request.headers.first('Route') ?? '');
  const fromNetwork = top !== undefined && hostOf(top) === host && (userOf(top) === 'term' || tagOf(request.headers.get('To') ?? '') !== undefined);
  return !fromNetwork;
}
