/** The published cases of the interdomain scaling analysis: what a run counts at the border is what the formula says, to the message. */
import { describe, expect, it } from 'vitest';
import { BORDER_KINDS } from '#trace/border-count.ts';
import { CASES, messagesByKind, messagesPerWatcher, type PriceCase, type Saving } from '#trace/price-formula.ts';
import { PRICE_JOBS, priceCase, priceOf, type PriceJob } from './price-run.ts';

/** Spec section 7.4, by script; those that it gives as totals are divided by the users of both domains. */
const PER_WATCHER: Readonly<Record<PriceCase, Readonly<Record<Saving, number>>>> = {
  basic: { none: 336, suppressed: 11_200_000 / 40_000, list: 9_120_000 / 40_000, 'list-suppressed': 8_560_000 / 40_000, common: 7_680_000 / 40_000 },
  wide: { none: 1680, suppressed: 56_000_000 / 40_000, list: 39_840_000 / 40_000, 'list-suppressed': 39_280_000 / 40_000, common: 30_720_000 / 40_000 },
  peered: { none: 840, suppressed: 84_000_000 / 120_000, list: 61_920_000 / 120_000, 'list-suppressed': 60_240_000 / 120_000, common: 48_960_000 / 120_000 },
  'very-large': {
    none: 1320,
    suppressed: 23_600_000_000 / 20_000_000,
    list: 19_920_000_000 / 20_000_000,
    'list-suppressed': 19_640_000_000 / 20_000_000,
    common: 9_120_000_000 / 20_000_000,
  },
};

/** Twenty watchers of twenty people on either side: a quarter of a million messages. Whole where nobody waits for it; `sim price` runs it whole, too. */
const isLong = ({ case: each, saving }: PriceJob): boolean => each === 'wide' && saving === 'common' && process.env['CI'] !== 'true';

describe('the four cases, each with every saving', () => {
  it.each(PRICE_JOBS.filter((job) => !isLong(job)))(
    '$case, $saving: counted, by formula and as published',
    (job) => {
      const { messages, formula, byKind, bytes, counted, watchers } = priceCase(job);
      expect(messages).toBe(PER_WATCHER[job.case][job.saving]);
      expect(formula).toBe(messages);
      const { parameters } = CASES[job.case];
      const split = messagesByKind(parameters, job.saving);
      for (const kind of BORDER_KINDS) expect([kind, byKind[kind].messages]).toEqual([kind, split[kind]]);
      // Whole messages: both domains together, nothing rounded.
      expect(counted.sip.messages).toBe(2 * watchers * messages);
      expect(bytes * 2 * watchers).toBe(counted.sip.bytes);
      // DNS is apart, and little.
      expect(counted.apart.messages).toBeLessThan(40);
    },
    600_000,
  );

  it.each(PRICE_JOBS.filter(isLong))(
    '$case, $saving, in a session of an hour: counted and by formula',
    (job) => {
      const parameters = { ...CASES[job.case].parameters, hours: 1 };
      const priced = priceOf(parameters, job.saving);
      expect('kind' in priced ? priced.message : priced.messages).toBe(messagesPerWatcher(parameters, job.saving));
      expect(messagesPerWatcher(CASES[job.case].parameters, job.saving)).toBe(PER_WATCHER[job.case][job.saving]);
    },
    600_000,
  );
});
