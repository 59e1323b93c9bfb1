/**
 * Coverage: which clauses happened in the catalog and are asserted. A clause counts only if a note that carries it occurred in a run *and* something
 * asserts it there: the scenario's expectation with that source was met, the rule with that clause found nothing, the bytes show what the
 * note says, or a named test is about it. A flow counts where its messages went from entity to entity in a run in which no rule finds anything. Nothing is claimed that did not occur.
 */
import type { SourceOfTruth, Trace } from '#trace/record.ts';
import { RULES } from './check.ts';
import type { CoverageClaim } from './coverage-claims.ts';
import type { CoverageItem, CoverageNeed, Part } from './coverage-items.ts';
import { hasFlow } from './flow.ts';
import { isShown } from './note-truth.ts';

/** A named change of the scenario, turned over. */
export interface Turned {
  readonly name: string;
  readonly value: string;
}

/** A run of the catalog: the scenario, and what was turned over in it. */
export interface Occurrence {
  readonly scenario: string;
  readonly set: readonly Turned[];
}

export interface CoverageRun {
  readonly scenario: string;
  readonly trace: Trace;
  /** The expectations of the scenario that held in this run. */
  readonly met: readonly { readonly title: string; readonly source: SourceOfTruth }[];
}

export interface Assertion {
  readonly kind: 'expectation' | 'rule' | 'bytes' | 'test' | 'flow';
  /** The file whose test fails when it is not so. */
  readonly test: string;
  readonly title: string;
}

export interface ClauseCoverage {
  readonly clause: string;
  /** What it asked for where it was followed first, in the words of the entity. */
  readonly asks: string;
  /** Where it happened: each scenario once, in the run of it that needs the fewest changes. */
  readonly occurrences: readonly Occurrence[];
  readonly asserted: readonly Assertion[];
  readonly covered: boolean;
}

export interface NeedCoverage {
  readonly what: string;
  /** Those that count, or that happened where none counts; none for a flow. */
  readonly clauses: readonly ClauseCoverage[];
  /** Of them, or of the flow. */
  readonly occurrences: readonly Occurrence[];
  readonly asserted: readonly Assertion[];
  readonly covered: boolean;
}

export interface ItemCoverage {
  readonly part: Part;
  readonly id: string;
  readonly clause: string;
  readonly says: string;
  readonly needs: readonly NeedCoverage[];
  readonly status: 'covered' | 'explained gap' | 'gap';
  readonly reason?: string;
}

export interface Coverage {
  readonly runs: number;
  readonly items: readonly ItemCoverage[];
  readonly clauses: readonly ClauseCoverage[];
}

interface Found {
  asks: string;
  noted: boolean;
  readonly occurrences: Map<string, Occurrence>;
  readonly asserted: Map<string, Assertion>;
}

/**
 * One citation may name several clauses, of one document or of more: `TS 33.203 §7.1, §7.4.2a` is two of them, `RFC 3261 §8.2; RFC 4320 §4` too.
 * Each counts for itself.
 */
