/** What a rule says of a trace: product code, used alike by tests, `sim check` and the page. */
import type { RecordId, Trace } from '#trace/record.ts';

export interface Finding {
  /** Id of the rule, e.g. `max-forwards`. */
  readonly rule: string;
  /** One sentence: which message, what is wrong with it. */
  readonly message: string;
  readonly record?: RecordId;
  /** `RFC 3261 §16.6`. */
  readonly clause?: string;
}

export interface Rule {
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly title: string;
  readonly clause: string;
  check(trace: Trace): readonly Finding[];
}
