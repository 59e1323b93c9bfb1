/**
 * What the groups of an expression took: the leftmost match, the longest one that begins there, and the groups as a greedy reading fills them.
 * All readings are followed at once and two that meet go on as one, so the time is that of text times expression, whatever the expression.
 * Deviation: where several readings of the longest match differ in their groups, the one that an eager reader finds first counts; POSIX would compare group by group.
 */
import { compileStates, type State, type StateMachine } from './expression.ts';

/** The whole match first, then each group; undefined for a group that took no part. */
export type Groups = readonly (string | undefined)[];

/** One reading of the text so far: where it stands, and the places that it has marked. */
interface Thread {
  readonly at: number;
  readonly marks: readonly number[];
}

/** The groups of the first match of `expression` in `text`; undefined when nothing matches or it is no expression that is understood here. */
export function matchGroups(expression: string, text: string): Groups | undefined {
  const machine = compileStates(expression, true);
  return machine === undefined ? undefined : runMachine(machine, text);
}

function runMachine({ states, first, groups }: StateMachine, text: string): Groups | undefined {
  let threads: Thread[] = [];
  let best: readonly number[] | undefined;
  for (let i = 0; i <= text.length; i++) {
    // A later beginning is of interest only while there is no match.
    const seeds = best === undefined ? [...threads, { at: first, marks: [i] }] : threads;
    const reached = closure(states, seeds, i, text.length);
    const ended = reached.find((thread) => thread.at === 0);
    if (ended !== undefined && (best === undefined || (ended.marks[0] as number) <= (best[0] as number))) best = withMark(ended.marks, 1, i);
    if (i === text.length) break;
    const code = text.charCodeAt(i);
    threads = reached.flatMap(({ at, marks }) => {
      const state = states[at] as State;
      return state.kind === 'eat' && state.matches(code) ? [{ at: state.to, marks }] : [];
    });
    const begin = best?.[0];
    if (begin !== undefined) threads = threads.filter(({ marks }) => (marks[0] as number) <= begin);
  }
  if (best === undefined) return undefined;
  const marks = best;
  return Array.from({ length: groups + 1 }, (_, group) => {
    const [from, to] = [marks[2 * group], marks[2 * group + 1]];
    return from === undefined || to === undefined ? undefined : text.slice(from, to);
  });
}

/** All that is reached without a character, the reading to be preferred first; of two that stand at the same state the first one stays. */
function closure(states: readonly State[], seeds: readonly Thread[], place: number, end: number): Thread[] {
  const seen = new Set<number>();
  const reached: Thread[] = [];
  const stack: Thread[] = [...seeds].reverse();
  for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
    const { at, marks } = thread;
    if (seen.has(at)) continue;
    seen.add(at);
    const state = states[at] as State;
    switch (state.kind) {
      case 'fork':
        stack.push({ at: state.also, marks }, { at: state.to, marks });
        break;
      case 'mark':
        stack.push({ at: state.to, marks: withMark(marks, state.slot, place) });
        break;
      case 'start':
        if (place === 0) stack.push({ at: state.to, marks });
        break;
      case 'end':
        if (place === end) stack.push({ at: state.to, marks });
        break;
      default:
        reached.push(thread);
    }
  }
  return reached;
}

function withMark(marks: readonly number[], slot: number, place: number): readonly number[] {
  const copy = marks.slice();
  copy[slot] = place;
  return copy;
}
