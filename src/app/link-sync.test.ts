/** The address and the history, against a window that does what browsers do: `location` moves at once, `hashchange` comes later. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { chooseScenario, execute } from '#store/commands.ts';
import '#store/parse-link.ts';
import { openScenario } from '#store/runs.ts';
import { createSimulator, storyOf, type Simulator } from '#store/simulator.ts';
import { selectRun } from '#store/store.ts';
import { keepLink } from './link-sync.ts';

/** Entries of a history and where it stands; `travel` moves as a traversal does, `arrive` delivers the events that are due. */
class FakeWindow extends EventTarget {
  entries = [''];
  at = 0;
  readonly document = { title: '' };
  readonly location = Object.defineProperty({}, 'hash', { get: () => this.entries[this.at] }) as { readonly hash: string };
  readonly history = {
    state: undefined,
    pushState: (_state: unknown, _unused: string, link: string) => {
      this.entries.splice(this.at + 1, Infinity, link);
      this.at++;
    },
    replaceState: (_state: unknown, _unused: string, link: string) => {
      this.entries[this.at] = link;
    },
  };
  readonly setTimeout = (work: () => void, ms: number): unknown => setTimeout(work, ms);
  readonly clearTimeout = (timer: NodeJS.Timeout | undefined): void => clearTimeout(timer);

  travel(by: number): void {
    this.at += by;
  }
  arrive(): void {
    this.dispatchEvent(new Event('hashchange'));
  }
}

const scenario = (simulator: Simulator): string | undefined => selectRun(simulator.store.getState())?.request.scenario;

/** Three scenarios have been looked at, in this order, and each is an entry. */
async function lookedAtThree(): Promise<{ simulator: Simulator; window: FakeWindow }> {
  const session = createFixtureSession();
  const simulator = createSimulator(session);
  const scenarios = await session.scenarios();
  simulator.store.setState((state) => ({ session: { ...state.session, scenarios } }));
  await openScenario(simulator, 'subscribe-across-networks');
  const window = new FakeWindow();
  keepLink(simulator, window as unknown as Window);
  for (const id of ['registration', 'publish']) {
    await execute(simulator, chooseScenario(id));
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(window.entries.map((entry) => /s=([a-z-]+)/.exec(entry)?.[1] ?? '')).toEqual(['', 'registration', 'publish']);
  return { simulator, window };
}

describe('the address', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it('is not written over an entry that the browser has gone to and not yet told of', async () => {
    const { simulator, window } = await lookedAtThree();
    window.travel(-1);
    window.arrive();
    await vi.advanceTimersByTimeAsync(1000);
    expect(scenario(simulator)).toBe('registration');
    // A moment is about to be written when the browser goes forward.
    simulator.viewTime.setState({ step: storyOf(simulator)!.first + 3 });
    window.travel(1);
    await vi.advanceTimersByTimeAsync(5000);
    window.arrive();
    await vi.advanceTimersByTimeAsync(1000);
    expect(scenario(simulator)).toBe('publish');
    expect(window.entries).toHaveLength(3);
  });

  it('leads where the browser went last when it went on before the run was there', async () => {
    const { simulator, window } = await lookedAtThree();
    for (const by of [-1, -1, 1, 1]) {
      window.travel(by);
      window.arrive();
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(scenario(simulator)).toBe('publish');
    expect(window.entries).toHaveLength(3);
    expect(window.at).toBe(2);
  });
});
