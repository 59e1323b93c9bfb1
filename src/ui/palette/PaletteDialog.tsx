/** One field in which everything is found: commands, what can be done now, entities, scenarios. The arrows choose, Enter does it. */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { entriesOf, matching, type Entry } from './palette.ts';
import styles from './Palette.module.css';

export function PaletteDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const execute = useExecute();
  const [all] = useState(() => entriesOf(simulator));
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const shown = useMemo(() => matching(all, sought), [all, sought]);
  const groups = [...new Set(shown.map(({ group }) => group))];
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = shown[Math.min(at, shown.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const choose = (entry: Entry): void => {
    onClose();
    execute(entry.command);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = shown.length - 1;
    const here = Math.min(at, last);
    const to = {
      ArrowDown: here === last ? 0 : here + 1,
      ArrowUp: here <= 0 ? last : here - 1,
      PageDown: Math.min(here + 8, last),
      PageUp: Math.max(here - 8, 0),
    }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === 'Enter' && current !== undefined) choose(current);
    else return;
    event.preventDefault();
  };
  return (
    <Modal title="Find" fill onClose={onClose}>
      <input
        className={styles.field}
        data-focus=""
        role="combobox"
        aria-label="Command, entity or scenario"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={current === undefined ? undefined : `${id}${shown.indexOf(current)}`}
        placeholder="Command, entity or scenario, e.g. counts, PS, list"
        autoComplete="off"
        spellCheck={false}
        value={sought}
        onChange={(event) => {
          setSought(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${id}list`} className={styles.list} role="listbox" aria-label="Found" tabIndex={-1}>
        {groups.map((group) => {
          const entries = shown.filter((entry) => entry.group === group);
          return (
            <div key={group} role="group" aria-label={group}>
              <p className={styles.group} aria-hidden="true">
                {group}
              </p>
              {entries.map((entry) => (
                <div
                  key={entry.id}
                  id={`${id}${shown.indexOf(entry)}`}
                  role="option"
                  aria-selected={entry === current}
                  className={styles.entry}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => choose(entry)}
                >
                  <span className={styles.text}>{entry.text}</span>
                  {entry.aside !== '' && <span className={styles.aside}>{entry.aside}</span>}
                </div>
              ))}
            </div>
          );
        })}
        {shown.length === 0 && <p className={styles.nothing}>Nothing has “{sought.trim()}” in its name.</p>}
      </div>
    </Modal>
  );
}
