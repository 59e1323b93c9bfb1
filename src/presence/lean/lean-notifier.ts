/**
 * A presence server's way to fewer and smaller NOTIFYs: conditional notification (RFC 5839), rates (RFC 6446), partial documents (RFC 5263), filters (RFC 4660). One for a server; it remembers of each
 * subscription what its watcher asked for and what it was told.
 * Entity-tags are a keyed hash of the state as this watcher is shown it (RFC 5839 §5.3 names that way), so nothing has to be kept, and none outlives the server.
 * Deviation: a partial NOTIFY may go out while the one before has no answer yet (RFC 5263 §4.4 forbids it); a watcher that takes them out of order asks for the whole.
 */
import { sha256Hex } from '#base/crypto.ts';
import type { Note } from '#base/note.ts';
import type { Duration, SimTime } from '#base/time.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { NotifierRefinement, NotifyOccasion, RefinedSubscription, RefinementRefusal, ShapedNotify } from '../subscription/refinement.ts';
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { decodeUtf8, decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { formatPidf, isPidfError, pidfOf } from '../pidf/xml.ts';
import { changeFilters, FILTER_TYPE, type Filters } from './filter-set.ts';
import { filtered, filtersFor, isTriggered } from './filter-use.ts';
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
  /** RFC 4660. */
  readonly filters: boolean;
}

interface Memory {
  /** Suppress-If-Match of the last SUBSCRIBE, as long as it still means something. */
  condition: string | undefined;
  rates: Rates;
  /** Its last SUBSCRIBE named some. */
  mayChangeRates: boolean;
  /** When NOTIFYs went out, where the rate depends on it. */
  sent: SimTime[];
  since: SimTime | undefined;
  readonly told: Told;
  filters: Filters;
  /** What was told last, before the filters were applied to it and after. */
  raw: XmlElement | undefined;
  let: string | undefined;
}

const NO_FILTERS: Filters = new Map();

function elementOf(body: Uint8Array): XmlElement | undefined {
  const root = readXml(decodeUtf8(body));
  return isXmlError(root) ? undefined : root;
}

const ANY = '*';
const NOTHING: Uint8Array = new Uint8Array();

export class LeanNotifier implements NotifierRefinement {
  readonly contentTypes: readonly string[];
  readonly bodyTypes: readonly string[];
  readonly #options: LeanOptions;
  readonly #salt: string;
  readonly #memories = new WeakMap<object, Memory>();

  /** `salt`: of this life of the server alone. */
  constructor(options: LeanOptions, salt: string) {
    this.#options = options;
    this.contentTypes = options.partial ? [PIDF_DIFF_TYPE] : [];
    this.bodyTypes = options.filters ? [FILTER_TYPE] : [];
    this.#salt = salt;
  }

  take(subscription: RefinedSubscription, { headers, body }: SipRequest): RefinementRefusal | undefined {
    const memory = this.#memoryOf(subscription);
    if (this.#options.filters && body.length > 0) {
      const text = decodeUtf8Strictly(body);
      const filters = text === undefined ? 'The filter is not UTF-8.' : changeFilters(memory.filters, text);
      // RFC 4660 §3.3.4, §5.4: the type is known, and what it says is not; nothing of it is taken.
      if (typeof filters === 'string') return { status: 488, note: { reason: `The filter is refused: ${filters}`, clause: 'RFC 4660 §5.4' } };
      memory.filters = filters;
    }
    memory.condition = this.#options.conditions ? headers.get('Suppress-If-Match')?.trim() : undefined;
    memory.rates = this.#options.rates ? agreedRates(parseRates(headers.get('Event'))) : {};
    memory.mayChangeRates = formatRates(memory.rates) !== '';
    return undefined;
  }

  /** RFC 6446 §4.1, §9.3: who has asked for rates in its SUBSCRIBE may change them in the Event of a 2xx to a NOTIFY; without Event nothing is said. */
  heard(subscription: RefinedSubscription, { headers }: SipResponse): Note | undefined {
    const event = headers.get('Event');
    const memory = this.#memoryOf(subscription);
    if (event === undefined || !memory.mayChangeRates) return undefined;
    const rates = agreedRates(parseRates(event));
    if (formatRates(rates) === formatRates(memory.rates)) return undefined;
    memory.rates = rates;
    const reason = `The answer to the NOTIFY asks for other rates: ${formatRates(rates).slice(1) || 'none'}.`;
    return { op: 'decided', header: 'Event', reason, clause: 'RFC 6446 §9.3' };
  }

