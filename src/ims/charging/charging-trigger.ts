/**
 * Charging trigger function (TS 32.260 §5.2.1.1, §5.2.2.1.5; TS 32.299 §6.1.3): the part of an IMS node that tells the charging data function of its network
 * about every session-unrelated transaction that was answered, successful or not, after the answer has passed. Nothing waits for it: when the function is silent
 * the records are repeated, then kept and sent later.
 * Omitted: a secondary charging data function, addresses from P-Charging-Function-Addresses (each node has that of its network), sessions, Ro.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint } from '#base/machine.ts';
import { transition } from '#base/state-table.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { newIcid, type ChargingVector, chargingVectorOf } from '#ims/node/charging-vector.ts';
import { decided } from '#ims/node/edit.ts';
import { ACCOUNTING_APPLICATION, createSessionId } from '#protocol/diameter/command.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DIAMETER_PORT, type DiameterEvent, DiameterPeers, type DiameterServer } from '#protocol/diameter/peer.ts';
import { isGranted } from '#protocol/diameter/result.ts';
import { buildAccountingRequest, IMS_SERVICE_CONTEXT, readAccountingAnswer, RECORD_TYPE } from '#protocol/diameter/rf.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { type Chargeable, CHARGED_METHODS, type ChargingFacts, icidOf, imsInformationOf, isChallenge, subscriptionIdsOf } from './chargeable.ts';
import { REPORTING, REPORTING_RULES, type ReportingState } from './tables.ts';

/** Where a node reports to, and what it calls itself. */
export interface ChargingConfig {
  readonly cdf: DiameterServer;
  /** One of NODE_FUNCTIONALITY. */
  readonly functionality: number;
  /** UTC: the moment 0. */
  readonly startsAt: string;
}

/** The node that the function is part of. */
interface Host {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
}

/** One record on its way to the charging data function. */
interface Report {
  readonly message: DiameterMessage;
  /** `the SUBSCRIBE with the ICID pcscf1-…`. */
  readonly about: string;
  /** In the order in which they were made. */
  readonly order: number;
  /** How often it was sent. */
  sent: number;
}

/** A request as the node sent it on or made it; `server` is what it is forwarded for. */
interface Sent {
  readonly request: SipRequest;
  readonly server: object | undefined;
}

/** A request under way, and what its answer said before the node touched it. */
interface Passing<O> {
  readonly outgoing: O;
  readonly vector: ChargingVector | undefined;
}

/** How often a record is sent before the function counts as unreachable, and how often it is tried then (our choice: TS 32.299 §6.1.3.2 leaves it to the operator). */
const MOST_SENT = 3;
const TRY_AGAIN = seconds(30);
/** Records that a node has room for (our choice). */
const MOST_KEPT = 10_000;
const KEPT = 'TS 32.299 §6.1.3.1';

/** The draws of charging are its own, so that those of the node do not change with it. */
const ownChance = (chance: Chance): Chance => ({
  bits: (purpose) => chance.bits(`charging: ${purpose}`),
  token: (purpose, length) => chance.token(`charging: ${purpose}`, length),
  bytes: (purpose, length) => chance.bytes(`charging: ${purpose}`, length),
});

const isCharged = ({ method }: SipRequest, response: SipResponse | undefined): boolean =>
  CHARGED_METHODS.has(method) && (response === undefined || (response.status >= 200 && !isChallenge(response.status)));

export class ChargingTrigger<O extends Sent> {
  readonly #own: Host;
  readonly #config: ChargingConfig;
  readonly #chance: Chance;
  readonly #peers: DiameterPeers<Report>;
  readonly #startsAt: number;
  /** By the server transaction that waits for the answer, or by the own request. */
  readonly #passing = new WeakMap<object, Passing<O>>();
  readonly #sentAt = new WeakMap<object, SimTime>();
  #state: ReportingState = 'reporting';
  #kept: Report[] = [];
  #tryAt: SimTime | undefined;
  #reported = 0;

