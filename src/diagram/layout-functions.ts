/**
 * The stage of stage 2: functions as areas that hold the entities which play them, side by side by network; and, for the reference architecture, the functions
 * that this network does not have, beside those that it has. Pure; the same functions give the same picture.
 */
import { realisation, type FunctionLink } from '#trace/architecture.ts';
import type { EntityId, Trace, TraceEntity, TraceLink } from '#trace/record.ts';
import type { FunctionId, FunctionKind, Stage2Function } from '#trace/stage2-functions.ts';
import { centredBox, cornerPath, textWidth, type Box, type Point } from './geometry.ts';
import { orderNetworks } from './grid.ts';
import { routeKey, type PlacedLink, type Tint } from './layout-types.ts';
import { tintOf } from './place-entities.ts';

export const AREA = { title: 13, member: 11.5, glyph: 38, top: 27, bottom: 23, pad: 14, between: 26, radius: 18, line: 16, port: 11, portRow: 17 } as const;
const ROW_GAP = { flat: 50, architecture: 44 } as const;
const LEAST_GAP = { flat: 62, architecture: 54 } as const;
const MOST_ROW_GAP = 96;
const MARGIN = 10;
const TERRITORY = { title: 34, side: 18, bottom: 16, gap: 26, size: 14 } as const;
/** Over the areas of the main row, for what passes by one of them. */
const LANE = 20;
const CORNER = 14;

export interface PlacedMember {
  readonly entity: TraceEntity;
  /** Middle of its glyph. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedFunction {
  readonly id: FunctionId;
  readonly kind: FunctionKind;
  readonly title: string;
  /** The title as it is set: a missing function takes little room. */
  readonly lines: readonly string[];
  readonly box: Box;
  readonly tint: Tint;
  readonly members: readonly PlacedMember[];
  /** It does not stand in this network; only the architecture shows it. */
  readonly absent: boolean;
  /** Reference points at its edge towards nodes that are not drawn. */
  readonly ports: readonly (readonly [string, string])[];
}

export interface PlacedFunctionLink extends PlacedLink {
  /** Its label stands over a level piece, and beside any other. */
  readonly level: boolean;
  /** Reference points of the IMS by which it is there. */
  readonly by: readonly string[];
  readonly absent: boolean;
}

export interface FunctionTerritory {
  readonly domain: string;
  readonly title: string;
  readonly box: Box;
  readonly tint: Tint;
}

export interface FunctionLayout {
  readonly width: number;
  readonly height: number;
  readonly territories: readonly FunctionTerritory[];
  readonly functions: readonly PlacedFunction[];
  readonly links: readonly PlacedFunctionLink[];
  readonly linkByEnds: ReadonlyMap<string, PlacedLink>;
}

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
  supplier: [5, 0],
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

interface Cell {
  readonly id: FunctionId;
  readonly kind: FunctionKind;
  readonly title: string;
  readonly network: string;
  readonly members: readonly TraceEntity[];
  readonly absent: boolean;
  readonly ports: readonly (readonly [string, string])[];
  readonly column: number;
  readonly row: number;
}

const OUTSIDE = '';

