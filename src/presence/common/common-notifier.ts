/**
 * The presence server's side of common NOTIFYs (common-notify.ts): of all dialogs of one network to one presentity, a change goes out on the oldest alone. Only watchers who may see everything are in a
 * group: what one of them is shown all of them are. Answers to SUBSCRIBEs stay what they are, one for each watcher.
 * Leaves out: what to do when the one NOTIFY is lost. The next refresh of each watcher mends it.
 */
import { sha256Hex } from '#base/crypto.ts';
import type { Note } from '#base/note.ts';
import type { Duration } from '#base/time.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { NotifierRefinement, NotifyOccasion, RefinedSubscription, ShapedNotify } from '../subscription/refinement.ts';
import { formatMark, parseTellsOn } from './common-notify.ts';

interface Group {
  readonly id: string;
  readonly distributor: string;
  /** The document that was told for all last. */
  told: string | undefined;
}

export class CommonNotifier implements NotifierRefinement {
  readonly bodyTypes: readonly string[] = [];
  readonly contentTypes: readonly string[] = [];
  readonly #salt: string;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new WeakMap<object, Group>();

  /** `salt`: of this life of the server alone. */
  constructor(salt: string) {
    this.#salt = salt;
  }

  take(subscription: RefinedSubscription, { headers }: SipRequest): undefined {
    const distributor = parseTellsOn(headers.get('Event'));
    if (distributor === undefined || this.#groupOf.has(subscription)) return undefined;
    const key = `${subscription.resource} ${distributor}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { id: sha256Hex(`${this.#salt} ${key}`).slice(0, 16), distributor, told: undefined }));
    this.#groupOf.set(subscription, group);
    return undefined;
  }

  sparesAnswer(): undefined {
    return undefined;
  }

  sparesChange(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined {
    const group = this.#groupOf.get(subscription);
    if (group?.told === undefined || body === undefined || group.told !== decodeUtf8(body)) return undefined;
    return {
      op: 'decided',
      reason: `${group.distributor} has been told already, and tells ${subscription.watcher}: an experiment, no standard.`,
    };
  }

  minInterval(_: RefinedSubscription, usual: Duration): Duration {
    return usual;
  }

  dueBy(): undefined {
    return undefined;
  }

  shape(subscription: RefinedSubscription, body: Uint8Array | undefined, contentType: string, why: NotifyOccasion): ShapedNotify {
    const group = subscription.access === 'full' && subscription.state === 'active' ? this.#groupOf.get(subscription) : undefined;
    if (group === undefined) return { body, contentType, headers: [], stateParams: '', notes: [] };
    const isForAll = body !== undefined && (why === 'change' || why === 'rate');
    if (isForAll) group.told = decodeUtf8(body);
    const mark = formatMark({ group: group.id, isForAll });
    const reason = isForAll
      ? `One NOTIFY for everybody of whom ${group.distributor} asks here: it tells them. An experiment, no standard.`
      : `This watcher is one of those whom ${group.distributor} tells. An experiment, no standard.`;
    return { body, contentType, headers: [], stateParams: mark, notes: [{ op: 'added', header: 'Subscription-State', to: mark.slice(1), reason }] };
  }
}
