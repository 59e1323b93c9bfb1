/**
 * What moves every frame, drawn straight into empty `<g>` elements: packets and the trails that they leave. Elements are pooled and touched only where
 * something changed; colours come from the style sheet by `data-protocol`, `data-point`, `data-answer`, `data-phase` and `data-part`.
 */
import type { RecordId } from '#trace/record.ts';
import { countAlike } from './alike.ts';
import { centredBox, textWidth, type Box } from './geometry.ts';
import type { PlacedEntity, PlacedLink } from './layout-types.ts';
import { PILL_HEIGHT, PILL_PAD, PILL_SIZE } from './metrics.ts';
import { placePills, roomBesideName, sideOf, type Covered, type PillAt, type PillPlace } from './place-pills.ts';
import { isMarked } from './place-entities.ts';
import { pillShape } from './pill-shape.ts';
import type { Frame, Packet, Pill, Trail } from './sampler.ts';

export interface PacketLayerOptions {
  /** Size of the world: packets stay inside. */
  readonly width: number;
  readonly height: number;
  /** How far packets float above their way; the usual distance when left out. */
  readonly lift?: number;
  /** Who stands where: packets cover no glyph of those whom they do not visit, and had better cover no names and marks. */
  readonly entities?: readonly PlacedEntity[];
  /** Names of links and halos, which packets had better not cover either. */
  readonly texts?: readonly Box[];
  readonly onSelect: (message: RecordId) => void;
}

