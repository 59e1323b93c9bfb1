/** The stage by functions: the presence proxies as areas around the CSCFs that play them, and what travels between them under its stage-2 name. */
import { useCallback, useMemo, useState } from 'react';
import { brokenAt } from '#diagram/broken.ts';
import { faultOfLine, innerFaults, linksBehind } from '#diagram/function-faults.ts';
import { functionOf, layoutFunctions } from '#diagram/layout-functions.ts';
import { marksAt } from '#diagram/marks.ts';
import { selectEntity } from '#store/selection.ts';
import type { Story } from '#store/story.ts';
import type { EntityId } from '#trace/record.ts';
import { useAppState, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { sceneOf } from './architecture-scene.ts';
import { InnerFaultMark } from './Faults.tsx';
import { FunctionAreas } from './FunctionAreas.tsx';
import { FunctionGround } from './FunctionGround.tsx';
import { describeFunctions, describeInner, functionLinkTargets } from './function-text.ts';
import { LinkTargets } from './LinkTargets.tsx';
import { MenuAt } from './MenuAt.tsx';
import styles from './Stage.module.css';
import { useStageMenu } from './use-stage-menu.ts';
import { useFollow } from './use-follow.ts';
import { useActive, usePackets, usePanZoom, useShape } from './use-stage.ts';

export function FunctionStage({ story, architecture }: { readonly story: Story; readonly architecture: boolean }) {
  return story.byFunctions === undefined ? null : <Told story={story} by={story.byFunctions} architecture={architecture} />;
}

interface Props {
  readonly story: Story;
  readonly by: NonNullable<Story['byFunctions']>;
  readonly architecture: boolean;
}

function Told({ story, by, architecture }: Props) {
  const { trace } = by.transmissions;
  const simulator = useSimulator();
  const [section, setSection] = useState<HTMLElement | null>(null);
  const [svg, setSvg] = useState<SVGSVGElement | null>(null);
  const [world, setWorld] = useState<SVGGElement | null>(null);
  const [trails, setTrails] = useState<SVGGElement | null>(null);
  const [packets, setPackets] = useState<SVGGElement | null>(null);

  const { aspect } = useShape(section);
  const scene = useMemo(() => sceneOf(trace, by.stage2, architecture), [trace, by, architecture]);
  const layout = useMemo(() => layoutFunctions(scene, aspect), [scene, aspect]);
  const marks = useViewTime((time) => marksAt(trace, time.t));
  const broken = useViewTime((time) => brokenAt(trace, time.t));
  const { down } = broken;
  const behind = useMemo(() => linksBehind(layout, trace.links), [layout, trace]);
  const faults = useMemo(
    () =>
      new Map(
        layout.links.flatMap((link) => {
          const fault = faultOfLine(behind.get(link.id) ?? [], broken);
          return fault === undefined ? [] : [[link.id, fault] as const];
        }),
      ),
    [layout, behind, broken],
  );
  const inner = useMemo(() => innerFaults(layout, trace.links, broken), [layout, trace, broken]);
  const targets = useMemo(() => functionLinkTargets(layout, behind, faults), [layout, behind, faults]);
  const menu = useStageMenu();
  const active = useActive(story);
  const selected = useAppState((state) => state.selection.entity);
  const select = useCallback((id: EntityId) => selectEntity(simulator, id), [simulator]);
  const view = usePanZoom(section, svg, world, layout);
  const reducedMotion = useAppState((state) => state.settings.reducedMotion);
  useFollow({ section, layout, active, reducedMotion, held: view.held, current: view.current, look: view.look });
  // On the line: above it stand the names of the areas.
  usePackets(story.trace, layout, trails, packets, { lift: 0 });

  return (
    <section ref={setSection} className={styles.stage} aria-label="Stage" tabIndex={-1} onKeyDown={view.onKeyDown}>
      <div className="visually-hidden">
        <ul>
          {[...describeFunctions(layout), ...describeInner(inner)].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
      <svg
        ref={setSvg}
        className={styles.svg}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        preserveAspectRatio="xMidYMid meet"
        role="group"
        aria-label={architecture ? 'Reference architecture of this network' : 'Map of the functions'}
      >
        <g ref={setWorld}>
          <g aria-hidden="true">
            <FunctionGround layout={layout} realised={architecture} faults={faults} />
          </g>
          <LinkTargets targets={targets} onMenu={menu.open} />
          <g ref={setTrails} className={styles.moving} aria-hidden="true" />
          <FunctionAreas
            layout={layout}
            marks={marks}
            down={down}
            active={active}
            selected={selected}
            chosen={functionOf(layout, selected)}
            onSelect={select}
            onMenu={menu.open}
          />
          <g aria-hidden="true">
            {inner.map((fault) => (
              <InnerFaultMark key={fault.key} fault={fault} />
            ))}
          </g>
          <g ref={setPackets} className={styles.moving} aria-hidden="true" />
        </g>
      </svg>
      {view.magnified && view.held && (
        <Button className={styles.reset} onPress={view.reset}>
          Reset view
        </Button>
      )}
      <MenuAt menu={menu} />
    </section>
  );
}
