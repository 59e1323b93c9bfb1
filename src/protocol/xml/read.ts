/**
 * XML read into plain elements: the one door to the XML library (saxes: strict, with namespaces).
 * Governed by XML 1.0, Namespaces in XML, and by caution: no document type (RFC 3470 (clause unchecked) advises protocols against them), and so no entities
 * but the five of XML; bounded in size and depth. Omitted: comments, processing instructions, attributes with a namespace.
 */
import { SaxesParser } from 'saxes';

/** An element with its namespace; `text` joins all its character data, `line` counts from 1. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

export type XmlFault = 'too-large' | 'too-deep' | 'document-type' | 'unknown-entity' | 'not-well-formed';

/** Why a text could not be read, and where. */
export interface XmlError {
  readonly kind: 'xml-error';
  readonly fault: XmlFault;
  /** A sentence. */
  readonly reason: string;
  readonly line?: number;
}

/** Longest document taken unless the caller allows more, in UTF-16 code units: a presence document is a few kilobytes. */
export const MAX_XML_LENGTH = 65_536;
/** Deepest nesting taken; PIDF with its extensions needs six levels. */
export const MAX_XML_DEPTH = 32;

class Refusal extends Error {
  readonly fault: XmlFault;

  constructor(fault: XmlFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

type OpenElement = { namespace: string; name: string; attributes: Map<string, string>; children: XmlElement[]; text: string; line: number };

/** The root element of `text`, or what is wrong with it. Never throws. */
export function readXml(text: string, longest = MAX_XML_LENGTH): XmlElement | XmlError {
  if (text.length > longest) return { kind: 'xml-error', fault: 'too-large', reason: `The document is longer than ${longest} characters.` };
  const parser = new SaxesParser({ xmlns: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => {
    // The library puts `line:column: ` before its words.
    const words = error.message.replace(/^[^a-z]*/i, '').replace(/\.$/, '');
    if (!words.startsWith('undefined entity')) throw new Refusal('not-well-formed', `Not well-formed XML: ${words}.`);
    const name = /&([^&;]{1,40});?$/.exec(text.slice(0, parser.position))?.[1] ?? 'unknown';
    throw new Refusal('unknown-entity', `Not well-formed XML: the entity ${name} is not declared.`);
  });
  parser.on('doctype', () => {
    throw new Refusal('document-type', 'A document type declaration is not taken: it could bring in entities.');
  });
  parser.on('opentag', (tag) => {
    if (open.length === MAX_XML_DEPTH) throw new Refusal('too-deep', `Elements are nested deeper than ${MAX_XML_DEPTH} levels.`);
    const attributes = new Map<string, string>();
    for (const name in tag.attributes) {
      const attribute = tag.attributes[name];
      if (attribute !== undefined && attribute.prefix !== 'xmlns' && name !== 'xmlns') attributes.set(name, attribute.value);
    }
    const element: OpenElement = { namespace: tag.uri, name: tag.local, attributes, children: [], text: '', line: parser.line };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
    open.push(element);
  });
  const addText = (characters: string): void => {
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += characters;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'xml-error', fault: error.fault, reason: error.message, line: parser.line };
    throw error;
  }
  return root ?? { kind: 'xml-error', fault: 'not-well-formed', reason: 'The document has no root element.' };
}

export const isXmlError = (value: XmlElement | XmlError): value is XmlError => 'kind' in value;

/** The children of `parent` with that namespace and name. */
export function childrenNamed(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace);
}

export function childNamed(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name && child.namespace === namespace);
}
