/** From cells to the world: territories with their titles, and entities in them, stretched towards the shape of the stage. */
import type { TraceEntity } from '#trace/record.ts';
import { centredBox, clamp, fitText, inflate, overlap, textWidth, type Box, type Point } from './geometry.ts';
import { arrangeNetworks, findPresentity, findWatcher, type NetworkGrid, type Topology } from './grid.ts';
import type { LayoutOptions, PlacedEntity, Territory, Tint } from './layout-types.ts';
import {
  BADGE_HEIGHT,
  BADGE_TOP,
  BADGE_WIDTH,
  GLYPH,
  LEAST_SCALE,
  LEGEND,
  MARGIN,
  NAME_BOX,
  NAME_SIZE,
  NAME_WIDTH,
  ROLE_BOTTOM,
  ROLE_SIZE,
  SUBTITLE_SIZE,
  TITLE_HEIGHT,
  TITLE_SIZE,
} from './metrics.ts';

/** How far apart things stand at least. */
interface Spacing {
  /** Between the edge of a territory and the middle of the nearest entity, and what that leaves beside its name. */
  readonly pad: number;
  readonly aside: number;
  /** Between two columns. */
  readonly column: number;
  readonly accessColumn: number;
  /** Between two networks that exchange more than DNS: room to see a packet cross; and when nothing crosses but DNS. */
  readonly border: number;
  readonly narrow: number;
}
/** A packet finds room between two who stand beside one another. */
const EASY: Spacing = { pad: 53, aside: 14, column: 134, accessColumn: 136, border: 56, narrow: 26 };
/** For many on a narrow stage: nothing touches, and nothing more. */
const CLOSE: Spacing = { pad: 45, aside: 7, column: 88, accessColumn: 122, border: 34, narrow: 20 };
const ROW = 97;
const FIRST_ROW = 81;
const LAST_ROW = 62;
/** Between two rows, where a way runs straight from below the role of one to above the mark of the other: room to name it. */
const NAMED_WAY = 18;
/** Wider stages leave room at the sides, taller ones above and below. */
const WIDEST = 3.7;
const TALLEST = 1.75;
const TITLE_PAD = 16;

export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly territories: readonly Territory[];
  readonly entities: readonly PlacedEntity[];
  readonly legend: Box;
}

interface Column {
  /** Half the width of the widest thing in it. */
  half: number;
  access: boolean;
}

interface Strip {
  readonly grid: NetworkGrid;
  readonly columns: readonly Column[];
  /** From one column to the next. */
  readonly steps: readonly number[];
  readonly before: number;
  readonly after: number;
  readonly width: number;
}

/** What the letters of a name stand for, where a class may not know them: said under it, as the part that a terminal plays. */
const IN_WORDS: Partial<Readonly<Record<TraceEntity['kind'], string>>> = {
  'presence-server': 'presence server',
  'list-server': 'list server',
  'network-agent': 'network agent',
  'external-agent': 'external agent',
};

const roleOf = (entity: TraceEntity): string => (entity.kind === 'ue' ? entity.role : IN_WORDS[entity.kind]) ?? '';

/** Only these ever wear a mark (see `marks.ts`). */
export const isMarked = (entity: TraceEntity): boolean => entity.kind === 'ue' || entity.kind === 'presence-server' || entity.kind === 'security-gateway';

const badgeWidth = (entity: TraceEntity): number => (entity.kind === 'presence-server' ? BADGE_WIDTH.server : isMarked(entity) ? BADGE_WIDTH.ue : GLYPH);

const half = (entity: TraceEntity): number =>
  Math.max(
    badgeWidth(entity) / 2,
    Math.min(NAME_WIDTH, textWidth(entity.label, NAME_SIZE, 600)) / 2,
    Math.min(NAME_WIDTH, textWidth(roleOf(entity), ROLE_SIZE)) / 2,
  );

