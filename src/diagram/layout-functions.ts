/**
 * The stage of stage 2: functions as areas that hold the entities which play them, side by side by network; and, for the reference architecture, the functions
 * that this network does not have, beside those that it has. Pure; the same functions give the same picture.
 */
import { realisation, type FunctionLink } from '#trace/architecture.ts';
import type { EntityId, TraceEntity, TraceLink } from '#trace/record.ts';
import type { FunctionId, FunctionKind } from '#trace/stage2-functions.ts';
import { arrange, LONGEST_LINE, LONGEST_TITLE, OUTSIDE, type Cell, type FunctionScene, type Setting } from './arrange-functions.ts';
import { centredBox, cornerPath, textWidth, type Box } from './geometry.ts';
import { orderNetworks } from './grid.ts';
import { routeKey, type PlacedLink, type Tint } from './layout-types.ts';
import { AREA, TERRITORY } from './metrics.ts';
import { tintOf } from './place-entities.ts';
import { labelOn, POINT_SIZE, wayBetween, type LaneHeights } from './route-functions.ts';

const ROW_GAP = { flat: 50, architecture: 44 } as const;
const LEAST_GAP = { flat: 62, architecture: 46 } as const;
const MOST_ROW_GAP = 96;
const MARGIN = 10;
/** Over the areas of the main row, for what passes by one of them; so much more for each that has company. */
const LANE = 24;
const MORE_LANE = 20;
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
  /** The subtitle stands below the domain. */
  readonly stacked: boolean;
}

export interface FunctionLayout {
  readonly width: number;
  readonly height: number;
  readonly territories: readonly FunctionTerritory[];
  readonly functions: readonly PlacedFunction[];
  readonly links: readonly PlacedFunctionLink[];
  readonly linkByEnds: ReadonlyMap<string, PlacedLink>;
}

const OUTSIDE_TITLE = 'outside the operators';
export const BY_SIZE = 13;

/** Titles in one line; in two, and the watchers below their proxy, where the row is so wide that everything would be smaller for it. */
export function layoutFunctions(scene: FunctionScene, aspect = 2.6): FunctionLayout {
  const layout = (longest: number, watchersBelow: boolean, stacked: boolean): FunctionLayout => layoutCells(scene, { longest, watchersBelow, stacked }, aspect);
  const size = ({ width, height }: FunctionLayout): number => 1 / Math.max(width, height * aspect);
  const plain = layout(LONGEST_TITLE, false, false);
  if (!scene.architecture && plain.width <= plain.height * aspect * 1.01) return plain;
  const folds = scene.architecture ? [false, true] : [false];
  const others = [false, true].flatMap((stacked) => folds.flatMap((below) => [LONGEST_TITLE, LONGEST_LINE].map((longest) => layout(longest, below, stacked))));
  return others.reduce((best, other) => (size(other) > size(best) * WORTH ? other : best), plain);
}
/** Another arrangement has to be so much larger. */
const WORTH = 1.02;

