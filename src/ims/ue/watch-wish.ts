/** What a person wants to watch, as the subscription that a UE opens for it; or why it opens none. Pure. */
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { rejected } from '#ims/node/edit.ts';
import type { Wish } from '#presence/subscription/subscriber.ts';
import type { ContentFetching, LeanWatching, ListWatching } from './abilities.ts';
import { addressOf, secondsOr, textOr } from './intent-values.ts';

/** Seconds. */
const SUBSCRIPTION_EXPIRES = 7200;

/** What the UE says of itself when it subscribes, where a person wants the address to be that of a list, documents by reference, or few NOTIFYs. */
export interface Taking {
  readonly lists: ListWatching | undefined;
  readonly content: ContentFetching | undefined;
  readonly lean: LeanWatching | undefined;
}

export const isWish = (value: Wish | Note): value is Wish => 'resource' in value;

export function watchWish(intent: Intent, from: string, knows: (event: string) => boolean, taking: Taking): Wish | Note {
  const event = textOr(intent['event'], 'presence');
  if (!knows(event)) return rejected(`This UE does not know the event package ${event}.`);
  const resource = addressOf(intent['to']);
  if (resource === undefined) return rejected('That is no address that could be watched: a SIP, tel or pres URI is needed.', 'RFC 3261 §25.1');
  const expires = intent.kind === 'fetch' ? 0 : secondsOr(intent['expires'], SUBSCRIPTION_EXPIRES);
  const watched = { package: event, resource, from, expires, ...taken(intent, taking), ...taking.lean?.wish(intent, resource) };
  return intent['refresh'] === false ? { ...watched, refresh: false } : watched;
}

function taken(intent: Intent, { lists, content }: Taking): Partial<Wish> {
  if (intent['references'] === true && content !== undefined) return { accepts: content.accepts };
  return intent['lists'] === true && lists !== undefined ? { accepts: lists.accepts, supports: lists.supports } : {};
}
