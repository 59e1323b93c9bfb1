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
  readonly onResize: (size: number) => void;
}

const KEY_STEP = 1;

/** The line between two panels: drag it, or move it with the arrow keys; a double click gives the panel its usual size. */
export function Splitter({ label, orientation, size, least, most, onResize }: Props) {
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
    const larger = event.key === (vertical ? 'ArrowLeft' : 'ArrowUp');
    if (!larger && event.key !== (vertical ? 'ArrowRight' : 'ArrowDown')) return;
    event.preventDefault();
    resize(size + (larger ? KEY_STEP : -KEY_STEP));
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
      onKeyDown={onKeyDown}
    />
  );
}
