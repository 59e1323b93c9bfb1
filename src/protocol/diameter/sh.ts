/**
 * Sh-Pull: an application server reads data of a user at the HSS (TS 29.328 §6.1.1, TS 29.329 §6.1.1, §6.1.2; AVPs of §6.3, held against the dictionary of Wireshark, too). UDR and UDA as typed values, and the
 * XML of Sh-Data as far as it is used: the MSISDN. Omitted: all other data, Sh-Update, Sh-Subs-Notif, Sh-Notif.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { isXmlError, readXml } from '../xml/read.ts';
import { AVP, groupAvp, numberAvp, octetsAvp, textAvp } from './avp.ts';
import { AvpReader, COMMAND, createCxAnswer, createShRequest, type CxFault, type CxRequestHead } from './command.ts';
import { type CxAnswerHead, readAnswerHead, readHead, type Unbuilt } from './cx-fields.ts';
import type { DiameterMessage } from './message.ts';
import type { CxResult } from './result.ts';

/** What can be read; others are refused here. */
export const DATA_REFERENCE = { msisdn: 17 } as const;

export interface UserDataRequest extends CxRequestHead {
  readonly kind: 'UDR';
  readonly publicIdentity: string;
  /** One of DATA_REFERENCE, or a number that is not served. */
  readonly dataReference: number;
}

export interface UserDataAnswer extends CxAnswerHead {
  readonly kind: 'UDA';
  /** Digits of the numbers; undefined where the answer holds no Sh-Data that can be read. */
  readonly numbers?: readonly string[] | undefined;
}

export const buildUserDataRequest = (request: Unbuilt<UserDataRequest>): DiameterMessage =>
  createShRequest(COMMAND.userData, request, [
    groupAvp(AVP.userIdentity, [textAvp(AVP.publicIdentity, request.publicIdentity)]),
    numberAvp(AVP.dataReference, request.dataReference),
  ]);

export function readUserDataRequest(message: DiameterMessage): UserDataRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const who = new AvpReader(reader.needGroup(AVP.userIdentity));
  const request = {
    kind: 'UDR' as const,
    ...readHead(reader),
    publicIdentity: who.needText(AVP.publicIdentity),
    dataReference: reader.needNumber(AVP.dataReference),
  };
  return reader.fault ?? who.fault ?? request;
}

export const buildUserDataAnswer = (
  request: DiameterMessage,
  answer: Omit<UserDataAnswer, 'kind' | 'result'> & { readonly result: CxResult },
): DiameterMessage =>
  createCxAnswer(request, answer, answer.result, answer.numbers === undefined ? [] : [octetsAvp(AVP.shUserData, encodeUtf8(formatShData(answer.numbers)))]);

export function readUserDataAnswer(message: DiameterMessage): UserDataAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const head = readAnswerHead(message, reader);
  const bytes = reader.octets(AVP.shUserData);
  const text = bytes === undefined ? undefined : decodeUtf8Strictly(bytes);
  const answer = { kind: 'UDA' as const, ...head, numbers: text === undefined ? undefined : readShData(text) };
  return reader.fault ?? answer;
}

/** Sh-Data stands in no namespace; the numbers are digits. */
const formatShData = (numbers: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Sh-Data>\n  <PublicIdentifiers>${numbers.map((number) => `\n    <MSISDN>${number}</MSISDN>`).join('')}\n  </PublicIdentifiers>\n</Sh-Data>\n`;

function readShData(text: string): readonly string[] | undefined {
  const root = readXml(text);
  if (isXmlError(root) || root.name !== 'Sh-Data') return undefined;
  const identifiers = root.children.find(({ name }) => name === 'PublicIdentifiers');
  return (identifiers?.children ?? [])
    .filter(({ name }) => name === 'MSISDN')
    .flatMap((element) => (/^\d{3,15}$/.test(element.text.trim()) ? [element.text.trim()] : []));
}
