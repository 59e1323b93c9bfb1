/** The Subscription-State header field (RFC 6665 §8.2.3) and the rules on failures that both sides share. */
import { parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';

export interface SubscriptionState {
  /** `active`, `pending`, `terminated`, or an extension, in lower case. */
  readonly state: string;
  /** Seconds. Means nothing when terminated. */
  readonly expires?: number;
  /** In lower case: `timeout`, `rejected` ... */
  readonly reason?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Undefined when the value is malformed. A parameter with a value that makes no sense counts as absent. */
export function parseSubscriptionState(value: string): SubscriptionState | undefined {
  const parsed = parseParameterized(value);
  if (parsed === undefined) return undefined;
  const expires = parseDeltaSeconds(parsed.params.get('expires'));
  const reason = parsed.params.get('reason')?.toLowerCase();
  const retryAfter = parseDeltaSeconds(parsed.params.get('retry-after'));
  return {
    state: parsed.value.toLowerCase(),
    ...(expires === undefined ? {} : { expires }),
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Reasons for an end that RFC 6665 §4.1.3 defines. */
export type EndReason = 'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource' | 'invariant';

/**
 * Whether this final response to a NOTIFY, or to a SUBSCRIBE that refreshes, ends the subscription: 404, 405, 410, 416, 480 to 485, 489, 501, 604
 * (RFC 6665 §4.1.2.2 and §4.2.2). Every other failure concerns that one request only.
 */
export function endsSubscription(status: number): boolean {
  if (status >= 480 && status <= 485) return true;
  return status === 404 || status === 405 || status === 410 || status === 416 || status === 489 || status === 501 || status === 604;
}

/** Package and id of an Event value: what RFC 6665 §8.2.1 compares; other parameters do not count. */
export interface EventName {
  readonly name: string;
  readonly id?: string;
}

export function parseEvent(value: string | undefined): EventName | undefined {
  if (value === undefined) return undefined;
  if (value.indexOf(';') < 0) {
    const name = value.trim();
    return name === '' ? undefined : { name };
  }
  const parsed = parseParameterized(value);
  if (parsed === undefined) return undefined;
  const id = parsed.params.get('id');
  return id === undefined ? { name: parsed.value } : { name: parsed.value, id };
}

export const formatEvent = (event: EventName): string => (event.id === undefined ? event.name : `${event.name};id=${event.id}`);
