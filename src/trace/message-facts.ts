/** What views need to know of a message's bytes: request or response, to which transaction it belongs, and for SIP a few header values. */
import { hashText } from '#base/chance.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { parseSipMessage, type SipMessage } from '#protocol/sip/message.ts';
import { parseCSeq, parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';
import { branchOf } from '#protocol/sip/via.ts';
import type { MessageRecord } from './record.ts';

export interface SipFacts {
  /** Of the request, or of the request that a response answers. */
  readonly method: string;
  readonly status: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  /** Event package, without parameters. */
  readonly event: string | undefined;
  /** Seconds. */
  readonly expires: number | undefined;
  /** Of a NOTIFY: `active`, `pending`, `terminated`; its reason, and the seconds that are left. */
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly stateExpires: number | undefined;
}

export interface MessageFacts {
  readonly isRequest: boolean;
  /** The same for a request, its retransmissions and its responses, on one hop; undefined where the bytes do not tell. */
  readonly transaction: string | undefined;
  readonly sip: SipFacts | undefined;
}

const known = new WeakMap<MessageRecord, MessageFacts>();

/** Reads a message once and remembers: records do not change. Never throws: of bytes that cannot be read it says that they are a request of no transaction. */
export function factsOf(message: MessageRecord): MessageFacts {
  let facts = known.get(message);
  if (facts === undefined) {
    facts = read(message);
    known.set(message, facts);
  }
  return facts;
}

function read(message: MessageRecord): MessageFacts {
  const { bytes } = message;
  switch (message.protocol) {
    case 'SIP':
      return readSip(message);
    case 'Diameter': {
      if (bytes.length < 20) return UNREADABLE;
      const hopByHop = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12);
      return { isRequest: ((bytes[4] ?? 0) & 0x80) !== 0, transaction: `Diameter ${endsOf(message)} ${hopByHop}`, sip: undefined };
    }
    case 'DNS':
      return readDns(message);
    case 'HTTP':
      return { isRequest: !startsWith(bytes, 'HTTP/'), transaction: undefined, sip: undefined };
    case 'IKE':
      // RFC 7296 §3.1: the R flag.
      return { isRequest: ((bytes[19] ?? 0) & 0x20) === 0, transaction: undefined, sip: undefined };
    case 'XMPP':
    case 'ESP':
    case 'Report':
      return UNREADABLE;
  }
}

const UNREADABLE: MessageFacts = { isRequest: true, transaction: undefined, sip: undefined };

function readSip(message: MessageRecord): MessageFacts {
  const isRequest = !startsWith(message.bytes, 'SIP/');
  const parsed = parseSipMessage(message.bytes);
  const sip: SipMessage | undefined = parsed.kind === 'sip-error' ? parsed.partial : parsed;
  const via = sip?.headers.first('Via');
  const cseq = parseCSeq(sip?.headers.get('CSeq') ?? '');
  const callId = sip?.headers.get('Call-ID');
  if (sip === undefined || via === undefined || cseq === undefined || callId === undefined) return { isRequest, transaction: undefined, sip: undefined };
  const { headers } = sip;
  const state = parseParameterized(headers.get('Subscription-State') ?? '');
  return {
    isRequest,
    transaction: `SIP ${hostsOf(message)} ${branchOf(via) ?? via} ${cseq.method}`,
    sip: {
      method: cseq.method,
      status: sip.kind === 'response' ? sip.status : undefined,
      callId,
      cseq: cseq.number,
      fromTag: tagOf(headers.get('From') ?? ''),
      toTag: tagOf(headers.get('To') ?? ''),
      event: parseParameterized(headers.get('Event') ?? '')?.value,
      expires: parseDeltaSeconds(headers.get('Expires')),
      state: state?.value.toLowerCase(),
      stateReason: state?.params.get('reason'),
      stateExpires: parseDeltaSeconds(state?.params.get('expires')),
    },
  };
}

function readDns(message: MessageRecord): MessageFacts {
  const { bytes } = message;
  if (bytes.length < 12) return UNREADABLE;
  // Identifier and first question, which a response repeats: an identifier may come again with another question.
  let end = 12;
  for (let length = bytes[end] ?? 0; length !== 0 && length < 64; length = bytes[end] ?? 0) end += 1 + length;
  const question = hashText(String.fromCharCode(...bytes.subarray(12, Math.min(end + 5, 300)))).toString(36);
  return {
    isRequest: ((bytes[2] ?? 0) & 0x80) === 0,
    transaction: `DNS ${endsOf(message)} ${((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)} ${question}`,
    sip: undefined,
  };
}

/** The two hosts, the same for both directions: a request may come back to another port, and gateways on the way keep the addresses. */
function hostsOf({ src, dst }: MessageRecord): string {
  const [a, b] = [src.slice(0, src.lastIndexOf(':')), dst.slice(0, dst.lastIndexOf(':'))];
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** The two endpoints, the same for both directions. */
const endsOf = ({ src, dst }: MessageRecord): string => (src < dst ? `${src} ${dst}` : `${dst} ${src}`);

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

const TEXTUAL: ReadonlySet<string> = new Set(['SIP', 'HTTP', 'XMPP', 'Report']);

/** The message as text for people; undefined for binary protocols. Bytes that are not UTF-8 show as U+FFFD. */
export const textOf = (message: MessageRecord): string | undefined => (TEXTUAL.has(message.protocol) ? decodeUtf8(message.bytes) : undefined);

/** It could not be sent, being more than a datagram holds: lost at once. */
export const isUnsent = ({ lostAt, sentAt }: MessageRecord): boolean => lostAt === sentAt;
