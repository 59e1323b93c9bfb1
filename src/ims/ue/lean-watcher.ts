/**
 * A UE that wants fewer NOTIFYs: it names the state that it holds (RFC 5839) and says how often it wants to be told (RFC 6446). Handed to the UE by whoever builds it.
 * In an intent: `conditional: true`; `suppress` is `held`, `*`, `none` or an entity-tag of one's own; `rates` holds max, min, adaptive as texts.
 */
import type { Intent, Json } from '#base/machine.ts';
import { decided } from '#ims/node/edit.ts';
import { type Condition, type HeldState, LeanWish } from '#presence/lean/lean-wish.ts';
import { parseRates, type Rates } from '#presence/lean/rates.ts';
import type { SubscriberSubscription, Wish } from '#presence/subscription/subscriber.ts';
import type { LeanWatching, LearntLean } from './abilities.ts';
import type { Notified } from './notified.ts';

export class LeanWatcher implements LeanWatching {
  readonly #held = new Map<string, HeldState>();

  wish(intent: Intent, resource: string): Partial<Wish> {
    if (intent['conditional'] !== true && intent['rates'] === undefined) return {};
    const condition = intent['conditional'] === true ? (conditionOf(intent) ?? { kind: 'held' }) : ({ kind: 'none' } as const);
    return { refinement: new LeanWish(this.#heldOf(resource), condition, ratesOf(intent) ?? {}) };
  }

  adjust({ wish }: SubscriberSubscription, intent: Intent): void {
    const { refinement } = wish;
    if (!(refinement instanceof LeanWish)) return;
    refinement.condition = conditionOf(intent) ?? refinement.condition;
    refinement.rates = ratesOf(intent) ?? refinement.rates;
  }

  learn(step: Notified): LearntLean {
    const { subscription, body, state } = step;
    const isSilent = body.length === 0 && state !== 'pending' && subscription.wish.refinement instanceof LeanWish;
    const note = decided(`No body: what the watcher holds of ${subscription.wish.resource} still stands.`, 'RFC 5839 §6.2');
    return { step, notes: isSilent && this.#heldOf(subscription.wish.resource).tag !== undefined ? [note] : [] };
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
