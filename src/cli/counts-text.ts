/** What runs took, side by side, as aligned text. */
import type { Amount, Traffic } from '#trace/traffic.ts';

export interface Counted {
  /** `list-own --set by=singles`. */
  readonly name: string;
  readonly traffic: Traffic;
}

interface Row {
  readonly group: 'Links' | 'Borders' | 'Protocols' | 'In all';
  readonly name: string;
  readonly amounts: readonly [Amount, Amount | undefined];
}

const NOTHING: Amount = { messages: 0, bytes: 0 };
const spaced = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');
const signed = (number: number): string => (number < 0 ? `-${spaced(-number)}` : number === 0 ? '0' : `+${spaced(number)}`);

/** The same names from both, those of the first in front. */
function rowsOf(one: Traffic, other: Traffic | undefined): readonly Row[] {
  const rows: Row[] = [];
  const add = (group: Row['group'], name: string, amount: Amount, second: Amount | undefined): void => {
    rows.push({ group, name, amounts: [amount, second] });
  };
  const both = <T extends Amount>(group: Row['group'], mine: readonly T[], theirs: readonly T[] | undefined, nameOf: (each: T) => string): void => {
    const seconds = new Map(theirs?.map((each) => [nameOf(each), each]));
    for (const each of mine) {
      add(group, nameOf(each), each, theirs === undefined ? undefined : (seconds.get(nameOf(each)) ?? NOTHING));
      seconds.delete(nameOf(each));
    }
    for (const [name, amount] of seconds) add(group, name, NOTHING, amount);
  };
  both('Links', one.links, other?.links, ({ a, b, referencePoint }) => `${referencePoint.padEnd(4)} ${a} - ${b}`);
  both('Borders', one.borders, other?.borders, ({ networks }) => networks.join(' | '));
  both('Protocols', one.protocols, other?.protocols, ({ protocol }) => protocol);
  add('In all', '', one.total, other?.total);
  return rows;
}

export function formatCounts(one: Counted, other?: Counted): string {
  const rows = rowsOf(one.traffic, other?.traffic);
  const width = Math.max(...rows.map(({ name }) => name.length), 'Protocols'.length) + 4;
  const columns = (amount: Amount | undefined, how: (number: number) => string): string =>
    amount === undefined ? '' : `${how(amount.messages).padStart(9)}${how(amount.bytes).padStart(11)}`;
  const head = `${''.padEnd(width)}${'messages'.padStart(9)}${'bytes'.padStart(11)}`;
  const more = other === undefined ? '' : `${'messages'.padStart(12)}${'bytes'.padStart(11)}${'difference'.padStart(23)}`;
  const lines = [other === undefined ? one.name : `${one.name}, against ${other.name}`, '', head + more];
  let group = '';
  for (const row of rows) {
    if (row.group !== group) lines.push(...(row.group === 'In all' ? [] : [row.group]));
    group = row.group;
    const [mine, theirs] = row.amounts;
    const label = row.group === 'In all' ? 'In all' : `  ${row.name}`;
    const difference = theirs === undefined ? undefined : { messages: mine.messages - theirs.messages, bytes: mine.bytes - theirs.bytes };
    lines.push(`${label.padEnd(width)}${columns(mine, spaced)}${theirs === undefined ? '' : `   ${columns(theirs, spaced)}   ${columns(difference, signed)}`}`);
  }
  return `${lines.join('\n')}\n`;
}
