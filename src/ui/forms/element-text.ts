/** A document of which one element is rewritten, put in or taken out, while every other character stays as it was. */
import { isLocated, type LocatedElement, locateXml } from '#protocol/xml/locate.ts';
import type { XmlElement } from '#protocol/xml/read.ts';

/** Where the children of the root stand; undefined where the text is no XML. */
export function rootOf(text: string): LocatedElement | undefined {
  const root = locateXml(text);
  return isLocated(root) ? root : undefined;
}

/** The white space in front of an element on its line. */
function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return line.trim() === '' ? line : '';
}

/** Without the declarations that hold at that place anyway, and as far in as its place is. */
function fitting(fragment: string, scope: ReadonlyMap<string, string>, indent: string): string {
  const end = fragment.indexOf('>');
  const start = fragment
    .slice(0, end)
    .replace(/ xmlns(?::([\w.-]+))?="([^"]*)"/g, (all, prefix: string | undefined, namespace: string) => (scope.get(prefix ?? '') === namespace ? '' : all));
  return `${start}${fragment.slice(end)}`.replaceAll('\n', `\n${indent}`);
}

export function replaceElement(text: string, element: LocatedElement, scope: ReadonlyMap<string, string>, fragment: string): string {
  return text.slice(0, element.start) + fitting(fragment, scope, indentAt(text, element.start)) + text.slice(element.end);
}

/** As the last child. An empty tag opens up. */
export function appendElement(text: string, parent: LocatedElement, fragment: string): string {
  const outer = indentAt(text, parent.start);
  const last = parent.children.at(-1);
  const indent = last === undefined ? `${outer}  ` : indentAt(text, last.start);
  const made = `\n${indent}${fitting(fragment, parent.scope, indent)}`;
  if (parent.innerStart === parent.end) {
    const tag = text.slice(parent.start, parent.end);
    const name = /^<([^\s/>]+)/.exec(tag)?.[1] ?? '';
    return `${text.slice(0, parent.start)}${tag.slice(0, tag.lastIndexOf('/')).trimEnd()}>${made}\n${outer}</${name}>${text.slice(parent.end)}`;
  }
  const at = last?.end ?? parent.innerStart;
  const rest = text.slice(at);
  return `${text.slice(0, at)}${made}${/^\s*\n/.test(rest) ? '' : `\n${outer}`}${rest}`;
}

/** With the line on which it stands alone. */
export function removeElement(text: string, { start, end }: LocatedElement): string {
  const before = text.slice(0, start).replace(/\n[ \t]*$/, '');
  return before + text.slice(end);
}

/** An element as one line of text in which only what means something counts: not the order of its children, not its white space. */
export function canonical({ namespace, name, attributes, children, text }: XmlElement): string {
  const own = [...attributes].map(([key, value]) => `${key}=${JSON.stringify(value.trim())}`).sort();
  const below = children.map(canonical).sort();
  return `{${namespace}}${name}[${own.join(' ')}](${JSON.stringify(text.trim())})<${below.join('')}>`;
}
