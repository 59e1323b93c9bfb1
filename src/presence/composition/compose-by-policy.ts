/**
 * Composes the publications of one presentity by a policy: discards what does not count, derives, resolves what is ambiguous (RFC 4479 §3.5), merges attributes. Pure, and the same whatever
 * the order in which the publications are handed in. Every decision that costs somebody something, or changes it, is told.
 */
import { after, seconds, type SimTime } from '#base/time.ts';
import { addressOfRecord } from '#protocol/sip/uri.ts';
import type { Device, Person, PresenceDocument, Tuple } from '../pidf/document.ts';
import type { Published } from '../publication/composer.ts';
import type { SourceKind } from '../publication/source.ts';
import { type Claim, type ElementKind, isBetter, merge, NAMES } from './merge.ts';
import type { CompositionPolicy } from './policy.ts';

/** What became of something that was published. */
export interface Decision {
  readonly outcome: 'taken' | 'joined' | 'changed' | 'apart' | 'lost' | 'left-out';
  /** `service t1`, `activities of person p1`, `publication`. */
  readonly what: string;
  /** Whose it is: keys of publications. */
  readonly from: readonly string[];
  /** Why, as the rest of a sentence. */
  readonly why: string;
  /** Nothing that needs saying: there was no choice. */
  readonly isPlain?: true;
}

export interface Composition {
  readonly document: PresenceDocument;
  readonly decisions: readonly Decision[];
  /** When something of it becomes stale. */
  readonly until: SimTime | undefined;
}

export function composeByPolicy(policy: CompositionPolicy, entity: string, published: readonly Published[], now: SimTime): Composition {
  const decisions: Decision[] = [];
  const inOrder = published.toSorted((a, b) => a.order - b.order);
  const counting = inOrder.filter((each) => counts(policy, each, now, decisions));
  const claims = derive(policy, claimsOf(policy, counting), decisions);
  const settled = settleKinds(policy, claims, decisions);
  const elements = groupsOf(policy, settled)
    .flatMap((group) => resolve(policy, group, decisions))
    .sort((a, b) => a.place - b.place);
  const placed = policy.conflict === 'apart' ? renamed(elements) : elements;
  const of = <T>(kind: ElementKind): T[] => placed.filter((claim) => claim.kind === kind).map(({ element }) => element as T);
  const unknown = policy.unknown === 'pass' ? counting.flatMap(({ document }) => document.unknown ?? []) : [];
  const document: PresenceDocument = {
    entity,
    tuples: of<Tuple>('service'),
    persons: of<Person>('person'),
    devices: of<Device>('device'),
    notes: [...new Set(counting.flatMap((each) => each.document.notes))],
    ...(unknown.length === 0 ? {} : { unknown: [...new Map(unknown.map((one) => [JSON.stringify(one), one])).values()] }),
  };
  return { document, decisions, until: staleAt(policy, counting) };
}

const staleMoment = (policy: CompositionPolicy, { source, publishedAt }: Published): SimTime | undefined => {
  const span = policy.staleAfter[source.kind];
  return span === undefined ? undefined : after(publishedAt, seconds(span));
};

const staleAt = (policy: CompositionPolicy, published: readonly Published[]): SimTime | undefined =>
  published.reduce<SimTime | undefined>((first, each) => {
    const at = staleMoment(policy, each);
    return at === undefined || (first !== undefined && first <= at) ? first : at;
  }, undefined);

function counts(policy: CompositionPolicy, published: Published, now: SimTime, decisions: Decision[]): boolean {
  const { key, source } = published;
  const leaveOut = (why: string): false => {
    decisions.push({ outcome: 'left-out', what: 'publication', from: [key], why });
    return false;
  };
  if (!policy.precedence.includes(source.kind)) return leaveOut(`nothing of ${KIND_WORDS[source.kind]} counts here`);
  const stale = staleMoment(policy, published);
  if (stale === undefined || stale > now) return true;
  return leaveOut(`what ${KIND_WORDS[source.kind]} says is taken for ${policy.staleAfter[source.kind] ?? 0} s only, and it is older`);
}

