/** What a P-CSCF knows of a transaction for its charging record: whom it serves, at which address, on which side (TS 32.260 §6.1.3.4). */
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { SIP_PORT } from '#ims/node/sip-node.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import type { RegistrationPurpose } from './registrar.ts';
import type { Access, Registered } from './state.ts';

/** What the P-CSCF remembered of the request when it sent it on, or sent its own. */
type Known = RegistrationPurpose | { readonly kind: 'from-ue' | 'to-ue'; readonly registered: Registered } | { readonly kind: 'reg-event' };

/** `source`: who is registered at the place from which the request came. */
export function chargingFactsOf(purpose: Known | undefined, server: ServerTransaction | undefined, source: Registered | undefined): ChargingFacts {
  switch (purpose?.kind) {
    case 'register':
      return factsOf('from-ue', {
        privateIdentity: purpose.privateIdentity,
        identities: [uriOf(server?.request.headers.get('To') ?? '') ?? ''],
        address: server?.flow.remote.address,
      });
    case 'from-ue':
    case 'to-ue':
      return factsOf(purpose.kind, partyOf(purpose.registered));
    case 'reg-event':
      return factsOf('own', undefined);
    case undefined:
      break;
  }
  // Refused, or answered by itself: only the way on which it came tells whose it was.
  const fromUe = source !== undefined || server?.request.method === 'REGISTER' || server?.flow.local.port !== SIP_PORT;
  return factsOf(fromUe ? 'from-ue' : 'own', source === undefined ? undefined : partyOf(source));
}

interface Party {
  readonly privateIdentity: string;
  readonly identities: readonly string[];
  /** IP address. */
  readonly address: string | undefined;
}

const addressOf = (access: Access): string => (access.kind === 'ipsec' ? access.pairs.ue.address : access.flow.remote.address);

const partyOf = ({ privateIdentity, identities, access }: Registered): Party => ({ privateIdentity, identities, address: addressOf(access) });

function factsOf(side: 'from-ue' | 'to-ue' | 'own', party: Party | undefined): ChargingFacts {
  const role = side === 'to-ue' ? ROLE_OF_NODE.terminating : ROLE_OF_NODE.originating;
  if (party === undefined) return { role, fromUe: side === 'from-ue' };
  const { privateIdentity, identities, address } = party;
  return { role, fromUe: side === 'from-ue', served: { privateIdentity, identities }, ...(address === undefined ? {} : { servedAddress: address }) };
}
