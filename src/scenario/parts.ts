/**
 * Entities that only some scenarios have, and abilities of others that only some scenarios use. Whoever runs a scenario hands in how they are built: the command line all of them, the page first none, and all
 * of them (all-parts.ts, loaded then) when a scenario asks for one.
 */
import type { Chance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import type { ShService } from '#ims/hss/sh-service.ts';
import type { PresenceServerAbilities } from '#ims/presence-server/config.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { UeAbilities } from '#ims/ue/abilities.ts';
import { USUALLY_GRANTED } from '#trace/price-formula.ts';
import type { EntityKind } from '#trace/record.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';

/** Seconds: of subscriptions at a presence server, unless the scenario says otherwise. */
export const DEFAULT_MIN_EXPIRES = 60;
export const DEFAULT_MAX_EXPIRES = USUALLY_GRANTED;

export interface PartContext {
  readonly plan: NetworkPlan;
  readonly entity: PlannedEntity;
  readonly node: NodeConfig;
  readonly seed: number;
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
  readonly chance: Chance;
  /** What stood there before it was stopped, where it comes back. */
  readonly stopped?: Machine | undefined;
}

/** What entities that everybody needs can do only in some scenarios. */
export interface Abilities {
  /** What an HSS can tell application servers; undefined where nobody asks. */
  sh(context: PartContext): ShService | undefined;
  presenceServer(context: PartContext): PresenceServerAbilities;
  readonly ue?: UeAbilities;
  /** Many UEs at once. */
  readonly crowd?: (context: PartContext) => Machine;
  /** IPsec below a node, where the scenario wants its way to the gateway protected; otherwise the node as it is. */
  protect(plan: NetworkPlan, entity: PlannedEntity, machine: Machine, seed: number, life: number): Machine;
}

export type Parts = Readonly<Partial<Record<EntityKind, (context: PartContext) => Machine>>> & { readonly abilities?: Abilities };

export const NO_PARTS: Parts = {};
