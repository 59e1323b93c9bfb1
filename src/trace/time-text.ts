/** Moments and lengths of time as text. Integer arithmetic: the same everywhere. */

const group = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ' ');

/** Seconds with three digits, as ladders show moments: `3600.025`. Truncated, not rounded, so that nothing seems to happen before its time. */
export function formatMoment(microseconds: number): string {
  const ms = Math.floor(microseconds / 1000);
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`;
}

/** A length of time for people: `650 ms`, `2.5 s`, `3 600 s`. */
export function formatSpan(microseconds: number): string {
  if (microseconds < 1_000_000) return `${Math.round(microseconds / 1000)} ms`;
  const tenths = Math.round(microseconds / 100_000);
  if (tenths >= 100) return `${group(String(Math.round(microseconds / 1_000_000)))} s`;
  return `${Math.floor(tenths / 10)}${tenths % 10 === 0 ? '' : `.${tenths % 10}`} s`;
}
