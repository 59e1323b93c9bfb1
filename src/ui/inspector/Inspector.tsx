import { useId, type KeyboardEvent } from 'react';
import { setTab } from '#store/commands.ts';
import type { InspectorTab } from '#store/store.ts';
import { useAppState, useExecute, useStory } from '#ui/simulator-context.tsx';
import { isCharged } from './charging-view.ts';
import { ChargingTab } from './ChargingTab.tsx';
import { EntityTab } from './EntityTab.tsx';
import styles from './Inspector.module.css';
import { MessageTab } from './MessageTab.tsx';

const TABS: readonly { readonly tab: InspectorTab; readonly title: string }[] = [
  { tab: 'message', title: 'Message' },
  { tab: 'entity', title: 'Entity' },
  { tab: 'charging', title: 'Charging' },
];

/** What travels at the current step, and what an entity holds then. */
export function Inspector() {
  const execute = useExecute();
  const told = useStory();
  const story = told?.byFunctions?.transmissions ?? told;
  const chosen = useAppState((state) => state.layout.inspectorTab);
  const tabs = story !== undefined && isCharged(story) ? TABS : TABS.filter(({ tab }) => tab !== 'charging');
  // A run in which nothing is charged has no such tab, whatever was looked at before.
  const current = tabs.some(({ tab }) => tab === chosen) ? chosen : 'message';
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const offset = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.findIndex(({ tab }) => tab === current) + offset + tabs.length) % tabs.length];
    if (offset === 0 || next === undefined) return;
    event.preventDefault();
    execute(setTab(next.tab));
    event.currentTarget.querySelector<HTMLElement>(`#${CSS.escape(`${id}${next.tab}`)}`)?.focus();
  };
  return (
    <section className={styles.inspector} aria-label="Inspector">
      <div className={styles.tabs} role="tablist" aria-label="Inspector" onKeyDown={onKeyDown}>
        {tabs.map(({ tab, title }) => (
          <button
            key={tab}
            id={`${id}${tab}`}
            type="button"
            role="tab"
            className={styles.tab}
            aria-selected={tab === current}
            aria-controls={`${id}panel`}
            tabIndex={tab === current ? 0 : -1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => execute(setTab(tab))}
          >
            {title}
          </button>
        ))}
      </div>
      <div key={current} id={`${id}panel`} className={styles.panel} role="tabpanel" aria-labelledby={`${id}${current}`} tabIndex={0}>
        {told !== undefined && story !== undefined && current === 'message' && <MessageTab told={told} story={story} />}
        {told !== undefined && story !== undefined && current === 'entity' && <EntityTab told={told} story={story} />}
        {told !== undefined && story !== undefined && current === 'charging' && <ChargingTab told={told} story={story} />}
      </div>
    </section>
  );
}