export const KIND_WORDS: Readonly<Record<SourceKind, string>> = {
  user: 'the user',
  'network-agent': 'the network agent',
  'external-agent': 'the external agent',
};

/** `#2 (the network agent)`: the publication for people who know the presentity. */
export const labelOf = ({ key, source }: Published): string => `${/#\d+$/.exec(key)?.[0] ?? key} (${KIND_WORDS[source.kind]})`;

function claimsOf(policy: CompositionPolicy, counting: readonly Published[]): Claim[] {
  const claims: Claim[] = [];
  for (const by of counting) {
    const rank = policy.precedence.indexOf(by.source.kind);
    const add = (kind: ElementKind, element: Tuple | Person | Device): void => {
      claims.push({ kind, element: policy.unknown === 'pass' ? element : withoutUnknown(element), by, rank, place: claims.length });
    };
    for (const tuple of by.document.tuples) add('service', tuple);
    for (const person of by.document.persons) add('person', person);
    for (const device of by.document.devices) add('device', device);
  }
  return claims;
}

function withoutUnknown<T extends Tuple | Person | Device>(element: T): T {
  if (!('unknown' in element || 'unknownStatus' in element)) return element;
  const { unknown: _elements, unknownStatus: _status, ...rest } = element as T & Pick<Tuple, 'unknown' | 'unknownStatus'>;
  return rest as unknown as T;
}

/**
 * RFC 4479 §3.3.4: closed means that to use the service will fail. Where a source that must know says so, nobody else's word helps: of the service at that address, and of no other.
 * A closed service without an address closes only itself.
 */
function derive(policy: CompositionPolicy, claims: readonly Claim[], decisions: Decision[]): readonly Claim[] {
  if (policy.closes.length === 0) return claims;
  const closing = claims.filter(
    ({ kind, element, by }) => kind === 'service' && (element as Tuple).basic === 'closed' && policy.closes.includes(by.source.kind),
  );
  if (closing.length === 0) return claims;
  return claims.map((claim) => {
    const tuple = claim.element as Tuple;
    if (claim.kind !== 'service' || tuple.basic === 'closed') return claim;
    const address = addressOf(tuple);
    const why = closing.find((one) => one.by.source.kind !== claim.by.source.kind && address !== undefined && addressOf(one.element as Tuple) === address);
    if (why === undefined) return claim;
    decisions.push({
      outcome: 'changed',
      what: `service ${tuple.id}`,
      from: [claim.by.key, why.by.key],
      why: `${KIND_WORDS[why.by.source.kind]} knows that nobody can be reached at ${address ?? ''}, so it is closed`,
    });
    return { ...claim, element: { ...tuple, basic: 'closed' } };
  });
}

/** Where the service is to be had, however it is written: `sip:User@HOME1.net;transport=tcp` is `sip:User@home1.net`, `tel:+1-212` is `tel:+1212`; anything else counts by its text. */
function addressOf({ contact }: Tuple): string | undefined {
  return contact === undefined ? undefined : (addressOfRecord(contact.uri) ?? contact.uri);
}

/** RFC 4479 §3.5: an id is unique over services, persons and devices. Where two kinds have it, one kind keeps it. */
function settleKinds(policy: CompositionPolicy, claims: readonly Claim[], decisions: Decision[]): readonly Claim[] {
  if (policy.conflict === 'apart') return claims;
  const best = new Map<string, Claim>();
  for (const claim of claims) {
    const known = best.get(claim.element.id);
    if (known === undefined || isBetter(policy.conflict, claim, known)) best.set(claim.element.id, claim);
  }
  return claims.filter((claim) => {
    const winner = best.get(claim.element.id);
    if (winner === undefined || winner.kind === claim.kind) return true;
    decisions.push({
      outcome: 'lost',
      what: nameOf(claim),
      from: [claim.by.key],
      why: `an id is unique in a document, and in ${labelOf(winner.by)} it names a ${winner.kind} that ${advantage(policy)}`,
    });
    return false;
  });
}

