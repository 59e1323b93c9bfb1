/**
 * The Diameter peers of one entity, over SCTP: the exchange of capabilities on first use, requests and their answers, watchdogs (RFC 6733 §5, §6.1, §6.2).
 * A request that gets no answer within 6 s is given up (our choice: RFC 6733 leaves it to the application; it lies between T1 of SIP and Timer F).
 * Omitted: sending watchdogs (RFC 3539; a broken association is reported by the transport), failover, the election between simultaneous connections
 * (both sides may send CER; either exchange opens the peer), agents, detection of duplicates (SCTP gives none).
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, ConnectionId, Effect, Endpoint } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { compileTable, transition, type StateTable } from '#base/state-table.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { AVP, findAvp, textOf } from './avp.ts';
import {
  applicationName,
  buildCapabilitiesExchangeAnswer,
  buildCapabilitiesExchangeRequest,
  readCapabilities,
  speaks,
  type PeerIdentity,
} from './capabilities.ts';
import { ACCOUNTING_APPLICATION, COMMAND, createBaseAnswer, createFailureAnswer, CX_APPLICATION, labelOfDiameter, SH_APPLICATION } from './command.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterError, type DiameterMessage } from './message.ts';
import { isGranted, RESULT, resultOf, resultOfCode, type CxResult } from './result.ts';

/** IANA's port for Diameter over SCTP and TCP. */
export const DIAMETER_PORT = 3868;

export interface DiameterServer {
  /** Its Diameter identity. */
  readonly host: string;
  readonly endpoint: Endpoint;
}

export interface DiameterFlow {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly connection?: ConnectionId;
}

export interface DiameterRequestEvent {
  readonly kind: 'request';
  readonly message: DiameterMessage;
  readonly flow: DiameterFlow;
}

export type DiameterEvent<U> =
  | { readonly kind: 'answer'; readonly user: U; readonly message: DiameterMessage; readonly request: DiameterMessage }
  /** `message` as it was sent, for whoever repeats it; undefined when it never left, for want of a peer. */
  | { readonly kind: 'no-answer'; readonly user: U; readonly message: DiameterMessage | undefined }
  | DiameterRequestEvent;

export interface DiameterPeersOptions {
  /** Own Diameter identity and realm. */
  readonly host: string;
  readonly realm: string;
  readonly local: Endpoint;
  readonly chance: Chance;
  /** Cx when left out. */
  readonly application?: PeerIdentity['application'];
}

type PeerState = 'Closed' | 'Wait-CEA' | 'Open';
type PeerEvent = 'request' | 'CEA accepted' | 'CEA refused' | 'CER accepted' | 'no CEA' | 'DPR' | 'connection lost';
type PeerAction = 'send CER' | 'queue' | 'send' | 'send queue' | 'give up';

/** A peer as its other side sees it: the part of RFC 6733 §5.6 that one association needs. */
export const DIAMETER_PEER: StateTable<PeerState, PeerEvent, never, PeerAction> = {
  name: 'diameter peer',
  states: ['Closed', 'Wait-CEA', 'Open'],
  initial: 'Closed',
  final: [],
  rows: [
    { from: 'Closed', on: 'request', to: 'Wait-CEA', actions: ['send CER', 'queue'], clause: 'RFC 6733 §5.6' },
    { from: 'Wait-CEA', on: 'request', to: 'same', actions: ['queue'], clause: 'RFC 6733 §5.6' },
    { from: 'Open', on: 'request', to: 'same', actions: ['send'], clause: 'RFC 6733 §5.6' },
    { from: 'Wait-CEA', on: 'CEA accepted', to: 'Open', actions: ['send queue'], clause: 'RFC 6733 §5.6' },
    { from: 'Wait-CEA', on: 'CEA refused', to: 'Closed', actions: ['give up'], clause: 'RFC 6733 §5.6' },
    { from: 'Wait-CEA', on: 'no CEA', to: 'Closed', actions: ['give up'], clause: 'RFC 6733 §5.6' },
    { from: '*', on: 'CER accepted', to: 'Open', actions: ['send queue'], clause: 'RFC 6733 §5.6' },
    { from: '*', on: 'DPR', to: 'Closed', actions: ['give up'], clause: 'RFC 6733 §5.4' },
    { from: '*', on: 'connection lost', to: 'Closed', actions: ['give up'], clause: 'RFC 6733 §5.6' },
  ],
};
const PEER_RULES = compileTable(DIAMETER_PEER);

