/** The trace: all that is known of what happened, as everybody writes and reads it (DESIGN.md section 3). */
import type { Intent, Protocol, RecordEffect, StateChange, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { StateTable } from '#base/state-table.ts';
import type { MessageEdit } from './message-edits.ts';

/** Running number of a record in its trace, from 1. */
export type RecordId = number;
export type EntityId = string;

/** Stands in a note where an entity would: what a person did to a message on its way, which nobody in the network did. */
export const PERSON: EntityId = 'a person';

interface RecordBase {
  readonly id: RecordId;
  /** When it happened: microseconds since the start. */
  readonly at: number;
  /** The record that caused it: an arrived message, a timer or an intent. */
  readonly causedBy?: RecordId;
}

/** One transmission at its sender; lost ones and retransmissions included. */
export interface MessageRecord extends RecordBase {
  readonly kind: 'message';
  readonly from: EntityId;
  readonly to: EntityId;
  readonly sentAt: number;
  /** Exactly one of `arrivedAt` and `lostAt`; neither when the run ended while it was in flight. */
  readonly arrivedAt?: number;
  readonly lostAt?: number;
  /** The network delivered a second copy then: one transmission, two arrivals. */
  readonly duplicateArrivedAt?: number;
  readonly transport: Transport;
  /** `[2001:db8::1]:5060` or `192.0.2.1:5060`. */
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol;
  readonly label: string;
  /** The bytes that travelled, as they arrived: the truth. (In JSON: `base64`, and `text` for textual protocols.) */
  readonly bytes: Uint8Array;
  /** As the sender wrote them, where a person changed them on the way. (In JSON: `sentBase64`.) */
  readonly sentBytes?: Uint8Array;
  /** The message that a node put into this ESP packet, or that is for it: nobody on the way can read it. (In JSON: its bytes as `base64`.) */
  readonly inside?: InsideMessage;
}

export type InsideMessage = Pick<MessageRecord, 'transport' | 'src' | 'dst' | 'protocol' | 'label' | 'bytes'>;

export interface NoteRecord extends RecordBase, Note {
  readonly kind: 'note';
  readonly entity: EntityId;
  /** The message it is about. */
  readonly message?: RecordId;
}

/** A deadline of an entity passed. */
export interface TimerRecord extends RecordBase {
  readonly kind: 'timer';
  readonly entity: EntityId;
}

/** Somebody asked an entity to do something; or an operator changed the network (`entity` is then undefined). */
export interface IntentRecord extends RecordBase {
  readonly kind: 'intent';
  readonly entity?: EntityId;
  readonly intent: Intent;
}

export interface StateRecord extends RecordBase, Omit<StateChange, 'kind'> {
  readonly kind: 'state';
  readonly entity: EntityId;
}

/** An entity wrote into its books: a charging data record (TS 32.260 §6.1.3). */
export interface BookRecord extends RecordBase, Omit<RecordEffect, 'kind'> {
  readonly kind: 'record';
  readonly entity: EntityId;
}

export type TraceRecord = MessageRecord | NoteRecord | TimerRecord | IntentRecord | StateRecord | BookRecord;

export type EntityKind =
  | 'ue'
  | 'p-cscf'
  | 'i-cscf'
  | 's-cscf'
  | 'hss'
  | 'slf'
  | 'dns-server'
  | 'presence-server'
  | 'charging-data-function'
  | 'ibcf'
  | 'security-gateway'
  | 'external-watcher'
  | 'watcher-gateway'
  | 'list-server'
  | 'content-server'
  | 'xmpp-server'
  | 'external-agent'
  | 'calendar-server'
  | 'xdms'
  | 'network-agent'
  | 'msc'
  | 'sgsn'
  | 'ggsn'
  | 'gmlc';

export interface TraceEntity {
  readonly id: EntityId;
  readonly kind: EntityKind;
  /** Domain of the network in which it stands; for a UE, of the network where it is attached. */
  readonly network: string;
  /** Domain of the home network: differs from `network` for a roaming UE. */
  readonly home: string;
  /** Name in ladders and on the stage: `P-CSCF#1`, `UE#1`, `HSS#2`, `PS`. */
  readonly label: string;
  /** `watcher`, `presentity`: said under a UE. */
  readonly role?: string;
  readonly addresses: readonly string[];
}

export interface TraceNetwork {
  readonly domain: string;
  /** `where the watcher roams`, `the watcher's network`. */
  readonly title: string;
  readonly kind: 'home' | 'visited' | 'outside';
  /** Its border node keeps the names of its proxies to itself. */
  readonly hides?: boolean;
  /** Said of an outside network that the mobile networks trust, and of a mobile one that they do not. */
  readonly trusted?: boolean;
}

/** A reference point between two entities: Gm, Mw, Cx, ISC, DNS. */
export interface TraceLink {
  readonly a: EntityId;
  readonly b: EntityId;
  readonly referencePoint: string;
}

export interface TraceChapter {
  readonly id: string;
  readonly title: string;
  /** Begins here: microseconds since the start. */
  readonly at: number;
  /** The prologue is computed and can be inspected, but is folded as chapter 0. */
  readonly prologue?: boolean;
}

export interface SourceOfTruth {
  /** `TS 24.141`. */
  readonly document: string;
  /** `A.3.2.1`; left out where it was not read. */
  readonly clause?: string;
  /** Whether the wording was checked at the source. */
  readonly checked: boolean;
}

/** Something that a person did to the network: part of the run's identity. */
export type Change =
  /** The transmission with this record id is discarded at the receiver's door (on UDP: lost on the way). */
  | { readonly kind: 'drop'; readonly record: RecordId }
  /** That transmission arrives with other bytes. */
  | { readonly kind: 'edit'; readonly record: RecordId; readonly edits: readonly MessageEdit[] }
  /** That datagram arrives so many microseconds later than it would. */
  | { readonly kind: 'delay'; readonly record: RecordId; readonly by: number }
  /** A second copy of that datagram arrives. */
  | { readonly kind: 'duplicate'; readonly record: RecordId }
  /** Somebody asks an entity for something at this moment. */
  | { readonly kind: 'do'; readonly at: number; readonly who: EntityId; readonly intent: Intent }
  /** A named change that the scenario lists. */
  | { readonly kind: 'set'; readonly name: string; readonly value: string };

export interface Trace {
  readonly version: 1;
  readonly engine: string;
  readonly scenario: string;
  readonly title: string;
  /** One sentence: what will be seen. */
  readonly summary: string;
  readonly sources: readonly SourceOfTruth[];
  /** Layers that the story is about, although most stories pass over them. */
  readonly tells?: readonly string[];
  readonly seed: number;
  readonly changes: readonly Change[];
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
  /** The run ended here: microseconds. */
  readonly until: number;
  readonly networks: readonly TraceNetwork[];
  readonly entities: readonly TraceEntity[];
  readonly links: readonly TraceLink[];
  readonly chapters: readonly TraceChapter[];
  readonly tables: readonly StateTable[];
  /** Records of messages that were still travelling at the end. */
  readonly endedInFlight: readonly RecordId[];
  readonly records: readonly TraceRecord[];
}

/** A moment: simulated time, and the record at which the reader stands. */
export interface Moment {
  readonly t: number;
  readonly record: RecordId;
}
