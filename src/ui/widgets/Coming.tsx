import styles from './widgets.module.css';

/** In place of a panel that is not there yet: quiet lines, seen only when it takes long, and its name for who cannot see them. */
export function Coming({ label, className }: { readonly label: string; readonly className?: string | undefined }) {
  return (
    <section className={`${styles.coming} ${className ?? ''}`} aria-label={label} aria-busy="true">
      <p className="visually-hidden">It is being prepared.</p>
      <div aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
        <i />
      </div>
    </section>
  );
}