interface Waiting<U> {
  readonly peer: Peer<U>;
  readonly message: DiameterMessage;
  readonly user: U;
  readonly notes: readonly Note[];
  timer: Timer<Due<U>> | undefined;
}

interface Peer<U> {
  host: string;
  readonly remote: Endpoint;
  flow: DiameterFlow;
  state: PeerState;
  queue: Waiting<U>[];
  /**
   * Requests under way, oldest first: answers mostly come in that order. No `Map`: one in which entries come and go is built anew again and again,
   * and old versions keep what stood in them alive until the engine's great collection.
   */
  readonly waiting: Waiting<U>[];
  cer: { readonly hopByHop: number; readonly timer: Timer<Due<U>> } | undefined;
}

type Due<U> = { readonly kind: 'cea'; readonly peer: Peer<U> } | { readonly kind: 'answer'; readonly waiting: Waiting<U> };

const ANSWER_WITHIN = seconds(6);
const CX_COMMANDS: ReadonlySet<number> = new Set([
  COMMAND.userAuthorization,
  COMMAND.serverAssignment,
  COMMAND.locationInfo,
  COMMAND.multimediaAuth,
  COMMAND.registrationTermination,
  COMMAND.pushProfile,
]);
const COMMANDS: Readonly<Record<PeerIdentity['application'], ReadonlySet<number>>> = {
  [CX_APPLICATION]: CX_COMMANDS,
  [SH_APPLICATION]: new Set([COMMAND.userData]),
  [ACCOUNTING_APPLICATION]: new Set([COMMAND.accounting]),
};

const note = (op: Note['op'], reason: string, clause?: string): Note => (clause === undefined ? { op, reason } : { op, reason, clause });

export class DiameterPeers<U> {
  readonly #own: PeerIdentity;
  readonly #local: Endpoint;
  readonly #peers = new Map<string, Peer<U>>();
  readonly #timers = new Timers<Due<U>>();
  #hopByHop: number;
  #endToEnd: number;

