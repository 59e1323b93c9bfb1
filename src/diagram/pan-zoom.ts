/**
 * Moving and magnifying the view: a d3-zoom behaviour between two spaces, `world` (layout units) and `view` (what the SVG shows of it).
 * The wheel magnifies only with Ctrl (or a pinch) or while the stage has the focus, so that the page can still be scrolled.
 */
import { select } from 'd3-selection';
import { zoom, zoomIdentity, ZoomTransform, type D3ZoomEvent } from 'd3-zoom';
import { clamp } from './geometry.ts';

export interface View {
  /** view = world * scale + (x, y) */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface PanZoomOptions {
  /** Size of the world, to which panning is bounded. */
  readonly width: number;
  readonly height: number;
  /** `byHand`: a person moved it. */
  readonly onView: (view: View, byHand: boolean) => void;
  /** While the focus is here, the wheel magnifies without Ctrl. */
  readonly focusRoot: Element;
}

export interface PanZoom {
  update(options: PanZoomOptions): void;
  /** Magnifies about the middle; a factor below 1 draws back. */
  zoomBy(factor: number): void;
  /** Goes there at once; nobody moved it. */
  look(view: View): void;
  reset(): void;
  destroy(): void;
}

const MOST = 6;
const WHEEL_SPEED = 0.002;
const NOTCH = 0.32;

/** Binds pan and zoom to an SVG whose viewBox is the world. Things that are dragged or clicked carry `data-still` and do not pan. */
export function createPanZoom(svg: SVGSVGElement, initial: PanZoomOptions): PanZoom {
  let options = initial;
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([1, MOST])
    .extent((): [[number, number], [number, number]] => [
      [0, 0],
      [options.width, options.height],
    ])
    .clickDistance(4)
    .filter((event: Event) => {
      const still = event.target instanceof Element && event.target.closest('[data-still]') !== null;
      if (event.type === 'wheel') return event instanceof WheelEvent && (event.ctrlKey || event.metaKey || options.focusRoot.contains(document.activeElement));
      if (event.type === 'dblclick') return false;
      return !still && !(event instanceof MouseEvent && (event.button !== 0 || event.ctrlKey));
    })
    // A notch of a wheel is worth a quarter; a pinch comes in many small pieces.
    .wheelDelta((event) => clamp(-event.deltaY * (event.deltaMode === 1 ? 20 : 1) * WHEEL_SPEED * (event.ctrlKey ? 5 : 1), -NOTCH, NOTCH))
    .on('zoom', (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
      const { transform } = event;
      options.onView({ scale: transform.k, x: transform.x, y: transform.y }, event.sourceEvent !== null);
    });
  const selection = select(svg);
  const set = (transform: ZoomTransform): void => void selection.call((target) => behaviour.transform(target, transform));
  const apply = (): void => {
    behaviour.translateExtent([
      [0, 0],
      [options.width, options.height],
    ]);
  };
  apply();
  selection.call(behaviour).on('dblclick.reset', (event: MouseEvent) => {
    if (!(event.target instanceof Element && event.target.closest('[data-still]') !== null)) set(zoomIdentity);
  });
  return {
    update(next) {
      const resized = next.width !== options.width || next.height !== options.height;
      options = next;
      apply();
      if (resized) set(zoomIdentity);
    },
    zoomBy: (factor) => void selection.call((target) => behaviour.scaleBy(target, factor)),
    look: ({ scale, x, y }) => set(new ZoomTransform(scale, x, y)),
    reset: () => set(zoomIdentity),
    destroy: () => void selection.on('.zoom', null).on('dblclick.reset', null),
  };
}
