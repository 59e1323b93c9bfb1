/**
 * The Authorization of a REGISTER, in the four forms that a UE has for it (TS 33.203 §6.1; RFC 3310 §3.3, §3.4), each with the note that says why.
 * Omitted: nothing of its own.
 */
import type { Note } from '#base/note.ts';
import { type AuthParams, formatCredentials } from '#protocol/sip/credentials.ts';
import { createCredentials, type DigestSecret } from '#protocol/sip/digest.ts';

export type Answer =
  | { readonly kind: 'first' }
  | { readonly kind: 'digest' | 'not-believed'; readonly challenge: AuthParams }
  | { readonly kind: 'out-of-step'; readonly challenge: AuthParams; readonly auts: string };

export interface AuthorizationFacts {
  readonly username: string;
  /** Until a challenge names another. */
  readonly realm: string;
  readonly uri: string;
  readonly secret: DigestSecret;
  readonly cnonce: () => string;
  readonly nonceCount: () => number;
}

export const SECURITY_CLIENT_NOTE = {
  op: 'added',
  header: 'Security-Client',
  reason: 'The UE offers what protection it can do, with its ports and indices for the security associations.',
  clause: 'RFC 3329 §2.3.1',
} as const;

export const SECURITY_VERIFY_NOTE = {
  op: 'added',
  header: 'Security-Verify',
  reason: 'Repeats what the P-CSCF offered, now under protection: a change on the way would show.',
  clause: 'RFC 3329 §2.3.1',
} as const;

export function authorizationOf(answer: Answer, facts: AuthorizationFacts): { readonly value: string; readonly note: Note } {
  const credentials = answer.kind === 'digest' || answer.kind === 'out-of-step' ? computed(answer, facts) : undefined;
  const value = formatCredentials(credentials ?? empty(answer, facts));
  const { reason, clause } = WHY[credentials === undefined && answer.kind !== 'not-believed' ? 'first' : answer.kind](typeof facts.secret === 'string');
  return { value, note: { op: 'added', header: 'Authorization', to: value, reason, clause } };
}

function computed(answer: Exclude<Answer, { kind: 'first' }>, { username, secret, uri, cnonce, nonceCount }: AuthorizationFacts): AuthParams | undefined {
  return createCredentials(answer.challenge, {
    username,
    secret,
    method: 'REGISTER',
    uri,
    cnonce: cnonce(),
    nonceCount: nonceCount(),
    ...(answer.kind === 'out-of-step' ? { auts: answer.auts } : {}),
  });
}

function empty(answer: Answer, { username, realm, uri }: AuthorizationFacts): AuthParams {
  const nonce = answer.kind === 'not-believed' ? (answer.challenge.params.get('nonce') ?? '') : '';
  const params = new Map([
    ['username', username],
    ['realm', realm],
    ['nonce', nonce],
    ['uri', uri],
    ['response', ''],
  ]);
  return { scheme: 'Digest', params };
}

const WHY: Readonly<Record<Answer['kind'], (password: boolean) => { readonly reason: string; readonly clause: string }>> = {
  first: () => ({ reason: 'No challenge has come yet: the private identity is named, the response stays empty.', clause: 'TS 24.229 §5.1.1.2' }),
  digest: (password) =>
    password
      ? { reason: 'The digest is made with the password; the nonce count grows with every use of the nonce.', clause: 'TS 33.203 §N.2.1.1' }
      : { reason: 'The digest is made with RES, which the USIM computed from the challenge and its secret key.', clause: 'RFC 3310 §3.3' },
  'not-believed': () => ({ reason: 'The USIM does not believe this challenge: an empty response tells the home network so.', clause: 'TS 33.203 §6.1.2.2' }),
  'out-of-step': () => ({
    reason: 'AUTS tells the home network, hidden and vouched for by the key, which sequence number the USIM is at; the digest is made with an empty password.',
    clause: 'RFC 3310 §3.4',
  }),
};
