/**
 * What an operator makes an HSS tell an S-CSCF: that a registration is over (RTR), or that a profile has changed (PPR) (TS 29.228 §6.1.3, §6.2.2).
 * It turns a wish into the change of the subscriber's data and the message; the HSS sends. Omitted: several private identities, passwords.
 */
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import type { CxRequestHead } from '#protocol/diameter/command.ts';
import { buildPushProfileRequest, buildRegistrationTerminationRequest, DEREGISTRATION_REASON } from '#protocol/diameter/cx-push.ts';
import { formatUserData } from '#protocol/diameter/cx-user-data.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { Subscribers, Subscription } from './subscribers.ts';

/** Operators' words for the reasons of TS 29.229 §6.3.17. */
export const REASONS: Readonly<Record<string, number>> = {
  'permanent-termination': DEREGISTRATION_REASON.permanentTermination,
  'new-server-assigned': DEREGISTRATION_REASON.newServerAssigned,
  'server-change': DEREGISTRATION_REASON.serverChange,
  'remove-s-cscf': DEREGISTRATION_REASON.removeSCscf,
};

export interface HssPush {
  readonly subscription: Subscription;
  /** Diameter identity of the S-CSCF that is told. */
  readonly host: string;
  readonly message: DiameterMessage;
  readonly note: Note;
}

type Head = (host: string) => CxRequestHead;

/** The message that the wish asks for, or a note that says why there is none. */
export function pushOf(intent: Intent, subscribers: Subscribers, head: Head): HssPush | Note {
  const who = typeof intent['user'] === 'string' ? intent['user'] : '';
  const subscription = subscribers.byPublic(who);
  if (subscription === undefined) return rejected(`Nobody here has the identity ${who === '' ? 'that is meant' : who}.`, 'TS 29.228 §6.1');
  return intent.kind === 'deregister-user' ? terminationOf(intent, subscription, head) : profileOf(intent, subscription, head);
}

/** The end of a registration at the wish of the HSS: its data change first, then the S-CSCF is told. */
export function terminationOf(intent: Intent, subscription: Subscription, head: Head): HssPush | Note {
  const word = typeof intent['reason'] === 'string' ? intent['reason'] : 'permanent-termination';
  const reason = REASONS[word];
  if (reason === undefined) return rejected(`There is no reason "${word}" to end a registration.`, 'TS 29.229 §6.3.17');
  const host = hostOf(subscription.serverName ?? '');
  if (host === undefined) return rejected('No S-CSCF serves this user: there is nothing to end.', 'TS 29.228 §6.1.3.1');
  subscription.state = 'not registered';
  subscription.serverName = undefined;
  const info = intent['info'];
  return {
    subscription,
    host,
    message: buildRegistrationTerminationRequest({
      ...head(host),
      userName: subscription.privateIdentity,
      publicIdentities: subscription.publicIdentities.map((one) => one.identity),
      reason,
      ...(typeof info === 'string' ? { info } : {}),
    }),
    note: decided(`The operator ends the registration (${word}): the HSS forgets it and tells the S-CSCF that served the user.`, 'TS 29.228 §6.1.3.1'),
  };
}

function profileOf(intent: Intent, subscription: Subscription, head: Head): HssPush | Note {
  const criteria = intent['filterCriteria'];
  if (!Array.isArray(criteria)) return rejected('The wish names no filter criteria.', 'TS 29.228 §6.2.2.1');
  subscription.filterCriteria = criteria;
  const { privateIdentity, publicIdentities, filterCriteria, serverName } = subscription;
  const host = hostOf(serverName ?? '');
  if (host === undefined) return decided('The profile is changed; no S-CSCF holds it at the moment, so nobody needs to be told.', 'TS 29.228 §6.2.2.1');
  return {
    subscription,
    host,
    message: buildPushProfileRequest({
      ...head(host),
      userName: privateIdentity,
      userData: formatUserData({ privateIdentity, publicIdentities, filterCriteria }),
    }),
    note: decided('The profile is changed: the S-CSCF that serves the user gets the new one.', 'TS 29.228 §6.2.2.1'),
  };
}
