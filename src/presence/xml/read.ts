/**
 * XML of the presence documents, read into plain elements: the one door to the XML library for reading.
 * Governed by XML 1.0, Namespaces in XML, and by caution: no DTD and no entities (RFC 3470 (clause unchecked) advises protocols against both),
 * at most 64 KiB, at most 32 levels deep. Omitted: comments, processing instructions, attributes with a namespace.
 */
import { DOMParser } from '@xmldom/xmldom';

/** An element with its namespace; `text` joins all its character data, `line` counts from 1. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

/** Why a text could not be read, and where. */
export interface XmlError {
  readonly kind: 'xml-error';
  readonly reason: string;
  readonly line?: number;
}

/** Longest document taken, in UTF-16 code units: a presence document is a few kilobytes. */
export const MAX_XML_LENGTH = 65_536;
/** Deepest nesting taken; PIDF with its extensions needs six levels. */
export const MAX_XML_DEPTH = 32;

/** The little of the DOM that is used here: the core is compiled without the DOM library. */
interface DomNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly nextSibling: DomNode | null;
  readonly firstChild: DomNode | null;
  readonly lineNumber?: number;
}
interface DomElement extends DomNode {
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  readonly attributes: { readonly length: number; item(index: number): { readonly name: string; readonly value: string } | null };
}

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

/** The root element of `text`, or what is wrong with it. Never throws. */
export function readXml(text: string): XmlElement | XmlError {
  if (text.length > MAX_XML_LENGTH) return failure(`The document is longer than ${MAX_XML_LENGTH} characters.`);
  const declaration = text.indexOf('<!DOCTYPE');
  if (declaration >= 0) return failure('A document type declaration is not taken: it could bring in entities.', lineAt(text, declaration));
  let problem: string | undefined;
  let line: number | undefined;
  try {
    const document = new DOMParser({
      locator: true,
      onError: (_level: string, message: string, context: unknown) => {
        // U+FFFD is a character like any other; the library only wonders where it came from.
        if (message.startsWith('Unicode replacement character')) return;
        problem ??= message;
        line ??= lineOf(context);
        throw new Error(message);
      },
    }).parseFromString(text, 'text/xml');
    const root: unknown = document.documentElement;
    return isElement(root) ? convert(root, 1) : failure('The document has no root element.');
  } catch (error) {
    return failure(`Not well-formed XML: ${problem ?? (error instanceof Error ? error.message : 'unknown fault')}.`, line);
  }
}

export const isXmlError = (value: XmlElement | XmlError): value is XmlError => 'kind' in value;

/** The children of `parent` with that namespace and name. */
export function childrenNamed(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace);
}

export function childNamed(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name && child.namespace === namespace);
}

function convert(element: DomElement, depth: number): XmlElement | XmlError {
  if (depth > MAX_XML_DEPTH) return failure(`Elements are nested deeper than ${MAX_XML_DEPTH} levels.`, element.lineNumber);
  const attributes = new Map<string, string>();
  for (let i = 0; i < element.attributes.length; i++) {
    const attribute = element.attributes.item(i);
    if (attribute !== null && !attribute.name.startsWith('xmlns')) attributes.set(attribute.name, attribute.value);
  }
  const children: XmlElement[] = [];
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === TEXT || node.nodeType === CDATA) text += node.nodeValue ?? '';
    else if (isElement(node)) {
      const child = convert(node, depth + 1);
      if (isXmlError(child)) return child;
      children.push(child);
    }
  }
  return { namespace: element.namespaceURI ?? '', name: element.localName ?? '', attributes, children, text, line: element.lineNumber ?? 0 };
}

function isElement(node: unknown): node is DomElement {
  return typeof node === 'object' && node !== null && 'nodeType' in node && node.nodeType === ELEMENT;
}

function lineOf(context: unknown): number | undefined {
  if (typeof context !== 'object' || context === null || !('locator' in context)) return undefined;
  const locator: unknown = context.locator;
  if (typeof locator !== 'object' || locator === null || !('lineNumber' in locator)) return undefined;
  return typeof locator.lineNumber === 'number' ? locator.lineNumber : undefined;
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let i = 0; i < index; i++) if (text.charCodeAt(i) === 10) line++;
  return line;
}

const failure = (reason: string, line?: number): XmlError => (line === undefined ? { kind: 'xml-error', reason } : { kind: 'xml-error', reason, line });
