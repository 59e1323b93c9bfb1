/** Whether a presence server would take a composition policy, for tests of those who may not know what one is. */
import type { Json } from '#base/machine.ts';
import { readPolicy } from '#presence/composition/policy.ts';

/** Undefined, or a sentence that says what is wrong. */
export function policyFault(given: Json): string | undefined {
  const policy = readPolicy(given);
  return typeof policy === 'string' ? policy : undefined;
}
