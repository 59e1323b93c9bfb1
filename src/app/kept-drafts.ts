/**
 * What somebody has begun to write outlives a reload: texts, edited messages and states that were to be published are kept with the tab when the page goes, and are there again when
 * it comes back. Left out: what hangs on a run of this page (networks), and the policy of a server, whose fields change with the form.
 */
import type { MessageDraft } from '#store/drafts.ts';
import type { Simulator } from '#store/simulator.ts';
import type { PublishedState } from '#store/what-if.ts';
import { readStored, writeStored } from './storage.ts';

const KEY = 'presence-simulator.drafts';
/** Characters in all: browsers keep some five million for a page. */
const MOST = 1_000_000;

type Kept = string | MessageDraft | PublishedState;

function isKept(value: unknown): value is Kept {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { text, keepLength, basic, note } = value as Readonly<Record<string, unknown>>;
  return (typeof text === 'string' && typeof keepLength === 'boolean') || ((basic === 'open' || basic === 'closed') && typeof note === 'string');
}

const keptOf = (drafts: object): Readonly<Record<string, Kept>> =>
  Object.fromEntries(Object.entries(drafts).filter((entry): entry is [string, Kept] => isKept(entry[1])));

/** Nothing where the tab has kept nothing that this page can read. */
function read(window: Window): Readonly<Record<string, Kept>> {
  try {
    const value: unknown = JSON.parse(readStored(window, 'sessionStorage', KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? keptOf(value) : {};
  } catch {
    return {};
  }
}

/** Returns the function that stops it. */
export function keepDrafts(simulator: Simulator, window: Window): () => void {
  const { store } = simulator;
  store.setState({ drafts: { ...read(window), ...store.getState().drafts } });
  const onHide = (): void => {
    const text = JSON.stringify(keptOf(store.getState().drafts));
    writeStored(window, 'sessionStorage', KEY, text.length > MOST ? undefined : text);
  };
  window.addEventListener('pagehide', onHide);
  return () => window.removeEventListener('pagehide', onHide);
}
