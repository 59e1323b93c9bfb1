import { describe, expect, it } from 'vitest';
import { inSeconds } from '#base/time.ts';
import { CORE_TIMERS, NON_INVITE_CLIENT, NON_INVITE_SERVER, transactionTimeout, tryingDelay, UE_TIMERS } from './transaction-tables.ts';

describe('the timer values', () => {
  it('are those of the IMS', () => {
    expect([CORE_TIMERS, UE_TIMERS].map(({ t1, t2, t4 }) => [t1, t2, t4].map(inSeconds))).toEqual([
      [0.5, 4, 5],
      [2, 16, 17],
    ]);
    expect([CORE_TIMERS, UE_TIMERS].map((timers) => inSeconds(transactionTimeout(timers)))).toEqual([32, 128]);
    // Timer E is set to 1, 2 and then 4 s = T2 when it fires at 0.5, 1.5 and 3.5 s.
    expect([CORE_TIMERS, UE_TIMERS].map((timers) => inSeconds(tryingDelay(timers)))).toEqual([3.5, 14]);
  });
});

describe.each([NON_INVITE_CLIENT, NON_INVITE_SERVER])('the table of the $name', (table) => {
  it('reaches every state, and leaves none for ever but the last', () => {
    const rows: readonly { readonly from: string | readonly string[]; readonly to: string }[] = table.rows;
    for (const state of table.states) {
      if (state !== table.initial)
        expect(
          rows.some((row) => row.to === state),
          `into ${state}`,
        ).toBe(true);
      if (state !== 'terminated')
        expect(
          rows.some((row) => row.from.includes(state) && row.to === 'terminated'),
          `out of ${state}`,
        ).toBe(true);
    }
  });

  it('says for every row where it is written', () => {
    for (const row of table.rows) expect(row.clause).toMatch(/^RFC (3261|4320) §[0-9.]+$/);
  });
});
