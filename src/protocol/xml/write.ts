/**
 * XML written: a tree of plain nodes becomes a document, one element a line, two spaces a level, namespaces declared once at the root.
 * The same tree always gives the same text (XML 1.0 §2.4 and §3.1 for what is escaped).
 */

/** Name with its prefix (`dm:person`), attributes in order (undefined ones are left out), and either child nodes or text. */
export interface XmlNode {
  readonly name: string;
  readonly attributes?: readonly (readonly [string, string | undefined])[];
  readonly children?: readonly XmlNode[];
  readonly text?: string;
}

// XML 1.0 §2.2: everything outside these ranges (control characters, lone surrogates, U+FFFE and U+FFFF) cannot stand in a document.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

/** Whether XML can hold the text as it is. */
export const isXmlText = (text: string): boolean => text.search(NOT_XML) < 0;

/** Text as character data. Characters that XML cannot hold become U+FFFD. */
export const escapeXml = (text: string): string => text.replace(NOT_XML, '\uFFFD').replace(/[&<>\r]/g, (c) => ESCAPES[c] ?? c);
const escapeAttribute = (text: string): string => text.replace(NOT_XML, '\uFFFD').replace(/[&<>"\t\n\r]/g, (c) => ESCAPES[c] ?? c);

/**
 * The text of a document with that root. `namespaces` maps each prefix (`''` for the default) to its namespace and holds every prefix used in the tree.
 * Throws when a prefix is not in `namespaces` (our mistake).
 */
export function writeXml(root: XmlNode, namespaces: readonly (readonly [prefix: string, namespace: string])[]): string {
  const prefixes = new Set(namespaces.map(([prefix]) => prefix));
  const declarations = namespaces.map(([prefix, namespace]): [string, string] => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace]);
  const write = (node: XmlNode, indent: string, first: readonly (readonly [string, string])[]): string => {
    const colon = node.name.indexOf(':');
    if (!prefixes.has(colon < 0 ? '' : node.name.slice(0, colon))) throw new Error(`writeXml: no namespace for ${node.name}`);
    let start = `<${node.name}`;
    for (const [name, value] of [...first, ...(node.attributes ?? [])]) if (value !== undefined) start += ` ${name}="${escapeAttribute(value)}"`;
    const inner = node.text === undefined ? '' : escapeXml(node.text);
    const children = node.children ?? [];
    if (children.length === 0) return inner === '' ? `${start}/>` : `${start}>${inner}</${node.name}>`;
    const below = children.map((child) => `\n${indent}  ${write(child, `${indent}  `, [])}`).join('');
    return `${start}>${inner}${below}\n${indent}</${node.name}>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '', declarations)}\n`;
}