  constructor(own: Host, config: ChargingConfig, chance: Chance) {
    this.#own = own;
    this.#config = config;
    this.#chance = ownChance(chance);
    this.#peers = new DiameterPeers({
      host: own.host,
      realm: own.domain,
      local: { address: own.address, port: DIAMETER_PORT },
      chance: this.#chance,
      application: ACCOUNTING_APPLICATION,
    });
    this.#startsAt = Date.parse(config.startsAt);
  }

  /** Whether that address is the charging data function's. */
  isAbout(remote: Endpoint): boolean {
    return remote.address === this.#config.cdf.endpoint.address;
  }

  receive(input: BytesInput, now: SimTime, out: Effect[]): void {
    this.#take(this.#peers.receive(input, now, out), now, out);
  }

  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): void {
    this.#take(this.#peers.transportFailed(remote, now, out), now, out);
  }

  deadline(): SimTime | undefined {
    return earliest(this.#peers.deadline(), this.#tryAt);
  }

  fire(now: SimTime, out: Effect[]): void {
    this.#take(this.#peers.fire(now, out), now, out);
    if (this.#tryAt === undefined || this.#tryAt > now) return;
    this.#tryAt = undefined;
    const oldest = this.#kept.shift();
    if (oldest !== undefined) this.#send(oldest, 'The charging data function is asked again whether it takes the oldest record that is kept.', KEPT, now, out);
  }

  /** The node sends a request of its own: the moment is kept for the record. */
  sending(own: O, now: SimTime): void {
    this.#sentAt.set(own, now);
  }

  /** An answer came from the next hop, as it is before the node changes it. */
  answerCame(outgoing: O, response: SipResponse): void {
    this.#passing.set(outgoing.server ?? outgoing, { outgoing, vector: chargingVectorOf(response) });
  }

  /** The answer has gone out: the transaction is over for this node. */
  answered(
    server: { readonly request: SipRequest; readonly arrivedAt: SimTime },
    response: SipResponse,
    facts: (outgoing: O | undefined) => ChargingFacts,
    now: SimTime,
    out: Effect[],
  ): void {
    const passing = this.#passing.get(server);
    this.#passing.delete(server);
    if (!isCharged(server.request, response)) return;
    const chargeable = { request: server.request, forwarded: passing?.outgoing.request, answerVector: passing?.vector, response, ownRequest: false };
    this.#report(chargeable, facts(passing?.outgoing), server.arrivedAt, now, out);
  }

  /** The node's own request is over, with this answer or without any. */
  ownEnded(own: O, response: SipResponse | undefined, facts: () => ChargingFacts, now: SimTime, out: Effect[]): void {
    const { request } = own;
    if (!isCharged(request, response)) return;
    const answerVector = this.#passing.get(own)?.vector;
    this.#report({ request, forwarded: request, answerVector, response, ownRequest: true }, facts(), this.#sentAt.get(own), now, out);
  }

  view(): ViewTable {
    const state = this.#state === 'reporting' ? 'takes them' : 'is silent';
    return {
      title: 'Charging',
      columns: ['Charging data function', 'It', 'Records sent', 'Records kept'],
      rows: [[this.#config.cdf.host, state, String(this.#reported), String(this.#kept.length)]],
      empty: '',
    };
  }

  viewTimers(): readonly ViewTimer[] {
    const again = this.#tryAt === undefined ? [] : [{ name: 'Charging', subject: `${this.#config.cdf.host} is tried again`, firesAt: this.#tryAt }];
    return [...this.#peers.viewTimers(), ...again];
  }

  viewStates(): readonly LiveState[] {
    return [{ machine: REPORTING.name, key: this.#config.cdf.host, state: this.#state }];
  }

  #report(chargeable: Chargeable, facts: ChargingFacts, requestedAt: SimTime | undefined, now: SimTime, out: Effect[]): void {
    const { request, response } = chargeable;
    // TS 32.260 §5.1.2.2: the first IMS node gives the number; a request that was refused before it had one gets it for the record.
    const icid = icidOf(chargeable, facts) ?? newIcid(this.#chance, this.#own.host);
    const at = this.#utc(now);
    const { served } = facts;
    const message = buildAccountingRequest({
      sessionId: createSessionId(this.#own.host, this.#chance),
      originHost: this.#own.host,
      originRealm: this.#own.domain,
      destinationHost: this.#config.cdf.host,
      destinationRealm: this.#own.domain,
      recordType: RECORD_TYPE.event,
      recordNumber: 0,
      ...(served?.privateIdentity === undefined ? {} : { userName: served.privateIdentity }),
      at,
      serviceContext: IMS_SERVICE_CONTEXT,
      subscriptions: subscriptionIdsOf(served?.identities ?? []),
      ims: imsInformationOf(chargeable, facts, this.#config.functionality, icid, {
        requestedAt: requestedAt === undefined ? undefined : this.#utc(requestedAt),
        answeredAt: at,
      }),
    });
    const report: Report = { message, about: `the ${request.method} with the ICID ${icid}`, order: this.#reported++, sent: 0 };
    if (this.#state === 'keeping') {
      this.#keep(report, now, out);
      return;
    }
    const end =
      response === undefined
        ? `Nobody answered the ${request.method}: the failed procedure is charged too.`
        : response.status < 300
          ? `The ${response.status} to the ${request.method} has passed: the charging data function is told of the transaction.`
          : `The ${request.method} has failed with ${response.status}: the charging data function is told of that too.`;
    this.#send(report, end, 'TS 32.260 §5.2.1.1', now, out);
  }

  #send(report: Report, reason: string, clause: string, now: SimTime, out: Effect[]): void {
    report.sent++;
    this.#peers.request(report.message, this.#config.cdf, report, [decided(reason, clause)], now, out);
  }

  #keep(report: Report, now: SimTime, out: Effect[]): void {
    if (this.#kept.length >= MOST_KEPT) {
      out.push({
        kind: 'note',
        note: { op: 'rejected', reason: `There is no room for more records: that of ${report.about} is lost.`, clause: 'TS 32.299 §6.1.3.1' },
      });
      return;
    }
    out.push({
      kind: 'note',
      note: decided(`The charging data function is silent: the record of ${report.about} is kept until it answers again.`, 'TS 32.299 §6.1.3.1'),
    });
    // TS 32.299 §6.1.3.1: they are sent in the order in which they were stored; one that was tried goes back to its place.
    const place = this.#kept.findIndex(({ order }) => order > report.order);
    this.#kept.splice(place < 0 ? this.#kept.length : place, 0, report);
    this.#tryAt ??= after(now, TRY_AGAIN);
  }

  #take(events: readonly DiameterEvent<Report>[], now: SimTime, out: Effect[]): void {
    for (const event of events) {
      if (event.kind === 'no-answer') this.#unanswered(event.user, event.message, now, out);
      else if (event.kind === 'answer') this.#settled(event.user, event.message, now, out);
    }
  }

  #settled(report: Report, message: DiameterMessage, now: SimTime, out: Effect[]): void {
    const answer = readAccountingAnswer(message);
    const result = answer.kind === 'ACA' ? answer.result : undefined;
    const taken = result !== undefined && isGranted(result);
    if (!taken) {
      const why = result === undefined ? 'gives an answer that cannot be read' : `does not take it (${result.name})`;
      out.push({
        kind: 'note',
        note: { op: 'rejected', reason: `The charging data function ${why}: the record of ${report.about} is lost.`, clause: 'TS 32.299 §6.2.3' },
      });
    }
    this.#move('answered', now, out);
  }

  /** TS 32.299 §6.1.3.2: the record is sent again, marked as a possible duplicate, and kept when that does not help either. */
  #unanswered(report: Report, sent: DiameterMessage | undefined, now: SimTime, out: Effect[]): void {
    // One that never left is no duplicate.
    const repeated: Report = { ...report, message: sent === undefined ? report.message : { ...sent, retransmitted: true } };
    if (this.#state === 'reporting' && report.sent < MOST_SENT) {
      this.#send(repeated, 'No answer yet: the same record again, marked as a possible duplicate.', 'TS 32.299 §6.1.3.2', now, out);
      return;
    }
    this.#move('given up', now, out);
    this.#keep({ ...repeated, sent: MOST_SENT }, now, out);
  }

  #move(on: 'given up' | 'answered', now: SimTime, out: Effect[]): void {
    const taken = transition(REPORTING_RULES, this.#state, on, () => true);
    if (taken === undefined) return;
    if (taken.to !== this.#state) {
      const { from, to } = taken;
      out.push({ kind: 'emit', event: { kind: 'state', machine: REPORTING.name, key: this.#own.host, from, on, to } });
      this.#state = to;
    }
    for (const _ of taken.actions) {
      const kept = this.#kept;
      this.#kept = [];
      this.#tryAt = undefined;
      for (const report of kept) {
        report.sent = 0;
        this.#send(report, 'The charging data function answers again: what was kept is sent, in its order.', KEPT, now, out);
      }
    }
  }

  #utc(moment: SimTime): number {
    return this.#startsAt + Math.floor(moment / 1000);
  }
}
