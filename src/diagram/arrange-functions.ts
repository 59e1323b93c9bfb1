/** Which cell each function takes at stage 2 and in the reference architecture: column and row by kind, and its title in one line or two. */
import type { FunctionLink } from '#trace/architecture.ts';
import type { Trace, TraceEntity } from '#trace/record.ts';
import type { FunctionId, FunctionKind, Stage2Function } from '#trace/stage2-functions.ts';
import { textWidth } from './geometry.ts';
import { AREA } from './metrics.ts';

/** A function that is only shown to be missing. */
export interface AbsentFunction {
  readonly id: FunctionId;
  readonly kind: FunctionKind;
  readonly title: string;
  /** Where it would stand; undefined outside every network of the run. */
  readonly network: string | undefined;
  readonly ports?: readonly (readonly [string, string])[];
}

export interface FunctionScene {
  readonly trace: Pick<Trace, 'networks' | 'entities' | 'links'>;
  readonly functions: readonly Stage2Function[];
  readonly links: readonly FunctionLink[];
  /** The reference architecture, with agents and what they ask; otherwise the way of an enquiry alone. */
  readonly architecture: boolean;
  readonly absent: readonly AbsentFunction[];
  readonly absentLinks: readonly FunctionLink[];
}

/** How the cells are set. */
export interface Setting {
  /** Letters of a title that stays in one line. */
  readonly longest: number;
  /** Watchers stand below their proxy, as the presentity stands below hers. */
  readonly watchersBelow: boolean;
  /** The name of a network stands over what it is, not before it. */
  readonly stacked: boolean;
}

/** Letters of a title that stays in one line: of a function that is missing, and of any where there is little room. */
export const LONGEST_TITLE = 99;
const LONGEST_ABSENT = 20;
export const LONGEST_LINE = 15;

/** Column and row by kind: the way of an enquiry from left to right in one row, what is asked and what supplies above or below it. */
const FLAT: Readonly<Record<FunctionKind, readonly [number, number]>> = {
  watcher: [0, 0],
  wpp: [1, 0],
  'list-server': [1, 1],
  ppp: [2, 0],
  hss: [2, 1],
  'presence-server': [3, 0],
  pua: [3, 1],
  pna: [4, 0],
  // Below the agent: beside it the row would be longer than a screen is wide.
  supplier: [4, 1],
  pea: [5, 1],
};
const ARCHITECTURE: Readonly<Record<FunctionKind, readonly [number, number]>> = {
  watcher: [0, 1],
  wpp: [1, 1],
  'list-server': [1, 0],
  ppp: [2, 1],
  hss: [2, 0],
  'presence-server': [3, 1],
  pua: [2, 2],
  pna: [3, 0],
  supplier: [4, 0],
  pea: [4, 1],
};

/** As the presentity stands below hers. */
const BELOW_PROXY = [1, 2] as const;

export interface Cell {
  readonly id: FunctionId;
  readonly kind: FunctionKind;
  readonly title: string;
  /** The title as it is set. */
  readonly lines: readonly string[];
  readonly network: string;
  readonly members: readonly TraceEntity[];
  readonly absent: boolean;
  readonly ports: readonly (readonly [string, string])[];
  readonly column: number;
  readonly row: number;
}

/** The network of those who stand outside every network of the run. */
export const OUTSIDE = '';

export function arrange({ trace, functions, absent, architecture }: FunctionScene, { longest, watchersBelow }: Setting): readonly Cell[] {
  const cellOf = architecture ? ARCHITECTURE : FLAT;
  const proxied = new Set(functions.filter(({ function: kind }) => kind === 'wpp').map(({ network }) => network));
  const byId = new Map(trace.entities.map((entity) => [entity.id, entity]));
  const taken = new Set<string>();
  const cells: Cell[] = [];
  const add = (cell: Omit<Cell, 'column' | 'row' | 'lines'>): void => {
    const [column, wanted] = watchersBelow && cell.kind === 'watcher' && proxied.has(cell.network) ? BELOW_PROXY : cellOf[cell.kind];
    let row = wanted;
    while (taken.has(`${cell.network} ${column} ${row}`)) row++;
    taken.add(`${cell.network} ${column} ${row}`);
    cells.push({ ...cell, lines: linesOf(cell.title, cell.absent ? Math.min(longest, LONGEST_ABSENT) : longest), column, row });
  };
  for (const { id, function: kind, title, network, members } of functions)
    add({ id, kind, title, network, members: members.flatMap((member) => byId.get(member) ?? []), absent: false, ports: [] });
  for (const { id, kind, title, network = OUTSIDE, ports = [] } of absent) add({ id, kind, title, network, members: [], absent: true, ports });
  return cells;
}

/** `Presence External` over `Agent`: at the blank that leaves the shorter lines. */
function linesOf(title: string, longest: number): readonly string[] {
  if (title.length <= longest) return [title];
  const words = title.split(' ');
  const breaks = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]);
  const width = (lines: readonly string[]): number => Math.max(...lines.map((line) => textWidth(line, AREA.title, 600)));
  return breaks.toSorted((a, b) => width(a) - width(b))[0] ?? [title];
}
