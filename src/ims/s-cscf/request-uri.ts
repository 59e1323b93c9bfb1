/**
 * Where the address in a Request-URI leads, once the services of the one who sends have had their turn (TS 24.229 (clause unchecked)):
 * a SIP address to its domain, a telephone number to the directory (RFC 6116), a pres address to the servers of its domain (RFC 3861).
 * Omitted: number portability, break-out to circuit-switched networks (there is nobody to subscribe to), names in place of numbers (phone-context with a domain).
 */
import type { Note } from '#base/note.ts';
import { type Notes, routed } from '#ims/node/edit.ts';
import { applicationString } from '#protocol/dns/enum.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { parseUri } from '#protocol/sip/uri.ts';

export type Destination =
  /** The domain in the URI is asked for its entry. */
  | { readonly kind: 'domain'; readonly note: Note }
  /** A global number, which the directory translates. */
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'nowhere'; readonly why: string };

export function destinationOf(text: string, ownDomain: string): Destination {
  const uri = parseUri(text);
  switch (uri?.kind) {
    case 'sip': {
      // RFC 3261 §19.1.6: user=phone says that the user part is a number. In the own domain it is translated; another domain knows its own.
      const isNumber = uri.params.get('user') === 'phone' && uri.host === ownDomain;
      const number = isNumber ? applicationString(uri.user ?? '') : undefined;
      if (number !== undefined) return { kind: 'number', number };
      return { kind: 'domain', note: routed(`The domain of the address is ${uri.host}: the DNS tells the entry of that network.`, 'RFC 3263 §4', text) };
    }
    case 'pres':
    case 'im':
      return {
        kind: 'domain',
        note: routed(
          `A ${uri.scheme} address names a person in ${uri.host} and no protocol: the DNS tells who takes it by SIP there. It travels as it is; that network knows which identity it means.`,
          'RFC 3861 §3',
          text,
        ),
      };
    case 'tel': {
      const number = globalNumber(uri.number, uri.params.get('phone-context'));
      return number === undefined
        ? { kind: 'nowhere', why: `The number ${uri.number} is a local one, and nothing says in which country or network it holds.` }
        : { kind: 'number', number };
    }
    default:
      return { kind: 'nowhere', why: 'The address is neither a SIP address nor a number nor a pres address, so no network can be found for it.' };
  }
}

/** A local number becomes a global one by the digits of its context [choice: the dial plan of this network]. RFC 3966 §5.1.5: the context says where the number holds, and is no prefix in itself. */
function globalNumber(number: string, context: string | undefined): string | undefined {
  return applicationString(number) ?? (context?.startsWith('+') === true ? applicationString(context + number) : undefined);
}

/** The directory has answered: from here on the request is for a SIP or pres address. */
export function replaceNumber(request: SipRequest, notes: Notes, uri: string): void {
  const reason = 'The directory says whose number it is: from here on the request is for that address, which has a domain to go to.';
  notes.push({ op: 'changed', header: 'Request-URI', from: request.uri, to: uri, reason, clause: 'RFC 6116 §3' });
  request.uri = uri;
}
