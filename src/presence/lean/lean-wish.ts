/** What a watcher's SUBSCRIBEs ask for so that NOTIFYs are fewer: the entity-tag of the state that it holds (RFC 5839 §5), rates (RFC 6446). */
import type { Note } from '#base/note.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { SubscribeAddition, WishRefinement } from '../subscription/refinement.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { FILTER_TYPE } from './filter-set.ts';
import { formatRates, type Rates } from './rates.ts';

/** The state that is held of a resource, over all subscriptions to it. */
export interface HeldState {
  tag: string | undefined;
}

/** Which condition the next SUBSCRIBEs carry: the tag of what is held, `*` (nothing at all, please), none, or some other text. */
export type Condition = { readonly kind: 'held' | 'any' | 'none' } | { readonly kind: 'text'; readonly text: string };

export class LeanWish implements WishRefinement {
  readonly #held: HeldState;
  condition: Condition;
  rates: Rates;
  /** The filter set that was wanted last, and whether it is still to be said in this dialog. */
  #filter: string | undefined;
  #isUnsaid = false;

  constructor(held: HeldState, condition: Condition, rates: Rates) {
    this.#held = held;
    this.condition = condition;
    this.rates = rates;
  }

  /** Wants to be told by this filter set from the next SUBSCRIBE on. */
  want(filter: string): void {
    this.#filter = filter;
    this.#isUnsaid = true;
  }

  ask(isOpening: boolean): SubscribeAddition {
    const headers: (readonly [string, string])[] = [];
    const notes: Note[] = [];
    const tag = this.#suppressed();
    if (tag !== undefined) {
      headers.push(['Suppress-If-Match', tag]);
      const reason =
        tag === '*'
          ? 'Nothing is wanted for now: the subscription stays, and is silent.'
          : 'The state of this entity-tag is held already: if it is still so, nothing needs to be told.';
      notes.push({ op: 'added', header: 'Suppress-If-Match', to: tag, reason, clause: 'RFC 5839 §5.2' });
    }
    const eventParams = formatRates(this.rates);
    if (eventParams !== '')
      notes.push({ op: 'added', header: 'Event', to: eventParams.slice(1), reason: 'How often the watcher wants to be told.', clause: 'RFC 6446 §9.2' });
    // RFC 4660 §3.3.3: in its dialog a filter stays until it is changed.
    const filter = isOpening || this.#isUnsaid ? this.#filter : undefined;
    this.#isUnsaid = false;
    if (filter === undefined) return { eventParams, headers, notes };
    headers.push(['Content-Type', FILTER_TYPE]);
    notes.push({ op: 'added', header: 'Content-Type', to: FILTER_TYPE, reason: 'What of the state is wanted, and when.', clause: 'RFC 4660 §3.3.3' });
    return { eventParams, headers, notes, body: encodeUtf8(filter) };
  }

  heard({ headers, body }: SipRequest): void {
    const tag = headers.get('SIP-ETag')?.trim();
    // A NOTIFY without a body names a state that need not be the one that is held here.
    if (tag !== undefined && body.length > 0) this.#held.tag = tag;
  }

  #suppressed(): string | undefined {
    const { condition } = this;
    switch (condition.kind) {
      case 'held':
        return this.#held.tag;
      case 'any':
        return '*';
      case 'none':
        return undefined;
      case 'text':
        // Once only.
        this.condition = { kind: 'held' };
        return condition.text;
    }
  }
}