  sparesAnswer(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    if (!this.#holds(subscription, this.#letThrough(subscription, body))) return undefined;
    const { condition } = this.#memoryOf(subscription);
    const reason =
      condition === ANY
        ? 'The watcher wants to hear nothing for now: no NOTIFY follows.'
        : 'The watcher names the entity-tag of the state as it is: a NOTIFY would tell nothing new, and none follows.';
    return { op: 'decided', header: 'Suppress-If-Match', reason, clause: 'RFC 5839 §6.3' };
  }

  sparesChange(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    const untold = this.#sparedByFilter(subscription, body);
    if (untold !== undefined) return untold;
    if (!this.#holds(subscription, this.#letThrough(subscription, body))) return undefined;
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
    const through = this.#letThrough(subscription, shown);
    if (shown !== undefined && memory.filters.size > 0) {
      memory.raw = elementOf(shown);
      memory.let = through === undefined ? '' : decodeUtf8(through);
      const reason = `The filters of the watcher (${[...memory.filters.keys()].join(', ')}) say what of the state is told.`;
      notes.push({ op: 'decided', reason, clause: 'RFC 4660 §5.3.1' });
    }
    let body = through;
    if (this.#options.conditions) {
      const tag = this.#tagOf(subscription, through);
      headers.push(['SIP-ETag', tag]);
      const reason = 'Names the state that this NOTIFY tells: whoever holds it can say so, and need not be told again.';
      notes.push({ op: 'added', header: 'SIP-ETag', to: tag, reason, clause: 'RFC 5839 §6.1' });
      // RFC 5839 §6.2: while the condition holds a NOTIFY has no body.
      if (this.#holds(subscription, through)) body = undefined;
      // Once another state was told, the named one would be news again.
      else if (memory.condition !== ANY) memory.condition = undefined;
    }
    if (contentType === PIDF_DIFF_TYPE && body !== undefined) {
      const told = tellPartially(memory.told, body, why === 'answer' || why === 'missed' ? why : undefined);
      if (told !== undefined) notes.push(told.note);
      body = told?.bytes;
    } else memory.told.document = undefined;
    return { body, contentType, headers, stateParams: subscription.state === 'terminated' ? '' : formatRates(rates), notes };
  }

  /** What the filters let through of a document. */
  #letThrough(subscription: RefinedSubscription, body: Uint8Array | undefined): Uint8Array | undefined {
    const { filters } = this.#memoryOf(subscription);
    const used = body === undefined || filters.size === 0 ? [] : filtersFor(filters, subscription.resource);
    const document = used.length === 0 || body === undefined ? undefined : elementOf(body);
    if (document === undefined) return body;
    const presence = filtered(document, used);
    const told = pidfOf(presence);
    // RFC 4660 §5.3.1: nothing left, nothing told.
    return presence.children.length === 0 || isPidfError(told) ? undefined : encodeUtf8(formatPidf(told));
  }

  /** Why a change is none that the filters of the watcher would tell. */
  #sparedByFilter(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    const memory = this.#memoryOf(subscription);
    const used = memory.filters.size === 0 ? [] : filtersFor(memory.filters, subscription.resource);
    const document = body === undefined || used.length === 0 ? undefined : elementOf(body);
    if (document === undefined || memory.raw === undefined) return undefined;
    const untold = (reason: string, clause: string): Note => ({ op: 'decided', reason: `${reason}: ${subscription.watcher} hears nothing.`, clause });
    if (!isTriggered(memory.raw, document, used)) return untold('That is no change that the filter waits for', 'RFC 4660 §5.3.2');
    const through = this.#letThrough(subscription, body);
    const isSame =
      used.some(({ include, exclude }) => include.length + exclude.length > 0) && (through === undefined ? '' : decodeUtf8(through)) === memory.let;
    return isSame ? untold('Nothing has changed of what the filter lets through', 'RFC 4660 §5.3') : undefined;
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
      this.#memories.set(
        subscription,
        (memory = {
          condition: undefined,
          rates: {},
          mayChangeRates: false,
          sent: [],
          since: undefined,
          told: { version: 0, document: undefined },
          filters: NO_FILTERS,
          raw: undefined,
          let: undefined,
        }),
      );
    return memory;
  }
}
