/** What the stage of stage 2 and the reference architecture draw of a run: who stands there, who is missing, what joins them. */
import { functionLinks, functionsOf, AGENT_PORTS } from '#trace/architecture.ts';
import type { AbsentFunction, FunctionScene } from '#diagram/arrange-functions.ts';
import type { Stage2 } from '#trace/stage2.ts';
import { FUNCTIONS, type FunctionKind } from '#trace/stage2-functions.ts';
import type { Trace } from '#trace/record.ts';

export function sceneOf(trace: Trace, stage2: Stage2, architecture: boolean): FunctionScene {
  const functions = functionsOf(trace, stage2.functions);
  const links = functionLinks(functions, stage2.trace.links);
  const first = (kind: FunctionKind): string | undefined => functions.find((each) => each.function === kind)?.id;
  const networkOf = (kind: FunctionKind): string | undefined => functions.find((each) => each.function === kind)?.network;
  const absent: AbsentFunction[] = [];
  const absentLinks: { a: string; b: string; referencePoint: string }[] = [];
  const miss = (kind: FunctionKind, network: string | undefined, joins: readonly (readonly [string | undefined, string])[]): void => {
    if (first(kind) !== undefined) return;
    const id = `absent/${kind}`;
    absent.push({ id, kind, title: FUNCTIONS[kind].title, network, ...(kind === 'pna' ? { ports: AGENT_PORTS } : {}) });
    for (const [other, referencePoint] of joins) if (other !== undefined) absentLinks.push({ a: id, b: other, referencePoint });
  };
  // NOTE 1 and figure 5.3.4-1: an optional box, dotted.
  if (first('wpp') !== undefined) miss('list-server', networkOf('wpp'), [[first('wpp'), 'ISC']]);
  if (!architecture) return { trace, functions, links, architecture, absent, absentLinks };
  miss('pna', networkOf('presence-server'), [
    [first('presence-server'), 'Pen'],
    [first('hss'), 'Ph'],
  ]);
  miss('pea', undefined, [[first('presence-server'), 'Pex']]);
  const [pua, server] = [first('pua'), first('presence-server')];
  const hasDocuments = trace.links.some(({ referencePoint }) => referencePoint === 'Ut');
  const policy = pua === undefined || server === undefined ? [] : [{ a: pua, b: server, referencePoint: 'Peu · Ut' }];
  return {
    trace,
    functions,
    architecture,
    links: hasDocuments ? [...links, ...policy] : links,
    absent,
    absentLinks: hasDocuments ? absentLinks : [...absentLinks, ...policy],
  };
}
