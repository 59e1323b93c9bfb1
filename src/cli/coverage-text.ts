/** Coverage as aligned text: clause 5.3 and Annex A item by item, then every clause that a note of the catalog cites. */
import type { ClauseCoverage, Coverage, ItemCoverage, Occurrence } from '#check/coverage.ts';

const MOST_NAMED = 4;
const some = (names: readonly string[]): string =>
  names.length <= MOST_NAMED ? names.join(', ') : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
/** As it is asked for: `border-down`, `enquiry --set kind=next-change`. */
const asked = ({ scenario, set }: Occurrence): string => [scenario, ...set.map(({ name, value }) => `--set ${name}=${value}`)].join(' ');
const PARTS = ['Clause 5.3', 'Annex A'] as const;
const TITLE = { 'Clause 5.3': 'Clause 5.3 of TS 23.141', 'Annex A': 'Annex A of TS 23.141 and TS 24.141' } as const;
const MARK = { covered: 'yes', 'explained gap': 'later', gap: 'GAP' } as const;

export function formatCoverage({ runs, items, clauses }: Coverage): string {
  const lines: string[] = [];
  for (const part of PARTS) {
    lines.push(`${TITLE[part]}, over ${runs} runs of the catalog:`, '');
    for (const item of items) if (item.part === part) lines.push(...itemLines(item));
    lines.push('');
  }
  lines.push('Clauses that notes cite:', '');
  const width = Math.max(...clauses.map((each) => each.clause.length)) + 2;
  for (const each of clauses) lines.push(clauseLine(each, width));
  const covered = clauses.filter((each) => each.covered).length;
  const sums = PARTS.map((part) => {
    const those = items.filter((each) => each.part === part);
    return `${those.filter((each) => each.status !== 'gap').length} of ${those.length} items of ${part.replace('Clause', 'clause')}`;
  });
  lines.push('', `${sums.join(' and ')} are covered or explained; ${covered} of ${clauses.length} clauses happened and are asserted.`);
  return `${lines.join('\n')}\n`;
}

function itemLines({ id, says, status, needs, reason }: ItemCoverage): readonly string[] {
  const lines = [`${MARK[status].padEnd(6)}${id.padEnd(13)}${id.length > 12 ? ' ' : ''}${says}`];
  for (const { what, covered, clauses, occurrences } of needs) {
    const by = covered ? [some(clauses.map((each) => each.clause)), `in ${some(occurrences.map(({ scenario }) => scenario))}`] : [];
    lines.push(`${' '.repeat(19)}${covered ? '+' : '-'} ${what}${covered ? ': ' : ''}${by.filter((each) => each !== '').join('; ')}`);
  }
  if (reason !== undefined) lines.push(`${' '.repeat(19)}${reason}`);
  return lines;
}

function clauseLine({ clause, asks, occurrences, asserted, covered }: ClauseCoverage, width: number): string {
  const by = [...new Set(asserted.map((each) => each.test))].map((test) => test.replace(/^src\//, ''));
  return `${(covered ? 'yes' : 'GAP').padEnd(6)}${clause.padEnd(width)}${asks}\n${' '.repeat(6 + width)}in ${some(occurrences.map(asked))}; ${by.length === 0 ? 'no test asserts it' : `asserted by ${some(by)}`}`;
}
