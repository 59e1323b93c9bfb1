/** Publications at the server that keeps them (RFC 3903 §4, §6). */
import { decodeUtf8 } from '#base/utf8.ts';
import { addressOfRecord } from '#protocol/sip/uri.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { finalArrival, hasForgotten, isSuccess, type Evidence, type SipFact, type Subscription, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { countBefore, countUpTo, grouped, groupedInto, hasWithin, longestOf, oncePer } from './lookup.ts';
import { rule } from './report.ts';
import { stateOf, timesOf } from './subscription-rules.ts';

const SECOND = 1_000_000;

/** PUBLISH transactions at the server itself, with its final answer, in the order of the answers. */
function answered({ transactions }: Evidence): { readonly publish: Transaction; readonly answer: SipFact; readonly status: number }[] {
  return transactions
    .filter(({ method, children }) => method === 'PUBLISH' && children.length === 0)
    .flatMap((publish) => {
      const answer = publish.responses.find(({ message }) => message.status >= 200);
      return answer === undefined ? [] : [{ publish, answer, status: answer.message.status }];
    })
    .sort((a, b) => a.answer.record.id - b.answer.record.id);
}

const resourceOf = ({ request }: Transaction): string => addressOfRecord(request.message.uri) ?? request.message.uri;

interface Publication {
  readonly tag: string;
  readonly server: string;
  readonly resource: string;
  readonly from: number;
  readonly until: number;
  /** Replaced, refreshed or removed then. */
  endedAt: number;
}

/** A version of a publication, with what it says. */
export interface AcceptedPublication extends Readonly<Publication> {
  /** The PUBLISH with the body that it says; undefined when that is not to be had. */
  readonly body: SipFact | undefined;
  /** For whom a network vouched, or who it said it was. */
  readonly publisher: string | undefined;
}

/** Every version of every publication, as the answers tell, with what it says; gathered once for a run. */
export const acceptedPublications: (evidence: Evidence) => readonly AcceptedPublication[] = oncePer((evidence) => {
  const all: (Publication & AcceptedPublication)[] = [];
  /** By server and tag, the last one: that one lives, if any. */
  const living = new Map<string, Publication & AcceptedPublication>();
  for (const { publish, answer, status } of answered(evidence)) {
    if (status < 200 || status > 299) continue;
    const old = publish.request.message.headers.get('SIP-If-Match');
    const at = answer.record.sentAt;
    const before = living.get(`${publish.server} ${old ?? ''}`);
    if (before !== undefined) {
      before.endedAt = at;
      living.delete(`${publish.server} ${old ?? ''}`);
    }
    const expires = parseDeltaSeconds(answer.message.headers.get('Expires'));
    const tag = answer.message.headers.get('SIP-ETag');
    if (expires === undefined || expires === 0 || tag === undefined) continue;
    const { request } = publish;
    const accepted = {
      tag,
      server: publish.server,
      resource: resourceOf(publish),
      from: at,
      until: at + expires * SECOND,
      endedAt: Infinity,
      body: request.message.body.length > 0 ? request : before?.body,
      publisher: uriOf(request.message.headers.first('P-Asserted-Identity') ?? request.message.headers.get('From') ?? ''),
    };
    all.push(accepted);
    living.set(`${publish.server} ${tag}`, accepted);
  }
  return all;
});

export const ENTITY_TAG = rule(
  'entity-tag',
  'Every success of a PUBLISH brings an entity-tag that was never used before, and Expires.',
  'RFC 3903 §6',
  (evidence, blame) => {
    const used = new Set<string>();
    for (const { publish, answer, status } of answered(evidence)) {
      if (status > 299) continue;
      const tag = answer.message.headers.get('SIP-ETag');
      if (tag === undefined) blame(answer, 'has no SIP-ETag');
      else if (used.has(`${publish.server} ${tag}`)) blame(answer, `has the SIP-ETag ${tag} of an earlier answer`);
      used.add(`${publish.server} ${tag ?? ''}`);
      if (!answer.message.headers.has('Expires')) blame(answer, 'has no Expires');
    }
  },
);

