/** Reading a link that somebody brings: checked field by field. Loaded only when there is one. */
import { parseChanges } from '#trace/parse-changes.ts';
import type { Change } from '#trace/record.ts';
import * as v from 'valibot';
import { FIELDS as FIELDS_OF_PRICE, problemIn } from './price-numbers.ts';
import { type Link, LONGEST_LINK, LONGEST_NUMBER, MOST_CHANGES, PRICE_NAMES, splitPrice } from './url.ts';

/** A link that cannot be read: `problem` is a sentence for people. */
export interface BadLink {
  readonly problem: string;
}

const LARGEST_SEED = 2 ** 32 - 1;

const changes = v.pipe(
  v.string(),
  v.transform((text): readonly Change[] | undefined => {
    const read = parseChanges(text);
    return 'problem' in read || read.length > MOST_CHANGES ? undefined : read;
  }),
  v.check((read) => read !== undefined),
);
const digits = v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger());
const fields = v.object({
  v: v.literal('1'),
  e: v.pipe(v.string(), v.maxLength(40)),
  s: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,80}$/)),
  n: v.pipe(digits, v.maxValue(LARGEST_SEED)),
  c: v.optional(changes),
  o: v.optional(digits),
  t: v.optional(digits),
  r: v.optional(digits),
  x: v.optional(v.pipe(v.string(), v.maxLength(200))),
  p: v.optional(digits),
  l: v.optional(v.picklist(['stage2', 'architecture'])),
  m: v.optional(v.string()),
  h: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/))),
});

/** What each field is called, and what it may be. */
const FIELDS: Readonly<Record<string, readonly [string, string]>> = {
  e: ['engine', 'a text of 40 characters at most'],
  s: ['scenario', 'lower-case letters, digits and hyphens'],
  n: ['seed', `a whole number from 0 to ${LARGEST_SEED}`],
  c: ['changes', `a list of at most ${MOST_CHANGES} changes`],
  o: ['number of changes that it leaves out', 'a whole number'],
  t: ['moment', 'a whole number of microseconds'],
  r: ['record', 'the number of a message'],
  x: ['selection', 'the name of an entity'],
  p: ['pinned message', 'the number of a message'],
  l: ['level', 'stage2 or architecture'],
  m: ['price numbers', 'five numbers'],
  h: ['hash', 'its first digits, 0 to 9 and a to f'],
};
const SHOWN = 30;
const shorten = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const MOST_REMARKS = 3;

/** What stands in the link and is passed over, or has to be guessed: it opens all the same. */
function remarksOn(params: URLSearchParams): readonly string[] {
  const remarks: string[] = [];
  const keys = [...params.keys()];
  for (const key of new Set(keys)) {
    const name = key === 'v' ? 'form' : FIELDS[key]?.[0];
    if (name === undefined) remarks.push(`The link also holds “${shorten(key)}”, which says nothing to this page.`);
    else if (keys.filter((each) => each === key).length > 1) remarks.push(`The link says its ${name} more than once; the last one counts.`);
  }
  const [t, r] = [params.has('t'), params.has('r')];
  if (t && !r) remarks.push('The link names a moment but no message: the story stands at what was sent last before it.');
  if (r && !t) remarks.push('The link names a message but no moment, so the story stands at its beginning.');
  return remarks.slice(0, MOST_REMARKS);
}

function problemOf(key: string, given: string | undefined): string {
  const [name, allowed] = FIELDS[key] ?? ['text', 'something else'];
  if (given === undefined) return `The link is incomplete: it does not say its ${name}.`;
  const read = key === 'c' ? parseChanges(given) : [];
  if ('problem' in read) return `The link is damaged. ${read.problem}`;
  return `The link is damaged: its ${name} is “${shorten(given)}”, but can only be ${allowed}.`;
}

/** The numbers stay as they were typed, so that who has made a mistake finds it in its field; what is no list of five is not taken. */
function readPrice(text: string): { readonly texts: readonly string[]; readonly remarks: readonly string[] } {
  const texts = splitPrice(text);
  if (texts.length === 0) return { texts, remarks: [] };
  if (texts.length !== PRICE_NAMES.length || texts.some(({ length }) => length > LONGEST_NUMBER))
    return {
      texts: [],
      remarks: [`The link brings “${shorten(text)}” as the numbers of the price view, which are five: those of the first case stand there.`],
    };
  const bad = FIELDS_OF_PRICE.filter((field) => problemIn(field, texts[PRICE_NAMES.indexOf(field.name)] ?? '') !== undefined).map(({ label }) => label);
  const remark = `Of the numbers of the price view that the link brings, ${bad.length === 1 ? 'one cannot be used' : `${bad.length} cannot be used`} (${bad.join(', ')}): the form says why.`;
  return { texts, remarks: bad.length === 0 ? [] : [remark] };
}

/** Undefined when there is no link at all (an empty fragment). */
export function parseLink(fragment: string): Link | BadLink | undefined {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text === '') return undefined;
  if (text.length > LONGEST_LINK) return { problem: 'The link is longer than any that this page makes, so it was not read.' };
  const given = new URLSearchParams(text);
  const params = Object.fromEntries(given);
  const version = params['v'];
  if (version !== '1') {
    return {
      problem:
        version === undefined
          ? 'The link is not one of this page: it names no version.'
          : `The link is of form ${version}; this page reads form 1. It may come from a newer version.`,
    };
  }
  const read = v.safeParse(fields, params);
  if (!read.success) {
    const key = read.issues[0].path?.[0]?.key;
    const field = typeof key === 'string' ? key : '';
    return { problem: problemOf(field, params[field]) };
  }
  const { e, s, n, c, o, t, r, x, p, l, m, h } = read.output;
  const price = m === undefined ? undefined : readPrice(m);
  const remarks = [...remarksOn(given), ...(price?.remarks ?? [])];
  return {
    engine: e,
    scenario: s,
    seed: n,
    changes: c ?? [],
    ...(o === undefined ? {} : { omitted: o }),
    moment: t === undefined ? undefined : { t, record: r ?? 0 },
    entity: x,
    pinned: p,
    price: price?.texts,
    level: l ?? 'stage3',
    hash: h,
    ...(remarks.length === 0 ? {} : { remarks }),
  };
}
