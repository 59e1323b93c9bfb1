/** The policy by which a presence server composes, as it stands in a run, and an operator's wish for another one. What it means is the business of the server. */
import { isObject, type JsonObject } from '#base/machine.ts';
import type { EntityViews } from '#session/port.ts';
import type { EntityId } from '#trace/record.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';
import { formatPlace, type WhatIf } from './what-if.ts';

/** Its members as the server reads them; what is left out is as by default. */
export type PolicyText = JsonObject;

/** What was asked for last up to `t`. */
export function policyAt(story: Story, entity: EntityId, t: number): PolicyText {
  let found: PolicyText = {};
  for (const record of story.trace.records) {
    if (record.at > t) break;
    if (record.kind !== 'intent' || record.entity !== entity || record.intent.kind !== 'change-policy') continue;
    const policy = record.intent['policy'];
    if (isObject(policy)) found = policy;
  }
  return found;
}

/** Who composes by a policy that can be changed, as the entities themselves say it. */
export const policiesIn = (views: EntityViews | undefined): readonly EntityId[] =>
  Object.entries(views ?? {}).flatMap(([id, { tables }]) => (tables.some(({ title }) => title === 'Composition policy') ? [id] : []));

export function policyAct(story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>, entity: EntityId, policy: PolicyText): WhatIf {
  const label = story.entity(entity)?.label ?? entity;
  return {
    id: 'change-policy',
    label: 'Compose by this policy',
    name: `${label} composes by another policy ${formatPlace(story, time)}`,
    change: { kind: 'do', at: Math.round(time.t), who: entity, intent: { kind: 'change-policy', policy } },
  };
}
