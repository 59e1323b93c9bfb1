import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { TraceBuilder } from '#testing/trace-builder.ts';
import { formatLadder } from './ladder-text.ts';
import { ladderRows } from './ladder.ts';

const UE = 'ue1';
const P = 'pcscf1.visited1.net';
const S = 'scscf1.home1.net';
const HSS = 'hss1.home1.net';
const ms = (n: number): number => n * 1000;

function sample() {
  const b = new TraceBuilder()
    .chapter('before', 'Registration', 0, true)
    .chapter('subscribe', 'Subscription', ms(10_000))
    .chapter('refresh', 'Refresh', ms(3_610_000));
  b.message(UE, P, 'REGISTER', { sentAt: 0, arrivedAt: ms(25) });
  b.message(UE, P, 'SUBSCRIBE', {
    sentAt: ms(10_000),
    arrivedAt: ms(10_025),
    notes: [{ op: 'added', header: 'Via', to: 'SIP/2.0/UDP ue1', reason: 'It sends.', clause: 'RFC 3261 §18.1.1' }],
  });
  b.message(P, S, 'SUBSCRIBE', { sentAt: ms(10_025), lostAt: ms(10_030), bytes: new Uint8Array([1, 2]) });
  b.message(P, S, 'SUBSCRIBE', { sentAt: ms(10_525), arrivedAt: ms(10_530), bytes: new Uint8Array([1, 2]) });
  b.message(S, HSS, 'LIR', { sentAt: ms(10_530), arrivedAt: ms(10_533), protocol: 'Diameter', transport: 'sctp' });
  b.message(S, UE, 'NOTIFY', { sentAt: ms(10_533), arrivedAt: ms(10_560), transport: 'tcp' });
  b.message(P, UE, '100', { sentAt: ms(10_600), arrivedAt: ms(10_620), duplicateArrivedAt: ms(10_625) });
  b.message(S, 'nobody', 'OPTIONS', { sentAt: ms(10_640), lostAt: ms(10_650) });
  b.message(UE, P, 'SUBSCRIBE', { sentAt: ms(3_610_560), bytes: new Uint8Array([3]) });
  return b.build(ms(3_610_570));
}

describe('formatLadder', () => {
  it('prints a run as aligned lines', () => {
    expect(formatLadder(sample())).toBe(
      [
        'A sample (seed 1)',
        '',
        '               visited1.net        home1.net',
        '               UE#1      P-CSCF#1  S-CSCF#1  HSS#1',
        '== 0. Registration (prologue, 1 message)',
        ' P1     0.000  |-------->|         |         |  REGISTER',
        '               ... 10 s ...',
        '== 1. Subscription (7 messages)',
        '  1    10.000  |-------->|         |         |  SUBSCRIBE',
        '  2    10.025  |         |----x    |         |  SUBSCRIBE  (lost)',
        '  3    10.525  |         |-------->|         |  SUBSCRIBE  (retransmission of 2)',
        '  4    10.530  |         |         |-------->|  LIR',
        '  5    10.533  |<--------+---------|         |  NOTIFY  (TCP)',
        '  6    10.600  |<--------|         |         |  100  (arrives twice)',
        '  7    10.640  |         |         x         |  OPTIONS  (to nobody:5060, lost)',
        '               ... 3 600 s ...',
        '== 2. Refresh (1 message)',
        '  8  3610.560  |-------->|         |         |  SUBSCRIBE  (under way at the end)',
        '',
      ].join('\n'),
    );
  });

  it('tells what happens without a message in its chapter: a wish that is refused, and what operators do', () => {
    const trace = computeNamed('auth-no-answer');
    expect(
      formatLadder(trace, { chapters: ['after'] })
        .split('\n')
        .slice(2, 5),
    ).toEqual([
      '== 4. Afterwards (0 messages)',
      '      270.000  -- UE#1: The UE is not registered: without a registration no S-CSCF would take anything from it.',
      '',
    ]);
    const acts = formatLadder(computeNamed('fail-ps-restart'))
      .split('\n')
      .filter((line) => line.includes(' -- '));
    expect(acts).toEqual([
      '        20.000  -- PS stops: what is sent to it reaches nobody until it comes back.',
      '        30.000  -- PS comes back with its configuration, and without what was in its memory.',
    ]);
    expect(formatLadder(computeNamed('fail-ps-restart'), { protocols: ['SIP'] })).not.toContain(' -- ');
  });

  it('shows only what is asked for, with notes', () => {
    expect(formatLadder(sample(), { chapters: ['subscribe'], protocols: ['Diameter'] })).toBe(
      [
        'A sample (seed 1)',
        '',
        '               home1.net',
        '               S-CSCF#1  HSS#1',
        '== 1. Subscription (7 messages)',
        '  4    10.530  |-------->|  LIR',
        '',
      ].join('\n'),
    );
    expect(formatLadder(sample(), { chapters: ['subscribe'], notes: true })).toContain(
      '\n                 ue1: added Via: SIP/2.0/UDP ue1. It sends. (RFC 3261 §18.1.1)\n',
    );
  });

  it('narrower columns cut names, never the drawing', () => {
    const lines = formatLadder(sample(), { width: 5, chapters: ['subscribe'] }).split('\n');
    expect(lines[3]).toBe('               UE#1 P-CS S-CS HSS#1');
    expect(lines[5]).toBe('  1    10.000  |--->|    |    |  SUBSCRIBE');
  });

  it('an empty run has a title', () => {
    expect(formatLadder(new TraceBuilder().build(0))).toBe('A sample (seed 1)\n\n');
  });
});

describe('ladderRows', () => {
  it('tells chapters, steps and gaps in order', () => {
    const rows = ladderRows(sample());
    expect(rows.map((r) => (r.kind === 'step' ? r.name : r.kind === 'gap' ? r.label : `${r.number}. ${r.chapter.title}`))).toEqual([
      '0. Registration',
      'P1',
      '10 s',
      '1. Subscription',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '3 600 s',
      '2. Refresh',
      '8',
    ]);
    expect(rows.find((r) => r.kind === 'step' && r.name === '3')).toMatchObject({
      retransmissionOf: '2',
      lost: false,
      isRequest: true,
      isResponse: false,
      prologue: false,
    });
  });
});
