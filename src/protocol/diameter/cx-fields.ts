/**
 * What the Cx commands of cx.ts and cx-auth.ts have in common: their opening values and optional AVPs (TS 29.229 §6.1).
 * Omitted: nothing of its own.
 */
import { AVP, numberAvp, octetsAvp, textAvp, type Avp, type AvpDefinition } from './avp.ts';
import type { AvpReader, CxRequestHead, DiameterOrigin } from './command.ts';
import type { DiameterMessage } from './message.ts';
import { RESULT, resultOf, type CxResult } from './result.ts';

/** What a builder takes: the typed value, `kind` optional. */
export type Unbuilt<T> = Omit<T, 'kind'>;

export interface CxAnswerHead extends DiameterOrigin {
  readonly result: CxResult;
}

/** Appends a value that may be absent. */
export function addText(avps: Avp[], definition: AvpDefinition<'text'>, value: string | undefined): void {
  if (value !== undefined) avps.push(textAvp(definition, value));
}
export function addNumber(avps: Avp[], definition: AvpDefinition<'unsigned' | 'enumerated'>, value: number | undefined): void {
  if (value !== undefined) avps.push(numberAvp(definition, value));
}
export function addOctets(avps: Avp[], definition: AvpDefinition<'octets'>, value: Uint8Array | undefined): void {
  if (value !== undefined) avps.push(octetsAvp(definition, value));
}

export function readHead(reader: AvpReader): CxRequestHead {
  reader.refuseUnknown();
  return {
    sessionId: reader.needText(AVP.sessionId),
    originHost: reader.needText(AVP.originHost),
    originRealm: reader.needText(AVP.originRealm),
    destinationHost: reader.text(AVP.destinationHost),
    destinationRealm: reader.needText(AVP.destinationRealm),
  };
}

const NO_RESULT: CxResult = { ...RESULT.missingAvp, name: 'none given' };

export function readAnswerHead(message: DiameterMessage, reader: AvpReader): CxAnswerHead {
  const result = resultOf(message.avps);
  // RFC 6733 §7.1, §7.6: every answer has a Result-Code or an Experimental-Result.
  if (result === undefined) reader.fault ??= { kind: 'cx-fault', result: RESULT.missingAvp, avp: AVP.resultCode.name };
  return { originHost: reader.needText(AVP.originHost), originRealm: reader.needText(AVP.originRealm), result: result ?? NO_RESULT };
}
