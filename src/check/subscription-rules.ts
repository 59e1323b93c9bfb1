/** Subscriptions at the notifier (RFC 6665 §4.1.2, §4.2). */
import { transactionTimeout } from '#protocol/sip/transaction-tables.ts';
import { parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';
import type { MessageRecord } from '#trace/record.ts';
import { finalArrival, isSuccess, requestArrival, type Evidence, type SipFact, type Subscription, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { ascending, countBefore, countUpTo, groupedInto, hasWithin, latestOf, oncePer } from './lookup.ts';
import { rule } from './report.ts';
import { timersOf } from './transaction-rules.ts';

interface State {
  readonly name: string;
  /** Seconds. */
  readonly expires: number | undefined;
}

export function stateOf(notify: SipFact): State | undefined {
  const state = parseParameterized(notify.message.headers.get('Subscription-State') ?? '');
  return state === undefined ? undefined : { name: state.value.toLowerCase(), expires: parseDeltaSeconds(state.params.get('expires')) };
}

export const SECOND = 1_000_000;

export const STATED = rule(
  'subscription-state',
  'Every NOTIFY says the state of its subscription and its event; active and pending say when it runs out.',
  'RFC 6665 §4.2.2',
  ({ transactions }, blame) => {
    for (const { request } of transactions) {
      if (request.method !== 'NOTIFY' || request.vias.length > 1) continue;
      const state = stateOf(request);
      if (state === undefined) blame(request, 'has no Subscription-State');
      else if (state.name !== 'terminated' && state.expires === undefined) blame(request, `is ${state.name} and does not say until when`);
      if (!request.message.headers.has('Event')) blame(request, 'has no Event');
      if (!request.message.headers.has('Contact')) blame(request, 'has no Contact');
    }
  },
);

export const NOTIFY_OF_SUBSCRIPTION = rule(
  'notify-belongs',
  'A NOTIFY belongs to a subscription that its sender accepted.',
  'RFC 6665 §4.2.2',
  ({ orphans }, blame) => {
    for (const { request } of orphans) blame(request, 'belongs to no subscription of its sender');
  },
);

/** Immediately; but before anything can be sent, a DNS server may have to be asked, and asked again when it is silent. */
export const IMMEDIATELY = 5.5 * SECOND;

/** When NOTIFYs and SUBSCRIBEs of a subscription were sent, in the order of time. */
export const timesOf = oncePer(({ notifies, subscribes }: Subscription) => ({
  notified: ascending(notifies.map(({ request }) => request.record.sentAt)),
  subscribed: ascending(subscribes.map(({ request }) => request.record.sentAt)),
}));

/** When subscriptions ended at each notifier: its own state records say so. */
const endsOf = oncePer(({ trace }: Evidence): ReadonlyMap<string, readonly number[]> => {
  const ends = trace.records.flatMap((r) => (r.kind === 'state' && r.to === 'terminated' && r.machine.startsWith('subscription') ? [r] : []));
  return groupedInto(
    ends,
    ({ entity }) => entity,
    (all) => ascending(all.map(({ at }) => at)),
  );
});

/** Did the notifier end the subscription between these moments? */
export const endedWithin = (evidence: Evidence, { notifier }: Subscription, from: number, to: number): boolean =>
  hasWithin(endsOf(evidence).get(notifier) ?? [], from, to);

/** What goes between resolvers and servers, in the order in which it was sent, as `messages` are. */
const dnsOf = oncePer(({ messages }: Evidence) => {
  const dns = messages.filter(({ protocol }) => protocol === 'DNS');
  return { dns, times: dns.map(({ sentAt }) => sentAt) };
});

/** How long a resolver waits for the answer to a question before it gives up. */
const PATIENCE = 5 * SECOND;

/** Was the notifier asking for an address about then, and was told none in time, or that there is trouble? Then it could send nothing. */
export function withoutAddress(evidence: Evidence, { notifier }: Subscription, from: number, to: number): boolean {
  const { dns: all, times } = dnsOf(evidence);
  const dns = all.slice(countBefore(times, from - IMMEDIATELY), countUpTo(times, to)).filter((m) => m.from === notifier || m.to === notifier);
  // The same octets again are the same question: what is asked anew later has an id of its own, and its answer says nothing of the one before.
  const idOf = ({ bytes }: MessageRecord): string => bytes.subarray(0, 2).join('.');
  const asked = new Map<string, MessageRecord>();
  for (const message of dns) if (message.from === notifier && !asked.has(idOf(message))) asked.set(idOf(message), message);
  return [...asked].some(([id, { label, sentAt }]) => {
    const question = label.slice('DNS '.length);
    const told = (what: string): boolean =>
      dns.some(
        (m) =>
          m.to === notifier &&
          idOf(m) === id &&
          m.label.startsWith(`DNS ${what} (${question}`) &&
          m.arrivedAt !== undefined &&
          m.arrivedAt <= Math.min(to, sentAt + PATIENCE),
      );
    return !told('answer') || told('SERVFAIL');
  });
}

export const NOTIFY_FOLLOWS = rule(
  'notify-follows',
  'Every 2xx to a SUBSCRIBE is followed at once by a NOTIFY, but for a 204.',
  'RFC 6665 §4.2.1.2',
  (evidence, blame) => {
    for (const subscription of evidence.subscriptions) {
      for (const { responses } of subscription.subscribes) {
        const accepted = responses.find(isSuccess);
        // RFC 5839 §6.3: 204 says that none follows.
        if (accepted === undefined || accepted.message.status === 204) continue;
        const { sentAt } = accepted.record;
        const until = sentAt + IMMEDIATELY;
        const followed = hasWithin(timesOf(subscription).notified, sentAt, until);
        if (followed || until >= evidence.trace.until || endedWithin(evidence, subscription, sentAt, until)) continue;
        if (!withoutAddress(evidence, subscription, sentAt, until)) blame(accepted, 'is followed by no NOTIFY');
      }
    }
  },
);

const expiresOf = (fact: SipFact): number | undefined => parseDeltaSeconds(fact.message.headers.get('Expires'));

export const NEVER_LONGER = rule(
  'never-longer',
  'What was asked for is never lengthened: neither by the 2xx, which must say it, nor by a NOTIFY.',
  'RFC 6665 §4.2.1.1',
  ({ subscriptions }, blame) => {
    for (const { subscribes, notifies } of subscriptions) {
      const grants: { readonly at: number; readonly end: number }[] = [];
      for (const { request, responses } of subscribes) {
        const accepted = responses.find(isSuccess);
        if (accepted === undefined) continue;
        const granted = expiresOf(accepted);
        const asked = expiresOf(request);
        if (granted === undefined) blame(accepted, 'has no Expires');
        else {
          if (asked !== undefined && granted > asked) blame(accepted, `grants ${granted} s, ${asked} s were asked for`);
          grants.push({ at: accepted.record.sentAt, end: accepted.record.sentAt + granted * SECOND });
        }
      }
      const grantedAt = latestOf(grants, ({ at }) => at);
      for (const { request } of notifies) {
        const { sentAt } = request.record;
        const grant = grantedAt(sentAt);
        const expires = stateOf(request)?.expires;
        // Whole seconds on the wire: less than one may be rounded up.
        if (grant !== undefined && expires !== undefined && stateOf(request)?.name !== 'terminated' && sentAt + expires * SECOND >= grant.end + SECOND)
          blame(request, `says ${expires} s, only ${Math.max(0, grant.end - sentAt) / SECOND} s are left`);
      }
    }
  },
);

/** A document of a series as a NOTIFY tells it. */
export interface Numbered {
  readonly version: number;
  readonly cseq: number;
}

/** Whether the number of a document follows. What could not be sent had a number too, as the gap in CSeq shows, and whatever comes after it tells the whole. */
export const followsOn = (now: Numbered, before: Numbered, isWhole: boolean): boolean =>
  now.version === before.version + 1 || (isWhole && now.version > before.version && now.version - before.version <= now.cseq - before.cseq);

export const AFTER_THE_END = rule('after-the-end', 'After a NOTIFY that says terminated there is no other.', 'RFC 6665 §4.2.2', ({ subscriptions }, blame) => {
  for (const { notifies } of subscriptions) {
    const end = notifies.find(({ request }) => stateOf(request)?.name === 'terminated');
    for (const { request } of notifies)
      if (end !== undefined && request.record.id > end.request.record.id && request.cseq !== end.request.cseq)
        blame(request, 'comes after the end of its subscription');
  }
});

// RFC 6665 §4.2.2: these end the subscription; others only that NOTIFY.
const ENDING = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);

interface Loss {
  readonly at: number;
  readonly by: Transaction;
}

const losses = oncePer((evidence: Evidence) => oncePer((subscription: Subscription) => findLoss(evidence, subscription)));

/** When the notifier had to give the subscription up, if it had to. */
export const lostAt = (evidence: Evidence, subscription: Subscription): Loss | undefined => losses(evidence)(subscription);

function findLoss(evidence: Evidence, { notifies }: Subscription): Loss | undefined {
  const lastOf = new Map<number, number>();
  for (const { request } of notifies) lastOf.set(request.cseq, Math.max(lastOf.get(request.cseq) ?? 0, request.record.id));
  for (const notify of notifies) {
    const answer = finalArrival(notify);
    const timeout = notify.request.record.sentAt + transactionTimeout(timersOf(evidence, notify));
    const again = (lastOf.get(notify.request.cseq) ?? 0) > notify.request.record.id;
    if (again) continue;
    if (answer === undefined || answer.at >= timeout) return { at: timeout, by: notify };
    if (ENDING.has(answer.response.message.status)) return { at: answer.at, by: notify };
  }
  return undefined;
}

export const FAILED_NOTIFY = rule(
  'failed-notify',
  'A NOTIFY that gets no answer before Timer F, or one of the answers that end it, ends the subscription: no NOTIFY follows, and a SUBSCRIBE there gets 481.',
  'RFC 6665 §4.2.2',
  (evidence, blame) => {
    for (const subscription of evidence.subscriptions) {
      const lost = lostAt(evidence, subscription);
      if (lost === undefined) continue;
      for (const { request } of subscription.notifies)
        if (request.record.sentAt > lost.at) blame(request, `is sent although record ${lost.by.request.record.id} had failed`);
      for (const subscribe of subscription.subscribes) {
        if ((requestArrival(subscribe) ?? -1) <= lost.at) continue;
        const other = subscribe.responses.find(({ message }) => message.status >= 200 && message.status !== 481);
        if (other !== undefined) blame(other, 'answers for a subscription that had ended: 481 was due');
      }
    }
  },
);

export const SUBSCRIPTION_RULES: readonly Rule[] = [STATED, NOTIFY_OF_SUBSCRIPTION, NOTIFY_FOLLOWS, NEVER_LONGER, AFTER_THE_END, FAILED_NOTIFY];
