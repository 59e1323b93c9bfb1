/**
 * XMPP addresses (`localpart@domainpart/resourcepart`) and their mapping to the URIs of SIP and back (RFC 7247 §6; RFC 7622 §3 for the form,
 * XEP-0106 §3.2 for what is escaped in a localpart).
 * Omitted: names in other scripts beyond ASCII lower case (PRECIS, IDNA), the `gr` parameter of a GRUU, tel URIs (out of scope in RFC 7247 too).
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { isDomainName } from '../dns/name.ts';
import { parseUri } from '../sip/uri.ts';

export interface Jid {
  /** As it travels, with the escapes of XEP-0106; in lower case. Absent for the address of a server. */
  readonly local?: string;
  /** Lower case. */
  readonly domain: string;
  readonly resource?: string;
}

/** Each part is at most this long, in octets of UTF-8. */
const MAX_PART = 1023;
/** What an ASCII localpart cannot hold (RFC 7247 §6.2, table 1), besides space and control characters. */
const NOT_IN_LOCAL = /[\u0000-\u0020\u007f"&'/:<>@]/;
const CONTROL = /[\u0000-\u001f\u007f]/;

const isLong = (part: string): boolean => part.length > MAX_PART || encodeUtf8(part).length > MAX_PART;

/** Undefined when the text is no address. Never throws. */
export function parseJid(text: string): Jid | undefined {
  if (text.length > 3 * MAX_PART + 2) return undefined;
  // The resourcepart begins at the first slash and may hold anything, an at-sign and further slashes too.
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const resource = slash < 0 ? undefined : text.slice(slash + 1);
  const sign = bare.indexOf('@');
  const local = sign < 0 ? undefined : bare.slice(0, sign).toLowerCase();
  const domain = bare.slice(sign + 1).toLowerCase();
  if (domain === '' || !isDomainName(domain) || /[^a-z0-9.-]/.test(domain)) return undefined;
  if (local !== undefined && (local === '' || NOT_IN_LOCAL.test(local) || isLong(local))) return undefined;
  if (resource !== undefined && (resource === '' || CONTROL.test(resource) || isLong(resource))) return undefined;
  return { ...(local === undefined ? {} : { local }), domain, ...(resource === undefined ? {} : { resource }) };
}

export const formatJid = ({ local, domain, resource }: Jid): string =>
  `${local === undefined ? '' : `${local}@`}${domain}${resource === undefined ? '' : `/${resource}`}`;

/** Without its resourcepart: the address of the account. */
export const bareJid = ({ local, domain }: Jid): Jid => (local === undefined ? { domain } : { local, domain });

export const formatBareJid = (jid: Jid): string => formatJid(bareJid(jid));

// The ten characters of XEP-0106; the backslash only where it would read as an escape.
const ESCAPES = /\\(20|22|26|27|2f|3a|3c|3e|40|5c)/gi;

/** A user name as the localpart of an address. */
export const escapeLocal = (name: string): string =>
  name.replace(/\\(?=(?:20|22|26|27|2f|3a|3c|3e|40|5c))/gi, '\\5c').replace(/[ "&'/:<>@]/g, (character) => `\\${character.charCodeAt(0).toString(16)}`);

/** The user name that a localpart stands for. */
export const unescapeLocal = (local: string): string => local.replace(ESCAPES, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** RFC 7247 §6.4: the address of the one whom a sip, sips, pres or im URI names; undefined for anything else. */
export function jidOfUri(text: string): Jid | undefined {
  const uri = parseUri(text);
  if (uri === undefined || (uri.kind !== 'sip' && uri.kind !== 'pres' && uri.kind !== 'im') || uri.user === undefined) return undefined;
  const name = unescapePercent(uri.user);
  return name === undefined ? undefined : parseJid(`${escapeLocal(name)}@${uri.host}`);
}

/** RFC 7247 §6.5: the sip URI of an account; its resourcepart is left out. Undefined for the address of a server. */
export const sipUriOf = ({ local, domain }: Jid): string | undefined =>
  local === undefined ? undefined : `sip:${escapePercent(unescapeLocal(local))}@${domain}`;

/** Two accounts as one text, to find what there is between them. */
export const jidPair = (user: Jid, contact: Jid): string => `${formatBareJid(user)} ${formatBareJid(contact)}`;

function unescapePercent(user: string): string | undefined {
  if (!user.includes('%')) return user;
  const bytes: number[] = [];
  for (let i = 0; i < user.length; i++) {
    const code = user.charAt(i) === '%' ? /^[0-9a-f]{2}$/i.exec(user.slice(i + 1, i + 3))?.[0] : undefined;
    if (code === undefined) bytes.push(...encodeUtf8(user.charAt(i)));
    else {
      bytes.push(parseInt(code, 16));
      i += 2;
    }
  }
  return decodeUtf8Strictly(Uint8Array.from(bytes));
}

/** Everything that is not a user character of RFC 3261 §25.1. */
function escapePercent(name: string): string {
  let text = '';
  for (const byte of encodeUtf8(name)) {
    const character = String.fromCharCode(byte);
    text += byte < 0x80 && /[\w.!~*'()&=+$,;?/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
