/** The external agent, the calendar that it draws on, and the door at the presence server: built only where a scenario asks for them. */
import { createKeyedChance } from '#base/chance.ts';
import { seconds } from '#base/time.ts';
import { CalendarServer } from '#ims/calendar-server/calendar-server.ts';
import { ExternalAgent } from '#ims/external-agent/external-agent.ts';
import { AgentGate } from '#ims/presence-server/agent-gate.ts';
import type { PresenceServerAbilities } from '#ims/presence-server/config.ts';
import type { PartContext } from './parts.ts';
import type { NetworkPlan } from './plan.ts';

/** Seconds, unless the scenario says otherwise (our choice). */
const NONCE_LIFETIME = 3600;
const POLL_EVERY = 300;
const EXPIRES = 900;
const PATH = '/private-4f1c9a/calendar.ics';

/** What the operator of the presence server and the agent agreed on. */
export const agreedPassword = (seed: number): string => createKeyedChance(seed, 'Pex of pea').token('password', 12);
const usernameOf = ({ domains }: NetworkPlan): string => `calendar@${domains.outside}`;
const presentityOf = ({ users }: NetworkPlan): string => users.find(({ role }) => role === 'ue2')?.publicIdentities[0] ?? '';

export function buildExternalAgent({ plan, node, seed, startsAt, chance }: PartContext): ExternalAgent {
  const { password, pollEvery = POLL_EVERY, expires = EXPIRES, claims } = plan.options.externalAgent ?? {};
  const username = usernameOf(plan);
  const calendar = plan.entities.get('cal');
  return new ExternalAgent(
    {
      ...node,
      identity: `sip:${username}`,
      username,
      password: password ?? agreedPassword(seed),
      presentity: presentityOf(plan),
      calendar: { host: calendar?.id ?? `calendar.${plan.domains.outside}`, address: calendar?.address ?? node.address, path: PATH },
      pollEvery: seconds(pollEvery),
      expires: seconds(expires),
      startsAt,
      ...(claims === true ? { claims } : {}),
    },
    chance,
  );
}

export const buildCalendarServer = ({ entity, startsAt, stopped }: PartContext): CalendarServer =>
  new CalendarServer({ host: entity.id, path: PATH, startsAt }, stopped instanceof CalendarServer ? stopped.stored : undefined);

export function agentGateOf({ plan, entity, seed, chance }: PartContext): PresenceServerAbilities {
  if (!plan.entities.has('pea') || entity.scenarioRole !== 'ps') return {};
  const { known = true, mayPublishFor = [presentityOf(plan)], nonceLifetime = NONCE_LIFETIME } = plan.options.externalAgent ?? {};
  const agents = known ? [{ username: usernameOf(plan), password: agreedPassword(seed), presentities: mayPublishFor }] : [];
  return { outsiders: new AgentGate({ realm: entity.network, agents, nonceLifetime: seconds(nonceLifetime) }, chance) };
}
