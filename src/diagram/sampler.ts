/**
 * Animation is sampling: what moves on the stage at simulated time t is a pure function of (trace, layout, t), so that pause, step back, scrubbing
 * and slow motion are only other values of t.
 */
import type { Protocol } from '#base/machine.ts';
import type { EntityId, MessageRecord, Trace } from '#trace/record.ts';
import { clamp, pointAlong, textWidth } from './geometry.ts';
import { routeKey, type Layout, type PlacedLink } from './layout-types.ts';
import { indexMessages, isAnswer, pillText, type MessageIndex } from './message-index.ts';
import { PILL_PAD, PILL_SIZE } from './metrics.ts';
import { distanceOn } from './route-links.ts';

/** A lost message gets this far. */
export const LOST_AT = 0.5;
/** So many steps leave a trail. */
export const TRAIL_STEPS = 6;
/** A loss stays marked for so many steps. */
const LOSS_STEPS = 3;
/** More packets at once are a crowd, not a picture. */
const MOST_PACKETS = 48;
const TRAIL_OPACITY = [0.75, 0.42, 0.3, 0.2, 0.13, 0.08];

/** What never changes about a message on the stage. */
export interface Pill {
  readonly message: MessageRecord;
  readonly text: string;
  readonly protocol: Protocol;
  readonly answer: boolean;
  readonly link: PlacedLink;
}

/** The objects in a frame are used again for the next one: read them, do not keep them. */
export interface Packet {
  pill: Pill;
  /** Position on the path, and where it is going. */
  x: number;
  y: number;
  dx: number;
  dy: number;
  /** 0 at the sender's glyph, 1 at the receiver's. */
  share: number;
  /** `lost`: it stopped, and is crossed out; once the next step has begun only the cross stays (`lost earlier`). */
  phase: 'travelling' | 'arrived' | 'lost' | 'lost earlier';
}

export interface Trail {
  pill: Pill;
  /** The part of the link that has been travelled, in world units along its path. */
  from: number;
  to: number;
  opacity: number;
}

export interface Frame {
  readonly t: number;
  readonly packets: readonly Packet[];
  readonly trails: readonly Trail[];
  /** Sender and receiver of the latest message; empty where a chapter begins. */
  readonly active: readonly EntityId[];
  /** Number of the latest message in the order (sentAt, id), -1 before all. */
  readonly latest: number;
}

export interface Sampler {
  /** The frame at simulated time `t` (microseconds). It is valid until the next call. */
  at(t: number): Frame;
}

/** Samples one trace on one layout; what is not shown leaves neither packet nor trail. Costs a few microseconds per frame, and allocates only when a message is first seen. */
export function createSampler(trace: Trace, layout: Pick<Layout, 'linkByEnds'>, isShown: (message: MessageRecord) => boolean = () => true): Sampler {
  const index: MessageIndex = indexMessages(trace);
  const chapterStarts = trace.chapters.map((chapter) => chapter.at).sort((a, b) => a - b);
  const pills = new Map<number, Pill | undefined>();
  const packetPool: Packet[] = [];
  const trailPool: Trail[] = [];
  const packets: Packet[] = [];
  const trails: Trail[] = [];
  const active: EntityId[] = [];
  const ahead = { x: 0, y: 0 };
  const frame = { t: 0, packets, trails, active, latest: -1 };

  const pillOf = (i: number): Pill | undefined => {
    if (pills.has(i)) return pills.get(i);
    const message = index.messages[i];
    const link = message === undefined ? undefined : layout.linkByEnds.get(routeKey(message.from, message.to));
    const pill =
      message === undefined || link === undefined || !isShown(message)
        ? undefined
        : { message, text: fitPill(pillText(message), link), protocol: message.protocol, answer: isAnswer(message), link };
    if (pills.size > 2000) pills.clear();
    pills.set(i, pill);
    return pill;
  };

  const addPacket = (pill: Pill, share: number, phase: Packet['phase']): void => {
    const packet = (packetPool[packets.length] ??= { pill, x: 0, y: 0, dx: 1, dy: 0, share: 0, phase });
    const distance = distanceOn(pill.link, pill.message.from, share);
    pointAlong(pill.link.path, distance, packet);
    const onwards = pill.message.from === pill.link.a ? 4 : -4;
    pointAlong(pill.link.path, distance + onwards, ahead);
    let [dx, dy] = [ahead.x - packet.x, ahead.y - packet.y];
    if (dx === 0 && dy === 0) {
      pointAlong(pill.link.path, distance - onwards, ahead);
      [dx, dy] = [packet.x - ahead.x, packet.y - ahead.y];
    }
    packet.pill = pill;
    packet.dx = dx;
    packet.dy = dy;
    packet.share = share;
    packet.phase = phase;
    packets.push(packet);
  };

  const shareAt = (message: MessageRecord, end: number, t: number): number => {
    const until = end === Infinity ? Math.max(trace.until, message.sentAt) : end;
    const part = until > message.sentAt ? clamp((t - message.sentAt) / (until - message.sentAt), 0, 1) : 1;
    return message.lostAt !== undefined || end === Infinity ? part * LOST_AT : part;
  };

  const addTravelling = (i: number): void => {
    const pill = pillOf(i);
    if (pill !== undefined) addPacket(pill, shareAt(pill.message, index.ends[i] ?? 0, frame.t), 'travelling');
  };

  const at = (t: number): Frame => {
    frame.t = t;
    packets.length = 0;
    trails.length = 0;
    active.length = 0;
    const latest = index.lastSent(t);
    frame.latest = latest;
    let since = -Infinity;
    for (const start of chapterStarts) if (start <= t) since = start;

    index.travelling(t, MOST_PACKETS, addTravelling);
    for (let age = 0; age < TRAIL_STEPS; age++) {
      if (latest - age < 0 || (index.messages[latest - age]?.sentAt ?? -Infinity) < since) break;
      const pill = pillOf(latest - age);
      if (pill === undefined) continue;
      const { message, link } = pill;
      const end = index.ends[latest - age] ?? 0;
      const share = shareAt(message, end, t);
      if (age === 0) active.push(message.from, message.to);
      if (end <= t && message.lostAt !== undefined && age < LOSS_STEPS) addPacket(pill, LOST_AT, age === 0 ? 'lost' : 'lost earlier');
      else if (end <= t && age === 0 && packets.length === 0) addPacket(pill, 1, 'arrived');
      const begin = distanceOn(link, message.from, 0);
      const reached = distanceOn(link, message.from, share);
      const trail = (trailPool[trails.length] ??= { pill, from: 0, to: 0, opacity: 0 });
      trail.pill = pill;
      trail.from = Math.min(begin, reached);
      trail.to = Math.max(begin, reached);
      trail.opacity = TRAIL_OPACITY[age] ?? 0;
      trails.push(trail);
    }
    return frame;
  };
  return { at };
}

/** Beyond the ends of its way a pill may reach a little; an answer that would cover who stands there says its code alone. */
const OVERHANG = 26;

function fitPill(text: string, { from, to }: PlacedLink): string {
  const code = /^\d{3}(?= )/.exec(text)?.[0];
  return code !== undefined && textWidth(text, PILL_SIZE, 600) + PILL_PAD > to - from + OVERHANG ? code : text;
}
