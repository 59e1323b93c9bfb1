/**
 * The way of each link between two entities: straight where that is free, else the cheapest of a few curves and lanes that go round what stands there.
 * Deterministic: links are routed in a fixed order, and each tries to keep off those before it.
 */
import type { EntityId, Trace, TraceLink } from '#trace/record.ts';
import { arcPath, clamp, contains, cornerPath, inflate, type Box, type Path, type Point } from './geometry.ts';
import type { Topology } from './grid.ts';
import { routeKey, type PlacedEntity, type PlacedLink, type Territory } from './layout-types.ts';
import { BADGE_TOP, GLYPH, NAME_BOX } from './metrics.ts';
import { isMarked } from './place-entities.ts';

/** What it costs to run through things, in world units of detour. */
const COST = { glyph: 4000, name: 1500, badge: 300, title: 700, ownName: 12, company: 9, outside: 4000, bend: 30, curve: 18, cross: 14, offMain: 1.2 } as const;
const ARCS = [22, 36, 52, 72, 100, 136, 180];
const CELL = 8;
const CORNER = 22;
/** Heights, relative to the main row, at which a link may pass a border, so that they cross together, near the main flow. */
const PORTS = [-46, -24, 24, 46];

interface Obstacle {
  readonly box: Box;
  readonly cost: number;
  readonly owner: EntityId | undefined;
}

/** All pairs between which something may travel: the declared links, then whatever pairs the messages show besides. */
export function deriveLinks(trace: Topology & Partial<Pick<Trace, 'records'>>): TraceLink[] {
  const known = new Set<string>();
  const entities = new Set(trace.entities.map((entity) => entity.id));
  const links: TraceLink[] = [];
  const add = (link: TraceLink): void => {
    if (link.a === link.b || known.has(routeKey(link.a, link.b)) || !entities.has(link.a) || !entities.has(link.b)) return;
    known.add(routeKey(link.a, link.b)).add(routeKey(link.b, link.a));
    links.push(link);
  };
  for (const link of trace.links) add(link);
  for (const record of trace.records ?? []) {
    if (record.kind === 'message' && !known.has(routeKey(record.from, record.to)))
      add({ a: record.from, b: record.to, referencePoint: record.protocol === 'DNS' ? 'DNS' : '' });
  }
  return links;
}

export const isQuiet = (link: TraceLink): boolean => link.referencePoint === 'DNS' || link.referencePoint === '';

/** Which cells of a coarse raster are taken by links that were routed before, and by how many. */
class Raster {
  private readonly taken = new Map<number, number>();

  at(x: number, y: number): number {
    return this.taken.get(Math.round(x / CELL) * 4096 + Math.round(y / CELL)) ?? 0;
  }

  add(path: Path, from: number, to: number): void {
    const own = new Set<number>();
    for (let i = 0; i < path.xs.length; i++) {
      const length = path.lengths[i] ?? 0;
      if (length >= from && length <= to) own.add(Math.round((path.xs[i] ?? 0) / CELL) * 4096 + Math.round((path.ys[i] ?? 0) / CELL));
    }
    for (const cell of own) this.taken.set(cell, (this.taken.get(cell) ?? 0) + 1);
  }
}

