/**
 * A UE that wants fewer NOTIFYs: it names the state that it holds (RFC 5839) and says how often it wants to be told (RFC 6446). Handed to the UE by whoever builds it.
 * It takes partial documents (RFC 5263) and publishes them (RFC 5264). In an intent: `partial: true`; `conditional: true`; `suppress` is `held`, `*`, `none` or an entity-tag of one's own; `rates` holds max, min, adaptive as texts; `filter` an id,
 * include, exclude, added, removed (paths), changed (path, from, to), enabled, remove.
 */
import type { Intent, Json } from '#base/machine.ts';
import { decided } from '#ims/node/edit.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { PIDF_DIFF_TYPE } from '#presence/lean/diff-document.ts';
import { PartialReader } from '#presence/lean/partial-reader.ts';
import { shorterBody } from '#presence/lean/partial-publication.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { formatPidf, isPidfError, pidfOf } from '#presence/pidf/xml.ts';
import { formatFilter } from '#presence/lean/filter-document.ts';
import { textOr, textsOf } from './intent-values.ts';
import { type Condition, type HeldState, LeanWish } from '#presence/lean/lean-wish.ts';
import { parseRates, type Rates } from '#presence/lean/rates.ts';
import type { SubscriberSubscription, Wish } from '#presence/subscription/subscriber.ts';
import type { LeanWatching, LearntLean } from './abilities.ts';
import type { Notified } from './notified.ts';

/** RFC 5263 §5: partial documents are liked best, whole ones taken. */
const PARTIAL_PREFERRED: readonly string[] = [`${PIDF_TYPE};q=0.3`, `${PIDF_DIFF_TYPE};q=1`];

export class LeanWatcher implements LeanWatching {
  readonly #held = new Map<string, HeldState>();
  readonly #readers = new Map<SubscriberSubscription, PartialReader>();
  readonly shorten = shorterBody;

  wish(intent: Intent, resource: string): Partial<Wish> {
    const accepts = intent['partial'] === true ? { accepts: PARTIAL_PREFERRED } : {};
    const filter = filterOf(intent);
    if (intent['conditional'] !== true && intent['rates'] === undefined && filter === undefined) return accepts;
    const condition = intent['conditional'] === true ? (conditionOf(intent) ?? { kind: 'held' }) : ({ kind: 'none' } as const);
    const refinement = new LeanWish(this.#heldOf(resource), condition, ratesOf(intent) ?? {});
    if (filter !== undefined) refinement.want(filter);
    return { ...accepts, refinement };
  }

  adjust({ wish }: SubscriberSubscription, intent: Intent): void {
    const { refinement } = wish;
    if (!(refinement instanceof LeanWish)) return;
    refinement.condition = conditionOf(intent) ?? refinement.condition;
    refinement.rates = ratesOf(intent) ?? refinement.rates;
    const filter = filterOf(intent);
    if (filter !== undefined) refinement.want(filter);
  }

  learn(step: Notified): LearntLean {
    const { subscription, body, state } = step;
    if (step.contentType === PIDF_DIFF_TYPE && body.length > 0) return this.#learnPart(step);
    const isSilent = body.length === 0 && state !== 'pending' && subscription.wish.refinement instanceof LeanWish;
    const note = decided(`No body: what the watcher holds of ${subscription.wish.resource} still stands.`, 'RFC 5839 §6.2');
    return { step, notes: isSilent && this.#heldOf(subscription.wish.resource).tag !== undefined ? [note] : [] };
  }

  distrust({ wish }: SubscriberSubscription): void {
    this.#heldOf(wish.resource).tag = undefined;
  }

  forget(subscription: SubscriberSubscription): void {
    this.#readers.delete(subscription);
  }

  #learnPart(step: Notified): LearntLean {
    const reader = this.#readers.get(step.subscription) ?? new PartialReader();
    this.#readers.set(step.subscription, reader);
    const { document, note, isLost } = reader.learn(step.body);
    const presence = document === undefined ? undefined : pidfOf(document);
    const body = presence === undefined || isPidfError(presence) ? new Uint8Array() : encodeUtf8(formatPidf(presence));
    return { step: { ...step, contentType: PIDF_TYPE, body }, notes: [note], wantsFullState: isLost && step.state !== 'terminated' };
  }

  #heldOf(resource: string): HeldState {
    let held = this.#held.get(resource);
    if (held === undefined) this.#held.set(resource, (held = { tag: undefined }));
    return held;
  }
}

function conditionOf(intent: Intent): Condition | undefined {
  const text = intent['suppress'];
  if (typeof text !== 'string' || !/^([\w.!%+`'~-]+|\*)$/.test(text)) return undefined;
  if (text === '*') return { kind: 'any' };
  return text === 'held' || text === 'none' ? { kind: text } : { kind: 'text', text };
}

/** Undefined when the intent says nothing of rates; what is no rate is left out. */
function ratesOf(intent: Intent): Rates | undefined {
  const rates = intent['rates'];
  if (typeof rates !== 'object' || rates === null || Array.isArray(rates)) return undefined;
  const given: Readonly<Record<string, unknown>> = rates as { readonly [key: string]: Json };
  const param = (name: string, key: string): string => (typeof given[key] === 'string' ? `;${name}=${given[key]}` : '');
  return parseRates(`presence${param('max-rate', 'max')}${param('min-rate', 'min')}${param('adaptive-min-rate', 'adaptive')}`);
}

/** The filter set of a person's wish (RFC 4661), as text. */
function filterOf(intent: Intent): string | undefined {
  const given = intent['filter'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const wanted = given as { readonly [key: string]: Json };
  const changed = Array.isArray(wanted['changed']) ? (wanted['changed'] as readonly Json[]) : [];
  return formatFilter({
    id: textOr(wanted['id'], '1'),
    ...(typeof wanted['enabled'] === 'boolean' ? { enabled: wanted['enabled'] } : {}),
    ...(wanted['remove'] === true ? { remove: true } : {}),
    include: textsOf(wanted['include']),
    exclude: textsOf(wanted['exclude']),
    added: textsOf(wanted['added']),
    removed: textsOf(wanted['removed']),
    changed: changed.flatMap((one) => {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
      const { path, from, to } = one as { readonly [key: string]: Json };
      return typeof path === 'string' ? [{ path, ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) }] : [];
    }),
  });
}
