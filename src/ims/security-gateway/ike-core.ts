/**
 * What both sides of an IKE exchange share: the IKE SAs with one peer and the associations that they made, requests that are sent again, keys, proposals.
 * RFC 7296 §2.1, §2.13 to §2.17.
 */
import { equalBytes } from '#base/bytes.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { Timers } from '#base/timers.ts';
import { type Chance } from '#base/chance.ts';
import { type Note } from '#base/note.ts';
import { deriveChildKeys, deriveIkeKeys } from '#protocol/ike/keys.ts';
import { type IkeMessage, type IkePayload, PAYLOAD, sealIke } from '#protocol/ike/message.ts';
import {
  type AddressRange,
  bodyOf,
  formatNotify,
  formatSa,
  formatTraffic,
  NOTIFY_NAMES,
  PROTOCOL,
  readNotify,
  readSa,
  readTraffic,
} from '#protocol/ike/payloads.ts';
import { type Association, createAssociation, readSpi, spiBytes } from './association.ts';
import { headerOf, type IkeAssociation, type IkeTask, NOTHING, ownName, type RequestPurpose, sealKeys } from './ike-association.ts';

export interface IkePeerConfig {
  /** Names of both gateways, with which they introduce themselves. */
  readonly own: string;
  readonly peer: string;
  readonly secret: Uint8Array;
  /** The addresses on both sides of the tunnel. */
  readonly local: AddressRange;
  readonly remote: AddressRange;
  /** How long an association lives, in seconds. */
  readonly lifetime: number;
  /** Until when new associations may be set up with this peer; undefined: without end. */
  readonly agreedUntil: SimTime | undefined;
}

export interface IkePort {
  send(bytes: Uint8Array, label: string, notes: readonly Note[]): void;
  note(note: Note): void;
  /** A new association stands; it takes the place of `old`. */
  installed(association: Association, old: Association | undefined): void;
  removed(association: Association, why: 'expired' | 'deleted' | 'peer silent'): void;
  /** No association could be had; a sentence that says why. */
  failed(why: string): void;
}

/** When an unanswered request is sent again: after 1, 2, 4 and 8 s; after 31 s the peer is given up (RFC 7296 §2.1 leaves the times open). */
export const FIRST_WAIT = 1;
export const ATTEMPTS = 5;
export const GIVE_UP = seconds(35);
/** Half-open IKE SAs kept at most: somebody may send IKE_SA_INIT for ever. */
export const MAX_HALF_OPEN = 8;
/** So many packets without one in the other direction, and this much longer: the peer is asked whether it lives (RFC 7296 §2.4 leaves it open when). */
export const UNANSWERED = 3;
export const SILENCE = seconds(10);
/** The end is looked after by who began the association; the other side waits this much longer. */
const GRACE = seconds(5);

export abstract class IkeCore {
  protected readonly config: IkePeerConfig;
  protected readonly chance: Chance;
  protected readonly port: IkePort;
  protected readonly timers = new Timers<IkeTask>();
  protected readonly ikes = new Map<string, IkeAssociation>();
  /** Those in use, the newest last, each with the IKE SA that made it. */
  protected readonly pairs = new Map<Association, IkeAssociation>();
  protected unanswered = 0;

  constructor(config: IkePeerConfig, chance: Chance, port: IkePort) {
    this.config = config;
    this.chance = chance;
    this.port = port;
  }

  /** The association for what goes out: the newest one. */
  get current(): Association | undefined {
    return [...this.pairs.keys()].at(-1);
  }

  get isNegotiating(): boolean {
    return [...this.ikes.values()].some((ike) => ike.initiator && (ike.state === 'beginning' || ike.state === 'proving'));
  }

  get associations(): readonly Association[] {
    return [...this.pairs.keys()];
  }

  protected transmit(ike: IkeAssociation, purpose: RequestPurpose, bytes: Uint8Array, label: string, notes: readonly Note[], now: SimTime): void {
    ike.pending = { purpose, bytes, label, attempts: 1, timer: this.timers.set(after(now, seconds(FIRST_WAIT)), { kind: 'again', ike }) };
    this.port.send(bytes, label, notes);
  }

  protected request(
    ike: IkeAssociation,
    exchange: number,
    label: string,
    payloads: readonly IkePayload[],
    purpose: RequestPurpose,
    notes: readonly Note[],
    now: SimTime,
  ): void {
    const keys = sealKeys(ike, true);
    // One request at a time: what comes while another is under way is left out (renewals are tried again by the end of the association).
    if (keys === undefined || ike.pending !== undefined) return;
    const bytes = sealIke(headerOf(ike, exchange, false, ike.nextOwn++), payloads, keys, this.chance.bytes('ike-iv', 16));
    this.transmit(ike, purpose, bytes, label, notes, now);
  }

