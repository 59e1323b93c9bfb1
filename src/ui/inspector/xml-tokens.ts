/** XML in parts to be coloured. Nothing is checked or put in order: joined, the parts are the text again. */
export type XmlKind = 'tag' | 'attribute' | 'value' | 'aside' | 'text';

export interface XmlToken {
  readonly kind: XmlKind;
  readonly text: string;
}

const MARKUP = /<!--[\s\S]*?-->|<[?!][\s\S]*?>|<\/?[^\s>/]+(?:"[^"]*"|'[^']*'|[^>"'])*>/g;
const INSIDE = /("[^"]*"|'[^']*')|([^\s=/>"'<]+)(?==)|([^"'\s=]+|[\s=]+|["'])/g;

export function tokenizeXml(text: string): readonly XmlToken[] {
  const tokens: XmlToken[] = [];
  const push = (kind: XmlKind, part: string): void => {
    const last = tokens.at(-1);
    if (part === '') return;
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + part };
    else tokens.push({ kind, text: part });
  };
  let at = 0;
  for (const match of text.matchAll(MARKUP)) {
    push('text', text.slice(at, match.index));
    at = match.index + match[0].length;
    if (/^<[?!]/.test(match[0])) {
      push('aside', match[0]);
      continue;
    }
    for (const [part, value, attribute] of match[0].matchAll(INSIDE)) push(value !== undefined ? 'value' : attribute !== undefined ? 'attribute' : 'tag', part);
  }
  push('text', text.slice(at));
  return tokens;
}
