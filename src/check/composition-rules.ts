/**
 * What a presence server tells of several publications (RFC 4479 §3.5): nothing that nobody published, and where an operator has set a policy what it keeps. Judged by whole documents, so
 * that filters, parts and references are left to their own rules; where rules of the presentity hide something, only that nothing is invented.
 */
import type { Intent } from '#base/machine.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { type CompositionPolicy, readPolicy } from '#presence/composition/policy.ts';
import { PIDF_TYPE, type PresenceDocument, type Tuple } from '#presence/pidf/document.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import type { SourceKind } from '#presence/publication/source.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { addressOfRecord, parseUri } from '#protocol/sip/uri.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import type { Evidence, SipFact } from './evidence.ts';
import type { Rule } from './finding.ts';
import { grouped, oncePer } from './lookup.ts';
import { acceptedPublications, type AcceptedPublication } from './publication-rules.ts';
import { rule } from './report.ts';

/** Between what is decided and what is sent about it, in microseconds: what changes just then may stand in the document or not. */
const JUST_THEN = 200_000;

interface Told {
  readonly notify: SipFact;
  readonly document: PresenceDocument;
  readonly server: string;
  /** Of this presentity at this server, each as it was accepted last before. */
  readonly living: readonly (AcceptedPublication & { readonly said: PresenceDocument })[];
  readonly isHiding: boolean;
}

const elementsOf = ({ tuples, persons, devices }: PresenceDocument): readonly { readonly id: string }[] => [...tuples, ...persons, ...devices];
const isNeutral = ({ tuples, persons }: PresenceDocument): boolean => tuples.length === 1 && tuples[0]?.id === 'unpublished' && persons.length === 0;

const documentOf = oncePer(({ message }: SipFact): PresenceDocument | undefined => {
  const { headers, body } = message;
  if (mediaTypeOf(headers.get('Content-Type') ?? '') !== PIDF_TYPE || body.length === 0) return undefined;
  const document = parsePidf(decodeUtf8(body), 'keep');
  return isPidfError(document) ? undefined : document;
});

/** Whole documents in NOTIFYs of servers at which somebody published about the presentity. */
function* toldIn(evidence: Evidence): Generator<Told> {
  const publications = acceptedPublications(evidence);
  if (publications.length === 0) return;
  const hidden = new Set(
    evidence.trace.records.flatMap((one) =>
      one.kind === 'note' && one.message !== undefined && one.clause?.startsWith('RFC 5025') === true ? [one.message] : [],
    ),
  );
  const byResource = grouped(publications, ({ server, resource }) => `${server} ${resource}`);
  for (const { notifier, initial, subscribes, notifies } of evidence.subscriptions) {
    const { message } = initial.request;
    const resource = addressOfRecord(uriOf(message.headers.get('To') ?? '') ?? '');
    const own = byResource.get(`${notifier} ${resource}`) ?? [];
    if (own.length === 0) continue;
    // NOTIFYs and answers come in the order in which they were sent: what has begun is added once, what is over is left for good.
    let begun: readonly AcceptedPublication[] = [];
    let next = 0;
    const isFiltered = subscribes.some(({ request }) => request.message.body.length > 0);
    for (const { request } of notifies) {
      const document = documentOf(request);
      const at = request.record.sentAt;
      const first = next;
      while ((own[next]?.from ?? Infinity) <= at) next++;
      const living = [...begun, ...own.slice(first, next)].filter((one) => Math.min(one.endedAt, one.until) >= at - JUST_THEN);
      begun = living;
      const said = living.map((one) => ({ ...one, said: saidIn(one) }));
      // A part of a document says nothing without what it is a part of.
      if (document === undefined || isNeutral(document) || said.some((one) => one.said === undefined)) continue;
      yield { notify: request, document, server: notifier, living: said as Told['living'], isHiding: isFiltered || hidden.has(request.record.id) };
    }
  }
}

const saidIn = ({ body }: AcceptedPublication): PresenceDocument | undefined => (body === undefined ? undefined : documentOf(body));

