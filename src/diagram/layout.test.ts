import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planNetwork } from '#scenario/plan.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { EntityKind, TraceEntity, TraceLink, TraceNetwork } from '#trace/record.ts';
import { contains, encloses, overlap, type Box } from './geometry.ts';
import type { Topology } from './grid.ts';
import { layoutNetwork } from './layout.ts';
import type { Layout } from './layout-types.ts';
import { isMarked } from './place-entities.ts';

function planned(options: Parameters<typeof planNetwork>[0]): Topology {
  const plan = planNetwork(options);
  return { networks: plan.networks, entities: [...plan.entities.values()], links: plan.links };
}

/** Everything that must not lie on anything else, named for the failure message. An entity's own mark may touch its glyph. */
function furniture(layout: Layout): { readonly name: string; readonly owner: string; readonly box: Box }[] {
  return [
    ...layout.entities.flatMap(({ entity, glyphBox, nameBox, badgeBox }) => [
      { name: `glyph of ${entity.id}`, owner: entity.id, box: glyphBox },
      { name: `name of ${entity.id}`, owner: entity.id, box: nameBox },
      ...(isMarked(entity) ? [{ name: `mark of ${entity.id}`, owner: entity.id, box: badgeBox }] : []),
    ]),
    ...layout.territories.map(({ network, titleBox }) => ({ name: `title of ${network.domain}`, owner: `title ${network.domain}`, box: titleBox })),
    ...layout.links.flatMap(({ id, label }) => (label === undefined ? [] : [{ name: `label of ${id}`, owner: `label ${id}`, box: label.box }])),
    ...layout.halos.flatMap(({ name, label }) => (label === undefined ? [] : [{ name: `label of ${name}`, owner: `halo ${name}`, box: label.box }])),
    { name: 'legend', owner: 'legend', box: layout.legend },
  ];
}

function faults(layout: Layout): string[] {
  const found: string[] = [];
  const world: Box = { x: 0, y: 0, width: layout.width, height: layout.height };
  const things = furniture(layout);
  for (const [i, a] of things.entries()) {
    if (!encloses(world, a.box)) found.push(`${a.name} is outside the world`);
    for (const b of things.slice(i + 1)) if (a.owner !== b.owner && overlap(a.box, b.box)) found.push(`${a.name} lies on the ${b.name}`);
  }
  for (const { entity, glyphBox, nameBox, badgeBox, territory } of layout.entities) {
    if (territory.network.domain !== entity.network) found.push(`${entity.id} stands in ${territory.network.domain}`);
    for (const box of [glyphBox, nameBox, badgeBox]) if (!encloses(territory.box, box)) found.push(`${entity.id} reaches out of its territory`);
  }
  for (const { id, label } of layout.links) {
    if (label !== undefined && layout.territories.some((territory) => overlap(territory.box, label.box) && !encloses(territory.box, label.box)))
      found.push(`label of ${id} lies across an edge of a territory`);
  }
  for (const [i, a] of layout.territories.entries()) {
    for (const b of layout.territories.slice(i + 1)) if (overlap(a.box, b.box)) found.push(`${a.network.domain} lies on ${b.network.domain}`);
  }
  return found;
}

/** Links that run through the glyph of somebody else. */
function trespassers(layout: Layout): string[] {
  return layout.links.flatMap(({ id, a, b, path }) =>
    layout.entities
      .filter(({ entity, glyphBox }) => entity.id !== a && entity.id !== b && [...path.xs].some((x, i) => contains(glyphBox, x, path.ys[i]!)))
      .map(({ entity }) => `${id} through ${entity.id}`),
  );
}

const LONG = { visited1: 'ims.mnc015.mcc234.3gppnetwork.org', home1: 'ims.mnc001.mcc262.3gppnetwork.org', home2: 'x.example' };
const SHAPES = [1.2, 1.75, 2.33, 2.6, 2.95, 3.2, 4.5];
const NETWORKS = [
  ['the principal network', planned({})],
  ['long domains', planned(LONG)],
  ['watcher at home', planned({ watcherAtHome: true })],
  ['the hand-made run', createFixtureTrace()],
  ['security gateways', planned({ with: ['seg0', 'seg1', 'seg2'] })],
  ['border nodes', planned({ with: ['ibcf1', 'ibcf2'] })],
  ['two HSSs behind a locator', planned({ with: ['slf2', 'hss2b'] })],
  ['somebody outside', planned({ with: ['xmpp', 'wgw2', 'dns3'] })],
] as const;

