/**
 * Tokens of configuration hiding (TS 33.203 §5.2, §6.4): entries of a header field as one encrypted string. AES-128 in CBC mode with the network's key Kv and
 * a random IV, which travels in front of the ciphertext. The mechanism has no integrity protection: what decrypts to nothing sensible is found out, a
 * change of the IV that leaves legal text is not, and then leads to a name that does not exist.
 *
 * Our form, for the standard's `Token(...)@home1.net` is no legal sent-by of a Via:
 *   in a URI   `<sip:Token(BASE64URL)@home1.net;lr;tokenized-by=home1.net>` (parentheses are legal in a user part, RFC 3261 §25.1);
 *   in a Via   `SIP/2.0/UDP home1.net;branch=...;token=BASE64URL;tokenized-by=home1.net`, with the branch of the topmost entry that it stands for.
 */
import { concatBytes, fromBase64, toBase64 } from '#base/bytes.ts';
import { aesCbcDecrypt, aesCbcEncrypt } from '#base/crypto.ts';
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { splitList } from '#protocol/sip/lists.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { parseVia } from '#protocol/sip/via.ts';

const IV_LENGTH = 16;

/** The alphabet of URIs and tokens (RFC 4648 §5), without padding. */
const toUrlText = (bytes: Uint8Array): string => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const fromUrlText = (text: string): Uint8Array | undefined => fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));

/** Several entries, in their order, as one token. `iv` is 16 random bytes, never used before. */
export function encryptEntries(entries: readonly string[], key: Uint8Array, iv: Uint8Array): string {
  return toUrlText(concatBytes(iv, aesCbcEncrypt(key, iv, encodeUtf8(entries.join(', ')))));
}

/** The entries again; undefined when the token is not of this key or was changed so that nothing sensible comes out. */
export function decryptEntries(token: string, key: Uint8Array): readonly string[] | undefined {
  const bytes = fromUrlText(token);
  if (bytes === undefined || bytes.length < 2 * IV_LENGTH) return undefined;
  const plain = aesCbcDecrypt(key, bytes.subarray(0, IV_LENGTH), bytes.subarray(IV_LENGTH));
  const text = plain === undefined ? undefined : decodeUtf8Strictly(plain);
  const entries = text === undefined ? [] : splitList(text);
  return entries.length === 0 ? undefined : entries;
}

/** How entries of one header field look: Via apart from those that hold URIs. */
export interface EntryForm {
  hostOf(entry: string): string | undefined;
  /** The network that hid it, and the token; undefined when the entry is in clear. */
  tokenOf(entry: string): { readonly by: string; readonly token: string } | undefined;
  format(token: string, domain: string, first: string): string;
}

export const VIA_ENTRY: EntryForm = {
  hostOf: (entry) => parseVia(entry)?.host,
  tokenOf(entry) {
    const params = entry.includes('tokenized-by') ? parseVia(entry)?.params : undefined;
    const by = params?.get('tokenized-by');
    return by === undefined ? undefined : { by, token: params?.get('token') ?? '' };
  },
  format(token, domain, first) {
    const via = parseVia(first);
    return `SIP/2.0/${via?.transport ?? 'UDP'} ${domain};branch=${via?.branch ?? ''};token=${token};tokenized-by=${domain}`;
  },
};

export const URI_ENTRY: EntryForm = {
  hostOf(entry) {
    const uri = parseUri(uriOf(entry) ?? '');
    return uri?.kind === 'sip' ? uri.host : undefined;
  },
  tokenOf(entry) {
    const uri = entry.includes('tokenized-by') ? parseUri(uriOf(entry) ?? '') : undefined;
    if (uri?.kind !== 'sip') return undefined;
    const by = uri.params.get('tokenized-by');
    return by === undefined ? undefined : { by, token: /^Token\((.*)\)$/.exec(uri.user ?? '')?.[1] ?? '' };
  },
  format: (token, domain) => `<sip:Token(${token})@${domain};lr;tokenized-by=${domain}>`,
};

/** A Contact: no `lr`, for it is where a request ends. */
export const TARGET_ENTRY: EntryForm = { ...URI_ENTRY, format: (token, domain) => `<sip:Token(${token})@${domain};tokenized-by=${domain}>` };
