/**
 * The link: the page's fragment as a projection of the state. Holds simulated time and what makes the run, nothing else; whoever has the link has it all.
 * Form 1: `#v=1&e=0.1.0&s=subscribe-across-networks&n=1&c=[...]&t=10044000&r=72&x=ps.home2.net&h=0a1b2c3d4e5f`.
 */
import type { Change, EntityId, Moment, RecordId } from '#trace/record.ts';
import type { Level } from './levels.ts';

export interface Link {
  readonly engine: string;
  readonly scenario: string;
  readonly seed: number;
  readonly changes: readonly Change[];
  readonly moment: Moment | undefined;
  readonly entity: EntityId | undefined;
  /** A message that waits to be compared with the one of the moment. */
  readonly pinned: RecordId | undefined;
  /** The view of prices is open, with these numbers as they were typed, in the order of `PRICE_NAMES`; none where nobody has typed any. */
  readonly price?: readonly string[] | undefined;
  /** How many changes it leaves out, because they are longer than a link can be: the page that made it holds them, and a file of the run. */
  readonly omitted?: number | undefined;
  /** Stage 3 is not written. */
  readonly level: Level;
  /** First digits of the trace's hash: enough to tell that another engine computed another run. */
  readonly hash: string | undefined;
  /** What of a link that somebody brings was not understood, in sentences; a link that is written has none. */
  readonly remarks?: readonly string[];
}

/** The numbers of the view of prices, in the order in which a link holds them. */
export const PRICE_NAMES = ['hours', 'changesPerHour', 'refreshHours', 'contacts', 'users'] as const;
const BETWEEN_NUMBERS = ';';
/** No number is longer, nor what somebody takes for one. */
export const LONGEST_NUMBER = 40;
export const splitPrice = (text: string): readonly string[] => (text === '' ? [] : text.split(BETWEEN_NUMBERS));
const joinPrice = (texts: readonly string[]): string =>
  texts.map((text) => text.replaceAll(BETWEEN_NUMBERS, ' ').slice(0, LONGEST_NUMBER)).join(BETWEEN_NUMBERS);

export const HASH_DIGITS = 12;
/** Any document that a server takes fits in: what is longer is no link. */
export const LONGEST_LINK = 250_000;

export const MOST_CHANGES = 200;
/** For everything in a link but the changes. */
const ROOM = 2000;

/** Whether a link can hold them. */
export const fitsLink = (changes: readonly Change[]): boolean =>
  changes.length <= MOST_CHANGES && new URLSearchParams({ c: JSON.stringify(changes) }).toString().length <= LONGEST_LINK - ROOM;

export function formatLink(link: Link): string {
  const params = new URLSearchParams({ v: '1', e: link.engine, s: link.scenario, n: String(link.seed) });
  if (link.changes.length > 0) params.set('c', JSON.stringify(link.changes));
  if (link.omitted !== undefined) params.set('o', String(link.omitted));
  if (link.moment !== undefined) {
    params.set('t', String(link.moment.t));
    params.set('r', String(link.moment.record));
  }
  if (link.entity !== undefined) params.set('x', link.entity);
  if (link.pinned !== undefined) params.set('p', String(link.pinned));
  if (link.level !== 'stage3') params.set('l', link.level);
  if (link.price !== undefined) params.set('m', joinPrice(link.price));
  if (link.hash !== undefined) params.set('h', link.hash.slice(0, HASH_DIGITS));
  return `#${params.toString()}`;
}
