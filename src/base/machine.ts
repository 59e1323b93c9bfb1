/**
 * The contract of every protocol machine (sans-IO): bytes, deadlines and intents go in, effects come out, nothing else.
 * A machine owns its state, which changes only inside `step`; the same inputs at the same moments give the same effects,
 * so that rewinding is running again. No machine knows whether it is simulated or live.
 */
import type { Note } from './note.ts';
import type { SimTime } from './time.ts';
import type { EntityView } from './view.ts';

/** `esp`: packets between security gateways, without ports (0). `none`: a report of stage 2, of which only the content is computed and not how it travels; without ports too. */
export type Transport = 'udp' | 'tcp' | 'sctp' | 'ws' | 'esp' | 'none';

/** An IP address (IPv6 without brackets) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Names one TCP, SCTP or WebSocket connection at a host; given by whoever runs the machine. */
export type ConnectionId = string;

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether it has members, which a list has not. */
export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a person or an operator asks an entity to do, e.g. `{ kind: 'subscribe', to: 'sip:user2_public1@home2.net' }`. */
export interface Intent {
  readonly kind: string;
  readonly [key: string]: Json;
}

export type Input =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly transport: Transport;
      /** Where it arrived. */
      readonly local: Endpoint;
      /** Where it came from. */
      readonly remote: Endpoint;
      readonly connection?: ConnectionId | undefined;
      /** With which keys IPsec sealed it, as a fingerprint; left out where IPsec itself has checked it, or there is none. */
      readonly seal?: string | undefined;
    }
  /** A whole packet on its way between two others, for who stands on that way: a gateway may send it on under the same addresses. */
  | {
      readonly kind: 'passing';
      readonly bytes: Uint8Array;
      readonly transport: Transport;
      readonly source: Endpoint;
      readonly destination: Endpoint;
    }
  | { readonly kind: 'transport-failed'; readonly transport: Transport; readonly local: Endpoint; readonly remote: Endpoint }
  | { readonly kind: 'opened' | 'closed'; readonly connection: ConnectionId; readonly local: Endpoint; readonly remote: Endpoint }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'intent'; readonly intent: Intent };

/** Bytes that arrived. */
export type BytesInput = Extract<Input, { readonly kind: 'bytes' }>;

/** Protocol of a payload, for colour, capture and filters. `Report`: a report of stage 2, in place of a protocol that is not computed here. */
export type Protocol = 'SIP' | 'Diameter' | 'DNS' | 'HTTP' | 'XMPP' | 'IKE' | 'ESP' | 'Report';

/** A whole packet inside of another one. */
export interface Carried {
  readonly bytes: Uint8Array;
  readonly protocol: Protocol;
  readonly label: string;
  readonly transport: Transport;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

export interface SendEffect {
  readonly kind: 'send';
  readonly bytes: Uint8Array;
  readonly protocol: Protocol;
  /** Short name for people: `SUBSCRIBE`, `200 OK (SUBSCRIBE)`, `LIR`, `DNS NAPTR home2.net`. */
  readonly label: string;
  readonly transport: Transport;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly connection?: ConnectionId | undefined;
  /** With which keys the sender's IPsec seals it, as a fingerprint: who holds others cannot open it. */
  readonly seal?: string | undefined;
  /** What a node of its own put into ESP: who watches knows it, who carries it does not. */
  readonly inside?: Carried;
  /** What the sender did to this message, and why. A retransmission carries a single note that says so. */
  readonly notes: readonly Note[];
}

/** A note about the incoming message (or, for a deadline or an intent, about no message). */
export interface NoteEffect {
  readonly kind: 'note';
  readonly note: Note;
}

/** A state machine took a transition: what the stage marks and the inspector lights. */
export interface StateChange {
  readonly kind: 'state';
  /** Name of the StateTable, e.g. `registration`, `subscription (notifier)`. */
  readonly machine: string;
  /** Which instance, e.g. the public identity, or the dialog. */
  readonly key: string;
  readonly from: string;
  readonly on: string;
  readonly to: string;
}

export interface EmitEffect {
  readonly kind: 'emit';
  readonly event: StateChange;
}

/** One line of a record; a field that may be there several times has a line for each value. */
export interface RecordField {
  readonly name: string;
  readonly value: string;
}

/** Something was written into a book that outlives the messages: a charging data record. */
export interface RecordEffect {
  readonly kind: 'record';
  /** `S-CSCF CDR`. */
  readonly title: string;
  readonly fields: readonly RecordField[];
}

export type Effect = SendEffect | NoteEffect | EmitEffect | RecordEffect;

/** A functional entity, or anything else with an address, as its surroundings see it. */
export interface Machine {
  /** Takes one input; never throws on what a peer sent. Returns the effects in the order in which they happened. */
  step(input: Input, now: SimTime): readonly Effect[];
  /** The next moment at which it wants a `deadline` input, or undefined. Cheap: asked after every step. */
  deadline(): SimTime | undefined;
  /** What people may see of it, derived on demand. */
  view(now: SimTime): EntityView;
}
