/** Placeholder: being written. */
export function Header() {
  return <header />;
}
