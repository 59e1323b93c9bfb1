/** The page: header above; stage, caption, time line and ladder below one another; the inspector docked at the right. */
import { useEffect, useRef, useState, type CSSProperties, type RefObject } from 'react';
import { INSPECTOR_REM, INSPECTOR_USUAL_REM, LADDER_REM, selectRun, TABLE_USUAL_REM } from '#store/store.ts';
import { setInspectorSize, setLadderSize, setTableSize, toggleBlank } from '#store/commands.ts';
import { Caption } from '#ui/caption/Caption.tsx';
import { Dialogs } from '#ui/dialogs/Dialogs.tsx';
import { Header } from '#ui/header/Header.tsx';
import { Notice } from '#ui/notice/Notice.tsx';
import { Phase } from '#ui/notice/Phase.tsx';
import type { Place } from '#ui/presenting/Spotlight.tsx';
import { useAppState, useExecute, useStory } from '#ui/simulator-context.tsx';
import { lateFunctionStage, Stage } from '#ui/stage/Stage.tsx';
import { Timeline } from '#ui/timeline/Timeline.tsx';
import { Coming } from '#ui/widgets/Coming.tsx';
import { createLate } from '#ui/widgets/late.ts';
import { Splitter } from '#ui/widgets/Splitter.tsx';
import styles from './App.module.css';
import { usualLadderRem } from './usual-sizes.ts';

// The first picture is the stage with its caption: the panels around it follow.
const lateLadder = createLate(() => import('#ui/ladder/Ladder.tsx').then((module) => module.Ladder));
const latePoints = createLate(() => import('#ui/architecture/ReferencePoints.tsx').then((module) => module.ReferencePoints));
const lateInspector = createLate(() => import('#ui/inspector/Inspector.tsx').then((module) => module.Inspector));
const lateSpotlight = createLate(() => import('#ui/presenting/Spotlight.tsx').then((module) => module.Spotlight));

/** The panels are fetched while the engine computes; what stage 2 needs when there is nothing else to do. */
function usePanelsSoon(pictured: boolean, ready: boolean): void {
  useEffect(() => {
    if (!pictured) return;
    lateLadder.fetch();
    lateInspector.fetch();
  }, [pictured]);
  useEffect(() => {
    if (!ready) return undefined;
    const timer = setTimeout(() => {
      latePoints.fetch();
      lateFunctionStage.fetch();
    }, IDLE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [ready]);
}
const IDLE_MILLISECONDS = 600;
const NOTHING = {};

/** Where the pointer was last while it is presented: there the spotlight begins. */
function usePointer(presenting: boolean): RefObject<Place | undefined> {
  const pointer = useRef<Place>(undefined);
  useEffect(() => {
    if (!presenting) return undefined;
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      pointer.current = { x: clientX, y: clientY };
    };
    window.addEventListener('pointermove', follow);
    return () => window.removeEventListener('pointermove', follow);
  }, [presenting]);
  return pointer;
}

/** True once the stage has been drawn, be it the network at rest; marked in the timeline of the browser as `first picture`. */
function useFirstPicture(onPicture: () => void): boolean {
  const drawn = useStory() !== undefined;
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!drawn || seen) return undefined;
    const request = requestAnimationFrame(() => {
      performance.mark('first picture');
      setSeen(true);
      onPicture();
    });
    return () => cancelAnimationFrame(request);
  }, [drawn, seen, onPicture]);
  return seen;
}

export function App({ onPicture, onPanels }: { readonly onPicture: () => void; readonly onPanels: () => void }) {
  const execute = useExecute();
  const pictured = useFirstPicture(onPicture);
  const hasRun = useAppState((state) => state.session.current !== undefined);
  usePanelsSoon(pictured, pictured && hasRun);
  const title = useAppState((state) => selectRun(state)?.story.trace.title);
  const architecture = useAppState((state) => state.layout.level === 'architecture');
  const { inspectorOpen, inspectorRem, ladderRem, tableRem, presenting, blank, spotlight } = useAppState((state) => state.layout);
  const pointer = usePointer(presenting);
  const sizes = { '--inspector': `${inspectorRem}rem`, '--ladder': `${architecture ? tableRem : ladderRem}rem` } as CSSProperties;
  return (
    <div className={styles.page} style={sizes} data-presenting={presenting}>
      {!presenting && <Header />}
      <main className={styles.body} data-inspector={inspectorOpen && !presenting ? 'open' : 'closed'}>
        <div className={styles.story}>
          {presenting && <h1 className="visually-hidden">{title}</h1>}
          <Stage />
          <Caption />
          <Timeline />
          {!presenting && (
            <>
              <Splitter
                label={architecture ? 'Height of the table' : 'Height of the ladder'}
                orientation="horizontal"
                size={architecture ? tableRem : ladderRem}
                {...LADDER_REM}
                usual={() => (architecture ? TABLE_USUAL_REM : usualLadderRem(window))}
                onResize={(size) => execute((architecture ? setTableSize : setLadderSize)(size))}
              />
              {!pictured || !hasRun ? (
                <Coming label="Ladder" />
              ) : architecture ? (
                <latePoints.Show key="points" with={NOTHING} meanwhile={<Coming label="Reference points" />} onHere={onPanels} />
              ) : (
                <lateLadder.Show key="ladder" with={NOTHING} meanwhile={<Coming label="Ladder" />} onHere={onPanels} />
              )}
            </>
          )}
        </div>
        {inspectorOpen && !presenting && (
          <>
            <Splitter
              label="Width of the inspector"
              orientation="vertical"
              size={inspectorRem}
              {...INSPECTOR_REM}
              usual={() => INSPECTOR_USUAL_REM}
              onResize={(size) => execute(setInspectorSize(size))}
            />
            {pictured && hasRun ? <lateInspector.Show with={NOTHING} meanwhile={<Coming label="Inspector" />} /> : <Coming label="Inspector" />}
          </>
        )}
      </main>
      {presenting && spotlight && <lateSpotlight.Show with={{ pointer }} meanwhile={null} />}
      {presenting && blank && (
        <button type="button" className={styles.blank} onClick={() => execute(toggleBlank)}>
          <span className="visually-hidden">The screen is blank: show the story again</span>
        </button>
      )}
      <Phase />
      <Notice />
      <Dialogs />
    </div>
  );
}