describe('layoutNetwork', () => {
  it.each(NETWORKS)('draws %s readably in every shape of the stage', (_, topology) => {
    for (const aspect of SHAPES) {
      const layout = layoutNetwork(topology, { aspect });
      expect(faults(layout), `aspect ${aspect}`).toEqual([]);
      expect(trespassers(layout), `aspect ${aspect}`).toEqual([]);
      expect(layout.entities).toHaveLength(topology.entities.length);
    }
  });

  it('names every reference point of the principal network', () => {
    for (const aspect of [2.33, 2.6, 2.95, 3.2]) {
      const unnamed = layoutNetwork(planned({}), { aspect }).links.filter((link) => !link.quiet && link.label === undefined);
      expect(
        unnamed.map((link) => link.id),
        `aspect ${aspect}`,
      ).toEqual([]);
    }
  });

  it('names a link on the border where there is no room on either side, and the halo of a crowded network in three lines', () => {
    const crowded = planned({ with: ['xmpp', 'wgw2', 'dns3'] });
    const layout = layoutNetwork(crowded, { aspect: 2.88, stageWidth: 896 });
    expect(layout.links.filter((link) => !link.quiet && link.label === undefined)).toEqual([]);
    const across = layout.linkByEnds.get('scscf1.home1.net icscf2-s.home2.net')?.label;
    expect(layout.territories.some(({ box }) => overlap(box, across!.box))).toBe(false);
    expect(layout.halos.map(({ label }) => label?.lines?.length ?? 1)).toContain(3);
  });

  it('leaves room to name a way from below the role of one to above the mark of the other', () => {
    const lists = planned({ with: ['rls2'] });
    const layout = layoutNetwork(lists, { aspect: 2.88, stageWidth: 896 });
    const [upper, lower] = ['rls.home2.net', 'ps.home2.net'].map((id) => layout.entityById.get(id)!);
    expect(upper!.x).toBe(lower!.x);
    expect(lower!.badgeBox.y - upper!.nameBox.y - upper!.nameBox.height).toBeGreaterThanOrEqual(12);
    expect(layout.linkByEnds.get('rls.home2.net ps.home2.net')?.label?.text).toBe('Pw');
  });

  it('puts the visited network, the home of the watcher and the home of the presentity side by side', () => {
    const layout = layoutNetwork(planned({}));
    expect(layout.territories.map((territory) => territory.network.domain)).toEqual(['visited1.net', 'home1.net', 'home2.net']);
    expect(layout.territories.map((territory) => territory.tint)).toEqual(['visited', 'home1', 'home2']);
    const x = (id: string): number => layout.entityById.get(id)!.x;
    const y = (id: string): number => layout.entityById.get(id)!.y;
    const way = ['ue1', 'pcscf1.visited1.net', 'scscf1.home1.net', 'icscf2-s.home2.net', 'scscf2.home2.net', 'ps.home2.net'];
    for (const [i, id] of way.entries()) if (i > 0) expect(x(id), id).toBeGreaterThan(x(way[i - 1]!));
    expect(new Set(way.map(y)).size).toBe(1);
    for (const above of ['hss1.home1.net', 'dns.home1.net', 'hss2.home2.net', 'dns.home2.net']) expect(y(above), above).toBeLessThan(y('scscf1.home1.net'));
    expect(y('pcscf2.home2.net')).toBeGreaterThan(y('scscf2.home2.net'));
    expect(x('ue2')).toBeGreaterThan(x('pcscf2.home2.net'));
  });

  it('draws a security gateway and a tunnel only where the run has them', () => {
    const plain = layoutNetwork(planned({}));
    expect(plain.borders).toHaveLength(2);
    expect(plain.links.filter((link) => link.tunnel)).toEqual([]);
    const guarded = layoutNetwork(planned({ with: ['seg0', 'seg1', 'seg2'] }));
    const gateways = guarded.entities.filter(({ entity }) => entity.kind === 'security-gateway').map(({ entity }) => entity.id);
    expect(gateways).toHaveLength(3);
    const tunnels = guarded.links.filter((link) => link.tunnel);
    expect(tunnels.length).toBeGreaterThan(0);
    // Za from gateway to gateway, Zb from a node to the gateway of its network.
    for (const { a, b, referencePoint } of tunnels) expect([a, b].filter((end) => gateways.includes(end))).toHaveLength(referencePoint === 'Za' ? 2 : 1);
  });

  it('shows which CSCFs are which presence proxy (TS 23.141 §5.3.4)', () => {
    const layout = layoutNetwork(planned({}));
    expect(layout.halos.map(({ name, members }) => [name, ...members])).toEqual([
      ['Watcher Presence Proxy', 'pcscf1.visited1.net', 'scscf1.home1.net'],
      ['Presentity Presence Proxy', 'icscf2-s.home2.net', 'scscf2.home2.net'],
    ]);
    expect(layout.halos.every((halo) => halo.label !== undefined)).toBe(true);
  });

  it('gives the same layout for the same network', () => {
    expect(layoutNetwork(planned({}), { aspect: 2.5 })).toEqual(layoutNetwork(planned({}), { aspect: 2.5 }));
  });

  it('follows the shape of the stage', () => {
    const wide = layoutNetwork(planned({}), { aspect: 3.4 });
    const tall = layoutNetwork(planned({}), { aspect: 2 });
    expect(wide.width / wide.height).toBeCloseTo(3.4, 1);
    expect(tall.width / tall.height).toBeCloseTo(2, 1);
  });

  it('moves everything closer where it would be too small to be read, and no closer than that', () => {
    const widthOn = (stageWidth: number): number => layoutNetwork(planned({}), { aspect: 1.8, stageWidth }).width;
    expect(widthOn(1600)).toBe(widthOn(1400));
    expect(widthOn(600)).toBeLessThan(widthOn(1400) * 0.85);
    const between = 780;
    expect(between / widthOn(between)).toBeGreaterThan(0.89);
    for (const stageWidth of [300, 600, 780, 900]) {
      for (const [, topology] of NETWORKS) expect(faults(layoutNetwork(topology, { aspect: 2.6, stageWidth }))).toEqual([]);
    }
  });

  it('finds room for one more user without another row', () => {
    const [ue] = planned({}).entities.filter(({ kind, role }) => kind === 'ue' && role?.includes('presentity'));
    const topology = planned({});
    const more = layoutNetwork({ ...topology, entities: [...topology.entities, { ...ue!, id: 'more', label: 'UE#3', role: 'user' }] });
    expect(more.height).toBe(layoutNetwork(topology).height);
  });

  it('links pairs that talk without a declared reference point', () => {
    const trace = createFixtureTrace();
    const undeclared = layoutNetwork({ ...trace, links: trace.links.filter((link) => link.referencePoint !== 'ISC') });
    expect(undeclared.linkByEnds.get('ps.home2.net scscf2.home2.net')?.quiet).toBe(true);
  });

  it('keeps a dragged entity whole and inside its territory', () => {
    for (const x of [-3, 0, 0.4, 1, 7]) {
      for (const y of [-3, 0, 0.6, 1, 7]) {
        const layout = layoutNetwork(planned({}), { moved: { 'scscf1.home1.net': { x, y } } });
        const { territory, glyphBox, nameBox } = layout.entityById.get('scscf1.home1.net')!;
        for (const box of [glyphBox, nameBox]) expect(encloses(territory.box, box)).toBe(true);
        expect(overlap(territory.titleBox, glyphBox)).toBe(false);
      }
    }
  });
});

