/** What an S-CSCF knows of a transaction for its charging record: whom it serves, on which side, and which application server took part (TS 32.260 §6.1.3.3). */
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { chargingVectorOf } from '#ims/node/charging-vector.ts';
import { identityKey, userOf } from '#ims/node/identity.ts';
import type { Outgoing } from '#ims/node/outgoing.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { SessionCase } from './filter-criteria.ts';
import type { Purpose } from './purpose.ts';
import { openIdentities, type ServedUser, type ServedUsers } from './served-users.ts';

const facts = (role: number, user: ServedUser | undefined, applicationServer?: string): ChargingFacts => ({
  role,
  ...(user === undefined ? {} : { served: { privateIdentity: user.privateIdentity, identities: openIdentities(user) } }),
  ...(applicationServer === undefined ? {} : { applicationServer }),
});

/** Of a transaction under service control. */
function controlledFacts(user: ServedUser, sessionCase: SessionCase, next: number): ChargingFacts {
  const role = sessionCase.startsWith('originating') ? ROLE_OF_NODE.originating : ROLE_OF_NODE.terminating;
  return facts(role, user, user.criteria[next - 1]?.criterion.applicationServer.serverName);
}

const named = (users: ServedUsers, request: SipRequest, header: string): ServedUser | undefined => users.find(uriOf(request.headers.first(header) ?? '') ?? '');

/** Of any other: the request tells by its Route, or by who asked, which side it is on (TS 32.299 §7.2.177: whether the calling or the called party is served). */
function chargingFactsOf(users: ServedUsers, host: string, request: SipRequest, isOwn: boolean): ChargingFacts {
  if (request.method === 'REGISTER') return facts(ROLE_OF_NODE.originating, named(users, request, 'To'));
  if (isOwn) return facts(ROLE_OF_NODE.originating, named(users, request, 'From'));
  const top = uriOf(request.headers.first('Route') ?? '');
  const fromUser = top !== undefined && hostOf(top) === host && userOf(top) === 'orig';
  // Within a dialog the P-CSCF says by the type of its identifier that the request comes from its side: from a user, unless it asks itself about one.
  const fromProxy = chargingVectorOf(request)?.originating?.startsWith('Type 1') === true;
  const asker = fromUser || fromProxy ? named(users, request, 'P-Asserted-Identity') : undefined;
  const { uri } = request;
  const called = users.find(identityKey(uri)) ?? (fromProxy ? named(users, request, 'To') : users.all().find(({ binding }) => binding?.contact === uri));
  const isOriginating = fromUser || asker !== undefined || (fromProxy && called === undefined);
  return isOriginating ? facts(ROLE_OF_NODE.originating, asker) : facts(ROLE_OF_NODE.terminating, called);
}

/** What the S-CSCF tells of a transaction: of service control what it controls, of any other what the request says. */
export function factsOfTransaction(
  users: ServedUsers,
  host: string,
  server: ServerTransaction | undefined,
  outgoing: Outgoing<Purpose> | undefined,
): ChargingFacts {
  if (outgoing?.purpose.kind === 'isc') {
    const { user, sessionCase, next } = outgoing.purpose.control;
    return controlledFacts(user, sessionCase, next);
  }
  const request = server?.request ?? outgoing?.request;
  if (request === undefined) throw new Error('a transaction without a request was charged');
  return chargingFactsOf(users, host, request, server === undefined);
}
