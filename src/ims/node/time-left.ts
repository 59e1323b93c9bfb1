/** A NOTIFY that has waited, for an address or for somebody who did not answer, says how much time is left when it goes, not when it was made (RFC 6665 §4.2.2). */
import type { Note } from '#base/note.ts';
import { type Duration, inSeconds } from '#base/time.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { setHeader } from './edit.ts';

const EXPIRES = /(;\s*expires\s*=\s*)(\d+)/i;

/** `waited` since the value that stands there was right. Less than a second of it does not show: the wire has whole seconds. */
export function tellTimeLeft(request: SipRequest, notes: Note[], waited: Duration): void {
  const state = request.method === 'NOTIFY' ? request.headers.get('Subscription-State') : undefined;
  const expires = state === undefined || /^\s*terminated/i.test(state) ? undefined : EXPIRES.exec(state)?.[2];
  if (state === undefined || expires === undefined) return;
  const left = Math.max(0, Math.ceil(Number(expires) - inSeconds(waited)));
  if (left === Number(expires)) return;
  const value = state.replace(EXPIRES, (_, name: string) => name + String(left));
  setHeader(request, notes, 'Subscription-State', value, 'The NOTIFY had to wait: so much less time is left now that it goes.', 'RFC 6665 §4.2.2');
}
