/** The functions, and inside each the entities that play it: every entity a button that shows its state in the inspector. */
import { memo } from 'react';
import { AREA } from '#diagram/metrics.ts';
import { NOT_HERE, PORT_WIDTH, type FunctionLayout, type PlacedFunction, type PlacedMember } from '#diagram/layout-functions.ts';
import type { EntityId } from '#trace/record.ts';
import type { FunctionId } from '#trace/stage2-functions.ts';
import { DownCross } from './Entities.tsx';
import { GLYPHS } from './glyphs.ts';
import styles from './Stage.module.css';
import { MenuHandle } from './MenuHandle.tsx';
import type { OpenMenu } from './use-stage-menu.ts';
import { pressedBy } from './use-stage.ts';

interface Props {
  readonly layout: FunctionLayout;
  readonly marks: ReadonlyMap<EntityId, string>;
  readonly down: ReadonlySet<EntityId>;
  /** Who sends and who receives at this step. */
  readonly active: readonly FunctionId[];
  readonly selected: EntityId | undefined;
  readonly chosen: FunctionId | undefined;
  readonly onSelect: (id: EntityId) => void;
  readonly onMenu: OpenMenu;
}

const GLYPH_SCALE = 0.8;
const MARK_SIZE = 13;
const RAISE = 0.36;

export function FunctionAreas({ layout, marks, down, active, selected, chosen, onSelect, onMenu }: Props) {
  return (
    <>
      {layout.functions.map((placed) => (
        <Area
          key={placed.id}
          placed={placed}
          mark={placed.members.map(({ entity }) => marks.get(entity.id) ?? '').find((mark) => mark !== '') ?? ''}
          down={down}
          active={active.includes(placed.id)}
          chosen={placed.id === chosen}
          selected={selected}
          onSelect={onSelect}
          onMenu={onMenu}
        />
      ))}
    </>
  );
}

interface AreaProps {
  readonly placed: PlacedFunction;
  readonly mark: string;
  readonly down: ReadonlySet<EntityId>;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly selected: EntityId | undefined;
  readonly onSelect: (id: EntityId) => void;
  readonly onMenu: OpenMenu;
}

const Area = memo(function Area({ placed, mark, down, active, chosen, selected, onSelect, onMenu }: AreaProps) {
  const { box, title, lines, absent, kind, members, tint, ports } = placed;
  const middle = box.x + box.width / 2;
  const held = members.find(({ entity }) => entity.id === selected);
  const more = (lines.length - 1) * AREA.line;
  return (
    <g className={styles.area} data-kind={kind} data-tint={tint} data-absent={absent} data-active={active} data-chosen={chosen}>
      <g aria-hidden="true">
        <rect className={styles.areaBox} x={box.x} y={box.y} width={box.width} height={box.height} rx={AREA.radius} />
        {lines.map((line, i) => (
          <text key={line} className={styles.areaTitle} x={middle} y={box.y + 20 + i * AREA.line} fontSize={AREA.title}>
            {line}
          </text>
        ))}
        {absent && (
          <text className={styles.areaAbsent} x={middle} y={box.y + 38 + more} fontSize={AREA.member}>
            {NOT_HERE}
          </text>
        )}
        {ports.map(([point, node], i) => (
          <text
            key={point}
            className={styles.port}
            x={middle - PORT_WIDTH + 4 + (i % 2) * PORT_WIDTH}
            y={box.y + 58 + more + Math.floor(i / 2) * AREA.portRow}
            fontSize={AREA.port}
          >
            <tspan className={styles.portName}>{point}</tspan> {node}
          </text>
        ))}
      </g>
      {members.map((member) => (
        <Member
          key={member.entity.id}
          member={member}
          title={title}
          mark={down.has(member.entity.id) ? 'down' : mark === 'down' ? '' : mark}
          down={down.has(member.entity.id)}
          selected={member.entity.id === selected}
          onSelect={onSelect}
          onMenu={onMenu}
        />
      ))}
      {held !== undefined && <MenuHandle entity={held.entity} x={held.x - AREA.glyph / 2 - 3} y={held.y - AREA.glyph / 2 - 3} onMenu={onMenu} />}
      {mark !== '' && <Mark text={mark} down={mark === 'down'} x={box.x + box.width - 12} y={box.y} />}
    </g>
  );
});

function Member({
  member,
  title,
  mark,
  down,
  selected,
  onSelect,
  onMenu,
}: {
  member: PlacedMember;
  title: string;
  mark: string;
  down: boolean;
  selected: boolean;
  onSelect: (id: EntityId) => void;
  onMenu: OpenMenu;
}) {
  const { entity, x, y } = member;
  const glyph = GLYPHS[entity.kind];
  const half = AREA.glyph / 2;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`${entity.label}, ${title}${mark === '' ? '' : `, ${mark}`}`}
      aria-pressed={selected}
      data-still=""
      data-down={down}
      className={styles.entity}
      transform={`translate(${x} ${y})`}
      onClick={() => onSelect(entity.id)}
      onKeyDown={pressedBy(() => onSelect(entity.id))}
      onContextMenu={(event) => onMenu({ kind: 'entity', entity: entity.id }, event)}
    >
      {selected && <rect className={styles.chosen} x={-half - 3.5} y={-half - 3.5} width={AREA.glyph + 7} height={AREA.glyph + 7} rx={13.5} />}
      <rect className={styles.glyphBox} x={-half} y={-half} width={AREA.glyph} height={AREA.glyph} rx={11} />
      {glyph.kind === 'letter' ? (
        <text className={styles.letter} y={16 * RAISE} fontSize={16}>
          {glyph.letter}
        </text>
      ) : (
        <path className={styles.drawing} d={glyph.d} transform={`scale(${GLYPH_SCALE})`} />
      )}
      {down && <DownCross reach={half} />}
      <text className={styles.member} y={half + 14.5} fontSize={AREA.member}>
        {entity.label}
      </text>
    </g>
  );
}

/** On the upper edge, at the right. */
function Mark({ text, down, x, y }: { readonly text: string; readonly down: boolean; readonly x: number; readonly y: number }) {
  const width = text.length * MARK_SIZE * 0.56 + 14;
  return (
    <g className={styles.badge} data-down={down} transform={`translate(${x - width} ${y - 13})`} aria-hidden="true">
      <rect width={width} height={18} rx={9} />
      <text x={width / 2} y={9 + MARK_SIZE * RAISE} fontSize={MARK_SIZE}>
        {text}
      </text>
    </g>
  );
}
