/**
 * What a person changes in a message on its way, as data short enough for a link. A change of a SIP message names header lines as they travelled
 * (`the second Route`), so that it keeps its sense when an earlier change made another message of it; what it does not name stays byte for byte.
 * Nothing is checked: a hostile edit is what it is for. A change that cannot be said in lines replaces the whole text; bytes are replaced as a whole.
 */
import { concatBytes, fromHex } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { canonicalName } from '#protocol/sip/header-names.ts';
import { findHeaderEnd } from '#protocol/sip/header-end.ts';

export type MessageEdit =
  /** Another start line. */
  | { readonly op: 'start'; readonly to: string }
  /** The nth line (from 1, the default) of that header field is gone; `nth` 0: all of them. */
  | { readonly op: 'remove'; readonly header: string; readonly nth?: number }
  /** The nth line of that header field has another value; where there is none, it is added. */
  | { readonly op: 'set'; readonly header: string; readonly nth?: number; readonly to: string }
  /** A line more: in front of the nth line of the header field `before`, or at the end of the header. */
  | { readonly op: 'add'; readonly header: string; readonly to: string; readonly before?: string; readonly nth?: number }
  /** Another body. Content-Length stays as it is unless it is changed too. */
  | { readonly op: 'body'; readonly to: string }
  /** Another text altogether. */
  | { readonly op: 'text'; readonly to: string }
  /** Other bytes altogether, in hexadecimal digits. */
  | { readonly op: 'hex'; readonly to: string };

/** A header line, whole: a folded one keeps its line ends. */
interface Line {
  readonly name: string;
  readonly raw: string;
}

interface Parts {
  readonly start: string;
  readonly lines: readonly Line[];
  /** Undefined where no empty line ends the header. */
  readonly body: Uint8Array | undefined;
}

const LARGEST_HEADER = 1_000_000;

function partsOf(bytes: Uint8Array): Parts {
  const end = findHeaderEnd(bytes, 0, LARGEST_HEADER);
  const head = decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end)).replace(/(?:\r?\n)+$/, '');
  const [start = '', ...rest] = head.split(/\r?\n/);
  const lines: Line[] = [];
  for (const raw of rest) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(raw) && last !== undefined) lines[lines.length - 1] = { ...last, raw: `${last.raw}\r\n${raw}` };
    else lines.push({ name: nameOf(raw), raw });
  }
  return { start, lines, body: end < 0 ? undefined : bytes.subarray(end) };
}

const nameOf = (raw: string): string => canonicalName((raw.includes(':') ? raw.slice(0, raw.indexOf(':')) : raw).trimEnd());
const valueOf = (raw: string): string => (raw.includes(':') ? raw.slice(raw.indexOf(':') + 1).trim() : '');

function joined({ start, lines, body }: Parts): Uint8Array {
  const head = `${[start, ...lines.map((line) => line.raw)].join('\r\n')}\r\n`;
  return body === undefined ? encodeUtf8(head) : concatBytes(encodeUtf8(`${head}\r\n`), body);
}

/** The place of the nth line of that name among the lines; -1 where there is none. */
function placeOf(lines: readonly Line[], header: string, nth: number): number {
  const name = canonicalName(header);
  let left = nth;
  return lines.findIndex((line) => line.name === name && --left === 0);
}

