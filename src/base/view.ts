/** An entity's state as plain tables, timers and live state machines: all that a person ever sees of it. */
import type { SimTime } from './time.ts';

export interface ViewTable {
  /** e.g. `Registrations`. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said when there are no rows, e.g. `Nobody is registered.` */
  readonly empty: string;
}

export interface ViewTimer {
  /** e.g. `Timer F`. */
  readonly name: string;
  /** What it is about, e.g. `SUBSCRIBE to sip:user2_public1@home2.net`. */
  readonly subject: string;
  readonly firesAt: SimTime;
}

export interface LiveState {
  /** Name of the StateTable. */
  readonly machine: string;
  readonly key: string;
  readonly state: string;
}

/** A document that is kept for somebody, whole: what a form changes. */
export interface ViewDocument {
  /** What it is for: `pres-rules`. */
  readonly usage: string;
  /** The user whose it is. */
  readonly owner: string;
  readonly tag: string;
  readonly text: string;
}

/** A document that the user of a terminal may change, there or not yet. */
export interface ViewChange {
  readonly usage: string;
  readonly owner: string;
  /** The host that keeps it. */
  readonly server: string;
}

export interface EntityView {
  readonly tables: readonly ViewTable[];
  readonly timers: readonly ViewTimer[];
  readonly states: readonly LiveState[];
  /** One or two words for the stage, e.g. `registered`, `open`. */
  readonly mark?: string;
  readonly documents?: readonly ViewDocument[];
  readonly changes?: readonly ViewChange[];
  /** Watchers who wait for an answer of this terminal's user, as far as it was told. */
  readonly waiting?: readonly string[];
}
