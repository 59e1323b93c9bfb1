/** The side of IKEv2 that is asked (RFC 7296 §1.2, §1.3, §1.4): it takes what fits its policy and what is proved, and refuses the rest by name. */
import { equalBytes } from '#base/bytes.ts';
import { after, type SimTime } from '#base/time.ts';
import { type Note } from '#base/note.ts';
import { PRIVATE_LENGTH, publicValue, sharedSecret } from '#protocol/ike/group14.ts';
import { proof } from '#protocol/ike/keys.ts';
import { EXCHANGE, formatIke, type IkeMessage, type IkePayload, PAYLOAD } from '#protocol/ike/message.ts';
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
  readDelete,
  readIdentity,
  readKeyExchange,
  readNotify,
  readSa,
} from '#protocol/ike/payloads.ts';
import { readSpi, spiBytes } from './association.ts';
import { createIke, headerOf, type IkeAssociation, NOTHING, ownName } from './ike-association.ts';
import { IkeCore, GIVE_UP, MAX_HALF_OPEN, AGAIN, WRONG_TUNNEL, notify } from './ike-core.ts';

export abstract class IkeResponder extends IkeCore {
  protected initAsked(bytes: Uint8Array, message: IkeMessage, now: SimTime): void {
    const known = [...this.ikes.values()].find((ike) => !ike.initiator && equalBytes(ike.initRequest, bytes));
    if (known?.lastAnswer !== undefined) {
      this.port.send(known.lastAnswer.bytes, known.lastAnswer.label, [AGAIN]);
      return;
    }
    const peerValue = readKeyExchange(bodyOf(message.payloads, PAYLOAD.keyExchange) ?? NOTHING);
    const nonce = bodyOf(message.payloads, PAYLOAD.nonce);
    const fits = readSa(bodyOf(message.payloads, PAYLOAD.sa) ?? NOTHING, PROTOCOL.ike) !== undefined && nonce !== undefined && nonce.length >= 16;
    const privateValue = this.chance.bytes('ike-private', PRIVATE_LENGTH);
    const shared = fits && peerValue !== undefined ? sharedSecret(privateValue, peerValue) : undefined;
    const halfOpen = [...this.ikes.values()].filter((ike) => !ike.initiator && ike.state === 'beginning');
    if (shared === undefined || nonce === undefined || !this.isAgreed(now) || halfOpen.length >= MAX_HALF_OPEN) {
      const header = { ...message, fromInitiator: false, response: true };
      const note: Note = { op: 'rejected', reason: 'The proposal is none that this gateway takes from that peer.', clause: 'RFC 7296 §2.7' };
      this.port.send(formatIke(header, [{ type: PAYLOAD.notify, body: formatNotify(NOTIFY.noProposalChosen) }]), 'IKE_SA_INIT answer', [note]);
      return;
    }
    const ike = createIke(false, message.initiatorSpi, this.chance.bytes('ike-spi', 8));
    this.ikes.set(ownName(ike), ike);
    ike.initRequest = bytes;
    ike.nonceInitiator = nonce;
    ike.nonceResponder = this.chance.bytes('ike-nonce', 32);
    ike.nextPeer = 1;
    this.derive(ike, shared);
    ike.initAnswer = formatIke(headerOf(ike, EXCHANGE.saInit, true, 0), [
      { type: PAYLOAD.sa, body: formatSa(PROTOCOL.ike, NOTHING) },
      { type: PAYLOAD.keyExchange, body: formatKeyExchange(publicValue(privateValue)) },
      { type: PAYLOAD.nonce, body: ike.nonceResponder },
    ]);
    ike.lastAnswer = { messageId: 0, bytes: ike.initAnswer, label: 'IKE_SA_INIT answer' };
    this.timers.set(after(now, GIVE_UP), { kind: 'half-open', ike });
    const reason = 'The proposal is taken: with this answer both sides can compute the same keys.';
    this.port.send(ike.initAnswer, 'IKE_SA_INIT answer', [{ op: 'decided', reason, clause: 'RFC 7296 §1.2' }]);
  }

  protected asked(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[], now: SimTime): void {
    if (ike.lastAnswer?.messageId === message.messageId && message.messageId === ike.nextPeer - 1) {
      this.port.send(ike.lastAnswer.bytes, ike.lastAnswer.label, [AGAIN]);
      return;
    }
    if (message.messageId !== ike.nextPeer) {
      this.reject(`Has the message number ${message.messageId}, not ${ike.nextPeer}.`, 'RFC 7296 §2.2');
      return;
    }
    ike.nextPeer++;
    if (message.exchange === EXCHANGE.auth && ike.state === 'beginning') this.#authAsked(ike, message, payloads, now);
    else if (message.exchange === EXCHANGE.createChildSa && ike.state === 'established') this.#childAsked(ike, message, payloads, now);
    else if (message.exchange === EXCHANGE.informational) this.#informed(ike, message, payloads);
    else this.respond(ike, message, [notify(NOTIFY.invalidSyntax)], 'answer', []);
  }

