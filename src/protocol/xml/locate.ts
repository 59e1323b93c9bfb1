/**
 * XML with the places of its elements in the text, so that one of them can be read, replaced or taken out and every other character stays as it was.
 * Governed and bounded as read.ts. Omitted: the places of attributes, comments and processing instructions.
 */
import { SaxesParser } from 'saxes';
import { isXmlError, MAX_XML_LENGTH, readXml, type XmlError } from './read.ts';

export interface LocatedElement {
  readonly namespace: string;
  readonly name: string;
  /** By name without prefix; namespaces of attributes do not count. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly LocatedElement[];
  /** Prefix (`''` for the default) to namespace, as declared here and above. */
  readonly scope: ReadonlyMap<string, string>;
  /** Where its start tag begins, and behind its end tag: UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Behind its start tag, and where its end tag begins; the same where one tag is both. */
  readonly innerStart: number;
  readonly innerEnd: number;
}

type Open = { -readonly [K in keyof LocatedElement]: LocatedElement[K] } & { children: LocatedElement[] };

const NO_SCOPE: ReadonlyMap<string, string> = new Map();

/** The root element with all places, or what is wrong with the text. Never throws. */
export function locateXml(text: string, longest = MAX_XML_LENGTH): LocatedElement | XmlError {
  const checked = readXml(text, longest);
  if (isXmlError(checked)) return checked;
  // What was read once without a fault is read again without one.
  const parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  const open: Open[] = [];
  let root: LocatedElement | undefined;
  parser.on('opentag', (tag) => {
    const parent = open.at(-1);
    const attributes = new Map<string, string>();
    for (const name in tag.attributes) {
      const attribute = tag.attributes[name];
      if (attribute !== undefined && attribute.prefix !== 'xmlns' && name !== 'xmlns') attributes.set(attribute.local, attribute.value);
    }
    const above = parent?.scope ?? NO_SCOPE;
    const declared = Object.entries(tag.ns);
    const { position } = parser;
    const element: Open = {
      namespace: tag.uri,
      name: tag.local,
      attributes,
      children: [],
      scope: declared.length === 0 ? above : new Map([...above, ...declared]),
      // XML 1.0 §3.1: no attribute value holds a `<`, so the last one opens the tag.
      start: text.lastIndexOf('<', position - 1),
      innerStart: position,
      innerEnd: position,
      end: position,
    };
    parent?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', (tag) => {
    const element = open.pop();
    if (element === undefined || tag.isSelfClosing) return;
    element.end = parser.position;
    element.innerEnd = text.lastIndexOf('<', parser.position - 1);
  });
  parser.write(text).close();
  return root ?? { kind: 'xml-error', fault: 'not-well-formed', reason: 'The document has no root element.' };
}

export const isLocated = (value: LocatedElement | XmlError): value is LocatedElement => !('kind' in value);
