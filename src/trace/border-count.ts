/**
 * What of SIP crosses the border between networks, told apart by why: a subscription that begins, is refreshed or ends, with the NOTIFY that follows, or a change that is told. Requests and their answers;
 * every transmission counts, retransmissions too. What is no SIP (DNS) is counted apart.
 */
import type { Protocol } from '#base/machine.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { parseNumber } from '#protocol/sip/values.ts';
import type { EntityId } from './record.ts';
import type { Amount } from './traffic.ts';

export const BORDER_KINDS = ['initial', 'steady', 'refresh', 'sign-out'] as const;
/** `steady`: a change is told. */
export type BorderKind = (typeof BORDER_KINDS)[number];

export interface BorderCounts {
  readonly byKind: Readonly<Record<BorderKind, Amount>>;
  /** All SIP. */
  readonly sip: Amount;
  /** Everything else. */
  readonly apart: Amount;
}

interface Crossing {
  readonly from: EntityId;
  readonly to: EntityId | undefined;
  readonly protocol: Protocol;
  readonly bytes: Uint8Array;
}

type Growing = { -readonly [K in keyof Amount]: Amount[K] };
const nothing = (): Growing => ({ messages: 0, bytes: 0 });

export class BorderCounter {
  readonly #networkOf: (entity: EntityId) => string | undefined;
  readonly #byKind: Record<BorderKind, Growing> = { initial: nothing(), steady: nothing(), refresh: nothing(), 'sign-out': nothing() };
  readonly #apart = nothing();
  /** By Call-ID: the SUBSCRIBE whose NOTIFY has not come yet. */
  readonly #unanswered = new Map<string, BorderKind>();
  /** By Call-ID and CSeq. */
  readonly #kinds = new Map<string, BorderKind>();

  constructor(networkOf: (entity: EntityId) => string | undefined) {
    this.#networkOf = networkOf;
  }

  see({ from, to, protocol, bytes }: Crossing): void {
    const [one, other] = [this.#networkOf(from), to === undefined ? undefined : this.#networkOf(to)];
    if (one === undefined || other === undefined || one === other) return;
    const kind = protocol === 'SIP' ? this.#kindOf(bytes) : undefined;
    const amount = kind === undefined ? this.#apart : this.#byKind[kind];
    amount.messages++;
    amount.bytes += bytes.length;
  }

  get counts(): BorderCounts {
    const all = Object.values(this.#byKind);
    const sip = { messages: all.reduce((sum, { messages }) => sum + messages, 0), bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
    return { byKind: this.#byKind, sip, apart: this.#apart };
  }

  /** Undefined for what belongs to no subscription. */
  #kindOf(bytes: Uint8Array): BorderKind | undefined {
    const message = parseSipMessage(bytes);
    if (message.kind === 'sip-error') return undefined;
    const { headers } = message;
    const callId = headers.get('Call-ID') ?? '';
    const key = `${callId} ${headers.get('CSeq') ?? ''}`;
    if (message.kind === 'response') {
      // RFC 5839 §5.6: no NOTIFY follows.
      if (message.status === 204) this.#unanswered.delete(callId);
      return this.#kinds.get(key);
    }
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind =
      message.method === 'SUBSCRIBE'
        ? askedBy(tagOf(headers.get('To') ?? ''), parseNumber(headers.get('Expires')))
        : (this.#unanswered.get(callId) ?? 'steady');
    if (message.method === 'SUBSCRIBE') this.#unanswered.set(callId, kind);
    else if (message.method === 'NOTIFY') this.#unanswered.delete(callId);
    else return undefined;
    this.#kinds.set(key, kind);
    return kind;
  }
}

const askedBy = (toTag: string | undefined, expires: number | undefined): BorderKind =>
  toTag === undefined ? 'initial' : expires === 0 ? 'sign-out' : 'refresh';
