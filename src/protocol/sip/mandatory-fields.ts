/**
 * The header fields without which no element can work: present, single, well formed. Checked in place, while the header is read.
 * RFC 3261 §8.1.1, §20 and §25.1; the answers follow RFC 4475.
 */
import { CALL_ID, CONTENT_LENGTH, CSEQ, FROM, MAX_FORWARDS, TO, VIA } from './header-names.ts';
import { isNameAddrAt } from './name-addr.ts';
import { numberAt, skipDigits, skipWord } from './scan.ts';
import { isCSeqAt } from './values.ts';
import { areViasAt } from './via.ts';

/** RFC 3261 §20.22: an integer from 0 to 255. */
export const MAX_MAX_FORWARDS = 255;

/** Names by role, as in header-names.ts. */
const NAMES = ['', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length'];
export const nameOfRole = (role: number): string => NAMES[role] as string;

const NUMBER_FAULTS = ['Max-Forwards is not a number from 0 to 255.', 'Content-Length is not a number.'];
const FAULTS = [
  '',
  'A Via value is not `SIP/2.0/transport host[:port];params`.',
  'From is not an address with parameters.',
  'To is not an address with parameters.',
  'Call-ID is not `word[@word]`.',
  'CSeq is not a number below 2^31 and a method.',
  ...NUMBER_FAULTS,
];

/** Call-ID = word [ "@" word ] */
function isCallIdAt(text: string, at: number, end: number): boolean {
  const stop = skipWord(text, at, end);
  if (stop === at) return false;
  if (stop === end) return true;
  return text.charCodeAt(stop) === 64 && stop + 1 < end && skipWord(text, stop + 1, end) === end;
}

function isNumberAt(text: string, at: number, end: number, limit: number): boolean {
  return at < end && skipDigits(text, at, end) === end && numberAt(text, at, end) <= limit;
}

function isWellFormed(role: number, text: string, at: number, end: number): boolean {
  switch (role) {
    case VIA:
      return areViasAt(text, at, end);
    case FROM:
    case TO:
      return isNameAddrAt(text, at, end);
    case CALL_ID:
      return isCallIdAt(text, at, end);
    case CSEQ:
      return isCSeqAt(text, at, end);
    case MAX_FORWARDS:
      return isNumberAt(text, at, end, MAX_MAX_FORWARDS);
    case CONTENT_LENGTH:
      return isNumberAt(text, at, end, Number.MAX_SAFE_INTEGER);
    default:
      return true;
  }
}

/** What is wrong with a field of this role whose value stands from `at` to `end`; `seen` has the bit of every role that stood above. */
export function fieldFault(role: number, seen: number, text: string, at: number, end: number): string | undefined {
  if ((seen & (1 << role)) !== 0) {
    // The topmost Via line is what this element acts on; those below are for others and kept as they came.
    if (role === VIA) return undefined;
    // RFC 4475 §3.3.8 and §3.3.9: which of several values counts is in doubt.
    return `${nameOfRole(role)} stands more than once.`;
  }
  return isWellFormed(role, text, at, end) ? undefined : FAULTS[role];
}

const NEEDED = [VIA, FROM, TO, CALL_ID, CSEQ];
const ALL_NEEDED = NEEDED.reduce((bits, role) => bits | (1 << role), 0);

/** RFC 3261 §8.1.1: the role of the first field that every message must carry and this one lacks, or undefined. */
export const missingRole = (seen: number): number | undefined =>
  (seen & ALL_NEEDED) === ALL_NEEDED ? undefined : NEEDED.find((role) => (seen & (1 << role)) === 0);
