/** The stage of functions in words, for those who do not see it. */
import type { FunctionLayout } from '#diagram/layout-functions.ts';

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
