import { useSyncExternalStore } from 'react';

const listen = (changed: () => void): (() => void) => {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
};
const read = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Pixels in a rem, which grows with the window. */
export const useRem = (): number => useSyncExternalStore(listen, read);