export function clausesOf(citation: string): readonly string[] {
  let document = '';
  return citation.split(/, |; | and /).map((part) => {
    const whole = part.startsWith('§') || part.startsWith('(') ? `${document} ${part}` : part;
    document = whole.replace(/ (?:§|"|\(clause unchecked\)).*/, '');
    return whole;
  });
}

export const clauseOf = ({ document, clause }: SourceOfTruth): string => (clause === undefined ? document : `${document} §${clause}`);

const FLOW_ASSERTION: Assertion = { kind: 'flow', test: 'src/catalog/coverage.test.ts', title: 'the messages of the flow, in a run that breaks no rule' };

/** Takes one run after the other, so that no trace need be kept. `items`: what to look for. */
export class CoverageGatherer {
  readonly #items: readonly CoverageItem[];
  readonly #found = new Map<string, Found>();
  readonly #flows = new Map<CoverageNeed, Map<string, Occurrence>>();
  #runs = 0;

  constructor(items: readonly CoverageItem[]) {
    this.#items = items;
    for (const { needs } of items) for (const need of needs) if (need.flow !== undefined) this.#flows.set(need, new Map());
  }

  add({ scenario, trace, met }: CoverageRun): void {
    this.#runs++;
    const here: Occurrence = { scenario, set: trace.changes.flatMap((change) => (change.kind === 'set' ? [{ name: change.name, value: change.value }] : [])) };
    const occurred = new Set<string>();
    for (const record of trace.records) {
      if (record.kind !== 'note' || record.clause === undefined) continue;
      const message = record.message === undefined ? undefined : trace.records[record.message - 1];
      const shown = message?.kind === 'message' && isShown(record, message) === true;
      for (const clause of clausesOf(record.clause)) {
        const found = this.#of(clause);
        if (!found.noted) found.asks = record.reason;
        found.noted = true;
        happen(found, here);
        occurred.add(clause);
        if (shown) assert(found, { kind: 'bytes', test: 'src/catalog/coverage.test.ts', title: 'the bytes show what the notes say' });
      }
    }
    let isSound = true;
    for (const rule of RULES) {
      if (rule.check(trace).length > 0) {
        isSound = false;
        continue;
      }
      for (const clause of clausesOf(rule.clause).filter((each) => occurred.has(each)))
        assert(this.#of(clause), { kind: 'rule', test: 'src/check/rules.test.ts', title: `rule ${rule.id}: ${rule.title}` });
    }
    if (isSound) for (const [{ flow = [] }, occurrences] of this.#flows) if (hasFlow(trace, flow)) happen({ occurrences }, here);
    for (const { title, source } of met) {
      const found = this.#of(clauseOf(source));
      happen(found, here);
      assert(found, { kind: 'expectation', test: 'src/catalog/catalog.test.ts', title: `${scenario}: ${title}` });
    }
  }

  result(claims: readonly CoverageClaim[]): Coverage {
    for (const { clause, test, title } of claims) {
      const found = this.#found.get(clause);
      if (found?.noted === true) assert(found, { kind: 'test', test, title });
    }
    const clauses = [...this.#found].map(([clause, { asks, occurrences, asserted, noted }]): ClauseCoverage => {
      const all = [...asserted.values()];
      // A ladder of the standard happens on the wire: it needs no note beside it.
      const covered = all.length > 0 && (noted || all.some((each) => each.kind === 'expectation'));
      return { clause, asks: asks === '' ? (all[0]?.title ?? '') : asks, occurrences: [...occurrences.values()], asserted: all, covered };
    });
    clauses.sort((a, b) => (sortKey(a.clause) < sortKey(b.clause) ? -1 : 1));
    return { runs: this.#runs, clauses, items: this.#items.map((item) => this.#cover(item, clauses)) };
  }

  #cover({ part, id, clause, says, needs, gap }: CoverageItem, all: readonly ClauseCoverage[]): ItemCoverage {
    const covered = needs.map((need) => this.#coverNeed(need, all));
    const missing = covered.filter((need) => !need.covered).map((need) => need.what);
    const item = { part, id, clause, says, needs: covered };
    if (gap !== undefined) return { ...item, status: 'explained gap', reason: gap };
    if (missing.length === 0) return { ...item, status: 'covered' };
    return { ...item, status: 'gap', reason: `No run of the catalog shows, or no test asserts: ${missing.join('; ')}.` };
  }

  #coverNeed(need: CoverageNeed, all: readonly ClauseCoverage[]): NeedCoverage {
    const occurrences = this.#flows.get(need);
    if (occurrences !== undefined)
      return { what: need.what, clauses: [], occurrences: [...occurrences.values()], asserted: [FLOW_ASSERTION], covered: occurrences.size > 0 };
    const clauses = all.filter((each) => need.by.some((wanted) => isMeant(wanted, each.clause)));
    const counted = clauses.filter((each) => each.covered);
    const shown = counted.length > 0 ? counted : clauses;
    return {
      what: need.what,
      clauses: shown,
      occurrences: simplest(shown.flatMap((each) => each.occurrences)),
      asserted: [...new Map(shown.flatMap((each) => each.asserted).map((one) => [`${one.test} ${one.title}`, one])).values()],
      covered: counted.length > 0,
    };
  }

  #of(clause: string): Found {
    let found = this.#found.get(clause);
    if (found === undefined) {
      found = { asks: '', noted: false, occurrences: new Map(), asserted: new Map() };
      this.#found.set(clause, found);
    }
    return found;
  }
}

/** Numbers count as numbers: §5.2 stands before §5.12. */
const sortKey = (clause: string): string => clause.replace(/\d+/g, (digits) => digits.padStart(6, '0'));

/** The run that needs the fewest changes shows it best. */
function happen({ occurrences }: Pick<Found, 'occurrences'>, here: Occurrence): void {
  const known = occurrences.get(here.scenario);
  if (known === undefined || here.set.length < known.set.length) occurrences.set(here.scenario, here);
}

/** Each scenario once: as it stands, if that is enough. */
function simplest(all: readonly Occurrence[]): readonly Occurrence[] {
  const by = new Map<string, Occurrence>();
  for (const one of all) happen({ occurrences: by }, one);
  return [...by.values()];
}

const assert = (found: Found, assertion: Assertion): void => void found.asserted.set(`${assertion.kind} ${assertion.test} ${assertion.title}`, assertion);

/** `RFC 6116` stands for every clause of it. */
const isMeant = (wanted: string, clause: string): boolean => clause === wanted || clause.startsWith(`${wanted} `) || clause.startsWith(`${wanted}.`);
