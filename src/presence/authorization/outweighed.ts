/**
 * Which rules say less than another one that holds whenever they do, and so have no effect on subscriptions: the highest handling counts (RFC 5025 §3.2.1).
 * Only what is certain is told; omitted: rules that outweigh one another at times only, or for some of a domain.
 */
import { isMember } from './evaluate.ts';
import { type Condition, HANDLING_VALUES, type Member, type Rule, type Ruleset } from './ruleset.ts';

export interface Outweighed {
  readonly by: Rule;
  /** Those whom the other rule gives more, where they are not all whom this one is about. */
  readonly only?: readonly string[];
}

/** The rule that leaves this one without effect, for everybody or for some of those whom it names. */
export function outweighed({ rules }: Ruleset, rule: Rule): Outweighed | undefined {
  const stronger = rules.filter((other) => worthOf(other) > worthOf(rule) && worthOf(rule) >= 0 && holdsAsOften(other, rule));
  const members = identityOf(rule);
  const whole = stronger.find((other) => (members === undefined ? identityOf(other) === undefined : members.every((member) => isCovered(member, other))));
  if (whole !== undefined) return { by: whole };
  for (const by of stronger) {
    const only = (members ?? []).flatMap((member) => (member.kind === 'one' && isCovered(member, by) ? [member.id] : []));
    if (only.length > 0) return { by, only };
  }
  return undefined;
}

/** Of a rule that says nothing about subscriptions less than any. */
const worthOf = ({ handling }: Rule): number => (handling === undefined ? -1 : HANDLING_VALUES[handling]);

const identityOf = ({ conditions }: Rule): readonly Member[] | undefined => {
  const found = conditions.find(({ kind }) => kind === 'identity');
  return found?.kind === 'identity' ? found.members : undefined;
};

/** Whether whatever else the other rule asks for is asked for by this one too. Whom this one names is no other identity for the other. */
function holdsAsOften(other: Rule, rule: Rule): boolean {
  const isAsked = (condition: Condition): boolean => rule.conditions.some((own) => JSON.stringify(own) === JSON.stringify(condition));
  return other.conditions.every((condition) => condition.kind === 'identity' || isAsked(condition));
}

function isCovered(member: Member, by: Rule): boolean {
  const members = identityOf(by);
  if (members === undefined) return true;
  if (member.kind === 'one') return members.some((each) => isMember(member.id, each));
  return members.some(
    (each) =>
      each.kind === 'many' &&
      (each.domain === undefined || each.domain.toLowerCase() === member.domain?.toLowerCase()) &&
      each.except.every((except) => member.except.some((own) => own.id === except.id && own.domain === except.domain)),
  );
}
