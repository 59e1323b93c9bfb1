/** Messages by themselves: they can be read, say their own length, and name themselves by a branch of their own (RFC 3261 §8.1.1.7, §20.14). */
import { equalBytes } from '#base/bytes.ts';
import type { Rule } from './finding.ts';
import { branchOf, isRequest } from './evidence.ts';
import { rule } from './report.ts';

export const READABLE = rule('readable', 'Every SIP message can be read.', 'RFC 3261 §7', ({ unreadable }, blame) => {
  for (const { record, reason } of unreadable) blame({ record }, `cannot be read: ${reason.replace(/\.$/, '')}`);
});

const [CR, LF] = [13, 10];

/** Octets after the first empty line. */
function bodyLength(bytes: Uint8Array): number {
  for (let i = 3; i < bytes.length; i++) {
    if (bytes[i] === LF && bytes[i - 1] === CR && bytes[i - 2] === LF && bytes[i - 3] === CR) return bytes.length - i - 1;
  }
  return 0;
}

export const CONTENT_LENGTH = rule('content-length', 'Content-Length is the length of the body.', 'RFC 3261 §20.14', ({ sip }, blame) => {
  for (const fact of sip) {
    const stated = fact.message.headers.get('Content-Length');
    const length = bodyLength(fact.record.bytes);
    if (stated === undefined ? fact.record.transport === 'tcp' : Number(stated) !== length)
      blame(fact, `says Content-Length ${stated ?? 'not at all'}, but its body has ${length} octets`);
  }
});

export const BRANCHES = rule('branch', 'Every request has a branch of its own; a retransmission is the same octets.', 'RFC 3261 §8.1.1.7', ({ sip }, blame) => {
  const firsts = new Map<string, Uint8Array>();
  for (const fact of sip) {
    if (!isRequest(fact)) continue;
    const branch = branchOf(fact);
    if (!branch.startsWith('z9hG4bK')) blame(fact, `has the branch "${branch}", which does not begin with z9hG4bK`);
    // As it was written: what a person makes of it on its way is nothing to its sender, who sends it again as it was.
    const sent = fact.record.sentBytes ?? fact.record.bytes;
    const first = firsts.get(branch);
    if (first === undefined) firsts.set(branch, sent);
    else if (!equalBytes(first, sent)) blame(fact, `uses the branch ${branch} of another request`);
  }
});

export const FORM_RULES: readonly Rule[] = [READABLE, CONTENT_LENGTH, BRANCHES];
