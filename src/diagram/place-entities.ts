/** From cells to the world: territories with their titles, and entities in them, stretched towards the shape of the stage. */
import type { TraceEntity } from '#trace/record.ts';
import { centredBox, clamp, fitText, textWidth, type Box, type Point } from './geometry.ts';
import { arrangeNetworks, findPresentity, findWatcher, type NetworkGrid, type Topology } from './grid.ts';
import type { LayoutOptions, PlacedEntity, Territory, Tint } from './layout-types.ts';
import {
  BADGE_HEIGHT,
  BADGE_TOP,
  BADGE_WIDTH,
  BORDER_GAP,
  GLYPH,
  LEGEND,
  MARGIN,
  NAME_BOX,
  NAME_SIZE,
  NAME_WIDTH,
  NARROW_GAP,
  ROLE_BOTTOM,
  ROLE_SIZE,
  SUBTITLE_SIZE,
  TITLE_HEIGHT,
  TITLE_SIZE,
} from './metrics.ts';

/** Between the edge of a territory and the nearest entity; between two columns; between two rows. At least. */
const PAD = 60;
const COLUMN = 118;
const ACCESS_COLUMN = 104;
const ROW = 97;
const FIRST_ROW = 81;
const LAST_ROW = 62;
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

function measureStrip(grid: NetworkGrid): Strip {
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
    steps.push(Math.max(left.half + right.half + 10, left.access && right.access ? ACCESS_COLUMN : COLUMN));
  }
  const before = Math.max(PAD, (columns[0]?.half ?? 0) + 14);
  const after = Math.max(PAD, (columns.at(-1)?.half ?? 0) + 14);
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

export function placeEntities(topology: Topology, options: LayoutOptions): Placement {
  const strips = arrangeNetworks(topology).map(measureStrip);
  const gaps: number[] = [];
  const passed = new Set<string>();
  for (const strip of strips.slice(0, -1)) {
    passed.add(strip.grid.network.domain);
    gaps.push(isCrossed(topology, passed) ? BORDER_GAP : NARROW_GAP);
  }
  const rows = Math.max(3, ...strips.flatMap((strip) => strip.grid.cells.map((cell) => cell.row + 1)));
  const leastWidth = 2 * MARGIN + strips.reduce((sum, strip) => sum + strip.width, 0) + gaps.reduce((sum, gap) => sum + gap, 0);
  const leastHeight = 2 * MARGIN + FIRST_ROW + (rows - 1) * ROW + LAST_ROW;
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
    const box: Box = { x, y: MARGIN, width: strip.width + wider * (strip.steps.length + 1), height: height - 2 * MARGIN };
    const territory = createTerritory(topology, strip, box);
    territories.push(territory);
    const columns: number[] = [x + strip.before + wider / 2];
    for (const step of strip.steps) columns.push((columns.at(-1) ?? 0) + step + wider);
    for (const { entity, column, row } of strip.grid.cells) {
      const at = { x: columns[column] ?? x, y: MARGIN + FIRST_ROW + taller * 0.35 + row * (ROW + taller) };
      entities.push(placeEntity(entity, options.moved?.[entity.id], at, territory));
    }
    x += box.width + (gaps[i] ?? 0) + wider * gapShare;
  }
  const legend = legendBeside(territories, options.legendColumns ?? 2);
  if (legend !== undefined) return { width, height, territories, entities, legend };
  const line = { x: MARGIN + TITLE_PAD, y: height - MARGIN + 3, width: width - 2 * (MARGIN + TITLE_PAD), height: LEGEND.row };
  return { width, height: height + LEGEND.row + 2, territories, entities, legend: line };
}

/** Room at the right of a title, the rightmost first. */
function legendBeside(territories: readonly Territory[], columns: number): Box | undefined {
  const width = columns * LEGEND.column - 10;
  const territory = territories.findLast(({ box, titleBox }) => box.width - titleBox.width - 2.5 * TITLE_PAD >= width);
  if (territory === undefined) return undefined;
  return { x: territory.box.x + territory.box.width - TITLE_PAD / 2 - width, y: territory.box.y + 7, width, height: LEGEND.rows * LEGEND.row };
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
