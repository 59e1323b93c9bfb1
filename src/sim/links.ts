/**
 * Links: how long a packet takes from one entity to another, and what may happen to it on the way.
 * A link direction is a pipe: what is sent first arrives first, jitter included, unless a datagram is held back by the link's reorder rate.
 * All draws depend only on (seed, from, to, purpose, ordinal of the packet on this direction) and use integer arithmetic.
 */
import { hashText, keyedBits } from '#base/chance.ts';
import { milliseconds, type Duration, type SimTime } from '#base/time.ts';
import type { EntityId } from './packet.ts';

/** One direction of a link. Delay is drawn evenly from `delay - jitter` to `delay + jitter`. Rates are per mille of packets, 0 to 1000. */
export interface LinkQuality {
  readonly delay: Duration;
  readonly jitter: Duration;
  /** Datagrams lost. On TCP, SCTP and WebSocket every loss becomes a retransmission timeout, i.e. delay. */
  readonly lossPerMille: number;
  /** Datagrams that arrive twice. */
  readonly duplicatePerMille: number;
  /** Datagrams held back for one to three times the delay, so that later ones may overtake them. */
  readonly reorderPerMille: number;
}

/** Which quality the direction `from` → `to` has. Asked once per direction, and again after `Kernel.setLinks`. */
export type LinkPolicy = (from: EntityId, to: EntityId) => LinkQuality;

const clean = (delay: number, jitter: number): LinkQuality => ({
  delay: milliseconds(delay),
  jitter: milliseconds(jitter),
  lossPerMille: 0,
  duplicatePerMille: 0,
  reorderPerMille: 0,
});

/**
 * One-way delays of the default network. Chosen to be typical and to differ visibly on the stage, not measured:
 * `access` radio and packet core under Gm, `core` between CSCFs of one site, `interPlmn` across an IPX, `service` to an application server (ISC),
 * `cx` to the HSS, `dns` to the name server of the same network, `self` an entity that talks to itself.
 */
export const LINK_PRESETS = {
  access: clean(25, 5),
  core: clean(4, 1),
  interPlmn: clean(18, 4),
  service: clean(4, 1),
  cx: clean(3, 1),
  dns: clean(2, 0.5),
  self: clean(0.05, 0),
} as const satisfies Record<string, LinkQuality>;

export type LinkPreset = keyof typeof LINK_PRESETS;

/** First retransmission timeout of a reliable transport; doubles with every loss (RFC 6298 allows 1 s; Linux and SCTP profiles of IMS use 200 ms). */
const RETRANSMIT_AFTER = milliseconds(200);
/** So many losses in a row and a reliable transport gives up: after 200 ms · (2^6 - 1) = 12.6 s. */
const RELIABLE_ATTEMPTS = 6;

const DELAY = hashText('delay');
const LOSS = hashText('loss');
const DUPLICATE = hashText('duplicate');
const REORDER = hashText('reorder');
const HOLD = hashText('hold');

/** What the link does with one packet; `at` is the arrival or the loss. Kept by the link and overwritten by the next packet. */
export interface Passage {
  lost: boolean;
  at: SimTime;
  duplicateAt: SimTime | undefined;
}

/** One direction between two entities, with its draws and its order. */
export class LinkDirection {
  quality: LinkQuality;
  readonly #seed: number;
  readonly #key: number;
  #ordinal = 0;
  #lastArrival = 0;
  readonly #connections = new Map<string, number>();
  readonly #passage: Passage = { lost: false, at: 0 as SimTime, duplicateAt: undefined };

  constructor(seed: number, from: EntityId, to: EntityId, quality: LinkQuality) {
    this.#seed = seed;
    this.#key = hashText(`${from}>${to}`);
    this.quality = quality;
  }

  /** The passage of a datagram, or of a packet on `connection` when one is given (then ordered, and lost only when the transport gives up). */
  carry(now: SimTime, connection: string | undefined): Passage {
    const quality = this.quality;
    const ordinal = this.#ordinal++;
    const passage = this.#passage;
    const delay = this.#delay(ordinal);
    // In order along the pipe, one microsecond apart.
    const at = Math.max(now + delay, this.#lastArrival + 1);
    passage.duplicateAt = undefined;
    passage.lost = false;
    if (connection !== undefined) {
      this.#lastArrival = at;
      passage.at = this.#reliably(ordinal, at, connection, passage);
      return passage;
    }
    if (quality.lossPerMille > 0 && this.#draw(LOSS, ordinal) % 1000 < quality.lossPerMille) {
      passage.lost = true;
      passage.at = (now + (delay >> 1)) as SimTime;
      return passage;
    }
    if (quality.reorderPerMille > 0 && this.#draw(REORDER, ordinal) % 1000 < quality.reorderPerMille) {
      // Held back: does not hold up those behind it.
      passage.at = (at + quality.delay + (this.#draw(HOLD, ordinal) % (2 * quality.delay + 1))) as SimTime;
    } else {
      this.#lastArrival = at;
      passage.at = at as SimTime;
    }
    if (quality.duplicatePerMille > 0 && this.#draw(DUPLICATE, ordinal) % 1000 < quality.duplicatePerMille) {
      passage.duplicateAt = this.copyAfter(passage.at, ordinal);
    }
    return passage;
  }

  /** When a second copy arrives that is made of a packet which arrives at `at`. */
  copyAfter(at: SimTime, ordinal = this.#ordinal): SimTime {
    return (at + 1 + (this.#draw(HOLD, ordinal ^ 0x40000000) % (this.quality.delay + 1))) as SimTime;
  }

  #reliably(ordinal: number, at: number, connection: string, passage: Passage): SimTime {
    const { lossPerMille } = this.quality;
    let arrival = at;
    if (lossPerMille > 0) {
      let attempt = 0;
      while (attempt < RELIABLE_ATTEMPTS && this.#draw(LOSS + attempt, ordinal) % 1000 < lossPerMille) {
        arrival += RETRANSMIT_AFTER << attempt;
        attempt++;
      }
      if (attempt === RELIABLE_ATTEMPTS) {
        passage.lost = true;
        return arrival as SimTime;
      }
    }
    const before = this.#connections.get(connection);
    if (before !== undefined && arrival <= before) arrival = before + 1;
    this.#connections.set(connection, arrival);
    return arrival as SimTime;
  }

  #delay(ordinal: number): number {
    const { delay, jitter } = this.quality;
    // A jitter wider than the delay does not turn time round.
    return jitter === 0 ? delay : Math.max(0, delay - jitter + (this.#draw(DELAY, ordinal) % (2 * jitter + 1)));
  }

  #draw(purpose: number, ordinal: number): number {
    return keyedBits(this.#seed, this.#key, purpose, ordinal);
  }
}
