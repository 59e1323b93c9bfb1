/** While it is presented: everything but what the pointer is near stands back. What lies under it can be used as ever. */
import { useEffect, useRef } from 'react';
import styles from './Spotlight.module.css';

export function Spotlight() {
  const shade = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Every move of the pointer sets two properties, and nothing is rendered anew.
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      shade.current?.style.setProperty('--x', `${clientX}px`);
      shade.current?.style.setProperty('--y', `${clientY}px`);
    };
    window.addEventListener('pointermove', follow);
    return () => window.removeEventListener('pointermove', follow);
  }, []);
  return <div ref={shade} className={styles.shade} aria-hidden="true" data-testid="spotlight" />;
}