export const CONDITION = rule(
  'if-match',
  'A PUBLISH is refused with 412 when, and only when, it names an entity-tag that does not live.',
  'RFC 3903 §6',
  (evidence, blame) => {
    const publications = grouped(acceptedPublications(evidence), ({ server, resource, tag }) => `${server} ${resource} ${tag}`);
    for (const { publish, answer, status } of answered(evidence)) {
      const tag = publish.request.message.headers.get('SIP-If-Match');
      const at = answer.record.sentAt;
      const lives = (publications.get(`${publish.server} ${resourceOf(publish)} ${tag ?? ''}`) ?? []).some(
        (one) => tag !== undefined && one.from < at && one.endedAt >= at && one.until > at && !hasForgotten(evidence, one.server, one.from, at),
      );
      if (status === 412 && (tag === undefined || lives)) blame(answer, 'refuses an entity-tag that lives');
      if (status < 300 && tag !== undefined && !lives) blame(answer, `accepts the entity-tag ${tag}, which does not live`);
    }
  },
);

/** The presence package lets a notifier wait so long between two NOTIFYs (RFC 3856 §6.10), and a little. */
const AT_MOST_LATER = 5.1 * SECOND;

const watchedBy = ({ initial }: Subscription): string => addressOfRecord(uriOf(initial.request.message.headers.get('To') ?? '') ?? '') ?? '';

export const EXPIRED_PUBLICATION = rule(
  'publication-expiry',
  'When the last publication runs out, a watcher who saw it is told, once.',
  'RFC 3903 §6',
  (evidence, blame) => {
    const publications = acceptedPublications(evidence);
    const byResource = groupedInto(
      publications,
      ({ resource }) => resource,
      (all) => longestOf(all.map(({ from, until, endedAt }) => ({ from, until: Math.min(until, endedAt) }))),
    );
    const watching = grouped(evidence.subscriptions, (one) => `${one.notifier} ${watchedBy(one)}`);
    for (const gone of publications) {
      const at = gone.until;
      if (gone.endedAt <= at || at + AT_MOST_LATER >= evidence.trace.until || hasForgotten(evidence, gone.server, gone.from, at + AT_MOST_LATER)) continue;
      if ((byResource.get(gone.resource)?.(at + AT_MOST_LATER) ?? 0) > at) continue;
      for (const subscription of watching.get(`${gone.server} ${gone.resource}`) ?? []) {
        const { notifies, notifier } = subscription;
        const { notified, subscribed } = timesOf(subscription);
        const before = notifies[countBefore(notified, at) - 1];
        const state = before === undefined ? undefined : stateOf(before.request);
        const shown = before === undefined ? '' : decodeUtf8(before.request.message.body);
        if (before === undefined || state?.name !== 'active' || !shown.includes('open')) continue;
        if (hasForgotten(evidence, notifier, before.request.record.sentAt, at + AT_MOST_LATER)) continue;
        // Unanswered, or run out meanwhile: the subscription may be over.
        const answer = finalArrival(before);
        const end = before.request.record.sentAt + (state.expires ?? 0) * SECOND;
        if (answer === undefined || !isSuccess(answer.response) || end <= at + AT_MOST_LATER) continue;
        if (hasWithin(subscribed, at, at + AT_MOST_LATER)) continue;
        const told = countUpTo(notified, at + AT_MOST_LATER) - countBefore(notified, at);
        if (told !== 1) blame(before.request, `shows a publication that runs out at ${at / SECOND} s, and ${told} NOTIFYs say so`);
      }
    }
  },
);

export const PUBLICATION_RULES: readonly Rule[] = [ENTITY_TAG, CONDITION, EXPIRED_PUBLICATION];