  constructor(options: DiameterPeersOptions) {
    this.#own = {
      originHost: options.host,
      originRealm: options.realm,
      address: options.local.address,
      application: options.application ?? CX_APPLICATION,
    };
    this.#local = options.local;
    // RFC 6733 §3: both ids start anywhere and never repeat soon.
    this.#hopByHop = options.chance.bits('diameter hop-by-hop');
    this.#endToEnd = options.chance.bits('diameter end-to-end');
  }

  /**
   * Sends a request; its ids are set here, but a repetition (T bit) keeps its end-to-end id (RFC 6733 §3). The first use of a server exchanges capabilities before. Later comes, out of `receive`, `fire` or
   * `transportFailed`, exactly one event with `user`: `answer` or `no-answer`. `notes` travel with the request.
   */
  request(message: DiameterMessage, server: DiameterServer, user: U, notes: readonly Note[], now: SimTime, out: Effect[]): void {
    const peer = this.#peerAt(server.endpoint, { local: this.#local, remote: server.endpoint }, server.host);
    const waiting: Waiting<U> = {
      peer,
      message: { ...message, hopByHop: this.#nextHopByHop(), endToEnd: message.retransmitted ? message.endToEnd : this.#nextEndToEnd() },
      user,
      notes,
      timer: undefined,
    };
    if (peer.state === 'Open') this.#sendRequest(waiting, now, out);
    else {
      peer.queue.push(waiting);
      this.#move(peer, 'request', now, out);
    }
  }

  /** Where a peer that has introduced itself can be reached: a server has no other knowledge of its clients. */
  peerNamed(host: string): DiameterServer | undefined {
    for (const peer of this.#peers.values()) if (peer.host.toLowerCase() === host.toLowerCase()) return { host: peer.host, endpoint: peer.remote };
    return undefined;
  }

  /** Takes a message from a peer: answers CER, DWR, DPR and what cannot be taken by itself, and gives the rest as an event. Never throws. */
  receive(input: BytesInput, now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const flow: DiameterFlow = { local: input.local, remote: input.remote, ...(input.connection === undefined ? {} : { connection: input.connection }) };
    const message = parseDiameterMessage(input.bytes);
    if (message.kind === 'diameter-error') return this.#refuseOctets(message, flow, out);
    if (!message.request) return this.#takeAnswer(message, flow, now, out);
    switch (message.command) {
      case COMMAND.capabilitiesExchange:
        return this.#takeCapabilities(message, flow, now, out);
      case COMMAND.deviceWatchdog:
        this.#answerBase(message, flow, note('decided', 'The peer asks whether anybody is here.', 'RFC 6733 §5.5'), out);
        return [];
      case COMMAND.disconnectPeer: {
        this.#answerBase(message, flow, note('decided', 'The peer says goodbye.', 'RFC 6733 §5.4'), out);
        const peer = this.#peers.get(keyOf(flow.remote));
        return peer === undefined ? [] : this.#move(peer, 'DPR', now, out);
      }
      default:
        return this.#takeRequest(message, flow, out);
    }
  }

  /** Sends the answer to a request that `receive` gave. */
  respond(event: DiameterRequestEvent, answer: DiameterMessage, notes: readonly Note[], _now: SimTime, out: Effect[]): void {
    this.#send(answer, event.flow, notes, out);
  }

  /** The association with `remote` broke (`transport-failed`, or `closed`). */
  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const peer = this.#peers.get(keyOf(remote));
    return peer === undefined ? [] : this.#move(peer, 'connection lost', now, out);
  }

  /** Does what is due. */
  fire(now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const events: DiameterEvent<U>[] = [];
    for (let due = this.#timers.due(now); due !== undefined; due = this.#timers.due(now)) {
      if (due.kind === 'cea') {
        this.#note(out, 'rejected', `The peer ${due.peer.host} did not answer the CER within 6 s.`, 'RFC 6733 §5.6');
        events.push(...this.#move(due.peer, 'no CEA', now, out));
      } else {
        const { peer, message, user } = due.waiting;
        peer.waiting.splice(peer.waiting.indexOf(due.waiting), 1);
        this.#note(out, 'rejected', `The peer ${peer.host} did not answer the ${labelOfDiameter(message)} within 6 s.`);
        events.push({ kind: 'no-answer', user, message });
      }
    }
    return events;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  viewPeers(): ViewTable {
    const rows = [...this.#peers.values()].map((peer) => [
      peer.host,
      `${peer.remote.address} port ${peer.remote.port}`,
      peer.state,
      String(peer.waiting.length + peer.queue.length),
    ]);
    return { title: 'Diameter peers', columns: ['Peer', 'Address', 'State', 'Requests under way'], rows, empty: 'No peer is known yet.' };
  }

  viewTimers(): ViewTimer[] {
    const timers: ViewTimer[] = [];
    for (const peer of this.#peers.values()) {
      if (peer.cer !== undefined) timers.push({ name: 'Diameter answer', subject: `CER to ${peer.host}`, firesAt: peer.cer.timer.firesAt });
      for (const { message, timer } of peer.waiting) {
        if (timer !== undefined) timers.push({ name: 'Diameter answer', subject: `${labelOfDiameter(message)} to ${peer.host}`, firesAt: timer.firesAt });
      }
    }
    return timers;
  }

  viewStates(): LiveState[] {
    return [...this.#peers.values()].map((peer) => ({ machine: DIAMETER_PEER.name, key: peer.host, state: peer.state }));
  }

  #nextHopByHop(): number {
    return (this.#hopByHop = (this.#hopByHop + 1) >>> 0);
  }

  #nextEndToEnd(): number {
    return (this.#endToEnd = (this.#endToEnd + 1) >>> 0);
  }

  #peerAt(remote: Endpoint, flow: DiameterFlow, host: string): Peer<U> {
    const key = keyOf(remote);
    let peer = this.#peers.get(key);
    if (peer === undefined) {
      peer = { host, remote, flow, state: 'Closed', queue: [], waiting: [], cer: undefined };
      this.#peers.set(key, peer);
    }
    return peer;
  }

  /** Takes the transition of the table and carries out its actions. */
  #move(peer: Peer<U>, on: PeerEvent, now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const taken = transition(PEER_RULES, peer.state, on, () => true);
    if (taken === undefined) return [];
    const events: DiameterEvent<U>[] = [];
    if (taken.to !== taken.from) {
      out.push({ kind: 'emit', event: { kind: 'state', machine: DIAMETER_PEER.name, key: peer.host, from: taken.from, on, to: taken.to } });
      peer.state = taken.to;
      this.#timers.cancel(peer.cer?.timer);
      peer.cer = undefined;
    }
    for (const action of taken.actions) {
      if (action === 'send CER') this.#sendCapabilities(peer, now, out);
      else if (action === 'send queue') {
        const queue = peer.queue;
        peer.queue = [];
        for (const waiting of queue) this.#sendRequest(waiting, now, out);
      } else if (action === 'give up') {
        const lost = [...peer.waiting, ...peer.queue];
        peer.waiting.length = 0;
        peer.queue = [];
        for (const { timer, user, message } of lost) {
          this.#timers.cancel(timer);
          events.push({ kind: 'no-answer', user, message: timer === undefined ? undefined : message });
        }
      }
    }
    return events;
  }

  #sendCapabilities(peer: Peer<U>, now: SimTime, out: Effect[]): void {
    const message = { ...buildCapabilitiesExchangeRequest(this.#own), hopByHop: this.#nextHopByHop(), endToEnd: this.#nextEndToEnd() };
    peer.cer = { hopByHop: message.hopByHop, timer: this.#timers.set(after(now, ANSWER_WITHIN), { kind: 'cea', peer }) };
    this.#send(message, peer.flow, [note('added', `Before its first request to ${peer.host} it tells what it speaks.`, 'RFC 6733 §5.3')], out);
  }

  #sendRequest(waiting: Waiting<U>, now: SimTime, out: Effect[]): void {
    waiting.timer = this.#timers.set(after(now, ANSWER_WITHIN), { kind: 'answer', waiting });
    waiting.peer.waiting.push(waiting);
    this.#send(waiting.message, waiting.peer.flow, waiting.notes, out);
  }

  #send(message: DiameterMessage, flow: DiameterFlow, notes: readonly Note[], out: Effect[]): void {
    const bytes = encodeDiameterMessage(message);
    out.push({ kind: 'send', bytes, protocol: 'Diameter', label: labelOfDiameter(message), transport: 'sctp', ...flow, notes });
  }

  #note(out: Effect[], op: Note['op'], reason: string, clause?: string): void {
    out.push({ kind: 'note', note: note(op, reason, clause) });
  }

  #refuseOctets(error: DiameterError, flow: DiameterFlow, out: Effect[]): DiameterEvent<U>[] {
    const why = `The octets are no Diameter message (${error.fault} at octet ${error.at}).`;
    // RFC 6733 §7: a request that cannot be read is answered when its header can be; an answer that cannot be read is dropped.
    if (error.header?.request === true) this.#fail(error.header, flow, resultOfCode(error.resultCode), why, out);
    else this.#note(out, 'rejected', why, 'RFC 6733 §3');
    return [];
  }

  #fail(request: DiameterMessage, flow: DiameterFlow, result: CxResult, why: string, out: Effect[]): void {
    this.#send(createFailureAnswer(request, this.#own, result), flow, [note('rejected', why, 'RFC 6733 §7.1')], out);
  }

  #answerBase(request: DiameterMessage, flow: DiameterFlow, why: Note, out: Effect[]): void {
    this.#send(createBaseAnswer(request, this.#own, RESULT.success, []), flow, [why], out);
  }

  #takeCapabilities(message: DiameterMessage, flow: DiameterFlow, now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const capabilities = readCapabilities(message);
    const { originHost } = capabilities;
    const { application } = this.#own;
    const result = originHost === '' ? RESULT.missingAvp : speaks(capabilities, application) ? RESULT.success : RESULT.noCommonApplication;
    const accepted = result.kind === 'success';
    const reason = accepted
      ? `The peer ${originHost} speaks ${applicationName(application) ?? 'it'} too, so it is accepted.`
      : 'The peer does not say who it is, or has no application in common.';
    // RFC 6733 §5.3: without an application in common the answer is NO_COMMON_APPLICATION and the peer stays closed.
    this.#send(buildCapabilitiesExchangeAnswer(message, this.#own, result), flow, [note(accepted ? 'decided' : 'rejected', reason, 'RFC 6733 §5.3')], out);
    if (!accepted) return [];
    const peer = this.#peerAt(flow.remote, flow, originHost);
    peer.host = originHost;
    peer.flow = flow;
    return this.#move(peer, 'CER accepted', now, out);
  }

  #takeAnswer(message: DiameterMessage, flow: DiameterFlow, now: SimTime, out: Effect[]): DiameterEvent<U>[] {
    const peer = this.#peers.get(keyOf(flow.remote));
    if (peer !== undefined && message.command === COMMAND.capabilitiesExchange && peer.cer?.hopByHop === message.hopByHop) {
      const result = resultOf(message.avps);
      const capabilities = readCapabilities(message);
      const { originHost } = capabilities;
      const isCommon = speaks(capabilities, this.#own.application);
      const accepted = result !== undefined && isGranted(result) && isCommon && originHost.toLowerCase() === peer.host.toLowerCase();
      if (accepted) peer.flow = flow;
      else this.#note(out, 'rejected', `The peer does not agree (${result?.name ?? 'no result'}) or is not ${peer.host}.`, 'RFC 6733 §5.3');
      return this.#move(peer, accepted ? 'CEA accepted' : 'CEA refused', now, out);
    }
    const waiting = peer?.waiting.find((one) => one.message.hopByHop === message.hopByHop);
    // RFC 6733 §6.2.1: an answer is known by its hop-by-hop id; one that answers nothing is dropped.
    if (peer === undefined || waiting === undefined || waiting.message.command !== message.command || waiting.message.endToEnd !== message.endToEnd) {
      this.#note(out, 'rejected', `The ${labelOfDiameter(message)} answers nothing that was asked.`, 'RFC 6733 §6.2.1');
      return [];
    }
    peer.waiting.splice(peer.waiting.indexOf(waiting), 1);
    this.#timers.cancel(waiting.timer);
    return [{ kind: 'answer', user: waiting.user, message, request: waiting.message }];
  }

  #takeRequest(message: DiameterMessage, flow: DiameterFlow, out: Effect[]): DiameterEvent<U>[] {
    const label = labelOfDiameter(message);
    // RFC 6733 §5.6: before capabilities are exchanged nothing else counts.
    if (this.#peers.get(keyOf(flow.remote))?.state !== 'Open') {
      this.#note(out, 'rejected', `The ${label} comes before any exchange of capabilities.`, 'RFC 6733 §5.6');
      return [];
    }
    const problem = this.#problemOf(message);
    if (problem !== undefined) {
      this.#fail(message, flow, problem, `The ${label} cannot be taken here (${problem.name}).`, out);
      return [];
    }
    return [{ kind: 'request', message, flow }];
  }

  /** RFC 6733 §6.1.4: why a request is not for this peer. */
  #problemOf(message: DiameterMessage): CxResult | undefined {
    const { application } = this.#own;
    if (message.application !== application) return RESULT.applicationUnsupported;
    if (!COMMANDS[application].has(message.command)) return RESULT.commandUnsupported;
    const host = findAvp(message.avps, AVP.destinationHost);
    if (host !== undefined && textOf(host)?.toLowerCase() !== this.#own.originHost.toLowerCase()) return RESULT.unableToDeliver;
    const realm = findAvp(message.avps, AVP.destinationRealm);
    if (realm !== undefined && textOf(realm)?.toLowerCase() !== this.#own.originRealm.toLowerCase()) return RESULT.realmNotServed;
    return undefined;
  }
}

const keyOf = (remote: Endpoint): string => `${remote.address}|${remote.port}`;
