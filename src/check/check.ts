/** Holds a trace against every rule. */
import type { Trace } from '#trace/record.ts';
import type { Finding, Rule } from './finding.ts';
import { FORM_RULES } from './form-rules.ts';
import { HOP_RULES } from './hop-rules.ts';
import { TRANSACTION_RULES } from './transaction-rules.ts';

export const RULES: readonly Rule[] = [...FORM_RULES, ...HOP_RULES, ...TRANSACTION_RULES];

export const checkTrace = (trace: Trace): readonly Finding[] => RULES.flatMap((rule) => rule.check(trace));
