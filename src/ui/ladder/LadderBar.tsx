import { Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { Protocol } from '#base/machine.ts';
import { LAYER_NAMES, type Layers } from './items.ts';
import styles from './Ladder.module.css';

interface Props {
  readonly all: readonly Protocol[];
  readonly shown: Layers;
  readonly onToggle: (protocol: Protocol) => void;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** How many messages are shown. */
  readonly matches: number;
}

export function LadderBar({ all, shown, onToggle, typed, onType, matches }: Props) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Escape' || typed === '') return;
    event.preventDefault();
    event.stopPropagation();
    onType('');
  };
  return (
    <div className={styles.bar}>
      <div className={styles.layers} role="group" aria-label="Layers of the ladder" hidden={all.length === 0}>
        {all.map((protocol) => (
          <button
            key={protocol}
            type="button"
            className={styles.layer}
            data-protocol={protocol}
            aria-pressed={shown.has(protocol)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onToggle(protocol)}
          >
            <span className={styles.dot} />
            {LAYER_NAMES[protocol]}
          </button>
        ))}
      </div>
      <span className={styles.matches} role="status">
        {typed.trim() === '' ? '' : matches === 1 ? '1 message' : `${matches} messages`}
      </span>
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
