/** What a pointer and the keyboard can take hold of: every link of the map, wider than it is drawn. The arrow keys up and down go from one to the next. */
import { useRef, useState, type KeyboardEvent } from 'react';
import styles from './Stage.module.css';
import type { LinkEnds } from '#store/link-acts.ts';
import type { OpenMenu } from './use-stage-menu.ts';

export interface LinkTarget {
  readonly id: string;
  readonly d: string;
  /** `Link UE#1 to P-CSCF#1, Gm, cut` */
  readonly name: string;
  /** Heading of its menu. */
  readonly title: string;
  readonly links: readonly LinkEnds[];
}

export function LinkTargets({ targets, onMenu }: { readonly targets: readonly LinkTarget[]; readonly onMenu: OpenMenu }) {
  // One stop of the Tab key for all of them.
  const [at, setAt] = useState(0);
  const group = useRef<SVGGElement>(null);
  const reached = Math.min(at, Math.max(0, targets.length - 1));
  const onKeyDown = (event: KeyboardEvent<SVGGElement>): void => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (way === 0 || targets.length === 0) return;
    event.preventDefault();
    const next = (reached + way + targets.length) % targets.length;
    setAt(next);
    group.current?.querySelectorAll<SVGElement>('path')[next]?.focus();
  };
  return (
    <g ref={group} role="group" aria-label="Links" onKeyDown={onKeyDown}>
      {targets.map(({ id, d, name, title, links }, i) => {
        const target = { kind: 'link', title, links } as const;
        return (
          <path
            key={id}
            role="button"
            tabIndex={i === reached ? 0 : -1}
            aria-label={name}
            aria-haspopup="menu"
            data-still=""
            className={styles.linkTarget}
            d={d}
            onMouseDown={(event) => event.preventDefault()}
            onFocus={() => setAt(i)}
            onClick={(event) => onMenu(target, event)}
            onContextMenu={(event) => onMenu(target, event)}
            onKeyDown={(event) => onMenu(target, event)}
          >
            <title>{`${title}: what can be done to it`}</title>
          </path>
        );
      })}
    </g>
  );
}
