/** What a message is called at stage 2 (TS 23.141 §A.2.1, see spec section 1.4), with the little that tells one of a name from another. */
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { isGranted, resultOf } from '#protocol/diameter/result.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { factsOf, type SipFacts } from './message-facts.ts';
import type { MessageRecord } from './record.ts';
import { isWatcherList } from './stage2-functions.ts';
import { formatSpan } from './time-text.ts';

const PLAIN_OK = 200;

/** `SubscribePres (for 7 200 s)`, `MsgAck`, `MsgAck: 404 Not Found`, `PresUpdateMsg (refresh)`; of a message that `stage2Method` knows. */
export function stage2Name(message: MessageRecord): string {
  const { sip } = factsOf(message);
  if (sip === undefined) return diameterName(message);
  if (sip.status !== undefined) return acknowledgement(message, sip.status);
  const list = isWatcherList(sip) ? 'watcher list, ' : '';
  switch (sip.method) {
    case 'SUBSCRIBE':
      return `SubscribePres (${list}${wishOf(sip)})`;
    case 'NOTIFY':
      return `NotifyPresUp (${list}${sip.state ?? 'no state'}${sip.stateReason === undefined ? '' : `, ${sip.stateReason}`})`;
    default:
      return `PresUpdateMsg (${publicationOf(message, sip)})`;
  }
}

/** What the network agent is told over Pi: a third-party REGISTER, or the state of a registration. */
export const isToldOverPi = (sip: SipFacts): boolean => sip.method === 'REGISTER' || (sip.method === 'NOTIFY' && sip.event === 'reg');

/** `Report (registered)`, `Report (registration active)`; of a report of stage 2 `Report (Pc: busy)`, `Request (Pl)`. */
export function reportName(message: MessageRecord): string {
  const { sip } = factsOf(message);
  if (sip === undefined) {
    const [, point = '', state] = /^(P[a-z]) (?:report: (.+)|request)$/.exec(message.label) ?? [];
    return state === undefined ? `Request (${point})` : `Report (${point}: ${state})`;
  }
  if (sip.method === 'NOTIFY') return `Report (Pi: registration ${sip.state ?? 'unknown'})`;
  return `Report (Pi: ${sip.expires === 0 ? 'not registered any more' : 'registered'})`;
}

/** The requests that stage 2 has a name for. */
export function isStage2Request(sip: SipFacts): boolean {
  return (sip.method === 'SUBSCRIBE' || sip.method === 'NOTIFY' || sip.method === 'PUBLISH') && (sip.event === 'presence' || sip.event === 'presence.winfo');
}

/** Now, for so long, prolonged, no more. */
function wishOf({ expires, toTag }: SipFacts): string {
  if (expires === 0) return toTag === undefined ? 'once' : 'stop';
  const length = expires === undefined ? 'as long as usual' : `for ${formatSpan(expires * 1_000_000)}`;
  return toTag === undefined ? length : `again ${length}`;
}

/** RFC 3903 §4.1: a publication is begun, refreshed, modified or removed by its entity-tag, its body and its expiry. */
function publicationOf(message: MessageRecord, { expires }: SipFacts): string {
  const parsed = parseSipMessage(message.bytes);
  const sip = parsed.kind === 'sip-error' ? parsed.partial : parsed;
  if (sip?.headers.first('SIP-If-Match') === undefined) return 'first';
  if (expires === 0) return 'remove';
  return sip.body.length > 0 ? 'change' : 'refresh';
}

function acknowledgement(message: MessageRecord, status: number): string {
  if (status === PLAIN_OK) return 'MsgAck';
  const parsed = parseSipMessage(message.bytes);
  const sip = parsed.kind === 'sip-error' ? parsed.partial : parsed;
  const reason = sip?.kind === 'response' ? `${status} ${sip.reason}` : `${status}`;
  return status < 300 ? `MsgAck (${reason})` : `MsgAck: ${reason}`;
}

function diameterName(message: MessageRecord): string {
  if (factsOf(message).isRequest) return 'Query';
  const parsed = parseDiameterMessage(message.bytes);
  const result = 'avps' in parsed ? resultOf(parsed.avps) : undefined;
  return result === undefined || isGranted(result) ? 'Resp' : `Resp: ${plainWords(result.name)}`;
}

/** `DIAMETER_ERROR_USER_UNKNOWN` for people: `user unknown`. */
const plainWords = (name: string): string =>
  name
    .replace(/^DIAMETER_(ERROR_)?/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
