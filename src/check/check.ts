/** Holds a trace against every rule. */
import type { Trace } from '#trace/record.ts';
import type { Finding, Rule } from './finding.ts';

export const RULES: readonly Rule[] = [];

export const checkTrace = (trace: Trace): readonly Finding[] => RULES.flatMap((rule) => rule.check(trace));
