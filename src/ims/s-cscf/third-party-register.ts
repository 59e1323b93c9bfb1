/**
 * Third-party registration (TS 23.218 §6.3; TS 24.229 §5.4.1.7): application servers whose criteria match REGISTER learn that the user came or went.
 * Omitted: bodies (ServiceInfo, copies of the REGISTER).
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import type { ContactEvent } from '#presence/reginfo/document.ts';
import { createRequest, type SipRequest } from '#protocol/sip/message.ts';
import { addHeader, decided } from '#ims/node/edit.ts';
import { expiresOf } from '#ims/node/expires.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { nextMatch } from './filter-criteria.ts';
import { openIdentities, type ServedUser } from './served-users.ts';

const EMPTY = new Uint8Array(0);

export interface ThirdPartyRegister {
  readonly request: SipRequest;
  readonly notes: readonly Note[];
  /** The criterion says that nothing goes on without this server: if it fails, the registration is ended (SESSION_TERMINATED). */
  readonly endsOnFailure: boolean;
}

export function thirdPartyRegister(
  config: NodeConfig,
  chance: Chance,
  user: ServedUser,
  event: ContactEvent,
  request: SipRequest | undefined,
): readonly ThirdPartyRegister[] {
  const out: ThirdPartyRegister[] = [];
  const subject = request ?? createRequest('REGISTER', `sip:${config.domain}`, [], EMPTY);
  const registrationType = event === 'registered' ? 'initial' : event === 'refreshed' ? 're-registration' : 'de-registration';
  const identity = openIdentities(user)[0] ?? '';
  for (let i = 0; ; i++) {
    i = nextMatch(user.criteria, i, subject, { sessionCase: 'originating-registered', registrationType });
    if (i < 0) return out;
    const criterion = user.criteria[i]?.criterion;
    if (criterion === undefined || criterion.triggerPoint === undefined) continue;
    const { serverName, defaultHandling } = criterion.applicationServer;
    const expires = user.state === 'registered' ? expiresOf(subject) : 0;
    const notes = [decided(`Filter criterion ${criterion.priority} asks that ${serverName} be told of registrations.`, 'TS 23.218 §6.3')];
    const register = createRequest(
      'REGISTER',
      serverName,
      [
        ['Max-Forwards', '70'],
        ['From', `<sip:${config.host}>;tag=${chance.token('tag', 8)}`],
        ['To', `<${identity}>`],
        ['Call-ID', `${chance.token('call-id', 12)}@${config.host}`],
        ['CSeq', '1 REGISTER'],
        ['Contact', `<sip:${config.host}>`],
        ['Expires', String(expires)],
      ],
      EMPTY,
    );
    if (user.chargingFunctions !== undefined) {
      const reason = 'The application server learns with the registration where it is to report what it does for the user.';
      addHeader(register, notes, 'P-Charging-Function-Addresses', user.chargingFunctions, reason, 'TS 23.218 §6.8');
    }
    out.push({ endsOnFailure: expires > 0 && defaultHandling === 1, request: register, notes });
  }
}

/** What it means that the application server did not take the REGISTER; `user` is the one whose registration its criterion ends then. */
export const notTaken = (user: ServedUser | undefined): Note =>
  decided(
    user?.state === 'registered'
      ? 'The application server did not take the REGISTER, and its criterion allows nothing without it: the registration is ended.'
      : 'The application server did not take the REGISTER; the registration stands without it.',
    'TS 23.218 §6.3',
  );
