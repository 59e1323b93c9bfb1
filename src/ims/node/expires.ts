/** For how long a REGISTER asks (RFC 3261 §10.2.1.1, §10.3). */
import type { SipRequest } from '#protocol/sip/message.ts';
import { parseNameAddr } from '#protocol/sip/name-addr.ts';

/** The longest registration that is granted, and what is taken when nothing is asked (seconds): the value that a UE of TS 24.229 asks for. */
const LONGEST = 600_000;

/** Seconds that the UE asks for: the contact's own parameter first, then Expires (RFC 3261 §10.3); never longer than the registrar's longest. */
export function expiresOf(request: SipRequest): number {
  const contact = parseNameAddr(request.headers.first('Contact') ?? '');
  const asked = Number(contact?.params.get('expires') ?? request.headers.get('Expires') ?? LONGEST);
  return Number.isFinite(asked) ? Math.min(asked, LONGEST) : LONGEST;
}
