/**
 * Many users' equipment at once: a UE (ims/ue) each, behind one name on the stage. Every message is sent and taken by one of them, under that one's address; nothing is shared between them.
 * A wish is for the member that it names (`user`), or for all of them, in their order. Governed by what governs a UE; leaves out nothing of it.
 */
import type { Effect, Input, Intent, Machine } from '#base/machine.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { rejected } from '#ims/node/edit.ts';

export interface Member {
  /** How wishes name it. */
  readonly name: string;
  readonly address: string;
  readonly ue: Machine;
}

export class Crowd implements Machine {
  readonly #members: readonly Member[];
  readonly #byName: ReadonlyMap<string, Member>;
  readonly #byAddress: ReadonlyMap<string, Member>;

  constructor(members: readonly Member[]) {
    this.#members = members;
    this.#byName = new Map(members.map((member) => [member.name, member]));
    this.#byAddress = new Map(members.map((member) => [member.address, member]));
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    switch (input.kind) {
      case 'intent':
        return this.#carryOut(input.intent, now);
      case 'deadline':
        return this.#members.filter(({ ue }) => isDue(ue, now)).flatMap(({ ue }) => ue.step(input, now));
      case 'passing':
        return [];
      default:
        return this.#byAddress.get(input.local.address)?.ue.step(input, now) ?? [];
    }
  }

  deadline(): SimTime | undefined {
    return this.#members.reduce<SimTime | undefined>((first, { ue }) => earliest(first, ue.deadline()), undefined);
  }

  /** Who they are; then what each of them holds, under its name. */
  view(now: SimTime): EntityView {
    const views = this.#members.map(({ name, address, ue }) => ({ name, address, view: ue.view(now) }));
    const rows = views.map(({ name, address, view }) => [name, address, view.mark ?? '']);
    return {
      tables: [
        { title: 'Users', columns: ['Name', 'Address', 'State'], rows, empty: 'Nobody is here.' },
        ...views.flatMap(({ name, view }) => view.tables.map((table) => ({ ...table, title: `${table.title} of ${name}` }))),
      ],
      timers: views.flatMap(({ name, view }) => view.timers.map((timer) => ({ ...timer, subject: `${name}: ${timer.subject}` }))),
      states: views.flatMap(({ view }) => view.states),
    };
  }

  #carryOut({ user, ...intent }: Intent, now: SimTime): readonly Effect[] {
    if (user === undefined) return this.#members.flatMap(({ ue }) => ue.step({ kind: 'intent', intent: intent }, now));
    const member = typeof user === 'string' ? this.#byName.get(user) : undefined;
    if (member === undefined) return [{ kind: 'note', note: rejected('Nobody of that name is here.') }];
    return member.ue.step({ kind: 'intent', intent: intent }, now);
  }
}

function isDue(ue: Machine, now: SimTime): boolean {
  const deadline = ue.deadline();
  return deadline !== undefined && deadline <= now;
}
