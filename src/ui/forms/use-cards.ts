/**
 * The cards of a form as somebody left them, beside the draft of the text. While a card is being filled in its text may be none that the server takes, so that no
 * card can be read from it: then only what is kept here knows them. Kept while the page is open, as the drafts are.
 */
import { useState } from 'react';
import type { Simulator } from '#store/simulator.ts';
import { useSimulator } from '#ui/simulator-context.tsx';

interface Left {
  readonly text: string;
  readonly cards: readonly unknown[];
}

const left = new WeakMap<Simulator, Map<string, Left>>();

/** The cards that were written last, where they are those of `text`, and what keeps others. `name` is that of the draft, so that all who use one name keep cards of one kind. */
export function useCards<Card>(name: string, text: string): readonly [readonly Card[] | undefined, (text: string, cards: readonly Card[]) => void] {
  const simulator = useSimulator();
  const [written, setWritten] = useState(() => left.get(simulator)?.get(name));
  const keep = (to: string, cards: readonly Card[]): void => {
    const now: Left = { text: to, cards };
    const drafts = left.get(simulator) ?? new Map<string, Left>();
    left.set(simulator, drafts.set(name, now));
    setWritten(now);
  };
  return [written?.text === text ? (written.cards as readonly Card[]) : undefined, keep];
}
