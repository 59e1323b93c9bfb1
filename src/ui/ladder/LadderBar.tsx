import { Scale, Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { openCounts } from '#store/commands.ts';
import type { Layer, LayerSet } from '#trace/layers.ts';
import { useExecute } from '#ui/simulator-context.tsx';
import { LAYER_NAMES } from './items.ts';
import styles from './Ladder.module.css';

interface Props {
  readonly all: readonly Layer[];
  readonly shown: LayerSet;
  readonly onToggle: (layer: Layer) => void;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** How many messages are shown. */
  readonly matches: number;
}

export function LadderBar({ all, shown, onToggle, typed, onType, matches }: Props) {
  const execute = useExecute();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Escape' || typed === '') return;
    event.preventDefault();
    event.stopPropagation();
    onType('');
  };
  return (
    <div className={styles.bar}>
      <div className={styles.layers} role="group" aria-label="Layers of the ladder" hidden={all.length === 0}>
        {all.map((layer) => (
          <button
            key={layer}
            type="button"
            className={styles.layer}
            data-layer={layer}
            aria-pressed={shown.has(layer)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onToggle(layer)}
          >
            <span className={styles.dot} />
            {LAYER_NAMES[layer]}
          </button>
        ))}
      </div>
      <span className={styles.matches} role="status">
        {typed.trim() === '' ? '' : matches === 1 ? '1 message' : `${matches} messages`}
      </span>
      <button
        type="button"
        className={styles.counts}
        aria-haspopup="dialog"
        title="Messages and bytes, beside another run (N)"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => execute(openCounts)}
      >
        <Scale aria-hidden="true" />
        Counts
      </button>
      <div className={styles.search}>
        <Search aria-hidden="true" />
        <input
          type="text"
          value={typed}
          placeholder="Filter: label, entity, Call-ID"
          aria-label="Filter the ladder by label, entity or Call-ID"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {typed !== '' && (
          <button type="button" className={styles.clear} aria-label="Clear the filter" onClick={() => onType('')}>
            <X />
          </button>
        )}
      </div>
    </div>
  );
}
