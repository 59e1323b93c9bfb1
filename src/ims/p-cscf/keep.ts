/** What a P-CSCF keeps of a registration that the home network has accepted (TS 24.229 §5.2.2.1; TS 33.203 §7.4.2a). Omitted: several contacts. */
import { after, seconds, type SimTime } from '#base/time.ts';
import { lifetimeAfter } from '#ims/node/security-associations.ts';
import type { AccessTable } from './access-table.ts';
import type { RegistrationOutcome, RegistrationPurpose } from './registrar.ts';
import type { Access, Registered } from './state.ts';

/** Takes the user in, or what has changed of one who is registered already (`before`). */
export function keepRegistration(
  table: AccessTable,
  { arrival, contact, privateIdentity }: RegistrationPurpose,
  { said, contactKey, expires }: RegistrationOutcome,
  before: Registered | undefined,
  now: SimTime,
): Registered {
  const expiresAt = after(now, seconds(expires));
  const access: Access = arrival.kind === 'trial' ? { kind: 'ipsec', pairs: arrival.trial.pairs } : { kind: 'address', flow: arrival.flow };
  const old = before?.access;
  const registered: Registered = before ?? {
    privateIdentity,
    contact,
    contactKey,
    ...said,
    access,
    former: undefined,
    expiresAt,
    leaving: false,
    dialogs: new Map(),
  };
  Object.assign(registered, said);
  registered.leaving = false;
  registered.expiresAt = expiresAt;
  if (arrival.kind === 'trial') table.takeIntoUse(registered, arrival.trial.pairs, arrival.trial.begunOver);
  else if (arrival.kind === 'plain' && old?.kind === 'address') registered.access = access;
  if (registered.access.kind === 'ipsec') registered.access.pairs.until = lifetimeAfter(expiresAt, old?.kind === 'ipsec' ? old.pairs : undefined);
  table.add(registered);
  table.endAt(registered, expiresAt);
  return registered;
}
