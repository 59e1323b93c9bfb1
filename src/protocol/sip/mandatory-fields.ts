/**
 * The header fields without which no element can work: present, single, well formed.
 * RFC 3261 sections 8.1.1, 20 and 25.1; the answers follow RFC 4475.
 */
import type { HeaderFields } from './header-fields.ts';
import { nextComma, splitList } from './lists.ts';
import { isNameAddr } from './name-addr.ts';
import { skipDigits, skipWord } from './scan.ts';
import { parseCSeq, parseNumber } from './values.ts';
import { isVia } from './via.ts';

export interface FieldFault {
  readonly reason: string;
  readonly header: string;
}

/** RFC 3261 §20.22: an integer from 0 to 255. */
export const MAX_MAX_FORWARDS = 255;

const fault = (header: string, reason: string): FieldFault => ({ header, reason });

/** Call-ID = word [ "@" word ] */
function isCallId(value: string): boolean {
  const end = value.length;
  const stop = skipWord(value, 0, end);
  if (stop === 0) return false;
  if (stop === end) return true;
  return value.charCodeAt(stop) === 64 && stop + 1 < end && skipWord(value, stop + 1, end) === end;
}

/** An empty element between commas is a fault here (RFC 4475 §3.1.2.1). */
function allValues(lines: readonly string[], check: (value: string) => boolean): boolean {
  for (const line of lines) {
    if (nextComma(line, 0) < 0) {
      if (!check(line)) return false;
    } else {
      for (const item of splitList(line)) if (!check(item)) return false;
      if (line.endsWith(',') || line.startsWith(',') || /,\s*,/.test(line.replace(/"(?:[^"\\]|\\.)*"/g, '""'))) return false;
    }
  }
  return true;
}

/** The first thing wrong with the fields that every message must carry, or undefined. `method` is that of the request line; undefined for a response. */
export function checkMandatoryFields(headers: HeaderFields, method: string | undefined): FieldFault | undefined {
  if (!headers.has('Via')) return fault('Via', 'The Via header field is missing.');
  if (!allValues(headers.lines('Via'), isVia)) return fault('Via', 'A Via value is not `SIP/2.0/transport host[:port];params`.');
  for (const name of ['From', 'To'] as const) {
    const value = headers.get(name);
    if (value === undefined) return fault(name, `The ${name} header field is missing.`);
    if (headers.count(name) > 1) return fault(name, `${name} stands more than once.`);
    if (!isNameAddr(value)) return fault(name, `${name} is not an address with parameters.`);
  }
  const callId = headers.get('Call-ID');
  if (callId === undefined) return fault('Call-ID', 'The Call-ID header field is missing.');
  if (headers.count('Call-ID') > 1) return fault('Call-ID', 'Call-ID stands more than once.');
  if (!isCallId(callId)) return fault('Call-ID', 'Call-ID is not `word[@word]`.');
  return checkCSeq(headers, method) ?? checkMaxForwards(headers);
}

function checkCSeq(headers: HeaderFields, method: string | undefined): FieldFault | undefined {
  const value = headers.get('CSeq');
  if (value === undefined) return fault('CSeq', 'The CSeq header field is missing.');
  if (headers.count('CSeq') > 1) return fault('CSeq', 'CSeq stands more than once.');
  const cseq = parseCSeq(value);
  if (cseq === undefined) return fault('CSeq', 'CSeq is not a number below 2^31 and a method.');
  // RFC 3261 §8.1.1.5: the method in CSeq is that of the request.
  if (method !== undefined && cseq.method !== method) return fault('CSeq', `CSeq names ${cseq.method} in a ${method} request.`);
  return undefined;
}

function checkMaxForwards(headers: HeaderFields): FieldFault | undefined {
  const value = headers.get('Max-Forwards');
  if (value === undefined) return undefined;
  if (headers.count('Max-Forwards') > 1) return fault('Max-Forwards', 'Max-Forwards stands more than once.');
  if (parseNumber(value, MAX_MAX_FORWARDS) === undefined) return fault('Max-Forwards', 'Max-Forwards is not a number from 0 to 255.');
  return undefined;
}

/** The length that Content-Length tells: undefined when absent, a fault when it is no number or stands more than once. */
export function readContentLength(headers: HeaderFields): number | FieldFault | undefined {
  const value = headers.get('Content-Length');
  if (value === undefined) return undefined;
  // RFC 4475 §3.3.9: several values leave the end of the message in doubt.
  if (headers.count('Content-Length') > 1) return fault('Content-Length', 'Content-Length stands more than once.');
  if (value === '' || skipDigits(value, 0, value.length) !== value.length) return fault('Content-Length', 'Content-Length is not a number.');
  return Number(value);
}
