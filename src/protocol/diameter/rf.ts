/**
 * Offline charging on Rf: ACR and ACA (TS 32.299 §6.2.2, §6.2.3; RFC 6733 §9.7) in the application of Diameter base accounting, with the service context of IMS charging
 * (TS 32.299 §7.1.12). `build…` gives a message (its ids are set by the sender), `read…` a typed value or what is wrong with the message.
 * Omitted: START, INTERIM and STOP records (there are no sessions here), Origin-State-Id, Proxy-Info, Route-Record.
 */
import { AVP, findAvp, groupAvp, numberAvp, textAvp, timeAvp, type Avp } from './avp.ts';
import { ACCOUNTING_APPLICATION, answerTo, AvpReader, COMMAND, type CxFault, type DiameterOrigin } from './command.ts';
import { addText, readAnswerHead, readHead, type CxAnswerHead, type Unbuilt } from './cx-fields.ts';
import type { DiameterMessage } from './message.ts';
import { resultAvp, type CxResult } from './result.ts';
import { readServiceInformation, serviceInformationAvp, type ImsInformation, type SubscriptionIdentity } from './rf-information.ts';

/** Accounting-Record-Type, RFC 6733 §9.8.1. */
export const RECORD_TYPE = { event: 1, start: 2, interim: 3, stop: 4 } as const;

/** Release and service context: at the least these two (TS 32.299 §7.1.12). */
export const IMS_SERVICE_CONTEXT = '16.32260@3gpp.org';

export interface AccountingRequest extends DiameterOrigin {
  readonly kind: 'ACR';
  readonly sessionId: string;
  readonly destinationHost?: string | undefined;
  readonly destinationRealm: string;
  /** One of RECORD_TYPE. */
  readonly recordType: number;
  readonly recordNumber: number;
  /** The private identity of the served user. */
  readonly userName?: string | undefined;
  /** When the record was asked for: milliseconds since 1970, UTC. */
  readonly at?: number | undefined;
  readonly serviceContext?: string | undefined;
  readonly subscriptions: readonly SubscriptionIdentity[];
  readonly ims: ImsInformation;
}

export interface AccountingAnswer extends CxAnswerHead {
  readonly kind: 'ACA';
  readonly recordType: number;
  readonly recordNumber: number;
}

/** ACR, TS 32.299 §6.2.2. */
export function buildAccountingRequest(request: Unbuilt<AccountingRequest>): DiameterMessage {
  const avps: Avp[] = [
    // RFC 6733 §8.8: Session-Id comes first.
    textAvp(AVP.sessionId, request.sessionId),
    textAvp(AVP.originHost, request.originHost),
    textAvp(AVP.originRealm, request.originRealm),
    textAvp(AVP.destinationRealm, request.destinationRealm),
    numberAvp(AVP.accountingRecordType, request.recordType),
    numberAvp(AVP.accountingRecordNumber, request.recordNumber),
    numberAvp(AVP.acctApplicationId, ACCOUNTING_APPLICATION),
  ];
  addText(avps, AVP.userName, request.userName);
  addText(avps, AVP.destinationHost, request.destinationHost);
  if (request.at !== undefined) avps.push(timeAvp(AVP.eventTimestamp, request.at));
  addText(avps, AVP.serviceContextId, request.serviceContext);
  avps.push(serviceInformationAvp(request.subscriptions, request.ims));
  return {
    kind: 'diameter',
    request: true,
    proxiable: true,
    error: false,
    retransmitted: false,
    command: COMMAND.accounting,
    application: ACCOUNTING_APPLICATION,
    hopByHop: 0,
    endToEnd: 0,
    avps,
  };
}

export function readAccountingRequest(message: DiameterMessage): AccountingRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const request = {
    kind: 'ACR' as const,
    ...readHead(reader),
    recordType: reader.needNumber(AVP.accountingRecordType),
    recordNumber: reader.needNumber(AVP.accountingRecordNumber),
    userName: reader.text(AVP.userName),
    at: reader.time(AVP.eventTimestamp),
    serviceContext: reader.text(AVP.serviceContextId),
    ...readServiceInformation(reader),
  };
  if (request.recordType < RECORD_TYPE.event || request.recordType > RECORD_TYPE.stop) reader.refuse(AVP.accountingRecordType);
  return reader.fault ?? request;
}

/** ACA, TS 32.299 §6.2.3: repeats which record it is about. `failed` is what Failed-AVP repeats when the request cannot be taken. */
export function buildAccountingAnswer(request: DiameterMessage, origin: DiameterOrigin, result: CxResult, failed?: Avp): DiameterMessage {
  const repeated = [AVP.accountingRecordType, AVP.accountingRecordNumber].flatMap((definition) => findAvp(request.avps, definition) ?? []);
  const avps: Avp[] = [
    resultAvp(result),
    textAvp(AVP.originHost, origin.originHost),
    textAvp(AVP.originRealm, origin.originRealm),
    ...repeated,
    numberAvp(AVP.acctApplicationId, ACCOUNTING_APPLICATION),
    ...(failed === undefined ? [] : [groupAvp(AVP.failedAvp, [failed])]),
  ];
  const session = findAvp(request.avps, AVP.sessionId);
  return answerTo(request, false, session === undefined ? avps : [session, ...avps]);
}

export function readAccountingAnswer(message: DiameterMessage): AccountingAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const answer: AccountingAnswer = {
    kind: 'ACA',
    ...readAnswerHead(message, reader),
    recordType: reader.needNumber(AVP.accountingRecordType),
    recordNumber: reader.needNumber(AVP.accountingRecordNumber),
  };
  return reader.fault ?? answer;
}
