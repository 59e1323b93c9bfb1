import { ChevronDown, PanelRight, Presentation, Search } from 'lucide-react';
import { openPalette, openScenarios, toggleInspector, togglePresenting } from '#store/commands.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { ChangedSign } from './ChangedSign.tsx';
import { LevelSwitch } from './LevelSwitch.tsx';
import { Logo } from './Logo.tsx';
import { ExportMenu, RunsMenu, ThemeMenu, WhatIfMenu } from './Menus.tsx';
import { ShareButton } from './ShareButton.tsx';
import styles from './Header.module.css';

export function Header() {
  const execute = useExecute();
  const run = useAppState(selectRun);
  const inspectorOpen = useAppState((state) => state.layout.inspectorOpen);
  const trace = run?.story.trace;
  const source = trace?.sources[0];
  return (
    <header className={styles.header}>
      <Logo />
      <div className={styles.naming}>
        <div className={styles.titleLine}>
          <h1 className={styles.title}>
            <button type="button" className={styles.scenario} aria-haspopup="dialog" title="Choose another scenario (S)" onClick={() => execute(openScenarios)}>
              <span className={styles.name}>{trace?.title ?? 'Presence Network Simulator'}</span>
              <ChevronDown aria-hidden />
              <span className="visually-hidden">: choose another scenario</span>
            </button>
          </h1>
          {run !== undefined && <ChangedSign run={run} />}
        </div>
        {trace !== undefined && (
          <p className={styles.source}>
            {source !== undefined && (
              <>
                {source.document} {source.checked ? source.clause : undefined} ·{' '}
              </>
            )}
            seed {trace.seed}
          </p>
        )}
      </div>
      <span className={styles.space} />
      <LevelSwitch />
      <RunsMenu />
      <WhatIfMenu />
      <ShareButton />
      <ExportMenu />
      <ThemeMenu />
      <Button label={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'} shortcut="I" icon={<PanelRight />} onPress={() => execute(toggleInspector)} />
      <Button label="Present" shortcut="F" icon={<Presentation />} onPress={() => execute(togglePresenting)} />
      <Button label="Find a command, an entity or a scenario" shortcut="Ctrl-K" icon={<Search />} onPress={() => execute(openPalette)} />
    </header>
  );
}
