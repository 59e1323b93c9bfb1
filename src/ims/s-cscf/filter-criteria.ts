/**
 * Initial filter criteria, evaluated from the profile that the HSS sent (TS 29.228 Annexes B, C and F; TS 23.218 §5.2.3).
 * Omitted: the registration type of REGISTER triggers beyond initial, re- and de-registration. For expressions see base/expression.ts.
 */
import { compileExpression, type Expression } from '#base/expression.ts';
import type { InitialFilterCriterion, ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { formatHost, parseUri } from '#protocol/sip/uri.ts';

export type SessionCase = 'originating-registered' | 'terminating-registered' | 'terminating-unregistered' | 'originating-unregistered' | 'originating-cdiv';
export type RegistrationType = 'initial' | 're-registration' | 'de-registration';

const SESSION_CASES: readonly SessionCase[] = [
  'originating-registered',
  'terminating-registered',
  'terminating-unregistered',
  'originating-unregistered',
  'originating-cdiv',
];
const REGISTRATION_TYPES: readonly RegistrationType[] = ['initial', 're-registration', 'de-registration'];

/** A criterion with its expressions compiled once, in the order of evaluation (smaller priority number first). */
export interface CompiledCriterion {
  readonly criterion: InitialFilterCriterion;
  readonly expressions: ReadonlyMap<string, Expression | undefined>;
}

export interface EvaluationContext {
  readonly sessionCase: SessionCase;
  readonly registrationType?: RegistrationType;
}

export function compileFilterCriteria(criteria: readonly InitialFilterCriterion[]): readonly CompiledCriterion[] {
  return [...criteria]
    .sort((a, b) => a.priority - b.priority)
    .map((criterion) => {
      const expressions = new Map<string, Expression | undefined>();
      for (const spt of criterion.triggerPoint?.spts ?? []) {
        const texts =
          spt.kind === 'header'
            ? [spt.header.name, spt.header.content]
            : spt.kind === 'request-uri'
              ? [spt.requestUri]
              : spt.kind === 'session-description'
                ? [spt.sessionDescription.line, spt.sessionDescription.content]
                : [];
        for (const text of texts) if (text !== undefined) expressions.set(text, compileExpression(text));
      }
      return { criterion, expressions };
    });
}

/** The index of the first criterion from `from` on that matches, or -1. */
export function nextMatch(compiled: readonly CompiledCriterion[], from: number, request: SipRequest, context: EvaluationContext): number {
  for (let i = from; i < compiled.length; i++) if (matches(compiled[i] as CompiledCriterion, request, context)) return i;
  return -1;
}

function matches(compiled: CompiledCriterion, request: SipRequest, context: EvaluationContext): boolean {
  const { criterion } = compiled;
  // TS 29.228 §B.2.2: ProfilePartIndicator 0 belongs to the registered user, 1 to the unregistered one, absent to both.
  const unregistered = context.sessionCase === 'terminating-unregistered' || context.sessionCase === 'originating-unregistered';
  if (criterion.profilePart !== undefined && (criterion.profilePart === 1) !== unregistered) return false;
  const trigger = criterion.triggerPoint;
  // An absent trigger point always leads to the application server.
  if (trigger === undefined) return true;
  const groups = new Set<number>();
  for (const spt of trigger.spts) for (const group of spt.groups) groups.add(group);
  for (const group of groups) {
    let every = true;
    let some = false;
    for (const spt of trigger.spts) {
      if (!spt.groups.includes(group)) continue;
      const holds = sptHolds(spt, compiled, request, context);
      every &&= holds;
      some ||= holds;
    }
    // Conjunctive form: every group (an OR) must hold. Disjunctive form: one group (an AND) is enough.
    if (trigger.cnf && !some) return false;
    if (!trigger.cnf && every) return true;
  }
  return trigger.cnf;
}

function sptHolds(spt: ServicePointTrigger, compiled: CompiledCriterion, request: SipRequest, context: EvaluationContext): boolean {
  return sptMatches(spt, compiled, request, context) !== spt.negated;
}

function sptMatches(spt: ServicePointTrigger, compiled: CompiledCriterion, request: SipRequest, context: EvaluationContext): boolean {
  switch (spt.kind) {
    case 'method':
      if (spt.method !== request.method) return false;
      if (request.method !== 'REGISTER' || spt.registrationTypes === undefined || spt.registrationTypes.length === 0) return true;
      return spt.registrationTypes.some((type) => REGISTRATION_TYPES[type] === context.registrationType);
    case 'request-uri':
      return compiled.expressions.get(spt.requestUri)?.test(placeIn(request.uri)) === true;
    case 'session-case':
      return SESSION_CASES[spt.sessionCase] === context.sessionCase;
    case 'header':
      return headerMatches(spt.header, compiled, request);
    case 'session-description':
      return bodyMatches(spt.sessionDescription, compiled, request);
  }
}

/** What the expression for a Request-URI sees (TS 29.228 Annex F): host and port of a SIP URI, the number of a tel URI; any other address whole. */
function placeIn(text: string): string {
  const uri = parseUri(text);
  if (uri?.kind === 'sip') return `${formatHost(uri.host)}${uri.port === undefined ? '' : `:${uri.port}`}`;
  return uri?.kind === 'tel' ? text.replace(/^tel:/i, '') : text;
}

/** Line folds and runs of blanks count as one blank, and none at the ends (TS 29.228 Annex F). */
const plain = (value: string): string => value.replace(/[ \t\r\n]+/g, ' ').trim();

function headerMatches(header: { readonly name: string; readonly content?: string }, compiled: CompiledCriterion, request: SipRequest): boolean {
  const contentMatches = (value: string): boolean => header.content === undefined || compiled.expressions.get(header.content)?.test(plain(value)) === true;
  if (request.headers.values(header.name).some(contentMatches)) return true;
  const name = compiled.expressions.get(header.name);
  if (name === undefined || /^[\w-]+$/.test(header.name)) return false;
  return request.headers.fields().some((field) => name.test(field.name) && request.headers.values(field.name).some(contentMatches));
}

function bodyMatches(spt: { readonly line: string; readonly content?: string }, compiled: CompiledCriterion, request: SipRequest): boolean {
  if (!(request.headers.get('Content-Type') ?? '').startsWith('application/sdp')) return false;
  for (const line of decodeUtf8(request.body).split(/\r?\n/)) {
    if (compiled.expressions.get(spt.line)?.test(line.slice(0, 1)) !== true) continue;
    if (spt.content === undefined || compiled.expressions.get(spt.content)?.test(line.slice(2)) === true) return true;
  }
  return false;
}
