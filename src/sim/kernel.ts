/**
 * The discrete-event kernel: one input, all its effects, then the next. Events are ordered by (time, priority, sequence).
 * It numbers everything that happens, watched or not, so that a run means the same with and without an observer.
 */
import type { Effect, Input, Intent, Machine, SendEffect } from '#base/machine.ts';
import { milliseconds, START, type SimTime } from '#base/time.ts';
import { Agenda } from './agenda.ts';
import type { Gateways } from './gateways.ts';
import { LinkDirection, type LinkPolicy } from './links.ts';
import { DOWN, type OperatorsAct, type Outage, Outages } from './outage.ts';
import type { EntityId, Observer, PacketRule, RecordNumber } from './packet.ts';
import { ALWAYS_FITS, arrivalOf, connectionOf, lose, NO_REMARKS, oversizeOf, PacketOnTheWay, revive } from './transit.ts';

/** The run did not come to rest: more inputs than its limit allows. For the caller to show. */
export class RunawayError extends Error {
  override readonly name = 'RunawayError';
}

export interface KernelOptions {
  readonly seed: number;
  readonly nodes: ReadonlyMap<EntityId, Machine>;
  /** IP address, in the one spelling that everybody uses (RFC 5952 for IPv6), to its owner. */
  readonly addresses: ReadonlyMap<string, EntityId>;
  readonly links: LinkPolicy;
  readonly gateways?: Gateways;
  readonly rules?: readonly PacketRule[];
  readonly observer?: Observer;
  /** Entities that stop, and may come back. */
  readonly outages?: readonly Outage[];
  /** Inputs after which a run is called runaway. */
  readonly maxInputs?: number;
}

const DEFAULT_MAX_INPUTS = 5_000_000;
/** How often a machine may ask to be woken at once without doing anything. */
const MAX_IDLE_WAKES = 1000;
/** How soon a reliable transport learns that nobody has an address; a datagram to it dies unseen after the same time. */
const UNREACHABLE_AFTER = milliseconds(20);

// At equal moments: the operator first, then people, then arrivals, and deadlines last (a message that arrives at the very moment of a timeout is in time).
const [CHANGE, INTENT, ARRIVAL, DEADLINE] = [0, 1, 2, 3] as const;

export type IntentInput = Extract<Input, { kind: 'intent' }>;

interface Slot {
  readonly id: EntityId;
  machine: Machine;
  readonly index: number;
  readonly links: Map<number, LinkDirection>;
  /** What the machine asked for last. */
  deadline: SimTime | undefined;
  /** The one wake-up in the queue that counts; it may be early and then goes back into the queue. */
  wake: Happening | undefined;
  idleWakes: number;
}

/** A class, as the packet is (transit.ts). */
class Happening {
  at: SimTime;
  readonly priority: number;
  readonly sequence: number;
  readonly slot: Slot | undefined;
  readonly packet: PacketOnTheWay | undefined;
  /** Of an intent or a failed transport; of a change nothing. */
  readonly input: Input | undefined;
  readonly change: (() => void) | undefined;

  constructor(
    at: SimTime,
    priority: number,
    sequence: number,
    slot: Slot | undefined,
    packet: PacketOnTheWay | undefined,
    input: Input | undefined,
    change: (() => void) | undefined,
  ) {
    this.at = at;
    this.priority = priority;
    this.sequence = sequence;
    this.slot = slot;
    this.packet = packet;
    this.input = input;
    this.change = change;
  }
}

const DEADLINE_INPUT: Input = { kind: 'deadline' };
/** Watches nothing. */
export const NOT_LISTENING: Observer = { onPacket() {}, onNote() {}, onState() {}, onRecord() {}, onTimer() {}, onIntent() {} };

export class Kernel {
  readonly #seed: number;
  readonly #slots = new Map<EntityId, Slot>();
  readonly #owners = new Map<string, Slot>();
  readonly #gateways: Gateways | undefined;
  readonly #rules: readonly PacketRule[];
  readonly #observer: Observer;
  readonly #outages: Outages;
  readonly #maxInputs: number;
  readonly #queue = new Agenda<Happening>(isBefore);
  #policy: LinkPolicy;
  #now: SimTime = START;
  #sequence = 0;
  #nextRecord: RecordNumber = 1;
  #inputs = 0;

