/**
 * Conditional notification (RFC 5839) for a list server: a watcher that holds the list as it is says so when it refreshes, and is spared the NOTIFY that would tell it all again.
 * The entity-tag names the revision of one subscription's list: documents of lists count their versions, so two that say the same differ.
 * Omitted: a condition in the first SUBSCRIBE of a dialog, whose NOTIFY always tells the list: without it the versions would have no beginning (RFC 4662 §5.2).
 */
import { sha256Hex } from '#base/crypto.ts';
import type { Note } from '#base/note.ts';
import type { Duration } from '#base/time.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { NotifierRefinement, RefinedSubscription, ShapedNotify } from '../subscription/refinement.ts';

const ANY = '*';

export class ConditionalLists implements NotifierRefinement {
  readonly judgesUnseen = true;
  readonly bodyTypes: readonly string[] = [];
  readonly contentTypes: readonly string[] = [];
  readonly #salt: string;
  readonly #revisionOf: (subscription: object) => number;
  readonly #conditions = new WeakMap<object, string | undefined>();
  readonly #serials = new WeakMap<object, number>();
  #count = 0;

  /** `salt`: of this life of the server alone. */
  constructor(salt: string, revisionOf: (subscription: object) => number) {
    this.#salt = salt;
    this.#revisionOf = revisionOf;
  }

  take(subscription: RefinedSubscription, { headers }: SipRequest): undefined {
    this.#conditions.set(subscription, headers.get('Suppress-If-Match')?.trim());
  }

  sparesAnswer(subscription: RefinedSubscription): Note | undefined {
    if (!this.#holds(subscription)) return undefined;
    const reason = 'The watcher names the entity-tag of the list as it is: a NOTIFY would tell nothing new, and none follows.';
    return { op: 'decided', header: 'Suppress-If-Match', reason, clause: 'RFC 5839 §6.3' };
  }

  sparesChange(subscription: RefinedSubscription): Note | undefined {
    if (this.#conditions.get(subscription) !== ANY) return undefined;
    return { op: 'decided', reason: `${subscription.watcher} wants to hear nothing for now: no NOTIFY goes out.`, clause: 'RFC 5839 §6.3' };
  }

  minInterval(_: RefinedSubscription, usual: Duration): Duration {
    return usual;
  }

  dueBy(): undefined {
    return undefined;
  }

  shape(subscription: RefinedSubscription, body: Uint8Array | undefined, contentType: string): ShapedNotify {
    const tag = this.#tagOf(subscription);
    const reason = 'Names the state of the list as the watcher knows it after this NOTIFY: whoever holds it can say so, and need not be told again.';
    const notes: Note[] = [{ op: 'added', header: 'SIP-ETag', to: tag, reason, clause: 'RFC 5839 §6.1' }];
    return { body, contentType, headers: [['SIP-ETag', tag]], stateParams: '', notes };
  }

  #holds(subscription: RefinedSubscription): boolean {
    const condition = this.#conditions.get(subscription);
    return condition !== undefined && (condition === ANY || condition === this.#tagOf(subscription));
  }

  #tagOf(subscription: RefinedSubscription): string {
    let serial = this.#serials.get(subscription);
    if (serial === undefined) this.#serials.set(subscription, (serial = ++this.#count));
    return sha256Hex(`${this.#salt} ${serial} ${this.#revisionOf(subscription)}`).slice(0, 16);
  }
}
