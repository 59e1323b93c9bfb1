/** Placeholder: the ladder is being written. */
export function Ladder() {
  return <section aria-label="Ladder" />;
}
