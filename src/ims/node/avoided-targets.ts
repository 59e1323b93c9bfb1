/**
 * Next hops that did not serve lately, so that not every request has to find it out anew (RFC 3263 §4.3 leaves it to the client). A 503 may say for how long
 * (RFC 3261 §21.5.4: until then the client should not ask there again); after silence or a broken transport it is as long as one Timer F (our choice).
 * Omitted: probing. What is avoided is tried all the same when nothing else is left.
 */
import { after, seconds, type SimTime } from '#base/time.ts';
import type { ResolvedTarget } from '#protocol/dns/resolver.ts';
import type { SipResponse } from '#protocol/sip/message.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';

/** Seconds: Timer F of the core. */
const AFTER_SILENCE = 32;
/** Seconds; a peer's word is not taken for longer (our choice). */
const LONGEST = 3600;
/** Next hops remembered at most (our choice). */
const MAX_AVOIDED = 1000;

export class AvoidedTargets {
  readonly #until = new Map<string, SimTime>();

  /** The target failed; with the 503 that it gave, if it gave one. */
  add({ address, port }: ResolvedTarget, response: SipResponse | undefined, now: SimTime): void {
    const length = response === undefined ? AFTER_SILENCE : parseDeltaSeconds(response.headers.get('Retry-After') ?? '');
    // RFC 3261 §21.5.4: without Retry-After a 503 is as a 500, which says nothing about the next request.
    if (length === undefined) return;
    if (this.#until.size >= MAX_AVOIDED) this.#until.clear();
    this.#until.set(`${address} ${port}`, after(now, seconds(Math.min(length, LONGEST))));
  }

  /** The same targets, those to be avoided last. */
  order(targets: readonly ResolvedTarget[], now: SimTime): readonly ResolvedTarget[] {
    if (this.#until.size === 0 || !targets.some((target) => this.#avoids(target, now))) return targets;
    return [...targets.filter((target) => !this.#avoids(target, now)), ...targets.filter((target) => this.#avoids(target, now))];
  }

  #avoids({ address, port }: ResolvedTarget, now: SimTime): boolean {
    const until = this.#until.get(`${address} ${port}`);
    return until !== undefined && until > now;
  }
}
