/** What is kept in an XDMS, and what each kind of document has to keep to (RFC 4825 §5, application usages). Omitted: usages other than presence rules and lists. */
import { identityKey } from '#ims/node/identity.ts';
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
import { RESOURCE_LISTS_TYPE, targetBelow, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import type { XcapConflict } from '#protocol/xcap/errors.ts';
import { parseXcapTarget } from '#protocol/xcap/uri.ts';

export interface ApplicationUsage {
  readonly auid: string;
  readonly contentType: string;
  /** Of names without prefix in node selectors. */
  readonly defaultNamespace: string;
  /** What stands against the document of a user; undefined: nothing. It is well-formed already. */
  judge(text: string, around: Surroundings): XcapConflict | undefined;
}

/** What a document stands among. */
export interface Surroundings {
  readonly xui: string;
  /** The XCAP root, as a whole URI. */
  readonly root: string;
  /** All other documents of the same application on this server, whoever keeps them. */
  readonly others: () => readonly string[];
  /** Whether somebody has that address already who is no list. */
  readonly isSomebody: (uri: string) => boolean;
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

/** RFC 4826 §4.4: the lists of a user; what is twice is told apart from what the schema forbids. */
export const RLS_SERVICES_USAGE: ApplicationUsage = {
  auid: 'rls-services',
  contentType: SERVICES_TYPE,
  defaultNamespace: RLS_SERVICES,
  judge(text, { xui, root, others, isSomebody }) {
    const services = parseServices(text);
    if (isServicesError(services)) return conflictOf(services);
    for (const { refersTo } of services) {
      if (refersTo !== undefined && !isListOf(xui, root, refersTo))
        return { kind: 'constraint-failure', phrase: `${refersTo} is not the address of a list of the same user below ${root}.` };
    }
    // RFC 4826 §4.4.5: nobody and nothing else has the address of a service, in no document on this server.
    const taken = new Set(others().flatMap((one) => addressesIn(one)));
    const twice = services.find(({ uri }) => taken.has(identityKey(uri)) || isSomebody(uri));
    if (twice === undefined) return undefined;
    const free = (n: number): string => twice.uri.replace(/^([^@]*)/, (user) => `${user}-${n}`);
    let n = 2;
    while (taken.has(identityKey(free(n))) || isSomebody(free(n))) n++;
    const field = `rls-services/service[@uri="${twice.uri}"]/@uri`;
    return { kind: 'uniqueness-failure', phrase: `${twice.uri} is the address of somebody or something else.`, field, instead: [free(n)] };
  },
};

/** RFC 4826 §4.1, §4.4.5: an absolute address of an element in a document of lists of the same user, below the same root. It is looked at, not followed. */
function isListOf(xui: string, root: string, uri: string): boolean {
  const target = targetBelow(root, uri);
  const address = target === undefined ? undefined : parseXcapTarget(XCAP_ROOT, target);
  return (
    typeof address === 'object' && address.auid === 'resource-lists' && address.xui === xui && address.node !== undefined && address.node.terminal === undefined
  );
}

function addressesIn(text: string): readonly string[] {
  const services = parseServices(text);
  return isServicesError(services) ? [] : services.map(({ uri }) => identityKey(uri));
}

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
