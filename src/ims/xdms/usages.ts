/** What is kept in an XDMS, and what each kind of document has to keep to (RFC 4825 §5, application usages). Omitted: usages other than presence rules and lists. */
import { parseRuleset, isRulesError } from '#presence/authorization/read-ruleset.ts';
import { PRES_RULES, RULES_TYPE } from '#presence/authorization/ruleset.ts';
import {
  isServicesError,
  parseResourceLists,
  parseServices,
  RESOURCE_LISTS,
  RLS_SERVICES,
  SERVICES_TYPE,
  type ServicesError,
} from '#presence/lists/resource-lists.ts';
import { RESOURCE_LISTS_TYPE, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import type { XcapConflict } from '#protocol/xcap/errors.ts';
import { parseXcapTarget } from '#protocol/xcap/uri.ts';

export interface ApplicationUsage {
  readonly auid: string;
  readonly contentType: string;
  /** Of names without prefix in node selectors. */
  readonly defaultNamespace: string;
  /** What stands against the document of a user; undefined: nothing. It is well-formed already. */
  judge(text: string, xui: string): XcapConflict | undefined;
}

/** RFC 5025 §9: the rules of a presentity. */
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
  judge(text, xui) {
    const services = parseServices(text);
    if (isServicesError(services)) return conflictOf(services);
    // RFC 4826 §4.4.5: the address of a list elsewhere is looked at, not followed: it has to be one of the own lists.
    for (const { refersTo } of services) {
      const address = refersTo === undefined ? undefined : parseXcapTarget(XCAP_ROOT, refersTo);
      const isOwn = typeof address === 'object' && address.auid === 'resource-lists' && address.xui === xui && /^https?:\/\//i.test(refersTo ?? '');
      if (address !== undefined && !isOwn) return { kind: 'constraint-failure', phrase: `${refersTo ?? ''} is not the address of a list of the same user.` };
    }
    return undefined;
  },
};

/** RFC 4826 §3.4: lists for other documents to refer to; nobody looks whether what they refer to is there. */
export const RESOURCE_LISTS_USAGE: ApplicationUsage = {
  auid: 'resource-lists',
  contentType: RESOURCE_LISTS_TYPE,
  defaultNamespace: RESOURCE_LISTS,
  judge(text) {
    const lists = parseResourceLists(text);
    return isServicesError(lists) ? conflictOf(lists) : undefined;
  },
};

function conflictOf({ reason: phrase, twice: field, isConstraint }: ServicesError): XcapConflict {
  if (field !== undefined) return { kind: 'uniqueness-failure', phrase, field };
  return { kind: isConstraint === true ? 'constraint-failure' : 'schema-validation-error', phrase };
}
