/** Drafts over a reload: one page goes, another one comes, and the tab keeps what was between them. */
import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { keepDraft, messageDraft, networkDraft, publishDraft, selectDraft } from '#store/drafts.ts';
import { createSimulator } from '#store/simulator.ts';
import { keepDrafts } from './kept-drafts.ts';

class FakeTab extends EventTarget {
  readonly stored = new Map<string, string>();
  readonly sessionStorage = {
    getItem: (key: string) => this.stored.get(key) ?? null,
    setItem: (key: string, value: string) => void this.stored.set(key, value),
    removeItem: (key: string) => void this.stored.delete(key),
  };

  /** A page is opened in the tab; `close` is a reload that has begun. */
  page() {
    const simulator = createSimulator(createFixtureSession());
    const stop = keepDrafts(simulator, this as unknown as Window);
    const close = (): void => {
      this.dispatchEvent(new Event('pagehide'));
      stop();
    };
    return { simulator, close };
  }
}

const message = messageDraft('publish', { id: 44 }, 'PUBLISH sip:a@b SIP/2.0');
const state = publishDraft('publish');
const network = networkDraft(1);

describe('what was begun', () => {
  it('is there after a reload, except what hangs on a run', () => {
    const tab = new FakeTab();
    const first = tab.page();
    keepDraft(first.simulator, message, { text: 'PUBLISH sip:x', keepLength: true });
    keepDraft(first.simulator, state, { basic: 'closed', note: 'Gone <b>fishing</b>' });
    keepDraft(first.simulator, network, { loss: '3' });
    first.close();
    const second = tab.page();
    const drafts = second.simulator.store.getState();
    expect(selectDraft(drafts, message)).toEqual({ text: 'PUBLISH sip:x', keepLength: true });
    expect(selectDraft(drafts, state)).toEqual({ basic: 'closed', note: 'Gone <b>fishing</b>' });
    expect(selectDraft(drafts, network)).toBeUndefined();
    // Given up is given up.
    keepDraft(second.simulator, message, undefined);
    second.close();
    expect(selectDraft(tab.page().simulator.store.getState(), message)).toBeUndefined();
  });

  it('is not kept where it is too long, and then nothing older is either', () => {
    const tab = new FakeTab();
    const first = tab.page();
    keepDraft(first.simulator, state, { basic: 'open', note: 'older' });
    first.close();
    const second = tab.page();
    keepDraft(second.simulator, message, { text: 'x'.repeat(1_000_000), keepLength: true });
    second.close();
    expect(tab.page().simulator.store.getState().drafts).toEqual({});
  });

  it.each(['{', '7', 'null', '[1]', '{"a":{"text":1,"keepLength":true},"b":{"basic":"ajar","note":""},"c":null}'])(
    'that cannot be read is left: %s',
    (stored) => {
      const tab = new FakeTab();
      tab.stored.set('presence-simulator.drafts', stored);
      expect(tab.page().simulator.store.getState().drafts).toEqual({});
    },
  );

  it('is not kept where storage is forbidden', () => {
    const tab = Object.defineProperty(new FakeTab(), 'sessionStorage', {
      get: () => {
        throw new Error('SecurityError');
      },
    });
    const { simulator, close } = tab.page();
    keepDraft(simulator, state, { basic: 'open', note: 'here' });
    expect(close).not.toThrow();
    expect(selectDraft(simulator.store.getState(), state)).toEqual({ basic: 'open', note: 'here' });
  });
});
