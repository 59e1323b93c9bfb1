/**
 * How often NOTIFYs may and must come (RFC 6446): the parameters max-rate, min-rate and adaptive-min-rate of Event and Subscription-State, in notifications per second.
 * Our watchers change them by SUBSCRIBE alone; a notifier reads them in the 2xx to a NOTIFY too.
 */
import type { Note } from '#base/note.ts';
import { after, type Duration, inSeconds, seconds, type SimTime } from '#base/time.ts';
import { parseParameterized } from '#protocol/sip/values.ts';

/** Per second; the text is kept as it stood, so that it can be given back unchanged. */
export interface Rates {
  readonly max?: string;
  readonly min?: string;
  readonly adaptive?: string;
}

export const RATE_NAMES = { max: 'max-rate', min: 'min-rate', adaptive: 'adaptive-min-rate' } as const;

/** RFC 6446 §9.2: at most two digits before the point and ten behind it; zero is no rate. */
const isRate = (text: string | undefined): text is string => text !== undefined && /^\d{1,2}(\.\d{1,10})?$/.test(text) && Number(text) > 0;

/** What an Event or Subscription-State value says of rates. What is no rate counts as absent. */
export function parseRates(value: string | undefined): Rates {
  const params = value === undefined || value.indexOf(';') < 0 ? undefined : parseParameterized(value)?.params;
  const [max, min, adaptive] = [params?.get(RATE_NAMES.max), params?.get(RATE_NAMES.min), params?.get(RATE_NAMES.adaptive)];
  return { ...(isRate(max) ? { max } : {}), ...(isRate(min) ? { min } : {}), ...(isRate(adaptive) ? { adaptive } : {}) };
}

export function formatRates(rates: Rates): string {
  let text = '';
  for (const key of ['max', 'min', 'adaptive'] as const) if (rates[key] !== undefined) text += `;${RATE_NAMES[key]}=${rates[key]}`;
  return text;
}

/** RFC 6446 §8: a least rate above the greatest is brought down to it; a min-rate that is not below the adaptive one is not considered. */
export function agreedRates({ max, min, adaptive }: Rates): Rates {
  const atMost = (rate: string | undefined): string | undefined => (rate !== undefined && max !== undefined && Number(rate) > Number(max) ? max : rate);
  const [least, adapting] = [atMost(min), atMost(adaptive)];
  const counts = least !== undefined && (adapting === undefined || Number(least) < Number(adapting));
  return { ...(max === undefined ? {} : { max }), ...(counts ? { min: least } : {}), ...(adapting === undefined ? {} : { adaptive: adapting }) };
}

const interval = (rate: string): Duration => seconds(1 / Number(rate));

/** RFC 6446 §5.3 lets the notifier hold the rate down further: the interval of the package stays the least. */
export function leastInterval({ max }: Rates, usual: Duration): Duration {
  return max === undefined ? usual : (Math.max(usual, interval(max)) as Duration);
}

/** RFC 6446 §7.4: over how many intervals of the adaptive rate the average is taken [choice]. */
const PERIODS = 5;

/** When a NOTIFY has to go out after one at `last`, if at all; `sent` holds when NOTIFYs went out, this one included, `since` when that began. */
export function latestNext({ max, min, adaptive }: Rates, last: SimTime, sent: readonly SimTime[], since: SimTime): SimTime | undefined {
  let wait = min === undefined ? undefined : interval(min);
  if (adaptive !== undefined) {
    const rate = Number(adaptive);
    const period = PERIODS / rate;
    // RFC 6446 §7.2: the count begins with the history of having kept the rate for one period.
    const age = inSeconds((last - since) as Duration);
    const before = Math.max(0, period - age) * rate;
    const count = before + sent.filter((at) => inSeconds((last - at) as Duration) < period).length;
    const timeout = seconds(count / (rate * rate * period));
    const bounded = max === undefined ? timeout : (Math.max(timeout, interval(max)) as Duration);
    if (wait === undefined || bounded < wait) wait = bounded;
  }
  return wait === undefined ? undefined : after(last, Math.round(wait) as Duration);
}

/** A sentence for every rate that is agreed. */
export function notesOnRates(rates: Rates): readonly Note[] {
  const text = formatRates(rates);
  if (text === '') return [];
  const words = [
    ...(rates.max === undefined ? [] : [`at most one NOTIFY in ${inSeconds(interval(rates.max))} s`]),
    ...(rates.min === undefined ? [] : [`at least one in ${inSeconds(interval(rates.min))} s`]),
    ...(rates.adaptive === undefined ? [] : [`on average one in ${inSeconds(interval(rates.adaptive))} s at least`]),
  ];
  return [
    { op: 'added', header: 'Subscription-State', reason: `The rate that holds is told with every NOTIFY: ${words.join(', ')}.`, clause: 'RFC 6446 §9.2' },
  ];
}
