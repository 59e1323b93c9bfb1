/**
 * What a P-CSCF does to a request that a registered UE sends (TS 24.229, originating side of the P-CSCF; RFC 3325, RFC 3329, RFC 3608).
 * Pure edits with their notes. Omitted: emergency, priority, network-provided access network information.
 */
import { sameIdentity } from '#ims/node/identity.ts';
import { type Notes, pushHeader, rejected, removeHeader, setHeader } from '#ims/node/edit.ts';
import type { Note } from '#base/note.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import type { SipMessage, SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { formatNameAddr, parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { parseVia } from '#protocol/sip/via.ts';
import type { Registered } from './state.ts';

/** Why the request is refused: the status and the note, and what the answer carries. */
export interface Refusal {
  readonly status: number;
  readonly note: Note;
  readonly headers?: readonly (readonly [string, string])[];
}

/** Security-Verify must repeat what this P-CSCF offered at registration; the headers of the agreement end here (RFC 3329 §2.3.1). */
export function endSecurityAgreement(request: SipRequest, notes: Notes, pairs: SaPairs | undefined): Refusal | undefined {
  if (pairs !== undefined) {
    const verify = request.headers.values('Security-Verify').join(', ');
    if (verify !== pairs.securityServer) {
      return {
        status: 494,
        note: rejected(
          verify === ''
            ? 'Security-Verify is missing: the UE must repeat what was agreed at registration.'
            : 'Security-Verify is not what this P-CSCF offered: somebody in between may have changed the offer.',
          'RFC 3329 §2.3.1',
          'Security-Verify',
        ),
        headers: [['Security-Server', pairs.securityServer]],
      };
    }
  }
  removeSecurityHeaders(request, notes);
  return undefined;
}

export function removeSecurityHeaders(request: SipRequest, notes: Notes): void {
  const reason = 'The security agreement is between the UE and its P-CSCF: it ends here.';
  for (const header of ['Security-Client', 'Security-Verify']) removeHeader(request, notes, header, reason, 'RFC 3329 §2.3.1');
  for (const header of ['Require', 'Proxy-Require']) removeOption(request, notes, header, 'sec-agree', reason);
}

function removeOption(request: SipRequest, notes: Notes, header: string, option: string, reason: string): void {
  const options = request.headers.values(header);
  if (!options.includes(option)) return;
  const left = options.filter((one) => one !== option);
  if (left.length === 0) removeHeader(request, notes, header, reason, 'RFC 3329 §2.3.1');
  else setHeader(request, notes, header, left.join(', '), reason, 'RFC 3329 §2.3.1');
}

/** The rest of the Route of an initial request must be the Service-Route that the home network gave at registration. */
export function checkServiceRoute(request: SipRequest, registered: Registered): Refusal | undefined {
  const route = request.headers.values('Route').map((value) => uriOf(value));
  const expected = registered.serviceRoute.map((value) => uriOf(value));
  if (route.length === expected.length && route.every((uri, i) => uri === expected[i])) return undefined;
  return {
    status: 400,
    note: rejected('The Route is not the Service-Route that the home network gave at registration.', 'TS 24.229 (clause unchecked)', 'Route'),
  };
}

/** P-Preferred-Identity is a wish; P-Asserted-Identity is what the network vouches for (RFC 3325 §9). */
export function assertIdentity(request: SipRequest, notes: Notes, registered: Registered, displayNameOf: (identity: string) => string | undefined): void {
  const { headers } = request;
  removeHeader(request, notes, 'P-Asserted-Identity', 'A UE cannot vouch for itself: what it claims is taken off.', 'RFC 3325 §5');
  const preferred = headers.first('P-Preferred-Identity');
  const wish = preferred === undefined ? undefined : uriOf(preferred);
  const match = wish === undefined ? undefined : registered.identities.find((identity) => sameIdentity(identity, wish));
  const identity = match ?? registered.identities[0];
  removeHeader(request, notes, 'P-Preferred-Identity', 'The wish is answered: from here on the asserted identity counts.', 'RFC 3325 §9.2');
  if (identity === undefined) return;
  const displayName = displayNameOf(identity) ?? (preferred === undefined ? undefined : parseNameAddr(preferred)?.displayName);
  const value = formatNameAddr({ uri: identity, params: new Map(), ...(displayName === undefined ? {} : { displayName }) });
  headers.append('P-Asserted-Identity', value);
  notes.push({
    op: 'added',
    header: 'P-Asserted-Identity',
    to: value,
    reason:
      match === undefined
        ? 'The P-CSCF vouches for the default identity of this registration, because no registered identity was asked for.'
        : 'The P-CSCF knows from the registration that this identity is the one who speaks, and vouches for it.',
    clause: 'RFC 3325 §5',
  });
}

/** The P-CSCF stays in the path of every dialog of its UE. */
export function recordRoute(request: SipRequest, notes: Notes, uri: string): void {
  pushHeader(request, notes, 'Record-Route', `<${uri}>`, 'The P-CSCF is the only way to the UE, so it stays in the path of the dialog.', 'RFC 3261 §16.6');
}

const nextHostOf = (message: SipMessage): string | undefined =>
  message.kind === 'request' ? hostOf(uriOf(message.headers.first('Route') ?? '') ?? message.uri) : parseVia(message.headers.first('Via') ?? '')?.host;

/**
 * Where the UE is concerns its home network alone. Usually the S-CSCF takes that off on the way out; when it is not in the path of the dialog, the
 * P-CSCF is the last one who can.
 */
export function keepAccessInfo(message: SipRequest | SipResponse, notes: Notes, registered: Registered, ownDomain: string): void {
  const next = nextHostOf(message);
  // Kept as the term-ioi that came with the registration: of type 1 from a visited network (TS 24.229 §4.5.4).
  const home = registered.homeNetwork?.replace(/^Type 1/, '');
  if (next === undefined || home === undefined) return;
  const trusted = [ownDomain, home].some((domain) => next === domain || next.endsWith(`.${domain}`));
  if (!trusted) removeHeader(message, notes, 'P-Access-Network-Info', 'The next hop is in neither the own nor the home network of the UE.', 'RFC 7315 §5.4');
}
