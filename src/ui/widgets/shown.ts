/**
 * Texts of strangers as a page may show them: characters that turn the direction of what follows, or that nobody sees, stand there by their numbers,
 * `⟨U+202E⟩`. Otherwise a name in a message could turn the sentence around it.
 */
const UNSEEN = /[\p{Bidi_Control}\p{Cc}\u2028\u2029]/gu;
const LAYOUT: ReadonlySet<string> = new Set(['\t', '\n', '\r']);

export const shown = (text: string): string =>
  text.replace(UNSEEN, (unseen) => (LAYOUT.has(unseen) ? unseen : `⟨U+${unseen.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`));
