/** Subscriptions to lists at the list server (RFC 4662 §4, §5), read from the NOTIFYs as they were sent. */
import { decodeUtf8 } from '#base/utf8.ts';
import { isListBodyError, type ListState, RELATED_TYPE, readListBody } from '#presence/lists/list-body.ts';
import { SERVICES_TYPE } from '#presence/lists/resource-lists.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import type { EntityId } from '#trace/record.ts';
import { isSuccess, requestArrival, type Evidence, type SipFact, type Subscription } from './evidence.ts';
import type { Rule } from './finding.ts';
import { ascending, countUpTo, groupedInto, oncePer } from './lookup.ts';
import { rule } from './report.ts';
import { followsOn, type Numbered } from './subscription-rules.ts';

const EVENTLIST = 'eventlist';
const requires = (fact: SipFact): boolean => fact.message.headers.values('Require').includes(EVENTLIST);
const carriesList = ({ message }: SipFact): boolean => mediaTypeOf(message.headers.get('Content-Type') ?? '') === RELATED_TYPE;

/** Subscriptions whose notifier said that they are to a list. */
const toLists = ({ subscriptions }: Evidence): readonly Subscription[] =>
  subscriptions.filter(
    ({ initial, notifies }) => initial.responses.some((one) => isSuccess(one) && requires(one)) || notifies.some(({ request }) => requires(request)),
  );

/** Each NOTIFY once: the same again to another address has the same number. */
function notifiesOf({ notifies }: Subscription): readonly SipFact<SipRequest>[] {
  const seen = new Set<number>();
  return notifies.flatMap(({ request }) => {
    if (seen.has(request.cseq)) return [];
    seen.add(request.cseq);
    return [request];
  });
}

function listOf({ message }: SipFact): ListState | string {
  const list = readListBody(message.headers.get('Content-Type') ?? '', message.body);
  return isListBodyError(list) ? list.reason : list;
}

export const LIST_NEGOTIATED = rule(
  'list-negotiated',
  'Who subscribes to a list has said that lists are understood, and 2xx and NOTIFY say that they must be; nobody else is told of lists.',
  'RFC 4662 §4.1',
  (evidence, blame) => {
    for (const { initial, subscribes, notifies } of toLists(evidence)) {
      if (!initial.request.message.headers.values('Supported').includes(EVENTLIST))
        blame(initial.request, 'does not say that lists are understood, and is told of one');
      for (const { responses } of subscribes)
        for (const accepted of responses.filter(isSuccess)) if (!requires(accepted)) blame(accepted, 'does not require eventlist');
      for (const { request } of notifies) if (!requires(request)) blame(request, 'does not require eventlist');
    }
  },
);

export const LIST_BODY = rule(
  'list-body',
  'Every NOTIFY of a list holds RLMI as its root; each active instance refers to a part of its own, and one that is over says why.',
  'RFC 4662 §5.5',
  (evidence, blame) => {
    for (const subscription of toLists(evidence)) {
      for (const notify of notifiesOf(subscription)) {
        const list = listOf(notify);
        // RFC 4662 §4.5: once a list, always a list.
        if (!carriesList(notify)) blame(notify, 'tells of a list and holds none');
        else if (typeof list === 'string') blame(notify, `holds a list that cannot be read: ${list.replace(/\.$/, '')}`);
        else for (const uri of withoutReason(list)) blame(notify, `says that ${uri} is terminated, and not why`);
      }
    }
    for (const { notifies } of evidence.subscriptions)
      for (const { request } of notifies) if (carriesList(request) && !requires(request)) blame(request, 'holds a list that nobody has to understand');
  },
);

function withoutReason({ resources }: ListState): readonly string[] {
  return resources.flatMap(({ uri, instances }) =>
    instances.flatMap(({ state, reason, body }) => {
      if (body?.kind === 'list') return withoutReason(body.list);
      return state === 'terminated' && reason === undefined ? [uri] : [];
    }),
  );
}

/** The documents that a NOTIFY carries, by where in it they stand: its own list, and those within it. */
function listsIn(list: ListState, where = ''): readonly (readonly [string, ListState])[] {
  const within = list.resources.flatMap(({ uri, instances }) =>
    instances.flatMap(({ id, body }) => (body?.kind === 'list' ? listsIn(body.list, `${where} ${uri} ${id}`) : [])),
  );
  return [[where, list], ...within];
}

export const LIST_VERSIONS = rule(
  'list-versions',
  'The version of a list is 0 in the first NOTIFY of a subscription and grows by one with each; so does that of a list within it.',
  'RFC 4662 §5.2',
  (evidence, blame) => {
    for (const subscription of toLists(evidence)) {
      const last = new Map<string, Numbered>();
      for (const notify of notifiesOf(subscription)) {
        const list = listOf(notify);
        if (typeof list === 'string') continue;
        for (const [where, { version, fullState }] of listsIn(list)) {
          const before = last.get(where) ?? { version: -1, cseq: 0 };
          const here = { version, cseq: notify.cseq };
          if (!followsOn(here, before, fullState))
            blame(notify, `has version ${version} of ${where === '' ? 'its list' : 'a list within it'}, ${before.version + 1} was due`);
          last.set(where, here);
        }
      }
    }
  },
);

/** When documents with lists came to whom, in the order of time. */
const listsFetched = oncePer(({ messages }: Evidence): ReadonlyMap<EntityId, readonly number[]> => {
  const fetched = messages.filter(({ protocol, label, bytes }) => protocol === 'HTTP' && label.startsWith('200 ') && decodeUtf8(bytes).includes(SERVICES_TYPE));
  return groupedInto(
    fetched,
    ({ to }) => to,
    (all) => ascending(all.flatMap(({ arrivedAt }) => arrivedAt ?? [])),
  );
});

export const LIST_COMPLETE = rule(
  'list-complete',
  'The first NOTIFY of a list, and the first after every SUBSCRIBE, tells its full state: nobody who was on the list before is missing.',
  'RFC 4662 §5.2',
  (evidence, blame) => {
    for (const subscription of toLists(evidence)) {
      const known = new Set<string>();
      let toldAt = 0;
      const fetched = listsFetched(evidence).get(subscription.notifier) ?? [];
      // RFC 5839 §5.6: after 204 no NOTIFY follows.
      const asked = ascending(
        subscription.subscribes
          .filter(({ responses }) => responses.some((one) => isSuccess(one) && one.message.status !== 204))
          .flatMap((one) => requestArrival(one) ?? []),
      );
      let answered = 0;
      for (const notify of notifiesOf(subscription)) {
        const list = listOf(notify);
        if (typeof list === 'string') continue;
        const { sentAt } = notify.record;
        const due = Math.max(answered, countUpTo(asked, sentAt));
        if (due > answered && !list.fullState) blame(notify, 'follows a SUBSCRIBE and tells only what has changed');
        answered = due;
        const told = new Set(list.resources.map(({ uri }) => uri));
        // RFC 4826 §4.5: whoever keeps the list may have written it anew since, without somebody.
        if (list.fullState && countUpTo(fetched, sentAt) > countUpTo(fetched, toldAt)) known.clear();
        toldAt = sentAt;
        if (list.fullState) for (const uri of known) if (!told.has(uri)) blame(notify, `says that it is complete, and leaves out ${uri}`);
        for (const uri of told) known.add(uri);
      }
    }
  },
);

export const LIST_RULES: readonly Rule[] = [LIST_NEGOTIATED, LIST_BODY, LIST_VERSIONS, LIST_COMPLETE];
