/**
 * Transition rules as data: rows of (from, on, guard, to, actions, clause), run by one small interpreter.
 * The inspector draws the state machine from the same rows, so the picture cannot differ from the behaviour.
 */

/** One row: in state `from`, on event `on`, if every guard holds, go to `to` and carry out `actions` in order. */
export interface TransitionRow<S extends string = string, E extends string = string, G extends string = string, A extends string = string> {
  /** A state, several, or `*` for any. */
  readonly from: S | readonly S[] | '*';
  readonly on: E;
  readonly guard?: G;
  readonly to: S | 'same';
  readonly actions?: readonly A[];
  readonly clause?: string;
}

export interface StateTable<S extends string = string, E extends string = string, G extends string = string, A extends string = string> {
  readonly name: string;
  readonly states: readonly S[];
  readonly initial: S;
  readonly final: readonly S[];
  readonly rows: readonly TransitionRow<S, E, G, A>[];
}

/** A table made fast to look things up in. */
export interface CompiledTable<S extends string, E extends string, G extends string, A extends string> {
  readonly table: StateTable<S, E, G, A>;
  readonly byStateAndEvent: ReadonlyMap<S, ReadonlyMap<E, readonly Choice<S, G, A>[]>>;
}

/** One row from one state: made when the table is compiled, so that taking a transition makes nothing. */
interface Choice<S extends string, G extends string, A extends string> {
  readonly guard: G | undefined;
  readonly transition: Transition<S, A>;
}

export interface Transition<S extends string, A extends string> {
  readonly from: S;
  readonly to: S;
  readonly actions: readonly A[];
  readonly clause?: string;
}

const NO_ACTIONS: readonly never[] = [];

/** Prepares a table for `transition`. Throws when a row names a state that the table does not list. */
export function compileTable<S extends string, E extends string, G extends string, A extends string>(table: StateTable<S, E, G, A>): CompiledTable<S, E, G, A> {
  const byStateAndEvent = new Map<S, Map<E, Choice<S, G, A>[]>>();
  for (const state of table.states) byStateAndEvent.set(state, new Map());
  for (const row of table.rows) {
    const froms: readonly S[] = row.from === '*' ? table.states : typeof row.from === 'string' ? [row.from] : row.from;
    if (row.to !== 'same' && !table.states.includes(row.to)) throw new Error(`${table.name}: unknown state ${row.to}`);
    for (const from of froms) {
      const events = byStateAndEvent.get(from);
      if (events === undefined) throw new Error(`${table.name}: unknown state ${from}`);
      const { guard, actions = NO_ACTIONS, clause } = row;
      const to = row.to === 'same' ? from : row.to;
      const choice = { guard, transition: clause === undefined ? { from, to, actions } : { from, to, actions, clause } };
      const choices = events.get(row.on);
      if (choices === undefined) events.set(row.on, [choice]);
      else choices.push(choice);
    }
  }
  return { table, byStateAndEvent };
}

/**
 * The transition that event `on` causes in `state`: the first row whose guard holds, or undefined when none does
 * (the event means nothing in that state).
 */
export function transition<S extends string, E extends string, G extends string, A extends string>(
  compiled: CompiledTable<S, E, G, A>,
  state: S,
  on: E,
  holds: (guard: G) => boolean,
): Transition<S, A> | undefined {
  const choices = compiled.byStateAndEvent.get(state)?.get(on);
  if (choices === undefined) return undefined;
  for (const { guard, transition } of choices) if (guard === undefined || holds(guard)) return transition;
  return undefined;
}
