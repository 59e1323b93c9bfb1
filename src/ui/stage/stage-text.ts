/** The stage in words, for those who do not see it. */
import type { Layout } from '#diagram/layout-types.ts';
import type { LinkTarget } from './LinkTargets.tsx';

export interface NetworkText {
  readonly domain: string;
  /** `home1.net, the watcher's network: HSS#1, S-CSCF#1.` */
  readonly text: string;
}

export function describeNetworks(layout: Layout): NetworkText[] {
  return layout.territories.map((territory) => {
    const members = layout.entities
      .filter((placed) => placed.territory === territory)
      .map((placed) => (placed.role === '' ? placed.name : `${placed.name} (${placed.role})`));
    const title = territory.network.title === '' ? '' : `, ${territory.network.title}`;
    return { domain: territory.network.domain, text: `${territory.network.domain}${title}: ${members.length === 0 ? 'nobody' : members.join(', ')}.` };
  });
}

/** `UE#1 to P-CSCF#1 (Gm), ...`: who can reach whom at which reference point. */
export function describeLinks(layout: Layout): string {
  const nameOf = (id: string): string => layout.entityById.get(id)?.name ?? id;
  const links = layout.links.filter((link) => !link.quiet).map((link) => `${nameOf(link.a)} to ${nameOf(link.b)} (${link.referencePoint})`);
  const halos = layout.halos.map((halo) => ` ${halo.members.map(nameOf).join(' and ')} together are the ${halo.name}.`);
  return `${links.length === 0 ? 'No links' : `Links: ${links.join(', ')}`}.${halos.join('')}`;
}

/** `The later requests of this subscription go PS, S-CSCF#1, P-CSCF#1, UE#1, or back.`, or of the NOTIFY that ends it where it goes; empty where there is no route set. */
export function describeRoute(layout: Layout, route: readonly string[], isLast: boolean): string {
  if (route.length === 0) return '';
  const names = route.map((id) => layout.entityById.get(id)?.name ?? id);
  return isLast ? `The last NOTIFY of this subscription goes ${names.join(', ')}.` : `The later requests of this subscription go ${names.join(', ')}, or back.`;
}

/** `Cut: I-CSCF#2 to S-CSCF#2.`; empty where every link is whole. */
export function describeCuts(layout: Pick<Layout, 'links' | 'entityById'>, cut: ReadonlySet<string>): string {
  const nameOf = (id: string): string => layout.entityById.get(id)?.name ?? id;
  const links = layout.links.filter((link) => cut.has(link.id)).map((link) => `${nameOf(link.a)} to ${nameOf(link.b)}`);
  return links.length === 0 ? '' : `Cut: ${links.join(', ')}.`;
}

/** The links of the map as what a person can take hold of. */
export function linkTargets(
  layout: Pick<Layout, 'links' | 'entityById'>,
  cut: ReadonlySet<string>,
  impaired: ReadonlyMap<string, string>,
): readonly LinkTarget[] {
  const nameOf = (id: string): string => layout.entityById.get(id)?.name ?? id;
  // Quiet ones below: where two lie over each other, the one that is drawn stronger is meant.
  const ordered = [...layout.links.filter((link) => link.quiet), ...layout.links.filter((link) => !link.quiet)];
  return ordered.map(({ id, a, b, referencePoint, path }) => {
    const fault = cut.has(id) ? ', cut' : impaired.has(id) ? `, ${impaired.get(id) ?? ''}` : '';
    const point = referencePoint === '' ? '' : `, ${referencePoint}`;
    return {
      id,
      d: path.d,
      name: `Link ${nameOf(a)} to ${nameOf(b)}${point}${fault}`,
      title: `${referencePoint === '' ? 'Link' : `Link ${referencePoint}`}, ${nameOf(a)} – ${nameOf(b)}`,
      links: [[a, b]],
    };
  });
}
