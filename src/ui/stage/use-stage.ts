/** Where React's stage meets the imperative parts: its size, pan and zoom, dragging, and the layer that is drawn every frame. */
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { clamp, type Point } from '#diagram/geometry.ts';
import type { Layout, Moved } from '#diagram/layout-types.ts';
import { createNodeDrag } from '#diagram/node-drag.ts';
import { createPacketLayer } from '#diagram/packet-layer.ts';
import { createPanZoom, type PanZoom, type View } from '#diagram/pan-zoom.ts';
import { roomOf } from '#diagram/place-entities.ts';
import { createSampler } from '#diagram/sampler.ts';
import { functionsAt, loadFunctions } from '#store/levels.ts';
import { isOpening } from '#store/playback.ts';
import { selectMessage } from '#store/selection.ts';
import type { Story } from '#store/story.ts';
import type { EntityId, MessageRecord, Trace } from '#trace/record.ts';
import { routeSetAt } from '#trace/route-set.ts';
import { useSimulator, useViewTime } from '#ui/simulator-context.tsx';

/** Shapes and widths of the stage are told apart this finely, so that dragging a separator does not lay out anew at every pixel. */
const ASPECT_STEP = 0.04;
const WIDTH_STEP = 32;
const USUAL_TEXT = 16;

/** Width by height of the element, and its width in pixels of a window whose text is 16 of them high; once they are known. */
export function useShape(element: HTMLElement | null): { readonly aspect?: number; readonly stageWidth?: number } {
  const [aspect, setAspect] = useState<number>();
  const [stageWidth, setStageWidth] = useState<number>();
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      if (width <= 0 || height <= 0) return;
      const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_TEXT;
      setAspect(Math.round(width / height / ASPECT_STEP) * ASPECT_STEP);
      setStageWidth(Math.round((width * USUAL_TEXT) / text / WIDTH_STEP) * WIDTH_STEP);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return useMemo(() => ({ ...(aspect === undefined ? {} : { aspect }), ...(stageWidth === undefined ? {} : { stageWidth }) }), [aspect, stageWidth]);
}

const ZOOM_STEP = 1.3;
const WHOLE: View = { scale: 1, x: 0, y: 0 };

