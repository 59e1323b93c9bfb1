/** The branches of a registration that the standard describes, cut from the ladder of the one that succeeds (TS 33.203 §6.1, §7). Roles, not names. */
import { REGISTRATION } from './standard-ladders.ts';

/** SM1 to SM6: up to the challenge at the UE. */
export const CHALLENGED: string[] = REGISTRATION.slice(0, 10);
/** SM7 to SM12: the answer, and the user is registered. */
export const ANSWERED: string[] = REGISTRATION.slice(10);
/** SM7 to SM9: the answer on its way to the S-CSCF. */
const ANSWER: string[] = REGISTRATION.slice(10, 15);
/** The S-CSCF tells the HSS that an authentication has failed, or that nobody answered. */
export const GIVEN_UP: string[] = ['scscf1 > hss1: SAR', 'hss1 > scscf1: SAA'];

const back = (answer: string): string[] => [`scscf1 > icscf1: ${answer}`, `icscf1 > pcscf1: ${answer}`, `pcscf1 > ue1: ${answer}`];
const FORBIDDEN: string[] = back('403 Forbidden (REGISTER)');

/** SM7 to SM12 of a failure: the HSS forgets the S-CSCF. */
export const FAILED: string[] = [...ANSWER, ...GIVEN_UP, ...FORBIDDEN];
/** The same for a user who is registered already: the HSS hears nothing of it. */
export const FAILED_WHILE_REGISTERED: string[] = [...ANSWER, ...FORBIDDEN];
/** SM7 with AUTS, and the new challenge (TS 33.203 §6.1.3). */
export const RESYNCHRONISED: string[] = [...ANSWER, 'scscf1 > hss1: MAR', 'hss1 > scscf1: MAA', ...back('401 Unauthorized (REGISTER)')];
/** Taken as it is: over security associations that stand, or with a nonce that may be used again. */
export const RENEWED: string[] = [...ANSWER, 'scscf1 > hss1: SAR', 'hss1 > scscf1: SAA', ...back('200 OK (REGISTER)')];
/** A nonce that is too old: a new challenge without the HSS. */
export const STALE: string[] = [...ANSWER, ...back('401 Unauthorized (REGISTER)')];

/** The HSS does not let the user register: the I-CSCF says so. */
export const NOT_LET_IN: string[] = [...REGISTRATION.slice(0, 4), 'icscf1 > pcscf1: 403 Forbidden (REGISTER)', 'pcscf1 > ue1: 403 Forbidden (REGISTER)'];

/** The registration state is told to the UE and to the P-CSCF. */
export const TOLD: string[][] = [
  ['scscf1 > pcscf1: NOTIFY', 'pcscf1 > ue1: NOTIFY', 'ue1 > pcscf1: 200 OK (NOTIFY)', 'pcscf1 > scscf1: 200 OK (NOTIFY)'],
  ['scscf1 > pcscf1: NOTIFY', 'pcscf1 > scscf1: 200 OK (NOTIFY)'],
];

/** UE and P-CSCF subscribe to the registration state once the user is registered. */
export const WATCHED: string[][] = [
  ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > pcscf1: 200 OK (SUBSCRIBE)', 'pcscf1 > ue1: 200 OK (SUBSCRIBE)'],
  [
    'pcscf1 > icscf1: SUBSCRIBE',
    'icscf1 > hss1: LIR',
    'hss1 > icscf1: LIA',
    'icscf1 > scscf1: SUBSCRIBE',
    'scscf1 > icscf1: 200 OK (SUBSCRIBE)',
    'icscf1 > pcscf1: 200 OK (SUBSCRIBE)',
  ],
  ...TOLD,
];
