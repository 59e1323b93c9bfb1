/** The functional entities: each a button that shows its state in the inspector. */
import { memo } from 'react';
import { crossOf } from '#diagram/broken.ts';
import { clamp, textWidth } from '#diagram/geometry.ts';
import type { Layout, PlacedEntity } from '#diagram/layout-types.ts';
import { BADGE_HEIGHT, BADGE_PAD, BADGE_SIZE, BADGE_TOP, GLYPH, GLYPH_RADIUS, NAME_BASELINE, NAME_SIZE, ROLE_BASELINE, ROLE_SIZE } from '#diagram/metrics.ts';
import { isMarked } from '#diagram/place-entities.ts';
import type { EntityId } from '#trace/record.ts';
import { GLYPHS } from './glyphs.ts';
import styles from './Stage.module.css';
import { MenuHandle } from './MenuHandle.tsx';
import type { OpenMenu } from './use-stage-menu.ts';
import { pressedBy } from './use-stage.ts';

interface EntityProps {
  readonly placed: PlacedEntity;
  readonly mark: string;
  readonly down: boolean;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onSelect: (id: EntityId) => void;
  readonly onPoint: (id: EntityId | undefined) => void;
  readonly onMenu: OpenMenu;
}

const LETTER_SIZE = 18;

const Entity = memo(function Entity({ placed, mark, down, active, selected, onSelect, onPoint, onMenu }: EntityProps) {
  const { entity, x, y, name, role } = placed;
  const glyph = GLYPHS[entity.kind];
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`${[name, entity.network].join(', ')}${role === '' ? '' : `, ${role}`}${mark === '' ? '' : `, ${mark}`}`}
      aria-pressed={selected}
      data-entity={entity.id}
      data-still=""
      data-active={active}
      data-down={down}
      data-tint={placed.territory.tint}
      className={styles.entity}
      transform={`translate(${x} ${y})`}
      onClick={() => onSelect(entity.id)}
      onKeyDown={pressedBy(() => onSelect(entity.id))}
      onContextMenu={(event) => onMenu({ kind: 'entity', entity: entity.id }, event)}
      onPointerEnter={() => onPoint(entity.id)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(entity.id)}
      onBlur={() => onPoint(undefined)}
    >
      {selected && <rect className={styles.chosen} x={-GLYPH / 2 - 4} y={-GLYPH / 2 - 4} width={GLYPH + 8} height={GLYPH + 8} rx={GLYPH_RADIUS + 4} />}
      <rect className={styles.glyphBox} x={-GLYPH / 2} y={-GLYPH / 2} width={GLYPH} height={GLYPH} rx={GLYPH_RADIUS} />
      {glyph.kind === 'letter' ? (
        <text className={styles.letter} y={LETTER_SIZE * 0.36} fontSize={LETTER_SIZE}>
          {glyph.letter}
        </text>
      ) : (
        <path className={styles.drawing} d={glyph.d} />
      )}
      {down && <DownCross reach={GLYPH / 2} />}
      <text className={styles.name} y={NAME_BASELINE} fontSize={NAME_SIZE}>
        {name}
      </text>
      {role !== '' && (
        <text className={styles.role} y={ROLE_BASELINE} fontSize={ROLE_SIZE}>
          {role}
        </text>
      )}
    </g>
  );
});

/** Over the glyph of who is down. */
export const DownCross = ({ reach }: { readonly reach: number }) => <path className={styles.downCross} d={crossOf(reach)} />;

/** A mark sits on the upper edge of its entity, a little to the right, inside the room that the layout keeps for it. */
function Badge({ placed, mark, down }: { readonly placed: PlacedEntity; readonly mark: string; readonly down: boolean }) {
  const wanted = textWidth(mark, BADGE_SIZE) + 2 * BADGE_PAD;
  // Kinds that seldom wear one have no room kept for it; nor is there any for what is seldom said.
  const { box } = placed.territory;
  const free = { x: clamp(placed.x - wanted / 2, box.x + 4, box.x + box.width - 4 - wanted), width: wanted };
  const room = isMarked(placed.entity) && wanted <= placed.badgeBox.width ? placed.badgeBox : free;
  const width = Math.min(room.width, wanted);
  const left = clamp(placed.x - width / 2 + 10, room.x, room.x + room.width - width);
  return (
    <g className={styles.badge} data-down={down} transform={`translate(${left} ${placed.y + BADGE_TOP})`}>
      <rect width={width} height={BADGE_HEIGHT} rx={BADGE_HEIGHT / 2} />
      <text x={width / 2} y={BADGE_HEIGHT / 2 + BADGE_SIZE * 0.36} fontSize={BADGE_SIZE}>
        {mark}
      </text>
    </g>
  );
}

interface EntitiesProps {
  readonly layout: Layout;
  readonly marks: ReadonlyMap<EntityId, string>;
  readonly down: ReadonlySet<EntityId>;
  readonly active: readonly EntityId[];
  readonly selected: EntityId | undefined;
  readonly onSelect: (id: EntityId) => void;
  readonly onPoint: (id: EntityId | undefined) => void;
  readonly onMenu: OpenMenu;
}

export function Entities({ layout, marks, down, active, selected, onSelect, onPoint, onMenu }: EntitiesProps) {
  const chosen = selected === undefined ? undefined : layout.entityById.get(selected);
  return (
    <>
      {layout.entities.map((placed) => (
        <Entity
          key={placed.entity.id}
          placed={placed}
          mark={marks.get(placed.entity.id) ?? ''}
          down={down.has(placed.entity.id)}
          active={active.includes(placed.entity.id)}
          selected={placed.entity.id === selected}
          onSelect={onSelect}
          onPoint={onPoint}
          onMenu={onMenu}
        />
      ))}
      {chosen !== undefined && <MenuHandle entity={chosen.entity} x={chosen.x - GLYPH / 2 - 4} y={chosen.y - GLYPH / 2 - 4} onMenu={onMenu} />}
      <g aria-hidden="true">
        {layout.entities.map((placed) => {
          const mark = marks.get(placed.entity.id);
          return mark !== undefined && <Badge key={placed.entity.id} placed={placed} mark={mark} down={down.has(placed.entity.id)} />;
        })}
      </g>
    </>
  );
}