/** From `EASY` (0) to `CLOSE` (1). */
function spacingAt(part: number): Spacing {
  const mix = (of: (spacing: Spacing) => number): number => of(EASY) + (of(CLOSE) - of(EASY)) * part;
  return {
    pad: mix(({ pad }) => pad),
    aside: mix(({ aside }) => aside),
    column: mix(({ column }) => column),
    accessColumn: mix(({ accessColumn }) => accessColumn),
    border: mix(({ border }) => border),
    narrow: mix(({ narrow }) => narrow),
  };
}

function measureStrip(grid: NetworkGrid, spacing: Spacing): Strip {
  const columns: Column[] = Array.from({ length: grid.columns }, () => ({ half: GLYPH / 2, access: true }));
  for (const { entity, column } of grid.cells) {
    const measured = columns[column];
    if (measured === undefined) continue;
    measured.half = Math.max(measured.half, half(entity));
    measured.access &&= entity.kind === 'ue' || entity.kind === 'p-cscf' || entity.kind === 'dns-server';
  }
  const steps: number[] = [];
  for (let i = 1; i < columns.length; i++) {
    const left = columns[i - 1];
    const right = columns[i];
    if (left === undefined || right === undefined) continue;
    steps.push(Math.max(left.half + right.half + 10, left.access && right.access ? spacing.accessColumn : spacing.column));
  }
  const before = Math.max(spacing.pad, (columns[0]?.half ?? 0) + spacing.aside);
  const after = Math.max(spacing.pad, (columns.at(-1)?.half ?? 0) + spacing.aside);
  const inner = before + after + steps.reduce((sum, step) => sum + step, 0);
  const title = Math.min(290, Math.max(textWidth(grid.network.domain, TITLE_SIZE, 650), textWidth(grid.network.title, SUBTITLE_SIZE))) + 2 * TITLE_PAD;
  const missing = Math.max(0, title - inner);
  return { grid, columns, steps, before: before + missing / 2, after: after + missing / 2, width: inner + missing };
}

/** True where something other than DNS goes from the networks on one side of a gap to those on the other. */
export function isCrossed(topology: Topology, leftDomains: ReadonlySet<string>): boolean {
  const networkOf = new Map(topology.entities.map((entity) => [entity.id, entity.network]));
  return topology.links.some((link) => {
    const a = networkOf.get(link.a);
    const b = networkOf.get(link.b);
    return a !== undefined && b !== undefined && link.referencePoint !== 'DNS' && leftDomains.has(a) !== leftDomains.has(b);
  });
}

export function tintOf(topology: Topology, domain: string): Tint {
  const presentity = findPresentity(topology);
  const watcher = findWatcher(topology);
  const network = topology.networks.find((each) => each.domain === domain);
  if (watcher !== undefined && domain === watcher.home) return 'home1';
  if (presentity !== undefined && domain === presentity.home) return 'home2';
  if (network?.kind === 'visited') return 'visited';
  const homes = topology.networks.filter((each) => each.kind === 'home');
  const position = homes.findIndex((each) => each.domain === domain);
  const free = (['home1', 'home2'] as const).filter((tint) => (tint === 'home1' ? watcher === undefined : presentity === undefined));
  return (position >= 0 ? free[position] : undefined) ?? 'other';
}

interface Row {
  readonly strips: readonly Strip[];
  readonly gaps: readonly number[];
  readonly width: number;
}

/** Networks side by side, as far apart as the room allows. */
function measureRow(grids: readonly NetworkGrid[], crossed: readonly boolean[], room: number): Row {
  const rowAt = (part: number): Row => {
    const spacing = spacingAt(part);
    const strips = grids.map((grid) => measureStrip(grid, spacing));
    const gaps = crossed.map((is) => (is ? spacing.border : spacing.narrow));
    return { strips, gaps, width: 2 * MARGIN + strips.reduce((sum, strip) => sum + strip.width, 0) + gaps.reduce((sum, gap) => sum + gap, 0) };
  };
  const easy = rowAt(0);
  const close = rowAt(1);
  return easy.width <= room ? easy : room <= close.width ? close : rowAt((easy.width - room) / (easy.width - close.width));
}

