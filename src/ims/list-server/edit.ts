/** What a list server writes into the messages that it sends, apart from their bodies (RFC 4662; TS 24.229 §5.7). Omitted: what the notifier and the subscriber write themselves. */
import { addHeader, type Notes, routed, setHeader } from '#ims/node/edit.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { ServedList } from './back-ends.ts';
import { EVENTLIST } from './capabilities.ts';

/** Of an answer to a SUBSCRIBE. */
export function requireLists(response: SipResponse, notes: Notes): void {
  const why = 'The address is that of a list: what follows can only be understood by who knows lists.';
  addHeader(response, notes, 'Require', EVENTLIST, why, 'RFC 4662 §4.1');
}

/** A NOTIFY to the watcher. */
export function addressWatcher(request: SipRequest, notes: Notes): void {
  addHeader(request, notes, 'Require', EVENTLIST, 'Without the extension nobody could make sense of the body.', 'RFC 4662 §4.1');
  const why = 'The route set holds only those who recorded themselves in the SUBSCRIBE: the NOTIFY goes straight to the first of them.';
  notes.push(routed(why, 'RFC 3261 §12.2.1.1', request.headers.first('Route') ?? request.uri));
}

/** A SUBSCRIBE to a member that begins something: from where, in whose name, and how far it may go. */
export function addressMember(request: SipRequest, notes: Notes, { serving, watcher, hops }: ServedList): void {
  if (serving !== undefined) {
    const why = 'An application server that asks for a user does so through the S-CSCF that serves the user; the mark says that this is the originating case.';
    addHeader(request, notes, 'Route', serving, why, 'TS 24.229 §7.2A.6');
  } else notes.push(routed('Nobody serves this list but the server itself: it looks for the network of the member by itself.', 'TS 24.229 §5.7', request.uri));
  const vouched = 'The member is asked in the name of the watcher, whose identity a network has vouched for.';
  addHeader(request, notes, 'P-Asserted-Identity', `<${watcher}>`, vouched, 'RFC 3325 §5');
  const lowered = 'One less than the SUBSCRIBE to the list had: lists that hold one another on several servers must come to an end.';
  setHeader(request, notes, 'Max-Forwards', String(hops), lowered, 'RFC 4662 §7.4');
}
