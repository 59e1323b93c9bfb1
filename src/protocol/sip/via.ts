/** The Via header field (RFC 3261 §20.42 and §25.1; `rport` of RFC 3581). One value each; lists are split by HeaderFields. */
import { formatParams, hasParam, paramOf, skipParams, type Params } from './params.ts';
import { hostText, numberAt, skipBlanks, skipDigits, skipHost, skipToken } from './scan.ts';
import { formatHost } from './uri.ts';

export interface Via {
  /** Upper case: UDP, TCP, TLS, SCTP, WS, or anything else a peer wrote. */
  readonly transport: string;
  /** Lower case; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly branch: string | undefined;
  /** All parameters, `branch` included. */
  readonly params: Params;
}

/** Where the last scan found the parts; valid until the next scan. */
const at = { transport: 0, transportEnd: 0, host: 0, hostEnd: 0, port: -1, params: 0 };

/** SIP / 2.0 / transport LWS host [: port], up to the parameters. */
function scanSentBy(text: string, start: number, end: number): boolean {
  let i: number;
  if (end - start > 8 && text.startsWith('SIP/2.0/', start)) i = start + 8;
  else {
    i = skipSlash(text, skipToken(text, start, end), start, end);
    if (i < 0 || text.slice(start, start + 3).toUpperCase() !== 'SIP') return false;
    const version = i;
    i = skipSlash(text, skipToken(text, version, end), version, end);
    if (i < 0 || !text.startsWith('2.0', version)) return false;
  }
  at.transport = i;
  const stop = skipToken(text, i, end);
  at.transportEnd = stop;
  at.host = skipBlanks(text, stop, end);
  if (stop === i || at.host === stop) return false;
  at.hostEnd = skipHost(text, at.host, end);
  if (at.hostEnd < 0) return false;
  i = skipBlanks(text, at.hostEnd, end);
  at.port = -1;
  if (i < end && text.charCodeAt(i) === 58) {
    const digits = skipBlanks(text, i + 1, end);
    i = skipDigits(text, digits, end);
    if (i === digits || i > digits + 5) return false;
    at.port = numberAt(text, digits, i);
    if (at.port > 65535) return false;
  }
  at.params = i;
  return true;
}

/** The position after `stop`, blanks, a slash and blanks; -1 when the run before is empty or there is no slash. */
function skipSlash(text: string, stop: number, start: number, end: number): number {
  const slash = skipBlanks(text, stop, end);
  return stop === start || text.charCodeAt(slash) !== 47 ? -1 : skipBlanks(text, slash + 1, end);
}

/** The characters from `start` to `end` are one or more Via values between commas: checked without building anything. */
export function areViasAt(text: string, start: number, end: number): boolean {
  for (;;) {
    if (!scanSentBy(text, start, end)) return false;
    const stop = skipParams(text, at.params, end);
    if (stop === end) return true;
    if (stop < 0 || text.charCodeAt(stop) !== 44) return false;
    start = skipBlanks(text, stop + 1, end);
  }
}

/** Undefined when malformed or not SIP/2.0. */
export function parseVia(value: string): Via | undefined {
  if (!scanSentBy(value, skipBlanks(value, 0, value.length), value.length)) return undefined;
  const transport = value.slice(at.transport, at.transportEnd).toUpperCase();
  const host = hostText(value, at.host, at.hostEnd);
  const port = at.port;
  const params = new Map<string, string | undefined>();
  if (skipParams(value, at.params, value.length, params) !== value.length) return undefined;
  const branch = params.get('branch');
  return port < 0 ? { transport, host, branch, params } : { transport, host, port, branch, params };
}

/** What a server needs of the topmost Via of a request, read without building its parameters. */
export interface ViaHead {
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly rport: boolean;
  readonly received: boolean;
}

/** Undefined when malformed or not SIP/2.0. */
export function parseViaHead(value: string): ViaHead | undefined {
  if (!scanSentBy(value, skipBlanks(value, 0, value.length), value.length)) return undefined;
  const { params, port } = at;
  if (skipParams(value, params, value.length) !== value.length) return undefined;
  return {
    host: hostText(value, at.host, at.hostEnd),
    port: port < 0 ? undefined : port,
    branch: paramOf(value, params, 'branch'),
    rport: hasParam(value, params, 'rport'),
    received: hasParam(value, params, 'received'),
  };
}

/** `branch` of the record stands for the parameter: put first when it is not among them. */
export function formatVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  const branch = via.branch === undefined || via.params.get('branch') === via.branch ? '' : `;branch=${via.branch}`;
  let params = via.params;
  if (branch !== '' && params.has('branch')) {
    const others = new Map(params);
    others.delete('branch');
    params = others;
  }
  return `SIP/2.0/${via.transport} ${formatHost(via.host)}${port}${branch}${formatParams(params)}`;
}

/** The branch of a Via value without building the rest. */
export function branchOf(value: string): string | undefined {
  return scanSentBy(value, skipBlanks(value, 0, value.length), value.length) ? paramOf(value, at.params, 'branch') : undefined;
}
