/**
 * What every SIP entity shares: transactions, address resolution, next-hop selection with failover, Diameter when it has an HSS,
 * and the single drain `step`: one input, all its effects, then the next (DESIGN.md section 3).
 * RFC 3261 §16.6 to §16.8, RFC 3263 §4. Omitted: parallel forking, CANCEL (there is no INVITE here), TLS.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint, Input, Intent, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { between, earliest, type SimTime, START } from '#base/time.ts';
import type { EntityView, LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { DIAMETER_PORT, type DiameterEvent, DiameterPeers, type DiameterPeersOptions, type DiameterServer } from '#protocol/diameter/peer.ts';
import { type ChargingConfig, ChargingTrigger } from '#ims/charging/charging-trigger.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { type Resolution, type ResolvedTarget, Resolver } from '#protocol/dns/resolver.ts';
import { cloneRequest, createResponse, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { checkRequestForUas, checkResponseForProxy, checkResponseForUac, type UasCapabilities } from '#protocol/sip/server-checks.ts';
import {
  CORE_TIMERS,
  createFlow,
  type Flow,
  type ServerTransaction,
  type TimerValues,
  TransactionLayer,
  type TransactionEvent,
} from '#protocol/sip/transactions.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { AvoidedTargets } from './avoided-targets.ts';
import { decided, rejected, routed } from './edit.ts';
import { nextHopOf } from './identity.ts';
import type { NoAnswer, Outgoing } from './outgoing.ts';
import { redirectedBy } from './redirect.ts';
import { askForRegistration } from './restoration.ts';
import { tellTimeLeft } from './time-left.ts';

export const SIP_PORT = 5060;
const DNS_PORT = 53;
const DNS_LOCAL_PORT = 40053;
const FIRST_EPHEMERAL_PORT = 41000;

/** What every entity is told about itself. */
export interface NodeConfig {
  /** Host name, which is also the entity's id: `scscf1.home1.net`. */
  readonly host: string;
  /** Domain of its network. */
  readonly domain: string;
  readonly address: string;
  /** Address of the DNS server of its network. */
  readonly dns: string;
  /** The network keeps the names of its nodes to itself (`ims/ibcf`). */
  readonly hidden?: boolean;
  /** Where it reports its transactions to; undefined where the network does not charge. */
  readonly charging?: ChargingConfig;
}

export abstract class SipNode<P, Q = never> implements Machine {
  protected readonly sip: TransactionLayer<Outgoing<P>>;
  protected readonly resolver: Resolver<Outgoing<P>>;
  protected readonly diameter: DiameterPeers<Q>;
  protected now: SimTime = START;
  protected out: Effect[] = [];
  readonly #streams = new Map<string, number>();
  readonly #avoided = new AvoidedTargets();
  readonly #charging: ChargingTrigger<Outgoing<P>> | undefined;

  protected readonly config: NodeConfig;
  protected readonly chance: Chance;

