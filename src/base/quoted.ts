/** What a stranger wrote, in a sentence for people. */

/** Characters: enough to recognise it by. */
const LONGEST = 60;

/** No longer than that, with a mark where something is left out. */
export const shortened = (text: string, longest = LONGEST): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);

/** As JSON writes it, on one line and without anything that commands a terminal. */
export const asJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** In quotes, on one line whatever it holds. */
export const quoted = (text: string): string => asJson(shortened(text));
