/**
 * A component that is fetched after the first picture, or when it is first wanted. Unlike React's `lazy` it stands there at once where it was fetched before, without a
 * frame of nothing in between; what stands there until it comes is said by whoever shows it.
 */
import { createElement, useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';

export interface Late<Props> {
  /** Begins to fetch it; again and again does no harm. */
  fetch(): void;
  readonly Show: (props: { readonly with: Props; readonly meanwhile: ReactNode; readonly onHere?: () => void }) => ReactNode;
}

const failed = new Set<() => void>();

/** What could not be fetched may be tried again: whoever shows it fetches it anew. */
export function forgetFailures(): void {
  for (const forget of failed) forget();
  failed.clear();
}

export function createLate<Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> {
  let component: ComponentType<Props> | undefined;
  let failure: Error | undefined;
  let asked = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const fetch = (): void => {
    if (asked) return;
    asked = true;
    load().then(
      (loaded) => {
        component = loaded;
        tell();
      },
      (error: unknown) => {
        // Nobody waits for it: whoever wants it fetches it anew.
        if (listeners.size === 0) {
          asked = false;
          return;
        }
        failure = error instanceof Error ? error : new Error(String(error));
        failed.add(() => {
          asked = false;
          failure = undefined;
        });
        tell();
      },
    );
  };
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  function Show({ with: props, meanwhile, onHere }: { readonly with: Props; readonly meanwhile: ReactNode; readonly onHere?: () => void }): ReactNode {
    const here = useSyncExternalStore(subscribe, () => component);
    const broken = useSyncExternalStore(subscribe, () => failure);
    useEffect(() => {
      fetch();
    }, []);
    useEffect(() => {
      if (here !== undefined) onHere?.();
    }, [here, onHere]);
    if (here !== undefined) return createElement(here, props);
    if (broken !== undefined) throw broken;
    return meanwhile;
  }
  return { fetch, Show };
}
