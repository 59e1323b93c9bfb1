import { memo, type CSSProperties } from 'react';
import { inspectEntity } from '#store/commands.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import type { LadderContent } from './items.ts';
import styles from './Ladder.module.css';

const MOST_LETTERS = 9;

/** Who stands above which line, by network; stays in view. Each name opens its entity. */
export const Participants = memo(function Participants({ content }: { readonly content: LadderContent }) {
  const execute = useExecute();
  const selected = useAppState((state) => state.selection.entity);
  const total = content.columns.size;
  // One size for all: that of the longest name, unless it is a rare one.
  const lengths = content.groups.flatMap(({ columns }) => columns.map(({ label }) => label.length));
  const usual = Math.min(MOST_LETTERS, Math.max(0, ...lengths));
  return (
    <div className={styles.participants} role="group" aria-label="Participants">
      <div className={styles.track}>
        {content.groups.map(({ network, tint, columns, first }) => (
          <div
            key={network}
            className={styles.group}
            data-tint={tint}
            data-narrow={columns.length === 1}
            style={{ left: `${(first / total) * 100}%`, width: `${(columns.length / total) * 100}%` }}
          >
            <span className={styles.network} title={network}>
              {network}
            </span>
            <div className={styles.names}>
              {columns.map((entity) => (
                <button
                  key={entity.id}
                  type="button"
                  className={styles.name}
                  title={`${entity.label}${entity.role === undefined ? '' : `, ${entity.role}`}: show its state`}
                  style={{ '--length': Math.max(usual, entity.label.length) } as CSSProperties}
                  aria-pressed={entity.id === selected}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => execute(inspectEntity(entity.id))}
                >
                  {entity.label}
                </button>
              ))}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
});
