/**
 * IKEv2 with one peer (RFC 7296; TS 33.210 (clause unchecked) for gateways): IKE_SA_INIT and IKE_AUTH with a shared secret, CREATE_CHILD_SA to renew an association,
 * INFORMATIONAL to delete and to ask whether the peer lives. Messages are as on the wire, keys are derived as written, Diffie-Hellman is that of group 14.
 * Omitted: certificates, cookies, NAT traversal, renewal of the IKE SA itself (it is deleted with its last association), several suites.
 */
import { equalBytes, toHex } from '#base/bytes.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { PRIVATE_LENGTH, publicValue, sharedSecret } from '#protocol/ike/group14.ts';
import { proof } from '#protocol/ike/keys.ts';
import { EXCHANGE, formatIke, type IkeMessage, type IkePayload, openIke, parseIke, PAYLOAD } from '#protocol/ike/message.ts';
import {
  bodyOf,
  formatAuth,
  formatDelete,
  formatIdentity,
  formatKeyExchange,
  formatNotify,
  formatSa,
  NOTIFY,
  PROTOCOL,
  readAuth,
  readIdentity,
  readKeyExchange,
  readSa,
} from '#protocol/ike/payloads.ts';
import { type Association, readSpi, spiBytes, spiText } from './association.ts';
import { createIke, headerOf, type IkeAssociation, type IkeTask, NO_SPI, NOTHING, ownName, sealKeys } from './ike-association.ts';
import { FIRST_WAIT, ATTEMPTS, UNANSWERED, SILENCE, AGAIN } from './ike-core.ts';
import { IkeResponder } from './ike-responder.ts';

const IKE = 'RFC 7296 §1.2';

export class IkeEndpoint extends IkeResponder {
  deadline(): SimTime | undefined {
    return this.timers.next();
  }

  /** Begins to set a tunnel up. */
  begin(now: SimTime): void {
    if (!this.isAgreed(now)) {
      this.port.failed(`the agreement with ${this.config.peer} has ended, so no new association may be set up`);
      return;
    }
    const privateValue = this.chance.bytes('ike-private', PRIVATE_LENGTH);
    const ike = createIke(true, this.chance.bytes('ike-spi', 8), NO_SPI);
    ike.nonceInitiator = this.chance.bytes('ike-nonce', 32);
    this.ikes.set(ownName(ike), ike);
    ike.initRequest = formatIke(headerOf(ike, EXCHANGE.saInit, false, 0), [
      { type: PAYLOAD.sa, body: formatSa(PROTOCOL.ike, NOTHING) },
      { type: PAYLOAD.keyExchange, body: formatKeyExchange(publicValue(privateValue)) },
      { type: PAYLOAD.nonce, body: ike.nonceInitiator },
    ]);
    const reason = 'Traffic for the other network needs a tunnel, and there is none: the two ends first agree on keys in the open (Diffie-Hellman).';
    this.transmit(ike, { kind: 'init', privateValue }, ike.initRequest, 'IKE_SA_INIT', [{ op: 'decided', reason, clause: IKE }], now);
  }

  receive(bytes: Uint8Array, now: SimTime): void {
    const message = parseIke(bytes);
    if (message === undefined) {
      this.reject('Not an IKEv2 message that holds together.', 'RFC 7296 §3.1');
      return;
    }
    if (message.exchange === EXCHANGE.saInit) {
      if (message.response) this.#initAnswered(bytes, message, now);
      else this.initAsked(bytes, message, now);
      return;
    }
    const ike = this.ikes.get(toHex(message.fromInitiator ? message.responderSpi : message.initiatorSpi));
    const keys = ike === undefined ? undefined : sealKeys(ike, false);
    const payloads = keys === undefined || ike?.initiator === message.fromInitiator ? undefined : openIke(bytes, message, keys);
    if (ike === undefined || payloads === undefined) {
      this.reject('Belongs to no IKE SA that stands, or its checksum is wrong: dropped.', 'RFC 7296 §2.21');
      return;
    }
    this.unanswered = 0;
    if (message.response) this.#answered(ike, message, payloads, now);
    else this.asked(ike, message, payloads, now);
  }

  fire(now: SimTime): void {
    for (let task = this.timers.due(now); task !== undefined; task = this.timers.due(now)) this.#carryOut(task, now);
  }