export const INVENTED = rule(
  'composed-of-published',
  'What a presence server tells of somebody has been published: each service, person and device stands in a publication that lives.',
  'RFC 4479 §3.5',
  (evidence, blame) => {
    for (const { notify, document, living } of toldIn(evidence)) {
      const published = new Set(living.flatMap(({ said }) => elementsOf(said).map(({ id }) => id)));
      for (const { id } of elementsOf(document))
        // Where elements of one id are told beside each other, all but one get a number.
        if (!published.has(id) && !published.has(id.replace(/-\d+$/, ''))) blame(notify, `tells of ${id}, of which no publication that lives speaks`);
    }
  },
);

export const KEPT = rule(
  'composed-by-policy',
  'Where an operator has set a policy of composition, what it keeps is told: services, persons, and what the server does not understand.',
  'RFC 4479 §3.5',
  (evidence, blame) => {
    const policies = policiesIn(evidence);
    if (policies.length === 0) return;
    for (const { notify, document, server, living, isHiding } of toldIn(evidence)) {
      const policy = policies.findLast((one) => one.server === server && one.at <= notify.record.sentAt)?.policy;
      if (policy === undefined || isHiding) continue;
      const at = notify.record.sentAt;
      const counting = living.filter((one) => {
        if (one.from + JUST_THEN > at || Math.min(one.endedAt, one.until) < at + JUST_THEN) return false;
        const kind = kindOf(evidence, one);
        return kind !== undefined && policy.precedence.includes(kind) && policy.staleAfter[kind] === undefined;
      });
      for (const { said } of counting) {
        for (const tuple of said.tuples) {
          if (!isTold(policy, document, tuple)) blame(notify, `leaves out the service ${tuple.id}, which the policy keeps`);
          const told = document.tuples.find(({ id }) => id === tuple.id);
          if (told !== undefined && isOnly(counting, tuple.id) && !passes(policy, tuple, told))
            blame(notify, `does not treat what nobody understands of ${tuple.id} as the policy says`);
        }
        const persons = policy.persons === 'all' && policy.conflict !== 'apart' ? document.persons : undefined;
        if (persons !== undefined && said.persons.length > 0 && persons.length !== 1)
          blame(notify, `tells of ${persons.length} persons, although there is one by the policy`);
        if (persons === undefined)
          for (const { id } of said.persons)
            if (!elementsOf(document).some((one) => one.id === id)) blame(notify, `leaves out the person ${id}, whom the policy keeps`);
      }
    }
  },
);

function policiesIn({ trace }: Evidence): { readonly server: string; readonly at: number; readonly policy: CompositionPolicy }[] {
  return trace.records.flatMap((one) => {
    if (one.kind !== 'intent' || one.entity === undefined || one.intent.kind !== 'change-policy') return [];
    const policy = readPolicy((one.intent satisfies Intent)['policy']);
    return typeof policy === 'string' ? [] : [{ server: one.entity, at: one.at, policy }];
  });
}

/** What the publisher is, by who is asserted and what stands there under that name. */
function kindOf({ entities }: Evidence, { publisher, resource }: AcceptedPublication): SourceKind | undefined {
  if (publisher === undefined) return undefined;
  if (addressOfRecord(publisher) === resource) return 'user';
  const uri = parseUri(publisher);
  const kind = uri?.kind === 'sip' ? entities.get(uri.host)?.kind : undefined;
  return (['network-agent', 'external-agent'] as const).find((one) => one === kind);
}

const isTold = ({ services }: CompositionPolicy, document: PresenceDocument, { id, contact }: Tuple): boolean =>
  elementsOf(document).some((one) => one.id === id) ||
  (services === 'uri' && contact !== undefined && document.tuples.some((one) => one.contact?.uri === contact.uri));

const isOnly = (living: Told['living'], id: string): boolean => living.filter(({ said }) => elementsOf(said).some((one) => one.id === id)).length === 1;

function passes({ unknown }: CompositionPolicy, published: Tuple, told: Tuple): boolean {
  const names = ({ unknown: beside = [], unknownStatus: within = [] }: Tuple): readonly string[] =>
    [...beside, ...within].map(({ namespace, name }) => `${namespace} ${name}`);
  const kept = new Set(names(told));
  return unknown === 'pass' ? names(published).every((one) => kept.has(one)) : kept.size === 0;
}

export const COMPOSITION_RULES: readonly Rule[] = [INVENTED, KEPT];
