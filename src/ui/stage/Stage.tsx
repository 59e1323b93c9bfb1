import { useCallback, useMemo, useState } from 'react';
import { brokenAt } from '#diagram/broken.ts';
import { layoutNetwork } from '#diagram/layout.ts';
import type { Moved } from '#diagram/layout-types.ts';
import { marksAt } from '#diagram/marks.ts';
import { deriveLinks } from '#diagram/route-links.ts';
import { tunnelsAt } from '#diagram/tunnels.ts';
import { showLevel, toggleLayer } from '#store/commands.ts';
import { selectEntity } from '#store/selection.ts';
import { selectHidden } from '#store/store.ts';
import type { Story } from '#store/story.ts';
import { createLayerOf, withoutLayers, type Layer } from '#trace/layers.ts';
import type { EntityId, MessageRecord } from '#trace/record.ts';
import { useAppState, useExecute, useSimulator, useStory, useViewTime } from '#ui/simulator-context.tsx';
import { PartBoundary } from '#ui/errors/PartBoundary.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { createLate } from '#ui/widgets/late.ts';
import { Entities } from './Entities.tsx';
import { Legend, legendOf } from './Legend.tsx';
import { LinkTargets } from './LinkTargets.tsx';
import { MenuAt } from './MenuAt.tsx';
import { boxOf, Question, QuestionGround, useQuestion } from './Question.tsx';
import { Ground, Links } from './Scenery.tsx';
import { describeCuts, describeLinks, describeNetworks, describeRoute, linkTargets } from './stage-text.ts';
import styles from './Stage.module.css';
import { useFollow } from './use-follow.ts';
import { useStageMenu } from './use-stage-menu.ts';
import { useActing, useActive, useNodeDrag, usePackets, usePanZoom, useRoute, useShape } from './use-stage.ts';

// Not of the first picture.
export const lateFunctionStage = createLate(() => import('./FunctionStage.tsx').then((module) => module.FunctionStage));

const NOT_MOVED: Moved = {};

/** The map of the networks: what travels, between whom, and how things stand. */
export function Stage() {
  const story = useStory();
  const level = useAppState((state) => state.layout.level);
  const execute = useExecute();
  if (story === undefined) return <section className={styles.stage} aria-label="Stage" />;
  if (level === 'stage3') return <StageOf story={story} />;
  const meanwhile = <section className={styles.stage} aria-label="Stage" aria-busy="true" />;
  return (
    <PartBoundary what="This level" onBroken={() => execute(showLevel('stage3'))}>
      <lateFunctionStage.Show with={{ story, architecture: level === 'architecture' }} meanwhile={meanwhile} />
    </PartBoundary>
  );
}

function StageOf({ story }: { readonly story: Story }) {
  const { trace } = story;
  const simulator = useSimulator();
  const [section, setSection] = useState<HTMLElement | null>(null);
  const [svg, setSvg] = useState<SVGSVGElement | null>(null);
  const [world, setWorld] = useState<SVGGElement | null>(null);
  const [nodes, setNodes] = useState<SVGGElement | null>(null);
  const [trails, setTrails] = useState<SVGGElement | null>(null);
  const [packets, setPackets] = useState<SVGGElement | null>(null);
  const [moved, setMoved] = useState(NOT_MOVED);
  const [pointed, setPointed] = useState<EntityId>();

  const shape = useShape(section);
  const execute = useExecute();
  const hidden = useAppState(selectHidden);
  const topology = useMemo(
    () => withoutLayers({ networks: trace.networks, entities: trace.entities, links: deriveLinks(trace) }, trace.records, hidden),
    [trace, hidden],
  );
  const isShown = useMemo(() => {
    const layerOf = createLayerOf(trace);
    return (message: MessageRecord): boolean => !hidden.has(layerOf(message));
  }, [trace, hidden]);
  const legend = useMemo(() => legendOf(trace), [trace]);
  const legendColumns = legend.columns;
  const legendItems = legend.layers.length + legend.phases.length;
  const layout = useMemo(() => layoutNetwork(topology, { moved, legendColumns, legendItems, ...shape }), [topology, shape, moved, legendColumns, legendItems]);
  const toggle = useCallback((layer: Layer) => execute(toggleLayer(layer)), [execute]);
  const tunnels = useViewTime((time) => tunnelsAt(trace, time.t));
  const marks = useViewTime((time) => marksAt(trace, time.t));
  const { down, cut, impaired } = useViewTime((time) => brokenAt(trace, time.t));
  const active = useActive(story);
  const { path: route, isLast } = useRoute(story);
  const acting = useActing(story);
  const selected = useAppState((state) => state.selection.entity);
  const select = useCallback((id: EntityId) => selectEntity(simulator, id), [simulator]);

  const menu = useStageMenu();
  const targets = useMemo(() => linkTargets(layout, cut, impaired), [layout, cut, impaired]);
  const { question, putOff } = useQuestion(story);
  const asked = question?.ue;
  const covered = useMemo(() => (asked === undefined ? undefined : boxOf(layout, asked)), [layout, asked]);

  const view = usePanZoom(section, svg, world, layout);
  const reducedMotion = useAppState((state) => state.settings.reducedMotion);
  useFollow({ section, layout, active, reducedMotion, held: view.held, current: view.current, look: view.look });
  useNodeDrag(world, nodes, layout, setMoved);
  usePackets(trace, layout, trails, packets, { isShown });

  const reset = (): void => {
    view.reset();
    setMoved(NOT_MOVED);
  };

  return (
    <section ref={setSection} className={styles.stage} aria-label="Stage" tabIndex={-1} onKeyDown={view.onKeyDown}>
      <div className="visually-hidden">
        <ul>
          {describeNetworks(layout).map(({ domain, text }) => (
            <li key={domain}>{text}</li>
          ))}
        </ul>
        <p>{describeLinks(layout)}</p>
        <p>{describeRoute(layout, route, isLast)}</p>
        <p>{describeCuts(layout, cut)}</p>
        <p aria-live="polite">
          {question === undefined ? '' : `${question.watcher} waits for an answer of ${layout.entityById.get(question.ue)?.name ?? ''}.`}
        </p>
      </div>
      <svg
        ref={setSvg}
        className={styles.svg}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        preserveAspectRatio="xMidYMid meet"
        role="group"
        aria-label="Map of the networks"
      >
        <g ref={setWorld}>
          <g aria-hidden="true">
            <Ground layout={layout} acting={acting} />
            <Links layout={layout} lit={pointed ?? selected} route={route} tunnels={tunnels} cut={cut} impaired={impaired} covered={covered} />
            {question !== undefined && <QuestionGround layout={layout} question={question} />}
          </g>
          <LinkTargets targets={targets} onMenu={menu.open} />
          <g ref={setTrails} className={styles.moving} aria-hidden="true" />
          <g ref={setNodes}>
            <Entities layout={layout} marks={marks} down={down} active={active} selected={selected} onSelect={select} onPoint={setPointed} onMenu={menu.open} />
          </g>
          {question !== undefined && <Question layout={layout} story={story} question={question} onLater={putOff} />}
          <Legend content={legend} box={layout.legend} hidden={hidden} onToggle={toggle} />
          <g ref={setPackets} className={styles.moving} aria-hidden="true" />
        </g>
      </svg>
      {((view.magnified && view.held) || moved !== NOT_MOVED) && (
        <Button className={styles.reset} onPress={reset}>
          Reset view
        </Button>
      )}
      <MenuAt menu={menu} />
    </section>
  );
}