/** With the legend beside a title where there is room, else in the lower part of a network where nobody stands, else in a line below everything. */
export function placeEntities(topology: Topology, options: LayoutOptions): Placement {
  const placement = placeAbove(0, topology, options);
  const legend = legendBeside(placement.territories, options.legendColumns ?? 2) ?? legendInside(placement, options.legendItems ?? 5);
  if (legend !== undefined) return { ...placement, legend };
  const above = placeAbove(LEGEND.row + 2, topology, options);
  const { width, height } = above;
  return { ...above, legend: { x: MARGIN + TITLE_PAD, y: height - LEGEND.row - 2 - MARGIN + 5, width: width - 2 * (MARGIN + TITLE_PAD), height: LEGEND.row } };
}

/** Everything but the legend; `kept` is the height of what stands below. */
function placeAbove(kept: number, topology: Topology, options: LayoutOptions): Omit<Placement, 'legend'> {
  const grids = arrangeNetworks(topology);
  const passed = new Set<string>();
  const crossed = grids.slice(0, -1).map(({ network }) => isCrossed(topology, passed.add(network.domain)));
  const rows = Math.max(3, ...grids.flatMap(({ cells }) => cells.map((cell) => cell.row + 1)));
  const lower = Array.from({ length: rows }, (_, row) => roomAbove(row, grids, topology));
  const leastHeight = 2 * MARGIN + FIRST_ROW + (rows - 1) * ROW + (lower.at(-1) ?? 0) + LAST_ROW + kept;
  const room = Math.max((options.aspect ?? 0) * leastHeight, (options.stageWidth ?? Infinity) / LEAST_SCALE);
  const { strips, gaps, width: leastWidth } = measureRow(grids, crossed, room);
  const aspect = clamp(options.aspect ?? leastWidth / leastHeight, TALLEST, WIDEST);
  const width = Math.max(leastWidth, aspect * leastHeight);
  const height = Math.max(leastHeight, leastWidth / aspect);
  const gapShare = 0.5;
  const shares = strips.reduce((sum, strip) => sum + strip.steps.length + 1, 0) + gaps.length * gapShare;
  const wider = (width - leastWidth) / Math.max(1, shares);
  const taller = (height - leastHeight) / (rows + 0.1);

  const territories: Territory[] = [];
  const entities: PlacedEntity[] = [];
  let x = MARGIN;
  for (const [i, strip] of strips.entries()) {
    const box: Box = { x, y: MARGIN, width: strip.width + wider * (strip.steps.length + 1), height: height - kept - 2 * MARGIN };
    const territory = createTerritory(topology, strip, box);
    territories.push(territory);
    const columns: number[] = [x + strip.before + wider / 2];
    for (const step of strip.steps) columns.push((columns.at(-1) ?? 0) + step + wider);
    for (const { entity, column, row } of strip.grid.cells) {
      const at = { x: columns[column] ?? x, y: MARGIN + FIRST_ROW + taller * 0.35 + row * (ROW + taller) + (lower[row] ?? 0) };
      entities.push(placeEntity(entity, options.moved?.[entity.id], at, territory));
    }
    x += box.width + (gaps[i] ?? 0) + wider * gapShare;
  }
  return { width, height, territories, entities };
}

/** By how much a row stands lower, so that ways between two who stand right over one another can be named. */
function roomAbove(row: number, grids: readonly NetworkGrid[], { links }: Topology): number {
  const isHidden = ({ cells }: NetworkGrid, upper: number): boolean =>
    cells.some(
      (above) =>
        above.row === upper &&
        roleOf(above.entity) !== '' &&
        cells.some(
          ({ entity, column, row: below }) =>
            below === upper + 1 &&
            column === above.column &&
            isMarked(entity) &&
            links.some(({ a, b }) => (a === entity.id && b === above.entity.id) || (b === entity.id && a === above.entity.id)),
        ),
    );
  let room = 0;
  for (let upper = 0; upper < row; upper++) if (grids.some((grid) => isHidden(grid, upper))) room += NAMED_WAY;
  return room;
}

