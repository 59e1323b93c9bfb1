/** Two ends of a wire for tests of SIP transactions: requests, layers, what they sent, and how it arrives at the other side. */
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint, SendEffect, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { seconds, START, type SimTime } from '#base/time.ts';
import { createRequest, type SipRequest } from '#protocol/sip/message.ts';
import { CORE_TIMERS, TransactionLayer, type Flow, type TimerValues } from '#protocol/sip/transactions.ts';

export const CLIENT: Endpoint = { address: '2001:db8::1', port: 5060 };
export const SERVER: Endpoint = { address: '2001:db8::2', port: 5060 };

export const flow = (transport: Transport): Flow =>
  transport === 'udp' ? { transport, local: CLIENT, remote: SERVER } : { transport, local: CLIENT, remote: SERVER, connection: 'c1' };

export function subscribe(extra: readonly (readonly [string, string])[] = []): SipRequest {
  return createRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', [
    ['Max-Forwards', '70'],
    ['From', '<sip:user1_public1@home1.net>;tag=31415'],
    ['To', '<sip:user2_public1@home2.net>'],
    ['Call-ID', 'b89rjhnedlrfjflslj40a222'],
    ['CSeq', '61 SUBSCRIBE'],
    ['Event', 'presence'],
    ...extra,
  ]);
}

export const newLayer = (timers: TimerValues = CORE_TIMERS, seed = 1, owner = 'layer'): TransactionLayer<string> =>
  new TransactionLayer({ chance: createKeyedChance(seed, owner), timers });

export const sends = (effects: readonly Effect[]): SendEffect[] => effects.filter((effect) => effect.kind === 'send');
export const notes = (effects: readonly Effect[]): Note[] => effects.filter((effect) => effect.kind === 'note').map((effect) => effect.note);
export const at = (time: number): SimTime => seconds(time) as number as SimTime;

/** The other side receives what was sent. */
export const arrival = (effect: SendEffect) =>
  ({
    kind: 'bytes',
    bytes: effect.bytes,
    transport: effect.transport,
    local: effect.remote,
    remote: effect.local,
    ...(effect.connection === undefined ? {} : { connection: effect.connection }),
  }) as const;

/** A server that has received one request. */
export function received(transport: Transport, timers: TimerValues = CORE_TIMERS, request = subscribe(), viaParams = '') {
  const client = newLayer();
  const server = new TransactionLayer<string>({ chance: createKeyedChance(1, 'server'), timers });
  const out: Effect[] = [];
  client.send({ request, flow: flow(transport), sentBy: 'client.net', user: '', timers, notes: [], viaParams }, START, out);
  const packet = arrival(sends(out)[0] as SendEffect);
  const effects: Effect[] = [];
  const event = server.receive(packet, START, effects);
  if (event?.kind !== 'request') throw new Error('no request');
  return { server, packet, event, effects };
}
