/** Entities that stop and come back: while one is down it takes nothing and does nothing, and when it comes back it has forgotten what was in its memory. */
import type { Input, Intent, Machine, SendEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { milliseconds, type SimTime } from '#base/time.ts';
import type { EntityId } from './packet.ts';

/** What an operator does, as the trace will show it. */
export interface OperatorsAct {
  readonly at: SimTime;
  readonly intent: Intent;
  readonly note: Note;
}

/** All outages are known before the run begins: so what becomes of a packet is still decided when it is sent. */
export interface Outage {
  readonly entity: EntityId;
  readonly crash: OperatorsAct;
  /** Undefined: it stays down. */
  readonly restart: OperatorsAct | undefined;
  /** The machine that comes back, made out of what is left of the one that stopped. */
  readonly rebuild: (stopped: Machine) => Machine;
}

/** How long a reliable transport tries to reach somebody who is down: 200 ms · (2^6 - 1), as for a link that loses everything. */
const GIVES_UP_AFTER = milliseconds(12_600);

/** Stands in for a machine that is down. */
export const DOWN: Machine = {
  step: () => [],
  deadline: () => undefined,
  view: () => ({
    tables: [{ title: 'State', columns: ['This entity'], rows: [['is down: it takes nothing and does nothing']], empty: '' }],
    timers: [],
    states: [],
    mark: 'down',
  }),
};

/** Who is down when, and which connections did not survive it. Empty, it costs a comparison. */
export class Outages {
  readonly #byEntity = new Map<EntityId, Outage[]>();
  readonly #connections = new Map<string, Connection>();

  constructor(outages: readonly Outage[]) {
    for (const outage of outages) this.#byEntity.set(outage.entity, [...(this.#byEntity.get(outage.entity) ?? []), outage]);
  }

  get size(): number {
    return this.#byEntity.size;
  }

  /** The outage during which something would arrive at `entity`. */
  at(entity: EntityId, at: SimTime): Outage | undefined {
    return this.#byEntity.get(entity)?.find(({ crash, restart }) => at >= crash.at && (restart === undefined || at < restart.at));
  }

  /** When the sender on a reliable transport learns that nobody is there: as soon as it is up again, or when its patience ends. The connection is over then. */
  noticedAt(outage: Outage, connection: string | undefined, sentAt: SimTime): SimTime {
    if (connection !== undefined) this.#connections.delete(connection);
    return Math.min(sentAt + GIVES_UP_AFTER, outage.restart?.at ?? Infinity) as SimTime;
  }

  /** Whether `to` has forgotten the connection on which `from` sends; either way it is a new one from now on. */
  isForgotten(connection: string, { transport, local, remote }: SendEffect, from: EntityId, to: EntityId, now: SimTime): boolean {
    const livesOf = (entity: EntityId): number => this.#byEntity.get(entity)?.filter(({ crash }) => crash.at <= now).length ?? 0;
    const before = this.#connections.get(connection)?.lives;
    const lives = new Map([
      [from, livesOf(from)],
      [to, livesOf(to)],
    ]);
    const isForgotten = before !== undefined && before.get(from) === lives.get(from) && before.get(to) !== lives.get(to);
    if (isForgotten) this.#connections.delete(connection);
    else
      this.#connections.set(connection, {
        lives,
        ends: [
          { entity: from, failed: { kind: 'transport-failed', transport, local, remote } },
          { entity: to, failed: { kind: 'transport-failed', transport, local: remote, remote: local } },
        ],
      });
    return isForgotten;
  }

  /** Who holds an SCTP association with `entity`, and what tells them that it broke: its heartbeats do, whether or not anybody sends. */
  associatesOf(entity: EntityId): readonly End[] {
    const found: End[] = [];
    for (const [connection, { ends }] of this.#connections) {
      if (ends[0].failed.transport !== 'sctp' || !ends.some((end) => end.entity === entity)) continue;
      this.#connections.delete(connection);
      found.push(...ends.filter((end) => end.entity !== entity));
    }
    return found;
  }
}

interface End {
  readonly entity: EntityId;
  readonly failed: Extract<Input, { kind: 'transport-failed' }>;
}

interface Connection {
  /** What each end had lived through when the connection was used last. */
  readonly lives: ReadonlyMap<EntityId, number>;
  readonly ends: readonly [End, End];
}
