/**
 * Chance is handed in: protocol code takes branches, tags, Call-IDs, RAND and weights from a Chance. In the simulator each
 * draw depends only on (seed, owner, purpose, ordinal), so that a fork changes only what it touches; on a live host the source is cryptographic.
 */

export interface Chance {
  /** 32 random bits as an unsigned integer. `purpose` names what it is for; draws of different purposes are independent. */
  bits(purpose: string): number;
  /** `length` characters of lower-case base 36, for branches, tags and the like. */
  token(purpose: string, length: number): string;
  bytes(purpose: string, length: number): Uint8Array;
}

/** FNV-1a over UTF-16 code units, 32 bits: only to key draws, never to protect anything. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: spreads every input bit over all output bits. */
function scatter(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 bits that depend on all four numbers: integer arithmetic only, the same in every engine. */
export function keyedBits(seed: number, owner: number, purpose: number, ordinal: number): number {
  return scatter(Math.imul(scatter(Math.imul(scatter(seed ^ 0x9e3779b9) ^ owner, 0x27d4eb2f)) ^ purpose, 0x165667b1) + Math.imul(ordinal, 0x9e3779b1));
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Two base-36 digits at a time, the lower one first: half the divisions and half the intermediate texts of a token. */
const DIGIT_PAIRS: readonly string[] = Array.from({ length: 36 * 36 }, (_, i) => (DIGITS[i % 36] as string) + (DIGITS[Math.floor(i / 36)] as string));

/** The deterministic source of one owner (an entity id, a link). Holds one ordinal per purpose. */
export function createKeyedChance(seed: number, owner: string): Chance {
  const ownerKey = hashText(owner);
  const purposes = new Map<string, { readonly key: number; next: number }>();
  const bits = (purpose: string): number => {
    let slot = purposes.get(purpose);
    if (slot === undefined) {
      slot = { key: hashText(purpose), next: 0 };
      purposes.set(purpose, slot);
    }
    return keyedBits(seed, ownerKey, slot.key, slot.next++);
  };
  return {
    bits,
    token(purpose, length) {
      let text = '';
      let pool = 0;
      for (let i = 0; i < length; i += 2) {
        // Six base-36 digits fit into 32 bits (36^6 < 2^32).
        if (i % 6 === 0) pool = bits(purpose);
        text += i + 1 < length ? DIGIT_PAIRS[pool % 1296] : DIGITS[pool % 36];
        pool = Math.floor(pool / 1296);
      }
      return text;
    },
    bytes(purpose, length) {
      const out = new Uint8Array(length);
      let pool = 0;
      for (let i = 0; i < length; i++) {
        if (i % 4 === 0) pool = bits(purpose);
        out[i] = pool & 0xff;
        pool >>>= 8;
      }
      return out;
    },
  };
}