export interface PacketLayer {
  draw(frame: Frame): void;
  update(options: PacketLayerOptions): void;
  destroy(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
/** The pill floats above its place on the link and points at it. */
const LIFT = 21;
const POINTER = 6;
/** Of a name that a packet covers, beside one of an entity. */
const TEXT_WEIGHT = 0.3;
/** What tells one glyph from another stands in the middle of it. */
const CORE = 16;
/** Of a link: what does not change from frame to frame. */
type Ground = Pick<PillAt, 'side' | 'avoid' | 'between' | 'within'>;
const CROSS = 'M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5';

function create<K extends keyof SVGElementTagNameMap>(parent: SVGElement, name: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

interface PacketElements {
  readonly group: SVGGElement;
  readonly pill: SVGGElement;
  readonly shape: SVGPathElement;
  readonly pointer: SVGPathElement;
  readonly text: SVGTextElement;
  readonly cross: SVGGElement;
  shown: Pill | undefined;
  phase: string;
  heading: string;
  /** How many it stands for: alike, on one way, side by side. */
  count: number;
  width: number;
}

interface TrailElement {
  readonly path: SVGPathElement;
  shown: Pill | undefined;
  from: number;
  to: number;
  opacity: number;
}

/** Which way it goes, as a mark on its text. */
function headingOf(packet: Packet): string {
  if (Math.abs(packet.dx) * 1.2 >= Math.abs(packet.dy)) return packet.dx >= 0 ? '›' : '‹';
  return packet.dy > 0 ? '↓' : '↑';
}

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

function createPacket(parent: SVGGElement): PacketElements {
  const group = create(parent, 'g', { 'data-part': 'packet', 'data-still': '' });
  const pointer = create(group, 'path', { 'data-part': 'pointer' });
  const pill = create(group, 'g', { 'data-part': 'pill' });
  const shape = create(pill, 'path', { 'data-part': 'shape' });
  const text = create(pill, 'text', { 'data-part': 'text', 'text-anchor': 'middle', y: String(PILL_SIZE * 0.36), 'font-size': String(PILL_SIZE) });
  const cross = create(group, 'g', { 'data-part': 'cross' });
  create(cross, 'circle', { r: '8.5' });
  create(cross, 'path', { d: CROSS });
  return { group, pill, shape, pointer, text, cross, shown: undefined, phase: '', heading: '', count: 0, width: 0 };
}

function dress(elements: PacketElements, packet: Packet, count: number): void {
  const { pill } = packet;
  const heading = packet.phase === 'lost' ? '' : headingOf(packet);
  const isNew = elements.shown !== pill || elements.count !== count;
  const words = count === 1 ? pill.text : `${pill.text} ×${count}`;
  if (isNew || elements.heading !== heading) {
    elements.text.textContent = heading === '‹' ? `‹ ${words}` : `${words} ${heading}`.trim();
    elements.heading = heading;
  }
  if (isNew) {
    elements.width = Math.round(textWidth(words, PILL_SIZE, 600) + PILL_PAD + (pill.protocol === 'SIP' ? 0 : 4));
    elements.shape.setAttribute('d', pillShape(pill.protocol, elements.width, PILL_HEIGHT));
    elements.group.dataset['protocol'] = pill.protocol;
    elements.group.dataset['point'] = pill.link.referencePoint;
    elements.group.dataset['answer'] = String(pill.answer);
    elements.group.dataset['message'] = String(pill.message.id);
    elements.shown = pill;
    elements.count = count;
  }
  if (elements.phase !== packet.phase) {
    elements.group.dataset['phase'] = packet.phase;
    elements.phase = packet.phase;
  }
}

/** Draws frames into two groups (trails lie under the entities, packets above), which must be empty and stay untouched by others. */
export function createPacketLayer(trailGroup: SVGGElement, packetGroup: SVGGElement, initial: PacketLayerOptions): PacketLayer {
  let options = initial;
  const trails: TrailElement[] = [];
  const packets: PacketElements[] = [];
  let shownTrails = 0;
  let shownPackets = 0;

  const drawTrail = (i: number, trail: Trail): void => {
    const element = (trails[i] ??= { path: create(trailGroup, 'path', { 'data-part': 'trail' }), shown: undefined, from: -1, to: -1, opacity: -1 });
    if (element.shown !== trail.pill) {
      element.path.setAttribute('d', trail.pill.link.path.d);
      element.path.dataset['protocol'] = trail.pill.protocol;
      element.path.dataset['point'] = trail.pill.link.referencePoint;
      element.path.dataset['answer'] = String(trail.pill.answer);
      element.shown = trail.pill;
      element.from = -1;
    }
    if (element.from !== trail.from || element.to !== trail.to) {
      element.path.setAttribute('stroke-dasharray', `${(trail.to - trail.from).toFixed(1)} 9999`);
      element.path.setAttribute('stroke-dashoffset', (-trail.from).toFixed(1));
      element.from = trail.from;
      element.to = trail.to;
    }
    if (element.opacity !== trail.opacity) {
      element.path.setAttribute('opacity', String(trail.opacity));
      element.opacity = trail.opacity;
    }
  };

  const places: PillPlace[] = [];
  const pills: PillAt[] = [];
  const known = new Map<PlacedLink, Ground>();
  const groundOf = (link: PlacedLink): Ground => {
    const found = known.get(link);
    if (found !== undefined) return found;
    const entities = options.entities ?? [];
    const avoid = entities.filter(({ entity: { id } }) => id !== link.a && id !== link.b).map(({ glyphBox }) => glyphBox);
    const covered = [
      ...avoid.map((box): Covered => ({ box, weight: 3 })),
      ...entities
        .filter(({ entity: { id } }) => id === link.a || id === link.b)
        .map(({ x, y }): Covered => ({ box: centredBox(x, y, CORE, CORE), weight: 0.8 })),
      ...entities.map(({ nameBox }): Covered => ({ box: nameBox, weight: 1 })),
      ...entities.filter(({ entity }) => isMarked(entity)).map(({ badgeBox }): Covered => ({ box: badgeBox, weight: 1 })),
      ...(options.texts ?? []).map((box): Covered => ({ box, weight: TEXT_WEIGHT })),
    ];
    const ends = entities.filter(({ entity: { id } }) => id === link.a || id === link.b);
    const between = roomBetween(ends.map(({ glyphBox }) => glyphBox));
    const ground: Ground = { side: sideOf(link, covered, options.lift ?? LIFT), avoid, between, within: roomBelow(ends) ?? roomBesideName(link) };
    known.set(link, ground);
    return ground;
  };
  const placed: number[] = [];
  /** How many packets each stands for; 0 for one that another stands for. */
  const counts: number[] = [];

  /** Pills first, because they give way to one another; of what was lost earlier only a cross is left. */
  const placeAll = (drawn: readonly Packet[]): void => {
    pills.length = 0;
    placed.length = 0;
    countAlike(drawn, counts);
    for (const [i, packet] of drawn.entries()) {
      const elements = (packets[i] ??= createPacket(packetGroup));
      const count = counts[i] ?? 1;
      const isOneOf = count === 0;
      if (elements.group.hasAttribute('data-one-of') !== isOneOf) elements.group.toggleAttribute('data-one-of', isOneOf);
      if (isOneOf) continue;
      dress(elements, packet, count);
      if (packet.phase === 'lost earlier') continue;
      const { x, y, dx, dy } = packet;
      placed[i] = pills.push({ x, y, dx, dy, width: elements.width, ...groundOf(packet.pill.link) }) - 1;
    }
    placePills(pills, { width: options.width, height: options.height, lift: options.lift ?? LIFT }, places);
  };

  const drawPacket = (i: number, packet: Packet): void => {
    const elements = packets[i];
    if (elements === undefined) return;
    const at = `translate(${packet.x.toFixed(1)} ${packet.y.toFixed(1)})`;
    const place = packet.phase === 'lost earlier' ? undefined : places[placed[i] ?? -1];
    if (place !== undefined) {
      elements.pill.setAttribute('transform', `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`);
      elements.pointer.setAttribute('transform', at);
    }
    // From the edge of the pill to its place on the way, up or down.
    const side = (place?.y ?? 0) < packet.y ? 1 : -1;
    const base = (place?.y ?? 0) - packet.y + side * (PILL_HEIGHT / 2 - 0.5);
    elements.pointer.setAttribute('d', place?.points === true ? `M-${POINTER} ${base.toFixed(1)}H${POINTER}L0 ${-1.5 * side}Z` : '');
    if (packet.phase !== 'travelling') elements.cross.setAttribute('transform', at);
  };

  const hide = (list: readonly { readonly path?: SVGElement; readonly group?: SVGElement }[], from: number, to: number, visible: boolean): void => {
    for (let i = from; i < to; i++) {
      const element = list[i]?.path ?? list[i]?.group;
      if (visible) element?.removeAttribute('display');
      else element?.setAttribute('display', 'none');
    }
  };

  const onClick = (event: Event): void => {
    const packet = event.target instanceof Element ? event.target.closest<SVGGElement>('[data-message]') : undefined;
    const message = Number(packet?.dataset['message']);
    if (message > 0) options.onSelect(message);
  };
  packetGroup.addEventListener('click', onClick);

  return {
    draw(frame) {
      for (const [i, trail] of frame.trails.entries()) drawTrail(i, trail);
      placeAll(frame.packets);
      for (const [i, packet] of frame.packets.entries()) drawPacket(i, packet);
      hide(trails, shownTrails, frame.trails.length, true);
      hide(trails, frame.trails.length, shownTrails, false);
      hide(packets, shownPackets, frame.packets.length, true);
      hide(packets, frame.packets.length, shownPackets, false);
      shownTrails = frame.trails.length;
      shownPackets = frame.packets.length;
    },
    update(next) {
      options = next;
    },
    destroy() {
      packetGroup.removeEventListener('click', onClick);
      trailGroup.replaceChildren();
      packetGroup.replaceChildren();
    },
  };
}
