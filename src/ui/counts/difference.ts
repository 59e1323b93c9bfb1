/** Counts in words: how much less or more one run took than another. */
import { inThousands } from '#base/thousands.ts';

/** `12 480`, with spaces that do not break. */
export const spaced = (number: number): string => inThousands(String(number), '\u00a0');

/** `−38 %`, `+4 %`, `=`; `new` and `none` where only one of them has any. */
export function differenceOf(mine: number, theirs: number): string {
  if (mine === theirs) return '=';
  if (theirs === 0) return 'new';
  if (mine === 0) return 'none';
  const percent = Math.round(((mine - theirs) / theirs) * 100);
  if (percent === 0) return mine < theirs ? '> −1\u00a0%' : '< +1\u00a0%';
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)}\u00a0%`;
}

/** `38 % fewer messages`, `as many messages`. */
export function comparisonOf(mine: number, theirs: number, what: 'messages' | 'bytes'): string {
  if (mine === theirs) return `as many ${what}`;
  const less = mine < theirs;
  if (theirs === 0 || mine === 0) return `${less ? 'no' : 'only here'} ${what}`;
  const percent = Math.round((Math.abs(mine - theirs) / theirs) * 100);
  return `${percent === 0 ? 'hardly' : `${percent}\u00a0%`} ${less ? 'fewer' : 'more'} ${what}`;
}
