/** What is drawn behind the links: plain borders between networks (a security gateway is an entity or is not there), and the halos of the two presence proxies. */
import type { TraceEntity } from '#trace/record.ts';
import { capsulePath, distanceToSegment, type Box, type Path } from './geometry.ts';
import { findPresentity, findWatcher, neighbours, type Topology } from './grid.ts';
import type { Border, PlacedEntity, PlacedText, Territory } from './layout-types.ts';
import { GLYPH } from './metrics.ts';
import { placeText, type LabelGround } from './place-labels.ts';

export function createBorders(territories: readonly Territory[]): Border[] {
  return territories.slice(1).map((right, i) => {
    const left = territories[i]?.box ?? right.box;
    return { x: (left.x + left.width + right.box.x) / 2, top: right.box.y + 6, bottom: right.box.y + right.box.height - 6 };
  });
}

interface HaloPlan {
  readonly name: string;
  readonly members: readonly [PlacedEntity, PlacedEntity];
}

/** Which CSCFs play which presence proxy (TS 23.141 figure 5.3.4-1). */
function planHalos(topology: Topology, entityById: ReadonlyMap<string, PlacedEntity>): HaloPlan[] {
  const plans: HaloPlan[] = [];
  const add = (name: string, first: TraceEntity | undefined, second: TraceEntity | undefined): void => {
    const a = entityById.get(first?.id ?? '');
    const b = entityById.get(second?.id ?? '');
    if (a !== undefined && b !== undefined) plans.push({ name, members: [a, b] });
  };
  const watcher = findWatcher(topology);
  const presentity = findPresentity(topology);
  if (watcher !== undefined) {
    const proxy = neighbours(topology, watcher.id, 'p-cscf')[0];
    add('Watcher Presence Proxy', proxy, servingOf(topology, proxy, watcher.home));
  }
  if (presentity !== undefined) {
    const serving = topology.entities.find((entity) => entity.kind === 's-cscf' && entity.network === presentity.home);
    add(
      'Presentity Presence Proxy',
      topology.entities.find((entity) => entity.kind === 'i-cscf' && entity.network === presentity.home),
      serving,
    );
  }
  return plans;
}

function servingOf(topology: Topology, proxy: TraceEntity | undefined, home: string): TraceEntity | undefined {
  const linked = proxy === undefined ? [] : neighbours(topology, proxy.id, 's-cscf').filter((entity) => entity.network === home);
  return linked[0] ?? topology.entities.find((entity) => entity.kind === 's-cscf' && entity.network === home);
}

const RADIUS = 47;
/** The capsule is centred between glyph and name. */
const DROP = 6;

export interface PlannedHalo extends HaloPlan {
  readonly outline: Path;
}

/** A halo that would take in somebody else is not drawn: it would say what is not so. */
export function createHalos(topology: Topology, entities: readonly PlacedEntity[], entityById: ReadonlyMap<string, PlacedEntity>): PlannedHalo[] {
  return planHalos(topology, entityById).flatMap((plan) => {
    const [a, b] = [...plan.members].sort((p, q) => p.x - q.x || p.y - q.y) as [PlacedEntity, PlacedEntity];
    const intruder = entities.some((entity) => entity !== a && entity !== b && distanceToSegment(entity, a, b) < RADIUS + GLYPH / 2 - 6);
    if (intruder) return [];
    return [{ ...plan, members: [a, b] as const, outline: capsulePath({ x: a.x, y: a.y + DROP }, { x: b.x, y: b.y + DROP }, RADIUS) }];
  });
}

export function placeHaloLabel(halo: PlannedHalo, size: number, ground: LabelGround, world: Box): PlacedText | undefined {
  const [a, b] = halo.members;
  const places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0, 1, -0.15, 1.15, -0.3, 1.3];
  const nx = -(b.y - a.y) / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
  const ny = (b.x - a.x) / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
  const side = (out: number): { x: number; y: number }[] =>
    places.map((u) => ({ x: a.x + (b.x - a.x) * u + nx * out, y: a.y + DROP + (b.y - a.y) * u + ny * out }));
  const middles = [RADIUS + 8, -RADIUS - 9, RADIUS - 9, 9 - RADIUS, RADIUS + 20, -RADIUS - 22, RADIUS + 34, -RADIUS - 36, RADIUS + 46, -RADIUS - 48].flatMap(
    side,
  );
  const inside = middles.filter(({ x, y }) => y > world.y + 10 && y < world.y + world.height - 10 && x > world.x + 90 && x < world.x + world.width - 90);
  return placeText(halo.name, size, 600, inside, ground);
}
