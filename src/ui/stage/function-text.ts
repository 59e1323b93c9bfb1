/** The stage of functions in words, for those who do not see it. */
import type { InnerFault, LineFault } from '#diagram/function-faults.ts';
import type { FunctionLayout } from '#diagram/layout-functions.ts';
import type { LinkEnds } from '#store/link-acts.ts';
import type { LinkTarget } from './LinkTargets.tsx';

/** `Watcher Presence Proxy in home1.net: P-CSCF#1, S-CSCF#1.`, then who is joined to whom by which reference point. */
export function describeFunctions(layout: FunctionLayout): readonly string[] {
  const titles = new Map(layout.functions.map(({ id, title }) => [id, title]));
  const titleOf = (id: string): string => titles.get(id) ?? id;
  const areas = layout.functions.map(({ title, members, absent }) =>
    absent ? `${title}: not in this network.` : `${title}: ${members.map(({ entity }) => entity.label).join(', ') || 'nobody'}.`,
  );
  const links = layout.links.map(
    ({ a, b, referencePoint, absent }) => `${titleOf(a)} to ${titleOf(b)} by ${referencePoint}${absent ? ', not in this network' : ''}.`,
  );
  return [...areas, ...links];
}

/** `I-CSCF#2 to S-CSCF#2: cut.`: what is broken inside the functions. */
export const describeInner = (faults: readonly InnerFault[]): readonly string[] =>
  faults.map(({ from, to, words }) => `${from.entity.label} to ${to.entity.label}: ${words}.`);

/** The lines of the map as what a person can take hold of: those for which at least one link of entities stands. */
export function functionLinkTargets(
  layout: FunctionLayout,
  behind: ReadonlyMap<string, readonly LinkEnds[]>,
  faults: ReadonlyMap<string, LineFault>,
): readonly LinkTarget[] {
  const titles = new Map(layout.functions.map(({ id, title }) => [id, title]));
  const titleOf = (id: string): string => titles.get(id) ?? id;
  return layout.links.flatMap(({ id, a, b, referencePoint, path }): readonly LinkTarget[] => {
    const links = behind.get(id) ?? [];
    if (links.length === 0) return [];
    const fault = faults.get(id);
    const ends = `${titleOf(a)} – ${titleOf(b)}`;
    const name = `Link ${titleOf(a)} to ${titleOf(b)}, ${referencePoint}${fault === undefined ? '' : `, ${fault.words}`}`;
    return [{ id, d: path.d, name, title: `Link ${referencePoint}, ${ends}`, links }];
  });
}
