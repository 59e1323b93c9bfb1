/** From where a SUBSCRIBE to a list came, and so where the requests for its members go (TS 24.229 §5.7). */
import type { SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { hostOf } from '#protocol/sip/uri.ts';

/** The S-CSCF that sent the SUBSCRIBE here and wants it back, as the next hop for requests of the same user; undefined when none did. */
export function servingOf(request: SipRequest, host: string): string | undefined {
  const back = request.headers
    .values('Route')
    .map(uriOf)
    .find((uri) => uri !== undefined && hostOf(uri) !== host);
  const server = back === undefined ? undefined : hostOf(back);
  return server === undefined ? undefined : `<sip:${server};lr;orig>`;
}
