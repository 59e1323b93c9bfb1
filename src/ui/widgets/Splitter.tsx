import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import styles from './widgets.module.css';

interface Props {
  /** What it changes: `Width of the inspector`. */
  readonly label: string;
  /** `vertical`: a line from top to bottom, moved sideways. */
  readonly orientation: 'vertical' | 'horizontal';
  /** The size in rem of the panel after it (right of it, or below). */
  readonly size: number;
  readonly least: number;
  readonly most: number;
  /** Its usual size. */
  readonly usual: () => number;
  readonly onResize: (size: number) => void;
}

const KEY_STEP = 1;

/** The line between two panels: drag it, or move it with the arrow keys; Home and End make the panel as small and as large as it can be, a double click and Enter give it its usual size. */
export function Splitter({ label, orientation, size, least, most, usual, onResize }: Props) {
  const held = useRef<{ readonly at: number; readonly size: number }>(undefined);
  const vertical = orientation === 'vertical';
  const resize = (to: number): void => onResize(Math.min(most, Math.max(least, to)));
  const place = (event: PointerEvent): number => (vertical ? event.clientX : event.clientY);
  const hold = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { at: place(event), size };
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (held.current === undefined) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    resize(held.current.size + (held.current.at - place(event)) / rem);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = sizeBy(event.key, vertical, { size, least, most, usual });
    if (to === undefined) return;
    event.preventDefault();
    resize(to);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(size)}
      className={vertical ? styles.splitterVertical : styles.splitterHorizontal}
      onPointerDown={hold}
      onPointerMove={drag}
      onPointerUp={() => (held.current = undefined)}
      onPointerCancel={() => (held.current = undefined)}
      onDoubleClick={() => resize(usual())}
      onKeyDown={onKeyDown}
    />
  );
}

/** What a key makes of the size; undefined when it is none of a separator's. */
function sizeBy(key: string, vertical: boolean, { size, least, most, usual }: Pick<Props, 'size' | 'least' | 'most' | 'usual'>): number | undefined {
  switch (key) {
    case vertical ? 'ArrowLeft' : 'ArrowUp':
      return size + KEY_STEP;
    case vertical ? 'ArrowRight' : 'ArrowDown':
      return size - KEY_STEP;
    case 'Home':
      return least;
    case 'End':
      return most;
    case 'Enter':
      return usual();
    default:
      return undefined;
  }
}
