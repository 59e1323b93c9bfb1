import type { KeyboardEvent } from 'react';
import { showLevel, switchArchitecture, switchLevel } from '#store/commands.ts';
import { LEVELS, type Level } from '#store/levels.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import styles from './Header.module.css';

const OPTIONS: Readonly<Record<Level, { readonly text: string; readonly title: string; readonly key: string | undefined }>> = {
  architecture: { text: 'Architecture', title: 'The reference architecture, as this network has it', key: switchArchitecture.keys[0] },
  stage2: { text: 'Stage 2', title: 'By functions: the presence proxies and what passes between them', key: switchLevel.keys[0] },
  stage3: { text: 'Stage 3', title: 'By entities: CSCFs, SIP and Diameter', key: switchLevel.keys[0] },
};

/** The same run, told at another level, at the same moment. */
export function LevelSwitch() {
  const execute = useExecute();
  const current = useAppState((state) => state.layout.level);
  const ready = useAppState((state) => state.session.runs.length > 0);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const offset = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 0;
    if (offset === 0) return;
    event.preventDefault();
    const next = LEVELS[(LEVELS.indexOf(current) + offset + LEVELS.length) % LEVELS.length];
    if (next === undefined) return;
    execute(showLevel(next));
    event.currentTarget.querySelector<HTMLElement>(`[data-level="${next}"]`)?.focus();
  };
  return (
    <div className={styles.levels} role="radiogroup" aria-label="Level" onKeyDown={onKeyDown}>
      {LEVELS.map((level) => {
        const { text, title, key = '' } = OPTIONS[level];
        return (
          <button
            key={level}
            type="button"
            role="radio"
            data-level={level}
            className={styles.level}
            aria-checked={level === current}
            tabIndex={level === current ? 0 : -1}
            disabled={!ready}
            title={`${title} (${key.toUpperCase()})`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => execute(showLevel(level))}
          >
            {text}
          </button>
        );
      })}
    </div>
  );
}