  #authAsked(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[], now: SimTime): void {
    const id = bodyOf(payloads, PAYLOAD.idInitiator) ?? NOTHING;
    const auth = readAuth(bodyOf(payloads, PAYLOAD.auth) ?? NOTHING);
    const expected = proof(this.config.secret, ike.initRequest, ike.nonceResponder, ike.keys?.proofInitiator ?? NOTHING, id);
    if (readIdentity(id) !== this.config.peer || auth === undefined || !equalBytes(auth, expected)) {
      const reason = `Who asks does not prove that it knows the secret shared with ${this.config.peer}: no tunnel.`;
      this.respond(ike, message, [notify(NOTIFY.authenticationFailed)], 'IKE_AUTH answer', [{ op: 'rejected', reason, clause: 'RFC 7296 §2.15' }]);
      this.forget(ike);
      return;
    }
    const outbound = this.proposed(payloads);
    if (outbound === undefined) {
      this.respond(ike, message, [notify(NOTIFY.tsUnacceptable)], 'IKE_AUTH answer', [WRONG_TUNNEL]);
      return;
    }
    ike.state = 'established';
    const spi = this.newSpi();
    const own = formatIdentity(this.config.own);
    const proofOfOwn = proof(this.config.secret, ike.initAnswer, ike.nonceInitiator, ike.keys?.proofResponder ?? NOTHING, own);
    const reason = 'The proof is right, and this gateway gives its own: the tunnel stands.';
    this.respond(
      ike,
      message,
      [{ type: PAYLOAD.idResponder, body: own }, { type: PAYLOAD.auth, body: formatAuth(proofOfOwn) }, ...this.childPayloads(spi, false)],
      'IKE_AUTH answer',
      [{ op: 'decided', reason, clause: 'RFC 7296 §2.15' }],
    );
    this.install(ike, { own: false, inbound: spi, outbound, nonceInitiator: ike.nonceInitiator, nonceResponder: ike.nonceResponder }, undefined, now);
  }

  #childAsked(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[], now: SimTime): void {
    const label = 'CREATE_CHILD_SA answer';
    const rekey = readNotify(bodyOf(payloads, PAYLOAD.notify) ?? NOTHING);
    const old = this.associations.find((one) => one.outboundSpi === readSpi(rekey?.spi));
    const nonce = bodyOf(payloads, PAYLOAD.nonce);
    const outbound = this.proposed(payloads);
    if (old === undefined || rekey?.type !== NOTIFY.rekeySa) {
      this.respond(ike, message, [notify(NOTIFY.childSaNotFound)], label, [
        { op: 'rejected', reason: 'There is no association with that number to renew.', clause: 'RFC 7296 §1.3.3' },
      ]);
      return;
    }
    if (!this.isAgreed(now)) {
      const reason = `The agreement with ${this.config.peer} has ended: associations run out and are not renewed.`;
      this.respond(ike, message, [notify(NOTIFY.noAdditionalSas)], label, [{ op: 'rejected', reason, clause: 'RFC 7296 §1.3' }]);
      return;
    }
    if (nonce === undefined || outbound === undefined) {
      this.respond(ike, message, [notify(NOTIFY.tsUnacceptable)], label, [WRONG_TUNNEL]);
      return;
    }
    const spi = this.newSpi();
    const ownNonce = this.chance.bytes('ike-nonce', 32);
    const [sa, ...traffic] = this.childPayloads(spi, false);
    const reason = 'The association is renewed with fresh keys; the old one still works until it is deleted.';
    const answer = sa === undefined ? traffic : [sa, { type: PAYLOAD.nonce, body: ownNonce }, ...traffic];
    this.respond(ike, message, answer, label, [{ op: 'decided', reason, clause: 'RFC 7296 §1.3.3' }]);
    this.install(ike, { own: false, inbound: spi, outbound, nonceInitiator: nonce, nonceResponder: ownNonce }, old, now);
  }

  #informed(ike: IkeAssociation, message: IkeMessage, payloads: readonly IkePayload[]): void {
    const deleted = readDelete(bodyOf(payloads, PAYLOAD.delete) ?? NOTHING);
    const isAll = deleted?.protocol === PROTOCOL.ike;
    const gone = this.associations.filter(
      (one) => this.pairs.get(one) === ike && (isAll || deleted?.spis.some((spi) => readSpi(spi) === one.outboundSpi) === true),
    );
    const answer =
      isAll || gone.length === 0
        ? []
        : [
            {
              type: PAYLOAD.delete,
              body: formatDelete(
                PROTOCOL.esp,
                gone.map((one) => spiBytes(one.inboundSpi)),
              ),
            },
          ];
    const reason = deleted === undefined ? 'An empty question is answered emptily: this gateway lives.' : 'What the peer deletes is deleted here as well.';
    this.respond(ike, message, answer, 'INFORMATIONAL answer', [
      { op: 'decided', reason, clause: deleted === undefined ? 'RFC 7296 §2.4' : 'RFC 7296 §1.4.1' },
    ]);
    for (const one of gone) {
      this.drop(one);
      this.port.removed(one, 'deleted');
    }
    if (isAll) this.forget(ike);
  }
}
