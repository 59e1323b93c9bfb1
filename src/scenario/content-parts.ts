/** Documents that NOTIFYs only refer to: the content server, and what a presence server needs to put them there. Built only where a scenario asks for one. */
import { seconds } from '#base/time.ts';
import { ContentServer } from '#ims/content-server/content-server.ts';
import { ContentPublisher } from '#ims/presence-server/content-publisher.ts';
import type { PresenceServerAbilities } from '#ims/presence-server/config.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import type { PartContext } from './parts.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';

/** How long a URL can be used unless the scenario says so (seconds; our choice). */
const LIFETIME = 600;

export function buildContentServer(plan: NetworkPlan, { address, networkRole }: PlannedEntity, startsAt: string): ContentServer {
  const servers = [...plan.entities.values()].filter((one) => one.kind === 'presence-server' && one.networkRole === networkRole);
  return new ContentServer({ address, startsAt, writers: new Set(servers.map((one) => one.address)) });
}

export function contentPublisherOf({ plan, entity, startsAt, chance }: PartContext): PresenceServerAbilities {
  const server = plan.entities.get('cs2');
  if (server === undefined || server.networkRole !== entity.networkRole) return {};
  const lifetime = seconds(plan.options.content?.lifetime ?? LIFETIME);
  const { id: host, address } = entity;
  return { content: new ContentPublisher({ host, address, server: { address: server.address, port: HTTP_PORT }, lifetime, startsAt }, chance) };
}
