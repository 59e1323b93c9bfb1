/** At the corner of the chosen entity: opens what can be done to it. The right mouse button on any entity does the same. */
import type { TraceEntity } from '#trace/record.ts';
import styles from './Stage.module.css';
import type { OpenMenu } from './use-stage-menu.ts';

const RADIUS = 9;

interface Props {
  readonly entity: TraceEntity;
  readonly x: number;
  readonly y: number;
  readonly onMenu: OpenMenu;
}

export function MenuHandle({ entity, x, y, onMenu }: Props) {
  const target = { kind: 'entity', entity: entity.id } as const;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`What can be done to ${entity.label}`}
      aria-haspopup="menu"
      data-still=""
      className={styles.handle}
      transform={`translate(${x} ${y})`}
      onClick={(event) => onMenu(target, event)}
      onContextMenu={(event) => onMenu(target, event)}
      onKeyDown={(event) => onMenu(target, event)}
    >
      <title>What can be done to it</title>
      <circle r={RADIUS} />
      <path d="M-4 0h.01M0 0h.01M4 0h.01" />
    </g>
  );
}
