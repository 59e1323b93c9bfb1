/** One IKE SA and what is under way on it. One request at a time (RFC 7296 §2.3: a window of one), sent again until it is answered (§2.1). */
import { toHex } from '#base/bytes.ts';
import type { Timer } from '#base/timers.ts';
import type { IkeKeys } from '#protocol/ike/keys.ts';
import type { IkeHeader, SealKeys } from '#protocol/ike/message.ts';
import type { Association } from './association.ts';

/** What an own request is for: what has to be done with its answer. */
export type RequestPurpose =
  | { readonly kind: 'init'; readonly privateValue: Uint8Array }
  | { readonly kind: 'auth'; readonly spi: number }
  | { readonly kind: 'rekey'; readonly old: Association; readonly spi: number; readonly nonce: Uint8Array }
  | { readonly kind: 'delete' }
  | { readonly kind: 'probe' };

export interface PendingRequest {
  readonly purpose: RequestPurpose;
  readonly bytes: Uint8Array;
  readonly label: string;
  attempts: number;
  timer: Timer<IkeTask> | undefined;
}

/** What the endpoint wants to be woken for. */
export type IkeTask =
  | { readonly kind: 'again'; readonly ike: IkeAssociation }
  | { readonly kind: 'half-open'; readonly ike: IkeAssociation }
  | { readonly kind: 'renew' | 'end'; readonly association: Association }
  | { readonly kind: 'probe' };

export interface IkeAssociation {
  /** Whether the own side began it. */
  readonly initiator: boolean;
  readonly initiatorSpi: Uint8Array;
  responderSpi: Uint8Array;
  state: 'beginning' | 'proving' | 'established' | 'gone';
  /** The IKE_SA_INIT messages and nonces of both sides: the proofs are made over them. */
  initRequest: Uint8Array;
  initAnswer: Uint8Array;
  nonceInitiator: Uint8Array;
  nonceResponder: Uint8Array;
  keys: IkeKeys | undefined;
  /** Message id of the next own request; and the one expected of the peer. */
  nextOwn: number;
  nextPeer: number;
  pending: PendingRequest | undefined;
  /** The answer to the peer's last request, for when that comes again. */
  lastAnswer: { readonly messageId: number; readonly bytes: Uint8Array; readonly label: string } | undefined;
}

export const NOTHING = new Uint8Array(0);
export const NO_SPI = new Uint8Array(8);

export function createIke(initiator: boolean, initiatorSpi: Uint8Array, responderSpi: Uint8Array): IkeAssociation {
  return {
    initiator,
    initiatorSpi,
    responderSpi,
    state: 'beginning',
    initRequest: NOTHING,
    initAnswer: NOTHING,
    nonceInitiator: NOTHING,
    nonceResponder: NOTHING,
    keys: undefined,
    nextOwn: 0,
    nextPeer: 0,
    pending: undefined,
    lastAnswer: undefined,
  };
}

/** The name of an IKE SA at its own side. */
export const ownName = (ike: IkeAssociation): string => toHex(ike.initiator ? ike.initiatorSpi : ike.responderSpi);

export const headerOf = (ike: IkeAssociation, exchange: number, response: boolean, messageId: number): IkeHeader => ({
  initiatorSpi: ike.initiatorSpi,
  responderSpi: ike.responderSpi,
  exchange,
  fromInitiator: ike.initiator,
  response,
  messageId,
});

/** Keys for what the own side sends (`own`) or the peer. */
export function sealKeys(ike: IkeAssociation, own: boolean): SealKeys | undefined {
  return ike.initiator === own ? ike.keys?.initiator : ike.keys?.responder;
}
