import { Minimize2, Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { setSpeed, stepBack, stepForward, togglePlay, togglePresenting } from '#store/commands.ts';
import { SPEEDS } from '#store/view-time.ts';
import { useAppState, useExecute, useSimulator, useStory, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Track } from './Track.tsx';
import styles from './Timeline.module.css';

export function Timeline() {
  const execute = useExecute();
  const simulator = useSimulator();
  const story = useStory();
  const presenting = useAppState((state) => state.layout.presenting);
  const playing = useViewTime((time) => time.playing);
  const speed = useViewTime((time) => time.speed);
  // The buttons are enabled by the step.
  useViewTime((time) => time.step);
  return (
    <section className={styles.timeline} aria-label="Time line">
      <Button label="One step back" shortcut="←" icon={<SkipBack />} disabled={!stepBack.enabled(simulator)} onPress={() => execute(stepBack)} />
      <Button
        primary
        className={styles.play}
        shortcut="Space"
        disabled={!togglePlay.enabled(simulator)}
        icon={playing ? <Pause fill="currentColor" /> : <Play fill="currentColor" />}
        onPress={() => execute(togglePlay)}
      >
        {playing ? 'Pause' : 'Play'}
      </Button>
      <Button label="One step forward" shortcut="→" icon={<SkipForward />} disabled={!stepForward.enabled(simulator)} onPress={() => execute(stepForward)} />
      {story === undefined ? <div className={styles.empty} /> : <Track story={story} />}
      <label className={styles.speed}>
        <span className="visually-hidden">Speed</span>
        <select
          value={speed}
          onChange={(event) => {
            // The arrows and the keys of a remote are steps again, and no other speeds.
            event.target.blur();
            execute(setSpeed(Number(event.target.value)));
          }}
        >
          {SPEEDS.map((value) => (
            <option key={value} value={value}>
              {value}×
            </option>
          ))}
        </select>
      </label>
      {presenting && <Button label="Show everything again" shortcut="F" icon={<Minimize2 />} onPress={() => execute(togglePresenting)} />}
    </section>
  );
}
