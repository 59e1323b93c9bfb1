/** What a registered UE puts on its requests (TS 24.229, UE procedures for other requests; RFC 3325, RFC 3329, RFC 3608). Pure edits with notes. */
import { addHeader, type Notes } from '#ims/node/edit.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { UeConfig } from './config.ts';
import type { UeRegistration } from './registration.ts';

/** On a request outside a dialog: the preloaded Route and the identity that the user wants to appear with. */
export function addInitialHeaders(request: SipRequest, notes: Notes, ue: UeConfig, registration: UeRegistration, security: SaPairs | undefined): void {
  const { serviceRoute, defaultIdentity } = registration;
  const own = `<sip:${ue.proxy.host}${security === undefined ? '' : `:${security.proxy.serverPort}`};lr>`;
  for (const route of [own, ...serviceRoute]) request.headers.append('Route', route);
  notes.push({
    op: 'added',
    header: 'Route',
    to: [own, ...serviceRoute].join(', '),
    reason: 'First the P-CSCF, then the Service-Route that came with the registration: so the request reaches the S-CSCF of the user.',
    clause: 'RFC 3608 §6.1',
  });
  const identity = `"${ue.displayName}" <${defaultIdentity}>`;
  addHeader(
    request,
    notes,
    'P-Preferred-Identity',
    identity,
    'Of the registered identities, this is the one that the user wants to appear with.',
    'RFC 3325 §9.2',
  );
  addHeader(request, notes, 'Privacy', 'none', 'The user has nothing against being named.', 'RFC 3323 §4.2');
}

/** On every request over the security associations. */
export function addProtectedHeaders(request: SipRequest, notes: Notes, ue: UeConfig, security: SaPairs | undefined): void {
  addHeader(request, notes, 'P-Access-Network-Info', ue.accessNetwork, 'Tells the home network over which access the user comes.', 'RFC 7315 §4.4');
  if (security === undefined) return;
  const reason = 'What follows from the security agreement must be understood by the P-CSCF.';
  addHeader(request, notes, 'Require', 'sec-agree', reason, 'RFC 3329 §2.3.1');
  addHeader(request, notes, 'Proxy-Require', 'sec-agree', reason, 'RFC 3329 §2.3.1');
  addHeader(request, notes, 'Security-Verify', security.securityServer, 'Every request repeats what was agreed with the P-CSCF.', 'RFC 3329 §2.3.1');
}
