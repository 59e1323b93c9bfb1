/**
 * The life of a published piece of event state, on both sides of PUBLISH (RFC 3903), as tables: PUBLICATION at the event state compositor
 * (the presence server), PUBLISHER at the event publication agent (the user's terminal).
 */
import { type StateTable, compileTable } from '#base/state-table.ts';

export type PublicationState = 'init' | 'published' | 'terminated';
export type PublicationEvent = 'initial' | 'refresh' | 'modify' | 'remove' | 'expires';
export type PublicationAction = 'store-state' | 'new-tag' | 'set-expiry' | 'discard-state';

/** RFC 3903 §6 draws no figure; the rows are the operations of its Table 1 in §4. */
export const PUBLICATION: StateTable<PublicationState, PublicationEvent, never, PublicationAction> = {
  name: 'publication (compositor)',
  states: ['init', 'published', 'terminated'],
  initial: 'init',
  final: ['terminated'],
  rows: [
    { from: 'init', on: 'initial', to: 'published', actions: ['store-state', 'new-tag', 'set-expiry'], clause: 'RFC 3903 §6' },
    // RFC 3903 §6: an interval of 0 leaves nothing stored, even when a body came with it.
    { from: 'init', on: 'remove', to: 'terminated', actions: ['new-tag'], clause: 'RFC 3903 §6' },
    { from: 'published', on: 'refresh', to: 'same', actions: ['new-tag', 'set-expiry'], clause: 'RFC 3903 §4.3' },
    { from: 'published', on: 'modify', to: 'same', actions: ['store-state', 'new-tag', 'set-expiry'], clause: 'RFC 3903 §4.4' },
    { from: 'published', on: 'remove', to: 'terminated', actions: ['discard-state', 'new-tag'], clause: 'RFC 3903 §4.5' },
    { from: 'published', on: 'expires', to: 'terminated', actions: ['discard-state'], clause: 'RFC 3903 §4.2' },
  ],
};

export type PublisherState = 'unpublished' | 'publishing' | 'published' | 'updating' | 'removing';
export type PublisherEvent = 'publish' | 'refresh-due' | 'remove' | 'success' | 'no-such-tag' | 'interval-too-brief' | 'type-not-taken' | 'failure' | 'expires';
export type PublisherGuard = 'removed-meanwhile' | 'published-meanwhile' | 'tag-known' | 'to-be-removed' | 'to-be-changed';
export type PublisherAction =
  | 'send-initial'
  | 'send-refresh'
  | 'send-modify'
  | 'send-remove'
  | 'send-again-longer'
  | 'send-whole'
  | 'keep-tag'
  | 'drop-tag'
  | 'hold-change'
  | 'schedule-refresh'
  | 'give-up';

/** One request at a time: what is asked for meanwhile is held and goes out after the answer (RFC 3903 §4). */
export const PUBLISHER: StateTable<PublisherState, PublisherEvent, PublisherGuard, PublisherAction> = {
  name: 'publication (publisher)',
  states: ['unpublished', 'publishing', 'published', 'updating', 'removing'],
  initial: 'unpublished',
  final: [],
  rows: [
    { from: 'unpublished', on: 'publish', to: 'publishing', actions: ['send-initial'], clause: 'RFC 3903 §4.2' },
    { from: 'published', on: 'publish', to: 'updating', actions: ['send-modify'], clause: 'RFC 3903 §4.4' },
    // Where an earlier removal or change failed, the next attempt is that again, not a mere refresh.
    { from: 'published', on: 'refresh-due', guard: 'to-be-removed', to: 'removing', actions: ['send-remove'], clause: 'RFC 3903 §4.5' },
    { from: 'published', on: 'refresh-due', guard: 'to-be-changed', to: 'updating', actions: ['send-modify'], clause: 'RFC 3903 §4.4' },
    { from: 'published', on: 'refresh-due', to: 'updating', actions: ['send-refresh'], clause: 'RFC 3903 §4.3' },
    { from: 'published', on: 'remove', to: 'removing', actions: ['send-remove'], clause: 'RFC 3903 §4.5' },
    { from: ['publishing', 'updating', 'removing'], on: 'publish', to: 'same', actions: ['hold-change'], clause: 'RFC 3903 §4' },
    { from: ['publishing', 'updating', 'removing'], on: 'remove', to: 'same', actions: ['hold-change'], clause: 'RFC 3903 §4' },

    {
      from: ['publishing', 'updating'],
      on: 'success',
      guard: 'removed-meanwhile',
      to: 'removing',
      actions: ['keep-tag', 'send-remove'],
      clause: 'RFC 3903 §4.5',
    },
    {
      from: ['publishing', 'updating'],
      on: 'success',
      guard: 'published-meanwhile',
      to: 'updating',
      actions: ['keep-tag', 'send-modify'],
      clause: 'RFC 3903 §4.4',
    },
    { from: ['publishing', 'updating'], on: 'success', to: 'published', actions: ['keep-tag', 'schedule-refresh'], clause: 'RFC 3903 §4.2' },
    { from: 'removing', on: 'success', guard: 'published-meanwhile', to: 'publishing', actions: ['drop-tag', 'send-initial'], clause: 'RFC 3903 §4.2' },
    { from: 'removing', on: 'success', to: 'unpublished', actions: ['drop-tag'], clause: 'RFC 3903 §4.5' },

    { from: 'updating', on: 'no-such-tag', guard: 'removed-meanwhile', to: 'unpublished', actions: ['drop-tag'], clause: 'RFC 3903 §5' },
    { from: 'updating', on: 'no-such-tag', to: 'publishing', actions: ['drop-tag', 'send-initial'], clause: 'RFC 3903 §5' },
    { from: 'removing', on: 'no-such-tag', guard: 'published-meanwhile', to: 'publishing', actions: ['drop-tag', 'send-initial'], clause: 'RFC 3903 §5' },
    { from: 'removing', on: 'no-such-tag', to: 'unpublished', actions: ['drop-tag'], clause: 'RFC 3903 §5' },

    { from: ['publishing', 'updating'], on: 'interval-too-brief', to: 'same', actions: ['send-again-longer'], clause: 'RFC 3903 §5' },
    // RFC 3261 §8.1.3.5: after 415 the request is tried again with a type that is taken. Only changes alone are of another type than a first publication was.
    { from: 'updating', on: 'type-not-taken', guard: 'removed-meanwhile', to: 'removing', actions: ['send-remove'], clause: 'RFC 3903 §4.5' },
    { from: 'updating', on: 'type-not-taken', to: 'same', actions: ['send-whole'], clause: 'RFC 3261 §8.1.3.5' },
    // A refused or unanswered update leaves what was published in force until its expiry; a refused first publication leaves nothing.
    { from: ['updating', 'removing'], on: 'failure', guard: 'tag-known', to: 'published', actions: ['give-up', 'schedule-refresh'] },
    { from: ['publishing', 'updating', 'removing'], on: 'failure', to: 'unpublished', actions: ['give-up'] },
    { from: 'published', on: 'expires', guard: 'to-be-removed', to: 'unpublished', actions: ['drop-tag'], clause: 'RFC 3903 §4.2' },
    // What ran out because no refresh got through is published anew.
    { from: 'published', on: 'expires', to: 'publishing', actions: ['drop-tag', 'send-initial'], clause: 'RFC 3903 §4.2' },
  ],
};

export const publicationTable = compileTable(PUBLICATION);
export const publisherTable = compileTable(PUBLISHER);
