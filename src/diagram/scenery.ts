/** What is drawn behind the links: borders with security gateways and tunnels, and the halos of the two presence proxies. */
import type { TraceEntity } from '#trace/record.ts';
import { capsulePath, distanceToSegment, type Box, type Path } from './geometry.ts';
import { findPresentity, findWatcher, neighbours, type Topology } from './grid.ts';
import type { Border, Crossing, PlacedEntity, PlacedLink, PlacedText, Territory } from './layout-types.ts';
import { GATEWAY_WIDTH, GLYPH, TITLE_HEIGHT } from './metrics.ts';
import { placeText, type LabelGround } from './place-labels.ts';

/** Links that cross nearer to one another than this share a gateway. */
const SHARED = 84;
const LEAST_HEIGHT = 34;
/** A gateway reaches so far beyond the outermost link. */
const PAD = 12;

export function createBorders(territories: readonly Territory[]): Border[] {
  return territories.slice(1).map((right, i) => {
    const left = territories[i]?.box ?? right.box;
    return { x: (left.x + left.width + right.box.x) / 2, top: right.box.y + 6, bottom: right.box.y + right.box.height - 6 };
  });
}

/** Where the path passes the vertical line at `x`. */
function heightsAt(link: PlacedLink, x: number): number[] {
  const { xs, ys } = link.path;
  const heights: number[] = [];
  for (let i = 1; i < xs.length; i++) {
    const before = xs[i - 1] ?? 0;
    const here = xs[i] ?? 0;
    if (before < x === here < x) continue;
    heights.push((ys[i - 1] ?? 0) + (((ys[i] ?? 0) - (ys[i - 1] ?? 0)) * (x - before)) / (here - before));
  }
  return heights;
}

/** One pair of gateways for all links that cross a border near one another (TS 33.210: Za). DNS between operators does not pass there. */
export function createCrossings(territories: readonly Territory[], links: readonly PlacedLink[]): Crossing[] {
  // Where gateways stand as entities, only what is between two of them is a tunnel.
  const hasGateways = links.some((link) => link.referencePoint === 'Za');
  const crossings: Crossing[] = [];
  for (const [i, right] of territories.entries()) {
    const left = territories[i - 1];
    if (left === undefined) continue;
    const banks = [left.box.x + left.box.width, right.box.x] as const;
    const heights = links
      .filter((link) => (hasGateways ? link.referencePoint === 'Za' : link.referencePoint !== 'DNS'))
      .map((link) => banks.flatMap((bank) => heightsAt(link, bank)))
      .filter((both) => both.length > 0)
      .map((both) => [Math.min(...both), Math.max(...both)] as const)
      .sort((a, b) => a[0] - b[0]);
    let group: { top: number; bottom: number } | undefined;
    const close = (): void => {
      const lowest = right.box.y + TITLE_HEIGHT + 2 * PAD;
      if (group !== undefined && group.bottom > lowest)
        crossings.push(createCrossing(`${i} ${crossings.length}`, banks, { top: Math.max(group.top, lowest), bottom: group.bottom }, hasGateways));
    };
    for (const [top, bottom] of heights) {
      if (group !== undefined && top - group.bottom < SHARED) group.bottom = Math.max(group.bottom, bottom);
      else {
        close();
        group = { top, bottom };
      }
    }
    close();
  }
  return crossings;
}

function createCrossing(
  id: string,
  banks: readonly [number, number],
  group: { readonly top: number; readonly bottom: number },
  isTunnelOnly: boolean,
): Crossing {
  const middle = (group.top + group.bottom) / 2;
  const height = Math.max(LEAST_HEIGHT, group.bottom - group.top + 2 * PAD);
  const bank = (x: number): Box => ({ x: x - GATEWAY_WIDTH / 2, y: middle - height / 2, width: GATEWAY_WIDTH, height });
  const tunnel: Box = { x: banks[0] + GATEWAY_WIDTH / 2, y: middle - height / 2 + 4, width: banks[1] - banks[0] - GATEWAY_WIDTH, height: height - 8 };
  return { id, gateways: isTunnelOnly ? [] : [bank(banks[0]), bank(banks[1])], tunnel, lines: tunnel.width >= 50 ? ['Za · ESP'] : ['Za', 'ESP'] };
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

const RADIUS = 49;
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
  const places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];
  const nx = -(b.y - a.y) / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
  const ny = (b.x - a.x) / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
  const side = (out: number): { x: number; y: number }[] =>
    places.map((u) => ({ x: a.x + (b.x - a.x) * u + nx * out, y: a.y + DROP + (b.y - a.y) * u + ny * out }));
  const middles = [...side(RADIUS + 10), ...side(-RADIUS - 10), ...side(RADIUS - 9), ...side(9 - RADIUS)];
  const inside = middles.filter(({ x, y }) => y > world.y + 10 && y < world.y + world.height - 10 && x > world.x + 90 && x < world.x + world.width - 90);
  return placeText(halo.name, size, 600, inside, ground);
}
