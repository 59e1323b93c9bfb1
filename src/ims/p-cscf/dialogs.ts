/** The dialogs that a P-CSCF stays in the path of, and its own entry in their route sets (RFC 3261 §16.6, §16.7). */
import { ownText, ownTexts } from '#base/own-text.ts';
import { type Notes, setHeader } from '#ims/node/edit.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { Registered } from './state.ts';

export function rememberDialog(registered: Registered, request: SipRequest): void {
  const callId = request.headers.get('Call-ID');
  if (callId === undefined || registered.dialogs.has(callId)) return;
  const [key = '', event = '', remote = ''] = ownTexts([callId, request.headers.get('Event') ?? '', request.uri]);
  registered.dialogs.set(key, { event, remote });
}

/** The UE knows the dialog of this NOTIFY: it may go on within it, or it is over. */
export function rememberNotified(registered: Registered, request: SipRequest): void {
  const callId = ownText(request.headers.get('Call-ID') ?? '');
  if (request.headers.get('Subscription-State')?.startsWith('terminated') === true) registered.dialogs.delete(callId);
  else if (!registered.dialogs.has(callId))
    registered.dialogs.set(callId, { event: ownText(request.headers.get('Event') ?? ''), remote: ownText(uriOf(request.headers.get('From') ?? '') ?? '') });
}

/** One entry of the P-CSCF takes the place of another: it has one address towards the UE and one towards the network. */
export function rewriteRecordRoute(response: SipResponse, notes: Notes, from: string, to: string, reason: string): void {
  const before = response.headers.values('Record-Route');
  if (!before.includes(`<${from}>`)) return;
  setHeader(response, notes, 'Record-Route', before.map((value) => (value === `<${from}>` ? `<${to}>` : value)).join(', '), reason, 'TS 24.229 §5.2.6.3');
}
