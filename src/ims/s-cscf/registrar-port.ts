/** What the registrar of an S-CSCF asks of the entity around it, and what it asks the HSS for (TS 29.228 §6.1.2, §6.3). Types only. */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ContactEvent } from '#presence/reginfo/document.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import type { ServedUser } from './served-users.ts';

/** What the registrar asks of the entity around it. */
export interface RegistrarPort {
  now(): SimTime;
  respond(server: ServerTransaction, response: SipResponse, notes: readonly Note[]): void;
  refuse(server: ServerTransaction, status: number, note: Note, headers?: readonly (readonly [string, string])[]): void;
  note(note: Note): void;
  stateChange(machine: string, key: string, from: string, on: string, to: string): void;
  /** Asks the HSS for an authentication vector; with RAND and AUTS (`authorization`) after a synchronisation failure. */
  askVector(publicIdentity: string, privateIdentity: string, scheme: string, purpose: RegistrationStep, authorization?: Uint8Array): void;
  /** Tells the HSS what has become of the user. */
  assign(publicIdentity: string, privateIdentity: string, type: Assignment, purpose: RegistrationStep): void;
  /** The registration of this user has changed: reg event and third-party registration follow. */
  changed(user: ServedUser, event: ContactEvent, request: SipRequest | undefined): void;
}

export type Assignment =
  | 'authentication-failure'
  | 'authentication-timeout'
  | 'registration'
  | 're-registration'
  | 'user-deregistration'
  | 'timeout-deregistration'
  | 'administrative-deregistration'
  | 'unregistered-user'
  | 'no-assignment';

/** What the HSS hands out to authenticate a user with: an AKA vector, or the hash of a password. */
export type Vector =
  | {
      readonly kind: 'aka';
      readonly authenticate: Uint8Array;
      readonly expectedResponse: Uint8Array;
      readonly confidentialityKey: Uint8Array;
      readonly integrityKey: Uint8Array;
    }
  | { readonly kind: 'digest'; readonly ha1: string; readonly realm: string };

/** Where a registration stands while the HSS is asked. */
export interface RegistrationStep {
  readonly kind: 'registration';
  readonly server: ServerTransaction | undefined;
  readonly identity: string;
  readonly privateIdentity: string;
  readonly assignment: Assignment | undefined;
}
