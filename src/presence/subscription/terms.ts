/** On which terms a SUBSCRIBE is taken: for how long, and in which format its NOTIFYs tell (RFC 6665 §4.2.1.1, §4.1.2.1). */
import type { HeaderFields } from '#protocol/sip/header-fields.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { chooseContentType } from './accept.ts';
import type { PackageFacts } from './event-package.ts';
import type { RefinementRefusal } from './refinement.ts';

/** Interval and body format of an acceptable SUBSCRIBE. `requested` is undefined when none was named; seconds. */
export interface Terms {
  readonly requested: number | undefined;
  readonly granted: number;
  readonly contentType: string;
}

/** RFC 6665 §4.2.1.1: only what is shorter than an hour may be called too brief. */
const ONE_HOUR = 3600;

/** The terms, or the refusal. */
export function termsOf(headers: HeaderFields, pack: PackageFacts): Terms | RefinementRefusal {
  const value = headers.get('Expires');
  const requested = parseDeltaSeconds(value);
  if (value !== undefined && requested === undefined)
    return { status: 400, note: { header: 'Expires', from: value, reason: 'Expires is not a number of seconds.', clause: 'RFC 3261 §20.19' } };
  const wished = requested ?? pack.defaultExpires;
  // RFC 6665 §4.2.1.1: 423 only for what is above zero, below an hour and below our minimum.
  if (wished > 0 && wished < ONE_HOUR && wished < pack.minExpires) {
    const reason = `An interval of ${wished} s is shorter than the ${pack.minExpires} s that are honoured here.`;
    const note = { header: 'Expires', from: String(wished), reason, clause: 'RFC 6665 §4.2.1.1' };
    return { status: 423, note, headers: [['Min-Expires', String(pack.minExpires)]] };
  }
  const contentType = chooseContentType(headers, pack.contentTypes);
  // RFC 6665 §4.1.2.1: an Accept that names no format of ours is answered 406.
  if (contentType === undefined) {
    const reason = `The watcher takes none of the formats of ${pack.name}.`;
    const note = { header: 'Accept', from: headers.lines('Accept').join(', '), reason, clause: 'RFC 6665 §4.1.2.1' };
    return { status: 406, note, headers: [['Accept', pack.contentTypes.join(', ')]] };
  }
  return { requested, granted: Math.min(wished, pack.maxExpires), contentType };
}
