/** The pills of a frame: for how many packets each stands, how wide it is, and where it stands. Pure, so that every frame of every run can be looked at without a page. */
import { countAlike } from './alike.ts';
import { centredBox, textWidth, type Box } from './geometry.ts';
import type { PlacedEntity, PlacedLink } from './layout-types.ts';
import { PILL_PAD, PILL_SIZE } from './metrics.ts';
import { isMarked } from './place-entities.ts';
import { asideOf, placePills, roomBesideName, sideOf, type Covered, type PillAt, type PillGround, type PillPlace } from './place-pills.ts';
import type { Packet, Pill } from './sampler.ts';

/** The world, inside which packets stay, and what stands in it. `lift`: how far packets float above their way; the usual distance when left out. */
export interface PillSurroundings extends Omit<PillGround, 'lift'>, Partial<Pick<PillGround, 'lift'>> {
  /** Who stands where: packets cover no glyph of those whom they do not visit, and had better cover no names and marks. */
  readonly entities?: readonly PlacedEntity[];
  /** Names of links and halos, which packets had better not cover either. */
  readonly texts?: readonly Box[];
}

/** Used again for the next frame: read it, do not keep it. */
export interface PillOfFrame {
  /** How many it stands for: alike, on one way, side by side; 0 for one that another stands for. */
  count: number;
  /** Of which it was measured last. */
  pill: Pill;
  width: number;
  /** Nowhere where another stands for it, and where only a cross is left of what was lost. */
  place: PillPlace | undefined;
}

/** The pill floats above its place on the link and points at it. */
const LIFT = 21;
/** How much it matters what a pill covers: glyphs of those whom it does not visit, the middle of those whom it does, names and marks of entities, names of links and halos. */
interface Weights {
  readonly glyph: number;
  readonly core: number;
  readonly name: number;
  readonly mark: number;
  readonly text: number;
}
const PASSING: Weights = { glyph: 3, core: 0.8, name: 1, mark: 1, text: 0.3 };
/** Half way the reader looks at it longest. */
const AT_REST: Weights = { glyph: 12, core: 2, name: 6, mark: 3, text: 0.8 };
/** What tells one glyph from another stands in the middle of it. */
const CORE = 16;
/** Of a link: what does not change from frame to frame. */
type Ground = Pick<PillAt, 'side' | 'avoid' | 'spare' | 'between' | 'within' | 'aside'>;

/** What is written on it: that of one, and how many there are. */
export const wordsOf = (pill: Pill, count: number): string => (count === 1 ? pill.text : `${pill.text} ×${count}`);

const widthOf = (pill: Pill, count: number): number =>
  Math.round(textWidth(wordsOf(pill, count), PILL_SIZE, 600) + PILL_PAD + (pill.protocol === 'SIP' ? 0 : 4));

/** Between two glyphs that stand beside one another. */
function roomBetween(glyphs: readonly Box[]): readonly [number, number] | undefined {
  const [left, right] = [...glyphs].sort((p, q) => p.x - q.x);
  if (left === undefined || right === undefined || Math.abs(left.y - right.y) > left.height / 2) return undefined;
  return [left.x + left.width, right.x];
}

/** Between two who stand one above the other. */
function roomBelow(ends: readonly PlacedEntity[]): readonly [number, number] | undefined {
  const [upper, lower] = [...ends].sort((p, q) => p.y - q.y);
  if (upper === undefined || lower === undefined || Math.abs(upper.x - lower.x) > upper.glyphBox.width / 2) return undefined;
  return [upper.nameBox.y + upper.nameBox.height, isMarked(lower.entity) ? lower.badgeBox.y : lower.glyphBox.y];
}

/** Places the pills of one frame after another, each beside the packet of the same number. */
export function createPills(options: PillSurroundings): (packets: readonly Packet[]) => readonly PillOfFrame[] {
  const { width, height, lift = LIFT, entities = [], texts = [] } = options;
  const names = entities.map(({ nameBox }) => nameBox);
  const marks = entities.filter(({ entity }) => isMarked(entity)).map(({ badgeBox }) => badgeBox);
  const spare = [...names, ...marks];
  const known = new Map<PlacedLink, Map<number, Ground>>();
  const groundOf = (link: PlacedLink, pillWidth: number): Ground => {
    const byWidth = known.get(link) ?? new Map<number, Ground>();
    known.set(link, byWidth);
    const found = byWidth.get(pillWidth);
    if (found !== undefined) return found;
    const avoid = entities.filter(({ entity: { id } }) => id !== link.a && id !== link.b).map(({ glyphBox }) => glyphBox);
    const ends = entities.filter(({ entity: { id } }) => id === link.a || id === link.b);
    const cores = ends.map(({ x, y }) => centredBox(x, y, CORE, CORE));
    const coveredAt = (weights: Weights): readonly Covered[] => [
      ...avoid.map((box) => ({ box, weight: weights.glyph })),
      ...cores.map((box) => ({ box, weight: weights.core })),
      ...names.map((box) => ({ box, weight: weights.name })),
      ...marks.map((box) => ({ box, weight: weights.mark })),
      ...texts.map((box) => ({ box, weight: weights.text })),
    ];
    const between = roomBetween(ends.map(({ glyphBox }) => glyphBox));
    const side = sideOf(link, coveredAt(PASSING), lift);
    const usual = { side, avoid, spare, between, within: roomBelow(ends) ?? roomBesideName(link) };
    const aside = asideOf(link, { ...usual, width: pillWidth }, coveredAt(AT_REST), { width, height, lift });
    const ground: Ground = aside === undefined ? usual : { ...usual, aside };
    byWidth.set(pillWidth, ground);
    return ground;
  };
  const counts: number[] = [];
  const drawn: PillOfFrame[] = [];
  const standing: PillAt[] = [];
  /** Which of them is the pill of each packet. */
  const standingAt: number[] = [];
  const places: PillPlace[] = [];
  return (packets) => {
    countAlike(packets, counts);
    drawn.length = packets.length;
    standing.length = 0;
    standingAt.length = 0;
    for (const [i, { pill, phase, x, y, dx, dy }] of packets.entries()) {
      const count = counts[i] ?? 1;
      const pillOfFrame = (drawn[i] ??= { count: 0, pill, width: 0, place: undefined });
      if (count > 0 && (pillOfFrame.count !== count || pillOfFrame.pill !== pill)) pillOfFrame.width = widthOf(pill, count);
      pillOfFrame.count = count;
      pillOfFrame.pill = pill;
      if (count > 0 && phase !== 'lost earlier')
        standingAt[i] = standing.push({ x, y, dx, dy, width: pillOfFrame.width, ...groundOf(pill.link, pillOfFrame.width) }) - 1;
    }
    // All together, because they give way to one another.
    placePills(standing, { width, height, lift }, places);
    for (const [i, pillOfFrame] of drawn.entries()) pillOfFrame.place = places[standingAt[i] ?? -1];
    return drawn;
  };
}
