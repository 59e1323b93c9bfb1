/** How long until something falls due, for people: `12.4 s`, `81 s`, `119 min`, `6 h`, `7 days`. */
export function formatTimeLeft(microseconds: number): string {
  const s = Math.max(0, microseconds) / 1_000_000;
  if (s < 60) return `${s.toFixed(1)} s`;
  if (s < 120) return `${Math.floor(s)} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min`;
  if (s < 172_800) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} days`;
}

/** A column of seconds, by its heading `For (s)`: how it is headed, and its cells as people say them. Any other column is left as it is. */
export function formatColumn(heading: string): { readonly title: string; readonly cell: (text: string) => string } {
  const title = / \(s\)$/.test(heading) ? heading.slice(0, -4) : heading;
  return { title, cell: (text) => (title === heading || !/^\d+$/.test(text) ? text : formatTimeLeft(Number(text) * 1_000_000).replace('.0 s', ' s')) };
}
