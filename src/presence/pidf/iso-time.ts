/** Virtual time as the date and time that presence documents carry (RFC 3339, UTC): calculated from what is given, never asked of a clock. */
import type { SimTime } from '#base/time.ts';

/**
 * The UTC date-time of the moment `now` in a run whose moment 0 is `startsAt` (ISO 8601, UTC), to the millisecond: `2026-11-23T09:00:01.250Z`.
 * Throws when `startsAt` is not a date (checked at the door of a scenario).
 */
export function isoAt(startsAt: string, now: SimTime): string {
  const start = Date.parse(startsAt);
  if (Number.isNaN(start)) throw new Error(`isoAt: "${startsAt}" is not a date`);
  return new Date(start + Math.floor(now / 1000)).toISOString();
}

/** Whether the text is a date-time of XML Schema with a zone (RFC 3339), as timestamps of PIDF must be. */
export function isDateTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}
