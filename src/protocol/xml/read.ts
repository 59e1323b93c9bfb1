/**
 * XML read into plain elements: the one door to the XML library (saxes: strict, with namespaces).
 * Governed by XML 1.0, Namespaces in XML, and by caution: no document type, and so no entities but the five of XML
 * (RFC 3470 §4.13 advises protocols against declaring any); bounded in size, depth and number of elements. Every document is read as XML 1.0: 1.1 would let control characters in by reference.
 * Omitted: comments, processing instructions; attributes keep their prefix as part of the name.
 */
import { SaxesParser } from 'saxes';

/** An element with its namespace; `text` joins all its character data, `line`, counted from 1, is where its start tag begins. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

export type XmlFault = 'too-large' | 'too-deep' | 'too-many-elements' | 'document-type' | 'unknown-entity' | 'not-well-formed';

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
/** Most elements taken. A profile with 500 filter criteria has about 7500, and 64 KiB of the shortest elements would have 16 000. */
export const MAX_XML_ELEMENTS = 10_000;

const LINE_FEED = 10;
/** Half a character. The parser would join it with whatever follows, and throws where nothing does. */
const LONE_SURROGATE = /\p{Surrogate}/u;

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
  // XML 1.0 §2.2: surrogates are no characters.
  const half = text.search(LONE_SURROGATE);
  if (half >= 0) {
    const line = text.slice(0, half).split('\n').length;
    return { kind: 'xml-error', fault: 'not-well-formed', reason: 'Not well-formed XML: half a surrogate pair.', line };
  }
  const parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
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
    if (++elements > MAX_XML_ELEMENTS) throw new Refusal('too-many-elements', `The document has more than ${MAX_XML_ELEMENTS} elements.`);
    const attributes = new Map<string, string>();
    for (const name in tag.attributes) {
      const attribute = tag.attributes[name];
      if (attribute !== undefined && attribute.prefix !== 'xmlns' && name !== 'xmlns') attributes.set(name, attribute.value);
    }
    const element: OpenElement = {
      namespace: tag.uri,
      name: tag.local,
      attributes,
      children: [],
      text: '',
      line: parser.line - lineFeedsInTag(text, parser.position),
    };
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

/** Line feeds in the start tag that ends before `end`. Not by the library's event for a tag's start: listening to it makes reading four times as slow. */
function lineFeedsInTag(text: string, end: number): number {
  let count = 0;
  // XML 1.0 §3.1: no attribute value holds a `<`, so the last one opens the tag.
  for (let i = text.lastIndexOf('<', end - 1); i < end; i++) if (text.charCodeAt(i) === LINE_FEED) count++;
  return count;
}

export const isXmlError = (value: XmlElement | XmlError): value is XmlError => 'kind' in value;

/** The children of `parent` with that namespace and name. */
export function childrenNamed(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace);
}

export function childNamed(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name && child.namespace === namespace);
}