const KINDS: readonly EntityKind[] = ['p-cscf', 'i-cscf', 's-cscf', 'hss', 'dns-server', 'presence-server'];
const domain = fc.constantFrom(
  'home1.net',
  'a.example',
  'ims.mnc001.mcc262.3gppnetwork.org',
  'presence.operator-with-a-long-name.example',
  'b.test',
  'visited.test',
);

/** One to four networks; in each of them some kinds, one or two of each; up to five UEs anywhere. */
const topologies = fc.uniqueArray(domain, { minLength: 1, maxLength: 4 }).chain((domains) =>
  fc
    .record({
      counts: fc.array(fc.array(fc.nat(2), { minLength: KINDS.length, maxLength: KINDS.length }), { minLength: domains.length, maxLength: domains.length }),
      ues: fc.array(
        fc.record({ at: fc.nat(domains.length - 1), home: fc.nat(domains.length - 1), role: fc.constantFrom('watcher', 'presentity', undefined) }),
        { maxLength: 5 },
      ),
      visited: fc.array(fc.boolean(), { minLength: domains.length, maxLength: domains.length }),
      aspect: fc.double({ min: 1, max: 5, noNaN: true }),
      seed: fc.nat(),
    })
    .map(({ counts, ues, visited, aspect, seed }) => {
      const networks = domains.map((name, i): TraceNetwork => ({ domain: name, title: `network ${i}`, kind: visited[i] === true ? 'visited' : 'home' }));
      const entities: TraceEntity[] = [];
      for (const [i, network] of domains.entries()) {
        for (const [k, kind] of KINDS.entries()) {
          for (let n = 0; n < counts[i]![k]!; n++)
            entities.push({ id: `${kind}${n}.${network}`, kind, network, home: network, label: `${kind.toUpperCase()}#${i}${n}`, addresses: [] });
        }
      }
      for (const [i, ue] of ues.entries()) {
        entities.push({
          id: `ue${i}`,
          kind: 'ue',
          network: domains[ue.at]!,
          home: domains[ue.home]!,
          label: `UE#${i}`,
          addresses: [],
          ...(ue.role === undefined ? {} : { role: ue.role }),
        });
      }
      const links: TraceLink[] = [];
      for (const [i, a] of entities.entries()) {
        for (const [j, b] of entities.slice(i + 1).entries())
          if ((seed + i * 7 + j * 3) % 11 === 0) links.push({ a: a.id, b: b.id, referencePoint: ['Mw', 'Cx', 'ISC', 'DNS', 'Gm'][(i + j) % 5]! });
      }
      return { topology: { networks, entities, links }, aspect };
    }),
);

describe('any topology', () => {
  it('is drawn without overlap, inside its territories and the world', () => {
    fc.assert(
      fc.property(topologies, ({ topology, aspect }) => {
        const layout = layoutNetwork(topology, { aspect });
        expect(faults(layout)).toEqual([]);
        expect(layout.entities).toHaveLength(topology.entities.length);
        expect(layout.links).toHaveLength(topology.links.length);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
