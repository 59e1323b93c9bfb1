/** A request on its way out of an entity: forwarded for somebody or the entity's own, with the targets that are left to try. */
import type { Note } from '#base/note.ts';
import type { ResolvedTarget } from '#protocol/dns/resolver.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { type Duration, seconds, type SimTime } from '#base/time.ts';
import { CORE_TIMERS, type Flow, type ServerTransaction, type TimerValues } from '#protocol/sip/transactions.ts';

export interface Outgoing<P> {
  readonly request: SipRequest;
  /** What was done to it so far. What is sent takes them over: who tries again begins a new list. */
  notes: Note[];
  /** The transaction that it is forwarded for; undefined when it is the entity's own. */
  readonly server: ServerTransaction | undefined;
  /** What the entity wants to remember for the answer. */
  readonly purpose: P;
  readonly timers?: TimerValues;
  /** Fixed next hop (towards a UE over its security association): no address resolution. */
  readonly via?: { readonly flow: Flow; readonly sentBy: string; readonly reliableFlow?: Flow };
  /** A provisional answer came: the next hop lives, even if no final answer follows. */
  heard?: boolean;
  /** When what it says about time was right: of an own request that had to wait it is told anew. */
  since?: SimTime;
  /** Filled in by the resolution. */
  targets: readonly ResolvedTarget[];
  tried: number;
}

/** A quarter of Timer F: three others can still be tried. */
const IMPATIENT: TimerValues = { ...CORE_TIMERS, patience: seconds(8) };

/**
 * The timers of a hop behind which somebody else could step in (an application server, an S-CSCF): the operator waits less than Timer F there, so that there
 * is time left before the sender gives up too. Our choice: between core nodes all timers are alike, and the sender would never hear of it.
 */
export const impatientTimers = (patience?: Duration): TimerValues => (patience === undefined ? IMPATIENT : { ...CORE_TIMERS, patience });

/** Why there was no answer: nobody answered in time, the transport failed, or the name led nowhere. */
export type NoAnswer = 'timeout' | 'transport-error' | 'no-such-domain' | 'no-record' | 'dns-timeout';