export function routeLinks(
  links: readonly TraceLink[],
  entities: readonly PlacedEntity[],
  territories: readonly Territory[],
  legend: Box,
  world: Box,
): PlacedLink[] {
  const byId = new Map(entities.map((entity) => [entity.entity.id, entity]));
  const obstacles: Obstacle[] = territories.map((territory) => ({ box: inflate(territory.titleBox, 6), cost: COST.title, owner: undefined }));
  obstacles.push({ box: legend, cost: COST.title, owner: undefined });
  for (const { entity, glyphBox, nameBox, badgeBox } of entities) {
    obstacles.push({ box: inflate(glyphBox, 5), cost: COST.glyph, owner: entity.id });
    obstacles.push({ box: inflate(nameBox, 2), cost: COST.name, owner: entity.id });
    if (isMarked(entity)) obstacles.push({ box: badgeBox, cost: COST.badge, owner: entity.id });
  }
  const raster = new Raster();
  const lanes = laneHeights(entities, world);
  const gaps = territories
    .slice(1)
    .map((right, i): readonly [number, number] => [(territories[i]?.box.x ?? 0) + (territories[i]?.box.width ?? 0), right.box.x]);
  const main = mainHeight(entities);
  const ends = links.flatMap((link) => {
    const a = byId.get(link.a);
    const b = byId.get(link.b);
    return a === undefined || b === undefined ? [] : [{ link, a, b, rank: (isQuiet(link) ? 100_000 : 0) + Math.hypot(a.x - b.x, a.y - b.y) }];
  });
  const placed = new Map<TraceLink, PlacedLink>();
  for (const { link, a, b } of [...ends].sort((p, q) => p.rank - q.rank)) {
    let best: Path | undefined;
    let least = Infinity;
    const straight = Math.hypot(a.x - b.x, a.y - b.y);
    // Two that stand off the main row, such as border nodes, meet where they stand.
    const drawnToMain = !isQuiet(link) && Math.min(Math.abs(a.y - main), Math.abs(b.y - main)) < GLYPH / 2;
    for (const { draw, extra } of candidates(a, b, lanes, isQuiet(link) ? [] : gaps, main)) {
      if (extra + straight >= least) continue;
      const path = draw();
      let cost = extra + path.length + costOf(path, a.entity.id, b.entity.id, obstacles, raster, world, least);
      if (drawnToMain) for (const gap of gaps) cost += COST.offMain * heightOver(path, gap, main);
      if (cost < least) [best, least] = [path, cost];
      if (least < straight + 2) break;
    }
    if (best === undefined) continue;
    const [from, to] = trim(best, a, b);
    raster.add(best, from, to);
    placed.set(link, {
      id: routeKey(link.a, link.b),
      a: link.a,
      b: link.b,
      referencePoint: link.referencePoint,
      quiet: isQuiet(link),
      tunnel: link.referencePoint === 'Za' || link.referencePoint === 'Zb',
      path: best,
      from,
      to,
    });
  }
  return ends.flatMap(({ link }) => placed.get(link) ?? []);
}

/** Height of the row that most entities stand in: the way of the requests. */
function mainHeight(entities: readonly PlacedEntity[]): number {
  const counts = new Map<number, number>();
  for (const { entity, y } of entities) {
    if (entity.kind.endsWith('cscf')) counts.set(Math.round(y), (counts.get(Math.round(y)) ?? 0) + 1);
  }
  return [...counts].sort((p, q) => q[1] - p[1] || p[0] - q[0])[0]?.[0] ?? 0;
}

/** How far from the main row the path is where it passes a gap between territories. */
function heightOver(path: Path, gap: readonly [number, number], main: number): number {
  let most = 0;
  for (let i = 0; i < path.xs.length; i++) {
    const x = path.xs[i] ?? 0;
    if (x > gap[0] - 6 && x < gap[1] + 6) most = Math.max(most, Math.abs((path.ys[i] ?? 0) - main));
  }
  return most;
}

/** Heights between the rows at which a lane may run. */
function laneHeights(entities: readonly PlacedEntity[], world: Box): number[] {
  const rows = [...new Set(entities.map((entity) => Math.round(entity.y)))].sort((a, b) => a - b);
  const heights = rows.flatMap((y, i) => {
    const next = rows[i + 1];
    const above = y + NAME_BOX.bottom;
    if (next === undefined) return [above + 18];
    const below = next + BADGE_TOP;
    return below - above < 6 ? [] : [above + (below - above) * 0.3, above + (below - above) * 0.5];
  });
  return [(rows[0] ?? 0) - GLYPH / 2 - 14, ...heights].filter((y) => y > world.y + 8 && y < world.y + world.height - 8);
}

interface Candidate {
  readonly draw: () => Path;
  /** What it costs before its length. */
  readonly extra: number;
}

