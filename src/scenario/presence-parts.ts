/** What presence servers can do only in some scenarios: rules of the presentities (RFC 5025), and telling them who watches (RFC 3857). Loaded when a scenario asks for it. */
import { RuleAuthorizer } from '#ims/presence-server/rule-authorizer.ts';
import type { PresenceServerAbilities } from '#ims/presence-server/config.ts';
import { UNIDENTIFIED } from '#ims/presence-server/decisions.ts';
import { PresenceServer } from '#ims/presence-server/presence-server.ts';
import { GIVE_UP_AFTER, WatcherService } from '#ims/presence-server/watcher-service.ts';
import { XcapRules } from '#ims/presence-server/xcap-rules.ts';
import { RuleBook } from '#presence/authorization/rule-book.ts';
import { PolicyComposer } from '#presence/composition/policy-composer.ts';
import type { Composer } from '#presence/publication/composer.ts';
import { CommonNotifier } from '#presence/common/common-notifier.ts';
import { PARTIAL_PUBLICATION } from '#presence/lean/partial-publication.ts';
import { LeanNotifier } from '#presence/lean/lean-notifier.ts';
import { type Condition, type Except, type Member, NOTHING_SHOWN, type Permissions, type Rule, type Ruleset } from '#presence/authorization/ruleset.ts';
import { DEFAULT_MAX_EXPIRES, DEFAULT_MIN_EXPIRES, type PartContext } from './parts.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import type { RuleOptions } from './rules-schema.ts';
import type { NetworkOptions } from './scenario.ts';

type PresenceOptions = NonNullable<NetworkOptions['presence']>;

export function presenceServerAbilities(context: PartContext): PresenceServerAbilities {
  const { ruleset, watcherInformation, lean, composition, common } = context.plan.options.presence ?? {};
  const xdms = context.plan.entities.get('xdms');
  return {
    ...(xdms !== undefined
      ? rulesOfXdms(context, xdms)
      : ruleset === undefined
        ? {}
        : { authorizer: new RuleAuthorizer(bookOf(context, ruleset), UNIDENTIFIED) }),
    ...(watcherInformation === true ? { watchers: watcherServiceOf(context) } : {}),
    ...(composition === true ? { composer: composerOf(context) } : {}),
    // Where every watcher who is let in sees the same, and nothing else makes NOTIFYs fewer.
    ...(common === true && ruleset === undefined && xdms === undefined && lean === undefined
      ? { refinement: new CommonNotifier(context.chance.token('common-notify-salt', 12)) }
      : {}),
    ...(lean === undefined ? {} : { refinement: leanNotifierOf(context, lean), ...(lean.partial === true ? { patch: PARTIAL_PUBLICATION } : {}) }),
  };
}

/** What an operator has set outlives a restart. */
const composerOf = ({ stopped }: PartContext): Composer => (stopped instanceof PresenceServer ? stopped.composer : undefined) ?? new PolicyComposer();

/** The rules are kept elsewhere: each presentity has its own, and what they are is asked there. */
function rulesOfXdms(context: PartContext, { id, address }: PlannedEntity): PresenceServerAbilities {
  const { entity, chance } = context;
  const book = bookOf(context, undefined);
  const source = new XcapRules({ host: entity.id, address: entity.address, xdms: { host: id, address } }, book, chance);
  return { authorizer: new RuleAuthorizer(book, UNIDENTIFIED), source };
}

function bookOf({ plan, startsAt }: PartContext, common: readonly RuleOptions[] | undefined): RuleBook {
  const otherwise = plan.options.presence?.default ?? 'block';
  return new RuleBook({ startsAt, otherwise, ...(common === undefined ? {} : { common: rulesetOf(plan, common) }) });
}

function leanNotifierOf(
  { chance }: PartContext,
  { conditions = false, rates = false, partial = false, filters = false }: NonNullable<PresenceOptions['lean']>,
): LeanNotifier {
  return new LeanNotifier({ conditions, rates, partial, filters }, chance.token('entity-tag-salt', 12));
}

function watcherServiceOf({ plan, chance }: PartContext): WatcherService {
  const { giveUpAfter = GIVE_UP_AFTER, minExpires = DEFAULT_MIN_EXPIRES, maxExpires = DEFAULT_MAX_EXPIRES } = plan.options.presence ?? {};
  return new WatcherService(chance, { giveUpAfter, minExpires, maxExpires });
}

/** The rules of a scenario as rules of a presentity. */
export const rulesetOf = (plan: NetworkPlan, rules: readonly RuleOptions[]): Ruleset => ({ rules: rules.map((rule) => ruleOf(plan, rule)) });

function ruleOf(plan: NetworkPlan, rule: RuleOptions): Rule {
  const { identity, sphere, validity, anonymous, otherIdentity } = rule;
  const conditions: Condition[] = [
    ...(identity === undefined ? [] : [{ kind: 'identity' as const, members: identity.map((member) => memberOf(plan, member)) }]),
    ...(sphere === undefined ? [] : [{ kind: 'sphere' as const, value: sphere }]),
    ...(validity === undefined ? [] : [{ kind: 'validity' as const, periods: validity }]),
    ...(anonymous === undefined ? [] : [{ kind: 'anonymous-request' as const }]),
    ...(otherIdentity === undefined ? [] : [{ kind: 'other-identity' as const }]),
  ];
  const shows: Permissions = {
    services: (rule.services ?? NOTHING_SHOWN.services) as Permissions['services'],
    persons: (rule.persons ?? NOTHING_SHOWN.persons) as Permissions['persons'],
    devices: (rule.devices ?? NOTHING_SHOWN.devices) as Permissions['devices'],
    attributes: rule.attributes ?? NOTHING_SHOWN.attributes,
    unknown: [],
    userInput: rule.attributes === 'all' ? 'full' : (rule.userInput ?? 'false'),
  };
  return { id: rule.id, conditions, ...(rule.handling === undefined ? {} : { handling: rule.handling }), shows };
}

function memberOf(plan: NetworkPlan, member: NonNullable<RuleOptions['identity']>[number]): Member {
  if ('one' in member) return { kind: 'one', id: member.one };
  const { domain, except = [] } = member.many;
  return {
    kind: 'many',
    ...(domain === undefined ? {} : { domain: domainOf(plan, domain) }),
    except: except.map((one): Except => ('domain' in one ? { domain: domainOf(plan, one.domain) } : { id: one.id })),
  };
}

const domainOf = ({ domains }: NetworkPlan, text: string): string => (Object.hasOwn(domains, text) ? domains[text as keyof typeof domains] : text);
