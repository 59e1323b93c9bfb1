/**
 * The Cx commands that fetch authentication vectors: MAR/MAA (TS 29.228 §6.3; formats TS 29.229 §6.1, AVPs §6.3), for IMS AKA and SIP digest.
 * Omitted: the schemes of early IMS, NASS and GBA.
 */
import { AVP, groupAvp, numberAvp, textAvp, type Avp } from './avp.ts';
import { AvpReader, COMMAND, createCxAnswer, createCxRequest, type CxFault, type CxRequestHead } from './command.ts';
import { addNumber, addOctets, addText, readAnswerHead, readHead, type CxAnswerHead, type Unbuilt } from './cx-fields.ts';
import type { DiameterMessage } from './message.ts';

/** Schemes of SIP-Authentication-Scheme, TS 29.229 §6.3.9. */
export const SCHEME = { aka: 'Digest-AKAv1-MD5', digest: 'SIP Digest', unknown: 'Unknown' } as const;

export interface MultimediaAuthRequest extends CxRequestHead {
  readonly kind: 'MAR';
  readonly publicIdentity: string;
  readonly userName: string;
  readonly serverName: string;
  readonly scheme: string;
  readonly numberOfItems: number;
  /** RAND and AUTS one after the other, after a synchronisation failure. */
  readonly authorization?: Uint8Array | undefined;
}

/** One authentication vector. AKA: `authenticate` is RAND and AUTN one after the other, `authorization` XRES. SIP digest: `digest`. */
export interface AuthItem {
  readonly itemNumber?: number | undefined;
  readonly scheme: string;
  readonly authenticate?: Uint8Array | undefined;
  readonly authorization?: Uint8Array | undefined;
  readonly confidentialityKey?: Uint8Array | undefined;
  readonly integrityKey?: Uint8Array | undefined;
  readonly digest?: { readonly realm: string; readonly algorithm?: string | undefined; readonly qop?: string | undefined; readonly ha1: string } | undefined;
}

export interface MultimediaAuthAnswer extends CxAnswerHead {
  readonly kind: 'MAA';
  readonly userName?: string | undefined;
  readonly publicIdentity?: string | undefined;
  readonly items: readonly AuthItem[];
}

/** MAR, TS 29.229 §6.1. */
export function buildMultimediaAuthRequest(request: Unbuilt<MultimediaAuthRequest>): DiameterMessage {
  const item = [textAvp(AVP.sipAuthenticationScheme, request.scheme)];
  addOctets(item, AVP.sipAuthorization, request.authorization);
  return createCxRequest(COMMAND.multimediaAuth, request, [
    textAvp(AVP.userName, request.userName),
    textAvp(AVP.publicIdentity, request.publicIdentity),
    groupAvp(AVP.sipAuthDataItem, item),
    numberAvp(AVP.sipNumberAuthItems, request.numberOfItems),
    textAvp(AVP.serverName, request.serverName),
  ]);
}

export function readMultimediaAuthRequest(message: DiameterMessage): MultimediaAuthRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const item = new AvpReader(reader.needGroup(AVP.sipAuthDataItem));
  const request = {
    kind: 'MAR' as const,
    ...readHead(reader),
    userName: reader.needText(AVP.userName),
    publicIdentity: reader.needText(AVP.publicIdentity),
    serverName: reader.needText(AVP.serverName),
    scheme: item.needText(AVP.sipAuthenticationScheme),
    numberOfItems: reader.needNumber(AVP.sipNumberAuthItems),
    authorization: item.octets(AVP.sipAuthorization),
  };
  reader.adopt(item);
  return reader.fault ?? request;
}

/** MAA, TS 29.229 §6.1. */
export function buildMultimediaAuthAnswer(request: DiameterMessage, answer: Unbuilt<MultimediaAuthAnswer>): DiameterMessage {
  const avps: Avp[] = [];
  addText(avps, AVP.userName, answer.userName);
  addText(avps, AVP.publicIdentity, answer.publicIdentity);
  if (answer.items.length > 0) avps.push(numberAvp(AVP.sipNumberAuthItems, answer.items.length));
  for (const item of answer.items) {
    const members: Avp[] = [];
    addNumber(members, AVP.sipItemNumber, item.itemNumber);
    addText(members, AVP.sipAuthenticationScheme, item.scheme);
    addOctets(members, AVP.sipAuthenticate, item.authenticate);
    addOctets(members, AVP.sipAuthorization, item.authorization);
    addOctets(members, AVP.confidentialityKey, item.confidentialityKey);
    addOctets(members, AVP.integrityKey, item.integrityKey);
    if (item.digest !== undefined) {
      const digest = [textAvp(AVP.digestRealm, item.digest.realm)];
      addText(digest, AVP.digestAlgorithm, item.digest.algorithm);
      addText(digest, AVP.digestQop, item.digest.qop);
      addText(digest, AVP.digestHa1, item.digest.ha1);
      members.push(groupAvp(AVP.sipDigestAuthenticate, digest));
    }
    avps.push(groupAvp(AVP.sipAuthDataItem, members));
  }
  return createCxAnswer(request, answer, answer.result, avps);
}

function readAuthItem(avp: Avp, outer: AvpReader): AuthItem {
  const reader = new AvpReader(avp.data as readonly Avp[]);
  const members = reader.group(AVP.sipDigestAuthenticate);
  const inner = members === undefined ? undefined : new AvpReader(members);
  const digest =
    inner === undefined
      ? undefined
      : {
          realm: inner.needText(AVP.digestRealm),
          algorithm: inner.text(AVP.digestAlgorithm),
          qop: inner.text(AVP.digestQop),
          ha1: inner.needText(AVP.digestHa1),
        };
  const item = {
    itemNumber: reader.number(AVP.sipItemNumber),
    scheme: reader.needText(AVP.sipAuthenticationScheme),
    authenticate: reader.octets(AVP.sipAuthenticate),
    authorization: reader.octets(AVP.sipAuthorization),
    confidentialityKey: reader.octets(AVP.confidentialityKey),
    integrityKey: reader.octets(AVP.integrityKey),
    digest,
  };
  if (inner !== undefined) reader.adopt(inner);
  outer.adopt(reader);
  return item;
}

export function readMultimediaAuthAnswer(message: DiameterMessage): MultimediaAuthAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const answer = {
    kind: 'MAA' as const,
    ...readAnswerHead(message, reader),
    userName: reader.text(AVP.userName),
    publicIdentity: reader.text(AVP.publicIdentity),
    items: reader.all(AVP.sipAuthDataItem).map((avp) => readAuthItem(avp, reader)),
  };
  return reader.fault ?? answer;
}