/** What arrives of `bytes` after these edits. Hexadecimal digits that are none are passed over. Never throws. */
export function applyEdits(bytes: Uint8Array, edits: readonly MessageEdit[]): Uint8Array {
  const whole = edits.findLast((edit) => edit.op === 'text' || edit.op === 'hex');
  if (whole?.op === 'text') return encodeUtf8(whole.to);
  if (whole?.op === 'hex') return bytesOfHex(whole.to);
  const parts = partsOf(bytes);
  let { start, body } = parts;
  const own = parts.lines.map((line): string | undefined => line.raw);
  const inFront = new Map<number, string[]>();
  for (const edit of edits) {
    if (edit.op === 'start') start = edit.to;
    else if (edit.op === 'body') body = encodeUtf8(edit.to);
    else if (edit.op === 'remove') {
      const name = canonicalName(edit.header);
      const only = edit.nth === 0 ? undefined : placeOf(parts.lines, edit.header, edit.nth ?? 1);
      for (const [i, line] of parts.lines.entries()) if (line.name === name && (only ?? i) === i) own[i] = undefined;
    } else if (edit.op === 'set' || edit.op === 'add') {
      const at = edit.op === 'set' ? placeOf(parts.lines, edit.header, edit.nth ?? 1) : placeOf(parts.lines, edit.before ?? '', edit.nth ?? 1);
      const line = parts.lines[at];
      if (edit.op === 'set' && line !== undefined) own[at] = `${line.raw.slice(0, line.raw.indexOf(':'))}: ${edit.to}`;
      else {
        const before = at < 0 ? own.length : at;
        const raw = `${edit.header}: ${edit.to}`;
        const others = inFront.get(before);
        if (others === undefined) inFront.set(before, [raw]);
        else others.push(raw);
      }
    }
  }
  const lines = [...own, undefined].flatMap((raw, i) => [...(inFront.get(i) ?? []), ...(raw === undefined ? [] : [raw])]);
  return joined({ start, lines: lines.map((raw) => ({ name: '', raw })), body });
}

/** One thing that differs between what was sent and what arrives. */
export interface Difference {
  readonly op: 'added' | 'removed' | 'changed';
  /** Canonical name of the header field; `Request-URI`, `Start line` or `Body`. */
  readonly header: string;
  readonly from?: string;
  readonly to?: string;
}

/** What differs between two SIP messages, line by line, in the order of the text. */
export function differencesOf(before: Uint8Array, after: Uint8Array): readonly Difference[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const found: Difference[] = [];
  if (old.start !== now.start) found.push(startDifference(old.start, now.start));
  for (const { removed, added } of gapsOf(old.lines, now.lines)) {
    for (const pair of pairsOf(removed, added)) {
      const from = pair.old === undefined ? {} : { from: valueOf(pair.old.raw) };
      const to = pair.now === undefined ? {} : { to: valueOf(pair.now.raw) };
      const op = pair.now === undefined ? 'removed' : pair.old === undefined ? 'added' : 'changed';
      found.push({ op, header: (pair.old ?? pair.now)?.name ?? '', ...from, ...to });
    }
  }
  const [oldBody, nowBody] = [decodeUtf8(old.body ?? new Uint8Array(0)), decodeUtf8(now.body ?? new Uint8Array(0))];
  if (oldBody !== nowBody) found.push({ op: 'changed', header: 'Body', from: oldBody, to: nowBody });
  return found;
}

function startDifference(from: string, to: string): Difference {
  const [before, after] = [from.split(' '), to.split(' ')];
  const onlyUri = before.length === 3 && after.length === 3 && before[0] === after[0] && before[2] === after[2] && !from.startsWith('SIP/');
  return onlyUri ? { op: 'changed', header: 'Request-URI', from: before[1] ?? '', to: after[1] ?? '' } : { op: 'changed', header: 'Start line', from, to };
}

/** Lines that stand in one of them only, between lines that stand in both; `next` is the line of the old text in front of which they stood. */
interface Gap {
  readonly removed: readonly (Line & { readonly place: number })[];
  readonly added: readonly Line[];
  readonly next: number;
}

/** Pairs of lines that are compared at most; of longer texts everything between their common beginning and end counts as different. */
const MOST_COMPARED = 1_000_000;
/** Lines of two texts together above which a change is not looked for line by line: the new text is said whole. */
const MOST_LINES = 5000;

