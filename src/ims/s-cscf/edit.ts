/** What a S-CSCF changes in the requests and answers that pass: identities, charging, records of the path (TS 24.229 §5.4.3). Pure edits with notes. */
import { type ChargingVector, chargingVectorOf, setChargingVector, type1, type3 } from '#ims/node/charging-vector.ts';
import { addHeader, type Notes, pushHeader, removeHeader } from '#ims/node/edit.ts';
import type { SipMessage, SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { openIdentities, type ServedUser } from './served-users.ts';

/** The user's telephone number travels beside the SIP identity, so that a network of the old kind can show it. */
export function addTelIdentity(request: SipRequest, notes: Notes, user: ServedUser): void {
  const asserted = request.headers.values('P-Asserted-Identity');
  if (asserted.length !== 1 || asserted[0]?.includes('<tel:') === true) return;
  const tel = openIdentities(user).find((identity) => identity.startsWith('tel:'));
  if (tel === undefined) return;
  addHeader(
    request,
    notes,
    'P-Asserted-Identity',
    `<${tel}>`,
    'The profile holds a telephone number of the same user: it is asserted as well.',
    'RFC 3325 §9.1',
  );
}

/** What the home network keeps to itself when a request leaves it. */
export function leaveHomeNetwork(request: SipRequest, notes: Notes): void {
  removeHeader(request, notes, 'P-Access-Network-Info', 'Where the user stands is told to the home network only.', 'RFC 7315 §5.4');
  removeHeader(request, notes, 'P-Charging-Function-Addresses', 'Charging functions are addressed inside one network only.', 'RFC 7315 §5.5');
}

export function recordRoute(request: SipRequest, notes: Notes, host: string): void {
  pushHeader(request, notes, 'Record-Route', `<sip:${host};lr>`, 'The policy of this network keeps the S-CSCF in the path of the dialog.', 'RFC 3261 §16.6');
}

/** Replaces the originating identifier, keeping the number of the transaction. */
export function setOriginating(message: SipMessage, notes: Notes, icid: string, originating: string, reason: string): void {
  setChargingVector(message, notes, { icid, originating }, reason);
}

export const towardsNetwork = (domain: string): string => domain;
export const towardsProxy = (domain: string): string => type1(domain);
export const towardsServer = (domain: string): string => type3(domain);

/** On the way back every leg gets the pair of identifiers that belongs to it. */
export function answerVector(response: SipResponse, notes: Notes, request: ChargingVector | undefined, terminating: string): void {
  const icid = request?.icid ?? chargingVectorOf(response)?.icid;
  if (icid === undefined) return;
  setChargingVector(
    response,
    notes,
    { icid, ...(request?.originating === undefined ? {} : { originating: request.originating }), terminating },
    'The answer names who asked and who answered on this leg.',
  );
}

/** What an application server is told about the served user (RFC 5502 §4). */
export function addServedUser(request: SipRequest, notes: Notes, identity: string, sessionCase: 'orig' | 'term', registered: boolean): void {
  removeHeader(request, notes, 'P-Served-User', 'Only the S-CSCF says whom it serves.', 'RFC 5502 §6');
  addHeader(
    request,
    notes,
    'P-Served-User',
    `<${identity}>;sescase=${sessionCase};regstate=${registered ? 'reg' : 'unreg'}`,
    'Tells the application server for whom, and in which case, it is asked.',
    'RFC 5502 §6',
  );
}
