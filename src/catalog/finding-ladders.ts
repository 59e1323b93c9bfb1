/** Ladders of finding: where an address leads, and what is answered when it leads nowhere. Roles, not names. Never used to make a message. */
import { NOTIFICATION, SUBSCRIPTION } from './standard-ladders.ts';

/** A SUBSCRIBE that goes no further than the watcher's own S-CSCF. */
export function refusedAtHome(answer: string): string[] {
  return [...SUBSCRIPTION.slice(0, 2), `scscf1 > pcscf1: ${answer} (SUBSCRIBE)`, `pcscf1 > ue1: ${answer} (SUBSCRIBE)`];
}

/** A SUBSCRIBE that the entry of the presentity's network refuses, once it has asked the HSS (TS 29.228 §6.1.4). */
export function refusedByEntry(answer: string): string[] {
  return [
    ...SUBSCRIPTION.slice(0, 5),
    `icscf2 > scscf1: ${answer} (SUBSCRIBE)`,
    `scscf1 > pcscf1: ${answer} (SUBSCRIBE)`,
    `pcscf1 > ue1: ${answer} (SUBSCRIBE)`,
  ];
}

/** The subscription through another entry of the presentity's network. */
export const throughEntry = (entry: string): string[] => SUBSCRIPTION.map((line) => line.replaceAll('icscf2', entry));

/** A SUBSCRIBE that the presentity's S-CSCF refuses. */
export function refusedByServing(answer: string): string[] {
  const back = ['scscf2 > icscf2', 'icscf2 > scscf1', 'scscf1 > pcscf1', 'pcscf1 > ue1'];
  return [...SUBSCRIPTION.slice(0, 6), ...back.map((hop) => `${hop}: ${answer} (SUBSCRIBE)`)];
}

/** The subscription by way of another S-CSCF of the presentity's network. */
export const throughServing = (serving: string): string[] => SUBSCRIPTION.map((line) => line.replaceAll('scscf2', serving));

/** The address of a service, straight from the entry to its application server (TS 23.228 §5.4.12.2 b). */
export const SERVICE_SUBSCRIPTION: string[] = [
  ...SUBSCRIPTION.slice(0, 5),
  'icscf2 > psi: SUBSCRIBE',
  'psi > icscf2: 200 OK (SUBSCRIBE)',
  ...SUBSCRIPTION.slice(9),
];

/** The same through an S-CSCF that serves the address like an unregistered user (TS 23.228 §5.4.12.2 a). */
export const SERVICE_THROUGH_SERVING: string[] = [
  ...SUBSCRIPTION.slice(0, 6),
  'scscf2 > hss2: SAR',
  'hss2 > scscf2: SAA',
  ...SUBSCRIPTION.slice(6).map((line) => line.replace(/\bps\b/, 'psi')),
];

export const SERVICE_NOTIFICATION: string[] = NOTIFICATION.map((line) => line.replace(/\bps\b/, 'psi'));

/** With a locator in front of two HSSs (Dx): it names the one to ask (RFC 6733 §6.12). */
export const LOCATED_SUBSCRIPTION = (holder: 'hss2' | 'hss2b'): string[] => [
  ...SUBSCRIPTION.slice(0, 3),
  'icscf2 > slf2: LIR',
  'slf2 > icscf2: LIA',
  ...SUBSCRIPTION.slice(3).map((line) => line.replaceAll('hss2', holder)),
];

export const refusedByLocator = (answer: string): string[] => refusedByEntry(answer).map((line) => line.replaceAll('hss2', 'slf2'));

/** Along these roles with a request, and back with its answer. */
function thereAndBack(roles: readonly string[], request: string, answer: string): string[] {
  const hops = roles.slice(1).map((role, i) => [roles[i] ?? '', role] as const);
  return [...hops.map(([from, to]) => `${from} > ${to}: ${request}`), ...hops.toReversed().map(([from, to]) => `${to} > ${from}: ${answer}`)];
}

/** A NOTIFY past everybody but those who recorded themselves, nearest to the notifier first; the P-CSCF always does (RFC 3261 §12.2.1.1). */
export const notificationThrough = (recorded: readonly string[]): string[] => thereAndBack(['ps', ...recorded, 'pcscf1', 'ue1'], 'NOTIFY', '200 OK (NOTIFY)');

/** A SUBSCRIBE in the dialog: the same way backwards. */
export const inDialogThrough = (recorded: readonly string[]): string[] =>
  thereAndBack(['ue1', 'pcscf1', ...recorded.toReversed(), 'ps'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)');
