/** The price of presence: sessions of two domains, run in the worker when somebody asks, and kept while the page is open. */
import { CancelledError, type Priced, type PriceWish } from '#session/port.ts';
import type { PriceParameters, Saving } from '#trace/price-formula.ts';
import { problemOf } from './runs.ts';
import type { Simulator } from './simulator.ts';

const under: WeakMap<Simulator, AbortController> = new WeakMap();

/** What a run hangs on: how many users there are changes nothing per watcher. */
export const priceKey = ({ hours, changesPerHour, refreshHours, contacts }: Omit<PriceParameters, 'users'>, saving: Saving): string =>
  [hours, changesPerHour, refreshHours, contacts, saving].join(' ');

/** Runs those that are not known yet, one after the other; whatever was under way is given up first. */
export async function gatherPrices(simulator: Simulator, wishes: readonly PriceWish[]): Promise<void> {
  cancelPrices(simulator);
  const { store } = simulator;
  const wanted = wishes.filter(({ parameters, saving }) => !store.getState().price.priced.has(priceKey(parameters, saving)));
  if (wanted.length === 0) return;
  const abort = new AbortController();
  under.set(simulator, abort);
  const of = wanted.length;
  let done = 0;
  const set = (fields: Partial<ReturnType<typeof store.getState>['price']>): void => {
    if (!abort.signal.aborted) store.setState({ price: { ...store.getState().price, ...fields } });
  };
  set({ computing: { done, of }, problem: undefined });
  try {
    await simulator.session.price(
      wanted,
      (priced: Priced) => {
        done++;
        const known = new Map(store.getState().price.priced);
        set({ priced: known.set(priceKey(priced.parameters, priced.saving), priced), computing: { done, of } });
      },
      abort.signal,
    );
    set({ computing: undefined });
  } catch (error) {
    set({ computing: undefined, problem: error instanceof CancelledError ? undefined : problemOf(error, 'Change the numbers and count again.') });
  }
}

export function cancelPrices(simulator: Simulator): void {
  const abort = under.get(simulator);
  if (abort === undefined || abort.signal.aborted) return;
  abort.abort();
  const { store } = simulator;
  store.setState({ price: { ...store.getState().price, computing: undefined } });
}
