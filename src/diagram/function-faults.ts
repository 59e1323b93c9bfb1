/** Which links of entities a line between functions stands for, and what is broken of them. Links inside a function have no line: a fault of theirs is drawn between its members. */
import type { EntityId, TraceLink } from '#trace/record.ts';
import type { Broken } from './broken.ts';
import type { FunctionLayout, PlacedMember } from './layout-functions.ts';
import { routeKey } from './layout-types.ts';

export interface LineFault {
  readonly cut: boolean;
  /** What is wrong with it; `cut` too, where only some of its links are. */
  readonly words: string;
}

/** A broken link between two members of one function. */
export interface InnerFault extends LineFault {
  readonly key: string;
  readonly from: PlacedMember;
  readonly to: PlacedMember;
}

type Pair = readonly [EntityId, EntityId];

/** The links of entities behind every line, by its id. */
export function linksBehind(layout: FunctionLayout, links: readonly TraceLink[]): ReadonlyMap<string, readonly Pair[]> {
  const membersOf = new Map(layout.functions.map(({ id, members }) => [id, new Set(members.map(({ entity }) => entity.id))]));
  return new Map(
    layout.links.map(({ id, a, b }): readonly [string, readonly Pair[]] => {
      const [one, other] = [membersOf.get(a), membersOf.get(b)];
      const joins = (link: TraceLink): boolean =>
        (one?.has(link.a) === true && other?.has(link.b) === true) || (one?.has(link.b) === true && other?.has(link.a) === true);
      return [id, links.filter(joins).map((link): Pair => [link.a, link.b])];
    }),
  );
}

/** What is wrong with a line: it is cut where all that it stands for is; undefined while all is well. */
export function faultOfLine(pairs: readonly Pair[], { cut, impaired }: Broken): LineFault | undefined {
  const faults = pairs.filter(([a, b]) => cut.has(routeKey(a, b)));
  if (pairs.length > 0 && faults.length === pairs.length) return { cut: true, words: 'cut' };
  const bad = pairs.flatMap(([a, b]) => impaired.get(routeKey(a, b)) ?? []);
  const words = [...(faults.length > 0 ? [`${faults.length} of ${pairs.length} cut`] : []), ...bad].join(', ');
  return words === '' ? undefined : { cut: false, words };
}

/** What is broken inside the functions. */
export function innerFaults(layout: FunctionLayout, links: readonly TraceLink[], { cut, impaired }: Broken): readonly InnerFault[] {
  return layout.functions.flatMap(({ members }) => {
    const memberOf = new Map(members.map((member) => [member.entity.id, member]));
    return links.flatMap(({ a, b }): readonly InnerFault[] => {
      const [from, to] = [memberOf.get(a), memberOf.get(b)];
      const key = routeKey(a, b);
      const words = cut.has(key) ? 'cut' : impaired.get(key);
      return from === undefined || to === undefined || words === undefined ? [] : [{ key, from, to, cut: cut.has(key), words }];
    });
  });
}
