/** The page: header above; stage, caption, time line and ladder below one another; the inspector docked at the right. */
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Caption } from '#ui/caption/Caption.tsx';
import { Dialogs } from '#ui/dialogs/Dialogs.tsx';
import { Header } from '#ui/header/Header.tsx';
import { Inspector } from '#ui/inspector/Inspector.tsx';
import { Ladder } from '#ui/ladder/Ladder.tsx';
import { Notice } from '#ui/notice/Notice.tsx';
import { Phase } from '#ui/notice/Phase.tsx';
import { useAppState } from '#ui/simulator-context.tsx';
import { Stage } from '#ui/stage/Stage.tsx';
import { Timeline } from '#ui/timeline/Timeline.tsx';
import styles from './App.module.css';

export function App() {
  const inspectorOpen = useAppState((state) => state.layout.inspectorOpen);
  return (
    <div className={styles.page}>
      <Header />
      <Group orientation="horizontal" className={styles.body}>
        <Panel id="main" minSize="480px">
          <Group orientation="vertical">
            <Panel id="story" minSize="280px" defaultSize="64">
              <main className={styles.story}>
                <Stage />
                <Caption />
                <Timeline />
              </main>
            </Panel>
            <Separator className={styles.horizontal} aria-label="Height of the ladder" />
            <Panel id="ladder" minSize="96px">
              <Ladder />
            </Panel>
          </Group>
        </Panel>
        {inspectorOpen && <Separator className={styles.vertical} aria-label="Width of the inspector" />}
        {inspectorOpen && (
          <Panel id="inspector" defaultSize="24.5rem" minSize="260px" maxSize="60" groupResizeBehavior="preserve-pixel-size">
            <Inspector />
          </Panel>
        )}
      </Group>
      <Phase />
      <Notice />
      <Dialogs />
    </div>
  );
}
