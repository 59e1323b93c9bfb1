/**
 * A Diameter answer that sends the asker elsewhere (RFC 6733 §6.12): the same request goes to the host that it names, if that is a peer known from
 * configuration. Followed once for a request: whoever was named and sends elsewhere again would make a circle.
 * Omitted: Redirect-Host-Usage and its cache, more than one Redirect-Host (the first known one is taken).
 */
import type { Note } from '#base/note.ts';
import { AVP, findAvp, textAvp, textOf } from '#protocol/diameter/avp.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import type { DiameterServer } from '#protocol/diameter/peer.ts';
import { RESULT, resultOf } from '#protocol/diameter/result.ts';
import { routed } from './edit.ts';

export interface Redirected {
  readonly server: DiameterServer;
  readonly request: DiameterMessage;
  readonly note: Note;
}

/** Where `request` has to go after this answer; undefined when the answer is not a redirect that can be followed. */
export function redirectedBy(answer: DiameterMessage, request: DiameterMessage, known: readonly DiameterServer[]): Redirected | undefined {
  if (resultOf(answer.avps)?.code !== RESULT.redirectIndication.code) return undefined;
  // Only a request to nobody in particular can be sent elsewhere.
  if (findAvp(request.avps, AVP.destinationHost) !== undefined) return undefined;
  for (const avp of answer.avps) {
    if (avp.code !== AVP.redirectHost.code || avp.vendor !== undefined) continue;
    const host = hostOfDiameterUri(textOf(avp) ?? '');
    const server = known.find((one) => one.host.toLowerCase() === host);
    if (server === undefined) continue;
    return {
      server,
      request: { ...request, avps: [...request.avps, textAvp(AVP.destinationHost, server.host)] },
      note: routed(`The answer names ${server.host} as the one who knows: the same question goes there.`, 'RFC 6733 §6.12', server.host),
    };
  }
  return undefined;
}

/** `aaa://host:port;transport=…` (RFC 6733 §4.3.1): the host in lower case, or the empty text. */
const hostOfDiameterUri = (uri: string): string => (/^aaas?:\/\/([a-z0-9.-]{1,255})(?::\d{1,5})?(?:;.*)?$/i.exec(uri)?.[1] ?? '').toLowerCase();
