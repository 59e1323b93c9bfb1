/**
 * XML of the presence documents, written: a tree of plain nodes becomes a document through the XML library, one element a line, two spaces a level,
 * namespaces declared once at the root. The same tree always gives the same text.
 */
import { DOMImplementation, XMLSerializer } from '@xmldom/xmldom';

/** Name with its prefix (`dm:person`), attributes in order (undefined ones are left out), and either child nodes or text. */
export interface XmlNode {
  readonly name: string;
  readonly attributes?: readonly (readonly [string, string | undefined])[];
  readonly children?: readonly XmlNode[];
  readonly text?: string;
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';
// XML 1.0 §2.2: everything outside these ranges (control characters, lone surrogates, U+FFFE and U+FFFF) cannot stand in a document.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * The text of a document with that root. `namespaces` maps each prefix (`''` for the default) to its namespace and holds every prefix used in the tree.
 * Characters that XML cannot hold become U+FFFD. Throws when a prefix is not in `namespaces` (our mistake).
 */
export function writeXml(root: XmlNode, namespaces: readonly (readonly [prefix: string, namespace: string])[]): string {
  const spaces = new Map(namespaces);
  const document = new DOMImplementation().createDocument(namespaceOf(root.name, spaces), root.name);
  const top = document.documentElement;
  if (top === null) throw new Error('writeXml: the document has no root');
  for (const [prefix, namespace] of namespaces) top.setAttributeNS(XMLNS, prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace);
  const fill = (node: XmlNode, element: typeof top, indent: string): void => {
    for (const [name, value] of node.attributes ?? []) if (value !== undefined) element.setAttribute(name, legal(value));
    if (node.text !== undefined) element.appendChild(document.createTextNode(legal(node.text)));
    const children = node.children ?? [];
    for (const child of children) {
      const below = document.createElementNS(namespaceOf(child.name, spaces), child.name);
      fill(child, below, `${indent}  `);
      element.appendChild(document.createTextNode(`\n${indent}  `));
      element.appendChild(below);
    }
    if (children.length > 0) element.appendChild(document.createTextNode(`\n${indent}`));
  };
  fill(root, top, '');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}\n`;
}

const legal = (text: string): string => text.replace(NOT_XML, '\uFFFD');

function namespaceOf(name: string, spaces: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const namespace = spaces.get(colon < 0 ? '' : name.slice(0, colon));
  if (namespace === undefined) throw new Error(`writeXml: no namespace for ${name}`);
  return namespace;
}
