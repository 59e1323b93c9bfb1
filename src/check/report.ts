/** Makes rules: a title, a clause, and what to say of a trace that breaks it. */
import type { MessageRecord, Trace } from '#trace/record.ts';
import { evidenceOf, nameOf, type Evidence } from './evidence.ts';
import type { Finding, Rule } from './finding.ts';

/** Says that something is wrong with this message: the sentence goes on after its name. */
export type Blame = (about: { readonly record: MessageRecord }, what: string) => void;

export function rule(id: string, title: string, clause: string, inspect: (evidence: Evidence, blame: Blame) => void): Rule {
  return {
    id,
    title,
    clause,
    check(trace: Trace): readonly Finding[] {
      const findings: Finding[] = [];
      inspect(evidenceOf(trace), (about, what) => {
        findings.push({ rule: id, message: `${nameOf(about)} ${what}.`, record: about.record.id, clause });
      });
      return findings;
    },
  };
}
