/**
 * What presence between two domains costs in messages, by the formulas of the interdomain scaling analysis (draft-ietf-simple-interdomain-scaling-analysis, an expired draft; its formulas rebuilt
 * in spec/presence-flows.md section 7.4). Pure arithmetic: it stands beside what a run counts, as a judge that knows nothing of the run.
 */

import type { BorderKind } from './border-count.ts';

export const SAVINGS = ['none', 'suppressed', 'list', 'list-suppressed', 'common'] as const;
/** What is done so that fewer messages are needed. */
export type Saving = (typeof SAVINGS)[number];

/** The parameters of the analysis, by their names there. */
export interface PriceParameters {
  /** C01: how long a watcher is there. Hours. */
  readonly hours: number;
  /** C02: changes of state per presentity and hour. */
  readonly changesPerHour: number;
  /** C03: between two refreshes of a subscription. Hours. */
  readonly refreshHours: number;
  /** C04: presentities of the other domain per watcher. */
  readonly contacts: number;
  /** C06: watchers, and presentities, per domain. */
  readonly users: number;
}

export const PRICE_CASES = ['basic', 'wide', 'peered', 'very-large'] as const;
export type PriceCase = (typeof PRICE_CASES)[number];

export interface PriceCaseFacts {
  /** `S1`. */
  readonly name: string;
  readonly title: string;
  readonly parameters: PriceParameters;
}

const usual = { hours: 8, changesPerHour: 3, refreshHours: 1 };

/** The four cases of the analysis, as published (spec section 7.3). */
export const CASES: Readonly<Record<PriceCase, PriceCaseFacts>> = {
  basic: { name: 'S1', title: 'basic', parameters: { ...usual, contacts: 4, users: 20_000 } },
  wide: { name: 'S2', title: 'widely distributed', parameters: { ...usual, contacts: 20, users: 20_000 } },
  peered: { name: 'S3', title: 'associated networks', parameters: { ...usual, contacts: 10, users: 60_000 } },
  'very-large': { name: 'S4', title: 'very large networks', parameters: { ...usual, changesPerHour: 6, contacts: 10, users: 10_000_000 } },
};

/** Seconds that a run needs between two changes in a domain: a presence server waits five after each NOTIFY, and would tell two changes in one. */
export const BETWEEN_CHANGES = 40;

/** Changes of one presentity in a session, at a constant rate: whole ones. */
export const changesOf = ({ hours, changesPerHour }: Pick<PriceParameters, 'hours' | 'changesPerHour'>): number => Math.floor(changesPerHour * hours + 1e-9);

/** Between two refreshes, in the whole seconds in which subscriptions are granted (RFC 3261 §20.19). */
export const refreshSecondsOf = ({ refreshHours }: Pick<PriceParameters, 'refreshHours'>): number => Math.round(refreshHours * 3600);

/** A UE refreshes so long before the end of what is granted, where that is more than twice as long. Seconds. */
const REFRESH_AHEAD = 600;

/** Seconds for which a watcher asks, so that its UE refreshes when the analysis wants it to. Whoever grants less is refreshed earlier. */
export function askedSecondsOf(parameters: Pick<PriceParameters, 'refreshHours'>): number {
  const refresh = refreshSecondsOf(parameters);
  return refresh > REFRESH_AHEAD ? refresh + REFRESH_AHEAD : 2 * refresh;
}

/** Seconds for which servers usually grant a subscription at most. */
export const USUALLY_GRANTED = 86_400;

/** Refreshes of one subscription in a session: none at its end, where it is given up. */
export const refreshesOf = (parameters: Pick<PriceParameters, 'hours' | 'refreshHours'>): number =>
  Math.max(0, Math.ceil((parameters.hours * 3600) / refreshSecondsOf(parameters) - 1e-9) - 1);

/** A request and its answer. */
const PER_TRANSACTION = 2;

/** Messages at the border per domain and session: of all watchers of a domain together. */
export function messagesPerDomain(parameters: PriceParameters, saving: Saving): number {
  const { contacts: c, users: w } = parameters;
  const k = changesOf(parameters);
  const r = refreshesOf(parameters);
  switch (saving) {
    case 'none':
      return PER_TRANSACTION * w * c * (2 * r + 4 + k);
    case 'suppressed':
      return PER_TRANSACTION * w * c * (r + 4 + k);
    case 'list':
      return PER_TRANSACTION * w * (2 * r + 4 + c * k);
    case 'list-suppressed':
      return PER_TRANSACTION * w * (r + 4 + c * k);
    // One NOTIFY for each presentity of the other domain and each of its changes: as many presentities as watchers.
    case 'common':
      return PER_TRANSACTION * w * c * (2 * r + 4) + PER_TRANSACTION * w * k;
  }
}

/** The same per watcher, by why they are sent: what a session begins with, changes, refreshes, its end. */
export function messagesByKind(parameters: PriceParameters, saving: Saving): Readonly<Record<BorderKind, number>> {
  const k = changesOf(parameters);
  const r = refreshesOf(parameters);
  const c = parameters.contacts;
  const dialogs = saving === 'list' || saving === 'list-suppressed' ? 1 : c;
  const perRefresh = saving === 'suppressed' || saving === 'list-suppressed' ? 1 : 2;
  return {
    initial: PER_TRANSACTION * 2 * dialogs,
    steady: PER_TRANSACTION * k * (saving === 'common' ? 1 : c),
    refresh: PER_TRANSACTION * perRefresh * r * dialogs,
    'sign-out': PER_TRANSACTION * 2 * dialogs,
  };
}

export const messagesPerWatcher = (parameters: PriceParameters, saving: Saving): number => messagesPerDomain(parameters, saving) / parameters.users;

/** Both domains, a whole session. */
export const messagesInAll = (parameters: PriceParameters, saving: Saving): number => 2 * messagesPerDomain(parameters, saving);

/** Of a whole session, per second. */
export const perSecond = (amount: number, { hours }: PriceParameters): number => amount / (hours * 3600);

/** The formula as people write it, per watcher. */
export const FORMULAS: Readonly<Record<Saving, string>> = {
  none: '2·C·(2r + 4 + k)',
  suppressed: '2·C·(r + 4 + k)',
  list: '2·(2r + 4 + C·k)',
  'list-suppressed': '2·(r + 4 + C·k)',
  common: '2·C·(2r + 4) + 2·k',
};

/** kB/s in both directions, of draft -00 as reported by Isode and the XSF in April 2007 (spec section 7.2). `optimised` of S2 and S3 is left out: what is printed there cannot be right. */
export const PUBLISHED: Readonly<Record<PriceCase, { readonly simple: number; readonly optimised?: number; readonly xmpp: number }>> = {
  basic: { simple: 830, optimised: 571, xmpp: 30 },
  wide: { simple: 1968, xmpp: 150 },
  peered: { simple: 3683, xmpp: 225 },
  'very-large': { simple: 880_555, optimised: 545_833, xmpp: 70_833 },
};
