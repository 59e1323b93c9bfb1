/** What is kept in an XDMS, and what each kind of document has to keep to (RFC 4825 §5, application usages). Omitted: usages other than presence rules and list services. */
import { parseRuleset, isRulesError } from '#presence/authorization/read-ruleset.ts';
import { PRES_RULES, RULES_TYPE } from '#presence/authorization/ruleset.ts';
import { isServicesError, parseServices, RLS_SERVICES, SERVICES_TYPE } from '#presence/lists/resource-lists.ts';
import type { XcapConflict } from '#protocol/xcap/errors.ts';

export interface ApplicationUsage {
  readonly auid: string;
  readonly contentType: string;
  /** Of names without prefix in node selectors. */
  readonly defaultNamespace: string;
  /** What stands against the document; undefined: nothing. It is well-formed already. */
  judge(text: string): XcapConflict | undefined;
}

/** RFC 5025 (clause unchecked): the rules of a presentity. */
export const PRES_RULES_USAGE: ApplicationUsage = {
  auid: 'pres-rules',
  contentType: RULES_TYPE,
  defaultNamespace: PRES_RULES,
  judge(text) {
    const ruleset = parseRuleset(text);
    if (!isRulesError(ruleset)) return undefined;
    const twice = /^Two rules have the id (.*)\.$/.exec(ruleset.reason)?.[1];
    return twice === undefined
      ? { kind: 'schema-validation-error', phrase: ruleset.reason }
      : { kind: 'uniqueness-failure', phrase: ruleset.reason, field: `ruleset/rule/@id=${twice}` };
  },
};

/** RFC 4826 §4.4: the lists of a user; what is twice is told apart from what the schema forbids. Omitted: whether a list of another user has the address already (the list server keeps to who had it first). */
export const RLS_SERVICES_USAGE: ApplicationUsage = {
  auid: 'rls-services',
  contentType: SERVICES_TYPE,
  defaultNamespace: RLS_SERVICES,
  judge(text) {
    const services = parseServices(text);
    if (!isServicesError(services)) return undefined;
    const { reason: phrase, twice: field } = services;
    return field === undefined ? { kind: 'schema-validation-error', phrase } : { kind: 'uniqueness-failure', phrase, field };
  },
};
