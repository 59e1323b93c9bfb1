/**
 * News on the way to an answer. They travel by a port of their own (comlink), so the answer may overtake them: whoever answers first waits until the last of
 * them was heard.
 */
export interface Telling<News extends readonly unknown[]> {
  readonly tell: (...news: News) => void;
  /** Settles when everything that was told has been heard at the other end. */
  readonly heard: () => Promise<void>;
}

/** `listener`: over a port it gives a promise, and hears in the order in which it is told. */
export function createTelling<News extends readonly unknown[]>(listener: (...news: News) => unknown): Telling<News> {
  let last: unknown;
  return {
    tell: (...news) => {
      last = listener(...news);
    },
    heard: async () => {
      await last;
    },
  };
}
