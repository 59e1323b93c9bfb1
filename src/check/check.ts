/** Holds a trace against every rule. */
import type { RecordId, Trace } from '#trace/record.ts';
import { ACCESS_RULES } from './access-rules.ts';
import { AGENT_RULES } from './agent-rules.ts';
import { ANSWER_RULES } from './answer-rules.ts';
import { AUTHENTICATION_RULES } from './authentication-rules.ts';
import { CHARGING_RULES } from './charging-rules.ts';
import { COMPOSITION_RULES } from './composition-rules.ts';
import { CONTENT_RULES } from './content-rules.ts';
import { DIALOG_RULES } from './dialog-rules.ts';
import type { Finding, Rule } from './finding.ts';
import { FORM_RULES } from './form-rules.ts';
import { GATEWAY_RULES } from './gateway-rules.ts';
import { HIDING_RULES } from './hiding-rules.ts';
import { HOP_RULES } from './hop-rules.ts';
import { INTERWORKING_RULES } from './interworking-rules.ts';
import { LEAN_RULES } from './lean-rules.ts';
import { LIFE_RULES } from './life-rules.ts';
import { LIST_RULES } from './list-rules.ts';
import { LOCATION_RULES } from './location-rules.ts';
import { OUTSIDER_RULES } from './outsider-rules.ts';
import { PUBLICATION_RULES } from './publication-rules.ts';
import { REFUSAL_RULES } from './refusal-rules.ts';
import { SUBSCRIPTION_RULES } from './subscription-rules.ts';
import { TRANSACTION_RULES } from './transaction-rules.ts';
import { TRUST_RULES } from './trust-rules.ts';
import { WATCHER_RULES } from './watcher-rules.ts';
import { XCAP_RULES } from './xcap-rules.ts';

export const RULES: readonly Rule[] = [
  ...FORM_RULES,
  ...HOP_RULES,
  ...TRANSACTION_RULES,
  ...DIALOG_RULES,
  ...TRUST_RULES,
  ...HIDING_RULES,
  ...GATEWAY_RULES,
  ...SUBSCRIPTION_RULES,
  ...LEAN_RULES,
  ...LIFE_RULES,
  ...REFUSAL_RULES,
  ...LIST_RULES,
  ...CONTENT_RULES,
  ...PUBLICATION_RULES,
  ...COMPOSITION_RULES,
  ...AGENT_RULES,
  ...OUTSIDER_RULES,
  ...WATCHER_RULES,
  ...XCAP_RULES,
  ...ACCESS_RULES,
  ...AUTHENTICATION_RULES,
  ...ANSWER_RULES,
  ...CHARGING_RULES,
  ...LOCATION_RULES,
  ...INTERWORKING_RULES,
];

export function checkTrace(trace: Trace): readonly Finding[] {
  const excused = excusedRecords(trace);
  return RULES.flatMap((rule) => rule.check(trace)).filter((finding) => finding.record === undefined || !excused.has(finding.record));
}

/** What a person changed on its way is nobody's fault, nor is what came of it. */
function excusedRecords({ records }: Trace): ReadonlySet<RecordId> {
  const excused = new Set<RecordId>();
  for (const record of records) {
    if (record.kind === 'message' && record.sentBytes !== undefined) excused.add(record.id);
    else if (excused.size > 0 && record.causedBy !== undefined && excused.has(record.causedBy)) excused.add(record.id);
  }
  return excused;
}
