/**
 * The rules of presentities as a presence server holds them: a ruleset for each, or one for all; and what else their conditions hang on: the time, and the sphere that a
 * presentity publishes (RFC 5025 §3.1.2). Pure: it says what holds; its owner acts on it.
 */
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { PresenceDocument } from '../pidf/document.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import type { Condition, Handling, Member, Permissions, Rule, Ruleset } from './ruleset.ts';

const NO_RULES: Ruleset = { rules: [] };

export interface RuleBookOptions {
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
  /** For presentities that have none of their own. */
  readonly common?: Ruleset;
  /** Where no rule says anything about subscriptions. */
  readonly otherwise: Handling;
}

export class RuleBook {
  readonly #options: RuleBookOptions;
  readonly #startsAt: number;
  readonly #own = new Map<string, Ruleset>();
  readonly #spheres = new Map<string, string>();
  /** Microseconds: when some period begins or ends. */
  #boundaries: number[] = [];

  constructor(options: RuleBookOptions) {
    this.#options = options;
    this.#startsAt = Date.parse(options.startsAt);
    this.#findBoundaries();
  }

  /** A presentity has other rules, or (undefined) none of its own any more. */
  put(presentity: string, ruleset: Ruleset | undefined): void {
    if (ruleset === undefined) this.#own.delete(presentity);
    else this.#own.set(presentity, ruleset);
    this.#findBoundaries();
  }

  rulesOf(presentity: string): Ruleset {
    return this.#own.get(presentity) ?? this.#options.common ?? NO_RULES;
  }

  /** What is published about a presentity now, each document by itself, whatever is made of them: two spheres at once are none (RFC 5025 §3.1.2). True when it is in another than before. */
  learn(presentity: string, published: readonly PresenceDocument[]): boolean {
    const spheres = new Set(published.flatMap(({ persons }) => persons.flatMap(({ sphere }) => sphere ?? [])));
    const sphere = spheres.size === 1 ? [...spheres][0] : undefined;
    const before = this.#spheres.get(presentity);
    if (sphere === undefined) this.#spheres.delete(presentity);
    else this.#spheres.set(presentity, sphere);
    return sphere !== before;
  }

  /** `watcher`: canonical identity, undefined for somebody for whom nobody vouches. */
  verdict(presentity: string, watcher: string | undefined, now: SimTime): Verdict {
    const circumstances = { watcher, time: this.#startsAt + Math.floor(now / 1000), sphere: this.#spheres.get(presentity) };
    return evaluate(this.rulesOf(presentity), circumstances, this.#options.otherwise);
  }

  /** When the next period of any rule begins or ends. */
  deadline(): SimTime | undefined {
    return this.#boundaries[0] as SimTime | undefined;
  }

  /** Whether a period has begun or ended by `now`. */
  fire(now: SimTime): boolean {
    const before = this.#boundaries.length;
    this.#boundaries = this.#boundaries.filter((at) => at > now);
    return this.#boundaries.length < before;
  }

  viewTable(): ViewTable {
    const all: (readonly [string, Ruleset])[] = [...this.#own];
    if (this.#options.common !== undefined) all.push(['everybody else', this.#options.common]);
    return {
      title: 'Presence rules',
      columns: ['Presentity', 'Rule', 'Holds for', 'Subscriptions', 'Shows'],
      rows: all.flatMap(([presentity, ruleset]) => ruleRows(presentity, ruleset)),
      empty: `No rules: ${this.#options.otherwise} for everybody.`,
    };
  }

  #findBoundaries(): void {
    const rulesets = [...this.#own.values(), this.#options.common ?? NO_RULES];
    const periods = rulesets.flatMap(({ rules }) =>
      rules.flatMap(({ conditions }) => conditions.flatMap((one) => (one.kind === 'validity' ? one.periods : []))),
    );
    const moments = periods.flatMap(({ from, until }) => [from, until]).map((text) => (Date.parse(text) - this.#startsAt) * 1000);
    this.#boundaries = [...new Set(moments)].filter((at) => at > 0 && at <= Number.MAX_SAFE_INTEGER).sort((a, b) => a - b);
  }
}

/** Rules in words, a row for each: whose, its name, for whom, what becomes of a subscription, what is shown. */
export const ruleRows = (presentity: string, { rules }: Ruleset): readonly (readonly string[])[] =>
  rules.map((rule) => [presentity, rule.id, conditionsInWords(rule), rule.handling ?? '–', shownInWords(rule.shows)]);

const conditionsInWords = ({ conditions }: Rule): string => (conditions.length === 0 ? 'everybody' : conditions.map(conditionInWords).join(' and '));

function conditionInWords(condition: Condition): string {
  switch (condition.kind) {
    case 'identity':
      return condition.members.length === 0 ? 'nobody' : condition.members.map(memberInWords).join(' or ');
    case 'sphere':
      return `while the sphere is ${condition.value}`;
    case 'validity':
      return condition.periods.map(({ from, until }) => `from ${from} until ${until}`).join(' or ');
    case 'anonymous-request':
      return 'watchers without an identity';
    case 'other-identity':
      return 'whom no other rule names';
    case 'unknown':
      return `nobody (${condition.name} is not known)`;
  }
}

function memberInWords(member: Member): string {
  if (member.kind === 'one') return member.id;
  const of = member.domain === undefined ? 'everybody with an identity' : `everybody of ${member.domain}`;
  return member.except.length === 0 ? of : `${of} but ${member.except.map(({ id, domain }) => id ?? domain ?? '').join(', ')}`;
}

/** What permissions show, in a few words: `services, persons: activities, note`. */
export function shownInWords({ services, persons, devices, attributes, unknown, userInput }: Permissions): string {
  const elements = [
    ['services', services],
    ['persons', persons],
    ['devices', devices],
  ] as const;
  const shown = elements.flatMap(([name, selection]) => (selection === 'all' ? [name] : selection.length > 0 ? [`some ${name}`] : []));
  if (shown.length === 0) return 'nothing';
  if (attributes === 'all') return `${shown.join(', ')}: all attributes`;
  const named = [...attributes, ...(userInput === 'false' ? [] : [`user-input (${userInput})`]), ...unknown.map(({ name }) => name)];
  return `${shown.join(', ')}${named.length === 0 ? '' : `: ${named.join(', ')}`}`;
}
