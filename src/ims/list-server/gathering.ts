/**
 * Subscriptions to lists whose server answers when it knows the states of all members, or has waited long enough: the first NOTIFY then tells the whole list. The SUBSCRIBE stays unanswered
 * until then, far shorter than anybody would wait for an answer (RFC 3261 §17.1.2.2). Leaves out: what is told, and to whom.
 */
import { type SimTime, after, earliest, seconds } from '#base/time.ts';
import type { Note } from '#base/note.ts';
import type { ViewTimer } from '#base/view.ts';
import { decided } from '#ims/node/edit.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { parseNumber } from '#protocol/sip/values.ts';
import type { ServedList } from './back-ends.ts';

export interface Gathering {
  readonly server: ServerTransaction;
  readonly request: SipRequest;
  readonly watcher: string;
  readonly served: ServedList;
  readonly until: SimTime;
}

/** Why the first NOTIFY is to tell of all members: the operator wants it so, or no other will follow. Undefined where it tells what is known already. */
export function whyGathered({ headers }: SipRequest, isWanted: boolean): Note | undefined {
  if (parseNumber(headers.get('Expires')) === 0) {
    const reason = 'The watcher asks once and is told once: the members are asked first, once too, for otherwise he would hear who they are and nothing more.';
    return decided(reason, 'RFC 4662 §4.6');
  }
  return isWanted
    ? decided('The list is told at once when all of its members are known: they are asked before the watcher is answered.', 'RFC 4662 §4.5')
    : undefined;
}

/** Less than the sender of a SUBSCRIBE takes for its second repetition over UDP. */
const PATIENCE = seconds(1);

export class Gatherings {
  #waiting: readonly Gathering[] = [];

  add(gathering: Omit<Gathering, 'until'>, now: SimTime): void {
    this.#waiting = [...this.#waiting, { ...gathering, until: after(now, PATIENCE) }];
  }

  /** Those that need not or must not wait any longer; they are forgotten here. */
  take(now: SimTime): readonly Gathering[] {
    if (this.#waiting.length === 0) return [];
    const isRipe = ({ served, until }: Gathering): boolean => until <= now || served.list.isComplete();
    const ripe = this.#waiting.filter(isRipe);
    if (ripe.length > 0) this.#waiting = this.#waiting.filter((one) => !ripe.includes(one));
    return ripe;
  }

  deadline(): SimTime | undefined {
    return this.#waiting.reduce<SimTime | undefined>((first, { until }) => earliest(first, until), undefined);
  }

  viewTimers(): readonly ViewTimer[] {
    return this.#waiting.map(({ served, until }) => ({ name: 'Answer at the latest', subject: served.list.uri, firesAt: until }));
  }
}
