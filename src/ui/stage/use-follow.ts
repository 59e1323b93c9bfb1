/** On a telephone the whole map is too small to be read: the view goes where the message is, until somebody moves the map. */
import { useEffect, useEffectEvent } from 'react';
import { clamp, type Box } from '#diagram/geometry.ts';
import type { FunctionLayout } from '#diagram/layout-functions.ts';
import type { Layout } from '#diagram/layout-types.ts';
import type { View } from '#diagram/pan-zoom.ts';
import type { EntityId } from '#trace/record.ts';

/** As the style sheets of the page have them: a telephone held upright, and one held across. */
const NARROW = 560;
const SHORT = 500;
/** CSS pixels for a unit of the world at which the smallest words of the map can be read. */
const LEGIBLE = 0.82;
const MARGIN = 26;
const TAKES_MILLISECONDS = 320;

type Ground = Layout | FunctionLayout;

function boxesOf(layout: Ground, id: EntityId): readonly Box[] {
  if ('functions' in layout) return layout.functions.flatMap((placed) => (placed.id === id ? [placed.box] : []));
  const placed = layout.entityById.get(id);
  return placed === undefined ? [] : [placed.glyphBox, placed.nameBox, placed.badgeBox];
}

/** The part of the world that holds these entities (or functions) with their names and marks. */
function boxOf(layout: Ground, ids: readonly EntityId[]): Box | undefined {
  const boxes = ids.flatMap((id) => boxesOf(layout, id));
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

/** The view of the world in which these entities are seen, as large as they can be read; the whole where nobody acts. */
export function viewOf(layout: Ground, ids: readonly EntityId[], pixels: { readonly width: number; readonly height: number }): View {
  const { width, height } = layout;
  const box = boxOf(layout, ids);
  if (box === undefined) return { scale: 1, x: 0, y: 0 };
  const unit = Math.min(pixels.width / width, pixels.height / height);
  const fitting = Math.min(pixels.width / unit / (box.width + 2 * MARGIN), pixels.height / unit / (box.height + 2 * MARGIN));
  const scale = clamp(LEGIBLE / unit, 1, Math.max(1, fitting));
  const bounded = (middle: number, whole: number): number => clamp(whole / 2 - scale * middle, whole - scale * whole, 0);
  return { scale, x: bounded(box.x + box.width / 2, width), y: bounded(box.y + box.height / 2, height) };
}

interface Followed {
  readonly section: HTMLElement | null;
  readonly layout: Ground;
  readonly active: readonly EntityId[];
  /** Whether the person has moved the map, and wants it to stay. */
  readonly held: boolean;
  readonly reducedMotion: boolean;
  readonly current: () => View;
  readonly look: (view: View) => void;
}

export function useFollow({ section, layout, active, held, reducedMotion, current, look }: Followed): void {
  const go = useEffectEvent((): (() => void) | undefined => {
    if (section === null || held) return undefined;
    const pixels = section.getBoundingClientRect();
    if (pixels.width === 0 || (pixels.width > NARROW && innerHeight > SHORT)) return undefined;
    const from = current();
    const to = viewOf(layout, active, pixels);
    let request = 0;
    const begun = performance.now();
    const frame = (now: number): void => {
      const part = reducedMotion ? 1 : clamp((now - begun) / TAKES_MILLISECONDS, 0, 1);
      const eased = part * part * (3 - 2 * part);
      const between = (a: number, b: number): number => a + (b - a) * eased;
      look({ scale: between(from.scale, to.scale), x: between(from.x, to.x), y: between(from.y, to.y) });
      if (part < 1) request = requestAnimationFrame(frame);
    };
    frame(begun);
    return () => cancelAnimationFrame(request);
  });
  const acting = active.join(' ');
  useEffect(() => go(), [acting, section, layout, held]);
}
