/**
 * A flat copy of a text. Engines let a substring keep its whole parent alive: a tag cut out of a 1500-byte message holds all of it.
 * State that outlives a message (tables of dialogs, bindings, subscriptions) stores copies made here.
 */
import { decodeUtf8, encodeUtf8Apart } from './utf8.ts';

/** The same text with memory of its own. Lone surrogates become U+FFFD. Costs about half a microsecond: for state, not for every message. */
export const ownText = (text: string): string => decodeUtf8(encodeUtf8Apart(text));
