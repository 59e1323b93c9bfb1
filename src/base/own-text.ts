/**
 * A flat copy of a text. Engines let a substring keep its whole parent alive: a tag cut out of a 1500-byte message holds all of it.
 * State that outlives a message (tables of dialogs, bindings, subscriptions) stores copies made here.
 */
import { copyText } from './utf8.ts';

/** The same text with memory of its own. Lone surrogates become U+FFFD. Costs about half a microsecond: for state, not for every message. */
export const ownText = copyText;

/** The same texts, as parts of one copy: for what lives and dies together, such as the texts of a dialog. */
export function ownTexts(texts: readonly string[]): string[] {
  const copies = copyText(texts.join('\n')).split('\n');
  // A line end within one of them: no field of a header has that.
  return copies.length === texts.length ? copies : texts.map(copyText);
}