const nameOf = ({ kind, element }: Claim): string => `${kind} ${element.id}`;
const advantage = ({ conflict }: CompositionPolicy): string => (conflict === 'precedence' ? 'comes from a source that counts more' : 'was published later');

/** Those that are about the same, in the order of their places. */
function groupsOf(policy: CompositionPolicy, claims: readonly Claim[]): readonly (readonly Claim[])[] {
  let groups: Claim[][] = [];
  const byKey = new Map<string, Claim[]>();
  for (const claim of claims) {
    const keys = keysOf(policy, claim);
    const known = [...new Set(keys.map((key) => byKey.get(key)).filter((group) => group !== undefined))];
    const group = known[0] ?? [];
    if (known.length === 0) groups.push(group);
    // What this element is about was taken for different things until now.
    for (const other of known.slice(1)) {
      group.push(...other);
      for (const [key, of] of byKey) if (of === other) byKey.set(key, group);
      groups = groups.filter((each) => each !== other);
    }
    group.push(claim);
    for (const key of keys) byKey.set(key, group);
  }
  return groups.map((group) => group.sort((a, b) => a.place - b.place));
}

function keysOf(policy: CompositionPolicy, { kind, element }: Claim): readonly string[] {
  const own = `${kind} ${element.id}`;
  if (kind === 'person') return policy.persons === 'all' ? ['person'] : [own];
  if (kind === 'device') return policy.devices === 'id' ? [own] : [own, `device-id ${(element as Device).deviceId}`];
  const uri = (element as Tuple).contact?.uri;
  return policy.services === 'id' || uri === undefined ? [own] : [own, `uri ${uri}`];
}

function resolve(policy: CompositionPolicy, group: readonly Claim[], decisions: Decision[]): readonly Claim[] {
  const [first, second] = group;
  if (first === undefined) return [];
  if (second === undefined) {
    decisions.push({ outcome: 'taken', what: nameOf(first), from: [first.by.key], why: 'nobody else says anything of it', isPlain: true });
    return group;
  }
  const { conflict } = policy;
  if (conflict === 'apart') {
    const from = [...new Set(group.map(({ by }) => by.key))];
    for (const claim of group)
      decisions.push({ outcome: 'apart', what: nameOf(claim), from, why: 'several sources speak of it: all are told, and the watcher judges' });
    return group;
  }
  const winner = group.reduce((best, claim) => (isBetter(conflict, claim, best) ? claim : best));
  decisions.push({
    outcome: 'taken',
    what: nameOf(winner),
    from: [winner.by.key],
    why: `of ${group.length} that are about the same it ${conflict === 'precedence' ? 'counts most' : 'was published last'}`,
  });
  for (const claim of group) {
    if (claim === winner) continue;
    decisions.push({
      outcome: 'lost',
      what: nameOf(claim),
      from: [claim.by.key],
      why: `${nameOf(winner)} of ${labelOf(winner.by)} is about the same and ${reasonOf(policy, winner, claim)}`,
    });
  }
  const { element, joined } = merge(policy, winner, group);
  for (const { attribute, from, why } of joined) decisions.push({ outcome: 'joined', what: `${NAMES[attribute]} of ${nameOf(winner)}`, from, why });
  return [{ ...winner, element }];
}

const reasonOf = (policy: CompositionPolicy, winner: Claim, loser: Claim): string =>
  policy.conflict === 'precedence' && winner.rank === loser.rank ? 'was published later by a source that counts as much' : advantage(policy);

/** Ids that stand twice get a number, so that all elements can stand in one document. */
function renamed(claims: readonly Claim[]): readonly Claim[] {
  const used = new Set<string>(claims.map(({ element }) => element.id));
  const seen = new Set<string>();
  return claims.map((claim) => {
    let { id } = claim.element;
    for (let n = 2; seen.has(id) || (id !== claim.element.id && used.has(id)); n++) id = `${claim.element.id}-${n}`;
    seen.add(id);
    return id === claim.element.id ? claim : { ...claim, element: { ...claim.element, id } };
  });
}
