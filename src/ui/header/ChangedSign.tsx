import { GitFork } from 'lucide-react';
import { useId, useMemo } from 'react';
import { changesText } from '#store/change-text.ts';
import type { Run } from '#store/store.ts';
import { useAppState } from '#ui/simulator-context.tsx';
import { shown } from '#ui/widgets/shown.ts';
import styles from './Header.module.css';

/** Says beside the title that this run is not as the scenario has it; what was changed is listed while it is pointed at or has the focus. */
export function ChangedSign({ run }: { readonly run: Run }) {
  const { story, request } = run;
  const scenario = useAppState((state) => state.session.scenarios.find((each) => each.id === request.scenario));
  const text = useMemo(() => changesText(story, request.changes, scenario?.choices ?? []), [story, request, scenario]);
  const id = useId();
  if (text === undefined) return null;
  return (
    <div className={styles.changed}>
      <button type="button" className={styles.sign} aria-describedby={id}>
        <GitFork aria-hidden />
        <span className="visually-hidden">Changed: </span>
        <span className={styles.name}>{shown(text.short)}</span>
      </button>
      <div id={id} className={styles.changes} role="tooltip">
        <p>Changed against the scenario:</p>
        <ul>
          {text.all.map((line, i) => (
            <li key={i}>{shown(line)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
