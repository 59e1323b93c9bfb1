/**
 * Flows as the standards draw them, looked for in a trace: who passes which request on to whom, in which order, and what belongs to one dialog. By kinds of entities, never by names.
 * Only what arrived and was answered as the flow says counts. Other traffic may lie between the steps.
 */
import type { SipRequest } from '#protocol/sip/message.ts';
import { mediaTypeOf, parseDeltaSeconds, parseParameterized } from '#protocol/sip/values.ts';
import type { EntityKind, MessageRecord, Trace } from '#trace/record.ts';
import { evidenceOf, type Evidence, finalArrival, requestArrival, type Transaction } from './evidence.ts';

/** A SIP request along these entities, the one who makes it first; its final answer comes back all the way. */
export interface RequestStep {
  readonly through: readonly EntityKind[];
  readonly method: string;
  /** The event package. */
  readonly event?: string;
  /** Steps of the same name belong to one dialog. */
  readonly dialog?: string;
  /** 2xx when not named. */
  readonly answer?: 'success' | 'refusal';
  /** Whom somebody on the way asks before the request goes on, and what: `LIR`. */
  readonly asks?: { readonly by: EntityKind; readonly of: EntityKind; readonly label: string };
  /** What else holds of the request as its receiver gets it. */
  readonly where?: (request: SipRequest) => boolean;
}

/** One message of another language between two entities. */
export interface MessageStep {
  readonly from: readonly EntityKind[];
  readonly to: readonly EntityKind[];
  /** The whole label, or how it begins. */
  readonly label: RegExp;
}

export type FlowStep = RequestStep | MessageStep;

/** A request as it was passed on, from the first to the last who had it. */
interface Passage {
  readonly kinds: string;
  readonly sentAt: number;
  readonly callId: string;
  readonly hops: readonly Transaction[];
}

/** A step that was found: when it began, and to which dialog it belongs. */
interface Candidate {
  readonly at: number;
  readonly callId: string | undefined;
}

const known = new WeakMap<Trace, readonly Passage[]>();

function passagesOf(trace: Trace): readonly Passage[] {
  let passages = known.get(trace);
  if (passages === undefined) {
    const { entities, transactions } = evidenceOf(trace);
    const kindOf = (id: string): string => entities.get(id)?.kind ?? '?';
    passages = transactions
      .filter(({ children }) => children.length === 0)
      .map((last) => {
        const hops = [last];
        for (let hop = last.parent; hop !== undefined; hop = hop.parent) hops.unshift(hop);
        const [first = last] = hops;
        const kinds = [kindOf(first.client), ...hops.map(({ server }) => kindOf(server))].join(' ');
        return { kinds, sentAt: first.request.record.sentAt, callId: first.request.callId, hops };
      });
    known.set(trace, passages);
  }
  return passages;
}

const eventOf = ({ headers }: SipRequest): string | undefined => parseParameterized(headers.get('Event') ?? '')?.value.toLowerCase();

function isAnswered({ hops }: Passage, wanted: 'success' | 'refusal'): boolean {
  const [first] = hops;
  const status = first === undefined ? undefined : finalArrival(first)?.response.message.status;
  return status !== undefined && (wanted === 'success' ? status < 300 : status >= 300);
}

/** Whether whoever passes the request on asked before it did, and was heard. */
function isAsked({ messages, entities }: Evidence, { hops }: Passage, { by, of, label }: NonNullable<RequestStep['asks']>): boolean {
  return hops.some((hop, i) => {
    const next = hops[i + 1];
    const arrival = requestArrival(hop);
    if (next === undefined || arrival === undefined || entities.get(hop.server)?.kind !== by) return false;
    const isIt = (m: MessageRecord): boolean =>
      m.label === label &&
      m.from === hop.server &&
      entities.get(m.to)?.kind === of &&
      m.sentAt >= arrival &&
      (m.arrivedAt ?? Infinity) <= next.request.record.sentAt;
    return messages.some(isIt);
  });
}

function candidatesOf(trace: Trace, step: FlowStep): readonly Candidate[] {
  const evidence = evidenceOf(trace);
  if ('label' in step) {
    const isOf = (id: string, kinds: readonly EntityKind[]): boolean => kinds.some((kind) => kind === evidence.entities.get(id)?.kind);
    return evidence.messages
      .filter(({ arrivedAt, from, to, label }) => arrivedAt !== undefined && step.label.test(label) && isOf(from, step.from) && isOf(to, step.to))
      .map(({ sentAt }) => ({ at: sentAt, callId: undefined }));
  }
  const kinds = step.through.join(' ');
  return passagesOf(trace)
    .filter((passage) => {
      const request = passage.hops.at(-1)?.request.message;
      if (request?.method !== step.method || passage.kinds !== kinds || passage.hops.some((hop) => requestArrival(hop) === undefined)) return false;
      if (step.event !== undefined && eventOf(request) !== step.event) return false;
      if (step.where?.(request) === false || !isAnswered(passage, step.answer ?? 'success')) return false;
      return step.asks === undefined || isAsked(evidence, passage, step.asks);
    })
    .map(({ sentAt, callId }) => ({ at: sentAt, callId }));
}

/** Whether the steps happened in this order. */
export function hasFlow(trace: Trace, steps: readonly FlowStep[]): boolean {
  const candidates = steps.map((step) => candidatesOf(trace, step));
  return candidates.every((some) => some.length > 0) && follows(steps, candidates, 0, -1, new Map());
}

/** The earliest that fits is as good as any later one; only which dialog a name means has to be tried. */
function follows(
  steps: readonly FlowStep[],
  candidates: readonly (readonly Candidate[])[],
  i: number,
  since: number,
  dialogs: ReadonlyMap<string, string>,
): boolean {
  const step = steps[i];
  if (step === undefined) return true;
  const name = 'label' in step ? undefined : step.dialog;
  const meant = name === undefined ? undefined : dialogs.get(name);
  const taken = new Set(dialogs.values());
  const tried = new Set<string | undefined>();
  for (const { at, callId } of candidates[i] ?? []) {
    if (at < since || (meant !== undefined ? callId !== meant : name !== undefined && callId !== undefined && taken.has(callId))) continue;
    const key = name === undefined ? undefined : callId;
    if (tried.has(key)) continue;
    tried.add(key);
    const bound = name === undefined || callId === undefined ? dialogs : new Map([...dialogs, [name, callId]]);
    if (follows(steps, candidates, i + 1, at, bound)) return true;
  }
  return false;
}

/** Says what a request has to be, for `where`. */
export const outside = ({ headers }: SipRequest): boolean => !/;\s*tag=/i.test(headers.get('To') ?? '');
export const within = (request: SipRequest): boolean => !outside(request);
export const lasting = ({ headers }: SipRequest): boolean => parseDeltaSeconds(headers.get('Expires')) !== 0;
export const endingNow = (request: SipRequest): boolean => !lasting(request);
export const carries =
  (...types: readonly string[]) =>
  ({ headers, body }: SipRequest): boolean =>
    body.length > 0 && types.includes(mediaTypeOf(headers.get('Content-Type') ?? '') ?? '');
export const stateIs =
  (state: string) =>
  ({ headers }: SipRequest): boolean =>
    parseParameterized(headers.get('Subscription-State') ?? '')?.value.toLowerCase() === state;
export const both =
  (...all: readonly ((request: SipRequest) => boolean)[]) =>
  (request: SipRequest): boolean =>
    all.every((each) => each(request));
