import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { toggleLayer } from '#store/commands.ts';
import { selectHidden } from '#store/store.ts';
import type { Story } from '#store/story.ts';
import type { Layer, LayerSet } from '#trace/layers.ts';
import { useAppState, useExecute, useStory } from '#ui/simulator-context.tsx';
import { deriveLadder, layersOf } from './items.ts';
import styles from './Ladder.module.css';
import { LadderBar } from './LadderBar.tsx';
import { LadderRows } from './LadderRows.tsx';

/** Every message of the run as an arrow between its participants, one below the other. */
export function Ladder() {
  const story = useStory();
  return (
    <section className={styles.ladder} aria-label="Ladder">
      {story !== undefined && <LadderOf story={story} />}
    </section>
  );
}

function LadderOf({ story }: { readonly story: Story }) {
  const execute = useExecute();
  const hidden = useAppState(selectHidden);
  const [folded, setFolded] = useState<LayerSet>(new Set());
  const [typed, setTyped] = useState('');
  const sought = useDeferredValue(typed);
  const { trace } = story;
  const byFunctions = story.byFunctions !== undefined;
  const all = useMemo(() => layersOf(story), [story]);
  // Stage 2 knows no protocols: there is nothing to switch off.
  const layers = useMemo(
    () => new Set(byFunctions ? all : all.filter((layer) => !folded.has(layer) && !hidden.has(layer))),
    [all, folded, hidden, byFunctions],
  );
  const content = useMemo(() => deriveLadder(story, layers, sought), [story, layers, sought]);
  // What is hidden on the map is folded here too; to unfold it is to show it there.
  const toggle = useCallback(
    (layer: Layer) => {
      if (hidden.has(layer)) execute(toggleLayer(layer));
      setFolded((before) => {
        const after = new Set(before);
        if (!after.delete(layer) && !hidden.has(layer)) after.add(layer);
        return after;
      });
    },
    [hidden, execute],
  );
  return (
    <>
      <LadderBar all={byFunctions ? [] : all} shown={layers} onToggle={toggle} typed={typed} onType={setTyped} matches={content.shown} />
      {content.items.length === 0 ? (
        <p className={styles.nothing}>
          {typed === ''
            ? byFunctions
              ? 'No message of this run has a name at stage 2.'
              : 'No layer is shown. Switch one on above.'
            : `No message has “${typed}” in its name, its entities or its Call-ID.`}
        </p>
      ) : (
        <LadderRows key={`${trace.scenario} ${byFunctions ? 2 : 3}`} story={story} content={content} filtered={sought.trim() !== ''} />
      )}
    </>
  );
}
