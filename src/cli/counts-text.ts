/** What runs took, side by side, as aligned text. */
import { inThousands } from '#base/thousands.ts';
import { sideBySide } from '#trace/side-by-side.ts';
import type { Amount, Traffic } from '#trace/traffic.ts';

export interface Counted {
  /** `list-own --set by=singles`. */
  readonly name: string;
  readonly traffic: Traffic;
}

const spaced = (number: number): string => inThousands(String(number), ' ');
const signed = (number: number): string => (number < 0 ? `-${spaced(-number)}` : number === 0 ? '0' : `+${spaced(number)}`);

export function formatCounts(one: Counted, other?: Counted): string {
  const rows = sideBySide(one.traffic, other?.traffic, ({ a, b, referencePoint }) => `${referencePoint.padEnd(4)} ${a} - ${b}`).filter(
    ({ group }) => group !== 'Kinds',
  );
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
    const { mine, theirs } = row;
    const label = row.group === 'In all' ? 'In all' : `  ${row.name}`;
    const difference = theirs === undefined ? undefined : { messages: mine.messages - theirs.messages, bytes: mine.bytes - theirs.bytes };
    lines.push(`${label.padEnd(width)}${columns(mine, spaced)}${theirs === undefined ? '' : `   ${columns(theirs, spaced)}   ${columns(difference, signed)}`}`);
  }
  return `${lines.join('\n')}\n`;
}
