/**
 * A UE that takes lists (RFC 4662 §4.6, §5.6): it says so when it subscribes, reads what NOTIFYs tell of lists, and notices when one was lost. Handed to the UE by
 * whoever builds it: a UE that watches single people does without.
 */
import type { Note } from '#base/note.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { ViewTable } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { isListBodyError, LIST_TYPES, readListBody } from '#presence/lists/list-body.ts';
import { type KnownInstance, ListTable } from '#presence/lists/list-table.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { summaryOf } from '#presence/pidf/states.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import type { LearntOfList, ListWatching } from './abilities.ts';
import type { Notified } from './notified.ts';

const CLAUSE = 'RFC 4662 §5.6';

export class ListWatcher implements ListWatching {
  readonly accepts: readonly string[] = [PIDF_TYPE, ...LIST_TYPES.toReversed()];
  readonly supports = 'eventlist';
  readonly #tables = new Map<SubscriberSubscription, ListTable>();

  isList({ contentType }: Notified): boolean {
    return contentType !== undefined && LIST_TYPES.includes(contentType);
  }

  forget(subscription: SubscriberSubscription): void {
    this.#tables.delete(subscription);
  }

  learn({ subscription, body, contentTypeField, state }: Notified): LearntOfList {
    const read = readListBody(contentTypeField ?? '', body);
    if (isListBodyError(read)) {
      return { notes: [rejected(`The list cannot be read: ${read.reason} Nothing of it is taken.`, read.clause)], seen: [], wantsFullState: false };
    }
    const table = this.#tables.get(subscription) ?? new ListTable();
    this.#tables.set(subscription, table);
    const before = table.version;
    const outcome = table.apply(read);
    if (outcome === 'old') {
      const why = `The list says version ${read.version}, and version ${before ?? 0} is known already: nothing of it is taken.`;
      return { notes: [rejected(why, CLAUSE)], seen: [], wantsFullState: false };
    }
    const notes: Note[] = [
      decided(
        `The watcher now knows version ${read.version} of ${read.uri}: ${read.fullState ? 'the whole list' : 'what has changed of the list'}, ${countOf(read.resources.length)}.`,
        CLAUSE,
      ),
    ];
    if (outcome === 'lost') notes.push(decided('A version is missing: a NOTIFY was lost on the way. The watcher asks for the whole list anew.', CLAUSE));
    return { notes, seen: membersOf(table), wantsFullState: outcome === 'lost' && state !== 'terminated' };
  }

  table(): ViewTable {
    const rows = [...this.#tables.values()].flatMap((table) => rowsOf(table, String(table.version ?? '–')));
    return { title: 'Lists', columns: ['List', 'Version', 'Member', 'State'], rows, empty: 'No list is watched.' };
  }
}

const countOf = (resources: number): string => (resources === 1 ? 'one resource' : `${resources} resources`);

function rowsOf(table: ListTable, version: string): string[][] {
  return [...table.rows()].flatMap(({ uri, name, instances }) => {
    const member = name === undefined ? uri : `${name} (${uri})`;
    const [first] = instances;
    const row = [table.uri, version, member, first === undefined ? 'nothing is known yet' : inWords(first)];
    return [row, ...instances.flatMap((instance) => (instance.table === undefined ? [] : rowsOf(instance.table, String(instance.table.version ?? '–'))))];
  });
}

/** Every resource of the list and of the lists within it, with what is known of it in words. */
function membersOf(table: ListTable): (readonly [string, string])[] {
  return [...table.rows()].flatMap(({ uri, instances }) =>
    instances.flatMap((instance): (readonly [string, string])[] => (instance.table === undefined ? [[uri, inWords(instance)]] : membersOf(instance.table))),
  );
}

function inWords({ state, reason, document, table }: KnownInstance): string {
  if (table !== undefined) return 'a list';
  if (state === 'pending') return 'not allowed yet';
  if (state === 'terminated') return `not to be had (${reason ?? 'no reason'})`;
  if (document === undefined || mediaTypeOf(document.contentType) !== PIDF_TYPE) return 'something that is no presence document';
  const presence = parsePidf(decodeUtf8(document.bytes));
  return isPidfError(presence) ? 'something that cannot be read' : summaryOf(presence);
}
