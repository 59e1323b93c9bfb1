/** The address and the history, against a window that does what browsers do: `location` moves at once, `hashchange` comes later. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { change, chooseRun, chooseScenario, execute, undoChange } from '#store/commands.ts';
import { addressOf, openLink } from '#store/open-link.ts';
import '#store/parse-link.ts';
import { openScenario } from '#store/runs.ts';
import { createSimulator, storyOf, type Simulator } from '#store/simulator.ts';
import { selectRun } from '#store/store.ts';
import { possibleActs, type WhatIfId } from '#store/what-if.ts';
import { catchUp, heldIn, keepLink } from './link-sync.ts';

/** Entries of a history and where it stands; `travel` moves as a traversal does, `arrive` delivers the events that are due, `paste` is somebody who writes an address. */
class FakeWindow extends EventTarget {
  entries = [''];
  states: unknown[] = [null];
  at = 0;
  readonly document = { title: '' };
  readonly stored = new Map<string, string>();
  readonly sessionStorage = {
    getItem: (key: string) => this.stored.get(key) ?? null,
    setItem: (key: string, value: string) => this.stored.set(key, value),
    removeItem: (key: string) => this.stored.delete(key),
  };
  /** How the browser came to the page. */
  visit = 'navigate';
  readonly performance = { getEntriesByType: () => [{ type: this.visit }] };
  readonly location = Object.defineProperty({}, 'hash', { get: () => this.entries[this.at] }) as { readonly hash: string };
  readonly history = Object.defineProperty(
    {
      pushState: (state: unknown, _unused: string, link: string) => {
        this.entries.splice(this.at + 1, Infinity, link);
        this.states.splice(this.at + 1, Infinity, state);
        this.at++;
      },
      replaceState: (state: unknown, _unused: string, link = this.entries[this.at] ?? '') => {
        this.entries[this.at] = link;
        this.states[this.at] = state;
      },
      // As browsers do: some time after it was asked for.
      back: () =>
        setTimeout(() => {
          this.travel(-1);
          this.arrive();
        }, 20),
    },
    'state',
    { get: () => this.states[this.at] },
  );
  readonly setTimeout = (work: () => void, ms: number): unknown => setTimeout(work, ms);
  readonly clearTimeout = (timer: NodeJS.Timeout | undefined): void => clearTimeout(timer);

  travel(by: number): void {
    this.at += by;
  }
  paste(link: string): void {
    this.history.pushState(null, '', link);
    this.arrive();
  }
  arrive(): void {
    this.dispatchEvent(new Event('hashchange'));
  }
}

const scenario = (simulator: Simulator): string | undefined => selectRun(simulator.store.getState())?.request.scenario;

async function does(simulator: Simulator, id: WhatIfId): Promise<void> {
  const act = possibleActs(storyOf(simulator)!, simulator.viewTime.getState()).find((each) => each.id === id);
  await execute(simulator, change(act!));
  await vi.advanceTimersByTimeAsync(1000);
}

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

/** Adds `length` characters to what is done. */
async function doesAtLength(simulator: Simulator, length: number): Promise<void> {
  const act = possibleActs(storyOf(simulator)!, simulator.viewTime.getState()).find((each) => each.id === 'switch-off')!;
  if (act.change.kind !== 'do') throw new Error('not an intent');
  await execute(simulator, change({ ...act, change: { ...act.change, intent: { ...act.change.intent, note: 'x'.repeat(length) } } }));
  await vi.advanceTimersByTimeAsync(1000);
}