function layoutCells(scene: FunctionScene, setting: Setting, aspect: number): FunctionLayout {
  const cells = arrange(scene, setting);
  const head = TERRITORY.title + (setting.stacked ? TERRITORY.line : 0);
  const strips = [...new Set(cells.map(({ network }) => network))].map((network) =>
    measure(
      network,
      cells.filter((cell) => cell.network === network),
      titleWidth(scene.trace, network, setting.stacked),
    ),
  );
  const order = orderNetworks(scene.trace).map(({ domain }) => domain);
  strips.sort((a, b) => place(order, a.network) - place(order, b.network));
  const rows = Math.max(1, ...cells.map(({ row }) => row + 1));
  const heights = Array.from({ length: rows }, (_, row) => Math.max(0, ...cells.filter((cell) => cell.row === row).map(heightOf)));
  const main = scene.architecture && rows > 1 ? 1 : 0;
  const leastRowGap = scene.architecture ? ROW_GAP.architecture : ROW_GAP.flat;
  const leastGap = scene.architecture ? LEAST_GAP.architecture : LEAST_GAP.flat;
  const drawn = [...scene.links.map((link) => ({ ...link, absent: false })), ...scene.absentLinks.map((link) => ({ ...link, absent: true }))];
  const standing = standings(strips);
  const lanes = lanesOf(drawn, standing);
  const laneRoom = LANE + MORE_LANE * Math.max(0, lanes.size - 1);
  const leastHeight = MARGIN * 2 + head + laneRoom + heights.reduce((sum, each) => sum + each, 0) + leastRowGap * (rows - 1) + TERRITORY.bottom;
  const gaps = strips.reduce((sum, { columns }) => sum + columns.length, 0) - 1;
  const least = 2 * MARGIN + strips.reduce((sum, { columns, side }) => sum + 2 * side + columns.reduce((all, width) => all + width, 0), 0);
  const fixed = strips.slice(1).reduce((sum, { side }, i) => sum + TERRITORY.gap - side - (strips[i]?.side ?? 0), 0);
  // What the stage is wider than needed goes between the areas, where the messages travel.
  const gap = Math.max(leastGap, Math.min(190, (leastHeight * aspect - least - fixed) / Math.max(1, gaps)));
  // Where the names of a link are longer than that, it has the room of its names.
  const named = gapsForNames(drawn, scene, standing);
  const gapAfter = (column: number): number => Math.max(gap, named.get(column) ?? 0);
  const allGaps = Array.from({ length: gaps }, (_, column) => gapAfter(column)).reduce((sum, each) => sum + each, 0);
  // And what it is taller, between the rows.
  const taller = rows > 1 ? ((least + fixed + allGaps) / aspect - leastHeight) / (rows - 1) : 0;
  const rowGap = Math.min(MOST_ROW_GAP, leastRowGap + Math.max(0, taller));
  const height = leastHeight + (rowGap - leastRowGap) * (rows - 1);

  const tops: number[] = [];
  let y = MARGIN + head;
  for (const [row, each] of heights.entries()) {
    // Over the main row pass the ways that have no neighbours for ends.
    if (row === main) y += laneRoom;
    tops.push(y);
    y += each + rowGap;
  }
  const functions: PlacedFunction[] = [];
  const territories: FunctionTerritory[] = [];
  let x = MARGIN;
  let passed = -1;
  for (const strip of strips) {
    const outside = strip.network === OUTSIDE;
    const tint = outside ? 'other' : tintOf(scene.trace, strip.network);
    const left = x;
    x += strip.side;
    for (const [i, width] of strip.columns.entries()) {
      passed++;
      for (const cell of strip.cells.filter(({ column }) => column === i)) {
        const middle = (tops[cell.row] ?? 0) + (heights[cell.row] ?? 0) / 2;
        functions.push(placeFunction(cell, x + width / 2, middle, tint));
      }
      x += width + (i < strip.columns.length - 1 ? gapAfter(passed) : 0);
    }
    x += strip.side;
    const network = scene.trace.networks.find(({ domain }) => domain === strip.network);
    const box: Box = { x: left, y: MARGIN, width: x - left, height: height - 2 * MARGIN };
    territories.push({ domain: outside ? OUTSIDE_TITLE : strip.network, title: network?.title ?? '', box, tint, stacked: setting.stacked });
    x += Math.max(TERRITORY.gap, gapAfter(passed) - 2 * TERRITORY.side);
  }
  const width = (territories.at(-1)?.box.x ?? 0) + (territories.at(-1)?.box.width ?? 0) + MARGIN;
  const lane = (tops[main] ?? 0) - LANE / 2 - 2;
  const highest = lanes.size === 0 ? undefined : lane - MORE_LANE * (lanes.size - 1);
  const links = drawn.flatMap((link) => connect(link, functions, { lane: lane - MORE_LANE * (lanes.get(link) ?? 0), highest }, scene.trace.links) ?? []);
  const linkByEnds = new Map(
    links.filter((link) => !link.absent).flatMap((link) => [[routeKey(link.a, link.b), link] as const, [routeKey(link.b, link.a), link] as const]),
  );
  return { width, height, territories, functions, links, linkByEnds };
}

const place = (order: readonly string[], network: string): number => (order.includes(network) ? order.indexOf(network) : order.length);

interface Strip {
  readonly network: string;
  /** Between its edge and the outermost areas: more where its title is long. */
  readonly side: number;
  /** Widths of its columns; cells are numbered by them. */
  readonly columns: readonly number[];
  readonly cells: readonly Cell[];
}

function measure(network: string, cells: readonly Cell[], title: number): Strip {
  const used = [...new Set(cells.map(({ column }) => column))].sort((a, b) => a - b);
  const columns = used.map((column) => Math.max(...cells.filter((cell) => cell.column === column).map(widthOf)));
  const inner = columns.reduce((sum, width) => sum + width, 0) + LEAST_GAP.architecture * (columns.length - 1);
  return {
    network,
    side: Math.max(TERRITORY.side, (title - inner) / 2),
    columns,
    cells: cells.map((cell) => ({ ...cell, column: used.indexOf(cell.column) })),
  };
}

/** Of domain and subtitle, which stand in one line where they are not stacked, with room at both ends. */
function titleWidth(trace: FunctionScene['trace'], network: string, stacked: boolean): number {
  const subtitle = trace.networks.find(({ domain }) => domain === network)?.title ?? '';
  const domain = textWidth(network === OUTSIDE ? OUTSIDE_TITLE : network, TERRITORY.size, 650);
  const below = textWidth(subtitle, TERRITORY.subtitle, 600);
  return 2 * TERRITORY.before + (stacked ? Math.max(domain, below) : domain + (subtitle === '' ? 0 : TERRITORY.between + below));
}

/** Where each function stands: column, counted over all networks, and row. */
type Standings = ReadonlyMap<FunctionId, { readonly cell: Cell; readonly column: number }>;

function standings(strips: readonly Strip[]): Standings {
  const standing = new Map<FunctionId, { cell: Cell; column: number }>();
  let before = 0;
  for (const { cells, columns } of strips) {
    for (const cell of cells) standing.set(cell.id, { cell, column: before + cell.column });
    before += columns.length;
  }
  return standing;
}

