/**
 * What a server looks at before it acts on a request that parsed: as a UAS (RFC 3261 §8.2) and as a proxy (§16.3); and which
 * responses a client discards unseen. Pure functions of the message and of what the element can do.
 * Omitted: authentication, loop detection and merged requests (they need more than the message); Accept-Language.
 */
import { isNameAddrAt, uriOf } from './name-addr.ts';
import { type SipError, type SipRequest, type SipResponse } from './message.ts';
import { mediaTypeOf, parseNumber } from './values.ts';
import { parseViaHead } from './via.ts';

export interface ProxyCapabilities {
  /** URI schemes in lower case that mean something here in a Request-URI. */
  readonly schemes: readonly string[];
  /** Option tags understood: in Proxy-Require for a proxy, in Require for a UAS. */
  readonly extensions: readonly string[];
}

export interface UasCapabilities extends ProxyCapabilities {
  readonly methods: readonly string[];
  /** Media types in lower case; `*` stands for any. */
  readonly contentTypes: readonly string[];
  /** Encodings in lower case besides `identity`. */
  readonly contentEncodings: readonly string[];
}

/** Why a well-formed request is not served. */
export interface Refusal extends SipError {
  /** Header fields that the answer carries: Unsupported, Allow, Accept, ... */
  readonly fields: readonly (readonly [string, string])[];
}

/** Methods that exist (IANA's register): one of these that is not served here gets 405, any other 501. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
]);

function refuse(request: SipRequest, status: number, reason: string, header?: string, fields: readonly (readonly [string, string])[] = []): Refusal {
  // RFC 3261 §17.1.1.3: an ACK is never answered.
  const answered = request.method === 'ACK' ? 0 : status;
  return { kind: 'sip-error', status: answered, reason, ...(header === undefined ? {} : { header }), partial: request, fields };
}

function checkScheme(request: SipRequest, schemes: readonly string[]): Refusal | undefined {
  const scheme = request.uri.slice(0, request.uri.indexOf(':')).toLowerCase();
  // RFC 3261 §8.2.2.1 and §16.3 step 2: a scheme that is not understood is answered 416.
  return schemes.includes(scheme) ? undefined : refuse(request, 416, `The Request-URI has the scheme ${scheme}, which means nothing here.`);
}

function checkOptions(request: SipRequest, header: 'Require' | 'Proxy-Require', extensions: readonly string[]): Refusal | undefined {
  if (!request.headers.has(header)) return undefined;
  const unknown = request.headers.values(header).filter((tag) => !extensions.includes(tag));
  if (unknown.length === 0) return undefined;
  // RFC 3261 §8.2.2.3 and §16.3 step 5: 420 lists in Unsupported what is not understood.
  return refuse(request, 420, `${header} asks for ${unknown.join(' and ')}, not known here.`, header, [['Unsupported', unknown.join(', ')]]);
}

/** RFC 3261 §8.2, in its order. Undefined: go on. */
export function checkRequestForUas(request: SipRequest, can: UasCapabilities): Refusal | undefined {
  if (!can.methods.includes(request.method)) {
    const allow = [['Allow', can.methods.join(', ')]] as const;
    // RFC 3261 §8.2.1 and §21.5.2: 405 for a method that is known but not for this address, 501 for one that is not known at all.
    return KNOWN_METHODS.has(request.method)
      ? refuse(request, 405, `${request.method} is not served here.`, undefined, allow)
      : refuse(request, 501, `${request.method} is no method known here.`, undefined, allow);
  }
  return (
    checkScheme(request, can.schemes) ??
    checkAddresses(request) ??
    // RFC 3261 §8.2.2.3: Require is ignored in ACK and CANCEL.
    (request.method === 'ACK' || request.method === 'CANCEL' ? undefined : checkOptions(request, 'Require', can.extensions)) ??
    checkContent(request, can)
  );
}

function checkAddresses(request: SipRequest): Refusal | undefined {
  for (const contact of request.headers.values('Contact')) {
    // RFC 3261 §20.10: a URI with a comma, question mark or semicolon stands in angle brackets.
    if (contact !== '*' && !isNameAddrAt(contact, 0, contact.length))
      return refuse(request, 400, 'A Contact value is not an address with parameters.', 'Contact');
  }
  // RFC 3261 §10.2: the address-of-record in To of a REGISTER is a SIP or SIPS URI.
  if (request.method === 'REGISTER' && !/^sips?:/i.test(uriOf(request.headers.get('To') ?? '') ?? '')) {
    return refuse(request, 400, 'To of a REGISTER is not a SIP or SIPS URI.', 'To');
  }
  return undefined;
}

function checkContent(request: SipRequest, can: UasCapabilities): Refusal | undefined {
  if (request.body.length === 0) return undefined;
  const accept = [['Accept', can.contentTypes.join(', ')]] as const;
  // RFC 3261 §20.15: a body has a Content-Type.
  const type = mediaTypeOf(request.headers.get('Content-Type') ?? '');
  if (type === undefined) return refuse(request, 400, 'There is a body without a media type.', 'Content-Type');
  // RFC 3261 §8.2.3: content that is not understood is refused, unless its disposition says that it may be left.
  const optional = /;\s*handling\s*=\s*optional/i.test(request.headers.get('Content-Disposition') ?? '');
  if (!optional && !can.contentTypes.includes('*') && !can.contentTypes.includes(type))
    return refuse(request, 415, `Content of type ${type} is not understood.`, 'Content-Type', accept);
  const encoding = request.headers
    .values('Content-Encoding')
    .find((name) => name.toLowerCase() !== 'identity' && !can.contentEncodings.includes(name.toLowerCase()));
  if (optional || encoding === undefined) return undefined;
  return refuse(request, 415, `Content encoded as ${encoding} is not understood.`, 'Content-Encoding', [
    ['Accept-Encoding', ['identity', ...can.contentEncodings].join(', ')],
  ]);
}

/** RFC 3261 §16.3, steps 2, 3 and 5. Undefined: forward it. The method, the body and Require are no business of a proxy. */
export function checkRequestForProxy(request: SipRequest, can: ProxyCapabilities): Refusal | undefined {
  const scheme = checkScheme(request, can.schemes);
  if (scheme !== undefined) return scheme;
  // RFC 3261 §16.3 step 3: what may go no further is answered 483; a missing Max-Forwards passes.
  if (parseNumber(request.headers.get('Max-Forwards')) === 0) return refuse(request, 483, 'Max-Forwards has come down to 0.', 'Max-Forwards');
  return checkOptions(request, 'Proxy-Require', can.extensions);
}

const silence = (response: SipResponse, reason: string, header: string): SipError => ({ kind: 'sip-error', status: 0, reason, header, partial: response });

/** Of a response without the client's own Via. Undefined: take it. Otherwise the client discards it. */
export function checkResponseForUac(response: SipResponse): SipError | undefined {
  // RFC 3261 §8.1.3.3: a response with more than one Via was misrouted.
  return response.headers.has('Via') ? silence(response, 'The response has more than one Via.', 'Via') : undefined;
}

/** Of a response without the proxy's own Via. Undefined: forward it to the Via that is topmost now. */
export function checkResponseForProxy(response: SipResponse): SipError | undefined {
  const next = response.headers.first('Via');
  if (next === undefined) return undefined;
  const host = parseViaHead(next)?.host;
  if (host === undefined) return silence(response, 'The second Via is malformed.', 'Via');
  // RFC 4475 §3.3.10: a response is not sent to a broadcast address.
  return host === '255.255.255.255' ? silence(response, 'The second Via names the broadcast address.', 'Via') : undefined;
}