export function layoutFunctions(scene: FunctionScene, aspect = 2.6): FunctionLayout {
  const cells = arrange(scene);
  const strips = [...new Set(cells.map(({ network }) => network))].map((network) =>
    measure(
      network,
      cells.filter((cell) => cell.network === network),
    ),
  );
  const order = orderNetworks(scene.trace).map(({ domain }) => domain);
  strips.sort((a, b) => place(order, a.network) - place(order, b.network));
  const rows = Math.max(1, ...cells.map(({ row }) => row + 1));
  const heights = Array.from({ length: rows }, (_, row) => Math.max(0, ...cells.filter((cell) => cell.row === row).map(heightOf)));
  const main = scene.architecture && rows > 1 ? 1 : 0;
  const leastRowGap = scene.architecture ? ROW_GAP.architecture : ROW_GAP.flat;
  const leastGap = scene.architecture ? LEAST_GAP.architecture : LEAST_GAP.flat;
  const leastHeight = MARGIN * 2 + TERRITORY.title + LANE + heights.reduce((sum, each) => sum + each, 0) + leastRowGap * (rows - 1) + TERRITORY.bottom;
  const gaps = strips.reduce((sum, { columns }) => sum + columns.length - 1, 0) + strips.length - 1;
  const least = 2 * MARGIN + strips.reduce((sum, { columns }) => sum + 2 * TERRITORY.side + columns.reduce((all, width) => all + width, 0), 0);
  const fixed = (strips.length - 1) * (TERRITORY.gap - 2 * TERRITORY.side);
  // What the stage is wider than needed goes between the areas, where the messages travel.
  const gap = Math.max(leastGap, Math.min(190, (leastHeight * aspect - least - fixed) / Math.max(1, gaps)));
  // And what it is taller, between the rows.
  const taller = rows > 1 ? ((least + fixed + gap * gaps) / aspect - leastHeight) / (rows - 1) : 0;
  const rowGap = Math.min(MOST_ROW_GAP, leastRowGap + Math.max(0, taller));
  const height = leastHeight + (rowGap - leastRowGap) * (rows - 1);

  const tops: number[] = [];
  let y = MARGIN + TERRITORY.title + LANE;
  for (const each of heights) {
    tops.push(y);
    y += each + rowGap;
  }
  const functions: PlacedFunction[] = [];
  const territories: FunctionTerritory[] = [];
  let x = MARGIN;
  for (const strip of strips) {
    const outside = strip.network === OUTSIDE;
    const tint = outside ? 'other' : tintOf(scene.trace, strip.network);
    const left = x;
    x += TERRITORY.side;
    for (const [i, width] of strip.columns.entries()) {
      for (const cell of strip.cells.filter(({ column }) => column === i)) {
        const middle = (tops[cell.row] ?? 0) + (heights[cell.row] ?? 0) / 2;
        functions.push(placeFunction(cell, x + width / 2, middle, tint));
      }
      x += width + (i < strip.columns.length - 1 ? gap : 0);
    }
    x += TERRITORY.side;
    const network = scene.trace.networks.find(({ domain }) => domain === strip.network);
    const box: Box = { x: left, y: MARGIN, width: x - left, height: height - 2 * MARGIN };
    territories.push({ domain: outside ? 'outside the operators' : strip.network, title: network?.title ?? '', box, tint });
    x += TERRITORY.gap + Math.max(0, gap - 2 * TERRITORY.side - TERRITORY.gap);
  }
  const width = (territories.at(-1)?.box.x ?? 0) + (territories.at(-1)?.box.width ?? 0) + MARGIN;
  const lane = (tops[main] ?? 0) - LANE / 2 - 2;
  const drawn = [...scene.links.map((link) => ({ ...link, absent: false })), ...scene.absentLinks.map((link) => ({ ...link, absent: true }))];
  const links = drawn.flatMap((link) => connect(link, functions, lane, scene.trace.links) ?? []);
  const linkByEnds = new Map(
    links.filter((link) => !link.absent).flatMap((link) => [[routeKey(link.a, link.b), link] as const, [routeKey(link.b, link.a), link] as const]),
  );
  return { width, height, territories, functions, links, linkByEnds };
}

const place = (order: readonly string[], network: string): number => (order.includes(network) ? order.indexOf(network) : order.length);

function arrange({ trace, functions, absent, architecture }: FunctionScene): readonly Cell[] {
  const cellOf = architecture ? ARCHITECTURE : FLAT;
  const byId = new Map(trace.entities.map((entity) => [entity.id, entity]));
  const taken = new Set<string>();
  const cells: Cell[] = [];
  const add = (cell: Omit<Cell, 'column' | 'row'>): void => {
    const [column, wanted] = cellOf[cell.kind];
    let row = wanted;
    while (taken.has(`${cell.network} ${column} ${row}`)) row++;
    taken.add(`${cell.network} ${column} ${row}`);
    cells.push({ ...cell, column, row });
  };
  for (const { id, function: kind, title, network, members } of functions)
    add({ id, kind, title, network, members: members.flatMap((member) => byId.get(member) ?? []), absent: false, ports: [] });
  for (const { id, kind, title, network = OUTSIDE, ports = [] } of absent) add({ id, kind, title, network, members: [], absent: true, ports });
  return cells;
}

