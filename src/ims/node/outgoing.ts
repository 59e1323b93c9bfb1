/** A request on its way out of an entity: forwarded for somebody or the entity's own, with the targets that are left to try. */
import type { Note } from '#base/note.ts';
import type { ResolvedTarget } from '#protocol/dns/resolver.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { Flow, ServerTransaction, TimerValues } from '#protocol/sip/transactions.ts';

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
  /** Filled in by the resolution. */
  targets: readonly ResolvedTarget[];
  tried: number;
}

/** Why there was no answer: nobody answered in time, the transport failed, or the name led nowhere. */
export type NoAnswer = 'timeout' | 'transport-error' | 'no-such-domain' | 'no-record' | 'dns-timeout';
