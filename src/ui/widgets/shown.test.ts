import { expect, it } from 'vitest';
import { shown } from './shown.ts';

it.each([
  ['a name that turns what follows', 'x 😀\u202Elong\u202C', 'x 😀⟨U+202E⟩long⟨U+202C⟩'],
  ['isolates and marks', '\u2066a\u2069\u200F\u061C', '⟨U+2066⟩a⟨U+2069⟩⟨U+200F⟩⟨U+061C⟩'],
  ['what a terminal would obey', 'a\u0000b\u001B[31m\u007F\u0085', 'a⟨U+0000⟩b⟨U+001B⟩[31m⟨U+007F⟩⟨U+0085⟩'],
  ['ends of lines, and every other script, stay', 'a\tb\r\nשלום 家族 👨‍👩‍👧', 'a\tb\r\nשלום 家族 👨‍👩‍👧'],
])('%s', (_, text, seen) => expect(shown(text)).toBe(seen));
