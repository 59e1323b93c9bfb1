/**
 * A presence server's way to fewer and smaller NOTIFYs: conditional notification (RFC 5839), rates (RFC 6446), partial documents (RFC 5263). One for a server; it remembers of each
 * subscription what its watcher asked for and what it was told.
 * Entity-tags are a keyed hash of the state as this watcher is shown it (RFC 5839 §5.3 names that way), so nothing has to be kept, and none outlives the server.
 */
import { sha256Hex } from '#base/crypto.ts';
import type { Note } from '#base/note.ts';
import type { Duration, SimTime } from '#base/time.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { NotifierRefinement, NotifyOccasion, RefinedSubscription, RefinementRefusal, ShapedNotify } from '../subscription/refinement.ts';
import { PIDF_DIFF_TYPE } from './diff-document.ts';
import { tellPartially, type Told } from './partial-teller.ts';
import { agreedRates, formatRates, latestNext, leastInterval, notesOnRates, parseRates, type Rates } from './rates.ts';

export interface LeanOptions {
  /** RFC 5839. */
  readonly conditions: boolean;
  /** RFC 6446. */
  readonly rates: boolean;
  /** RFC 5263. */
  readonly partial: boolean;
}

interface Memory {
  /** Suppress-If-Match of the last SUBSCRIBE, as long as it still means something. */
  condition: string | undefined;
  rates: Rates;
  /** When NOTIFYs went out, where the rate depends on it. */
  sent: SimTime[];
  since: SimTime | undefined;
  readonly told: Told;
}

const ANY = '*';
const NOTHING: Uint8Array = new Uint8Array();

export class LeanNotifier implements NotifierRefinement {
  readonly contentTypes: readonly string[];
  readonly #options: LeanOptions;
  readonly #salt: string;
  readonly #memories = new WeakMap<object, Memory>();

  /** `salt`: of this life of the server alone. */
  constructor(options: LeanOptions, salt: string) {
    this.#options = options;
    this.contentTypes = options.partial ? [PIDF_DIFF_TYPE] : [];
    this.#salt = salt;
  }

  take(subscription: RefinedSubscription, { headers }: SipRequest): RefinementRefusal | undefined {
    const memory = this.#memoryOf(subscription);
    memory.condition = this.#options.conditions ? headers.get('Suppress-If-Match')?.trim() : undefined;
    memory.rates = this.#options.rates ? agreedRates(parseRates(headers.get('Event'))) : {};
    return undefined;
  }

  sparesAnswer(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    if (!this.#holds(subscription, body)) return undefined;
    const { condition } = this.#memoryOf(subscription);
    const reason =
      condition === ANY
        ? 'The watcher wants to hear nothing for now: no NOTIFY follows.'
        : 'The watcher names the entity-tag of the state as it is: a NOTIFY would tell nothing new, and none follows.';
    return { op: 'decided', header: 'Suppress-If-Match', reason, clause: 'RFC 5839 §6.3' };
  }

  sparesChange(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    if (!this.#holds(subscription, body)) return undefined;
    const reason = `What ${subscription.watcher} said it holds, or does not want, is all that there is to tell: no NOTIFY goes out.`;
    return { op: 'decided', reason, clause: 'RFC 5839 §6.3' };
  }

  minInterval(subscription: RefinedSubscription, usual: Duration): Duration {
    return leastInterval(this.#memoryOf(subscription).rates, usual);
  }

  dueBy(subscription: RefinedSubscription, now: SimTime): SimTime | undefined {
    const { rates, sent, since } = this.#memoryOf(subscription);
    return latestNext(rates, now, sent, since ?? now);
  }

  shape(subscription: RefinedSubscription, shown: Uint8Array | undefined, contentType: string, why: NotifyOccasion, now: SimTime): ShapedNotify {
    const memory = this.#memoryOf(subscription);
    const { rates } = memory;
    if (rates.adaptive !== undefined) memory.sent = [...memory.sent.slice(-100), now];
    memory.since ??= now;
    const headers: (readonly [string, string])[] = [];
    const notes: Note[] = [...notesOnRates(rates)];
    let body = shown;
    if (this.#options.conditions) {
      const tag = this.#tagOf(subscription, shown);
      headers.push(['SIP-ETag', tag]);
      const reason = 'Names the state that this NOTIFY tells: whoever holds it can say so, and need not be told again.';
      notes.push({ op: 'added', header: 'SIP-ETag', to: tag, reason, clause: 'RFC 5839 §6.1' });
      // RFC 5839 §6.2: while the condition holds a NOTIFY has no body.
      if (this.#holds(subscription, shown)) body = undefined;
      // Once another state was told, the named one would be news again.
      else if (memory.condition !== ANY) memory.condition = undefined;
    }
    if (contentType === PIDF_DIFF_TYPE && body !== undefined) {
      const told = tellPartially(memory.told, body, why === 'answer');
      if (told !== undefined) notes.push(told.note);
      body = told?.bytes;
    } else memory.told.document = undefined;
    return { body, contentType, headers, stateParams: subscription.state === 'terminated' ? '' : formatRates(rates), notes };
  }

  /** Whether the condition of the last SUBSCRIBE is true now. */
  #holds(subscription: RefinedSubscription, body: Uint8Array | undefined): boolean {
    const { condition } = this.#memoryOf(subscription);
    return condition !== undefined && (condition === ANY || condition === this.#tagOf(subscription, body));
  }

  #tagOf({ resource, event, contentType }: RefinedSubscription, body = NOTHING): string {
    const about = sha256Hex(`${this.#salt} ${resource} ${event} ${contentType}`);
    return sha256Hex(`${about} ${sha256Hex(body)}`).slice(0, 16);
  }

  #memoryOf(subscription: RefinedSubscription): Memory {
    let memory = this.#memories.get(subscription);
    if (memory === undefined)
      this.#memories.set(subscription, (memory = { condition: undefined, rates: {}, sent: [], since: undefined, told: { version: 0, document: undefined } }));
    return memory;
  }
}
