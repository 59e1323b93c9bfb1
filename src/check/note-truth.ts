/** Whether the bytes of a SIP message show what its sender noted about them. Other protocols and other acts are not for the bytes to show. */
import { parseSipMessage, type SipMessage } from '#protocol/sip/message.ts';
import type { MessageRecord, NoteRecord } from '#trace/record.ts';

const squeeze = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
const read = new WeakMap<MessageRecord, SipMessage | 'unreadable'>();

function sipOf(message: MessageRecord): SipMessage | undefined {
  let sip = read.get(message);
  if (sip === undefined) {
    const parsed = message.protocol === 'SIP' ? parseSipMessage(message.sentBytes ?? message.bytes) : undefined;
    sip = parsed === undefined || parsed.kind === 'sip-error' ? 'unreadable' : parsed;
    read.set(message, sip);
  }
  return sip === 'unreadable' ? undefined : sip;
}

/** Undefined where the bytes cannot tell: another protocol, a decision, a note of the receiver, a value that the note does not name. */
export function isShown(note: NoteRecord, message: MessageRecord): boolean | undefined {
  const { header, op } = note;
  if (header === undefined || note.entity !== message.from || (op !== 'added' && op !== 'changed' && op !== 'removed' && op !== 'kept')) return undefined;
  const sip = sipOf(message);
  if (sip === undefined) return undefined;
  const values = header === 'Request-URI' ? (sip.kind === 'request' ? [sip.uri] : []) : [...sip.headers.lines(header)];
  const all = squeeze(values.join(','));
  // Another entry of the same words may have stood below the one that was taken off.
  if (op === 'removed') return values.length === 0 || (note.from !== undefined && !all.includes(squeeze(note.from))) ? true : undefined;
  const to = note.to === undefined ? undefined : squeeze(note.to);
  return values.length > 0 && (to === undefined || all.includes(to) || values.some((value) => to.includes(squeeze(value))));
}
