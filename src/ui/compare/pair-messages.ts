/** Two messages line by line beside one another: SIP by header fields, whatever their order in the other; anything else as it is read. Of two languages nothing is paired: each stands as it is read. */
import { textOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';
import { formatHex, type Leaf } from '../inspector/decoded.ts';
import { diffHeaders, type LineChange } from '../inspector/header-diff.ts';
import { leavesOf } from '../inspector/leaves-of.ts';
import { splitSipText } from '../inspector/sip-text.ts';

export interface PairedLine {
  /** `added`: only in the right one; `removed`: only in the left one. */
  readonly change: LineChange;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Messages of two languages have no lines in common. */
export const isComparable = (left: MessageRecord, right: MessageRecord): boolean => left.protocol === right.protocol;

export function pairMessages(left: MessageRecord, right: MessageRecord): readonly PairedLine[] {
  if (!isComparable(left, right)) return besideOneAnother(readingOf(left), readingOf(right));
  if (left.protocol !== 'SIP') return pairReadings(left, right);
  const [before, now] = [splitSipText(left.bytes), splitSipText(right.bytes)];
  const headers = diffHeaders(before, now).map(({ written, value, change, was }): PairedLine => {
    const line = `${written}: ${value}`;
    if (change === 'added') return { change, left: undefined, right: line };
    if (change === 'removed') return { change, left: line, right: undefined };
    return { change, left: change === 'changed' ? `${written}: ${was ?? ''}` : line, right: line };
  });
  return [...pairLines([before.startLine], [now.startLine]), ...headers, ...pairLines(bodyLines(before.body), bodyLines(now.body))];
}

/** As names and values, or as text; by octets where octets differ that neither shows. */
function pairReadings(left: MessageRecord, right: MessageRecord): readonly PairedLine[] {
  const lines = pairLines(readingOf(left), readingOf(right));
  const [a, b] = [formatHex(left.bytes), formatHex(right.bytes)];
  return a !== b && lines.every(({ change }) => change === 'same') ? pairLines(a.split('\n'), b.split('\n')) : lines;
}

function readingOf(message: MessageRecord): readonly string[] {
  const leaves = leavesOf(message);
  return leaves === undefined ? bodyLines(textOf(message) ?? formatHex(message.bytes)) : linesOf(leaves, '');
}

const linesOf = (leaves: readonly Leaf[], indent: string): readonly string[] =>
  leaves.flatMap(({ name, value, document = '', members = [] }) => [
    `${indent}${value === '' ? name : `${name}: ${value}`}`,
    ...bodyLines(document).map((line) => `${indent}  ${line}`),
    ...linesOf(members, `${indent}  `),
  ]);

const besideOneAnother = (left: readonly string[], right: readonly string[]): readonly PairedLine[] =>
  pairLines(left, right).map((line) => ({ ...line, change: 'same' }));

const bodyLines = (body: string): readonly string[] => (body === '' ? [] : body.trimEnd().split(/\r?\n/));

/** Line by line in their order. */
function pairLines(left: readonly string[], right: readonly string[]): readonly PairedLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i): PairedLine => {
    const [a, b] = [left[i], right[i]];
    return { change: a === b ? 'same' : a === undefined ? 'added' : b === undefined ? 'removed' : 'changed', left: a, right: b };
  });
}

/** `3 lines differ, 2 are only in the pinned one, 1 only in the other one; 14 are the same.` */
export function summaryOf(lines: readonly PairedLine[]): string {
  const count = (change: LineChange): number => lines.filter((line) => line.change === change).length;
  const said = (n: number, one: string, many: string): readonly string[] => (n === 0 ? [] : [n === 1 ? `one line ${one}` : `${n} lines ${many}`]);
  const parts = [
    ...said(count('changed'), 'differs', 'differ'),
    ...said(count('removed'), 'is in the pinned one only', 'are in the pinned one only'),
    ...said(count('added'), 'is in the other one only', 'are in the other one only'),
    ...said(count('same'), 'is the same', 'are the same'),
  ];
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