interface Strip {
  readonly network: string;
  /** Widths of its columns; cells are numbered by them. */
  readonly columns: readonly number[];
  readonly cells: readonly Cell[];
}

function measure(network: string, cells: readonly Cell[]): Strip {
  const used = [...new Set(cells.map(({ column }) => column))].sort((a, b) => a - b);
  return {
    network,
    columns: used.map((column) => Math.max(...cells.filter((cell) => cell.column === column).map(widthOf))),
    cells: cells.map((cell) => ({ ...cell, column: used.indexOf(cell.column) })),
  };
}

const LONGEST_LINE = 20;
export const PORT_WIDTH = 78;

const slotOf = (entity: TraceEntity): number => Math.max(AREA.glyph, textWidth(entity.label, AREA.member));

function widthOf({ title, absent, members, ports }: Cell): number {
  const slots = members.reduce((sum, member) => sum + slotOf(member), 0) + AREA.between * Math.max(0, members.length - 1);
  const port = ports.length === 0 ? 0 : 2 * PORT_WIDTH;
  return Math.max(96, ...linesOf({ title, absent }).map((line) => textWidth(line, AREA.title, 600)), slots, port) + 2 * AREA.pad;
}

/** `Presence External` over `Agent`: only where nothing else stands in the area. */
function linesOf({ title, absent }: Pick<Cell, 'title' | 'absent'>): readonly string[] {
  const last = title.lastIndexOf(' ');
  return absent && title.length > LONGEST_LINE && last > 0 ? [title.slice(0, last), title.slice(last + 1)] : [title];
}

function heightOf({ title, absent, ports }: Cell): number {
  if (!absent) return AREA.top + AREA.glyph + AREA.bottom;
  return AREA.top + AREA.line * (linesOf({ title, absent }).length - 1) + 20 + (ports.length === 0 ? 0 : 6 + AREA.portRow * Math.ceil(ports.length / 2));
}

function placeFunction(cell: Cell, x: number, y: number, tint: Tint): PlacedFunction {
  const { id, kind, title, absent, ports } = cell;
  const box = centredBox(x, y, widthOf(cell), heightOf(cell));
  const slots = cell.members.map(slotOf);
  const total = slots.reduce((sum, slot) => sum + slot, 0) + AREA.between * Math.max(0, slots.length - 1);
  let left = x - total / 2;
  const members = cell.members.map((entity, i): PlacedMember => {
    const slot = slots[i] ?? 0;
    const middle = left + slot / 2;
    left += slot + AREA.between;
    return { entity, x: middle, y: box.y + AREA.top + AREA.glyph / 2 };
  });
  return { id, kind, title, lines: linesOf(cell), box, tint, members, absent, ports };
}

const LABEL_SIZE = 12;

/** Straight where two areas are neighbours, over the main row where something stands between them, at right angles otherwise. */
function connect(
  link: FunctionLink & { readonly absent: boolean },
  functions: readonly PlacedFunction[],
  lane: number,
  network: readonly TraceLink[],
): PlacedFunctionLink | undefined {
  const a = functions.find(({ id }) => id === link.a);
  const b = functions.find(({ id }) => id === link.b);
  if (a === undefined || b === undefined) return undefined;
  const [left, right] = a.box.x + a.box.width / 2 <= b.box.x + b.box.width / 2 ? [a, b] : [b, a];
  const ends = wayBetween(left, right, functions, lane);
  const points = left === a ? ends : ends.toReversed();
  const path = cornerPath(points, CORNER);
  const label = labelOn(points, link.referencePoint);
  return {
    id: `${link.a} ${link.b} ${link.referencePoint}`,
    a: link.a,
    b: link.b,
    referencePoint: link.referencePoint,
    quiet: false,
    tunnel: false,
    absent: link.absent,
    by: link.absent ? [] : realisation(network, idsOf(a), idsOf(b)),
    ...label,
    path,
    from: 0,
    to: path.length,
  };
}

const idsOf = ({ members }: PlacedFunction): readonly EntityId[] => members.map(({ entity }) => entity.id);

