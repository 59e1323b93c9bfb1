/** What the agent asks by itself: the HSS for the number of a user (Ph), the location centre where somebody is (Pl). */
import type { SendEffect } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { decided } from '#ims/node/edit.ts';
import { formatReport, labelOfReport, type ReportRequest, SUPPLIERS } from '#presence/network-report/report.ts';
import { isoAt } from '#presence/pidf/iso-time.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { buildUserDataRequest, DATA_REFERENCE } from '#protocol/diameter/sh.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';

/** What the agent says of itself when it asks. */
interface Asking extends Pick<NodeConfig, 'host' | 'domain' | 'address'> {
  readonly hss: { readonly host: string; readonly address: string };
  readonly startsAt: string;
}

/** TS 23.141 §4.3.5: Ph is Sh; this is Sh-Pull. */
export const numberRequest = ({ host, domain, hss }: Asking, publicIdentity: string, sessionId: string): DiameterMessage =>
  buildUserDataRequest({
    originHost: host,
    originRealm: domain,
    sessionId,
    destinationHost: hss.host,
    destinationRealm: domain,
    publicIdentity,
    dataReference: DATA_REFERENCE.msisdn,
  });

/** TS 23.141 §4.3.8: the agent is a client of the location service. `count`: the running number of the request. */
export function placeRequest({ address, startsAt }: Asking, centre: string, subscriber: string, count: number, now: SimTime): SendEffect {
  const request: ReportRequest = { kind: 'request', point: 'Pl', number: count, at: isoAt(startsAt, now), subscriber };
  return {
    kind: 'send',
    bytes: encodeUtf8(formatReport(request)),
    protocol: 'Report',
    label: labelOfReport(request),
    transport: 'none',
    local: { address, port: 0 },
    remote: { address: centre, port: 0 },
    notes: [decided('The agent is the client of the location service: it asks where the user is, now and from now on.', SUPPLIERS.Pl.clause)],
  };
}
