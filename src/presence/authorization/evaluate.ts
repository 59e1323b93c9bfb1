/**
 * Rules held against a watcher: which of them hold, and what they say together (RFC 4745 for conditions and combining, RFC 5025 §3.2.1 for subscriptions).
 * A permission is only ever given, never taken: numbers and steps take the highest, truths are joined by or, sets are united, and what nobody gives is not given.
 */
import { addressOfRecord, parseUri } from '#protocol/sip/uri.ts';
import {
  type Condition,
  type Except,
  type Handling,
  HANDLING_VALUES,
  type Member,
  NOTHING_SHOWN,
  type Permissions,
  type Rule,
  type Ruleset,
  type Selection,
  type Selector,
  USER_INPUT_DEGREES,
} from './ruleset.ts';

/** Who asks, and when. */
export interface Circumstances {
  /** Canonical identity that the network vouches for; undefined for somebody without. */
  readonly watcher: string | undefined;
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  /** What the presentity says of itself; undefined when it says nothing, or not one thing. */
  readonly sphere: string | undefined;
}

export interface Verdict {
  readonly handling: Handling;
  readonly shows: Permissions;
  /** The ids of the rules that hold. */
  readonly holding: readonly string[];
}

/** What all rules that hold say together; where none says anything about subscriptions it is `otherwise` (RFC 5025 §3.2.1: block). */
export function evaluate(ruleset: Ruleset, of: Circumstances, otherwise: Handling = 'block'): Verdict {
  const holding = ruleset.rules.filter((rule) => holds(rule, of, ruleset));
  let handling: Handling | undefined;
  let shows = NOTHING_SHOWN;
  for (const rule of holding) {
    if (rule.handling !== undefined && (handling === undefined || HANDLING_VALUES[rule.handling] > HANDLING_VALUES[handling])) handling = rule.handling;
    shows = unite(shows, rule.shows);
  }
  return { handling: handling ?? otherwise, shows, holding: holding.map(({ id }) => id) };
}

function holds(rule: Rule, of: Circumstances, ruleset: Ruleset): boolean {
  return rule.conditions.every((condition) => {
    switch (condition.kind) {
      case 'identity':
        return condition.members.some((member) => isMember(of.watcher, member));
      case 'sphere':
        return of.sphere === condition.value;
      case 'validity':
        return condition.periods.some(({ from, until }) => Date.parse(from) <= of.time && of.time < Date.parse(until));
      case 'anonymous-request':
        return of.watcher === undefined;
      case 'other-identity':
        return of.watcher !== undefined && !ruleset.rules.some((other) => other !== rule && names(other, of.watcher));
      // RFC 4745 §7: what is not understood is not fulfilled.
      case 'unknown':
        return false;
    }
  });
}

const names = (rule: Rule, watcher: string | undefined): boolean => rule.conditions.some((condition) => isNamedIn(condition, watcher));
const isNamedIn = (condition: Condition, watcher: string | undefined): boolean =>
  condition.kind === 'identity' && condition.members.some((member) => isMember(watcher, member));

/** Nobody without an identity is one of anybody (RFC 4745 §7.1.1). */
export function isMember(watcher: string | undefined, member: Member): boolean {
  if (watcher === undefined) return false;
  if (member.kind === 'one') return isSame(watcher, member.id);
  if (member.domain !== undefined && domainOf(watcher) !== member.domain.toLowerCase()) return false;
  return !member.except.some((except) => isExcepted(watcher, except));
}

const isExcepted = (watcher: string, { id, domain }: Except): boolean =>
  (id !== undefined && isSame(watcher, id)) || (domain !== undefined && domainOf(watcher) === domain.toLowerCase());

const keyOf = (uri: string): string => addressOfRecord(uri)?.replace(/^pres:/, 'sip:') ?? uri;
const isSame = (a: string, b: string): boolean => keyOf(a) === keyOf(b);

function domainOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  return parsed === undefined || parsed.kind === 'tel' || parsed.kind === 'other' ? undefined : parsed.host.toLowerCase();
}

function unite(a: Permissions, b: Permissions): Permissions {
  const degree = Math.max(USER_INPUT_DEGREES.indexOf(a.userInput), USER_INPUT_DEGREES.indexOf(b.userInput));
  return {
    services: uniteSelections(a.services, b.services),
    persons: uniteSelections(a.persons, b.persons),
    devices: uniteSelections(a.devices, b.devices),
    attributes: a.attributes === 'all' || b.attributes === 'all' ? 'all' : [...new Set([...a.attributes, ...b.attributes])],
    unknown: [...a.unknown, ...b.unknown.filter((one) => !a.unknown.some((other) => other.name === one.name && other.namespace === one.namespace))],
    userInput: USER_INPUT_DEGREES[degree] ?? 'false',
  };
}

function uniteSelections(a: Selection, b: Selection): Selection {
  if (a === 'all' || b === 'all') return 'all';
  const has = (selector: Selector): boolean => a.some(({ kind, value }) => kind === selector.kind && value === selector.value);
  return [...a, ...b.filter((selector) => !has(selector))];
}
