/**
 * What becomes of somebody's rules when a watcher is answered (RFC 5025 §3.2.1): a rule about the watcher is enough as long as no other one gives more, for the highest counts.
 * To block somebody about whom a rule for many asks first, that rule has to leave the watcher out (RFC 4745 §7.1.3, except).
 */
import { isMember } from './evaluate.ts';
import { type Condition, HANDLING_VALUES, type Member, type Rule, type Ruleset } from './ruleset.ts';

/** All rules as they have to be, with the answer; undefined where the answer alone is enough, or nothing that can be written helps. */
export function withAnswer({ rules }: Ruleset, answer: Rule, watcher: string): Ruleset | undefined {
  const { handling } = answer;
  if (handling === undefined) return undefined;
  const others = rules.filter(({ id }) => id !== answer.id);
  const left = others.flatMap((rule) => {
    const isStronger = rule.handling !== undefined && HANDLING_VALUES[rule.handling] > HANDLING_VALUES[handling];
    return isStronger ? withoutWatcher(rule, watcher) : rule;
  });
  const isChanged = left.length !== others.length || left.some((rule, i) => rule !== others[i]);
  const canBeWritten = rules.every(({ conditions }) => conditions.every(({ kind }) => kind !== 'unknown'));
  return isChanged && canBeWritten ? { rules: [...left, answer] } : undefined;
}

/** The rule for everybody else; nothing is left of one that was about the watcher alone. A rule without identities is about everybody who has one, then. */
function withoutWatcher(rule: Rule, watcher: string): readonly Rule[] {
  const identity = rule.conditions.find(({ kind }) => kind === 'identity');
  if (identity?.kind !== 'identity') {
    const isForOthers = rule.conditions.some(({ kind }) => kind === 'anonymous-request' || kind === 'other-identity' || kind === 'unknown');
    const everybodyElse: Condition = { kind: 'identity', members: [{ kind: 'many', except: [{ id: watcher }] }] };
    return isForOthers ? [rule] : [{ ...rule, conditions: [everybodyElse, ...rule.conditions] }];
  }
  const members = identity.members.flatMap((member): Member[] => {
    if (!isMember(watcher, member)) return [member];
    return member.kind === 'one' ? [] : [{ ...member, except: [...member.except, { id: watcher }] }];
  });
  if (members.length === 0) return [];
  if (members.every((member, i) => member === identity.members[i])) return [rule];
  return [{ ...rule, conditions: rule.conditions.map((each) => (each === identity ? { kind: 'identity' as const, members } : each)) }];
}
