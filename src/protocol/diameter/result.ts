/**
 * What an answer says: Result-Code (RFC 6733 §7.1) or Experimental-Result (RFC 6733 §7.6 with the codes of TS 29.229 §6.2).
 * The two number spaces overlap (5012 is UNABLE_TO_COMPLY in one and SERVING_NODE_FEATURE_UNSUPPORTED in the other), so a result always says which it is.
 */
import { AVP, findAvp, groupAvp, numberAvp, numberOf, VENDOR_3GPP, type Avp } from './avp.ts';

export interface CxResult {
  /** `success`: Result-Code 2xxx; `failure`: any other Result-Code; `experimental`: a code of 3GPP, good ones (2xxx) included. */
  readonly kind: 'success' | 'failure' | 'experimental';
  readonly code: number;
  /** e.g. `DIAMETER_FIRST_REGISTRATION`. */
  readonly name: string;
}

const plain = (code: number, name: string): CxResult => ({ kind: code >= 2000 && code < 3000 ? 'success' : 'failure', code, name });
const experimental = (code: number, name: string): CxResult => ({ kind: 'experimental', code, name });

/** The results that entities here give and understand. */
export const RESULT = {
  success: plain(2001, 'DIAMETER_SUCCESS'),
  commandUnsupported: plain(3001, 'DIAMETER_COMMAND_UNSUPPORTED'),
  unableToDeliver: plain(3002, 'DIAMETER_UNABLE_TO_DELIVER'),
  realmNotServed: plain(3003, 'DIAMETER_REALM_NOT_SERVED'),
  tooBusy: plain(3004, 'DIAMETER_TOO_BUSY'),
  redirectIndication: plain(3006, 'DIAMETER_REDIRECT_INDICATION'),
  applicationUnsupported: plain(3007, 'DIAMETER_APPLICATION_UNSUPPORTED'),
  invalidHeaderBits: plain(3008, 'DIAMETER_INVALID_HDR_BITS'),
  avpUnsupported: plain(5001, 'DIAMETER_AVP_UNSUPPORTED'),
  authorizationRejected: plain(5003, 'DIAMETER_AUTHORIZATION_REJECTED'),
  invalidAvpValue: plain(5004, 'DIAMETER_INVALID_AVP_VALUE'),
  missingAvp: plain(5005, 'DIAMETER_MISSING_AVP'),
  noCommonApplication: plain(5010, 'DIAMETER_NO_COMMON_APPLICATION'),
  unsupportedVersion: plain(5011, 'DIAMETER_UNSUPPORTED_VERSION'),
  unableToComply: plain(5012, 'DIAMETER_UNABLE_TO_COMPLY'),
  invalidAvpLength: plain(5014, 'DIAMETER_INVALID_AVP_LENGTH'),
  invalidMessageLength: plain(5015, 'DIAMETER_INVALID_MESSAGE_LENGTH'),
  firstRegistration: experimental(2001, 'DIAMETER_FIRST_REGISTRATION'),
  subsequentRegistration: experimental(2002, 'DIAMETER_SUBSEQUENT_REGISTRATION'),
  unregisteredService: experimental(2003, 'DIAMETER_UNREGISTERED_SERVICE'),
  serverNameNotStored: experimental(2004, 'DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED'),
  userUnknown: experimental(5001, 'DIAMETER_ERROR_USER_UNKNOWN'),
  identitiesDontMatch: experimental(5002, 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'),
  identityNotRegistered: experimental(5003, 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED'),
  roamingNotAllowed: experimental(5004, 'DIAMETER_ERROR_ROAMING_NOT_ALLOWED'),
  identityAlreadyRegistered: experimental(5005, 'DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED'),
  authSchemeNotSupported: experimental(5006, 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'),
  inAssignmentType: experimental(5007, 'DIAMETER_ERROR_IN_ASSIGNMENT_TYPE'),
  tooMuchData: experimental(5008, 'DIAMETER_ERROR_TOO_MUCH_DATA'),
  notSupportedUserData: experimental(5009, 'DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA'),
  featureUnsupported: experimental(5011, 'DIAMETER_ERROR_FEATURE_UNSUPPORTED'),
  userDataCannotBeRead: experimental(5102, 'DIAMETER_ERROR_USER_DATA_CANNOT_BE_READ'),
  servingNodeFeatureUnsupported: experimental(5012, 'DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED'),
} as const satisfies Readonly<Record<string, CxResult>>;

const PLAIN = new Map<number, CxResult>();
const EXPERIMENTAL = new Map<number, CxResult>();
for (const result of Object.values(RESULT)) (result.kind === 'experimental' ? EXPERIMENTAL : PLAIN).set(result.code, result);

/** The result with that Result-Code; an unknown one is named by its number. */
export const resultOfCode = (code: number): CxResult => PLAIN.get(code) ?? plain(code, `DIAMETER_${code}`);

/** Whether the request was granted: 2xxx of either space. */
export const isGranted = (result: CxResult): boolean => result.code >= 2000 && result.code < 3000;

/** RFC 6733 §7.6: a vendor's code goes into Experimental-Result, and then there is no Result-Code. */
export const resultAvp = (result: CxResult): Avp =>
  result.kind === 'experimental'
    ? groupAvp(AVP.experimentalResult, [numberAvp(AVP.vendorId, VENDOR_3GPP), numberAvp(AVP.experimentalResultCode, result.code)])
    : numberAvp(AVP.resultCode, result.code);

/** The result of an answer, or undefined when it gives none. */
export function resultOf(avps: readonly Avp[]): CxResult | undefined {
  const own = findAvp(avps, AVP.resultCode);
  if (own !== undefined) {
    const code = numberOf(own);
    return code === undefined ? undefined : resultOfCode(code);
  }
  const group = findAvp(avps, AVP.experimentalResult);
  const member = group === undefined ? undefined : findAvp(group.data as readonly Avp[], AVP.experimentalResultCode);
  const code = member === undefined ? undefined : numberOf(member);
  return code === undefined ? undefined : (EXPERIMENTAL.get(code) ?? experimental(code, `EXPERIMENTAL_${code}`));
}
