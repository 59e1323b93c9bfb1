/**
 * Keeps back a NOTIFY that overtakes the 200 of its SUBSCRIBE until JsSIP has seen that answer. A subscriber has to take such a NOTIFY, for it makes the
 * dialog (RFC 6665 §4.4.1); JsSIP makes the dialog from the 200 and would answer 481. Omitted: forked SUBSCRIBEs, of which JsSIP knows one dialog only.
 */
import type { SipMessage } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';

export class HeldNotifies {
  /** Call-ID of every first SUBSCRIBE without final answer, with what is held for it. */
  readonly #unanswered = new Map<string, string[]>();

  /** JsSIP sends this. */
  sent(message: SipMessage): void {
    if (message.kind !== 'request' || message.method !== 'SUBSCRIBE' || tagOf(message.headers.get('To') ?? '') !== undefined) return;
    const callId = message.headers.get('Call-ID') ?? '';
    if (!this.#unanswered.has(callId)) this.#unanswered.set(callId, []);
  }

  /** What JsSIP may see now that this has come: nothing, the message, or the message and those that waited for it. `text` is the message as it came. */
  received(message: SipMessage, text: string): readonly string[] {
    const callId = message.headers.get('Call-ID') ?? '';
    const held = this.#unanswered.get(callId);
    if (held === undefined) return [text];
    if (message.kind === 'request') {
      if (message.method !== 'NOTIFY') return [text];
      held.push(text);
      return [];
    }
    if (message.status < 200 || message.headers.get('CSeq')?.endsWith(' SUBSCRIBE') !== true) return [text];
    // After a challenge JsSIP sends the same SUBSCRIBE again.
    if (message.status === 401 || message.status === 407) return [text];
    this.#unanswered.delete(callId);
    return [text, ...held];
  }
}
