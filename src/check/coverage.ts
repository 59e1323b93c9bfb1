/**
 * Coverage: which clauses happened in the catalog and are asserted. A clause counts only if a note that carries it occurred in a run *and* something
 * asserts it there: the scenario's expectation with that source was met, the rule with that clause found nothing, the bytes show what the
 * note says, or a named test is about it. Nothing is claimed that did not occur.
 */
import type { SourceOfTruth, Trace } from '#trace/record.ts';
import { RULES } from './check.ts';
import type { CoverageClaim } from './coverage-claims.ts';
import type { CoverageItem } from './coverage-items.ts';
import { isShown } from './note-truth.ts';

export interface CoverageRun {
  readonly scenario: string;
  readonly trace: Trace;
  /** The expectations of the scenario that held in this run. */
  readonly met: readonly { readonly title: string; readonly source: SourceOfTruth }[];
}

export interface Assertion {
  readonly kind: 'expectation' | 'rule' | 'bytes' | 'test';
  /** The file whose test fails when it is not so. */
  readonly test: string;
  readonly title: string;
}

export interface ClauseCoverage {
  readonly clause: string;
  /** What it asked for where it was followed first, in the words of the entity. */
  readonly asks: string;
  /** The scenarios in which it happened; empty for a clause that only an expectation names. */
  readonly scenarios: readonly string[];
  readonly asserted: readonly Assertion[];
  readonly covered: boolean;
}

export interface NeedCoverage {
  readonly what: string;
  readonly clauses: readonly ClauseCoverage[];
  readonly covered: boolean;
}

export interface ItemCoverage {
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
  readonly scenarios: Set<string>;
  readonly asserted: Map<string, Assertion>;
}

export const clauseOf = ({ document, clause }: SourceOfTruth): string => (clause === undefined ? document : `${document} §${clause}`);

/** Takes one run after the other, so that no trace need be kept. */
export class CoverageGatherer {
  readonly #found = new Map<string, Found>();
  #runs = 0;

  add({ scenario, trace, met }: CoverageRun): void {
    this.#runs++;
    const occurred = new Set<string>();
    for (const record of trace.records) {
      if (record.kind !== 'note' || record.clause === undefined) continue;
      const found = this.#of(record.clause);
      if (!found.noted) found.asks = record.reason;
      found.noted = true;
      found.scenarios.add(scenario);
      occurred.add(record.clause);
      const message = record.message === undefined ? undefined : trace.records[record.message - 1];
      if (message?.kind === 'message' && isShown(record, message) === true)
        assert(found, { kind: 'bytes', test: 'src/catalog/coverage.test.ts', title: 'the bytes show what the notes say' });
    }
    for (const rule of RULES) {
      const found = occurred.has(rule.clause) ? this.#of(rule.clause) : undefined;
      if (found !== undefined && rule.check(trace).length === 0)
        assert(found, { kind: 'rule', test: 'src/check/rules.test.ts', title: `rule ${rule.id}: ${rule.title}` });
    }
    for (const { title, source } of met) {
      const found = this.#of(clauseOf(source));
      found.scenarios.add(scenario);
      assert(found, { kind: 'expectation', test: 'src/catalog/catalog.test.ts', title: `${scenario}: ${title}` });
    }
  }

  result(items: readonly CoverageItem[], claims: readonly CoverageClaim[]): Coverage {
    for (const { clause, test, title } of claims) {
      const found = this.#found.get(clause);
      if (found?.noted === true) assert(found, { kind: 'test', test, title });
    }
    const clauses = [...this.#found].map(([clause, { asks, scenarios, asserted, noted }]): ClauseCoverage => {
      const all = [...asserted.values()];
      // A ladder of the standard happens on the wire: it needs no note beside it.
      const covered = all.length > 0 && (noted || all.some((each) => each.kind === 'expectation'));
      return { clause, asks: asks === '' ? (all[0]?.title ?? '') : asks, scenarios: [...scenarios], asserted: all, covered };
    });
    clauses.sort((a, b) => (sortKey(a.clause) < sortKey(b.clause) ? -1 : 1));
    return { runs: this.#runs, clauses, items: items.map((item) => coverItem(item, clauses)) };
  }

  #of(clause: string): Found {
    let found = this.#found.get(clause);
    if (found === undefined) {
      found = { asks: '', noted: false, scenarios: new Set(), asserted: new Map() };
      this.#found.set(clause, found);
    }
    return found;
  }
}

/** Numbers count as numbers: §5.2 stands before §5.12. */
const sortKey = (clause: string): string => clause.replace(/\d+/g, (digits) => digits.padStart(6, '0'));

const assert = (found: Found, assertion: Assertion): void => void found.asserted.set(`${assertion.kind} ${assertion.test} ${assertion.title}`, assertion);

/** `RFC 6116` stands for every clause of it. */
const isMeant = (wanted: string, clause: string): boolean => clause === wanted || clause.startsWith(`${wanted} `) || clause.startsWith(`${wanted}.`);

function coverItem({ id, clause, says, needs, gap }: CoverageItem, all: readonly ClauseCoverage[]): ItemCoverage {
  const covered = needs.map(({ what, by }): NeedCoverage => {
    const clauses = all.filter((each) => by.some((wanted) => isMeant(wanted, each.clause)));
    return { what, clauses, covered: clauses.some((each) => each.covered) };
  });
  const missing = covered.filter((need) => !need.covered).map((need) => need.what);
  if (gap !== undefined) return { id, clause, says, needs: covered, status: 'explained gap', reason: gap };
  if (missing.length === 0) return { id, clause, says, needs: covered, status: 'covered' };
  return { id, clause, says, needs: covered, status: 'gap', reason: `No run of the catalog shows, or no test asserts: ${missing.join('; ')}.` };
}
