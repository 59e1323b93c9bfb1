/** Subscriptions as a ladder brackets them: one bar from the SUBSCRIBE over NOTIFYs and refreshes to the end. */
import { factsOf, type SipFacts } from './message-facts.ts';
import type { EntityId } from './record.ts';
import type { Step } from './steps.ts';

/** What happened to a subscription, told at the first hop of the request that did it. */
export interface SubscriptionEvent {
  readonly kind: 'subscribe' | 'fetch' | 'refresh' | 'unsubscribe' | 'notify' | 'end' | 'refused';
  readonly step: Step;
  /** Seconds asked for (SUBSCRIBE) or left (NOTIFY); for `end` the reason, for `refused` the status. */
  readonly expires: number | undefined;
  readonly reason: string | undefined;
}

export interface SubscriptionGroup {
  readonly callId: string;
  /** `presence`, `reg`, ... */
  readonly event: string | undefined;
  readonly subscriber: EntityId;
  /** Who sent the first NOTIFY; undefined when none was sent. */
  readonly notifier: EntityId | undefined;
  readonly events: readonly SubscriptionEvent[];
  /** Every step of its SUBSCRIBEs and NOTIFYs on all hops, responses included. */
  readonly steps: readonly Step[];
  /** Simulated microseconds. */
  readonly beganAt: number;
  /** When it was told to be over, or refused; undefined while it lives. */
  readonly endedAt: number | undefined;
  /** When it would run out, as far as told: the last expiry that a 2xx or a NOTIFY gave. */
  readonly expiresAt: number | undefined;
}

type Growing = { -readonly [K in keyof SubscriptionGroup]: SubscriptionGroup[K] } & { events: SubscriptionEvent[]; steps: Step[]; readonly seen: Set<string> };

/** Subscriptions by Call-ID, in the order of their first SUBSCRIBE. */
export function subscriptionsOf(steps: readonly Step[]): readonly SubscriptionGroup[] {
  const groups = new Map<string, Growing>();
  for (const step of steps) {
    const { sip } = factsOf(step.message);
    if (sip === undefined || (sip.method !== 'SUBSCRIBE' && sip.method !== 'NOTIFY')) continue;
    let group = groups.get(sip.callId);
    if (group === undefined) {
      if (sip.method !== 'SUBSCRIBE' || sip.status !== undefined) continue;
      group = begin(sip, step);
      groups.set(sip.callId, group);
    }
    group.steps.push(step);
    // Each request and each response is told once, at its first hop.
    const key = `${sip.method} ${sip.cseq} ${sip.method === 'NOTIFY' ? (sip.fromTag ?? '') : ''} ${sip.status ?? ''}`;
    if (group.seen.has(key)) continue;
    group.seen.add(key);
    if (sip.status === undefined) request(group, sip, step);
    else response(group, sip, sip.status, step);
  }
  return Array.from(groups.values(), ({ seen: _, ...group }) => group);
}

const begin = (sip: SipFacts, step: Step): Growing => ({
  callId: sip.callId,
  event: sip.event,
  subscriber: step.message.from,
  notifier: undefined,
  events: [],
  steps: [],
  beganAt: step.message.sentAt,
  endedAt: undefined,
  expiresAt: undefined,
  seen: new Set(),
});

function request(group: Growing, sip: SipFacts, step: Step): void {
  const { sentAt, from } = step.message;
  if (sip.method === 'SUBSCRIBE') {
    const inDialog = sip.toTag !== undefined;
    const kind = sip.expires === 0 ? (inDialog ? 'unsubscribe' : 'fetch') : inDialog ? 'refresh' : 'subscribe';
    group.events.push({ kind, step, expires: sip.expires, reason: undefined });
    return;
  }
  group.notifier ??= from;
  if (sip.state === 'terminated') {
    group.endedAt = sentAt;
    group.events.push({ kind: 'end', step, expires: undefined, reason: sip.stateReason });
    return;
  }
  if (sip.stateExpires !== undefined) group.expiresAt = sentAt + sip.stateExpires * 1_000_000;
  group.events.push({ kind: 'notify', step, expires: sip.stateExpires, reason: undefined });
}

function response(group: Growing, sip: SipFacts, status: number, step: Step): void {
  if (sip.method !== 'SUBSCRIBE' || status < 200) return;
  const { sentAt } = step.message;
  if (status < 300) {
    if (sip.expires !== undefined && sip.expires > 0) group.expiresAt = sentAt + sip.expires * 1_000_000;
    return;
  }
  group.events.push({ kind: 'refused', step, expires: undefined, reason: `${status}` });
  // A challenge or a too brief interval is followed by another attempt; what never got a NOTIFY ends with its refusal.
  if (group.notifier === undefined) group.endedAt = sentAt;
}
