/**
 * Messages as their two ends know them: what went through gateways, in clear or in ESP, is one transmission from the first sender to the last receiver.
 * ESP and IKE are between the gateways and left out here.
 */
import { hashText } from '#base/chance.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';

/** `[2001:db8::1]:5060` without its port. */
const addressOf = (socket: string): string => socket.slice(0, socket.lastIndexOf(':')).replace(/^\[|\]$/g, '');

export const isGatewayTalk = ({ protocol }: MessageRecord): boolean => protocol === 'ESP' || protocol === 'IKE';

/** In the order given. A trace without gateways is given back as it is. */
export function betweenEnds(trace: Trace, sent: readonly MessageRecord[]): readonly MessageRecord[] {
  if (!trace.entities.some(({ kind }) => kind === 'security-gateway')) return sent;
  // What a node itself has put into ESP, and what its gateway puts into ESP for it, counts as what it is.
  const messages = sent.map((message) => (message.inside === undefined || message.sentBytes !== undefined ? message : { ...message, ...message.inside }));
  const owners = new Map(trace.entities.flatMap(({ id, addresses }) => addresses.map((address) => [address, id] as const)));
  const last = new Map<string, MessageRecord[]>();
  for (const message of messages) {
    if (owners.get(addressOf(message.dst)) !== message.to || owners.get(addressOf(message.src)) === message.from) continue;
    const key = keyOf(message);
    last.set(key, [...(last.get(key) ?? []), message]);
  }
  return messages.flatMap((message) => {
    if (isGatewayTalk(message) || owners.get(addressOf(message.src)) !== message.from) return [];
    const to = owners.get(addressOf(message.dst));
    if (to === undefined || to === message.to) return [message];
    const legs = last.get(keyOf(message)) ?? [];
    const at = legs.findIndex(({ sentAt }) => sentAt >= message.sentAt);
    const [leg] = at < 0 ? [] : legs.splice(at, 1);
    const { arrivedAt, lostAt, ...sent } = message;
    if (leg?.arrivedAt !== undefined) return [{ ...sent, to, arrivedAt: leg.arrivedAt }];
    return [{ ...sent, to, lostAt: leg?.lostAt ?? lostAt ?? arrivedAt ?? message.sentAt }];
  });
}

/** The same octets between the same sockets. */
const keyOf = ({ src, dst, transport, bytes }: MessageRecord): string => `${src} ${dst} ${transport} ${bytes.length} ${hashText(decodeUtf8(bytes))}`;
