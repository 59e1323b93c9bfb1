/** The page: header above; stage, caption, time line and ladder below one another; the inspector docked at the right. */
import type { CSSProperties } from 'react';
import { INSPECTOR_REM, LADDER_REM } from '#store/store.ts';
import { setInspectorSize, setLadderSize } from '#store/commands.ts';
import { Caption } from '#ui/caption/Caption.tsx';
import { Dialogs } from '#ui/dialogs/Dialogs.tsx';
import { Header } from '#ui/header/Header.tsx';
import { Inspector } from '#ui/inspector/Inspector.tsx';
import { Ladder } from '#ui/ladder/Ladder.tsx';
import { Notice } from '#ui/notice/Notice.tsx';
import { Phase } from '#ui/notice/Phase.tsx';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Stage } from '#ui/stage/Stage.tsx';
import { Timeline } from '#ui/timeline/Timeline.tsx';
import { Splitter } from '#ui/widgets/Splitter.tsx';
import styles from './App.module.css';

export function App() {
  const execute = useExecute();
  const { inspectorOpen, inspectorRem, ladderRem } = useAppState((state) => state.layout);
  const sizes = { '--inspector': `${inspectorRem}rem`, '--ladder': `${ladderRem}rem` } as CSSProperties;
  return (
    <div className={styles.page} style={sizes}>
      <Header />
      <div className={styles.body} data-inspector={inspectorOpen ? 'open' : 'closed'}>
        <main className={styles.story}>
          <Stage />
          <Caption />
          <Timeline />
          <Splitter label="Height of the ladder" orientation="horizontal" size={ladderRem} {...LADDER_REM} onResize={(size) => execute(setLadderSize(size))} />
          <Ladder />
        </main>
        {inspectorOpen && (
          <>
            <Splitter
              label="Width of the inspector"
              orientation="vertical"
              size={inspectorRem}
              {...INSPECTOR_REM}
              onResize={(size) => execute(setInspectorSize(size))}
            />
            <Inspector />
          </>
        )}
      </div>
      <Phase />
      <Notice />
      <Dialogs />
    </div>
  );
}