  protected respond(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[], label: string, notes: readonly Note[]): void {
    const keys = sealKeys(ike, true);
    if (keys === undefined) return;
    const bytes = sealIke(headerOf(ike, message.exchange, true, message.messageId), payloads, keys, this.chance.bytes('ike-iv', 16));
    ike.lastAnswer = { messageId: message.messageId, bytes, label };
    this.port.send(bytes, label, notes);
  }

  protected install(
    ike: IkeAssociation,
    made: {
      readonly own: boolean;
      readonly inbound: number;
      readonly outbound: number;
      readonly nonceInitiator: Uint8Array;
      readonly nonceResponder: Uint8Array;
    },
    old: Association | undefined,
    now: SimTime,
  ): void {
    const keys = deriveChildKeys(ike.keys?.derive ?? NOTHING, made.nonceInitiator, made.nonceResponder);
    const lifetime = seconds(this.config.lifetime);
    const association = createAssociation({
      inboundSpi: made.inbound,
      outboundSpi: made.outbound,
      inboundKeys: made.own ? keys.responder : keys.initiator,
      outboundKeys: made.own ? keys.initiator : keys.responder,
      own: made.own,
      createdAt: now,
      endsAt: after(now, lifetime),
    });
    this.pairs.set(association, ike);
    // Renewal begins at nine tenths of the life, by who began the association.
    if (made.own) this.timers.set(after(now, seconds(this.config.lifetime * 0.9)), { kind: 'renew', association });
    this.timers.set(made.own ? association.endsAt : after(association.endsAt, GRACE), { kind: 'end', association });
    this.port.installed(association, old);
  }

  protected drop(association: Association): void {
    this.pairs.delete(association);
  }

  protected forget(ike: IkeAssociation): void {
    this.settle(ike);
    ike.state = 'gone';
    this.ikes.delete(ownName(ike));
  }

  protected giveUp(ike: IkeAssociation, why: string): void {
    this.forget(ike);
    this.port.failed(why);
  }

  protected settle(ike: IkeAssociation): void {
    this.timers.cancel(ike.pending?.timer);
    ike.pending = undefined;
    if (ike.state === 'gone') this.ikes.delete(ownName(ike));
  }

  protected derive(ike: IkeAssociation, shared: Uint8Array): void {
    const { nonceInitiator, nonceResponder, initiatorSpi, responderSpi } = ike;
    ike.keys = deriveIkeKeys({ shared, nonceInitiator, nonceResponder, initiatorSpi, responderSpi });
  }

  /** SA, and the addresses behind initiator and responder of the exchange. */
  protected childPayloads(spi: number, asInitiator: boolean): readonly IkePayload[] {
    const { local, remote } = this.config;
    return [
      { type: PAYLOAD.sa, body: formatSa(PROTOCOL.esp, spiBytes(spi)) },
      { type: PAYLOAD.tsInitiator, body: formatTraffic(asInitiator ? local : remote) },
      { type: PAYLOAD.tsResponder, body: formatTraffic(asInitiator ? remote : local) },
    ];
  }

  /** The SPI under which the peer wants to receive, when it proposes the tunnel that the policy has: our suite, these addresses. */
  protected proposed(payloads: readonly IkePayload[]): number | undefined {
    const behindPeer = readTraffic(bodyOf(payloads, PAYLOAD.tsInitiator) ?? NOTHING);
    const behindUs = readTraffic(bodyOf(payloads, PAYLOAD.tsResponder) ?? NOTHING);
    if (!sameRange(behindPeer, this.config.remote) || !sameRange(behindUs, this.config.local)) return undefined;
    return readSpi(readSa(bodyOf(payloads, PAYLOAD.sa) ?? NOTHING, PROTOCOL.esp));
  }

  protected newSpi(): number {
    // RFC 4303 §2.1: 0 to 255 are reserved.
    return 256 + (this.chance.bits('esp-spi') % 0xfffffe00);
  }

  protected isAgreed(now: SimTime): boolean {
    return this.config.agreedUntil === undefined || now < this.config.agreedUntil;
  }

  protected notifyName(payloads: readonly IkePayload[]): string {
    const type = readNotify(bodyOf(payloads, PAYLOAD.notify) ?? NOTHING)?.type;
    return type === undefined ? 'nothing that can be used' : (NOTIFY_NAMES[type] ?? `notification ${type}`);
  }

  protected reject(reason: string, clause: string): void {
    this.port.note({ op: 'rejected', reason, clause });
  }
}

export const AGAIN: Note = { op: 'decided', reason: 'The same message again: it may not have arrived.', clause: 'RFC 7296 §2.1' };
export const WRONG_TUNNEL: Note = { op: 'rejected', reason: 'What is proposed is not the tunnel that the policy has for this peer.', clause: 'RFC 7296 §2.9' };
export const notify = (type: number): IkePayload => ({ type: PAYLOAD.notify, body: formatNotify(type) });
const sameRange = (a: AddressRange | undefined, b: AddressRange): boolean => a !== undefined && equalBytes(a.first, b.first) && equalBytes(a.last, b.last);
