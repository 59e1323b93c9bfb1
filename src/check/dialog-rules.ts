/** Dialogs: tags, CSeq, route sets, and who stays in the path (RFC 3261 §12; RFC 6665 §4.3, §4.4.1). */
import { uriOf } from '#protocol/sip/name-addr.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { finalArrival, isSuccess, requestArrival, type Evidence, type SipFact, type Subscription, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { routeEntry, sameEntries, sameTarget } from './hiding-rules.ts';
import { rule } from './report.ts';

const listOf = (fact: SipFact, header: string): string[] => fact.message.headers.values(header).map((value) => uriOf(value) ?? value);
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);
const shown = (uris: readonly string[]): string => (uris.length === 0 ? 'none' : uris.join(', '));

export const TO_TAG = rule(
  'to-tag',
  'A final response has a To tag, and keeps the one of its request; nothing else of From, To and Call-ID changes.',
  'RFC 3261 §8.2.6.2',
  ({ transactions }, blame) => {
    for (const { request, responses } of transactions) {
      for (const response of responses) {
        if (response.message.status > 100 && response.toTag === undefined) blame(response, 'has no To tag');
        if (request.toTag !== undefined && response.toTag !== request.toTag)
          blame(response, `has the To tag ${response.toTag ?? ''}, its request ${request.toTag}`);
        if (response.fromTag !== request.fromTag || response.callId !== request.callId || response.cseq !== request.cseq)
          blame(response, 'differs from its request in From tag, Call-ID or CSeq');
      }
    }
  },
);

export const UNCHANGED = rule(
  'unchanged',
  'No proxy changes From, To, Call-ID, CSeq, Contact or Event of a request.',
  'RFC 3261 §16.6',
  ({ transactions }, blame) => {
    for (const { request, parent } of transactions) {
      if (parent === undefined) continue;
      for (const name of ['From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Event', 'Expires', 'Subscription-State', 'SIP-If-Match']) {
        const [after, before] = [request, parent.request].map(({ message }) => message.headers.get(name));
        // A border node that hides its network acts as both ends of the dialog.
        if (after !== before && !(name === 'Contact' && sameTarget(after, before))) blame(request, `has another ${name} than on the hop before`);
      }
    }
  },
);

export const CSEQ = rule('cseq', 'CSeq grows with every new request of a Call-ID and From tag.', 'RFC 3261 §12.2.1.1', ({ transactions }, blame) => {
  const last = new Map<string, SipFact>();
  for (const { request, client } of transactions) {
    if (request.vias.length > 1) continue;
    const key = `${client} ${request.callId} ${request.fromTag ?? ''}`;
    const before = last.get(key);
    // The same request again to another server keeps its number (RFC 3261 §8.1.2, RFC 3263 §4.3).
    const again = before?.cseq === request.cseq && before.method === request.method && before.record.dst !== request.record.dst;
    if (before !== undefined && request.cseq <= before.cseq && !again) blame(request, `has CSeq ${request.cseq} after ${before.cseq}`);
    last.set(key, request);
  }
});

export const DIALOG_URIS = rule(
  'notify-uris',
  'A NOTIFY has the URIs and tags of its dialog in From and To; the 200 to the SUBSCRIBE has the same tag as the NOTIFY.',
  'RFC 3261 §12.2.1.1',
  ({ subscriptions }, blame) => {
    for (const { initial, notifies, subscribes, notifierTag } of subscriptions) {
      const remote = initial.request.message.headers.get('From') ?? '';
      const local = uriOf(initial.request.message.headers.get('To') ?? '');
      for (const { request } of notifies) {
        const { headers } = request.message;
        if (request.fromTag !== notifierTag) blame(request, `has the From tag ${request.fromTag ?? ''}, the 200 to its SUBSCRIBE ${notifierTag}`);
        if (uriOf(headers.get('From') ?? '') !== local) blame(request, `has ${headers.get('From') ?? ''} in From, not the To of its SUBSCRIBE`);
        if (uriOf(headers.get('To') ?? '') !== uriOf(remote)) blame(request, `has ${headers.get('To') ?? ''} in To, not the From of its SUBSCRIBE`);
      }
      for (const { request } of subscribes.slice(1))
        if (request.toTag !== notifierTag) blame(request, `has the To tag ${request.toTag ?? ''}, the notifier gave ${notifierTag}`);
    }
  },
);

export const NOTIFY_ROUTE = rule(
  'notify-route',
  'The route set of the notifier is the Record-Route of the SUBSCRIBE in the order received, and its target the Contact.',
  'RFC 3261 §12.1.1',
  ({ subscriptions }, blame) => {
    for (const { initial, subscribes, notifies } of subscriptions) {
      const routeSet = listOf(initial.request, 'Record-Route');
      /** Each Contact of the subscriber, and since when the notifier knows it. */
      const targets = new Map<string | undefined, number>();
      for (const subscribe of subscribes) {
        const contact = uriOf(subscribe.request.message.headers.get('Contact') ?? '');
        targets.set(contact, Math.min(targets.get(contact) ?? Infinity, requestArrival(subscribe) ?? Infinity));
      }
      for (const { request } of notifies) {
        if (!same(listOf(request, 'Route'), routeSet))
          blame(request, `has the Route ${shown(listOf(request, 'Route'))}, the SUBSCRIBE had recorded ${shown(routeSet)}`);
        const known = targets.get(request.message.uri) ?? Infinity;
        if (known > request.record.sentAt) blame(request, `is sent to ${request.message.uri}, which is no Contact of its subscriber`);
      }
    }
  },
);