const centre = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

function wayBetween(left: PlacedFunction, right: PlacedFunction, all: readonly PlacedFunction[], lane: number): readonly Point[] {
  const p = centre(left.box);
  const q = centre(right.box);
  const sameRow = Math.abs(p.y - q.y) < 12;
  const between = all.some(({ box }) => box.x > left.box.x + left.box.width && box.x + box.width < right.box.x && box.y < p.y && box.y + box.height > p.y);
  if (sameRow && !between) {
    return [
      { x: left.box.x + left.box.width, y: p.y },
      { x: right.box.x, y: q.y },
    ];
  }
  if (sameRow) {
    return [
      { x: p.x + 18, y: left.box.y },
      { x: p.x + 18, y: lane },
      { x: q.x - 18, y: lane },
      { x: q.x - 18, y: right.box.y },
    ];
  }
  const [upper, lower] = p.y < q.y ? [left, right] : [right, left];
  if (Math.abs(p.x - q.x) < 12) {
    const ways = [
      { x: p.x, y: upper.box.y + upper.box.height },
      { x: p.x, y: lower.box.y },
    ];
    return upper === left ? ways : ways.toReversed();
  }
  // Diagonal neighbours: out of the side of the lower one, up into the bottom of the upper one.
  const target = { x: upper === left ? Math.min(upper.box.x + upper.box.width - 22, q.x) : Math.max(upper.box.x + 22, p.x), y: upper.box.y + upper.box.height };
  const side = { x: lower === right ? lower.box.x : lower.box.x + lower.box.width, y: centre(lower.box).y };
  const bend = { x: target.x, y: side.y };
  const isPassed = ({ box }: PlacedFunction): boolean =>
    box.y < side.y && box.y + box.height > side.y && box.x < Math.max(target.x, side.x) && box.x + box.width > Math.min(target.x, side.x);
  const ways = all.some((one) => one !== lower && isPassed(one)) ? betweenRows(upper.box, lower.box, target.x) : [target, bend, side];
  return upper === left ? ways : ways.toReversed();
}

/** Somebody stands beside the lower one: out of its top, through the gap between the rows, into the bottom of the upper one, beside the way of whoever stands nearer. */
function betweenRows(upper: Box, lower: Box, beside: number): readonly Point[] {
  const x = lower.x + lower.width / 2;
  const y = (upper.y + upper.height + lower.y) / 2;
  const target = beside + (x > beside ? 12 : -12);
  return [
    { x: target, y: upper.y + upper.height },
    { x: target, y },
    { x, y },
    { x, y: lower.y },
  ];
}

/** Above the middle of the longest straight piece, or beside it where that goes up and down. */
function labelOn(points: readonly Point[], text: string): Pick<PlacedFunctionLink, 'label' | 'level'> {
  let best: readonly [Point, Point] = [points[0] ?? { x: 0, y: 0 }, points[1] ?? { x: 0, y: 0 }];
  let longest = -1;
  for (let i = 1; i < points.length; i++) {
    const p = points[i - 1] as Point;
    const q = points[i] as Point;
    const length = Math.abs(p.x - q.x) * 1.5 + Math.abs(p.y - q.y);
    if (length > longest) [longest, best] = [length, [p, q]];
  }
  const [p, q] = best;
  const width = textWidth(text, LABEL_SIZE);
  const level = Math.abs(p.x - q.x) > Math.abs(p.y - q.y);
  // A way over others is named near its end: in the middle stands whom it passes.
  const share = points.length > 3 ? 0.78 : 0.5;
  const x = p.x + (q.x - p.x) * (p.x < q.x ? share : 1 - share) + (level ? 0 : 7);
  const y = (p.y + q.y) / 2 - (level ? 10 : 0);
  return { level, label: { text, x, y, box: centredBox(level ? x : x + width / 2, y, width, LABEL_SIZE + 2) } };
}

/** Who of the drawn is played by this entity. */
export const functionOf = (layout: FunctionLayout, entity: EntityId | undefined): FunctionId | undefined =>
  layout.functions.find(({ members }) => members.some((member) => member.entity.id === entity))?.id;
