/**
 * What is wrong with a scenario, in a sentence for the person who wrote it: what stands where, and what is allowed there. The schema itself is asked, so that
 * what is said stays true when the language grows.
 */
import type * as v from 'valibot';
import { asJson, quoted, shortened } from '#base/quoted.ts';

/** What this file reads of a schema of valibot; which fields there are depends on its type. */
interface Shape {
  readonly type: string;
  readonly kind?: string;
  readonly wrapped?: Shape;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly items?: readonly Shape[];
  readonly options?: readonly unknown[];
  readonly value?: Shape;
  readonly literal?: unknown;
  readonly pipe?: readonly Rule[];
}

interface Rule {
  readonly kind: string;
  readonly type: string;
  readonly requirement?: unknown;
  readonly message?: unknown;
}

/** `/timeline/0/who: "ue9" is not allowed; it takes one of ue1, ue2.` */
export function sentenceOf(schema: unknown, issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map((item) => String(item.key));
  const where = `/${keys.join('/')}`;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = Object.keys(shapeAt(schema as Shape, keys.slice(0, -1))?.entries ?? {});
    return `${where}: nothing is called ${quoted(keys.at(-1) ?? '')} there${known.length === 0 ? '' : `; there can be ${listed(known, 'and')}`}`;
  }
  const shape = shapeAt(schema as Shape, keys);
  // What a rule of the schema says in its own words is said; the library's words are not for people.
  const own = issue.kind === 'validation' && !issue.message.startsWith('Invalid ') ? issue.message : undefined;
  const takes = own ?? (shape === undefined ? undefined : allowed(shape)) ?? issue.message;
  if (issue.received === 'undefined') return `${where}: this is missing; it takes ${takes}`;
  return `${where}: ${valueText(issue.input)} is not allowed; it takes ${takes}`;
}

function valueText(value: unknown): string {
  const text = Array.isArray(value) ? 'a list like this' : typeof value === 'object' && value !== null ? 'an object' : asJson(value);
  return shortened(text);
}

/** What the schema asks for at that place; undefined where several ways are open. */
function shapeAt(schema: Shape, keys: readonly string[]): Shape | undefined {
  let shape: Shape | undefined = schema;
  for (const key of keys) {
    while (shape?.wrapped !== undefined) shape = shape.wrapped;
    shape = shape?.entries?.[key] ?? shape?.items?.[Number(key)] ?? shape?.item ?? (shape?.type === 'record' ? shape.value : undefined);
  }
  while (shape?.wrapped !== undefined) shape = shape.wrapped;
  return shape;
}

function allowed(shape: Shape): string | undefined {
  const rules = shape.pipe ?? [];
  const own = rules.find(({ message }) => typeof message === 'string')?.message;
  if (typeof own === 'string') return own;
  switch (shape.type) {
    case 'picklist':
      return listed((shape.options ?? []).map(String), 'or');
    case 'literal':
      return JSON.stringify(shape.literal);
    case 'boolean':
      return 'true or false';
    case 'number':
      return numberText(rules);
    case 'string':
      return stringText(rules);
    case 'array':
      return countText('a list', rules);
    case 'tuple':
      return `a list of ${String(shape.items?.length ?? 0)}`;
    case 'strict_object':
      return `an object with ${listed(
        Object.entries(shape.entries ?? {}).flatMap(([key, { type }]) => (type === 'optional' ? [] : [key])),
        'and',
      )}`.replace(/ with $/, '');
    case 'record':
      return 'an object';
    default:
      return undefined;
  }
}

const bound = (rules: readonly Rule[], type: string): number | undefined => {
  const found = rules.filter((rule) => rule.type === type).map(({ requirement }) => Number(requirement));
  return found.length === 0 ? undefined : type.startsWith('min') ? Math.max(...found) : Math.min(...found);
};

function numberText(rules: readonly Rule[]): string {
  const kind = rules.some(({ type }) => type === 'integer') ? 'a whole number' : 'a number';
  const [least, most] = [bound(rules, 'min_value'), bound(rules, 'max_value')];
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  return least === undefined ? kind : `${kind} that is ${least} at least`;
}

function stringText(rules: readonly Rule[]): string {
  const pattern = rules.find(({ type }) => type === 'regex')?.requirement;
  if (pattern instanceof RegExp) return `a text of the form ${pattern.source}`;
  return countText('a text', rules, ' characters');
}

function countText(what: string, rules: readonly Rule[], of = ''): string {
  const [least, most] = [bound(rules, 'min_length'), bound(rules, 'max_length')];
  if (least !== undefined && most !== undefined) return `${what} of ${least} to ${most}${of}`;
  return most === undefined ? what : `${what} of ${most}${of} at most`;
}

const listed = (words: readonly string[], last: string): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
