/** Dragging entities: a d3-drag behaviour in world units. A press without a move stays a click. */
import { drag, type D3DragEvent } from 'd3-drag';
import { select } from 'd3-selection';
import type { Point } from './geometry.ts';

export interface NodeDragOptions {
  /** From client (screen) to world coordinates. */
  readonly toWorld: (clientX: number, clientY: number) => Point;
  /** Where the entity with this id stands. */
  readonly positionOf: (id: string) => Point | undefined;
  readonly onDrag: (id: string, to: Point) => void;
}

export interface NodeDrag {
  /** Takes in entities that came or went, and new functions. */
  update(options: NodeDragOptions): void;
  destroy(): void;
}

/** Makes every `[data-entity]` below `root` draggable; its value is the id. */
export function createNodeDrag(root: SVGGElement, initial: NodeDragOptions): NodeDrag {
  let options = initial;
  let grip: Point = { x: 0, y: 0 };
  const worldOf = (event: D3DragEvent<SVGGElement, unknown, unknown>): Point => {
    const source: unknown = event.sourceEvent;
    const touch = typeof TouchEvent !== 'undefined' && source instanceof TouchEvent ? source.changedTouches[0] : undefined;
    if (touch !== undefined) return options.toWorld(touch.clientX, touch.clientY);
    return source instanceof MouseEvent ? options.toWorld(source.clientX, source.clientY) : { x: event.x, y: event.y };
  };
  const idOf = (element: SVGGElement): string => element.dataset['entity'] ?? '';
  const behaviour = drag<SVGGElement, unknown>()
    .clickDistance(4)
    .on('start', function (this: SVGGElement, event: D3DragEvent<SVGGElement, unknown, unknown>) {
      const at = worldOf(event);
      const stands = options.positionOf(idOf(this)) ?? at;
      grip = { x: stands.x - at.x, y: stands.y - at.y };
    })
    .on('drag', function (this: SVGGElement, event: D3DragEvent<SVGGElement, unknown, unknown>) {
      const at = worldOf(event);
      options.onDrag(idOf(this), { x: at.x + grip.x, y: at.y + grip.y });
    });
  // A mouse leaves the focus where it was, so that Space keeps meaning play. Bound before d3-drag, which lets nobody else hear of the press.
  const bind = (): void =>
    void select(root)
      .selectAll<SVGGElement, unknown>('[data-entity]')
      .on('.drag', null)
      .on('mousedown.focus', (event: MouseEvent) => event.preventDefault())
      .call(behaviour);
  bind();
  return {
    update(next) {
      options = next;
      bind();
    },
    destroy: () => void select(root).selectAll<SVGGElement, unknown>('[data-entity]').on('.drag', null).on('.focus', null),
  };
}
