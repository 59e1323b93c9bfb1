/** The messages of a trace, arranged so that "which travel at this moment" costs a few comparisons, whatever the length of the trace. */
import type { Protocol } from '#base/machine.ts';
import { shortened } from '#base/quoted.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';

export interface MessageIndex {
  /** In the order (sentAt, id): the steps of the trace. */
  readonly messages: readonly MessageRecord[];
  /** When each arrived or was lost; the end of the run for those still on their way. */
  readonly ends: Float64Array;
  /** Number of the last message sent before `t`, or -1. */
  lastSent(t: number): number;
  /** Calls back with the number of each message that travels at `t` (sentAt < t < end), latest first, at most `most` of them. */
  travelling(t: number, most: number, found: (index: number) => void): void;
}

const cache = new WeakMap<Trace, MessageIndex>();

/** Built once per trace. */
export function indexMessages(trace: Trace): MessageIndex {
  let index = cache.get(trace);
  if (index === undefined) {
    index = createIndex(trace);
    cache.set(trace, index);
  }
  return index;
}

function createIndex(trace: Trace): MessageIndex {
  const messages = trace.records.filter((record) => record.kind === 'message').sort((a, b) => a.sentAt - b.sentAt || a.id - b.id);
  const count = messages.length;
  const sent = Float64Array.from(messages, (message) => message.sentAt);
  // What was still under way when the run ended stays under way.
  const ends = Float64Array.from(messages, (message) => message.arrivedAt ?? message.lostAt ?? Infinity);

  // latest[node]: the latest end below that node of a complete binary tree over the messages, so that whole runs of the past are passed over.
  let leaves = 1;
  while (leaves < count) leaves *= 2;
  const latest = new Float64Array(2 * leaves).fill(-Infinity);
  latest.set(ends, leaves);
  for (let node = leaves - 1; node > 0; node--) latest[node] = Math.max(latest[2 * node] ?? -Infinity, latest[2 * node + 1] ?? -Infinity);

  const lastSent = (t: number): number => {
    let low = -1;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((sent[middle] ?? Infinity) < t) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const stack = new Int32Array(128);
  const travelling = (t: number, most: number, found: (index: number) => void): void => {
    const last = lastSent(t);
    if (last < 0) return;
    let left = most;
    let depth = 0;
    stack[depth++] = 1;
    while (depth > 0 && left > 0) {
      const node = stack[--depth] ?? 0;
      if ((latest[node] ?? -Infinity) <= t) continue;
      if (node >= leaves) {
        if (node - leaves > last) continue;
        found(node - leaves);
        left--;
        continue;
      }
      // The first message below the right half; beyond `last` nothing was sent yet.
      const level = 31 - Math.clz32(node);
      const width = leaves >> (level + 1);
      const firstRight = ((2 * node + 1) << (31 - Math.clz32(width || 1))) - leaves;
      stack[depth++] = 2 * node;
      if (firstRight <= last) stack[depth++] = 2 * node + 1;
    }
  };
  return { messages, ends, lastSent, travelling };
}

/** Whether a message answers another one: read from the bytes, because labels are for people. */
export function isAnswer(message: Pick<MessageRecord, 'protocol' | 'bytes' | 'transport'>): boolean {
  const { bytes } = message;
  switch (message.protocol) {
    case 'SIP':
      return startsWith(bytes, 'SIP/');
    case 'HTTP':
      return startsWith(bytes, 'HTTP/');
    // RFC 6733 §3: the R bit. RFC 1035 §4.1.1: the QR bit, after the length when it came over TCP.
    case 'Diameter':
      return ((bytes[4] ?? 0) & 0x80) === 0;
    case 'DNS':
      return ((bytes[message.transport === 'tcp' ? 4 : 2] ?? 0) & 0x80) !== 0;
    // RFC 7296 §3.1: the R flag.
    case 'IKE':
      return ((bytes[19] ?? 0) & 0x20) !== 0;
    case 'XMPP':
    case 'ESP':
    case 'Report':
      return false;
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

export const PROTOCOLS: readonly Protocol[] = ['SIP', 'Diameter', 'DNS', 'HTTP', 'XMPP', 'IKE', 'ESP', 'Report'];

const LONGEST = 24;

/** What is written on the packet: `SUBSCRIBE`, `200 OK`, `LIR`, `NAPTR query`. The rest of the label is for caption and ladder. */
export function pillText(message: Pick<MessageRecord, 'label' | 'protocol'>): string {
  let text = message.label;
  if (message.protocol === 'SIP') text = text.replace(/ \([^)]*\)$/, '');
  else if (message.protocol === 'Report') text = text.replace(' report:', ':');
  // What is inside, nobody on the way can read.
  else if (message.protocol === 'ESP') text = text.replace(/ with .*$/, '');
  else if (message.protocol === 'DNS') {
    const [, answer, first] = /^(?:DNS )?(answer )?\(?(\S+)/.exec(text) ?? [];
    if (answer !== undefined) text = `${first ?? ''} answer`;
    else if (first !== undefined) text = / \(/.test(text) ? first : `${first} query`;
  }
  return shortened(text, LONGEST);
}
