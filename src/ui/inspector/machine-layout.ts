/** A state machine as boxes and arrows: states in layers by how many transitions they are away from the beginning. World units. */
import type { StateTable, TransitionRow } from '#base/state-table.ts';

export interface StateBox {
  readonly state: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface StateEdge {
  readonly from: string;
  readonly to: string;
  /** SVG path. */
  readonly d: string;
}

export interface MachineLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly StateBox[];
  readonly edges: readonly StateEdge[];
}

export const BOX_HEIGHT = 26;
const LAYER = 54;
const GAP = 22;
const MARGIN = 46;
/** Mean width of a character at 12 units. */
const CHARACTER = 6.6;

/** The states that a row leaves. */
export const fromsOf = (table: StateTable, row: TransitionRow): readonly string[] =>
  row.from === '*' ? table.states : typeof row.from === 'string' ? [row.from] : row.from;

/** The rows that leave a state, in the order in which they are tried. */
export const rowsFrom = (table: StateTable, state: string): readonly TransitionRow[] => table.rows.filter((row) => fromsOf(table, row).includes(state));

function edgesOf(table: StateTable): readonly (readonly [string, string])[] {
  const edges = new Map<string, readonly [string, string]>();
  for (const row of table.rows) {
    for (const from of fromsOf(table, row)) if (row.to !== 'same' && row.to !== from) edges.set(`${from}\n${row.to}`, [from, row.to]);
  }
  return [...edges.values()];
}

function layersOf(table: StateTable, edges: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  const depth = new Map([[table.initial, 0]]);
  const queue = [table.initial];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    for (const [from, to] of edges) {
      if (from !== state || depth.has(to)) continue;
      depth.set(to, (depth.get(state) ?? 0) + 1);
      queue.push(to);
    }
  }
  const deepest = Math.max(...depth.values());
  // Where everything ends stands last; what nothing leads to stands there as well.
  const hasFinalAlone = table.final.length > 0 && table.states.some((state) => !table.final.includes(state) && depth.get(state) === deepest);
  for (const state of table.states) if (table.final.includes(state) || !depth.has(state)) depth.set(state, hasFinalAlone ? deepest + 1 : Math.max(1, deepest));
  const layers: string[][] = [];
  for (const state of table.states) (layers[depth.get(state) ?? 0] ??= []).push(state);
  return layers.filter((layer) => layer.length > 0);
}

export function layoutMachine(table: StateTable): MachineLayout {
  const edges = edgesOf(table);
  const layers = layersOf(table, edges);
  const widthOf = (state: string): number => Math.max(56, state.length * CHARACTER + 22);
  const spans = layers.map((layer) => layer.reduce((sum, state) => sum + widthOf(state) + GAP, -GAP));
  const width = Math.max(...spans) + 2 * MARGIN;
  const boxes = new Map<string, StateBox & { readonly layer: number }>();
  layers.forEach((layer, i) => {
    let x = (width - (spans[i] ?? 0)) / 2;
    for (const state of layer) {
      boxes.set(state, { state, x, y: 4 + i * LAYER, width: widthOf(state), layer: i });
      x += widthOf(state) + GAP;
    }
  });
  const drawn = edges.map(([from, to]): StateEdge => {
    const a = boxes.get(from) as StateBox & { readonly layer: number };
    const b = boxes.get(to) as StateBox & { readonly layer: number };
    return { from, to, d: pathBetween(a, b, b.layer - a.layer, width) };
  });
  return { width, height: 8 + (layers.length - 1) * LAYER + BOX_HEIGHT, boxes: [...boxes.values()], edges: drawn };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function pathBetween(a: StateBox, b: StateBox, layers: number, width: number): string {
  const middleA = a.x + a.width / 2;
  const middleB = b.x + b.width / 2;
  if (layers === 1) {
    // Forth and back side by side.
    const [x1, y1, x2, y2] = [middleA - 6, a.y + BOX_HEIGHT, middleB - 6, b.y];
    return `M${round(x1)} ${y1}C${round(x1)} ${y1 + 14} ${round(x2)} ${y2 - 14} ${round(x2)} ${y2}`;
  }
  if (layers === -1) {
    const [x1, y1, x2, y2] = [middleA + 6, a.y, middleB + 6, b.y + BOX_HEIGHT];
    return `M${round(x1)} ${y1}C${round(x1)} ${y1 - 14} ${round(x2)} ${y2 + 14} ${round(x2)} ${y2}`;
  }
  if (layers === 0) {
    const right = middleB > middleA;
    const y = a.y + BOX_HEIGHT / 2 + (right ? -4 : 4);
    return `M${round(right ? a.x + a.width : a.x)} ${y}L${round(right ? b.x : b.x + b.width)} ${y}`;
  }
  // Over several layers around the others: downwards on the left, upwards on the right.
  const down = layers > 0;
  const reach = Math.min(MARGIN - 6, 12 + 8 * Math.abs(layers));
  const edge = down ? Math.min(a.x, b.x) : Math.max(a.x + a.width, b.x + b.width);
  const x = down ? Math.max(2, edge - reach) : Math.min(width - 2, edge + reach);
  const [x1, y1] = [down ? a.x : a.x + a.width, a.y + BOX_HEIGHT / 2];
  const [x2, y2] = [down ? b.x : b.x + b.width, b.y + BOX_HEIGHT / 2];
  return `M${round(x1)} ${y1}C${round(x)} ${y1} ${round(x)} ${y1} ${round(x)} ${y1 + (down ? 16 : -16)}L${round(x)} ${y2 - (down ? 16 : -16)}C${round(x)} ${y2} ${round(x)} ${y2} ${round(x2)} ${y2}`;
}