describe('a run that no link holds', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  const request = (simulator: Simulator) => selectRun(simulator.store.getState())!.request;
  const notice = (simulator: Simulator): string => simulator.store.getState().layout.notice?.text ?? '';

  it('is said, and is an entry of the history that is there after the page was loaded again', async () => {
    const { simulator, window } = await lookedAtThree();
    await doesAtLength(simulator, 300_000);
    expect(simulator.store.getState().layout.notice).toMatchObject({ text: expect.stringContaining('No link holds it') as string, offer: 'save-run' });
    expect(window.entries).toHaveLength(4);
    expect(window.location.hash.length).toBeLessThan(2000);
    expect(window.location.hash).toContain('o=1');

    const again = createSimulator(createFixtureSession());
    await openLink(again, window.location.hash, heldIn(window.states[window.at]));
    expect(request(again)).toEqual(request(simulator));
    expect(notice(again)).toBe('');
    // The history goes on from there, and keeps it.
    keepLink(again, window as unknown as Window);
    expect(heldIn(window.states[window.at])).toEqual({ changes: request(simulator).changes });
    window.travel(-1);
    window.arrive();
    await vi.advanceTimersByTimeAsync(1000);
    expect(scenario(again)).toBe('publish');
    window.travel(1);
    window.arrive();
    await vi.advanceTimersByTimeAsync(1000);
    expect(request(again)).toEqual(request(simulator));
  });

  it('is missed in words where only the address is brought', async () => {
    const { simulator, window } = await lookedAtThree();
    await doesAtLength(simulator, 300_000);
    const other = createSimulator(createFixtureSession());
    await openLink(other, window.location.hash);
    expect(request(other).changes).toEqual([]);
    expect(notice(other)).toContain('What was changed in this run is too long for a link');
    expect(notice(other)).not.toContain('another run');
  });

  it('is missed in words where the browser keeps no so much', async () => {
    const { simulator, window } = await lookedAtThree();
    const { pushState } = window.history as { pushState: (state: unknown, unused: string, link: string) => void };
    Object.assign(window.history, {
      pushState: (state: unknown, unused: string, link: string) => {
        if (JSON.stringify(state).length > 1000) throw new Error('too much');
        pushState(state, unused, link);
      },
    });
    await doesAtLength(simulator, 300_000);
    expect(window.location.hash).toContain('o=1');
    expect(heldIn(window.states[window.at])).toBeUndefined();
  });
});

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

  it('goes back when a change is undone, so that forward leads to it again', async () => {
    const { simulator, window } = await lookedAtThree();
    await does(simulator, 'switch-off');
    const changed = window.entries[3];
    expect(window.entries).toHaveLength(4);
    await execute(simulator, undoChange);
    await vi.advanceTimersByTimeAsync(1000);
    expect([window.at, window.entries.length, window.entries[3]]).toEqual([2, 4, changed]);
    expect(selectRun(simulator.store.getState())?.request.changes).toEqual([]);
    // The moment in that run is still written into its own entry, and another change takes the place of the one that was undone.
    window.travel(1);
    window.arrive();
    await vi.advanceTimersByTimeAsync(1000);
    expect(selectRun(simulator.store.getState())?.request.changes).toHaveLength(1);
    await does(simulator, 'unsubscribe');
    expect(window.entries).toHaveLength(5);
    for (const at of [3, 2]) {
      await execute(simulator, undoChange);
      await vi.advanceTimersByTimeAsync(1000);
      expect(window.at).toBe(at);
    }
    await does(simulator, 'unsubscribe');
    expect([window.at, window.entries.length]).toEqual([3, 4]);
  });

  it('makes no entry when a change is undone that the history does not have before it', async () => {
    const { simulator, window } = await lookedAtThree();
    await does(simulator, 'switch-off');
    const changed = selectRun(simulator.store.getState())!.id;
    await execute(simulator, chooseScenario('fetch'));
    await vi.advanceTimersByTimeAsync(1000);
    await execute(simulator, chooseRun(changed));
    await vi.advanceTimersByTimeAsync(1000);
    expect(window.entries).toHaveLength(6);
    await execute(simulator, undoChange);
    await vi.advanceTimersByTimeAsync(1000);
    expect([window.at, window.entries.length]).toEqual([5, 6]);
    expect(window.entries[5]).not.toContain('&c=');
    expect(window.entries[4]).toContain('s=fetch');
  });

  it('knows its place after somebody has pasted a link', async () => {
    const { simulator, window } = await lookedAtThree();
    window.paste(window.entries[1]!);
    await vi.advanceTimersByTimeAsync(1000);
    expect(scenario(simulator)).toBe('registration');
    await does(simulator, 'switch-off');
    expect(window.entries).toHaveLength(5);
    await execute(simulator, undoChange);
    await vi.advanceTimersByTimeAsync(1000);
    expect([window.at, window.entries.length]).toEqual([3, 5]);
    expect(scenario(simulator)).toBe('registration');
  });

  it('follows what plays, at most once a second and without entries of its own', async () => {
    const { simulator, window } = await lookedAtThree();
    const { first } = storyOf(simulator)!;
    const writes: string[] = [];
    const { replaceState } = window.history as { replaceState: (state: unknown, unused: string, link: string) => void };
    Object.assign(window.history, { replaceState: (...of: Parameters<typeof replaceState>) => (writes.push(of[2]), replaceState(...of)) });
    simulator.viewTime.setState({ playing: true });
    for (let i = 0; i < 40; i++) {
      simulator.viewTime.setState({ step: first + (i % 8) });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(writes.length).toBeGreaterThanOrEqual(3);
    expect(writes.length).toBeLessThanOrEqual(5);
    expect(writes.at(-1)).toContain('&r=');
    expect(window.entries).toHaveLength(3);
  });

  it('leads where the reader was when the page is loaded again, and where it says when it is opened', async () => {
    const { simulator, window } = await lookedAtThree();
    simulator.viewTime.setState({ playing: true, step: storyOf(simulator)!.first + 3 });
    const before = window.location.hash;
    window.dispatchEvent(new Event('pagehide'));
    catchUp(window as unknown as Window);
    expect(window.location.hash).toBe(before);
    window.visit = 'reload';
    catchUp(window as unknown as Window);
    expect(window.location.hash).toBe(addressOf(simulator)?.link);
    expect(window.entries).toHaveLength(3);
    // Another address is somebody's own: nothing that was kept belongs to it.
    window.paste('#v=1&s=fetch');
    catchUp(window as unknown as Window);
    expect(window.location.hash).toBe('#v=1&s=fetch');
  });
});
