import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_XML_DEPTH, MAX_XML_ELEMENTS, MAX_XML_LENGTH, childNamed, childrenNamed, isXmlError, readXml, type XmlElement } from './read.ts';
import { type XmlNode, writeXml } from './write.ts';

const read = (text: string, longest?: number): XmlElement => {
  const root = readXml(text, longest);
  if (isXmlError(root)) throw new Error(`${root.fault} in line ${root.line}: ${root.reason}`);
  return root;
};
const faultOf = (text: string): string => {
  const root = readXml(text);
  return isXmlError(root) ? root.fault : 'none';
};

describe('an XML document', () => {
  it('becomes elements with namespace, attributes, text, and the line where each begins', () => {
    const root = read(
      '<?xml version="1.0"?>\n<a xmlns="urn:a" xmlns:b="urn:b" xmlnsish="1"\n  id="x&amp;y">one<b:c\n/><!-- no --><c><![CDATA[<&>]]> &#228;&lt;</c>\n<c/>two</a>',
    );
    expect([root.namespace, root.name, root.line, root.text]).toEqual(['urn:a', 'a', 2, 'one\ntwo']);
    expect([...root.attributes]).toEqual([
      ['xmlnsish', '1'],
      ['id', 'x&y'],
    ]);
    expect(root.children.map(({ namespace, name, line }) => [namespace, name, line])).toEqual([
      ['urn:b', 'c', 3],
      ['urn:a', 'c', 4],
      ['urn:a', 'c', 5],
    ]);
    expect(childNamed(root, 'urn:a', 'c')?.text).toBe('<&> ä<');
    expect(childrenNamed(root, 'urn:a', 'c')).toHaveLength(2);
    expect(childNamed(root, '', 'c')).toBeUndefined();
  });

  it.each([
    ['document-type', '<!DOCTYPE a><a/>', 1],
    ['document-type', '\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 2],
    ['unknown-entity', '<a>\n&nbsp;</a>', 2],
    ['unknown-entity', '<a>&constructor;</a>', 1],
    ['unknown-entity', '<a b="&__proto__;"/>', 1],
    ['not-well-formed', '<a>\n<b></a>', 2],
    ['not-well-formed', '<a><b:c/></a>', 1],
    ['not-well-formed', '<a b="1" b="2"/>', 1],
    ['not-well-formed', '<toString:a/>', 1],
    // XML 1.0 §2.2: half a surrogate pair is no character, in the middle as at the end.
    ['not-well-formed', '<a>\n\ud800b</a>', 2],
    ['not-well-formed', '<!\ud800', 1],
    // XML 1.0 knows no such character; a document that calls itself 1.1 does not bring it in.
    ['not-well-formed', '<?xml version="1.1"?><a>&#1;</a>', 1],
  ])('%s is named with its line: %s', (fault, text, line) => {
    expect(readXml(text)).toMatchObject({ kind: 'xml-error', fault, line });
  });

  it('is taken up to its limits and not beyond', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(faultOf(nested(MAX_XML_DEPTH))).toBe('none');
    expect(faultOf(nested(MAX_XML_DEPTH + 1))).toBe('too-deep');
    const many = (elements: number): string => `<a>${'<b/>'.repeat(elements - 1)}</a>`;
    expect(faultOf(many(MAX_XML_ELEMENTS))).toBe('none');
    expect(faultOf(many(MAX_XML_ELEMENTS + 1))).toBe('too-many-elements');
    const long = (length: number): string => `<a>${'x'.repeat(length - 7)}</a>`;
    expect(faultOf(long(MAX_XML_LENGTH))).toBe('none');
    expect(faultOf(long(MAX_XML_LENGTH + 1))).toBe('too-large');
    expect(read(long(MAX_XML_LENGTH + 1), MAX_XML_LENGTH + 1).text).toHaveLength(MAX_XML_LENGTH - 6);
  });

  it('of any text gives a root or a named error', () => {
    const piece = fc.constantFrom(
      '<a',
      '<b:c',
      '>',
      '/>',
      '</a>',
      ' b="',
      "'",
      '"',
      '&',
      '&lt;',
      '&#x',
      ';',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!',
      'xmlns:b="u"',
      '\n',
      '\0',
      '\ud800',
      '😀',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: piece }), fc.string({ unit: 'binary' })), (text) => {
        const root = readXml(text);
        expect(isXmlError(root) ? root.reason : root.name).not.toBe('');
      }),
      { numRuns: 600 },
    );
  });

  it('written and read again is the same tree', () => {
    // XML 1.0 §2.2: what a document can hold; the other characters become U+FFFD.
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('<', '>', '&', '"', "'", '\t', '\n', '\r', ']]>', '\ufffd'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
    });
    const name = fc.constantFrom('x', 'p:x', 'p:y');
    const leaf = fc.record({ name, text, attributes: fc.tuple(fc.tuple(fc.constant('b'), text)) });
    fc.assert(
      fc.property(fc.array(leaf, { maxLength: 4 }), (children) => {
        const root: XmlNode = { name: 'a', children };
        const back = read(
          writeXml(root, [
            ['', 'urn:d'],
            ['p', 'urn:p'],
          ]),
        );
        expect(back.children.map((child) => [child.namespace, child.name, child.text, child.attributes.get('b')])).toEqual(
          children.map((child) => [child.name.startsWith('p:') ? 'urn:p' : 'urn:d', child.name.replace('p:', ''), child.text, child.attributes[0][1]]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is never written with an undeclared prefix, nor with characters that XML cannot hold', () => {
    expect(() => writeXml({ name: 'p:a' }, [['', 'urn:d']])).toThrow();
    expect(
      read(
        writeXml(
          {
            name: 'a',
            attributes: [
              ['b', '\u0001'],
              ['c', undefined],
            ],
            text: '\ud800',
          },
          [['', 'urn:d']],
        ),
      ),
    ).toMatchObject({
      text: '\ufffd',
      attributes: new Map([['b', '\ufffd']]),
    });
  });
});