  /** `application`: what it speaks with Diameter peers; Cx when left out. */
  constructor(config: NodeConfig, chance: Chance, application?: DiameterPeersOptions['application']) {
    this.config = config;
    this.chance = chance;
    this.sip = new TransactionLayer({ chance, timers: CORE_TIMERS, timersFor: (flow, request) => this.timersFor(flow, request) });
    this.resolver = new Resolver({
      server: { address: config.dns, port: DNS_PORT },
      local: { address: config.address, port: DNS_LOCAL_PORT },
      chance,
      supports: ['udp', 'tcp'],
    });
    this.diameter = new DiameterPeers({
      host: config.host,
      realm: config.domain,
      local: { address: config.address, port: DIAMETER_PORT },
      chance,
      ...(application === undefined ? {} : { application }),
    });
    this.#charging = config.charging === undefined ? undefined : new ChargingTrigger(config, config.charging, chance);
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.now = now;
    this.out = [];
    switch (input.kind) {
      case 'bytes':
        this.#receive(input);
        break;
      case 'deadline':
        this.#fire();
        break;
      case 'intent':
        this.onIntent(input.intent);
        break;
      case 'transport-failed':
        if (input.transport === 'sctp' && this.#charging?.isAbout(input.remote) === true) this.#charging.transportFailed(input.remote, now, this.out);
        else if (input.transport === 'sctp') for (const event of this.diameter.transportFailed(input.remote, now, this.out)) this.onDiameter(event);
        else for (const event of this.sip.transportFailed(input.remote, now, this.out)) this.#dispatch(event);
        break;
      // Nothing is addressed through it: it is no gateway.
      case 'passing':
      case 'opened':
      case 'closed':
        break;
    }
    return this.out;
  }

  deadline(): SimTime | undefined {
    const own = earliest(earliest(this.sip.deadline(), this.resolver.deadline()), earliest(this.diameter.deadline(), this.ownDeadline()));
    return this.#charging === undefined ? own : earliest(own, this.#charging.deadline());
  }

  view(now: SimTime): EntityView {
    const mark = this.mark();
    const charging = this.#charging;
    return {
      tables: [...this.tables(now), ...(charging === undefined ? [] : [charging.view()]), this.resolver.viewCache(now)],
      timers: [...this.sip.viewTimers(now), ...this.ownTimers(), ...(charging?.viewTimers() ?? [])],
      states: [...this.ownStates(), ...this.sip.viewStates(now), ...(charging?.viewStates() ?? [])],
      ...(mark === undefined ? {} : { mark }),
    };
  }

  // What an entity says for itself.
  protected abstract onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void;
  protected abstract onResponse(outgoing: Outgoing<P>, response: SipResponse): void;
  protected abstract onNoAnswer(outgoing: Outgoing<P>, why: NoAnswer): void;
  protected onIntent(intent: Intent): void {
    this.note({ op: 'rejected', reason: `Nothing is known here of the wish "${intent.kind}".` });
  }
  /** The number that `translate` asked about stands for `uri`. */
  protected onTranslated(outgoing: Outgoing<P>, _uri: string): void {
    this.onNoAnswer(outgoing, 'no-record');
  }
  /** Whom a Diameter peer may send this entity to. */
  protected diameterServers(): readonly DiameterServer[] {
    return [];
  }
  protected onDiameter(_event: DiameterEvent<Q>): void {}
  protected onOwnDeadline(): void {}
  /** Timer values of server transactions on this flow; undefined: those of the core. */
  protected timersFor(_flow: Flow, _request: SipRequest): TimerValues | undefined {
    return undefined;
  }
  protected ownDeadline(): SimTime | undefined {
    return undefined;
  }
  protected abstract tables(now: SimTime): readonly ViewTable[];
  protected ownTimers(): readonly ViewTimer[] {
    return [];
  }
  protected ownStates(): readonly LiveState[] {
    return [];
  }
  protected mark(): string | undefined {
    return undefined;
  }

  /** What only this node knows of a transaction, for its charging record. `outgoing` is the request as it went on, or as the node sent it itself. */
  protected chargingFacts(_server: ServerTransaction | undefined, _outgoing: Outgoing<P> | undefined): ChargingFacts {
    return { role: ROLE_OF_NODE.originating };
  }

  /** A note about the message that is being answered to. */
  protected note(note: Note): void {
    this.out.push({ kind: 'note', note });
  }

  protected stateChange(machine: string, key: string, from: string, on: string, to: string): void {
    this.out.push({ kind: 'emit', event: { kind: 'state', machine, key, from, on, to } });
  }

  /** Answers a request: a response made from it, or one that was made already. */
  protected respond(server: ServerTransaction, response: SipResponse, notes: readonly Note[]): void {
    const before = this.out.length;
    this.sip.respond(server, response, notes, this.now, this.out);
    if (this.#charging !== undefined && isSent(this.out, before)) {
      this.#charging.answered(server, response, (outgoing) => this.chargingFacts(server, outgoing), this.now, this.out);
    }
  }

  /** Refuses with 504 and asks the UE to register anew: the S-CSCF that served it is lost. */
  protected refuseForRestoration(server: ServerTransaction, reason: string, note: Note): void {
    const response = createResponse(server.request, 504, undefined, this.chance.token('to-tag', 8));
    askForRegistration(response, reason);
    this.respond(server, response, [note]);
  }

  /** Refuses a request with a status code; the reason is a note and, shortened, nothing else: the phrase stays the standard's. */
  protected refuse(server: ServerTransaction, status: number, note: Note, headers: readonly (readonly [string, string])[] = []): void {
    const response = createResponse(server.request, status, undefined, this.chance.token('to-tag', 8));
    for (const [name, value] of headers) response.headers.append(name, value);
    this.respond(server, response, [note]);
  }

  /** False, and the request answered, when it asks for something that this entity, the one whom it is for, does not understand. */
  protected mayServe(server: ServerTransaction, request: SipRequest, can: UasCapabilities): boolean {
    const refusal = checkRequestForUas(request, can);
    if (refusal === undefined) return true;
    this.refuse(server, refusal.status, rejected(refusal.reason, 'RFC 3261 §8.2', refusal.header), refusal.fields);
    return false;
  }

  /** Sends a request to where its topmost Route, or else its Request-URI, points (RFC 3261 §16.6, RFC 3263 §4). */
  protected send(outgoing: Outgoing<P>): void {
    if (outgoing.server === undefined) {
      outgoing.since = this.now;
      this.#charging?.sending(outgoing, this.now);
    }
    if (outgoing.via !== undefined) {
      this.#transmit(outgoing, outgoing.via.flow, outgoing.via.reliableFlow, outgoing.via.sentBy);
      return;
    }
    const uri = parseUri(nextHopOf(outgoing.request));
    if (uri === undefined || uri.kind === 'tel' || uri.kind === 'other') {
      this.onNoAnswer(outgoing, 'no-record');
      return;
    }
    const target =
      uri.kind === 'sip'
        ? {
            host: uri.host,
            scheme: uri.scheme,
            ...(uri.port === undefined ? {} : { port: uri.port }),
            ...(uri.params.get('transport') === undefined ? {} : { transport: uri.params.get('transport') as string }),
          }
        : { host: uri.host, scheme: 'sip' as const, service: uri.kind };
    const resolution = this.resolver.resolve(target, outgoing, this.now, this.out);
    if (resolution !== undefined) this.#resolved(outgoing, resolution);
  }

  /** Asks the directory whose number it is; the request waits, and goes on in `onTranslated`, or ends in `onNoAnswer`. */
  protected translate(outgoing: Outgoing<P>, number: string): void {
    const resolution = this.resolver.translate(number, outgoing, this.now, this.out);
    if (resolution !== undefined) this.#resolved(outgoing, resolution);
  }

  #resolved(outgoing: Outgoing<P>, resolution: Resolution): void {
    for (const note of resolution.notes) outgoing.notes.push(note);
    if (resolution.kind === 'failed') {
      this.onNoAnswer(outgoing, resolution.reason === 'no-answer' ? 'dns-timeout' : resolution.reason);
      return;
    }
    if (resolution.kind === 'translated') {
      this.onTranslated(outgoing, resolution.uri);
      return;
    }
    outgoing.targets = this.#avoided.order(resolution.targets, this.now);
    const first = outgoing.targets[0];
    if (first !== undefined && first !== resolution.targets[0]) {
      outgoing.notes.push(decided(`The first choice of the DNS failed a moment ago, so ${first.host} is asked before it.`, 'RFC 3261 §21.5.4'));
    }
    outgoing.tried = 0;
    this.#tryTarget(outgoing);
  }

