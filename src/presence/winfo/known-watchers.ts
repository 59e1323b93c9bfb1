/** What a presentity knows of its watchers, from documents that tell all of them or only changes (RFC 3858 §3): a gap in their versions means that something was lost. */
import type { ToldWatcher, WatcherDocument } from './document.ts';

export class KnownWatchers {
  #version: number | undefined;
  readonly #watchers = new Map<string, ToldWatcher>();

  /** `gap`: only all of them help now; `old`: it tells less than what is known. */
  learn({ version, state, lists }: WatcherDocument): 'fine' | 'gap' | 'old' {
    const known = this.#version;
    if (state === 'full') this.#watchers.clear();
    else if (known === undefined || version > known + 1) return 'gap';
    else if (version <= known) return 'old';
    this.#version = version;
    for (const watcher of lists.flatMap(({ watchers }) => watchers)) {
      if (watcher.status === 'terminated') this.#watchers.delete(watcher.id);
      else this.#watchers.set(watcher.id, watcher);
    }
    return 'fine';
  }

  /** The subscription is over: versions begin anew with the next one. */
  forget(): void {
    this.#version = undefined;
    this.#watchers.clear();
  }

  get wasTold(): boolean {
    return this.#version !== undefined;
  }

  all(): readonly ToldWatcher[] {
    return [...this.#watchers.values()];
  }
}
