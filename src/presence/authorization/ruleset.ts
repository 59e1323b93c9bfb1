/**
 * Presence rules as plain values: whom a presentity lets see what (RFC 4745 for rules in general, RFC 5025 §3.2.1 for what is done with a subscription).
 * Omitted: conditions that nobody here knows are kept by name, so that their rule never holds; unknown actions and transformations are skipped when read.
 */

/** What is done with a subscription, and what it is worth where several rules hold: the highest counts (RFC 5025 §3.2.1). */
export const HANDLING_VALUES = { block: 0, confirm: 10, 'polite-block': 20, allow: 30 } as const;
export type Handling = keyof typeof HANDLING_VALUES;

export const isHandling = (text: string): text is Handling => Object.hasOwn(HANDLING_VALUES, text);

export interface Except {
  readonly id?: string;
  readonly domain?: string;
}

export type Member =
  /** One user, by URI. */
  | { readonly kind: 'one'; readonly id: string }
  /** Everybody of a domain, or everybody at all, but for some. */
  | { readonly kind: 'many'; readonly domain?: string; readonly except: readonly Except[] };

/** UTC date-times: from the first up to, and without, the second. */
export interface Period {
  readonly from: string;
  readonly until: string;
}

/** All conditions of a rule have to hold. */
export type Condition =
  | { readonly kind: 'identity'; readonly members: readonly Member[] }
  /** What the presentity says of itself (RFC 4480): `work`, `home`, or what it calls it. */
  | { readonly kind: 'sphere'; readonly value: string }
  | { readonly kind: 'validity'; readonly periods: readonly Period[] }
  /** The watcher has no identity that anybody vouches for (OMA presence XDM). */
  | { readonly kind: 'anonymous-request' }
  /** Nobody is named for whom the watcher could be taken by another rule (OMA presence XDM). */
  | { readonly kind: 'other-identity' }
  | { readonly kind: 'unknown'; readonly name: string };

/** Which services, persons or devices are shown. */
export type Selection = 'all' | readonly Selector[];
export interface Selector {
  readonly kind: 'service-uri' | 'service-uri-scheme' | 'deviceID' | 'occurrence-id' | 'class';
  readonly value: string;
}

/** How much of user-input is shown, in rising order. */
export const USER_INPUT_DEGREES = ['false', 'bare', 'thresholds', 'full'] as const;
export type UserInputDegree = (typeof USER_INPUT_DEGREES)[number];

/** The attributes that RFC 5025 has a permission for, but user-input, in the order of its schema. */
export const ATTRIBUTES = [
  'activities',
  'class',
  'deviceID',
  'mood',
  'place-is',
  'place-type',
  'privacy',
  'relationship',
  'status-icon',
  'sphere',
  'time-offset',
  'note',
] as const;
export type AttributeName = (typeof ATTRIBUTES)[number];

/** An extension's element that is shown. */
export interface UnknownAttribute {
  readonly namespace: string;
  readonly name: string;
}

/** What is shown. What is not named is not shown. */
export interface Permissions {
  readonly services: Selection;
  readonly persons: Selection;
  readonly devices: Selection;
  readonly attributes: 'all' | readonly AttributeName[];
  readonly unknown: readonly UnknownAttribute[];
  readonly userInput: UserInputDegree;
}

export const NOTHING_SHOWN: Permissions = { services: [], persons: [], devices: [], attributes: [], unknown: [], userInput: 'false' };

export const EVERYTHING_SHOWN: Permissions = { services: 'all', persons: 'all', devices: 'all', attributes: 'all', unknown: [], userInput: 'full' };

export interface Rule {
  readonly id: string;
  /** None: it holds for everybody, always. */
  readonly conditions: readonly Condition[];
  /** Undefined: the rule says nothing about subscriptions. */
  readonly handling?: Handling;
  readonly shows: Permissions;
}

export interface Ruleset {
  readonly rules: readonly Rule[];
}

/** Content type of a ruleset document (RFC 5025 §9.4). */
export const RULES_TYPE = 'application/auth-policy+xml';

export const COMMON_POLICY = 'urn:ietf:params:xml:ns:common-policy';
export const PRES_RULES = 'urn:ietf:params:xml:ns:pres-rules';
/** Conditions of OMA's presence XDM, which RFC 4745 lets stand beside its own. */
export const OMA_POLICY = 'urn:oma:xml:xdm:common-policy';
