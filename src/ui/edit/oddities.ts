/** What is odd about a message that a person rewrote: said, never forbidden; and what cannot be on any wire. */
import { largestDatagram } from '#base/datagram.ts';
import { inThousands } from '#base/thousands.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { reasonPhrase, parseSipMessage } from '#protocol/sip/message.ts';
import { isXmlError, readXml } from '#protocol/xml/read.ts';
import type { MessageRecord } from '#trace/record.ts';

/** Fields of which a message has one. */
const SINGLE = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Event', 'Expires', 'Content-Type', 'Content-Length', 'Subscription-State'];

/** Why so many bytes cannot travel as one message, in a sentence: a datagram holds them or does not, a stream holds any. As the network judges it. */
export function tooLong({ transport, src }: Pick<MessageRecord, 'transport' | 'src'>, length: number): string | undefined {
  if (transport !== 'udp' && transport !== 'esp') return undefined;
  const isVersion4 = !src.startsWith('[');
  const most = largestDatagram(transport, isVersion4);
  if (length <= most) return undefined;
  const spaced = (bytes: number): string => inThousands(String(bytes), '\u202f');
  return `With ${spaced(length)} bytes it cannot travel: ${transport === 'udp' ? 'a UDP datagram' : 'a packet'} over ${isVersion4 ? 'IPv4' : 'IPv6'} holds ${spaced(most)} at most. ${spaced(length - most)} fewer are needed.`;
}

/** A sentence for everything that somebody on the way will stumble over. */
export function odditiesOf(bytes: Uint8Array): readonly string[] {
  const message = parseSipMessage(bytes);
  if (message.kind === 'sip-error') {
    const outcome =
      message.status === 0 ? 'Nobody can answer that: it is dropped in silence.' : `Expect ${message.status} (${reasonPhrase(message.status)}) for it.`;
    return [`${message.reason.replace(/\.+$/, '')}. ${outcome}`];
  }
  const { headers } = message;
  const odd: string[] = [];
  for (const name of SINGLE) if (headers.lines(name).length > 1) odd.push(`${name} stands there ${headers.lines(name).length} times; a message has one.`);
  if (message.kind === 'request') {
    const hops = headers.get('Max-Forwards');
    if (hops === undefined) odd.push('Max-Forwards is missing: nothing would stop a loop. A proxy puts one in.');
    else if (!/^\d{1,3}$/.test(hops.trim()) || Number(hops) > 255) odd.push(`Max-Forwards is ${hops}, which is no number from 0 to 255.`);
    else if (Number(hops) === 0) odd.push('Max-Forwards is 0: the next proxy may not pass it on.');
    const method = headers.get('CSeq')?.trim().split(/\s+/)[1];
    if (method !== undefined && method !== message.method) odd.push(`CSeq names ${method}, the start line ${message.method}.`);
    if ((message.method === 'SUBSCRIBE' || message.method === 'NOTIFY' || message.method === 'PUBLISH') && !headers.has('Event'))
      odd.push(`A ${message.method} without Event does not say what it is about.`);
  }
  const length = headers.get('Content-Length');
  const rest = bytes.length - headEndOf(bytes);
  if (length !== undefined && Number(length) < rest) odd.push(`Content-Length tells ${length} bytes, but ${rest} follow: the rest is cut off.`);
  if (rest > 0 && !headers.has('Content-Type')) odd.push('There is a body, but no Content-Type says what it is.');
  const broken = isXml(headers.get('Content-Type')) && rest > 0 ? readXml(decodeUtf8(message.body)) : undefined;
  if (broken !== undefined && isXmlError(broken)) odd.push(`The body cannot be read: ${broken.reason.replace(/\.+$/, '')}.`);
  return odd;
}

/** A type that says so, or whose suffix does. */
const isXml = (contentType: string | undefined): boolean => /^\s*(?:application|text)\/(?:xml|[^\s;]+\+xml)\s*(?:;|$)/i.test(contentType ?? '');

function headEndOf(bytes: Uint8Array): number {
  for (let i = 3; i < bytes.length; i++) if (bytes[i] === 10 && bytes[i - 1] === 13 && bytes[i - 2] === 10 && bytes[i - 3] === 13) return i + 1;
  return bytes.length;
}
