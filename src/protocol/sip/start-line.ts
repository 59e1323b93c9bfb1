/** The first line of a message: Request-Line or Status-Line (RFC 3261 §7.1, §7.2 and §25.1). */
import { skipToken } from './scan.ts';
import { isRequestUriAt } from './uri.ts';

export interface StartLine {
  /** Empty for a response, or when no method could be read. */
  method: string;
  uri: string;
  /** 0 for a request, or when no status could be read. */
  status: number;
  reason: string;
  /** Position after the line's end. */
  end: number;
  fault: { readonly reason: string; readonly at: number; readonly status: number } | undefined;
}

/** Reads as much as it can even where it finds a fault, so that the request can be answered. */
export function readStartLine(text: string): StartLine {
  const nl = text.indexOf('\n');
  const lineEnd = nl < 0 ? text.length : nl > 0 && text.charCodeAt(nl - 1) === 13 ? nl - 1 : nl;
  const line: StartLine = { method: '', uri: '', status: 0, reason: '', end: nl < 0 ? text.length : nl + 1, fault: undefined };
  if (text.startsWith('SIP/')) readStatusLine(text, lineEnd, line);
  else readRequestLine(text, lineEnd, line);
  return line;
}

function fail(line: StartLine, at: number, reason: string, status = 400): void {
  line.fault ??= { reason, at, status };
}

function readRequestLine(text: string, end: number, line: StartLine): void {
  const methodEnd = skipToken(text, 0, end);
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== 32) {
    fail(line, methodEnd, 'The request line does not begin with a method and a space.');
    return;
  }
  line.method = text.slice(0, methodEnd);
  const uriStart = methodEnd + 1;
  if (end - 8 > uriStart && text.startsWith(' SIP/2.0', end - 8)) {
    const uriEnd = end - 8;
    line.uri = text.slice(uriStart, uriEnd);
    if (!isRequestUriAt(text, uriStart, uriEnd)) fail(line, uriStart, uriFault(line.uri));
    return;
  }
  const last = text.lastIndexOf(' ', end - 1);
  line.uri = text.slice(uriStart, Math.max(uriStart, last)).trim();
  const version = text.slice(last + 1, end);
  if (last < uriStart) fail(line, uriStart, 'The request line lacks a Request-URI or the version.');
  else if (version === '') fail(line, last, 'There is a space after the version.');
  // RFC 3261 §21.5.6: a version that this element does not speak.
  else if (/^SIP\/[0-9]+\.[0-9]+$/i.test(version) && version.slice(4) !== '2.0') fail(line, last + 1, `The version is ${version}, not SIP/2.0.`, 505);
  else if (version.toUpperCase() !== 'SIP/2.0') fail(line, last + 1, 'The request line does not end with SIP/2.0.');
  else if (!isRequestUriAt(text, uriStart, last)) fail(line, uriStart, uriFault(line.uri));
}

function uriFault(uri: string): string {
  if (uri.startsWith('<')) return 'The Request-URI stands in angle brackets.';
  if (/\s/.test(uri) || uri === '') return 'There is more than one space between the parts of the request line, or space in the Request-URI.';
  return uri.includes('?') ? 'The Request-URI is malformed or holds header fields.' : 'The Request-URI is malformed.';
}

function readStatusLine(text: string, end: number, line: StartLine): void {
  const space = text.indexOf(' ');
  const from = space + 1;
  const stop = from + 3;
  if (space < 0 || space >= end || stop > end) {
    fail(line, 0, 'The status line lacks the status code.');
    return;
  }
  const status = Number(text.slice(from, stop));
  if (!/^[1-6][0-9][0-9]$/.test(text.slice(from, stop)) || (stop < end && text.charCodeAt(stop) !== 32)) {
    fail(line, from, 'The status code is not three digits from 100 to 699.');
    return;
  }
  line.status = status;
  line.reason = text.slice(Math.min(end, stop + 1), end);
  if (space !== 7 || !text.startsWith('SIP/2.0')) fail(line, 0, `The version is ${text.slice(0, space)}, not SIP/2.0.`);
}
