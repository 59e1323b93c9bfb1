/** Every state machine of the network as data, for the header of the trace: the inspector draws them. */
import type { StateTable } from '#base/state-table.ts';
import { AGENT } from '#ims/external-agent/tables.ts';
import { SECURITY_ASSOCIATIONS } from '#ims/node/security-associations.ts';
import { REPORTING } from '#ims/charging/tables.ts';
import { REGISTRATION } from '#ims/s-cscf/served-users.ts';
import { TUNNEL, TUNNEL_INSIDE } from '#ims/security-gateway/tables.ts';
import { CIRCUIT_SWITCHED, IP_CONTEXT, LOCATION, PACKET_SWITCHED } from '#ims/network-node/tables.ts';
import { TO_SIP, TO_XMPP } from '#ims/watcher-gateway/tables.ts';
import { SEEN, SEES } from '#ims/xmpp-server/roster.ts';
import { UE_REGISTRATION } from '#ims/ue/registration.ts';
import { PUBLICATION, PUBLISHER } from '#presence/publication/tables.ts';
import { NOTIFIER, SUBSCRIBER } from '#presence/subscription/tables.ts';
import { WATCHER } from '#presence/winfo/tables.ts';
import { DIAMETER_PEER } from '#protocol/diameter/peer.ts';
import { XMPP_STREAM } from '#protocol/xmpp/stream-table.ts';
import { NON_INVITE_CLIENT, NON_INVITE_SERVER } from '#protocol/sip/transaction-tables.ts';

export const STATE_TABLES: readonly StateTable[] = [
  UE_REGISTRATION,
  REGISTRATION,
  SECURITY_ASSOCIATIONS,
  SUBSCRIBER,
  NOTIFIER,
  WATCHER,
  PUBLISHER,
  PUBLICATION,
  NON_INVITE_CLIENT,
  NON_INVITE_SERVER,
  DIAMETER_PEER,
  TUNNEL,
  TUNNEL_INSIDE,
  TO_SIP,
  TO_XMPP,
  SEES,
  SEEN,
  XMPP_STREAM,
  REPORTING,
  CIRCUIT_SWITCHED,
  PACKET_SWITCHED,
  IP_CONTEXT,
  LOCATION,
  AGENT,
];
