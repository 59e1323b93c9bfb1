/** Short names of messages for people: `SUBSCRIBE`, `200 OK (SUBSCRIBE)`. Leaves out which dialog or hop it is. No clause governs them. */
import type { SipMessage } from './message.ts';

export function labelOf(message: SipMessage): string {
  if (message.kind === 'request') return message.method;
  const cseq = message.headers.get('CSeq');
  const method = cseq === undefined ? '' : cseq.slice(cseq.lastIndexOf(' ') + 1);
  const reason = message.reason === '' ? '' : ` ${message.reason}`;
  return method === '' ? `${message.status}${reason}` : `${message.status}${reason} (${method})`;
}
