/**
 * The surroundings that a browser script takes from the global object, lent to it for the length of one call: timers and the date on virtual time,
 * chance from a keyed source. So a script that draws from `Math.random` and waits with `setTimeout` becomes a machine like the others: same inputs, same outputs.
 */
import type { Chance } from '#base/chance.ts';
import type { ScriptTimers } from './script-timers.ts';

export interface ScriptWorld {
  readonly timers: ScriptTimers;
  readonly chance: Chance;
  /** The moment 0 of virtual time, in milliseconds since 1970. */
  readonly startsAt: number;
}

const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;

/** Runs `script` with the world's timers, date and chance in place of the global ones, which are back when it returns or throws. Synchronous scripts only. */
export function withinWorld<T>(world: ScriptWorld, script: () => T): T {
  const { timers, chance } = world;
  const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor);
  const random = Math.random;
  const lent: Record<(typeof NAMES)[number], unknown> = {
    setTimeout: timers.setTimeout.bind(timers),
    setInterval: timers.setInterval.bind(timers),
    clearTimeout: timers.clear.bind(timers),
    clearInterval: timers.clear.bind(timers),
    Date: dateOf(world),
  };
  for (const name of NAMES) Object.defineProperty(globalThis, name, { value: lent[name], configurable: true, writable: true });
  Math.random = () => chance.bits('script') / 2 ** 32;
  try {
    return script();
  } finally {
    NAMES.forEach((name, i) => Object.defineProperty(globalThis, name, before[i] as PropertyDescriptor));
    Math.random = random;
  }
}

function dateOf({ timers, startsAt }: ScriptWorld): DateConstructor {
  const now = (): number => startsAt + Math.floor(timers.now / 1000);
  return new Proxy(Date, {
    construct: (target, words: unknown[]) => Reflect.construct(target, words.length === 0 ? [now()] : words) as Date,
    apply: (target) => new target(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
