/** Ladders of finding: where an address leads, and what is answered when it leads nowhere. Roles, not names. Never used to make a message. */
import { SUBSCRIPTION } from './standard-ladders.ts';

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
