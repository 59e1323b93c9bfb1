/** One element out of several that are about the same: the one that won, with the attributes that the policy takes from others. */
import type { Device, Person, Span, Tuple, UnknownElement } from '../pidf/document.ts';
import type { Published } from '../publication/composer.ts';
import { ATTRIBUTES, type AttributeRule, type ComposedAttribute, type CompositionPolicy, type ConflictRule } from './policy.ts';

export type ElementKind = 'service' | 'person' | 'device';
export type Element = Tuple | Person | Device;

/** What one publication says of one service, person or device. */
export interface Claim {
  readonly kind: ElementKind;
  readonly element: Element;
  readonly by: Published;
  /** How much its source counts: the less the more. */
  readonly rank: number;
  /** In the order of publication: the greater the later. */
  readonly place: number;
}

/** Whether `a` wins over `b`. */
export const isBetter = (rule: Exclude<ConflictRule, 'apart'>, a: Claim, b: Claim): boolean =>
  rule === 'precedence' && a.rank !== b.rank ? a.rank < b.rank : a.place > b.place;

export const NAMES: Readonly<Record<ComposedAttribute, string>> = {
  activities: 'activities',
  mood: 'mood',
  'place-type': 'place',
  note: 'note',
  sphere: 'sphere',
  'user-input': 'user input',
  basic: 'status',
};

const MEMBERS = {
  activities: 'activities',
  mood: 'moods',
  'place-type': 'placeTypes',
  note: 'notes',
  sphere: 'sphere',
  'user-input': 'userInput',
  basic: 'basic',
} as const;

type Values = Readonly<Record<string, unknown>>;

export interface Joined {
  readonly attribute: ComposedAttribute;
  readonly from: readonly string[];
  readonly why: string;
}

export function merge(policy: CompositionPolicy, winner: Claim, group: readonly Claim[]): { readonly element: Element; readonly joined: readonly Joined[] } {
  const changes: Record<string, unknown> = {};
  const joined: Joined[] = [];
  for (const attribute of ATTRIBUTES) {
    const rule = policy.attributes[attribute] ?? 'winner';
    if (rule === 'winner') continue;
    const member = MEMBERS[attribute];
    const saying = group.filter(({ element }) => says((element as unknown as Values)[member]));
    const taken = takenFrom(rule, saying);
    const [only] = taken;
    if (only === undefined) continue;
    const before = (winner.element as unknown as Values)[member];
    const value =
      rule === 'union' ? [...new Set(taken.flatMap(({ element }) => (element as unknown as Values)[member] as readonly string[]))] : valueOf(only, member);
    if (JSON.stringify(value) === JSON.stringify(before)) continue;
    changes[member] = value;
    if (attribute === 'activities') changes['activitiesSpan'] = spanOf(taken);
    joined.push({ attribute, from: [...new Set(taken.map(({ by }) => by.key))], why: WHY[rule] });
  }
  const passed = { ...joinUnknown('unknown', winner, group), ...joinUnknown('unknownStatus', winner, group) };
  return { element: { ...winner.element, ...changes, ...passed }, joined };
}

/**
 * RFC 4480 §3.1: from when until when an element has the value that it has. What several say together holds until the first of them is over; since when it holds, the one that began last
 * can say, if all of them say when they began [choice]. Undefined where nothing can be said, or where what they say was never true at the same time.
 */
function spanOf(taken: readonly Claim[]): Span | undefined {
  const spans = taken.map((claim) => valueOf(claim, 'activitiesSpan') as Span | undefined);
  const [only] = spans;
  if (spans.length === 1) return only;
  const froms = spans.flatMap((span) => span?.from ?? []);
  const from = froms.length < spans.length ? undefined : inTime(froms).at(-1);
  const until = inTime(spans.flatMap((span) => span?.until ?? []))[0];
  if ((from === undefined && until === undefined) || (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until))) return undefined;
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/** The earliest first, whatever zone they are written in. */
const inTime = (moments: readonly string[]): readonly string[] => moments.toSorted((a, b) => Date.parse(a) - Date.parse(b));

const WHY: Readonly<Record<Exclude<AttributeRule, 'winner'>, string>> = {
  union: 'what all of them say is joined',
  latest: 'it is taken from whoever said something of it last',
  precedence: 'it is taken from the source that counts most of those that say something of it',
};

const says = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
const valueOf = ({ element }: Claim, member: string): unknown => (element as unknown as Values)[member];

/** For a union all, those that count more first, so that its order does not depend on when somebody repeated what had been said. */
function takenFrom(rule: AttributeRule, saying: readonly Claim[]): readonly Claim[] {
  if (rule === 'union') return saying.toSorted((a, b) => a.rank - b.rank || a.place - b.place);
  const [first] = saying;
  if (first === undefined) return [];
  const by = rule === 'precedence' ? 'precedence' : 'latest';
  return [saying.reduce((best, claim) => (isBetter(by, claim, best) ? claim : best), first)];
}

/** Nobody can choose between what nobody understands: an element of another name than any of the winner's goes along. */
function joinUnknown(member: 'unknown' | 'unknownStatus', winner: Claim, group: readonly Claim[]): Readonly<Record<string, readonly UnknownElement[]>> {
  const of = ({ element }: Claim): readonly UnknownElement[] => ((element as unknown as Values)[member] as readonly UnknownElement[] | undefined) ?? [];
  const all = [...of(winner)];
  const names = new Set(all.map(nameOf));
  for (const claim of group.toReversed()) {
    if (claim === winner) continue;
    const more = of(claim).filter((one) => !names.has(nameOf(one)));
    all.push(...more);
    for (const one of more) names.add(nameOf(one));
  }
  return all.length === 0 ? {} : { [member]: all };
}

const nameOf = ({ namespace, name }: UnknownElement): string => `${namespace} ${name}`;
