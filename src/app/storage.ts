/** What the browser keeps for the page. It may be forbidden (a file opened from a stick, a strict browser): then a choice, or what was begun, lasts as long as the page. */
type Storages = Pick<Window, 'localStorage' | 'sessionStorage'>;

export function readStored(window: Storages, where: keyof Storages, key: string): string | undefined {
  try {
    return window[where].getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Undefined forgets it. */
export function writeStored(window: Storages, where: keyof Storages, key: string, value: string | undefined): void {
  try {
    if (value === undefined) window[where].removeItem(key);
    else window[where].setItem(key, value);
  } catch {
    // Then it is not kept.
  }
}