  #tryTarget(outgoing: Outgoing<P>): void {
    const target = outgoing.targets[outgoing.tried];
    if (target === undefined) throw new Error('a request without a target was sent');
    const { since } = outgoing;
    if (since !== undefined && since < this.now) {
      tellTimeLeft(outgoing.request, outgoing.notes, between(since, this.now));
      outgoing.since = this.now;
    }
    const reliable = target.transport === 'udp' ? outgoing.targets.find((t) => t.transport === 'tcp' && t.address === target.address) : undefined;
    this.#transmit(outgoing, this.flowTo(target), reliable === undefined ? undefined : this.flowTo(reliable), this.config.host);
  }

  #transmit(outgoing: Outgoing<P>, flow: Flow, reliableFlow: Flow | undefined, sentBy: string): void {
    this.sip.send(
      {
        request: outgoing.request,
        flow,
        sentBy,
        user: outgoing,
        timers: outgoing.timers ?? CORE_TIMERS,
        notes: outgoing.notes,
        reliableFlow,
        // RFC 3261 §16.6 step 8: a loop is told from a spiral by what the request looked like when it came.
        loopKey: outgoing.server?.loopKey,
      },
      this.now,
      this.out,
    );
  }

  /** The next target of the same request after a timeout, a transport error or a 503 (RFC 3263 §4.3); false when none is left. */
  #failover(outgoing: Outgoing<P>, why: string, response?: SipResponse): boolean {
    const failed = outgoing.targets[outgoing.tried];
    if (failed === undefined) return false;
    this.#avoided.add(failed, response, this.now);
    // The same host over another transport is the same server: it has had its chance.
    const had = new Set(outgoing.targets.slice(0, outgoing.tried + 1).map(({ address }) => address));
    const next = outgoing.targets.findIndex((one, i) => i > outgoing.tried && !had.has(one.address));
    const target = outgoing.targets[next];
    if (target === undefined) return false;
    outgoing.tried = next;
    outgoing.request.headers.removeFirst('Via');
    // What was done to the request still holds; the choice of the next hop and the Via that came with it do not.
    const edits = outgoing.notes.filter((note) => note.header !== undefined && !(note.header === 'Via' && note.op === 'added'));
    outgoing.notes = [...edits, routed(`${why}: the next address that DNS offered is tried.`, 'RFC 3263 §4.3', target.host)];
    this.#tryTarget(outgoing);
    return true;
  }

  protected flowTo(target: ResolvedTarget): Flow {
    const remote: Endpoint = { address: target.address, port: target.port };
    const port = target.transport === 'udp' ? SIP_PORT : this.streamPort(remote);
    return createFlow(target.transport, { address: this.config.address, port }, remote);
  }

  /** The local port of the one connection to a peer: chosen once, then reused (RFC 3261 §18.1.1). */
  protected streamPort(remote: Endpoint): number {
    const key = `${remote.address} ${remote.port}`;
    let port = this.#streams.get(key);
    if (port === undefined) {
      port = FIRST_EPHEMERAL_PORT + this.#streams.size;
      this.#streams.set(key, port);
    }
    return port;
  }

  #receive(input: BytesInput): void {
    if (input.local.port === DNS_LOCAL_PORT && input.transport === 'udp') {
      for (const { user, resolution } of this.resolver.receive(input, this.now, this.out)) this.#resolved(user, resolution);
      return;
    }
    if (input.transport === 'sctp' && this.#charging?.isAbout(input.remote) === true) {
      this.#charging.receive(input, this.now, this.out);
      return;
    }
    if (input.transport === 'sctp') {
      for (const event of this.diameter.receive(input, this.now, this.out)) this.#diameterEvent(event);
      return;
    }
    const event = this.sip.receive(input, this.now, this.out);
    if (event !== undefined) this.#dispatch(event);
  }

  /** An answer that sends elsewhere is followed; everything else is the entity's own business. */
  #diameterEvent(event: DiameterEvent<Q>): void {
    const redirected = event.kind === 'answer' ? redirectedBy(event.message, event.request, this.diameterServers()) : undefined;
    if (redirected === undefined || event.kind !== 'answer') this.onDiameter(event);
    else this.diameter.request(redirected.request, redirected.server, event.user, [redirected.note], this.now, this.out);
  }

  #fire(): void {
    for (const { user, resolution } of this.resolver.fire(this.now, this.out)) this.#resolved(user, resolution);
    for (const event of this.diameter.fire(this.now, this.out)) this.onDiameter(event);
    for (const event of this.sip.fire(this.now, this.out)) this.#dispatch(event);
    this.#charging?.fire(this.now, this.out);
    this.onOwnDeadline();
  }

  #dispatch(event: TransactionEvent<Outgoing<P>>): void {
    switch (event.kind) {
      case 'request':
        // The transaction keeps the request as it came, for answers; what travels on is a copy.
        this.onRequest(event.transaction, cloneRequest(event.request), event.flow);
        return;
      case 'response': {
        const { status } = event.response;
        const outgoing = event.transaction.user;
        if (status < 200) {
          outgoing.heard = true;
          return;
        }
        const stray = outgoing.server === undefined ? checkResponseForUac(event.response) : checkResponseForProxy(event.response);
        if (stray !== undefined) {
          this.note(rejected(`Dropped. ${stray.reason}`, 'RFC 3261 §8.1.3.3', stray.header));
          return;
        }
        if (status === 503 && this.#failover(outgoing, 'The next hop answered 503', event.response)) return;
        this.#charging?.answerCame(outgoing, event.response);
        this.onResponse(outgoing, event.response);
        this.#chargeOwn(outgoing, event.response);
        return;
      }
      case 'timeout':
        if (!this.#failover(event.transaction.user, 'The next hop did not answer')) this.#giveUp(event.transaction.user, 'timeout');
        return;
      case 'transport-error':
        if (!this.#failover(event.transaction.user, 'The next hop cannot be reached')) this.#giveUp(event.transaction.user, 'transport-error');
        return;
    }
  }

  #giveUp(outgoing: Outgoing<P>, why: NoAnswer): void {
    this.onNoAnswer(outgoing, why);
    this.#chargeOwn(outgoing, undefined);
  }

  /** The node's own request is over: nobody else would report it. */
  #chargeOwn(outgoing: Outgoing<P>, response: SipResponse | undefined): void {
    if (outgoing.server === undefined) this.#charging?.ownEnded(outgoing, response, () => this.chargingFacts(undefined, outgoing), this.now, this.out);
  }
}

/** Whether something was sent since there were so many effects: RFC 4320 forbids some answers. */
function isSent(out: readonly Effect[], before: number): boolean {
  for (let i = before; i < out.length; i++) if (out[i]?.kind === 'send') return true;
  return false;
}