function* candidates(
  a: PlacedEntity,
  b: PlacedEntity,
  lanes: readonly number[],
  gaps: readonly (readonly [number, number])[],
  main: number,
): Generator<Candidate> {
  yield { draw: () => cornerPath([a, b], 0), extra: 0 };
  const distance = Math.hypot(a.x - b.x, a.y - b.y);
  for (const bulge of ARCS) {
    if (bulge > distance * 0.6) break;
    yield { draw: () => arcPath(a, b, bulge), extra: COST.curve + bulge * 0.8 };
    yield { draw: () => arcPath(a, b, -bulge), extra: COST.curve + bulge * 0.8 };
  }
  if (distance < 150) return;
  const side = Math.sign(b.x - a.x) || 1;
  for (const gap of gaps) {
    const [near, far] = side > 0 ? gap : [gap[1], gap[0]];
    if ((near - a.x) * side < GLYPH || (b.x - far) * side < GLYPH) continue;
    for (const port of PORTS) {
      yield { draw: () => cornerPath([a, { x: near - side * 8, y: main + port }, { x: far + side * 8, y: main + port }, b], CORNER), extra: COST.curve };
    }
  }
  for (const y of lanes) {
    for (const run of [34, 62]) {
      const leave: Point = { x: a.x + side * run, y };
      const arrive: Point = { x: b.x - side * run, y };
      if ((arrive.x - leave.x) * side < 20) continue;
      yield { draw: () => cornerPath([a, leave, arrive, b], CORNER), extra: COST.bend };
    }
  }
}

function costOf(path: Path, a: EntityId, b: EntityId, obstacles: readonly Obstacle[], raster: Raster, world: Box, limit: number): number {
  const hit = new Set<Obstacle>();
  const near = obstaclesNear(path, obstacles);
  let cost = 0;
  let crossing = false;
  for (let i = 0; i < path.xs.length; i++) {
    const x = path.xs[i] ?? 0;
    const y = path.ys[i] ?? 0;
    const length = path.lengths[i] ?? 0;
    if (!contains(world, x, y)) cost += COST.outside;
    for (const obstacle of near) {
      if (hit.has(obstacle) || !contains(obstacle.box, x, y)) continue;
      hit.add(obstacle);
      const own = obstacle.owner === a || obstacle.owner === b;
      cost += own ? (obstacle.cost === COST.name ? COST.ownName : 0) : obstacle.cost;
    }
    // Links that end at the same entity are near one another there, whatever they do.
    if (length > GLYPH && length < path.length - GLYPH) {
      const company = raster.at(x, y);
      if (company > 0) cost += crossing ? COST.company : COST.cross;
      crossing = company > 0;
    }
    if (cost > limit) return cost;
  }
  return cost;
}

function obstaclesNear(path: Path, obstacles: readonly Obstacle[]): Obstacle[] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < path.xs.length; i++) {
    const x = path.xs[i] ?? 0;
    const y = path.ys[i] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return obstacles.filter(({ box }) => box.x <= right && box.x + box.width >= left && box.y <= bottom && box.y + box.height >= top);
}

/** The part of the path outside both glyphs. */
function trim(path: Path, a: PlacedEntity, b: PlacedEntity): readonly [number, number] {
  let first = 0;
  while (first < path.xs.length - 1 && contains(a.glyphBox, path.xs[first] ?? 0, path.ys[first] ?? 0)) first++;
  let last = path.xs.length - 1;
  while (last > 0 && contains(b.glyphBox, path.xs[last] ?? 0, path.ys[last] ?? 0)) last--;
  const from = path.lengths[first] ?? 0;
  const to = path.lengths[last] ?? path.length;
  // Entities that a person pushed into one another.
  return to > from ? [from, to] : [path.length * 0.4, path.length * 0.6];
}

/** The part of a link that has been travelled: `share` is 0 at the sender's glyph and 1 at the receiver's. */
export function distanceOn(link: PlacedLink, from: EntityId, share: number): number {
  const part = clamp(share, 0, 1);
  return from === link.a ? link.from + (link.to - link.from) * part : link.to - (link.to - link.from) * part;
}
