/**
 * The interworking between presence protocols, a function of the Watcher Presence Proxy (TS 23.141 §5.3.2), as RFC 8048 maps it: to XMPP it is the server of the network's domain, to
 * SIP it is the user agent of the XMPP users, for whom it vouches, and the notifier of their presence. Each half is a machine of its own (xmpp-to-sip.ts, sip-to-xmpp.ts).
 * Omitted: messages (RFC 7572), and what protocol/xmpp omits.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { chargingVectorOf, newVector, setChargingVector, withTerminating } from '#ims/node/charging-vector.ts';
import { addHeader, decided, rejected, routed } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { isTrusted, removeUntrusted, type TrustPolicy } from '#ims/node/trust.ts';
import type { NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { type XmppEvent, XmppPeers } from '#protocol/xmpp/peers.ts';
import { SipToXmpp, type ToXmppStep } from './sip-to-xmpp.ts';
import { type ToSipStep, XmppToSip } from './xmpp-to-sip.ts';

export interface WatcherGatewayConfig extends NodeConfig {
  /** Which networks are trusted. */
  readonly trust: TrustPolicy;
}

type Purpose =
  { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription } | { readonly kind: 'notify'; readonly subscription: NotifierSubscription };

export class WatcherGateway extends SipNode<Purpose> {
  readonly #config: WatcherGatewayConfig;
  readonly #toSip: XmppToSip;
  readonly #toXmpp: SipToXmpp;
  readonly #peers: XmppPeers;

  constructor(config: WatcherGatewayConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
    const contact = `<sip:${config.host}>`;
    this.#toSip = new XmppToSip({ contact, chance });
    this.#toXmpp = new SipToXmpp({ contact, chance });
    this.#peers = new XmppPeers({ domains: [config.domain], address: config.address, dns: { address: config.dns, port: 53 }, chance });
  }

