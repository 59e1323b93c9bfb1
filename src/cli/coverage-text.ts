/** Coverage as aligned text: clause 5.3 item by item, then every clause that a note of the catalog cites. */
import type { ClauseCoverage, Coverage, Occurrence } from '#check/coverage.ts';

const MOST_NAMED = 4;
const some = (names: readonly string[]): string =>
  names.length <= MOST_NAMED ? names.join(', ') : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
/** As it is asked for: `border-down`, `enquiry --set kind=next-change`. */
const asked = ({ scenario, set }: Occurrence): string => [scenario, ...set.map(({ name, value }) => `--set ${name}=${value}`)].join(' ');
const MARK = { covered: 'yes', 'explained gap': 'later', gap: 'GAP' } as const;

export function formatCoverage({ runs, items, clauses }: Coverage): string {
  const lines = [`Clause 5.3 of TS 23.141, over ${runs} runs of the catalog:`, ''];
  for (const { id, says, status, needs, reason } of items) {
    lines.push(`${MARK[status].padEnd(6)}${id.padEnd(13)}${says}`);
    for (const need of needs) {
      const by = need.clauses.filter((each) => each.covered);
      const scenarios = [...new Set(by.flatMap((each) => each.occurrences.map(({ scenario }) => scenario)))];
      lines.push(
        `${' '.repeat(19)}${need.covered ? '+' : '-'} ${need.what}${by.length === 0 ? '' : `: ${some(by.map((each) => each.clause))}; in ${some(scenarios)}`}`,
      );
    }
    if (reason !== undefined) lines.push(`${' '.repeat(19)}${reason}`);
  }
  lines.push('', 'Clauses that notes cite:', '');
  const width = Math.max(...clauses.map((each) => each.clause.length)) + 2;
  for (const each of clauses) lines.push(clauseLine(each, width));
  const gaps = items.filter((each) => each.status === 'gap').length;
  const covered = clauses.filter((each) => each.covered).length;
  lines.push(
    '',
    `${items.length - gaps} of ${items.length} items of clause 5.3 are covered or explained; ${covered} of ${clauses.length} clauses happened and are asserted.`,
  );
  return `${lines.join('\n')}\n`;
}

function clauseLine({ clause, asks, occurrences, asserted, covered }: ClauseCoverage, width: number): string {
  const by = [...new Set(asserted.map((each) => each.test))].map((test) => test.replace(/^src\//, ''));
  return `${(covered ? 'yes' : 'GAP').padEnd(6)}${clause.padEnd(width)}${asks}\n${' '.repeat(6 + width)}in ${some(occurrences.map(asked))}; ${by.length === 0 ? 'no test asserts it' : `asserted by ${some(by)}`}`;
}
