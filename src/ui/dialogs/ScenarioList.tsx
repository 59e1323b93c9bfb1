/** The scenarios group by group, and beside them the groups, to jump to. One scenario is in the order of Tab: arrows go from one to the next. */
import { useLayoutEffect, useRef, useState } from 'react';
import { sourcesOf, type ShownGroup } from './choose-scenario.ts';
import { shown as plain } from '#ui/widgets/shown.ts';
import styles from './scenarios.module.css';

interface GroupsProps {
  readonly shown: readonly ShownGroup[];
  readonly onGo: (group: string) => void;
}

export function ScenarioGroups({ shown, onGo }: GroupsProps) {
  return (
    <nav className={styles.groups} aria-label="Groups">
      {shown.map(({ group, scenarios }, i) => (
        <div key={group.id} data-first={group.of !== shown[i - 1]?.group.of}>
          {group.of !== undefined && group.of !== shown[i - 1]?.group.of && <p className={styles.of}>{group.of}</p>}
          <button type="button" className={styles.group} data-part={group.of !== undefined} onClick={() => onGo(group.id)}>
            <span>{group.title}</span>
            <span className={styles.number}>
              {scenarios.length}
              <span className="visually-hidden">{scenarios.length === 1 ? ' scenario' : ' scenarios'}</span>
            </span>
          </button>
        </div>
      ))}
    </nav>
  );
}

interface ListProps {
  readonly shown: readonly ShownGroup[];
  readonly current: string | undefined;
  readonly disabled: boolean;
  readonly onChoose: (scenario: string) => void;
}

export function ScenarioList({ shown, current, disabled, onChoose }: ListProps) {
  const [focused, setFocused] = useState(current);
  const here = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    here.current?.scrollIntoView({ block: 'center' });
  }, []);
  const all = shown.flatMap(({ scenarios }) => scenarios);
  const inTabOrder = (all.find(({ id }) => id === focused) ?? all[0])?.id;
  return shown.map(({ group, scenarios }) => (
    <section key={group.id} aria-labelledby={`group-${group.id}`}>
      <h3 id={`group-${group.id}`} className={styles.heading}>
        {group.of !== undefined && <span className={styles.headingOf}>{group.of}: </span>}
        {group.title}
      </h3>
      <ul>
        {scenarios.map((scenario) => (
          <li key={scenario.id}>
            <button
              ref={scenario.id === current ? here : undefined}
              type="button"
              className={styles.scenario}
              disabled={disabled}
              tabIndex={scenario.id === inTabOrder ? 0 : -1}
              aria-current={scenario.id === current ? 'true' : undefined}
              onFocus={() => setFocused(scenario.id)}
              onClick={() => onChoose(scenario.id)}
            >
              <span className={styles.title}>
                {scenario.title}
                {scenario.id === current && <span className={styles.now}>shown now</span>}
              </span>
              <span className={styles.summary}>{scenario.summary}</span>
              <span className={styles.source}>
                <code>{plain(scenario.own?.name ?? scenario.id)}</code> {sourcesOf(scenario)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  ));
}