export interface ViewControl {
  /** Whether the view differs from the whole stage. */
  readonly magnified: boolean;
  /** Whether a person has moved it since it was the whole. */
  readonly held: boolean;
  readonly current: () => View;
  readonly look: (view: View) => void;
  /** + and - magnify, Escape shows the whole again. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly reset: () => void;
}

/** Lets the person move and magnify `world` inside `svg`. */
export function usePanZoom(
  section: HTMLElement | null,
  svg: SVGSVGElement | null,
  world: SVGGElement | null,
  layout: Pick<Layout, 'width' | 'height'>,
): ViewControl {
  const control = useRef<PanZoom>(undefined);
  const [magnified, setMagnified] = useState(false);
  const [held, setHeld] = useState(false);
  const shown = useRef<View>(WHOLE);
  const { width, height } = layout;
  useEffect(() => {
    if (section === null || svg === null || world === null) return undefined;
    const panZoom = createPanZoom(svg, {
      width,
      height,
      focusRoot: section,
      onView: ({ scale, x, y }, byHand) => {
        shown.current = { scale, x, y };
        if (byHand) setHeld(true);
        world.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
        setMagnified(scale !== 1 || x !== 0 || y !== 0);
      },
    });
    control.current = panZoom;
    panZoom.reset();
    return () => {
      control.current = undefined;
      panZoom.destroy();
    };
  }, [section, svg, world, width, height]);
  const zoomBy = (factor: number): void => {
    setHeld(true);
    control.current?.zoomBy(factor);
  };
  const reset = (): void => {
    setHeld(false);
    control.current?.reset();
  };
  const current = useCallback(() => shown.current, []);
  const look = useCallback((view: View) => control.current?.look(view), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomBy(ZOOM_STEP);
    else if (event.key === '-') zoomBy(1 / ZOOM_STEP);
    else if (event.key === 'Escape' && magnified) reset();
    else return;
    event.preventDefault();
  };
  return { magnified, held, current, look, onKeyDown, reset };
}

/** Lets the person drag the entities below `group`. */
export function useNodeDrag(world: SVGGElement | null, group: SVGGElement | null, layout: Layout, onMove: (change: (moved: Moved) => Moved) => void): void {
  const positionOf = useEffectEvent((id: EntityId): Point | undefined => layout.entityById.get(id));
  const onDrag = useEffectEvent((id: EntityId, to: Point): void => {
    const placed = layout.entityById.get(id);
    if (placed === undefined) return;
    const room = roomOf(placed.entity, placed.territory);
    const part = { x: clamp((to.x - room.x) / (room.width || 1), 0, 1), y: clamp((to.y - room.y) / (room.height || 1), 0, 1) };
    onMove((moved) => ({ ...moved, [id]: part }));
  });
  const members = layout.entities.map((placed) => placed.entity.id).join(' ');
  useEffect(() => {
    if (world === null || group === null) return undefined;
    const toWorld = (clientX: number, clientY: number): Point => {
      const point = new DOMPoint(clientX, clientY).matrixTransform(world.getScreenCTM()?.inverse());
      return { x: point.x, y: point.y };
    };
    const nodeDrag = createNodeDrag(group, { toWorld, positionOf: (id) => positionOf(id), onDrag: (id, to) => onDrag(id, to) });
    return () => nodeDrag.destroy();
  }, [world, group, members]);
}

const NOBODY: readonly EntityId[] = [];
const NO_WAY = { path: NOBODY, isLast: false };

/** Who sends and who receives at the current step. */
export function useActive(story: Story): readonly EntityId[] {
  const step = useViewTime((time) => time.step);
  const opening = useViewTime((time) => isOpening(story, time));
  return useMemo(() => {
    const message = opening ? undefined : story.steps[step]?.message;
    return message === undefined ? NOBODY : [message.from, message.to];
  }, [story, step, opening]);
}

/** The way that the route set gives to the subscription of the current message, and whether its last request is the one on the way; nobody when it has none (yet). */
export function useRoute(story: Story): { readonly path: readonly EntityId[]; readonly isLast: boolean } {
  const step = useViewTime((time) => time.step);
  const opening = useViewTime((time) => isOpening(story, time));
  return useMemo(() => {
    const message = opening ? undefined : story.steps[step]?.message;
    const set = message === undefined ? undefined : routeSetAt(story.trace, message);
    return set === undefined || message === undefined ? NO_WAY : { path: set.path, isLast: set.until !== undefined && set.until <= message.sentAt };
  }, [story, step, opening]);
}

/** Names of the functions that have a part in the current step, told from what the entities do in it; what tells it is loaded once the story has begun. */
export function useActing(story: Story): string {
  const step = useViewTime((time) => time.step);
  const opening = useViewTime((time) => isOpening(story, time));
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    if (opening || loaded) return undefined;
    let wanted = true;
    void loadFunctions().then(() => wanted && setLoaded(true));
    return () => {
      wanted = false;
    };
  }, [opening, loaded]);
  return useMemo(() => {
    const message = opening || !loaded ? undefined : story.steps[step]?.message;
    return message === undefined ? '' : functionsAt(story, message.id).join(', ');
  }, [story, step, opening, loaded]);
}

/** What packets need of a layout. */
type PacketGround = Pick<Layout, 'width' | 'height' | 'linkByEnds'> & Partial<Pick<Layout, 'entities' | 'links' | 'halos'>>;

/** Draws what travels, whenever view time moves. */
export function usePackets(
  trace: Trace,
  layout: PacketGround,
  trails: SVGGElement | null,
  packets: SVGGElement | null,
  { lift, isShown }: { readonly lift?: number; readonly isShown?: (message: MessageRecord) => boolean },
): void {
  const simulator = useSimulator();
  useLayoutEffect(() => {
    if (trails === null || packets === null) return undefined;
    const sampler = createSampler(trace, layout, isShown);
    const layer = createPacketLayer(trails, packets, {
      width: layout.width,
      height: layout.height,
      ...(lift === undefined ? {} : { lift }),
      ...(layout.entities === undefined ? {} : { entities: layout.entities }),
      texts: [...(layout.links ?? []), ...(layout.halos ?? [])].flatMap(({ label }) => (label === undefined ? [] : [label.box])),
      onSelect: (message) => selectMessage(simulator, message),
    });
    const draw = (): void => layer.draw(sampler.at(simulator.viewTime.getState().t));
    draw();
    const unsubscribe = simulator.viewTime.subscribe((time, before) => {
      if (time.t !== before.t) draw();
    });
    return () => {
      unsubscribe();
      layer.destroy();
    };
  }, [trace, layout, trails, packets, lift, isShown, simulator]);
}

/** Makes a shape that acts like a button do so by the keyboard as well. */
export function pressedBy(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
