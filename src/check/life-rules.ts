/**
 * Life and death: who has been stopped remembers nothing, who is not registered is not served, whoever watched a registration hears of its end, and a
 * subscription ends when it should and not before (RFC 3261 §12.2.2; RFC 6665 §4.2; TS 23.218 §6.4.1; RFC 3680 §4.7.1).
 */
import { readRegistrationTerminationRequest } from '#protocol/diameter/cx-push.ts';
import { readServerAssignmentRequest, SERVER_ASSIGNMENT_TYPE as SAT } from '#protocol/diameter/cx.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { addressOfRecord, parseUri } from '#protocol/sip/uri.ts';
import { parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';
import type { EntityId } from '#trace/record.ts';
import { hasForgotten, isSuccess, requestArrival, type Evidence, type Subscription, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { countBefore, countUpTo, grouped, groupedInto, hasWithin, latestOf, longestOf, oncePer } from './lookup.ts';
import { rule } from './report.ts';
import { endedWithin, IMMEDIATELY, lostAt, SECOND, stateOf, timesOf, withoutAddress } from './subscription-rules.ts';

interface Outage {
  readonly entity: EntityId;
  readonly from: number;
  readonly to: number;
}

/** From when to when each entity was down, and apart from that since when. */
function outages({ trace }: Evidence): ReadonlyMap<EntityId, { readonly all: readonly Outage[]; readonly times: readonly number[] }> {
  const open = new Map<EntityId, number>();
  const all: Outage[] = [];
  for (const record of trace.records) {
    if (record.kind !== 'intent' || record.entity === undefined) continue;
    const from = open.get(record.entity);
    if (record.intent.kind === 'crash' && from === undefined) open.set(record.entity, record.at);
    else if (record.intent.kind === 'restart' && from !== undefined) {
      all.push({ entity: record.entity, from, to: record.at });
      open.delete(record.entity);
    }
  }
  for (const [entity, from] of open) all.push({ entity, from, to: Infinity });
  return groupedInto(
    all,
    ({ entity }) => entity,
    (its) => ({ all: its, times: its.map(({ from }) => from) }),
  );
}

export const NO_MEMORY = rule(
  'no-memory',
  'Who has been stopped is silent until he is started again, sends no NOTIFY for what he had accepted before, and answers 481 to a SUBSCRIBE of such a dialog.',
  'RFC 3261 §12.2.2',
  (evidence, blame) => {
    const { trace, subscriptions, stops } = evidence;
    const down = outages(evidence);
    for (const record of trace.records) {
      const its = record.kind === 'message' ? down.get(record.from) : undefined;
      if (its === undefined || record.kind !== 'message') continue;
      const outage = its.all[countBefore(its.times, record.sentAt) - 1];
      if (outage !== undefined && record.sentAt < outage.to) blame({ record }, `is sent by somebody who has been stopped at ${outage.from / SECOND} s`);
    }
    for (const { notifier, initial, notifies, subscribes } of subscriptions) {
      const accepted = initial.responses.find(isSuccess)?.record.sentAt ?? 0;
      const times = stops.get(notifier) ?? [];
      const stop = times[countUpTo(times, accepted)];
      if (stop === undefined) continue;
      for (const { request } of notifies) if (request.record.sentAt > stop) blame(request, `belongs to what its sender forgot at ${stop / SECOND} s`);
      for (const subscribe of subscribes) {
        if ((requestArrival(subscribe) ?? -1) <= stop) continue;
        const other = subscribe.responses.find(({ message }) => message.status >= 200 && message.status !== 481);
        if (other !== undefined) blame(other, 'answers for a subscription that was forgotten: 481 was due');
      }
    }
  },
);

const identityOf = (value: string): string => addressOfRecord(uriOf(value) ?? '') ?? '';

interface Registration {
  readonly server: EntityId;
  readonly identities: readonly string[];
  readonly from: number;
  /** When its time is over, or it was ended. */
  until: number;
}

const ENDING_ASSIGNMENTS: ReadonlySet<number> = new Set([
  SAT.timeoutDeregistration,
  SAT.userDeregistration,
  SAT.timeoutDeregistrationStoreServerName,
  SAT.userDeregistrationStoreServerName,
  SAT.administrativeDeregistration,
  SAT.deregistrationTooMuchData,
]);

/**
 * Every registration at an S-CSCF: from its 200 to a REGISTER until its time is over, the user or the HSS ends it, or the S-CSCF forgets it. Tells, for server and identity, until when
 * the one lives that, of those that had begun by a moment, lives longest.
 */
function registrationsOf(evidence: Evidence): ReadonlyMap<string, (moment: number) => number> {
  const all: Registration[] = [];
  /** By server and identity, and under no identity all of the server: those that nothing has ended yet. */
  const living = new Map<string, Set<Registration>>();
  const livingAt = (server: EntityId, identity: string): Set<Registration> => {
    const key = `${server} ${identity}`;
    let some = living.get(key);
    if (some === undefined) living.set(key, (some = new Set()));
    return some;
  };
  const end = (server: EntityId, identity: string, at: number): void => {
    for (const one of [...livingAt(server, identity)]) {
      one.until = Math.min(one.until, at);
      for (const name of ['', ...one.identities]) livingAt(server, name).delete(one);
    }
  };
  interface Event {
    readonly at: number;
    readonly act: () => void;
  }
  const events: Event[] = [];
  for (const { request, server, responses } of evidence.transactions) {
    if (request.method !== 'REGISTER' || evidence.entities.get(server)?.kind !== 's-cscf') continue;
    const accepted = responses.find(isSuccess);
    if (accepted === undefined) continue;
    const { headers } = accepted.message;
    const own = identityOf(request.message.headers.get('To') ?? '');
    const seconds = Math.max(0, ...headers.values('Contact').map((contact) => parseDeltaSeconds(parseNameAddr(contact)?.params.get('expires')) ?? 0));
    const at = accepted.record.sentAt;
    const identities = [...new Set([own, ...headers.values('P-Associated-URI').map(identityOf)])];
    events.push({
      at,
      act: () => {
        end(server, own, at);
        if (seconds <= 0) return;
        const one: Registration = { server, identities, from: at, until: at + seconds * SECOND };
        all.push(one);
        for (const name of ['', ...identities]) livingAt(server, name).add(one);
      },
    });
  }
  for (const record of evidence.messages) {
    if (record.protocol !== 'Diameter' || (record.label !== 'SAR' && record.label !== 'RTR')) continue;
    const message = parseDiameterMessage(record.bytes);
    if (message.kind !== 'diameter') continue;
    if (record.label === 'SAR') {
      const sar = readServerAssignmentRequest(message);
      if (sar.kind !== 'SAR' || !ENDING_ASSIGNMENTS.has(sar.assignmentType)) continue;
      events.push({ at: record.sentAt, act: () => sar.publicIdentities.forEach((identity) => end(record.from, identity, record.sentAt)) });
    } else if (record.arrivedAt !== undefined) {
      const rtr = readRegistrationTerminationRequest(message);
      const at = record.arrivedAt;
      if (rtr.kind === 'RTR') events.push({ at, act: () => rtr.publicIdentities.forEach((identity) => end(record.to, identity, at)) });
    }
  }
  for (const [server, times] of evidence.stops) for (const at of times) events.push({ at, act: () => end(server, '', at) });
  for (const { act } of events.sort((a, b) => a.at - b.at)) act();
  const named = all.flatMap((one) => one.identities.map((identity) => ({ key: `${one.server} ${identity}`, from: one.from, until: one.until })));
  return groupedInto(
    named,
    ({ key }) => key,
    (some) => longestOf(some),
  );
}

/** The terminal that a request began at, if it was one. */
function beginning(transaction: Transaction): EntityId {
  let first = transaction;
  while (first.parent !== undefined) first = first.parent;
  return first.client;
}

export const REGISTERED = rule(
  'registered',
  'An S-CSCF lets a request of a user go on only while that user is registered there: not after the HSS, the user or time has ended it, nor after it was stopped.',
  'TS 23.218 §6.4.1',
  (evidence, blame) => {
    let registrations: ReturnType<typeof registrationsOf> | undefined;
    for (const transaction of evidence.transactions) {
      const { request, server, children } = transaction;
      if (request.method === 'REGISTER' || request.toTag !== undefined || children.length === 0) continue;
      if (evidence.entities.get(server)?.kind !== 's-cscf' || evidence.entities.get(beginning(transaction))?.kind !== 'ue') continue;
      // TS 24.229 §5.4.3.1: a request on the user's behalf is told by the user part of the Service-Route.
      const route = parseUri(uriOf(request.message.headers.first('Route') ?? '') ?? '');
      if (route?.kind !== 'sip' || route.user !== 'orig') continue;
      registrations ??= registrationsOf(evidence);
      const user = identityOf(request.message.headers.first('P-Asserted-Identity') ?? '');
      const at = requestArrival(transaction) ?? 0;
      if ((registrations.get(`${server} ${user}`)?.(at) ?? -Infinity) < at)
        for (const child of children) blame(child.request, `is sent on for ${user}, who is not registered there at ${at / SECOND} s`);
    }
  },
);

const eventOf = ({ initial }: Subscription): string => parseParameterized(initial.request.message.headers.get('Event') ?? '')?.value.toLowerCase() ?? '';

/** What the notifier granted, SUBSCRIBE by SUBSCRIBE, and when it first said that it is over. */
const grantsOf = oncePer(({ subscribes, notifies }: Subscription) => {
  const grants = subscribes.flatMap(({ responses }) => {
    const accepted = responses.find(isSuccess);
    const seconds = accepted === undefined ? undefined : parseDeltaSeconds(accepted.message.headers.get('Expires'));
    return accepted === undefined || seconds === undefined ? [] : [{ at: accepted.record.sentAt, until: accepted.record.sentAt + seconds * SECOND }];
  });
  const over = Math.min(Infinity, ...notifies.flatMap(({ request }) => (stateOf(request)?.name === 'terminated' ? [request.record.sentAt] : [])));
  return { grantedAt: latestOf(grants, ({ at }) => at), over };
});

/** Until when the notifier granted it, as far as its answers up to `at` tell; undefined when it has said that it is over. */
function grantedUntil(subscription: Subscription, at: number): number | undefined {
  const { grantedAt, over } = grantsOf(subscription);
  return over <= at ? undefined : grantedAt(at)?.until;
}

/** Is it alive at the notifier at this moment, as far as the wire tells? */
function isAlive(evidence: Evidence, subscription: Subscription, at: number): boolean {
  const until = grantedUntil(subscription, at);
  if (until === undefined || until <= at) return false;
  const lost = lostAt(evidence, subscription);
  if (lost !== undefined && lost.at <= at) return false;
  return !hasForgotten(evidence, subscription.notifier, subscription.initial.request.record.sentAt, at);
}

export const TOLD_OF_END = rule(
  'told-of-end',
  'When the HSS ends a registration, everybody who watches it at the S-CSCF is told at once.',
  'RFC 3680 §4.7.1',
  (evidence, blame) => {
    let watching: ReadonlyMap<string, readonly Subscription[]> | undefined;
    for (const record of evidence.messages) {
      if (record.label !== 'RTR' || record.arrivedAt === undefined) continue;
      const message = parseDiameterMessage(record.bytes);
      const rtr = message.kind === 'diameter' ? readRegistrationTerminationRequest(message) : undefined;
      const at = record.arrivedAt;
      const until = at + IMMEDIATELY;
      if (rtr?.kind !== 'RTR' || until >= evidence.trace.until || hasForgotten(evidence, record.to, at, until)) continue;
      watching ??= grouped(
        evidence.subscriptions.filter((one) => eventOf(one) === 'reg'),
        ({ notifier, initial }) => `${notifier} ${identityOf(`<${initial.request.message.uri}>`)}`,
      );
      for (const subscription of [...new Set(rtr.publicIdentities)].flatMap((identity) => watching?.get(`${record.to} ${identity}`) ?? [])) {
        const { initial } = subscription;
        if (hasWithin(timesOf(subscription).notified, at, until) || !isAlive(evidence, subscription, at)) continue;
        if (!withoutAddress(evidence, subscription, at, until)) blame(initial.request, `watches a registration that ends at ${at / SECOND} s, and is not told`);
      }
    }
  },
);

export const ALIVE = rule(
  'alive',
  'A subscription that lives is not denied: a NOTIFY that failed with another code than those that end it, or could not be sent, takes nothing away.',
  'RFC 6665 §4.2.2',
  (evidence, blame) => {
    for (const subscription of evidence.subscriptions) {
      for (const subscribe of subscription.subscribes.slice(1)) {
        const denied = subscribe.responses.find(({ message }) => message.status === 481);
        const at = requestArrival(subscribe);
        if (denied === undefined || at === undefined || subscribe.server !== subscription.notifier) continue;
        if (isAlive(evidence, subscription, at)) blame(denied, 'denies a subscription that lives');
      }
    }
  },
);

export const ENDS_IN_TIME = rule(
  'ends-in-time',
  'A subscription that is not refreshed ends when its time is over, and the watcher is told why.',
  'RFC 6665 §4.2.1.4',
  (evidence, blame) => {
    for (const subscription of evidence.subscriptions) {
      const end = grantedUntil(subscription, evidence.trace.until);
      const by = (end ?? Infinity) + IMMEDIATELY;
      if (end === undefined || by >= evidence.trace.until || isEndedAlone(subscription)) continue;
      const lost = lostAt(evidence, subscription);
      if ((lost !== undefined && lost.at <= by) || hasForgotten(evidence, subscription.notifier, subscription.initial.request.record.sentAt, by)) continue;
      const silenced = withoutAddress(evidence, subscription, end, by) && endedWithin(evidence, subscription, 0, by);
      if (!silenced) blame(subscription.initial.request, `began a subscription whose time is over at ${end / SECOND} s, and no NOTIFY says so`);
    }
  },
);

/** RFC 5839 §5.7: an unsubscribe that was answered 204 is the end, and no NOTIFY says so. */
const isEndedAlone = ({ subscribes }: Subscription): boolean =>
  subscribes.some(({ request, responses }) => request.message.headers.get('Expires') === '0' && responses.some(({ message }) => message.status === 204));

export const LIFE_RULES: readonly Rule[] = [NO_MEMORY, REGISTERED, TOLD_OF_END, ALIVE, ENDS_IN_TIME];
