/** Everything behind the entities that stands still: territories, borders, halos, links and their names. For the eye only. */
import { memo } from 'react';
import { cutMark } from '#diagram/broken.ts';
import { HALO_LABEL_SIZE } from '#diagram/layout.ts';
import { LINE_HEIGHT } from '#diagram/place-labels.ts';
import { contains, overlap, type Box } from '#diagram/geometry.ts';
import { routeKey, type Layout, type PlacedLink, type PlacedText, type Tint } from '#diagram/layout-types.ts';
import { REFERENCE_SIZE, SUBTITLE_SIZE, TITLE_SIZE } from '#diagram/metrics.ts';
import { isTunnelUp, type Tunnels } from '#diagram/tunnels.ts';
import type { EntityId } from '#trace/record.ts';
import { CutCross, Impairment } from './Faults.tsx';
import styles from './Stage.module.css';

/** Height of the middle of lower-case text over its baseline. */
const RAISE = 0.35;

interface GroundProps {
  readonly layout: Layout;
  /** Names of the proxies that have a part in the current step. */
  readonly acting: string;
}

export const Ground = memo(function Ground({ layout, acting }: GroundProps) {
  return (
    <g>
      {layout.borders.map((border) => (
        <path key={border.x} className={styles.border} d={`M${border.x} ${border.top}V${border.bottom}`} />
      ))}
      {layout.territories.map(({ network, box, tint, title, subtitle, titleBox }) => (
        <g key={network.domain} data-tint={tint} className={styles.territory}>
          <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={16} />
          <text x={titleBox.x} y={titleBox.y + 15} fontSize={TITLE_SIZE} className={styles.title}>
            {title}
            {title !== network.domain && <title>{network.domain}</title>}
          </text>
          <text x={titleBox.x} y={titleBox.y + 31} fontSize={SUBTITLE_SIZE} className={styles.subtitle}>
            {subtitle}
          </text>
        </g>
      ))}
      {layout.halos.map((halo) => (
        <path key={halo.name} className={styles.halo} data-acting={acting.includes(halo.name)} d={halo.outline} />
      ))}
    </g>
  );
});

interface LinksProps {
  readonly layout: Layout;
  /** Quiet links of this entity are shown too. */
  readonly lit: EntityId | undefined;
  /** Who is passed, one after the other, by the later requests of the subscription at hand. */
  readonly route: readonly EntityId[];
  /** Only a tunnel that is up is drawn as one. */
  readonly tunnels: Tunnels;
  /** `routeKey` of the links that are cut, and words for those that are bad. */
  readonly cut: ReadonlySet<string>;
  readonly impaired: ReadonlyMap<string, string>;
  /** What stands over the map for a while: of a name that it covers half, the other half says nothing. */
  readonly covered?: Box | undefined;
}

const isLit = (link: PlacedLink, lit: EntityId | undefined): boolean => link.a === lit || link.b === lit;

/** The links between each one of the route and the next. */
function linksAlong(layout: Layout, route: readonly EntityId[]): ReadonlySet<PlacedLink> {
  const links = new Set<PlacedLink>();
  route.forEach((entity, i) => {
    const link = layout.linkByEnds.get(routeKey(entity, route[i + 1] ?? ''));
    if (link !== undefined) links.add(link);
  });
  return links;
}

function isUp(layout: Layout, link: PlacedLink, tunnels: Tunnels): boolean {
  const [a, b] = [layout.entityById.get(link.a), layout.entityById.get(link.b)];
  return a !== undefined && b !== undefined && isTunnelUp(tunnels, a.entity, b.entity);
}

/** The ground on which a name stands. */
const tintAt = ({ territories }: Layout, { x, y }: PlacedText): Tint | 'none' => territories.find(({ box }) => contains(box, x, y))?.tint ?? 'none';

interface NameProps {
  readonly label: PlacedText;
  readonly size: number;
  readonly look: string | undefined;
  readonly tint: Tint | 'none';
}

/** The name of a link or a proxy, its middle where the layout has put it. */
function Name({ label, size, look, tint }: NameProps) {
  const lines = label.lines ?? [label.text];
  return (
    <text x={label.x} y={label.y + size * (RAISE - ((lines.length - 1) * LINE_HEIGHT) / 2)} fontSize={size} className={look} data-tint={tint}>
      {lines.map((line, i) => (
        <tspan key={line} x={label.x} dy={i === 0 ? 0 : size * LINE_HEIGHT}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

export const Links = memo(function Links({ layout, lit, route, tunnels, cut, impaired, covered }: LinksProps) {
  const routed = linksAlong(layout, route);
  const isSeen = (label: PlacedText | undefined): label is PlacedText => label !== undefined && (covered === undefined || !overlap(covered, label.box));
  return (
    <g>
      {layout.links.map((link) => link.tunnel && isUp(layout, link, tunnels) && <path key={link.id} className={styles.tunnel} d={link.path.d} />)}
      {layout.links.map((link) => {
        const mark = cut.has(link.id) ? cutMark(link) : undefined;
        return (
          <g key={link.id}>
            <path
              className={link.quiet && mark === undefined ? styles.quiet : styles.link}
              data-lit={isLit(link, lit)}
              data-route={routed.has(link)}
              data-impaired={impaired.has(link.id)}
              strokeDasharray={mark?.dashes}
              d={link.path.d}
            />
            {mark !== undefined && <CutCross {...mark.at} />}
          </g>
        );
      })}
      {layout.links.map((link) => impaired.has(link.id) && <Impairment key={link.id} words={impaired.get(link.id) ?? ''} {...cutMark(link).at} />)}
      {layout.links.map(
        ({ id, label }) => isSeen(label) && <Name key={id} label={label} size={REFERENCE_SIZE} look={styles.reference} tint={tintAt(layout, label)} />,
      )}
      {layout.halos.map(
        ({ name, label }) => isSeen(label) && <Name key={name} label={label} size={HALO_LABEL_SIZE} look={styles.haloName} tint={tintAt(layout, label)} />,
      )}
    </g>
  );
});
