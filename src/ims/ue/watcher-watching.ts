/** A presentity's own look at its watchers (RFC 3857, RFC 3858): what its UE makes of the documents of presence.winfo. Omitted: several subscriptions to it at a time. */
import type { Note } from '#base/note.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { ViewTable } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { isWatcherinfoError, parseWatcherinfo, type ToldWatcher } from '#presence/winfo/document.ts';
import { KnownWatchers } from '#presence/winfo/known-watchers.ts';
import { WINFO_FACTS } from '#presence/winfo/package.ts';
import type { WatcherWatching } from './abilities.ts';
import type { Notified } from './notified.ts';

const CLAUSE = 'RFC 3858 §3';

export class OwnWatchers implements WatcherWatching {
  readonly pack = WINFO_FACTS;
  readonly #known = new KnownWatchers();

  learn({ body }: Notified): { readonly notes: readonly Note[]; readonly wantsFullState: boolean } {
    const text = decodeUtf8(body);
    if (text === '') return { notes: [], wantsFullState: false };
    const document = parseWatcherinfo(text);
    if (isWatcherinfoError(document)) return { notes: [rejected(`The watcher information cannot be read: ${document.reason}`, CLAUSE)], wantsFullState: false };
    switch (this.#known.learn(document)) {
      case 'gap':
        return {
          notes: [decided(`Version ${document.version} does not follow what is known: a document was lost, and all watchers are asked for.`, CLAUSE)],
          wantsFullState: true,
        };
      case 'old':
        return { notes: [decided(`Version ${document.version} is older than what is known: it tells nothing.`, CLAUSE)], wantsFullState: false };
      case 'fine': {
        const told = document.lists.flatMap(({ watchers }) => watchers);
        const words = told.length === 0 ? 'nobody' : told.map(({ uri, status, event }) => `${uri} (${status}, because of ${event})`).join(', ');
        return {
          notes: [decided(`${document.state === 'full' ? 'These watch' : 'This has changed among the watchers'}: ${words}.`, CLAUSE)],
          wantsFullState: false,
        };
      }
    }
  }

  undecided(): readonly string[] {
    const waiting = this.#known.all().filter(({ status }) => status === 'pending' || status === 'waiting');
    return [...new Set(waiting.map(({ uri }) => uri))];
  }

  forget(subscription: SubscriberSubscription): void {
    if (subscription.package.name === this.pack.name) this.#known.forget();
  }

  table(): ViewTable | undefined {
    if (!this.#known.wasTold) return undefined;
    return {
      title: 'Who watches this user',
      columns: ['Watcher', 'State', 'Because of'],
      rows: this.#known.all().map(({ uri, status, event }: ToldWatcher) => [uri, status, event]),
      empty: 'Nobody, as far as is known here.',
    };
  }
}
