/** Points, boxes and paths of the world space (units: about one CSS pixel at 1440x900). */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const centredBox = (x: number, y: number, width: number, height: number): Box => ({ x: x - width / 2, y: y - height / 2, width, height });
export const inflate = (box: Box, by: number): Box => ({ x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by });
export const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
export const contains = (box: Box, x: number, y: number): boolean => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
export const encloses = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
export const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const NARROW = /[iljtfrI.,:;'|!()[\] ·]/;
const WIDE = /[mwMW@%—→]/;

/** Width of a text in Inter, estimated a little wide (no DOM here), so that what fits by it also fits on the screen. */
export function textWidth(text: string, size: number, weight = 400): number {
  let ems = 0;
  for (const char of text) ems += NARROW.test(char) ? 0.34 : WIDE.test(char) ? 0.92 : char >= 'A' && char <= 'Z' ? 0.7 : 0.595;
  return ems * size * (weight >= 600 ? 1.05 : 1);
}

/** The text, shortened in the middle until it fits. */
export function fitText(text: string, size: number, weight: number, width: number): string {
  if (textWidth(text, size, weight) <= width) return text;
  for (let keep = text.length - 1; keep > 3; keep--) {
    const head = Math.ceil(keep / 2);
    const shorter = `${text.slice(0, head)}…${text.slice(text.length - (keep - head))}`;
    if (textWidth(shorter, size, weight) <= width) return shorter;
  }
  return '…';
}

/** A way through the world: `d` draws it, the samples measure it. */
export interface Path {
  readonly d: string;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Length from the beginning up to each sample. */
  readonly lengths: Float64Array;
  readonly length: number;
}

const STEP = 6;
const round = (n: number): number => Math.round(n * 10) / 10;

class PathPen {
  private readonly xs: number[] = [];
  private readonly ys: number[] = [];
  private readonly lengths: number[] = [];
  private d = '';
  private length = 0;

  moveTo(x: number, y: number): void {
    this.d += `M${round(x)} ${round(y)}`;
    this.sample(x, y);
  }

  lineTo(x: number, y: number): void {
    const [fromX, fromY] = this.end();
    this.d += `L${round(x)} ${round(y)}`;
    const pieces = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / STEP));
    for (let i = 1; i <= pieces; i++) this.sample(fromX + ((x - fromX) * i) / pieces, fromY + ((y - fromY) * i) / pieces);
  }

  curveTo(controlX: number, controlY: number, x: number, y: number): void {
    const [fromX, fromY] = this.end();
    this.d += `Q${round(controlX)} ${round(controlY)} ${round(x)} ${round(y)}`;
    const rough = Math.hypot(controlX - fromX, controlY - fromY) + Math.hypot(x - controlX, y - controlY);
    const pieces = Math.max(4, Math.ceil(rough / STEP));
    for (let i = 1; i <= pieces; i++) {
      const t = i / pieces;
      const s = 1 - t;
      this.sample(s * s * fromX + 2 * s * t * controlX + t * t * x, s * s * fromY + 2 * s * t * controlY + t * t * y);
    }
  }

  finish(): Path {
    return { d: this.d, xs: Float64Array.from(this.xs), ys: Float64Array.from(this.ys), lengths: Float64Array.from(this.lengths), length: this.length };
  }

  private end(): readonly [number, number] {
    return [this.xs.at(-1) ?? 0, this.ys.at(-1) ?? 0];
  }

  private sample(x: number, y: number): void {
    if (this.xs.length > 0) {
      const [lastX, lastY] = this.end();
      this.length += Math.hypot(x - lastX, y - lastY);
    }
    this.xs.push(x);
    this.ys.push(y);
    this.lengths.push(this.length);
  }
}

/** A polyline with rounded corners. */
export function cornerPath(points: readonly Point[], radius: number): Path {
  const pen = new PathPen();
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    const next = points[i + 1];
    if (before === undefined) pen.moveTo(point.x, point.y);
    else if (next === undefined) pen.lineTo(point.x, point.y);
    else {
      const arriving = Math.hypot(point.x - before.x, point.y - before.y);
      const leaving = Math.hypot(next.x - point.x, next.y - point.y);
      const cut = Math.min(radius, arriving / 2, leaving / 2);
      if (cut < 0.5) {
        pen.lineTo(point.x, point.y);
        continue;
      }
      pen.lineTo(point.x - ((point.x - before.x) / arriving) * cut, point.y - ((point.y - before.y) / arriving) * cut);
      pen.curveTo(point.x, point.y, point.x + ((next.x - point.x) / leaving) * cut, point.y + ((next.y - point.y) / leaving) * cut);
    }
  }
  return pen.finish();
}

/** One curve whose middle lies `bulge` to the left of the straight way (to the right when negative). */
export function arcPath(from: Point, to: Point, bulge: number): Path {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const pen = new PathPen();
  pen.moveTo(from.x, from.y);
  pen.curveTo((from.x + to.x) / 2 + ((to.y - from.y) / length) * bulge * 2, (from.y + to.y) / 2 - ((to.x - from.x) / length) * bulge * 2, to.x, to.y);
  return pen.finish();
}

/** Where the path is after `distance`; written into `out`, so that a frame allocates nothing. */
export function pointAlong(path: Path, distance: number, out: { x: number; y: number }): void {
  const { xs, ys, lengths } = path;
  let low = 0;
  let high = lengths.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lengths[middle] ?? 0) < distance) low = middle + 1;
    else high = middle;
  }
  const x = xs[low] ?? 0;
  const y = ys[low] ?? 0;
  const beforeX = xs[low - 1];
  const beforeY = ys[low - 1];
  const beforeLength = lengths[low - 1];
  if (beforeX === undefined || beforeY === undefined || beforeLength === undefined) {
    out.x = x;
    out.y = y;
    return;
  }
  const piece = (lengths[low] ?? 0) - beforeLength;
  const share = piece > 0 ? clamp((distance - beforeLength) / piece, 0, 1) : 1;
  out.x = beforeX + (x - beforeX) * share;
  out.y = beforeY + (y - beforeY) * share;
}

/** Outline of everything nearer than `radius` to the line from `a` to `b`: a stadium, at any angle. */
export function capsulePath(a: Point, b: Point, radius: number): Path {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const points: Point[] = [];
  const turn = (centre: Point, from: number): void => {
    for (let i = 0; i <= 16; i++) {
      const at = from + (Math.PI * i) / 16;
      points.push({ x: centre.x + radius * Math.cos(at), y: centre.y + radius * Math.sin(at) });
    }
  };
  turn(b, angle - Math.PI / 2);
  turn(a, angle + Math.PI / 2);
  const [first] = points;
  if (first !== undefined) points.push(first);
  return cornerPath(points, radius / 8);
}

/** How near a point comes to the line from `a` to `b`. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const along = clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}
