/** Two networks and what travels between them. */
export function Logo() {
  return (
    <svg width="1.625rem" height="1.625rem" viewBox="0 0 26 26" aria-hidden focusable="false" style={{ flex: 'none' }}>
      <rect x="1" y="4" width="11" height="18" rx="3" fill="var(--home1)" stroke="var(--home1-line)" strokeWidth="1.5" />
      <rect x="14" y="4" width="11" height="18" rx="3" fill="var(--home2)" stroke="var(--home2-line)" strokeWidth="1.5" />
      <path d="M6 13h13" stroke="var(--accent)" strokeWidth="2.2" />
      <circle cx="19" cy="13" r="3" fill="var(--accent)" />
    </svg>
  );
}
