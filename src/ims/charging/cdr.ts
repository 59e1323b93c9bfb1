/**
 * A charging data record made of one ACR[Event] (TS 32.260 §6.1.3.2.2, fields of §6.1.3.3 for the S-CSCF, §6.1.3.4 P-CSCF, §6.1.3.5 I-CSCF, §6.1.3.9 AS).
 * Fields are left out where their table has none for that kind of node. Omitted: partial records, ASN.1 and files (TS 32.297, 32.298).
 */
import type { RecordField } from '#base/machine.ts';
import { NODE_FUNCTIONALITY, type ImsInformation } from '#protocol/diameter/rf-information.ts';
import type { AccountingRequest } from '#protocol/diameter/rf.ts';
import { statusOfCause } from './chargeable.ts';

/** What the CDF adds of its own. */
export interface Closing {
  readonly sequence: number;
  /** Milliseconds since 1970, UTC. */
  readonly closedAt: number;
  /** The information came in a message that was marked as repeated. */
  readonly retransmission: boolean;
}

const RECORD_TYPES: ReadonlyMap<number, string> = new Map([
  [NODE_FUNCTIONALITY.sCscf, 'S-CSCF CDR'],
  [NODE_FUNCTIONALITY.pCscf, 'P-CSCF CDR'],
  [NODE_FUNCTIONALITY.iCscf, 'I-CSCF CDR'],
  [NODE_FUNCTIONALITY.as, 'AS CDR'],
  [NODE_FUNCTIONALITY.ibcf, 'IBCF CDR'],
]);
const ROLES = ['originating', 'terminating', 'forwarding'];
const ORIGINATORS = ['calling party', 'called party'];

/** Record Type is derived from the node functionality (TS 32.260 §6.1.3.3). */
export const recordTypeOf = (node: number): string => RECORD_TYPES.get(node) ?? `CDR of node functionality ${node}`;

const utc = (milliseconds: number): string => new Date(milliseconds).toISOString();
const whole = (milliseconds: number): string => `${utc(milliseconds).slice(0, 19)}Z`;

/** The fields in the order of the tables; one that may be there several times has a line for each. */
export function recordFields(request: AccountingRequest, closing: Closing): readonly RecordField[] {
  const { ims } = request;
  const fields: RecordField[] = [];
  const add = (name: string, ...values: readonly (string | number | undefined)[]): void => {
    for (const value of values) if (value !== undefined) fields.push({ name, value: String(value) });
  };
  const isInterrogating = ims.node === NODE_FUNCTIONALITY.iCscf;
  add('Record Type', recordTypeOf(ims.node));
  if (closing.retransmission) add('Retransmission', 'information of a repeated request was used');
  add('SIP Method', ims.method);
  add('Event', ims.event);
  add('Expires Information', ims.expires);
  add('Role of Node', ROLES[ims.role] ?? ims.role);
  add('Node Address', request.originHost);
  add('Session ID', ims.sessionId);
  add('List of Calling Party Address', ...ims.callingParties);
  add('List of Associated URI', ...ims.associatedUris);
  add('Called Party Address', ims.calledParty);
  if (!isInterrogating) {
    add('Requested Party Address', ...ims.requestedParties);
    add('Private User ID', request.userName);
    add('List of Subscription Id', ...request.subscriptions.map(({ identity }) => identity));
  }
  if (ims.node === NODE_FUNCTIONALITY.pCscf) add('Served Party IP Address', ims.servedAddress);
  addMoments(ims, closing, add, isInterrogating);
  if (ims.node === NODE_FUNCTIONALITY.sCscf) add('Application Servers Involved', ...ims.applicationServers);
  for (const { originating, terminating } of ims.operators) add('Inter Operator Identifiers', `${originating ?? '–'} → ${terminating ?? '–'}`);
  add('Local Record Sequence Number', closing.sequence);
  add('Cause For Record Closing', (ims.causeCode ?? 1) <= 0 ? 'service delivery ended successfully' : 'service delivery was not successful');
  if (isInterrogating) addServer(ims, add);
  add('IMS Charging Identifier', ims.icid);
  if (ims.causeCode !== undefined) add('Service Reason Return Code', statusOfCause(ims.causeCode) ?? ims.causeCode);
  if (!isInterrogating)
    add('List of Message Bodies', ...ims.bodies.map((one) => `${one.type}, ${one.length} octets, of the ${ORIGINATORS[one.originator] ?? ''}`));
  add('Access Network Information', ...ims.accessNetworks);
  add('From Address', ims.from);
  add('IMS Visited Network Identifier', ims.visitedNetwork);
  add('Service Context Id', request.serviceContext);
  return fields;
}

type Add = (name: string, ...values: readonly (string | number | undefined)[]) => void;

function addMoments(ims: ImsInformation, closing: Closing, add: Add, isInterrogating: boolean): void {
  if (ims.requestedAt !== undefined) {
    add('Service Request Time Stamp', whole(ims.requestedAt));
    add('Service Request Time Stamp Fraction', ims.requestedAt % 1000);
  }
  if (isInterrogating) return;
  if (ims.answeredAt !== undefined) {
    add('Service Delivery Start Time Stamp', whole(ims.answeredAt));
    add('Service Delivery Start Time Stamp Fraction', ims.answeredAt % 1000);
  }
  add('Record Closure Time', utc(closing.closedAt));
}

/** S-CSCF Information: what was asked of it, and which one it is. */
function addServer({ capabilities }: ImsInformation, add: Add): void {
  if (capabilities === undefined) return;
  const { mandatory, optional, serverNames } = capabilities;
  add(
    'S-CSCF Information',
    ...serverNames,
    mandatory.length === 0 ? undefined : `mandatory capabilities ${mandatory.join(', ')}`,
    optional.length === 0 ? undefined : `optional capabilities ${optional.join(', ')}`,
  );
}
