/** Reading a link that somebody brings: checked field by field. Loaded only when there is one. */
import { parseChanges } from '#trace/parse-changes.ts';
import type { Change } from '#trace/record.ts';
import * as v from 'valibot';
import type { Link } from './url.ts';

/** A link that cannot be read: `problem` is a sentence for people. */
export interface BadLink {
  readonly problem: string;
}

const MAX_LENGTH = 20_000;

const MOST_CHANGES = 200;

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
  n: digits,
  c: v.optional(changes),
  t: v.optional(digits),
  r: v.optional(digits),
  x: v.optional(v.pipe(v.string(), v.maxLength(200))),
  p: v.optional(digits),
  l: v.optional(v.picklist(['stage2', 'architecture'])),
  h: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/))),
});

const NAMES: Readonly<Record<string, string>> = {
  v: 'version',
  e: 'engine',
  s: 'scenario',
  n: 'seed',
  c: 'changes',
  t: 'moment',
  r: 'record',
  x: 'selection',
  p: 'pinned message',
  l: 'level',
  h: 'hash',
};

/** Undefined when there is no link at all (an empty fragment). */
export function parseLink(fragment: string): Link | BadLink | undefined {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text === '') return undefined;
  if (text.length > MAX_LENGTH) return { problem: 'The link is longer than any that this page makes, so it was not read.' };
  const params = Object.fromEntries(new URLSearchParams(text));
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
    const name = typeof key === 'string' ? NAMES[key] : undefined;
    return { problem: `The link is damaged: its ${name ?? 'text'} cannot be read.` };
  }
  const { e, s, n, c, t, r, x, p, l, h } = read.output;
  return {
    engine: e,
    scenario: s,
    seed: n,
    changes: c ?? [],
    moment: t === undefined ? undefined : { t, record: r ?? 0 },
    entity: x,
    pinned: p,
    level: l ?? 'stage3',
    hash: h,
  };
}
