/**
 * Words, names and addresses of a scenario file, each with its limits: every text that is taken here can stand in a header field, in a document and in the DNS
 * (`hostile-texts.test.ts`).
 */
import * as v from 'valibot';
import { parseUri } from '#protocol/sip/uri.ts';

export const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'), v.maxLength(60));

/** A line end would begin a new header field, and XML carries neither control characters nor halves of a character. */
export const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cs}]{1,600}$/u, 'a text of 1 to 600 characters, none of them a control character'));

/** What somebody on a link changes may be anything. */
export const anyText = v.pipe(v.string(), v.minLength(1), v.maxLength(600));

/** The parts of a name have 63 octets at most (RFC 1035 §2.3.4); RFC 3261 §25.1: the last one begins with a letter, or the name could be taken for an address. */
export const domain = v.pipe(
  v.string(),
  v.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a domain name in lower case such as home1.net'),
  v.maxLength(120, 'a domain name of 120 characters at most'),
);

/** An address for From and To, and to be looked up: a SIP URI of somebody, without header fields (RFC 3261 §19.1.1), or a tel URI. */
function isPublicIdentity(value: string): boolean {
  const uri = parseUri(value);
  return uri?.kind === 'tel' || (uri?.kind === 'sip' && uri.scheme === 'sip' && uri.user !== undefined && uri.headers === undefined);
}

const PUBLIC_IDENTITY = 'a SIP or tel URI such as sip:user1_public1@home1.net';
export const publicIdentity = v.pipe(
  v.string(),
  v.regex(/^(sip:[^\s<>"@]+@[^\s<>"@]+|tel:\+?[\d-]+)$/, PUBLIC_IDENTITY),
  v.check((value) => isPublicIdentity(value), PUBLIC_IDENTITY),
  v.maxLength(600),
);
export const privateIdentity = v.pipe(text, v.regex(/^[^\s"@]+@[^\s"@]+$/, 'a name such as user1_private@home1.net'));

/** Where a request for a server can be sent. */
function isServer(value: string): boolean {
  const uri = parseUri(value);
  if (uri?.kind !== 'sip' || uri.scheme !== 'sip' || uri.headers !== undefined || uri.port === 0) return false;
  return ['udp', 'tcp'].includes(uri.params.get('transport') ?? 'udp');
}
export const server = v.pipe(
  text,
  v.check((value) => isServer(value), 'a SIP URI such as sip:ps.home2.net'),
);
