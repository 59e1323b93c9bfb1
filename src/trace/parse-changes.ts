/** Reading what a person changed: of a trace, of a link, of the command line. Every member is checked. */
import type { Intent, Json } from '#base/machine.ts';
import type { MessageEdit } from './message-edits.ts';
import { byKind, integer, listOf, members, oneOf, optional, PathError, shaped, text, type Read } from './read-json.ts';
import type { Change } from './record.ts';

const DEEPEST = 16;

function json(value: unknown, path: string, depth = 0): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > DEEPEST || typeof value !== 'object') throw new PathError(path, 'plain JSON, not nested too deeply');
  if (Array.isArray(value)) return value.map((item: unknown, i) => json(item, `${path}[${i}]`, depth + 1));
  const given = members(value, path);
  return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, json(item, `${path}.${key}`, depth + 1)]));
}

export const intent: Read<Intent> = (value, path) => {
  text(members(value, path)['kind'], `${path}.kind`);
  return json(value, path) as { readonly kind: string; readonly [key: string]: Json };
};

const record = integer(1);
const moment = integer(0);

/** Hexadecimal digits in pairs; white space does not matter. */
const hex: Read<string> = (value, path) => {
  const digits = text(value, path);
  if (!/^(?:[0-9a-fA-F]{2}|\s+)*$/.test(digits)) throw new PathError(path, 'an even number of hexadecimal digits');
  return digits;
};

const nth = optional(moment);
const EDITS: Readonly<Record<MessageEdit['op'], Read<MessageEdit>>> = {
  start: shaped({ op: oneOf('start'), to: text }),
  remove: shaped({ op: oneOf('remove'), header: text, nth }),
  set: shaped({ op: oneOf('set'), header: text, nth, to: text }),
  add: shaped({ op: oneOf('add'), header: text, to: text, before: optional(text), nth }),
  body: shaped({ op: oneOf('body'), to: text }),
  text: shaped({ op: oneOf('text'), to: text }),
  hex: shaped({ op: oneOf('hex'), to: hex }),
};

const edit: Read<MessageEdit> = (value, path) => {
  const op = members(value, path)['op'];
  if (typeof op !== 'string' || !Object.hasOwn(EDITS, op)) throw new PathError(`${path}.op`, `one of ${Object.keys(EDITS).join(', ')}`);
  return EDITS[op as MessageEdit['op']](value, path);
};

export const changesInJson: Read<readonly Change[]> = listOf(
  byKind({
    drop: shaped({ kind: oneOf('drop'), record }),
    edit: shaped({ kind: oneOf('edit'), record, edits: listOf(edit) }),
    delay: shaped({ kind: oneOf('delay'), record, by: moment }),
    duplicate: shaped({ kind: oneOf('duplicate'), record }),
    do: shaped({ kind: oneOf('do'), at: moment, who: text, intent }),
    set: shaped({ kind: oneOf('set'), name: text, value: text }),
  }),
);

/** A list of changes, or what is wrong with it in a sentence. Never throws. */
export function parseChanges(text: string): readonly Change[] | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'The changes are not JSON.' };
  }
  try {
    return changesInJson(value, 'changes');
  } catch (error) {
    if (error instanceof PathError) return { problem: `The changes cannot be read: ${error.message}.` };
    throw error;
  }
}
