/** Two layers over a network that loses, delays, reorders and doubles: the user gets one answer or one timeout, never two; the server sees the request once. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { Heap } from '#base/heap.ts';
import type { Effect, Endpoint, SendEffect } from '#base/machine.ts';
import { after, earliest, milliseconds, START, type SimTime } from '#base/time.ts';
import { createRequest, createResponse } from './message.ts';
import { CORE_TIMERS, TransactionLayer } from './transactions.ts';

const A: Endpoint = { address: '192.0.2.1', port: 5060 };
const B: Endpoint = { address: '192.0.2.2', port: 5060 };
const REQUESTS = 3;

interface Outcome {
  readonly answers: number[];
  readonly timeouts: number[];
  readonly seen: number[];
  lost: number;
  retransmitted: number;
  readonly endedAt: SimTime;
}

function run(seed: number, lossPercent: number, thinkMilliseconds: number): Outcome {
  const luck = createKeyedChance(seed, 'network');
  const a = new TransactionLayer<number>({ chance: createKeyedChance(seed, 'a'), timers: CORE_TIMERS });
  const b = new TransactionLayer<number>({ chance: createKeyedChance(seed, 'b'), timers: CORE_TIMERS });
  const air = new Heap<{ at: SimTime; order: number; go: (now: SimTime) => void }>((x, y) => x.at < y.at || (x.at === y.at && x.order < y.order));
  let order = 0;
  const later = (at: SimTime, go: (now: SimTime) => void): void => air.push({ at, order: order++, go });
  const outcome = {
    answers: Array<number>(REQUESTS).fill(0),
    timeouts: Array<number>(REQUESTS).fill(0),
    seen: Array<number>(REQUESTS).fill(0),
    lost: 0,
    retransmitted: 0,
    endedAt: START,
  };

  const carry = (effects: Effect[], now: SimTime): void => {
    for (const effect of effects) if (effect.kind === 'send') carryOne(effect, now);
  };
  const carryOne = (send: SendEffect, now: SimTime): void => {
    if (send.notes.some((note) => note.reason.includes('Timer E'))) outcome.retransmitted++;
    if (luck.bits('loss') % 100 < lossPercent) {
      outcome.lost++;
      return;
    }
    const copies = luck.bits('double') % 10 === 0 ? 2 : 1;
    for (let i = 0; i < copies; i++) later(after(now, milliseconds(5 + (luck.bits('delay') % 400))), (then) => arrive(send, then));
  };
  const arrive = (send: SendEffect, now: SimTime): void => {
    const out: Effect[] = [];
    const layer = send.remote === A ? a : b;
    const event = layer.receive({ kind: 'bytes', bytes: send.bytes, transport: 'udp', local: send.remote, remote: send.local }, now, out);
    carry(out, now);
    if (event?.kind === 'response' && event.response.status >= 200) count(outcome.answers, event.transaction.user);
    if (event?.kind === 'request') {
      const { transaction, request } = event;
      count(outcome.seen, Number(request.headers.get('Call-ID')));
      later(after(now, milliseconds(luck.bits('think') % thinkMilliseconds)), (then) => {
        const effects: Effect[] = [];
        b.respond(transaction, createResponse(request, 200, undefined, 'b'), [], then, effects);
        carry(effects, then);
      });
    }
  };

  for (let i = 0; i < REQUESTS; i++) {
    const request = createRequest('NOTIFY', 'sip:b@192.0.2.2', [
      ['Max-Forwards', '70'],
      ['From', '<sip:a@a.net>;tag=a'],
      ['To', '<sip:b@b.net>;tag=b'],
      ['Call-ID', `${i}`],
      ['CSeq', '1 NOTIFY'],
    ]);
    const out: Effect[] = [];
    a.send({ request, flow: { transport: 'udp', local: A, remote: B }, sentBy: '192.0.2.1', user: i, timers: CORE_TIMERS, notes: [] }, START, out);
    carry(out, START);
  }
  for (;;) {
    const deadline = earliest(a.deadline(), b.deadline());
    const packet = air.peek();
    if (packet === undefined && deadline === undefined) break;
    if (packet !== undefined && (deadline === undefined || packet.at <= deadline)) {
      air.pop();
      (outcome.endedAt as number) = packet.at;
      packet.go(packet.at);
      continue;
    }
    const now = deadline as SimTime;
    (outcome.endedAt as number) = now;
    const out: Effect[] = [];
    for (const event of [...a.fire(now, out), ...b.fire(now, out)]) if (event.kind === 'timeout') count(outcome.timeouts, event.transaction.user);
    carry(out, now);
  }
  expect([...a.viewStates(outcome.endedAt), ...b.viewStates(outcome.endedAt)]).toEqual([]);
  return outcome;
}

const count = (into: number[], index: number): void => {
  into[index] = (into[index] ?? 0) + 1;
};

describe('transactions over a bad network', () => {
  it.each([
    [0, 300],
    [30, 300],
    [70, 40_000],
    [93, 300],
  ])('with %i percent loss and up to %i ms to answer', (lossPercent, think) => {
    let answers = 0;
    let timeouts = 0;
    let lost = 0;
    let retransmitted = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const outcome = run(seed, lossPercent, think);
      for (let i = 0; i < REQUESTS; i++) {
        expect((outcome.answers[i] ?? 0) + (outcome.timeouts[i] ?? 0), `seed ${seed}, request ${i}`).toBe(1);
        expect(outcome.seen[i], `seed ${seed}, request ${i}`).toBeLessThanOrEqual(1);
      }
      answers += outcome.answers.reduce((a, b) => a + b);
      timeouts += outcome.timeouts.reduce((a, b) => a + b);
      lost += outcome.lost;
      retransmitted += outcome.retransmitted;
    }
    // The network must have been as bad as meant, and not so bad that nothing was tried.
    expect(answers).toBeGreaterThan(0);
    if (lossPercent === 0) expect(timeouts).toBe(0);
    else expect(Math.min(lost, retransmitted)).toBeGreaterThan(0);
    if (lossPercent > 50) expect(timeouts).toBeGreaterThan(0);
  });

  it('is the same for the same seed', () => {
    expect(run(7, 50, 300)).toEqual(run(7, 50, 300));
  });
});
