/** Placeholder: the stage is being written. */
export function Stage() {
  return <section aria-label="Stage" />;
}
