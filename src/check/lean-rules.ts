/** What makes NOTIFYs fewer: conditions and their entity-tags (RFC 5839), agreed rates (RFC 6446). */
import { decodeUtf8 } from '#base/utf8.ts';
import { isPartialError, readPartial } from '#presence/lean/apply-diff.ts';
import { PIDF_DIFF_TYPE } from '#presence/lean/diff-document.ts';
import { mediaTypeOf, parseParameterized } from '#protocol/sip/values.ts';
import { type Evidence, isSuccess, requestArrival, type SipFact, type Subscription, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { ascending, countUpTo } from './lookup.ts';
import { rule } from './report.ts';
import { followsOn, IMMEDIATELY, type Numbered, SECOND, stateOf } from './subscription-rules.ts';

const tagOf = ({ message }: SipFact): string | undefined => message.headers.get('SIP-ETag');
const conditionOf = ({ message }: SipFact): string | undefined => message.headers.get('Suppress-If-Match');

const tagKey = ({ notifier, initial }: Subscription, tag: string): string => `${notifier} ${initial.request.message.headers.get('To') ?? ''} ${tag}`;

/** When each notifier first gave a tag about a resource in a NOTIFY. */
function tagsGiven({ subscriptions }: Evidence): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  for (const subscription of subscriptions) {
    for (const { request } of subscription.notifies) {
      const tag = tagOf(request);
      if (tag === undefined) continue;
      const key = tagKey(subscription, tag);
      since.set(key, Math.min(since.get(key) ?? Infinity, request.record.sentAt));
    }
  }
  return since;
}

export const NO_NOTIFICATION = rule(
  'no-notification',
  'Only a SUBSCRIBE within a dialog that names an entity-tag given before, or *, is answered 204, which says how long the subscription stays.',
  'RFC 5839 §7.1',
  (evidence, blame) => {
    const given = tagsGiven(evidence);
    for (const subscription of evidence.subscriptions) {
      for (const { request, responses } of subscription.subscribes) {
        const spared = responses.find((one) => isSuccess(one) && one.message.status === 204);
        if (spared === undefined) continue;
        const condition = conditionOf(request);
        if (request.toTag === undefined) blame(spared, 'answers a SUBSCRIBE outside a dialog');
        else if (condition === undefined) blame(spared, 'answers a SUBSCRIBE without a condition');
        else if (condition !== '*' && (given.get(tagKey(subscription, condition)) ?? Infinity) > spared.record.sentAt)
          blame(spared, `takes ${condition} for a state that is known, and no NOTIFY ever named it`);
      }
    }
  },
);

export const STATE_NAMED = rule(
  'state-named',
  'One entity-tag names one state of a resource: what two NOTIFYs with the same tag tell is the same.',
  'RFC 5839 §6.1',
  ({ subscriptions }, blame) => {
    const told = new Map<string, string>();
    for (const { notifier, initial, notifies } of subscriptions) {
      for (const { request } of notifies) {
        const { headers, body } = request.message;
        const tag = tagOf(request);
        if (tag === undefined || body.length === 0) continue;
        const key = `${notifier} ${initial.request.message.headers.get('To') ?? ''} ${tag} ${headers.get('Content-Type') ?? ''}`;
        const text = String.fromCharCode(...body);
        const before = told.get(key);
        // A part, or a numbered whole, is told in other words each time.
        if (before !== undefined && before !== text && !/pidf-diff/.test(key)) blame(request, `tells another state under ${tag} than the NOTIFY before`);
        told.set(key, text);
      }
    }
  },
);

/** Microseconds. */
function intervalOf(notify: SipFact): number | undefined {
  const rate = Number(parseParameterized(notify.message.headers.get('Subscription-State') ?? '')?.params.get('max-rate'));
  return rate > 0 ? SECOND / rate : undefined;
}

/** When the SUBSCRIBEs that were accepted came, in the order of time. */
const askedIn = (subscribes: readonly Transaction[]): readonly number[] =>
  ascending(subscribes.filter(({ responses }) => responses.some(isSuccess)).flatMap((one) => requestArrival(one) ?? []));

export const LEAST_INTERVAL = rule(
  'least-interval',
  'NOTIFYs that nobody asked for keep the interval of the agreed max-rate; the last one and a change of the subscription itself need not.',
  'RFC 6446 §5.2',
  ({ subscriptions }, blame) => {
    for (const { subscribes, notifies } of subscriptions) {
      const asked = askedIn(subscribes);
      let before: SipFact | undefined;
      for (const { request } of notifies) {
        const last = before;
        before = request;
        const interval = last === undefined ? undefined : intervalOf(last);
        if (last === undefined || interval === undefined || request.cseq === last.cseq) continue;
        const [from, to] = [last.record.sentAt, request.record.sentAt];
        if (stateOf(request)?.name !== stateOf(last)?.name || countUpTo(asked, to) > countUpTo(asked, from)) continue;
        // Before the first of them could be sent a name had to be resolved.
        if (to - from < interval - Math.min(IMMEDIATELY, interval / 2))
          blame(request, `comes ${(to - from) / SECOND} s after the one before, ${interval / SECOND} s were agreed`);
      }
    }
  },
);

/** The version that a NOTIFY or PUBLISH says, and whether it tells the whole; undefined when it is no partial document. */
function partOf({ message }: SipFact): { readonly version: number | undefined; readonly isWhole: boolean } | undefined {
  if (message.body.length === 0 || mediaTypeOf(message.headers.get('Content-Type') ?? '') !== PIDF_DIFF_TYPE) return undefined;
  const read = readPartial(decodeUtf8(message.body));
  return isPartialError(read) ? { version: undefined, isWhole: false } : { version: read.version, isWhole: read.kind === 'full' };
}

export const PARTIAL_VERSIONS = rule(
  'partial-versions',
  'The first partial document of a subscription is version 1 and tells the whole; each one after it has the next number, and one that answers a SUBSCRIBE tells the whole.',
  'RFC 5263 §4.4',
  ({ subscriptions }, blame) => {
    for (const { subscribes, notifies } of subscriptions) {
      const asked = askedIn(subscribes);
      const seen = new Set<number>();
      let last: Numbered = { version: 0, cseq: 0 };
      let before = -1;
      for (const { request } of notifies) {
        const part = seen.has(request.cseq) ? undefined : partOf(request);
        seen.add(request.cseq);
        const since = before;
        before = request.record.sentAt;
        if (part === undefined) continue;
        const here = { version: part.version ?? NaN, cseq: request.cseq };
        if (!followsOn(here, last, part.isWhole)) blame(request, `has the version ${part.version ?? 'that nobody can read'}, ${last.version + 1} was due`);
        const isAnswer = countUpTo(asked, request.record.sentAt) > countUpTo(asked, since);
        if (!part.isWhole && (last.version === 0 || isAnswer)) blame(request, 'has to tell the whole, and tells only of changes');
        last = part.version === undefined ? { version: last.version + 1, cseq: request.cseq } : here;
      }
    }
  },
);

export const LEAN_RULES: readonly Rule[] = [NO_NOTIFICATION, STATE_NAMED, LEAST_INTERVAL, PARTIAL_VERSIONS];
