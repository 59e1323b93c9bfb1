import { describe, expect, it } from 'vitest';
import { planNetwork } from '#scenario/plan.ts';
import { computeRun } from '#testing/computed-run.ts';
import { functionLinks, functionsOf, imsPoints, realisation, referencePoints } from '#trace/architecture.ts';
import type { Trace } from '#trace/record.ts';
import { readStage2 } from '#trace/stage2.ts';
import { stepsOf } from '#trace/steps.ts';
import { encloses, inflate, overlap, textWidth } from './geometry.ts';
import type { FunctionScene } from './arrange-functions.ts';
import { layoutFunctions, functionOf } from './layout-functions.ts';
import { routeKey } from './layout-types.ts';

const trace: Trace = computeRun({
  format: 1,
  id: 'functions',
  title: 'Functions',
  summary: 'Functions.',
  until: 40,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'Here' } },
  ],
});
const stage2 = readStage2(trace);

function sceneFor(run: Trace, architecture: boolean): FunctionScene {
  const functions = functionsOf(run, readStage2(run).functions);
  const absent = [
    { id: 'absent/list-server', kind: 'list-server' as const, title: 'Presence List Server', network: 'home1.net' },
    ...(architecture
      ? [
          { id: 'absent/pna', kind: 'pna' as const, title: 'Presence Network Agent', network: 'home2.net', ports: [['Pi', 'S-CSCF']] as const },
          { id: 'absent/pea', kind: 'pea' as const, title: 'Presence External Agent', network: undefined },
        ]
      : []),
  ];
  return { trace: run, functions, links: functionLinks(functions, readStage2(run).trace.links), architecture, absent, absentLinks: [] };
}

describe('the layout of functions', () => {
  it.each([
    [false, 2.9],
    [false, 1.4],
    [true, 2.3],
    [true, 3.4],
  ])('lets no area lie on another or leave its network (architecture %s, aspect %d)', (architecture, aspect) => {
    const { functions, territories, width, height } = layoutFunctions(sceneFor(trace, architecture), aspect);
    for (const [i, a] of functions.entries()) {
      for (const b of functions.slice(i + 1)) expect(overlap(inflate(a.box, 6), b.box), `${a.title} and ${b.title}`).toBe(false);
      expect(
        territories.some(({ box }) => encloses(box, inflate(a.box, 6))),
        a.title,
      ).toBe(true);
      for (const { x, y } of a.members) expect(encloses(a.box, { x: x - 19, y: y - 19, width: 38, height: 38 })).toBe(true);
    }
    for (const { box } of territories) expect(encloses({ x: 0, y: 0, width, height }, box)).toBe(true);
  });

  it('leaves room for the names of links between neighbours, and gives each way over the row a height of its own', () => {
    const scene = sceneFor(trace, false);
    const [watcher, wpp, ppp, server] = ['watcher', 'wpp', 'ppp', 'presence-server'].map((kind) => scene.functions.find((each) => each.function === kind)!.id);
    const links = [
      { a: wpp!, b: ppp!, referencePoint: 'Pw · Pep · Pex · Pen' },
      { a: wpp!, b: server!, referencePoint: 'Pw' },
      { a: watcher!, b: server!, referencePoint: 'Pex' },
    ];
    const layout = layoutFunctions({ ...scene, links }, 2.9);
    const [named, short, long] = layout.links;
    expect(layout.functions.filter(({ box }) => overlap(box, named!.label!.box))).toEqual([]);
    const top = ({ path }: { path: { ys: Float64Array } }): number => Math.min(...path.ys);
    expect(top(short!) - top(long!)).toBeGreaterThan(16);
    expect(top(long!)).toBeGreaterThan(layout.territories[0]!.box.y + 30);
  });

  it('lets no title reach out of its network', () => {
    const networks = trace.networks.map((each) => ({ ...each, title: 'a network with a rather long and winding title of its own' }));
    const { territories } = layoutFunctions({ ...sceneFor({ ...trace, networks }, false) }, 2.9);
    for (const { box, domain, title } of territories)
      expect(box.width, domain).toBeGreaterThan(textWidth(domain, 14, 650) + textWidth(title, 12, 600) + 2 * 16);
  });

  it('has a way for every arrow of the run, from edge to edge', () => {
    for (const architecture of [false, true]) {
      const layout = layoutFunctions(sceneFor(trace, architecture), 2.6);
      for (const { message } of stepsOf(stage2.trace)) {
        const link = layout.linkByEnds.get(routeKey(message.from, message.to));
        expect(link, `${message.from} to ${message.to}`).toBeDefined();
        expect(link?.path.length).toBeGreaterThan(20);
      }
    }
  });

  it('puts the areas of figure 5.3.4-1 around the CSCFs that play them, from left to right', () => {
    const layout = layoutFunctions(sceneFor(trace, false), 2.9);
    const main = layout.functions.filter(({ kind }) => ['watcher', 'wpp', 'ppp', 'presence-server'].includes(kind)).sort((a, b) => a.box.x - b.box.x);
    expect(main.map(({ title, members }) => [title, members.map(({ entity }) => entity.label)])).toEqual([
      ['Watcher application', ['UE#1']],
      ['Watcher Presence Proxy', ['P-CSCF#1', 'S-CSCF#1']],
      ['Presentity Presence Proxy', ['I-CSCF#2', 'S-CSCF#2']],
      ['Presence Server', ['PS']],
    ]);
    expect(functionOf(layout, 'icscf2-s.home2.net')).toBe('ppp/home2.net');
    expect(functionOf(layout, undefined)).toBeUndefined();
  });
});