/** Links over the heads of others in one row, each at a height of its own: the shortest lies lowest. */
function lanesOf<L extends FunctionLink>(links: readonly L[], standing: Standings): ReadonlyMap<L, number> {
  const over = links.flatMap((link) => {
    const [a, b] = [standing.get(link.a), standing.get(link.b)];
    if (a === undefined || b === undefined || a.cell.row !== b.cell.row) return [];
    const [from, to] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
    const passes = [...standing.values()].some(({ cell, column }) => cell.row === a.cell.row && column > from && column < to);
    return passes ? [{ link, span: to - from }] : [];
  });
  return new Map(over.toSorted((a, b) => a.span - b.span).map(({ link }, i) => [link, i]));
}

/** What the names of links between neighbours need, by the column on their left. */
function gapsForNames(links: readonly FunctionLink[], { trace, architecture }: FunctionScene, standing: Standings): ReadonlyMap<number, number> {
  const gaps = new Map<number, number>();
  for (const link of links) {
    const [a, b] = [standing.get(link.a), standing.get(link.b)];
    if (a === undefined || b === undefined || a.cell.row !== b.cell.row || Math.abs(a.column - b.column) !== 1) continue;
    const by = architecture ? realisation(trace.links, idsOf(a.cell), idsOf(b.cell)).join(' ') : '';
    const column = Math.min(a.column, b.column);
    gaps.set(column, Math.max(gaps.get(column) ?? 0, textWidth(link.referencePoint, POINT_SIZE, 600) + 12, textWidth(by, BY_SIZE) + 12));
  }
  return gaps;
}

export const PORT_WIDTH = 92;

const slotOf = (entity: TraceEntity): number => Math.max(AREA.glyph, textWidth(entity.label, AREA.member));

/** Said of a function that is missing, under its title. */
export const NOT_HERE = 'not in this network';

function widthOf({ lines, absent, members, ports }: Cell): number {
  const slots = members.reduce((sum, member) => sum + slotOf(member), 0) + AREA.between * Math.max(0, members.length - 1);
  const port = ports.length === 0 ? 0 : 2 * PORT_WIDTH;
  const missing = absent ? textWidth(NOT_HERE, AREA.member) : 0;
  return Math.max(96, ...lines.map((line) => textWidth(line, AREA.title, 600)), slots, port, missing) + 2 * AREA.pad;
}

function heightOf({ lines, absent, ports }: Cell): number {
  const more = AREA.line * (lines.length - 1);
  if (!absent) return AREA.top + more + AREA.glyph + AREA.bottom;
  return AREA.top + more + 22 + (ports.length === 0 ? 0 : 6 + AREA.portRow * Math.ceil(ports.length / 2));
}

function placeFunction(cell: Cell, x: number, y: number, tint: Tint): PlacedFunction {
  const { id, kind, title, lines, absent, ports } = cell;
  const box = centredBox(x, y, widthOf(cell), heightOf(cell));
  const slots = cell.members.map(slotOf);
  const total = slots.reduce((sum, slot) => sum + slot, 0) + AREA.between * Math.max(0, slots.length - 1);
  let left = x - total / 2;
  const members = cell.members.map((entity, i): PlacedMember => {
    const slot = slots[i] ?? 0;
    const middle = left + slot / 2;
    left += slot + AREA.between;
    return { entity, x: middle, y: box.y + AREA.top + AREA.line * (lines.length - 1) + AREA.glyph / 2 };
  });
  return { id, kind, title, lines, box, tint, members, absent, ports };
}

/** Straight where two areas are neighbours, over the main row where something stands between them, at right angles otherwise. */
function connect(
  link: FunctionLink & { readonly absent: boolean },
  functions: readonly PlacedFunction[],
  heights: LaneHeights,
  network: readonly TraceLink[],
): PlacedFunctionLink | undefined {
  const a = functions.find(({ id }) => id === link.a);
  const b = functions.find(({ id }) => id === link.b);
  if (a === undefined || b === undefined) return undefined;
  const [left, right] = a.box.x + a.box.width / 2 <= b.box.x + b.box.width / 2 ? [a, b] : [b, a];
  const boxes = functions.map(({ box }) => box);
  const ends = wayBetween(left.box, right.box, boxes, heights);
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
    by: link.absent ? [] : realisation(network, entitiesOf(a), entitiesOf(b)),
    ...label,
    path,
    from: 0,
    to: path.length,
  };
}

const idsOf = ({ members }: Pick<Cell, 'members'>): readonly EntityId[] => members.map(({ id }) => id);
const entitiesOf = ({ members }: PlacedFunction): readonly EntityId[] => members.map(({ entity }) => entity.id);

/** Who of the drawn is played by this entity. */
export const functionOf = (layout: FunctionLayout, entity: EntityId | undefined): FunctionId | undefined =>
  layout.functions.find(({ members }) => members.some((member) => member.entity.id === entity))?.id;
