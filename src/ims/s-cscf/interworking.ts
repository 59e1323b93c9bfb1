/**
 * Requests for domains that are not trusted, or do not speak SIP at all (RFC 3325 §5; RFC 7247 §5). A domain without a SIP service is reached through the network's own gateway, which
 * is trusted: so the request is kept as it was before what strangers must not see was taken off.
 */
import type { Note } from '#base/note.ts';
import { pushHeader, type Notes, routed } from '#ims/node/edit.ts';
import { isTrusted, removeForStranger } from '#ims/node/trust.ts';
import { cloneRequest, type SipRequest } from '#protocol/sip/message.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { SCscfConfig } from './config.ts';

/** A request for a stranger as it is fit for the inside, and the entity that it can still be given to. */
export interface Inside {
  readonly request: SipRequest;
  readonly notes: readonly Note[];
  readonly gateway: string;
}

/** Takes off what the domain in the Request-URI must not see, when it is not trusted. */
export function leaveTrust(request: SipRequest, notes: Notes, { trust, gateway }: SCscfConfig): Inside | undefined {
  const host = hostOf(request.uri);
  if (trust === undefined || host === undefined || isTrusted(trust, host)) return undefined;
  const inside = gateway === undefined ? undefined : { request: cloneRequest(request), notes: [...notes], gateway };
  removeForStranger(request, notes, trust, host);
  return inside;
}

/** The request on its way to the gateway, after the DNS has named no SIP service of the domain. */
export function towardsGateway({ request, notes, gateway }: Inside): { request: SipRequest; notes: Note[] } {
  const added: Note[] = [...notes];
  const reason = 'The domain has no SIP service: the gateway of this network finds out what it speaks.';
  pushHeader(request, added, 'Route', `<${gateway};lr>`, reason, 'RFC 7247 §5');
  added.push(routed('The gateway to other presence protocols is part of the Watcher Presence Proxy.', 'TS 23.141 §5.3.2', gateway));
  return { request, notes: added };
}
