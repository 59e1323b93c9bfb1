/** Who is told of changes of documents (RFC 5875): of which ones each has asked to be told, and what each has not been told yet. */
import type { NotifierSubscription } from '#presence/subscription/notifier.ts';
import { isWanted } from '#presence/xcap/xcap-diff.ts';
import type { DocumentChange } from '#protocol/xcap/diff.ts';
import type { StoredDocument } from './documents.ts';

interface Follower {
  readonly subscription: object;
  /** Selectors; undefined: all. */
  wanted: readonly string[] | undefined;
  readonly untold: Map<string, DocumentChange>;
}

export class Followers {
  readonly #followers = new Map<object, Follower>();

  /** A document is not what it was: those who have to hear of it. */
  changed(change: DocumentChange): readonly object[] {
    const concerned = [...this.#followers.values()].filter(({ wanted }) => isWanted(wanted, change.selector));
    for (const { untold } of concerned) {
      const before = untold.get(change.selector);
      untold.set(change.selector, before?.previousTag === undefined ? change : { ...change, previousTag: before.previousTag });
    }
    return concerned.map(({ subscription }) => subscription);
  }

  /** What one of them is told now: all that it wants, or what has changed of that. `asked`: what its SUBSCRIBE named just now. */
  tell(subscription: object, stored: ReadonlyMap<string, StoredDocument>, isWhole: boolean, asked: readonly string[] | undefined): readonly DocumentChange[] {
    const known = this.#followers.get(subscription);
    const follower = known ?? { subscription, wanted: asked, untold: new Map<string, DocumentChange>() };
    if (asked !== undefined) follower.wanted = asked;
    this.#followers.set(subscription, follower);
    const changes = [...follower.untold.values()];
    follower.untold.clear();
    if (!isWhole && known !== undefined) return changes;
    return [...stored].flatMap(([selector, { tag }]) => (isWanted(follower.wanted, selector) ? [{ selector, newTag: tag }] : []));
  }

  forget(subscription: NotifierSubscription): void {
    this.#followers.delete(subscription);
  }
}