/** Room at the right of a title, the rightmost first. */
function legendBeside(territories: readonly Territory[], columns: number): Box | undefined {
  const width = columns * LEGEND.column - 10;
  const territory = territories.findLast(({ box, titleBox }) => box.width - titleBox.width - 2.5 * TITLE_PAD >= width);
  if (territory === undefined) return undefined;
  return { x: territory.box.x + territory.box.width - TITLE_PAD / 2 - width, y: territory.box.y + 7, width, height: LEGEND.rows * LEGEND.row };
}

/** Columns of it that are tried where nobody stands: as flat as there is room. */
const COLUMNS_INSIDE = [3, 2];

function legendInside({ territories, entities }: Pick<Placement, 'territories' | 'entities'>, items: number): Box | undefined {
  for (const columns of COLUMNS_INSIDE) {
    const width = columns * LEGEND.column - 10;
    const height = Math.ceil(items / columns) * LEGEND.row;
    for (const territory of territories) {
      const { box } = territory;
      const legend: Box = { x: box.x + TITLE_PAD - 2, y: box.y + box.height - height - 10, width, height };
      const clear = inflate(legend, 10);
      const isFree = entities.every(({ glyphBox, nameBox, badgeBox }) => [glyphBox, nameBox, badgeBox].every((taken) => !overlap(clear, taken)));
      if (width <= box.width - 2 * TITLE_PAD + 10 && isFree) return legend;
    }
  }
  return undefined;
}

function createTerritory(topology: Topology, strip: Strip, box: Box): Territory {
  const { network } = strip.grid;
  const room = box.width - 2 * TITLE_PAD;
  const title = fitText(network.domain, TITLE_SIZE, 650, room);
  const subtitle = fitText(network.title, SUBTITLE_SIZE, 400, room);
  const width = Math.max(textWidth(title, TITLE_SIZE, 650), textWidth(subtitle, SUBTITLE_SIZE));
  return {
    network,
    box,
    tint: tintOf(topology, network.domain),
    title,
    subtitle,
    titleBox: { x: box.x + TITLE_PAD, y: box.y + 8, width, height: TITLE_HEIGHT - 12 },
  };
}

/** Where the centre of an entity may be, so that all of it stays in its territory, below the title. */
export function roomOf(entity: TraceEntity, territory: Territory): Box {
  const side = half(entity) + 8;
  const { box } = territory;
  const top = box.y + TITLE_HEIGHT - BADGE_TOP;
  return { x: box.x + side, y: top, width: Math.max(0, box.width - 2 * side), height: Math.max(0, box.y + box.height - ROLE_BOTTOM - 4 - top) };
}

function placeEntity(entity: TraceEntity, moved: Point | undefined, usual: Point, territory: Territory): PlacedEntity {
  const room = roomOf(entity, territory);
  const x = moved === undefined ? usual.x : room.x + clamp(moved.x, 0, 1) * room.width;
  const y = moved === undefined ? usual.y : room.y + clamp(moved.y, 0, 1) * room.height;
  const name = fitText(entity.label, NAME_SIZE, 600, NAME_WIDTH);
  const role = fitText(roleOf(entity), ROLE_SIZE, 400, NAME_WIDTH);
  const nameWidth = Math.max(textWidth(name, NAME_SIZE, 600), textWidth(role, ROLE_SIZE));
  return {
    entity,
    x,
    y,
    name,
    role,
    territory,
    glyphBox: centredBox(x, y, GLYPH, GLYPH),
    nameBox: { x: x - nameWidth / 2, y: y + NAME_BOX.top, width: nameWidth, height: (role === '' ? NAME_BOX.bottom : ROLE_BOTTOM) - NAME_BOX.top },
    badgeBox: { x: x - badgeWidth(entity) / 2, y: y + BADGE_TOP, width: badgeWidth(entity), height: BADGE_HEIGHT },
  };
}