  /** Throws when an address belongs to an entity that is not there. */
  constructor(options: KernelOptions) {
    this.#seed = options.seed;
    this.#policy = options.links;
    this.#gateways = options.gateways;
    this.#rules = options.rules ?? [];
    this.#observer = options.observer ?? NOT_LISTENING;
    this.#maxInputs = options.maxInputs ?? DEFAULT_MAX_INPUTS;
    for (const [id, machine] of options.nodes) {
      const slot: Slot = { id, machine, index: this.#slots.size, links: new Map(), deadline: undefined, wake: undefined, idleWakes: 0 };
      this.#slots.set(id, slot);
      this.#keepWake(slot);
    }
    for (const [address, id] of options.addresses) this.#owners.set(address, this.#slot(id));
    this.#outages = new Outages(options.outages ?? []);
    for (const outage of options.outages ?? []) this.#prepare(outage);
  }

  get now(): SimTime {
    return this.#now;
  }

  /** The number that the next record will get; grows by one with everything that happens. */
  get nextRecord(): RecordNumber {
    return this.#nextRecord;
  }

  /** How many inputs the machines have taken. */
  get inputs(): number {
    return this.#inputs;
  }

  /** Somebody asks `entity` for something at `at`. Throws for an unknown entity or a moment in the past. */
  schedule(at: SimTime, entity: EntityId, input: IntentInput): void {
    this.#push(at, INTENT, this.#slot(entity), undefined, input, undefined);
  }

  /** An operator changes the network at `at`: recorded as `intent` (of `entity`, if it concerns one), then carried out. */
  scheduleChange(at: SimTime, intent: Intent, change: () => void, entity?: EntityId): void {
    this.#push(at, CHANGE, entity === undefined ? undefined : this.#slot(entity), undefined, { kind: 'intent', intent }, change);
  }

  machineOf(entity: EntityId): Machine {
    return this.#slot(entity).machine;
  }

  #prepare(outage: Outage): void {
    const { entity, crash, restart, rebuild } = outage;
    const slot = this.#slot(entity);
    let stopped = slot.machine;
    const replace = (act: OperatorsAct, machine: () => Machine): void => {
      this.scheduleChange(
        act.at,
        act.intent,
        () => {
          slot.machine = machine();
          const record = this.#nextRecord++;
          this.#observer.onNote(record, this.#now, record - 1, entity, act.note, undefined);
        },
        entity,
      );
    };
    replace(crash, () => {
      stopped = slot.machine;
      const noticed = this.#outages.noticedAt(outage, undefined, this.#now);
      for (const { entity: other, failed } of this.#outages.associatesOf(entity)) this.#push(noticed, ARRIVAL, this.#slot(other), undefined, failed, undefined);
      return DOWN;
    });
    if (restart !== undefined) replace(restart, () => rebuild(stopped));
  }

  /** From now on links are of these qualities; their draws go on where they were. */
  setLinks(policy: LinkPolicy): void {
    this.#policy = policy;
    for (const slot of this.#slots.values()) {
      for (const other of this.#slots.values()) {
        const link = slot.links.get(other.index);
        if (link !== undefined) link.quality = policy(slot.id, other.id);
      }
    }
  }

  /** The moment of the next input, or undefined when nothing will happen any more. */
  peek(): SimTime | undefined {
    return this.#next()?.at;
  }

  /** Takes the next input and carries out all its effects. False when there is none. Throws RunawayError. */
  step(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#queue.pop();
    this.#now = next.at;
    if (++this.#inputs > this.#maxInputs) {
      const where = next.slot === undefined ? '' : `, the last one for ${next.slot.id}`;
      throw new RunawayError(`The run did not come to rest: more than ${this.#maxInputs} inputs by ${next.at / 1_000_000} s${where}.`);
    }
    this.#take(next);
    return true;
  }

  /**
   * Runs everything up to and including `until`; time then stands at `until`. With `record`, stops earlier: as soon as that record has been
   * made and the step that made it is complete.
   */
  runUntil(until: SimTime, record = Infinity): void {
    while (this.#nextRecord <= record) {
      const at = this.peek();
      if (at === undefined || at > until) {
        this.#now = Math.max(this.#now, until) as SimTime;
        return;
      }
      this.step();
    }
  }

  #take(next: Happening): void {
    const { slot, packet, input } = next;
    if (slot === undefined || next.change !== undefined) {
      if (input?.kind === 'intent') this.#observer.onIntent(this.#nextRecord++, next.at, slot?.id, input.intent);
      next.change?.();
      if (slot !== undefined) this.#keepWake(slot);
      return;
    }
    if (next === slot.wake) {
      slot.wake = undefined;
      this.#wake(slot);
    } else if (packet === undefined) {
      const record = this.#nextRecord++;
      if (input?.kind === 'intent') {
        this.#observer.onIntent(record, next.at, slot.id, input.intent);
        this.#carryOut(slot, slot.machine.step(input, next.at), record, undefined);
      } else if (input !== undefined) {
        this.#observer.onTimer(record, next.at, slot.id);
        this.#carryOut(slot, slot.machine.step(input, next.at), record, undefined);
      }
    } else {
      this.#carryOut(slot, slot.machine.step(input ?? arrivalOf(packet), next.at), packet.record, packet.record);
    }
    this.#keepWake(slot);
  }

