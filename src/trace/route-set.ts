/**
 * The route set of a subscription, read from the SUBSCRIBE as it reached the notifier: who recorded itself there is passed by every later request of the
 * dialog, and nobody else (RFC 3261 §12.1.1, §12.2.1.1). Pure, so that a view can light it at any moment.
 */
import { parseSipMessage, type SipMessage } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { factsOf } from './message-facts.ts';
import type { EntityId, MessageRecord, Trace, TraceEntity, TraceRecord } from './record.ts';

export interface RouteSet {
  readonly callId: string;
  /** When the notifier accepted the subscription: microseconds. */
  readonly since: number;
  /** When the NOTIFY left that ends it (RFC 6665 §4.4.1); undefined while it lasts. */
  readonly until: number | undefined;
  /** Record-Route as it arrived: the first one is the first hop of a NOTIFY. */
  readonly routes: readonly string[];
  /** From the notifier over who is in the route set to the subscriber. A host that nobody of the trace has is left out. */
  readonly path: readonly EntityId[];
}

const known = new WeakMap<readonly TraceRecord[], ReadonlyMap<string, RouteSet>>();

/** All route sets of a trace, by Call-ID. */
export function routeSetsOf(trace: Trace): ReadonlyMap<string, RouteSet> {
  let sets = known.get(trace.records);
  if (sets === undefined) {
    sets = gather(trace);
    known.set(trace.records, sets);
  }
  return sets;
}

/** The route set that this SUBSCRIBE or NOTIFY, or its answer, belongs to, when it exists by then. */
export function routeSetAt(trace: Trace, message: MessageRecord): RouteSet | undefined {
  const { sip } = factsOf(message);
  const set = sip === undefined ? undefined : routeSetsOf(trace).get(sip.callId);
  return set === undefined || set.since > message.sentAt ? undefined : set;
}

function gather(trace: Trace): ReadonlyMap<string, RouteSet> {
  const hosts = new Map<string, EntityId>();
  for (const entity of trace.entities) for (const name of namesOf(entity)) hosts.set(name, entity.id);
  const asked = new Map<string, MessageRecord>();
  const sets = new Map<string, RouteSet>();
  for (const record of trace.records) {
    if (record.kind !== 'message' || record.protocol !== 'SIP') continue;
    const { sip } = factsOf(record);
    if (sip?.method === 'NOTIFY' && sip.state === 'terminated') {
      const set = sets.get(sip.callId);
      if (set !== undefined && set.until === undefined) sets.set(sip.callId, { ...set, until: record.sentAt });
    }
    if (sip?.method !== 'SUBSCRIBE') continue;
    if (sip.status === undefined) {
      if (sip.toTag === undefined) asked.set(`${record.to} ${sip.callId}`, record);
      continue;
    }
    const request = asked.get(`${record.from} ${sip.callId}`);
    // The first one who accepts is the notifier: everybody else passes its answer on.
    if (sip.status < 200 || sip.status > 299 || request === undefined || sets.has(sip.callId)) continue;
    const message = parseSipMessage(request.bytes);
    if (message.kind !== 'sip-error') sets.set(sip.callId, routeSetOf(message, sip.callId, record, hosts));
  }
  return sets;
}

const namesOf = (entity: TraceEntity): readonly string[] => [entity.id.toLowerCase(), ...entity.addresses];

function routeSetOf({ headers }: SipMessage, callId: string, answer: MessageRecord, hosts: ReadonlyMap<string, EntityId>): RouteSet {
  const routes = headers.values('Record-Route');
  const path = [answer.from];
  for (const value of [...routes, headers.first('Contact') ?? '']) {
    const uri = parseUri(uriOf(value) ?? '');
    const entity = uri?.kind === 'sip' ? hosts.get(uri.host) : undefined;
    if (entity !== undefined && path.at(-1) !== entity) path.push(entity);
  }
  return { callId, since: answer.sentAt, until: undefined, routes, path };
}