/** The same request on all hops after this one. */
export function descendants(transaction: Transaction): Transaction[] {
  return transaction.children.flatMap((child) => [child, ...descendants(child)]);
}

/** Did this proxy put itself on top of the Record-Route? */
function recorded({ request, client }: Transaction, parent: Transaction): boolean {
  return hostOf(listOf(request, 'Record-Route')[0]) === client && hostOf(listOf(parent.request, 'Record-Route')[0]) !== client;
}

function recordersOf({ initial }: Subscription): ReadonlySet<string> {
  const recorders = new Set<string>();
  for (let hop = initial; hop.parent !== undefined; hop = hop.parent) if (recorded(hop, hop.parent)) recorders.add(hop.client);
  return recorders;
}

export const NOTIFY_RECORDING = rule(
  'notify-record-route',
  'Who recorded the SUBSCRIBE records every NOTIFY of the dialog, for the NOTIFY gives the subscriber its route set; who did not must not.',
  'RFC 6665 §4.3',
  ({ subscriptions }, blame) => {
    for (const subscription of subscriptions) {
      const recorders = recordersOf(subscription);
      for (const notify of subscription.notifies) {
        for (const hop of descendants(notify)) {
          const did = hop.parent !== undefined && recorded(hop, hop.parent);
          if (did !== recorders.has(hop.client))
            blame(hop.request, `is ${did ? '' : 'not '}recorded by ${hop.client}, the SUBSCRIBE was ${did ? 'not' : ''}`.trimEnd());
        }
      }
    }
  },
);

/** The NOTIFYs of this subscription as they reached the subscriber, with their arrival. */
export function received(subscription: Subscription): { readonly at: number; readonly last: Transaction }[] {
  const list = subscription.notifies.flatMap((notify) =>
    [notify, ...descendants(notify)]
      .filter((hop) => hop.children.length === 0 && hop.server === origin(subscription.initial).client)
      .flatMap((last) => {
        const at = requestArrival(last);
        return at === undefined ? [] : [{ at, last }];
      }),
  );
  return list.sort((a, b) => a.at - b.at);
}

/** The first hop of a request. */
export function origin(transaction: Transaction): Transaction {
  let hop = transaction;
  while (hop.parent !== undefined) hop = hop.parent;
  return hop;
}

export const SUBSCRIBE_ROUTE = rule(
  'subscribe-route',
  'In the dialog the subscriber routes by the Record-Route of the first NOTIFY, and in-dialog requests meet nobody else.',
  'RFC 6665 §4.4.1',
  ({ subscriptions }, blame) => {
    for (const subscription of subscriptions) {
      const notified = received(subscription);
      const answer = finalArrival(origin(subscription.initial));
      for (const subscribe of subscription.subscribes.slice(1)) {
        const { request } = origin(subscribe);
        const first = notified.find(({ at }) => at <= request.record.sentAt);
        const routeSet =
          first !== undefined
            ? listOf(first.last.request, 'Record-Route')
            : answer !== undefined && isSuccess(answer.response)
              ? listOf(answer.response, 'Record-Route').reverse()
              : undefined;
        if (routeSet === undefined) blame(request, 'is sent in a dialog of which nothing had arrived');
        else if (!same(listOf(request, 'Route'), routeSet)) blame(request, `has the Route ${shown(listOf(request, 'Route'))}, not ${shown(routeSet)}`);
      }
    }
  },
);

export const IN_DIALOG_PATH = rule(
  'in-dialog-path',
  'A request in a dialog passes no filter criteria and meets no other server: every proxy only takes its own entry from the Route.',
  'RFC 3261 §16.12',
  ({ transactions }: Evidence, blame) => {
    for (const { request, parent, client } of transactions) {
      if (parent === undefined || request.toTag === undefined || request.method === 'REGISTER') continue;
      const before = listOf(parent.request, 'Route');
      const expected = hostOf(before[0]) === client ? before.slice(1) : before;
      // A border node gives tokens of its network their names back.
      if (!same(listOf(request, 'Route'), expected) && !sameEntries(listOf(request, 'Route').map(routeEntry), expected.map(routeEntry)))
        blame(request, `has the Route ${shown(listOf(request, 'Route'))} after ${shown(before)}`);
    }
  },
);

export const DIALOG_RULES: readonly Rule[] = [TO_TAG, UNCHANGED, CSEQ, DIALOG_URIS, NOTIFY_ROUTE, NOTIFY_RECORDING, SUBSCRIBE_ROUTE, IN_DIALOG_PATH];