  #wake(slot: Slot): void {
    const asked = slot.deadline;
    const effects = slot.machine.step(DEADLINE_INPUT, this.#now);
    if (effects.length > 0) {
      slot.idleWakes = 0;
      const record = this.#nextRecord++;
      this.#observer.onTimer(record, this.#now, slot.id);
      this.#carryOut(slot, effects, record, undefined);
    } else if (slot.machine.deadline() === asked) {
      if (++slot.idleWakes > MAX_IDLE_WAKES) throw new Error(`${slot.id} keeps asking to be woken at ${asked} µs and does nothing (it is ${this.#now} µs)`);
    } else slot.idleWakes = 0;
  }

  /** After every step: one wake-up per machine, at its deadline, never in the past. */
  #keepWake(slot: Slot): void {
    const deadline = slot.machine.deadline();
    slot.deadline = deadline;
    if (deadline === undefined || (slot.wake !== undefined && slot.wake.at <= deadline)) return;
    const at = deadline < this.#now ? this.#now : deadline;
    // Ties between machines go by their place in the network, whatever happened before: so a fork changes only what it touches.
    slot.wake = new Happening(at, DEADLINE, slot.index, slot, undefined, undefined, undefined);
    this.#queue.push(slot.wake);
  }

  /** The next happening that counts. Wake-ups that were replaced are dropped, early ones go back to their moment. */
  #next(): Happening | undefined {
    for (;;) {
      const top = this.#queue.peek();
      if (top?.priority !== DEADLINE) return top;
      const slot = top.slot as Slot;
      if (top === slot.wake) {
        if (slot.deadline !== undefined && slot.deadline <= top.at) return top;
        slot.wake = undefined;
      }
      this.#queue.pop();
      if (slot.wake === undefined && slot.deadline !== undefined) {
        top.at = slot.deadline;
        slot.wake = top;
        this.#queue.push(top);
      }
    }
  }

  #carryOut(slot: Slot, effects: readonly Effect[], cause: RecordNumber, about: RecordNumber | undefined): void {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i] as Effect;
      if (effect.kind === 'send') this.#send(slot, effect, cause);
      else if (effect.kind === 'note') this.#observer.onNote(this.#nextRecord++, this.#now, cause, slot.id, effect.note, about);
      else if (effect.kind === 'emit') this.#observer.onState(this.#nextRecord++, this.#now, cause, slot.id, effect.event);
      else this.#observer.onRecord(this.#nextRecord++, this.#now, cause, slot.id, effect);
    }
  }

  #send(from: Slot, send: SendEffect, cause: RecordNumber): void {
    const mayCarry = this.#gateways?.isGateway(from.id) === true;
    if (!mayCarry && this.#owners.get(send.local.address) !== from)
      throw new Error(`${from.id} sends from ${send.local.address}, which is not its address (${send.label})`);
    const receiver = this.#owners.get(send.remote.address);
    const to = receiver === undefined || this.#gateways === undefined ? receiver : this.#slot(this.#gateways.nextHop(from.id, receiver.id));
    const packet = new PacketOnTheWay(this.#nextRecord, cause, from.id, to?.id, send, to !== receiver, this.#now);
    this.#nextRecord += 1 + send.notes.length;
    let noticedAt: SimTime | undefined;
    const reliable = send.transport !== 'udp' && send.transport !== 'esp';
    if (to === undefined) {
      lose(packet, (this.#now + UNREACHABLE_AFTER) as SimTime, 'no-such-address');
    } else {
      const link = this.#link(from, to);
      if (reliable) packet.connection = send.connection ?? connectionOf(send);
      const passage = link.carry(this.#now, packet.connection);
      if (passage.lost) lose(packet, passage.at, reliable ? 'gave-up' : 'loss');
      else {
        packet.arrivesAt = passage.at;
        packet.duplicateArrivesAt = passage.duplicateAt;
      }
      this.#judge(packet, link, reliable);
      this.#nextRecord += packet.remarks.length;
      if (this.#outages.size > 0) noticedAt = this.#meetOutage(packet, from, to);
    }
    const oversize = reliable || packet.arriving.length <= ALWAYS_FITS ? undefined : oversizeOf(packet);
    if (oversize !== undefined) lose(packet, this.#now, 'too-large');
    this.#observer.onPacket(packet);
    if (oversize !== undefined) this.#observer.onNote(this.#nextRecord++, this.#now, cause, from.id, oversize, packet.record);
    if (packet.arrivesAt !== undefined) {
      this.#push(packet.arrivesAt, ARRIVAL, to, packet, undefined, undefined);
      if (packet.duplicateArrivesAt !== undefined) this.#push(packet.duplicateArrivesAt, ARRIVAL, to, packet, undefined, undefined);
    } else if (reliable && packet.lostBecause !== 'rule') {
      const failed: Input = { kind: 'transport-failed', transport: send.transport, local: send.local, remote: send.remote };
      this.#push(noticedAt ?? (packet.lostAt as SimTime), ARRIVAL, from, packet, failed, undefined);
    }
  }

  /** Lets the rules speak; the draws of the link are made either way, so that a rule does not shift those of later packets. */
  #judge(packet: PacketOnTheWay, link: LinkDirection, reliable: boolean): void {
    for (const rule of this.#rules) {
      const verdict = rule(packet);
      if (verdict.kind === 'pass') continue;
      if (verdict.kind === 'replace') {
        packet.arriving = verdict.bytes;
        packet.remarks = [...packet.remarks, ...(verdict.remarks ?? NO_REMARKS)];
        continue;
      }
      if (verdict.kind === 'deliver') revive(packet, (this.#now + Math.max(0, verdict.delay)) as SimTime);
      else if (verdict.kind === 'duplicate') {
        if (packet.arrivesAt !== undefined && !reliable) packet.duplicateArrivesAt = link.copyAfter(packet.arrivesAt);
      } else if (packet.arrivesAt !== undefined) {
        lose(packet, reliable ? packet.arrivesAt : (Math.floor((this.#now + packet.arrivesAt) / 2) as SimTime), 'rule');
      }
      return;
    }
  }

  #meetOutage(packet: PacketOnTheWay, from: Slot, to: Slot): SimTime | undefined {
    if (packet.duplicateArrivesAt !== undefined && this.#outages.at(to.id, packet.duplicateArrivesAt) !== undefined) packet.duplicateArrivesAt = undefined;
    const { arrivesAt, connection } = packet;
    if (arrivesAt === undefined) return undefined;
    const outage = this.#outages.at(to.id, arrivesAt);
    if (outage !== undefined) {
      lose(packet, arrivesAt, 'down');
      return connection === undefined ? undefined : this.#outages.noticedAt(outage, connection, this.#now);
    }
    if (connection === undefined || !this.#outages.isForgotten(connection, packet.send, from.id, to.id, arrivesAt)) return undefined;
    // A stream is simply opened again: nobody models the handshake of the first time either.
    if (packet.send.transport === 'tcp') return undefined;
    lose(packet, arrivesAt, 'reset');
    return (2 * arrivesAt - this.#now) as SimTime;
  }

  #link(from: Slot, to: Slot): LinkDirection {
    let link = from.links.get(to.index);
    if (link === undefined) {
      link = new LinkDirection(this.#seed, from.id, to.id, this.#policy(from.id, to.id));
      from.links.set(to.index, link);
    }
    return link;
  }

  #push(
    at: SimTime,
    priority: number,
    slot: Slot | undefined,
    packet: PacketOnTheWay | undefined,
    input: Input | undefined,
    change: (() => void) | undefined,
  ): void {
    if (at < this.#now) throw new Error(`Cannot schedule at ${at} µs: it is ${this.#now} µs already`);
    this.#queue.push(new Happening(at, priority, this.#sequence++, slot, packet, input, change));
  }

  #slot(id: EntityId): Slot {
    const slot = this.#slots.get(id);
    if (slot === undefined) throw new Error(`There is no entity ${id}`);
    return slot;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.sequence < b.sequence;
}
