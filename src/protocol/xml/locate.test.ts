import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLocated, type LocatedElement, locateXml } from './locate.ts';
import { readXml } from './read.ts';
import { type XmlNode, writeXml } from './write.ts';

const locate = (text: string): LocatedElement => {
  const root = locateXml(text);
  if (!isLocated(root)) throw new Error(root.reason);
  return root;
};

describe('an element in a text', () => {
  it('has its place, its inside and what is declared there', () => {
    const text = '<?xml version="1.0"?>\n<a xmlns="urn:a" t="1>2">é😀<b:c xmlns:b="urn:b"\n b:x="y"/><d> <e/></d ></a>';
    const root = locate(text);
    const slices = (one: LocatedElement): readonly string[] => [text.slice(one.start, one.end), text.slice(one.innerStart, one.innerEnd)];
    expect(slices(root)[0]).toBe(text.slice(text.indexOf('<a')));
    const [c, d] = root.children;
    if (c === undefined || d === undefined) throw new Error('children are missing');
    expect(slices(c)).toEqual(['<b:c xmlns:b="urn:b"\n b:x="y"/>', '']);
    expect([c.namespace, c.attributes.get('x'), c.scope.get(''), c.scope.get('b')]).toEqual(['urn:b', 'y', 'urn:a', 'urn:b']);
    expect(slices(d)).toEqual(['<d> <e/></d >', ' <e/>']);
  });
  it('of any tree is found where it was written', () => {
    const name = fc.constantFrom('a', 'p:b');
    const tree: fc.Arbitrary<XmlNode> = fc.letrec<{ node: XmlNode }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.record({ name, text: fc.string() }),
        fc.record({ name, attributes: fc.constant([['x', '<>"\n']] as const), children: fc.array(tie('node'), { maxLength: 3 }) }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (node) => {
        const text = writeXml(node, [
          ['', 'urn:d'],
          ['p', 'urn:p'],
        ]);
        const check = (one: LocatedElement): void => {
          expect(text[one.start]).toBe('<');
          expect(text[one.end - 1]).toBe('>');
          one.children.forEach((child) => {
            expect(child.start).toBeGreaterThanOrEqual(one.innerStart);
            expect(child.end).toBeLessThanOrEqual(one.innerEnd);
            check(child);
          });
        };
        check(locate(text));
      }),
    );
  });
  it('of what cannot be read is an error, the same as for who only reads', () => {
    for (const text of ['', '<a>', '<!DOCTYPE a><a/>', '<a>&b;</a>', '<a'.repeat(70_000)]) expect(locateXml(text)).toEqual(readXml(text));
  });
});
