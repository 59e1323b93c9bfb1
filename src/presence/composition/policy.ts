/**
 * How publications of several sources become one document: a policy as data, which an operator can read and change. RFC 3903 leaves it to the compositor, and RFC 4479 §3.5 requires no way
 * to resolve what is ambiguous. The steps are those of the drafts on the processing of presence (never an RFC): discard, derive, resolve conflicts, merge.
 * Omitted: policies of single presentities, conditions on the content of an element, hard state (RFC 4827).
 */
import { isObject, type Json } from '#base/machine.ts';
import type { SourceKind } from '../publication/source.ts';

export const SOURCE_KINDS: readonly SourceKind[] = ['user', 'network-agent', 'external-agent'];

/** Of elements that are about the same: the one published last, the one of the kind that counts most (and of these the last), or all of them, for the watcher to judge. */
export type ConflictRule = 'latest' | 'precedence' | 'apart';
/** From which of several elements that became one an attribute is: the one that won, the last that says anything, the one of the kind that counts most; or from all (lists only). */
export type AttributeRule = 'winner' | 'latest' | 'precedence' | 'union';

export const ATTRIBUTES = ['activities', 'mood', 'place-type', 'note', 'sphere', 'user-input', 'basic'] as const;
export type ComposedAttribute = (typeof ATTRIBUTES)[number];
/** Of these there can be many in one element. */
export const LISTS: readonly ComposedAttribute[] = ['activities', 'mood', 'place-type', 'note'];

export interface CompositionPolicy {
  /** Kinds of sources, the one that counts most first; what comes from others is left out. */
  readonly precedence: readonly SourceKind[];
  /** Seconds after which what a source of this kind has published last counts no more, although it has not expired. */
  readonly staleAfter: Readonly<Partial<Record<SourceKind, number>>>;
  /** Kinds whose word that a service is closed closes it, whatever others say of the service at that address. */
  readonly closes: readonly SourceKind[];
  /** Which services are about the same: those with one id, or also those with one service URI (RFC 4479 §3.5). */
  readonly services: 'id' | 'uri';
  /** Which persons: those with one id, or all: there is one presentity. */
  readonly persons: 'id' | 'all';
  /** Which devices: those with one id, or also those with one device ID (RFC 4479 §3.4). */
  readonly devices: 'id' | 'device-id';
  readonly conflict: ConflictRule;
  /** `winner` for what is not named. */
  readonly attributes: Readonly<Partial<Record<ComposedAttribute, AttributeRule>>>;
  /** What becomes of elements that the server does not understand. */
  readonly unknown: 'pass' | 'drop';
}

/** As every presence server here composes that nobody told otherwise. */
export const DEFAULT_POLICY: CompositionPolicy = {
  precedence: SOURCE_KINDS,
  staleAfter: {},
  closes: [],
  services: 'id',
  persons: 'id',
  devices: 'id',
  conflict: 'latest',
  attributes: {},
  unknown: 'drop',
};

/** A policy out of what a person or a file wrote; what is left out is as by default. A sentence when it is none. */
export function readPolicy(given: Json | undefined): CompositionPolicy | string {
  if (!isObject(given)) return 'A policy is an object such as { "conflict": "precedence" }.';
  const policy: { -readonly [K in keyof CompositionPolicy]: CompositionPolicy[K] } = { ...DEFAULT_POLICY };
  for (const [key, value] of Object.entries(given)) {
    const problem = readMember(policy, key, value);
    if (problem !== undefined) return problem;
  }
  return policy;
}

type Draft = { -readonly [K in keyof CompositionPolicy]: CompositionPolicy[K] };

const CHOICES = {
  services: ['id', 'uri'],
  persons: ['id', 'all'],
  devices: ['id', 'device-id'],
  conflict: ['latest', 'precedence', 'apart'],
  unknown: ['pass', 'drop'],
} as const;
const RULES: readonly AttributeRule[] = ['winner', 'latest', 'precedence', 'union'];
/** Seconds: a year. */
const LONGEST = 31_536_000;

function readMember(policy: Draft, key: string, value: Json): string | undefined {
  switch (key) {
    case 'precedence':
    case 'closes': {
      const kinds = Array.isArray(value) ? SOURCE_KINDS.filter((kind) => value.includes(kind)) : [];
      if (!Array.isArray(value) || kinds.length !== value.length) return `"${key}" is a list without repetitions of ${SOURCE_KINDS.join(', ')}.`;
      if (key === 'precedence' && value.length === 0) return '"precedence" names at least one kind of source, or nothing would be left.';
      policy[key] = value as readonly SourceKind[];
      return undefined;
    }
    case 'staleAfter': {
      const entries = isObject(value) ? Object.entries(value) : undefined;
      const isRight = ([kind, seconds]: readonly [string, Json]): boolean =>
        (SOURCE_KINDS as readonly string[]).includes(kind) && typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST;
      if (entries?.every(isRight) !== true) return `"staleAfter" gives whole seconds, 1 to ${LONGEST}, for some of ${SOURCE_KINDS.join(', ')}.`;
      policy.staleAfter = Object.fromEntries(entries);
      return undefined;
    }
    case 'attributes': {
      const entries = isObject(value) ? Object.entries(value) : undefined;
      if (entries === undefined) return '"attributes" names attributes and a rule for each.';
      for (const [name, rule] of entries) {
        if (!(ATTRIBUTES as readonly string[]).includes(name)) return `"${name.slice(0, 40)}" is none of the attributes ${ATTRIBUTES.join(', ')}.`;
        if (!(RULES as readonly Json[]).includes(rule)) return `The rule for ${name} is one of ${RULES.join(', ')}.`;
        if (rule === 'union' && !(LISTS as readonly string[]).includes(name)) return `There is only one ${name} in an element: it cannot be joined.`;
      }
      policy.attributes = Object.fromEntries(entries);
      return undefined;
    }
    case 'services':
    case 'persons':
    case 'devices':
    case 'conflict':
    case 'unknown': {
      const choices: readonly string[] = CHOICES[key];
      if (typeof value !== 'string' || !choices.includes(value)) return `"${key}" is ${choices.join(' or ')}.`;
      Object.assign(policy, { [key]: value });
      return undefined;
    }
    default:
      return `A policy knows no "${key.slice(0, 40)}"; it has ${Object.keys(DEFAULT_POLICY).join(', ')}.`;
  }
}
