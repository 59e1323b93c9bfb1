/** Ways between the areas of functions, and where their names stand. Pure; knows boxes only. */
import { centredBox, textWidth, type Box, type Point } from './geometry.ts';
import type { PlacedText } from './layout-types.ts';

export const POINT_SIZE = 14;
const NEAR = 24;
/** How far over a line its name stands, where messages travel on it; what it is realised by stands as far below. */
export const OVER = 20;

/** Half of a message and half of a name: so far from the middle of a way that goes up and down, no message that rests there hides the name. */
const BESIDE_REST = 22;

/** Between two ways that run beside one another. */
const APART = 18;

const centre = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

export interface LaneHeights {
  /** Of this way, where it passes over the main row; and of the highest one that does. */
  readonly lane: number;
  readonly highest: number | undefined;
}

/** Straight where two areas are neighbours, over the main row (at `lane`) where something stands between them, at right angles otherwise. `left` begins. */
export function wayBetween(left: Box, right: Box, all: readonly Box[], { lane, highest }: LaneHeights): readonly Point[] {
  const p = centre(left);
  const q = centre(right);
  const sameRow = Math.abs(p.y - q.y) < 12;
  const between = all.some((box) => box.x > left.x + left.width && box.x + box.width < right.x && box.y < p.y && box.y + box.height > p.y);
  if (sameRow && !between) {
    return [
      { x: left.x + left.width, y: p.y },
      { x: right.x, y: q.y },
    ];
  }
  if (sameRow) {
    return [
      { x: p.x + 18, y: left.y },
      { x: p.x + 18, y: lane },
      { x: q.x - 18, y: lane },
      { x: q.x - 18, y: right.y },
    ];
  }
  const [upper, lower] = p.y < q.y ? [left, right] : [right, left];
  if (Math.abs(p.x - q.x) < 12) {
    const ways = [
      { x: p.x, y: upper.y + upper.height },
      { x: p.x, y: lower.y },
    ];
    return upper === left ? ways : ways.toReversed();
  }
  // Diagonal neighbours: out of the side of the lower one, up into the bottom of the upper one.
  const target = { x: upper === left ? Math.min(upper.x + upper.width - 22, q.x) : Math.max(upper.x + 22, p.x), y: upper.y + upper.height };
  const side = { x: lower === right ? lower.x : lower.x + lower.width, y: centre(lower).y };
  const bend = { x: target.x, y: side.y };
  // Who stands close behind the bend counts too: the way to it would run on this one.
  const isPassed = (box: Box): boolean =>
    box.y < side.y && box.y + box.height > side.y && box.x < Math.max(target.x, side.x) + NEAR && box.x + box.width > Math.min(target.x, side.x) - NEAR;
  const ways = all.some((one) => one !== lower && isPassed(one)) ? betweenRows(upper, lower, target.x, highest) : [target, bend, side];
  return upper === left ? ways : ways.toReversed();
}

/** Somebody stands beside the lower one: out of its top, through the gap between the rows, into the bottom of the upper one, beside the way of whoever stands nearer. */
function betweenRows(upper: Box, lower: Box, beside: number, lanes: number | undefined): readonly Point[] {
  // Beside the way of whoever stands straight above it.
  const x = lower.x + lower.width / 2 + (beside > lower.x + lower.width / 2 ? 1 : -1) * Math.min(30, lower.width / 4);
  const bottom = upper.y + upper.height;
  const middle = (bottom + lower.y) / 2;
  // Over the ways that pass over the lower one.
  const y = lanes !== undefined && lanes > bottom && lanes < lower.y ? Math.max((bottom + lanes) / 2, Math.min(middle, lanes - APART)) : middle;
  const target = beside + (x > beside ? 12 : -12);
  return [
    { x: target, y: upper.y + upper.height },
    { x: target, y },
    { x, y },
    { x, y: lower.y },
  ];
}

/** Above the middle of the longest straight piece, or beside it where that goes up and down. */
export function labelOn(points: readonly Point[], text: string): { readonly label: PlacedText; readonly level: boolean } {
  let best: readonly [Point, Point] = [points[0] ?? { x: 0, y: 0 }, points[1] ?? { x: 0, y: 0 }];
  let longest = -1;
  for (let i = 1; i < points.length; i++) {
    const p = points[i - 1] as Point;
    const q = points[i] as Point;
    const length = Math.abs(p.x - q.x) * 1.5 + Math.abs(p.y - q.y);
    if (length > longest) [longest, best] = [length, [p, q]];
  }
  const [p, q] = best;
  const width = textWidth(text, POINT_SIZE);
  const level = Math.abs(p.x - q.x) > Math.abs(p.y - q.y);
  // A way over others is named near its end: in the middle stands whom it passes.
  const share = points.length > 3 ? 0.78 : 0.5;
  const x = p.x + (q.x - p.x) * (p.x < q.x ? share : 1 - share) + (level ? 0 : 7);
  // Between neighbours messages travel on the line, and would hide what stands close to it.
  const upwards = Math.max(0, Math.min(BESIDE_REST, Math.abs(p.y - q.y) / 2 - POINT_SIZE / 2 - 3));
  const y = (p.y + q.y) / 2 - (level ? (points.length === 2 ? OVER : 10) : upwards);
  return { level, label: { text, x, y, box: centredBox(level ? x : x + width / 2, y, width, POINT_SIZE + 2) } };
}
