/** Placeholder: the inspector is being written. */
export function Inspector() {
  return <section aria-label="Inspector" />;
}