  /** Something was sent through the tunnel: if nothing ever comes back, the peer is asked. */
  sent(now: SimTime): void {
    if (++this.unanswered === UNANSWERED) this.timers.set(after(now, SILENCE), { kind: 'probe' });
  }

  heard(): void {
    this.unanswered = 0;
  }

  // Requests of our own, and their answers.

  #initAnswered(bytes: Uint8Array, message: IkeMessage, now: SimTime): void {
    const ike = this.ikes.get(toHex(message.initiatorSpi));
    const purpose = ike?.pending?.purpose;
    if (ike === undefined || purpose?.kind !== 'init') {
      this.reject('Answers no IKE_SA_INIT of this gateway.', 'RFC 7296 §2.1');
      return;
    }
    const peerValue = readKeyExchange(bodyOf(message.payloads, PAYLOAD.keyExchange) ?? NOTHING);
    const shared = peerValue === undefined ? undefined : sharedSecret(purpose.privateValue, peerValue);
    const nonce = bodyOf(message.payloads, PAYLOAD.nonce);
    if (shared === undefined || nonce === undefined || readSa(bodyOf(message.payloads, PAYLOAD.sa) ?? NOTHING, PROTOCOL.ike) === undefined) {
      this.giveUp(ike, `${this.config.peer} answers ${this.notifyName(message.payloads)}`);
      return;
    }
    this.settle(ike);
    ike.responderSpi = message.responderSpi;
    ike.initAnswer = bytes;
    ike.nonceResponder = nonce;
    ike.nextOwn = 1;
    this.derive(ike, shared);
    ike.state = 'proving';
    const spi = this.newSpi();
    const id = formatIdentity(this.config.own);
    const auth = proof(this.config.secret, ike.initRequest, ike.nonceResponder, ike.keys?.proofInitiator ?? NOTHING, id);
    this.request(
      ike,
      EXCHANGE.auth,
      'IKE_AUTH',
      [{ type: PAYLOAD.idInitiator, body: id }, { type: PAYLOAD.auth, body: formatAuth(auth) }, ...this.childPayloads(spi, true)],
      { kind: 'auth', spi },
      [
        {
          op: 'decided',
          reason: 'Now nobody else can read along: the sender says who it is, proves that it knows the shared secret, and proposes the tunnel.',
          clause: IKE,
        },
      ],
      now,
    );
  }

  #answered(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[], now: SimTime): void {
    const pending = ike.pending;
    if (pending === undefined || message.messageId !== ike.nextOwn - 1) {
      this.reject('Answers no request of this gateway that is open.', 'RFC 7296 §2.3');
      return;
    }
    const { purpose } = pending;
    this.settle(ike);
    switch (purpose.kind) {
      case 'auth':
        this.#proved(ike, purpose.spi, payloads, now);
        return;
      case 'rekey': {
        const nonce = bodyOf(payloads, PAYLOAD.nonce);
        const outbound = readSpi(readSa(bodyOf(payloads, PAYLOAD.sa) ?? NOTHING, PROTOCOL.esp));
        if (nonce === undefined || outbound === undefined) {
          this.port.note({
            op: 'decided',
            reason: `The association is not renewed: ${this.config.peer} answers ${this.notifyName(payloads)}.`,
            clause: 'RFC 7296 §1.3',
          });
          return;
        }
        this.install(ike, { own: true, inbound: purpose.spi, outbound, nonceInitiator: purpose.nonce, nonceResponder: nonce }, purpose.old, now);
        this.#delete(ike, purpose.old, 'The new association has taken over, so the old one is deleted.', now);
        return;
      }
      case 'probe':
        this.port.note({ op: 'decided', reason: `${this.config.peer} lives.`, clause: 'RFC 7296 §2.4' });
        return;
      case 'delete':
      case 'init':
    }
  }

  #proved(ike: IkeAssociation, spi: number, payloads: readonly IkePayload[], now: SimTime): void {
    const id = bodyOf(payloads, PAYLOAD.idResponder) ?? NOTHING;
    const auth = readAuth(bodyOf(payloads, PAYLOAD.auth) ?? NOTHING);
    const outbound = readSpi(readSa(bodyOf(payloads, PAYLOAD.sa) ?? NOTHING, PROTOCOL.esp));
    const expected = proof(this.config.secret, ike.initAnswer, ike.nonceInitiator, ike.keys?.proofResponder ?? NOTHING, id);
    if (auth === undefined || outbound === undefined) {
      this.giveUp(ike, `${this.config.peer} answers ${this.notifyName(payloads)}`);
      return;
    }
    if (readIdentity(id) !== this.config.peer || !equalBytes(auth, expected)) {
      this.giveUp(ike, `the other side does not prove that it is ${this.config.peer}`);
      return;
    }
    ike.state = 'established';
    this.install(ike, { own: true, inbound: spi, outbound, nonceInitiator: ike.nonceInitiator, nonceResponder: ike.nonceResponder }, undefined, now);
  }

  #delete(ike: IkeAssociation, association: Association, reason: string, now: SimTime): void {
    this.drop(association);
    const last = this.pairs.size === 0;
    const body = last ? formatDelete(PROTOCOL.ike, []) : formatDelete(PROTOCOL.esp, [spiBytes(association.inboundSpi)]);
    this.request(
      ike,
      EXCHANGE.informational,
      'INFORMATIONAL (delete)',
      [{ type: PAYLOAD.delete, body }],
      { kind: 'delete' },
      [{ op: 'decided', reason, clause: 'RFC 7296 §1.4.1' }],
      now,
    );
    if (last) ike.state = 'gone';
  }

  // Time.

  #carryOut(task: IkeTask, now: SimTime): void {
    switch (task.kind) {
      case 'again':
        this.#again(task.ike, now);
        return;
      case 'half-open':
        if (task.ike.state === 'beginning') this.forget(task.ike);
        return;
      case 'renew': {
        const ike = this.pairs.get(task.association);
        if (ike !== undefined && this.current === task.association) this.#renew(ike, task.association, now);
        return;
      }
      case 'end': {
        const ike = this.pairs.get(task.association);
        if (ike === undefined) return;
        if (task.association.own)
          this.#delete(ike, task.association, `The association ${spiText(task.association.inboundSpi)} has reached the end of its life.`, now);
        else this.drop(task.association);
        this.port.removed(task.association, 'expired');
        return;
      }
      case 'probe': {
        const ike = this.current === undefined ? undefined : this.pairs.get(this.current);
        if (ike === undefined || this.unanswered < UNANSWERED) return;
        const reason = 'Much was sent through the tunnel and nothing has come back: does the peer still live?';
        this.request(ike, EXCHANGE.informational, 'INFORMATIONAL', [], { kind: 'probe' }, [{ op: 'decided', reason, clause: 'RFC 7296 §2.4' }], now);
      }
    }
  }

  #renew(ike: IkeAssociation, old: Association, now: SimTime): void {
    const spi = this.newSpi();
    const nonce = this.chance.bytes('ike-nonce', 32);
    const [sa, ...traffic] = this.childPayloads(spi, true);
    if (sa === undefined) return;
    const payloads = [
      { type: PAYLOAD.notify, body: formatNotify(NOTIFY.rekeySa, PROTOCOL.esp, spiBytes(old.inboundSpi)) },
      sa,
      { type: PAYLOAD.nonce, body: nonce },
      ...traffic,
    ];
    const reason = 'The association is near the end of its life: fresh keys are agreed on before that.';
    this.request(
      ike,
      EXCHANGE.createChildSa,
      'CREATE_CHILD_SA',
      payloads,
      { kind: 'rekey', old, spi, nonce },
      [{ op: 'decided', reason, clause: 'RFC 7296 §2.8' }],
      now,
    );
  }

  #again(ike: IkeAssociation, now: SimTime): void {
    const { pending } = ike;
    if (pending === undefined) return;
    if (pending.attempts < ATTEMPTS) {
      pending.timer = this.timers.set(after(now, seconds(FIRST_WAIT << pending.attempts)), { kind: 'again', ike });
      pending.attempts++;
      this.port.send(pending.bytes, pending.label, [AGAIN]);
      return;
    }
    ike.pending = undefined;
    if (ike.state === 'beginning' || ike.state === 'proving') {
      this.giveUp(ike, `${this.config.peer} does not answer`);
      return;
    }
    for (const [association, own] of [...this.pairs]) {
      if (own !== ike) continue;
      this.drop(association);
      this.port.removed(association, 'peer silent');
    }
    this.forget(ike);
  }
}
