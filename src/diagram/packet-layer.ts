/**
 * What moves every frame, drawn straight into empty `<g>` elements: packets and the trails that they leave. Elements are pooled and touched only where
 * something changed; colours come from the style sheet by `data-protocol`, `data-point`, `data-answer`, `data-phase` and `data-part`.
 */
import type { RecordId } from '#trace/record.ts';
import { PILL_HEIGHT, PILL_SIZE } from './metrics.ts';
import { pillShape } from './pill-shape.ts';
import { createPills, wordsOf, type PillOfFrame, type PillSurroundings } from './pills-of-frame.ts';
import type { Frame, Packet, Pill, Trail } from './sampler.ts';

export interface PacketLayerOptions extends PillSurroundings {
  readonly onSelect: (message: RecordId) => void;
}

export interface PacketLayer {
  draw(frame: Frame): void;
  destroy(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
const POINTER = 6;
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
  count: number;
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

function createPacket(parent: SVGGElement): PacketElements {
  const group = create(parent, 'g', { 'data-part': 'packet', 'data-still': '' });
  const pointer = create(group, 'path', { 'data-part': 'pointer' });
  const pill = create(group, 'g', { 'data-part': 'pill' });
  const shape = create(pill, 'path', { 'data-part': 'shape' });
  const text = create(pill, 'text', { 'data-part': 'text', 'text-anchor': 'middle', y: String(PILL_SIZE * 0.36), 'font-size': String(PILL_SIZE) });
  const cross = create(group, 'g', { 'data-part': 'cross' });
  create(cross, 'circle', { r: '8.5' });
  create(cross, 'path', { d: CROSS });
  return { group, pill, shape, pointer, text, cross, shown: undefined, phase: '', heading: '', count: 0 };
}

function dress(elements: PacketElements, packet: Packet, { count, width }: PillOfFrame): void {
  const { pill } = packet;
  const heading = packet.phase === 'lost' ? '' : headingOf(packet);
  const isNew = elements.shown !== pill || elements.count !== count;
  const words = wordsOf(pill, count);
  if (isNew || elements.heading !== heading) {
    elements.text.textContent = heading === '‹' ? `‹ ${words}` : `${words} ${heading}`.trim();
    elements.heading = heading;
  }
  if (isNew) {
    elements.shape.setAttribute('d', pillShape(pill.protocol, width, PILL_HEIGHT));
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
export function createPacketLayer(trailGroup: SVGGElement, packetGroup: SVGGElement, options: PacketLayerOptions): PacketLayer {
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

  const pillsOf = createPills(options);
  let pills: readonly PillOfFrame[] = [];
  const dressAll = (drawn: readonly Packet[]): void => {
    pills = pillsOf(drawn);
    for (const [i, packet] of drawn.entries()) {
      const elements = (packets[i] ??= createPacket(packetGroup));
      const pill = pills[i];
      const isOneOf = pill?.count === 0;
      if (elements.group.hasAttribute('data-one-of') !== isOneOf) elements.group.toggleAttribute('data-one-of', isOneOf);
      if (pill !== undefined && !isOneOf) dress(elements, packet, pill);
    }
  };

  const drawPacket = (i: number, packet: Packet): void => {
    const elements = packets[i];
    if (elements === undefined) return;
    const at = `translate(${packet.x.toFixed(1)} ${packet.y.toFixed(1)})`;
    const place = pills[i]?.place;
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
      dressAll(frame.packets);
      for (const [i, packet] of frame.packets.entries()) drawPacket(i, packet);
      hide(trails, shownTrails, frame.trails.length, true);
      hide(trails, frame.trails.length, shownTrails, false);
      hide(packets, shownPackets, frame.packets.length, true);
      hide(packets, frame.packets.length, shownPackets, false);
      shownTrails = frame.trails.length;
      shownPackets = frame.packets.length;
    },
    destroy() {
      packetGroup.removeEventListener('click', onClick);
      trailGroup.replaceChildren();
      packetGroup.replaceChildren();
    },
  };
}
