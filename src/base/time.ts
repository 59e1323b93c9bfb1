/** Virtual time: integer microseconds, branded so that a moment and a length of time cannot be mixed up. */

declare const simTime: unique symbol;
declare const duration: unique symbol;

/** A moment: microseconds since the start of the run (integer, at most 2^53). */
export type SimTime = number & { readonly [simTime]: true };
/** A length of time in microseconds (integer). */
export type Duration = number & { readonly [duration]: true };

export const START = 0 as SimTime;

export const microseconds = (n: number): Duration => Math.round(n) as Duration;
export const milliseconds = (n: number): Duration => Math.round(n * 1000) as Duration;
export const seconds = (n: number): Duration => Math.round(n * 1_000_000) as Duration;

/** UTC in milliseconds since 1970 at `now` of a run whose moment 0 is `startsAt` (ISO 8601, UTC); NaN when that is no date. */
export const utcMilliseconds = (startsAt: string, now: SimTime): number => Date.parse(startsAt) + Math.floor(now / 1000);

/** The moment that lies `length` after `from`. */
export const after = (from: SimTime, length: Duration): SimTime => (from + length) as SimTime;
/** The time that passes from `earlier` to `later`; negative when they are the other way round. */
export const between = (earlier: SimTime, later: SimTime): Duration => (later - earlier) as Duration;
export const inSeconds = (length: Duration): number => length / 1_000_000;
export const times = (length: Duration, factor: number): Duration => Math.round(length * factor) as Duration;
export const shorter = (a: Duration, b: Duration): Duration => (a < b ? a : b);
export const earliest = (a: SimTime | undefined, b: SimTime | undefined): SimTime | undefined => (a === undefined ? b : b === undefined || a <= b ? a : b);
