/** Comma lists of header fields (RFC 3261 §7.3.1): commas within quotes or angle brackets do not separate. */

/** The position of the first separating comma at or after `at`, or -1. */
export function nextComma(text: string, at: number): number {
  if (text.indexOf(',', at) < 0) return -1;
  let angle = false;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 44) {
      if (!angle) return i;
    } else if (code === 60) angle = true;
    else if (code === 62) angle = false;
    else if (code === 34 && !angle) {
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    }
  }
  return -1;
}

/** The values of a comma list, trimmed, in order; empty ones left out. */
export function splitList(value: string): string[] {
  let comma = nextComma(value, 0);
  if (comma < 0) {
    const whole = value.trim();
    return whole === '' ? [] : [whole];
  }
  const values: string[] = [];
  let start = 0;
  for (;;) {
    const item = value.slice(start, comma < 0 ? value.length : comma).trim();
    if (item !== '') values.push(item);
    if (comma < 0) return values;
    start = comma + 1;
    comma = nextComma(value, start);
  }
}
