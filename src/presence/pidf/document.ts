/**
 * A presence document as plain values: PIDF (RFC 3863), the data model of person, service and device (RFC 4479), and of RPID (RFC 4480) what this
 * simulator shows: activities, mood, place-type, sphere (without names of one's own), user-input.
 * Omitted: xml:lang of notes, mustUnderstand, the other RPID elements, from and until of others than activities, text of `other`; unknown extensions are skipped when read, as RFC 3863 §4.2.3 lets one do,
 * unless the reader asks for them: whoever passes documents on can keep what it does not understand.
 */

export type Basic = 'open' | 'closed';

/** Whether somebody touches the keys (RFC 4480 user-input). `lastInput` is a UTC date-time. */
export interface UserInput {
  readonly state: 'active' | 'idle';
  readonly idleThresholdSeconds?: number;
  readonly lastInput?: string;
}

export interface Contact {
  readonly uri: string;
  /** 0 to 1, at most three decimals. */
  readonly priority?: number;
}

/** An element that nobody here understands, kept to be passed on. Its attributes with a prefix are lost, and where text stood between elements. */
export interface UnknownElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: readonly UnknownElement[];
  readonly text: string;
}

/** A service (RFC 4479): one way to reach the presentity. */
export interface Tuple {
  readonly id: string;
  readonly basic?: Basic;
  /** How available, in the words of XMPP: `away`, `chat`, `dnd`, `xa` (an extension of the status, RFC 8048 §6.2). */
  readonly show?: string;
  readonly contact?: Contact;
  readonly deviceId?: string;
  readonly userInput?: UserInput;
  /** Beside the status, and within it. */
  readonly unknown?: readonly UnknownElement[];
  readonly unknownStatus?: readonly UnknownElement[];
  readonly notes: readonly string[];
  /** UTC, ISO 8601: when this was so. */
  readonly timestamp?: string;
}

export interface Span {
  readonly from?: string;
  readonly until?: string;
}

export interface Person {
  readonly id: string;
  /** Names of RFC 4480: `meeting`, `away`, `on-the-phone` ... */
  readonly activities: readonly string[];
  /** From when until when they are what the person does (RFC 4480 §3.1): UTC, ISO 8601. */
  readonly activitiesSpan?: Span;
  readonly moods: readonly string[];
  /** Names of RFC 4589: `office`, `train` ... */
  readonly placeTypes: readonly string[];
  /** In which part of life the person moves, by RFC 4480: `home`, `work` or `unknown`. */
  readonly sphere?: string;
  readonly userInput?: UserInput;
  readonly unknown?: readonly UnknownElement[];
  readonly notes: readonly string[];
  readonly timestamp?: string;
}

export interface Device {
  readonly id: string;
  /** A URN, e.g. `urn:uuid:...`. */
  readonly deviceId: string;
  readonly userInput?: UserInput;
  readonly unknown?: readonly UnknownElement[];
  readonly notes: readonly string[];
  readonly timestamp?: string;
}

/** What is known of a presentity. JSON-serialisable; ids are unique over tuples, persons and devices. */
export interface PresenceDocument {
  /** URI of the presentity. */
  readonly entity: string;
  readonly tuples: readonly Tuple[];
  readonly persons: readonly Person[];
  readonly devices: readonly Device[];
  readonly notes: readonly string[];
  readonly unknown?: readonly UnknownElement[];
}

/** Content type of a PIDF document (RFC 3863 §3.1). */
export const PIDF_TYPE = 'application/pidf+xml';

/** Spheres of RFC 4480 §3.11. */
export const SPHERES: readonly string[] = ['home', 'work', 'unknown'];

/** Activities of RFC 4480 §3.2 (without `other`, whose meaning is in its text, and without `lunch`, which the schema in §5.1 lacks). */
export const ACTIVITIES: readonly string[] = (
  'appointment away breakfast busy dinner holiday in-transit looking-for-work meal meeting on-the-phone performance permanent-absence ' +
  'playing presentation shopping sleeping spectator steering travel tv unknown vacation working worship'
).split(' ');

/** Moods of RFC 4480 §3.5 (without `other`). */
export const MOODS: readonly string[] = (
  'afraid amazed angry annoyed anxious ashamed bored brave calm cold confused contented cranky curious depressed disappointed disgusted distracted ' +
  'embarrassed excited flirtatious frustrated grumpy guilty happy hot humbled humiliated hungry hurt impressed in_awe in_love indignant interested ' +
  'invincible jealous lonely mean moody nervous neutral offended playful proud relieved remorseful restless sad sarcastic serious shocked shy sick ' +
  'sleepy stressed surprised thirsty unknown worried'
).split(' ');
