/** What travels: opaque bytes with an address, and what people and rules may do to them. The simulated network never looks inside. */
import type { ConnectionId, Intent, RecordEffect, SendEffect, StateChange } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { Duration, SimTime } from '#base/time.ts';

export type EntityId = string;

/** Running number of what happened, from 1: the ids of the trace's records. */
export type RecordNumber = number;

/**
 * `loss`: the link lost it; `rule`: a packet rule dropped it; `no-such-address`: nobody has that address; `gave-up`: a reliable transport lost it too often;
 * `down`: the receiver is down; `reset`: the receiver has restarted and knows nothing of the connection; `too-large`: no datagram holds so much, so it was never sent.
 */
export type LossReason = 'loss' | 'rule' | 'no-such-address' | 'gave-up' | 'down' | 'reset' | 'too-large';

/** One transmission at its sender. Its fate is decided when it is sent: exactly one of `arrivesAt` and `lostAt` is set once rules and link have spoken. */
export interface Packet {
  readonly record: RecordNumber;
  /** The message, timer or intent that made the sender send it. */
  readonly cause: RecordNumber | undefined;
  readonly from: EntityId;
  /** Undefined when nobody has the address. */
  readonly to: EntityId | undefined;
  /** What the sender asked for: bytes as sent, label, addresses, notes. Its notes have the record numbers that follow `record`. */
  readonly send: SendEffect;
  /** `to` is a gateway on the way, not the one with the address. */
  readonly passing: boolean;
  /** Of a reliable transport, when the address is known: the name of the connection at both ends. */
  readonly connection: ConnectionId | undefined;
  readonly sentAt: SimTime;
  /** What arrives: the bytes as sent unless a rule replaced them. */
  readonly arriving: Uint8Array;
  /** What the rules that replaced them have to say of it; they have the record numbers that follow those of the sender's notes. */
  readonly remarks: readonly Note[];
  readonly arrivesAt: SimTime | undefined;
  /** A second copy arrives then. */
  readonly duplicateArrivesAt: SimTime | undefined;
  readonly lostAt: SimTime | undefined;
  readonly lostBecause: LossReason | undefined;
}

export type Verdict =
  | { readonly kind: 'pass' }
  /** Arrives after this delay instead of the link's, not lost; kept in order on a reliable connection is the rule's own business. */
  | { readonly kind: 'deliver'; readonly delay: Duration }
  /** A datagram is lost on the way. On TCP, SCTP and WebSocket the message is discarded at the receiver's door; the sender does not learn of it. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  /** The receiver gets these bytes. The rules that follow see them, and may still have their say. */
  | { readonly kind: 'replace'; readonly bytes: Uint8Array; readonly remarks?: readonly Note[] };

/** Sees every packet when it is sent, before the link; the first verdict other than `pass` and `replace` wins. */
export type PacketRule = (packet: Packet) => Verdict;

/** Is told everything that happens, in the order in which it happens, with record numbers that grow. Nothing that it does changes the run. */
export interface Observer {
  onPacket(packet: Packet): void;
  /** A note about the message `about`, or, when undefined, about no message. */
  onNote(record: RecordNumber, at: SimTime, cause: RecordNumber | undefined, entity: EntityId, note: Note, about: RecordNumber | undefined): void;
  onState(record: RecordNumber, at: SimTime, cause: RecordNumber | undefined, entity: EntityId, change: StateChange): void;
  /** The entity wrote something into its books. */
  onRecord(record: RecordNumber, at: SimTime, cause: RecordNumber | undefined, entity: EntityId, written: RecordEffect): void;
  /** A deadline passed and the entity did something visible. A wake-up without effects leaves no record. */
  onTimer(record: RecordNumber, at: SimTime, entity: EntityId): void;
  /** `entity` is undefined when an operator changed the network. */
  onIntent(record: RecordNumber, at: SimTime, entity: EntityId | undefined, intent: Intent): void;
}
