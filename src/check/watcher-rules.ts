/** Watcher information as it is told (RFC 3857, RFC 3858): versions without gaps, and watchers that only go where the state machine lets them. */
import { decodeUtf8 } from '#base/utf8.ts';
import { isWatcherinfoError, parseWatcherinfo, type WatcherDocument, WATCHERINFO_TYPE } from '#presence/winfo/document.ts';
import { WATCHER } from '#presence/winfo/tables.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import { type Evidence, isSuccess, type SipFact } from './evidence.ts';
import type { Rule } from './finding.ts';
import { ascending, countUpTo } from './lookup.ts';
import { rule } from './report.ts';
import { followsOn, type Numbered } from './subscription-rules.ts';

interface Told {
  readonly notify: SipFact;
  readonly document: WatcherDocument;
  /** A SUBSCRIBE was accepted since the document before. */
  readonly isAnswer: boolean;
}

/** The documents of each subscription to watcher information, as its notifier sent them, in order. */
function toldIn({ subscriptions }: Evidence): readonly (readonly Told[])[] {
  return subscriptions.map(({ notifies, subscribes }) => {
    const accepted = ascending(subscribes.flatMap(({ responses }) => responses.find(isSuccess)?.record.sentAt ?? []));
    const told: Told[] = [];
    let before = -1;
    for (const { request } of notifies) {
      const { headers, body } = request.message;
      if (mediaTypeOf(headers.get('Content-Type') ?? '') !== WATCHERINFO_TYPE) continue;
      const document = parseWatcherinfo(decodeUtf8(body));
      if (isWatcherinfoError(document)) continue;
      const { sentAt } = request.record;
      told.push({ notify: request, document, isAnswer: countUpTo(accepted, sentAt) > countUpTo(accepted, before) });
      before = sentAt;
    }
    return told;
  });
}

export const VERSIONS = rule(
  'watcher-versions',
  'Documents of watchers are numbered from 0 without a gap; whatever answers a SUBSCRIBE tells of all watchers.',
  'RFC 3858 §3',
  (evidence, blame) => {
    for (const told of toldIn(evidence)) {
      let before: Numbered = { version: -1, cseq: 0 };
      for (const { notify, document, isAnswer } of told) {
        const [here, isWhole] = [{ version: document.version, cseq: notify.cseq }, document.state === 'full'];
        if (!followsOn(here, before, isWhole)) blame(notify, `has the version ${here.version}, ${before.version + 1} was due`);
        if (isAnswer && !isWhole) blame(notify, 'answers a SUBSCRIBE and tells only of changes');
        before = here;
      }
    }
  },
);

/** To where the machine leads from a state; several steps at once when not each of them was told. */
function reachableFrom(state: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [state];
  for (let from = open.pop(); from !== undefined; from = open.pop())
    for (const row of WATCHER.rows) {
      if (row.from !== from || reached.has(`${row.on} ${row.to}`)) continue;
      reached.add(`${row.on} ${row.to}`);
      open.push(row.to);
    }
  return reached;
}

export const MACHINE = rule('watcher-states', 'A watcher goes only from states and by events of the state machine.', 'RFC 3857 §4.7', (evidence, blame) => {
  for (const told of toldIn(evidence)) {
    const known = new Map<string, { readonly status: string; readonly event: string }>();
    for (const { notify, document } of told) {
      for (const { id, uri, status, event } of document.lists.flatMap(({ watchers }) => watchers)) {
        const before = known.get(id);
        const isSame = before?.status === status && before.event === event;
        if (!isSame && !reachableFrom(before?.status ?? WATCHER.initial).has(`${event} ${status}`))
          blame(notify, `tells that ${uri} is ${status} because of ${event}, which no way leads to${before === undefined ? '' : ` from ${before.status}`}`);
        known.set(id, { status, event });
      }
    }
  }
});

export const WATCHER_RULES: readonly Rule[] = [VERSIONS, MACHINE];