  /** What belongs to XMPP is taken here, everything else as in any SIP entity. */
  override step(input: Input, now: SimTime): readonly Effect[] {
    if (input.kind === 'bytes' && this.#peers.takes(input)) {
      this.now = now;
      this.out = [];
      this.#onXmpp(this.#peers.receive(input, now, this.out));
      return this.out;
    }
    if (input.kind === 'transport-failed' && input.transport === 'tcp') {
      const effects = [...super.step(input, now)];
      this.out = effects;
      this.#onXmpp(this.#peers.transportFailed(input.remote, now, effects));
      return effects;
    }
    return super.step(input, now);
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    const sender = flow.remote.address;
    if (!isTrusted(this.#config.trust, sender)) {
      const notes: Note[] = [];
      removeUntrusted(request, notes, this.#config.trust, sender);
      for (const note of notes) this.note(note);
    }
    if (request.method === 'NOTIFY') {
      this.#carryOut(this.#toSip.receiveNotify(request, this.now), server);
      return;
    }
    if (request.method !== 'SUBSCRIBE') {
      this.refuse(server, 405, rejected(`The gateway does not take ${request.method}.`, 'RFC 3261 §8.2.1'), [['Allow', 'SUBSCRIBE, NOTIFY']]);
      return;
    }
    const watcher = identityKey(uriOf(request.headers.first('P-Asserted-Identity') ?? '') ?? '');
    if (tagOf(request.headers.get('To') ?? '') === undefined) {
      if (watcher === '') {
        this.refuse(server, 403, rejected('No network vouches for the identity of this watcher.', 'RFC 3325 §5', 'P-Asserted-Identity'));
        return;
      }
      if (hostOf(request.uri) === this.config.domain || hostOf(request.uri) === this.config.host) {
        this.refuse(server, 404, rejected('The address is one of this network, and nobody of XMPP.', 'RFC 7247 §5'));
        return;
      }
    }
    this.#carryOut(this.#toXmpp.receiveSubscribe(request, watcher, this.now), server);
  }

  protected override onResponse({ purpose }: Outgoing<Purpose>, response: SipResponse): void {
    if (purpose.kind === 'subscribe') this.#carryOut(this.#toSip.answered(purpose.subscription, response, this.now));
    else this.#carryOut(this.#toXmpp.answered(purpose.subscription, response, this.now));
  }

  protected override onNoAnswer({ purpose }: Outgoing<Purpose>, why: NoAnswer): void {
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    if (purpose.kind === 'subscribe') this.#carryOut(this.#toSip.unanswered(purpose.subscription, cause, this.now));
    else this.#carryOut(this.#toXmpp.unanswered(purpose.subscription, cause, this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(this.#peers.deadline(), earliest(this.#toSip.deadline(), this.#toXmpp.deadline()));
  }

  protected override onOwnDeadline(): void {
    this.#onXmpp(this.#peers.fire(this.now, this.out));
    this.#carryOut(this.#toSip.fire(this.now));
    this.#carryOut(this.#toXmpp.fire(this.now));
  }

  #onXmpp(events: readonly XmppEvent[]): void {
    for (const event of events) {
      const { stanza } = event;
      if (event.kind === 'undelivered') {
        this.note(rejected(`The presence did not reach ${stanza.to.domain}: ${event.why.replaceAll('-', ' ')}.`));
        this.#carryOut(this.#toXmpp.undelivered(stanza, this.now));
        continue;
      }
      const { type } = stanza;
      const asks = type === 'subscribe' || type === 'unsubscribe' || type === 'probe';
      this.#carryOut(asks ? this.#toSip.receive(stanza, this.now) : this.#toXmpp.receive(stanza, this.now));
    }
  }

  #carryOut(steps: readonly (ToSipStep | ToXmppStep)[], server?: ServerTransaction): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'stanza':
          this.#onXmpp(this.#peers.send(step.stanza, step.notes, this.now, this.out));
          break;
        case 'respond':
          if (server !== undefined) this.#respond(server, step.response, step.notes);
          break;
        case 'subscribe':
          this.#sendOwn(step.request, step.notes, { kind: 'subscribe', subscription: step.subscription });
          break;
        case 'notify':
          this.#sendOwn(step.request, step.notes, { kind: 'notify', subscription: step.subscription });
          break;
        default:
          this.out.push(step);
      }
    }
  }

  #respond(server: ServerTransaction, response: SipResponse, sofar: readonly Note[]): void {
    const notes = [...sofar];
    const vector = chargingVectorOf(server.request);
    if (vector !== undefined)
      setChargingVector(
        response,
        notes,
        withTerminating(vector, vector.originating ?? this.config.domain),
        'The answer carries the number of its request, and who answered.',
      );
    this.respond(server, response, notes);
  }

  #sendOwn(request: SipRequest, sofar: readonly Note[], purpose: Purpose): void {
    const notes = [...sofar];
    const user = uriOf(request.headers.get('From') ?? '');
    if (purpose.kind === 'subscribe' && user !== undefined) {
      const reason = 'The gateway vouches for the user of XMPP: the domain of the stream was the domain of the address.';
      addHeader(request, notes, 'P-Asserted-Identity', `<${user}>`, reason, 'RFC 3325 §9.1');
    }
    const vector = newVector(this.chance, this.config, this.config.domain);
    setChargingVector(request, notes, vector, 'The gateway is the first IMS node of this transaction, so it gives it its number.', 'TS 32.260 §5.1.2.2');
    const route = request.headers.first('Route');
    if (purpose.kind === 'notify') notes.push(routed('The NOTIFY goes along the route set of its dialog.', 'RFC 3261 §12.2.1.1', route ?? request.uri));
    else if (tagOf(request.headers.get('To') ?? '') === undefined)
      notes.push(decided('The contact is served in the domain of the address: its entry is found by DNS, like for anybody else.', 'RFC 3263 §4'));
    this.send({ request, notes, server: undefined, purpose, targets: [], tried: 0 });
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [...this.#toSip.viewTables(now), ...this.#toXmpp.viewTables(now), this.#peers.viewTable()];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [...this.#toSip.viewTimers(), ...this.#toXmpp.viewTimers()];
  }

  protected override ownStates(): readonly LiveState[] {
    return [...this.#toSip.viewStates(), ...this.#toXmpp.viewStates(), ...this.#peers.viewStates()];
  }
}