function gapsOf(old: readonly Line[], now: readonly Line[]): readonly Gap[] {
  // What both begin and end with need not be compared: longest common subsequence of the rest.
  let begin = 0;
  while (begin < Math.min(old.length, now.length) && old[begin]?.raw === now[begin]?.raw) begin++;
  let [oldEnd, nowEnd] = [old.length, now.length];
  while (oldEnd > begin && nowEnd > begin && old[oldEnd - 1]?.raw === now[nowEnd - 1]?.raw) [oldEnd, nowEnd] = [oldEnd - 1, nowEnd - 1];
  const [rows, columns] = [oldEnd - begin, nowEnd - begin];
  const common = rows * columns > MOST_COMPARED ? [] : Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  const at = (i: number, j: number): number => common[i - begin]?.[j - begin] ?? 0;
  for (let i = begin + common.length - 2; i >= begin; i--)
    for (let j = nowEnd - 1; j >= begin; j--)
      (common[i - begin] as Uint16Array)[j - begin] = old[i]?.raw === now[j]?.raw ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const gaps: Gap[] = [];
  let removed: (Line & { place: number })[] = [];
  let added: Line[] = [];
  const close = (next: number): void => {
    if (removed.length + added.length > 0) gaps.push({ removed, added, next });
    [removed, added] = [[], []];
  };
  let [i, j] = [begin, begin];
  while (i < oldEnd || j < nowEnd) {
    const [a, b] = [i < oldEnd ? old[i] : undefined, j < nowEnd ? now[j] : undefined];
    if (a !== undefined && a.raw === b?.raw) {
      close(i++);
      j++;
    } else if (a !== undefined && (b === undefined || at(i + 1, j) >= at(i, j + 1))) removed.push({ ...a, place: i++ });
    else if (b !== undefined) {
      added.push(b);
      j++;
    }
  }
  close(oldEnd);
  return gaps;
}

interface Pair<A extends Line> {
  readonly old?: A | undefined;
  readonly now?: Line | undefined;
}

/** Within a gap a line of the same name is the old one made different. */
function pairsOf<A extends Line>(removed: readonly A[], added: readonly Line[]): readonly Pair<A>[] {
  if (removed.length * added.length > MOST_COMPARED) return [...removed.map((old) => ({ old })), ...added.map((now) => ({ now }))];
  const left = [...added];
  const pairs: Pair<A>[] = removed.map((old) => {
    const found = left.findIndex((line) => line.name === old.name);
    return { old, now: found < 0 ? undefined : left.splice(found, 1)[0] };
  });
  return [...pairs, ...left.map((now) => ({ now }))];
}

/** The edits that make `after` of `before`: the fewest words that do it exactly. */
export function editsBetween(before: Uint8Array, after: Uint8Array): readonly MessageEdit[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const same = decodeUtf8(after);
  if (old.lines.length + now.lines.length > MOST_LINES) return [{ op: 'text', to: same }];
  for (const pairing of [true, false]) {
    const edits: MessageEdit[] = old.start === now.start ? [] : [{ op: 'start', to: now.start }];
    for (const gap of gapsOf(old.lines, now.lines)) edits.push(...lineEdits(old.lines, gap, pairing));
    const body = decodeUtf8(now.body ?? new Uint8Array(0));
    if (body !== decodeUtf8(old.body ?? new Uint8Array(0))) edits.push({ op: 'body', to: body });
    if (decodeUtf8(applyEdits(before, edits)) === same) return edits;
  }
  return [{ op: 'text', to: same }];
}

function lineEdits(old: readonly Line[], gap: Gap, pairing: boolean): readonly MessageEdit[] {
  const nthOf = (place: number): { readonly nth?: number } => {
    const nth = old.slice(0, place + 1).filter((line) => line.name === old[place]?.name).length;
    return nth > 1 ? { nth } : {};
  };
  const next = old[gap.next];
  const edits: MessageEdit[] = [];
  const pairs = pairing ? pairsOf(gap.removed, gap.added) : [...gap.removed.map((old) => ({ old })), ...gap.added.map((line) => ({ now: line }))];
  for (const { old: was, now: is } of pairs as readonly Pair<(typeof gap.removed)[number]>[]) {
    const place = was === undefined ? {} : nthOf(was.place);
    if (is === undefined) edits.push({ op: 'remove', header: was?.name ?? '', ...place });
    else if (was !== undefined) edits.push({ op: 'set', header: was.name, ...place, to: valueOf(is.raw) });
    else {
      const where = next === undefined ? {} : { before: next.name, ...nthOf(gap.next) };
      edits.push({ op: 'add', header: writtenNameOf(is.raw), to: valueOf(is.raw), ...where });
    }
  }
  return edits;
}

const writtenNameOf = (raw: string): string => (raw.includes(':') ? raw.slice(0, raw.indexOf(':')) : raw).trimEnd();

const bytesOfHex = (text: string): Uint8Array => {
  const digits = text.replace(/[^0-9a-fA-F]/g, '');
  return fromHex(digits.slice(0, digits.length - (digits.length % 2)).toLowerCase()) ?? new Uint8Array(0);
};
