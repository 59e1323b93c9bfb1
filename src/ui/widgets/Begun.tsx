import styles from './widgets.module.css';

/** Over a form that opens with what somebody had begun in it. */
export function Begun() {
  return (
    <p role="note" className={styles.begun}>
      What you had begun is still here. Nothing of it is done yet.
    </p>
  );
}
