/** What an S-CSCF changes in the requests and answers that pass: identities, charging, records of the path (TS 24.229 §5.4.3). Pure edits with notes. */
import { type ChargingVector, chargingVectorOf, setChargingVector } from '#ims/node/charging-vector.ts';
import { addHeader, decided, decrementMaxForwards, type Notes, pushHeader, removeHeader } from '#ims/node/edit.ts';
import type { SipMessage, SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { SCscfConfig } from './config.ts';
import { senderOf, towardsNetwork, towardsProxy, towardsServer } from './legs.ts';
import { type Binding, openIdentities, type ServedUser } from './served-users.ts';

/** The user's telephone number travels beside the SIP identity, so that a network of the old kind can show it. */
function addTelIdentity(request: SipRequest, notes: Notes, user: ServedUser): void {
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

const SERVED = 'Whom the S-CSCF serves is told to application servers only.';

/** What the home network keeps to itself when a request leaves it. */
function leaveHomeNetwork(request: SipRequest, notes: Notes): void {
  removeHeader(request, notes, 'P-Access-Network-Info', 'Where the user stands is told to the home network only.', 'RFC 7315 §5.4');
  removeHeader(request, notes, 'P-Charging-Function-Addresses', 'Charging functions are addressed inside one network only.', 'RFC 7315 §5.5');
  removeHeader(request, notes, 'P-Served-User', SERVED, 'RFC 5502 §7.2');
}

function recordRoute(request: SipRequest, notes: Notes, host: string): void {
  pushHeader(request, notes, 'Record-Route', `<sip:${host};lr>`, 'The policy of this network keeps the S-CSCF in the path of the dialog.', 'RFC 3261 §16.6');
}

/** Replaces the originating identifier, keeping the number of the transaction. */
function setOriginating(message: SipMessage, notes: Notes, vector: ChargingVector, originating: string, reason: string): void {
  const { icid, generatedAt } = vector;
  setChargingVector(message, notes, { icid, generatedAt, originating }, reason);
}

/** On the way back every leg gets the pair of identifiers that belongs to it. */
export function answerVector(response: SipResponse, notes: Notes, request: ChargingVector | undefined, terminating: string): void {
  const icid = request?.icid ?? chargingVectorOf(response)?.icid;
  if (icid === undefined) return;
  setChargingVector(
    response,
    notes,
    { icid, generatedAt: request?.generatedAt, originating: request?.originating, terminating },
    'The answer names who asked and who answered on this leg.',
  );
}

/** What an application server is told about the served user (RFC 5502 §4). */
function addServedUser(request: SipRequest, notes: Notes, identity: string, sessionCase: 'orig' | 'term', registered: boolean): void {
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

/** Which application server is asked for whom, and how the request will be recognised when it comes back. */
export interface ServerCall {
  readonly user: ServedUser;
  readonly identity: string;
  readonly originating: boolean;
  /** The original dialog identifier (TS 23.218 §5.2.3). */
  readonly odi: string;
  readonly serverName: string;
  /** Whether the S-CSCF stays in the path of the dialog. */
  readonly recorded: boolean;
}

/** Towards an application server over ISC. */
export function sendToServer(request: SipRequest, notes: Notes, { host, domain }: NodeConfig, call: ServerCall): void {
  const { user, identity, originating, odi, serverName, recorded } = call;
  const vector = chargingVectorOf(request);
  decrementMaxForwards(request, notes);
  if (recorded && request.method === 'SUBSCRIBE') recordRoute(request, notes, host);
  pushHeader(
    request,
    notes,
    'Route',
    `<sip:${odi}@${host};lr>`,
    'If the application server sends the request on, it comes back here; the mark tells where the evaluation stopped.',
    'TS 23.218 §5.2.3',
  );
  const server = serverName.includes(';lr') ? `<${serverName}>` : `<${serverName};lr>`;
  pushHeader(request, notes, 'Route', server, 'The application server that the criterion names is the next hop.', 'TS 23.218 §5.2.3');
  addServedUser(request, notes, identity, originating ? 'orig' : 'term', user.state === 'registered');
  if (vector !== undefined) {
    setOriginating(request, notes, vector, towardsServer(domain), TYPE_3);
  }
  if (user.chargingFunctions !== undefined) {
    const reason = 'The profile names the charging functions; inside the network they may travel.';
    addHeader(request, notes, 'P-Charging-Function-Addresses', user.chargingFunctions, reason, 'RFC 7315 §4.5');
  }
}

const BARE = 'Between home networks the identifier of the network is bare (type 2).';
const TYPE_3 = 'Towards an application server the home network names itself with a type 3 identifier.';
const TYPE_1 = 'Towards the P-CSCF the home network names itself with a type 1 identifier.';

/** Out of the home network of the one who sends. */
export function leaveHome(request: SipRequest, notes: Notes, { host, domain, border }: SCscfConfig, user: ServedUser, recorded: boolean): void {
  const vector = chargingVectorOf(request);
  decrementMaxForwards(request, notes);
  addTelIdentity(request, notes, user);
  leaveHomeNetwork(request, notes);
  if (vector !== undefined) setOriginating(request, notes, vector, towardsNetwork(domain), BARE);
  if (recorded && request.method === 'SUBSCRIBE') recordRoute(request, notes, host);
  if (border === undefined || hostOf(request.uri) === domain) return;
  pushHeader(request, notes, 'Route', `<sip:${border};lr>`, 'What leaves this network leaves it through its border node.', 'TS 24.229 (clause unchecked)');
}

/** To the contact of the user, along the Path of the registration. */
export function sendToContact(request: SipRequest, notes: Notes, { domain }: NodeConfig, binding: Binding): void {
  const vector = chargingVectorOf(request);
  decrementMaxForwards(request, notes);
  removeHeader(request, notes, 'P-Served-User', SERVED, 'RFC 5502 §7.2');
  const reason = 'The Request-URI becomes the contact: the UE still learns which of its identities was meant.';
  addHeader(request, notes, 'P-Called-Party-ID', `<${request.uri}>`, reason, 'RFC 7315 §4.2');
  for (const path of [...binding.path].reverse()) {
    pushHeader(request, notes, 'Route', path, 'The Path of the registration leads back to the P-CSCF of the user.', 'RFC 3327 §5.3');
  }
  const because = 'The registered contact takes the place of the public identity.';
  notes.push({ op: 'changed', header: 'Request-URI', from: request.uri, to: binding.contact, reason: because, clause: 'RFC 3261 §16.5' });
  request.uri = binding.contact;
  if (vector !== undefined) setOriginating(request, notes, vector, towardsProxy(domain), TYPE_1);
}

/** Along the route set of a dialog. To an application server (`toServer`), to the P-CSCF of the user where the sender is not there himself, else to another network. */
export function passInDialog(request: SipRequest, notes: Notes, { host, domain }: NodeConfig, toServer: boolean): void {
  const vector = chargingVectorOf(request);
  const from = senderOf(vector);
  decrementMaxForwards(request, notes);
  if (from === 'proxy' && !toServer) leaveHomeNetwork(request, notes);
  // Of a server's requests only the NOTIFY is for the user: its SUBSCRIBEs go to other networks.
  const toProxy = !toServer && (from === 'network' || (from === 'server' && request.method === 'NOTIFY'));
  const named = toServer ? towardsServer(domain) : toProxy ? towardsProxy(domain) : towardsNetwork(domain);
  if (vector !== undefined) setOriginating(request, notes, vector, named, toServer ? TYPE_3 : toProxy ? TYPE_1 : BARE);
  // RFC 6665 §4.3: who recorded the SUBSCRIBE records every NOTIFY of the dialog, for the NOTIFY gives the watcher its route set.
  if (request.method === 'NOTIFY' || request.method === 'SUBSCRIBE') recordRoute(request, notes, host);
}

/** Says of an accepted subscription whether this S-CSCF will see the rest of it. */
export function noteOnPath(request: SipRequest, response: SipResponse, notes: Notes, host: string): void {
  if (request.method !== 'SUBSCRIBE' || response.status >= 300) return;
  const isRecorded = request.headers.values('Record-Route').includes(`<sip:${host};lr>`);
  notes.push(
    decided(
      isRecorded
        ? 'It has recorded itself, so the later requests of this dialog will pass here.'
        : 'It has not recorded itself, so it has done its part in this subscription.',
      'RFC 3261 §16.6',
    ),
  );
}