describe('the reference architecture', () => {
  const functions = functionsOf(trace, []);

  it('is read off the network before anything has been sent', () => {
    expect(functions.map(({ title, members }) => `${title}: ${members.join(', ')}`)).toEqual([
      'Watcher application: ue1',
      'Watcher Presence Proxy: pcscf1.visited1.net, scscf1.home1.net',
      'Presentity Presence Proxy: icscf2-s.home2.net, scscf2.home2.net',
      'HSS: hss2.home2.net',
      'Presence Server: ps.home2.net',
      'Presence User Agent: ue2',
    ]);
    expect(new Set(functionsOf(trace, stage2.functions).map(({ id }) => id))).toEqual(new Set(functions.map(({ id }) => id)));
  });

  it('says by what each reference point is there, or why it is not', () => {
    const said = referencePoints(trace, functions).map(({ name, by, missing }) => `${name}: ${missing ?? by.join(' ')}`);
    expect(said).toEqual([
      'Pw: Gm Mw ISC',
      'Px: Cx',
      'Pep: Gm Mw ISC',
      'Peu: Nobody offers Ut here: the rules are set by the operator.',
      'Ut: No document server stands in this network.',
      'Pen: No Presence Network Agent stands in this network.',
      'Pex: No Presence External Agent stands in this network.',
      'Ph: No Presence Network Agent stands in this network.',
      'Pi: No Presence Network Agent stands in this network.',
      'Pc: No Presence Network Agent stands in this network.',
      'Pg: No Presence Network Agent stands in this network.',
      'Pk: No Presence Network Agent stands in this network.',
      'Pl: No Presence Network Agent stands in this network.',
      'Pr: No Presence Network Agent stands in this network.',
    ]);
    expect(imsPoints(trace).here).toEqual(['Gm', 'Mw', 'ISC', 'Cx']);
  });

  it('changes with the network: without a presence server there is no Pw', () => {
    const { networks, entities, links } = planNetwork({});
    const without = { networks, entities: [...entities.values()].filter(({ kind }) => kind !== 'presence-server'), links };
    expect(referencePoints(without, functionsOf(without, []))[0]).toMatchObject({ name: 'Pw', missing: 'No Presence Server stands in this network.' });
  });

  it('names a link between functions by the links between those who play them, or over who is on the way', () => {
    expect(realisation(trace.links, ['ue1'], ['pcscf1.visited1.net', 'scscf1.home1.net'])).toEqual(['Gm']);
    expect(realisation(trace.links, ['ue2'], ['icscf2-s.home2.net', 'scscf2.home2.net'])).toEqual(['Gm', 'Mw']);
    expect(realisation(trace.links, ['ps.home2.net'], ['ue1'])).toEqual([]);
  });
});
