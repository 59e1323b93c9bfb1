/** While it is presented: everything but what the pointer is near stands back. What lies under it can be used as ever. */
import { useLayoutEffect, useRef, type RefObject } from 'react';
import styles from './Spotlight.module.css';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** `pointer`: where it was last, before the light was switched on. */
export function Spotlight({ pointer }: { readonly pointer: RefObject<Place | undefined> }) {
  const shade = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Every move of the pointer sets two properties, and nothing is rendered anew.
    const light = ({ x, y }: Place): void => {
      shade.current?.style.setProperty('--x', `${x}px`);
      shade.current?.style.setProperty('--y', `${y}px`);
    };
    const follow = ({ clientX, clientY }: PointerEvent): void => light({ x: clientX, y: clientY });
    if (pointer.current !== undefined) light(pointer.current);
    window.addEventListener('pointermove', follow);
    return () => window.removeEventListener('pointermove', follow);
  }, [pointer]);
  return <div ref={shade} className={styles.shade} aria-hidden="true" data-testid="spotlight" />;
}
