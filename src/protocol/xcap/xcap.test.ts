import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { complaintsAbout } from '#testing/judges/xmllint.ts';
import { isLocated, type LocatedElement, locateXml } from '../xml/locate.ts';
import { formatXcapDiff, parseXcapDiff, type XcapDiff } from './diff.ts';
import { formatXcapError, type XcapErrorKind, xcapErrorInWords } from './errors.ts';
import { putElement, removeElement, selectElement, textOfElement } from './select.ts';
import { encodePathSegment, formatXcapTarget, parseXcapTarget, type XcapNode } from './uri.ts';

const ROOT = '/xcap-root';
const addressOf = (target: string) => {
  const address = parseXcapTarget(ROOT, target);
  if (typeof address === 'string') throw new Error(`${target}: ${address}`);
  return address;
};

describe('an address', () => {
  it('names a document of a user', () => {
    expect(addressOf('/xcap-root/pres-rules/users/sip:jane@home2.net/index')).toEqual({
      auid: 'pres-rules',
      tree: 'users',
      xui: 'sip:jane@home2.net',
      document: 'index',
    });
    expect(addressOf('http://xdms.home2.net/xcap-root/pres-rules/users/sip%3Ajane%40home2.net/a/b')).toMatchObject({
      xui: 'sip:jane@home2.net',
      document: 'a/b',
    });
    expect(addressOf('/xcap-root/xcap-caps/global/index')).toEqual({ auid: 'xcap-caps', tree: 'global', document: 'index' });
  });
  it('and an element in it, with the namespaces of its names', () => {
    expect(addressOf('/xcap-root/pres-rules/users/u/index/~~/cr:ruleset/cr:rule%5b@id=%22a%2Fb%22%5d/*%5B2%5D?xmlns(cr=urn:cp)xmlns(x=urn:x)').node).toEqual({
      steps: [
        { prefix: 'cr', name: 'ruleset' },
        { prefix: 'cr', name: 'rule', attribute: { name: 'id', value: 'a/b' } },
        { prefix: undefined, name: '*', position: 2 },
      ],
      namespaces: new Map([
        ['cr', 'urn:cp'],
        ['x', 'urn:x'],
      ]),
    });
    expect(addressOf('/xcap-root/a/users/u/d/~~/r/@id').node).toMatchObject({ steps: [{ name: 'r' }], terminal: { kind: 'attribute', name: 'id' } });
    expect(addressOf('/xcap-root/a/users/u/d/~~/r/namespace::*').node).toMatchObject({ terminal: { kind: 'namespaces' } });
  });
  it.each([
    ['/other/a/users/u/d', 'not-found'],
    ['/xcap-root', 'not-found'],
    ['/xcap-root/a/users/u', 'not-found'],
    ['/xcap-root/a/nobody/u/d', 'not-found'],
    ['/xcap-root/a/users//d', 'not-found'],
    ['/xcap-root/a/users/%zz/d', 'malformed'],
    ['/xcap-root/a/users/%ff/d', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/r%5B0%5D', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/r?xmlns(a', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/@id', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/x:r', 'malformed'],
    ['/xcap-root/a/users/u/d/~~/r/x:s?xmlns(y=urn:x)', 'malformed'],
  ])('%s is %s', (target, what) => {
    expect(parseXcapTarget(ROOT, target)).toBe(what);
  });
  it('written and read again is the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ':', '@', '.', 'é', ' ', '%', '"', '[', '?', '#'), minLength: 1 });
    fc.assert(
      fc.property(text, text, (xui, document) => {
        expect(addressOf(formatXcapTarget(ROOT, `pres-rules/users/${xui}/${document}`))).toEqual({ auid: 'pres-rules', tree: 'users', xui, document });
        expect(encodePathSegment(xui)).toMatch(/^[!-~]*$/);
      }),
    );
  });
  it('of any text is an address or a named fault', () => {
    fc.assert(
      fc.property(fc.string(), (text) => void parseXcapTarget(ROOT, `/xcap-root/${text}`)),
      { numRuns: 500 },
    );
  });
});

describe('an element', () => {
  const DEFAULT = 'urn:d';
  const nodeOf = (path: string, query = ''): XcapNode => {
    const { node } = addressOf(`/xcap-root/a/users/u/d/~~/${path.split('/').map(encodePathSegment).join('/')}${query}`);
    if (node === undefined) throw new Error(path);
    return node;
  };
  const rootOf = (text: string): LocatedElement => {
    const root = locateXml(text);
    if (!isLocated(root)) throw new Error(root.reason);
    return root;
  };
  const LIST = '<l xmlns="urn:d" xmlns:q="urn:q">\n  <r id="a">1</r>\n  <r id="b"/>\n  <q:x/>\n</l>';
  const get = (text: string, path: string, query = ''): string | undefined => {
    const node = nodeOf(path, query);
    const found = selectElement(rootOf(text), node.steps, (prefix) => (prefix === undefined ? DEFAULT : node.namespaces.get(prefix)));
    return found === undefined ? undefined : textOfElement(text, found);
  };

  it.each([
    ['l', LIST],
    ['l/r[1]', '<r id="a">1</r>'],
    ['l/r[@id="b"]', '<r id="b"/>'],
    ['l/*[3]', '<q:x/>'],
    ['l/r[2][@id="b"]', '<r id="b"/>'],
    ['l/r[1][@id="b"]', undefined],
    // Two of them: no answer would be the right one.
    ['l/r', undefined],
    ['l/x', undefined],
    ['m', undefined],
  ])('%s is %s', (path, text) => {
    expect(get(LIST, path)).toBe(text);
  });
  it('of another namespace is found under any prefix that the address gives it', () => {
    expect(get(LIST, 'l/z:x', '?xmlns(z=urn:q)')).toBe('<q:x/>');
  });

  const put = (text: string, path: string, fragment: string) => putElement(text, rootOf(text), nodeOf(path), DEFAULT, fragment);
  it.each([
    ['in place of another', 'l/r[@id="a"]', '<r id="a"><b/></r>', false],
    ['as a new one behind its like', 'l/r[@id="c"]', '<r id="c"/>', true],
    ['at the place that comes next', 'l/r[3]', '<r/>', true],
    ['as the first of its kind', 'l/n', '<n xmlns="urn:d"/>', true],
    ['with prefixes that are declared above', 'l/r[@id="q"]', '<r id="q"><q:y/></r>', true],
    ['the whole root', 'l', '<l xmlns="urn:d"/>', false],
  ])('is put %s, and is got as it was put', (_what, path, fragment, isNew) => {
    const done = put(LIST, path, fragment);
    if (done.kind !== 'put') throw new Error(done.kind);
    expect(done.isNew).toBe(isNew);
    expect(get(done.text, path)).toBe(fragment);
    // RFC 4825 §7: the same once more changes nothing.
    expect(put(done.text, path, fragment)).toEqual({ kind: 'put', text: done.text, isNew: false });
  });
  it('opens an empty parent', () => {
    expect(put('<l xmlns="urn:d" a="/"/>', 'l/r', '<r/>')).toEqual({ kind: 'put', isNew: true, text: '<l xmlns="urn:d" a="/"><r/></l>' });
  });
  it.each([
    ['without parent', 'l/g/r', '<r/>', { kind: 'no-parent', reached: 1 }],
    ['below another root', 'm/r', '<r/>', { kind: 'no-parent', reached: 0 }],
    ['that are two', 'l/n', '<n/><n/>', { kind: 'not-xml-frag' }],
    ['that is text', 'l/n', 'n', { kind: 'not-xml-frag' }],
    ['that is not whole', 'l/n', '<n>', { kind: 'not-xml-frag' }],
    ['that ends its parent', 'l/n', '<n/></l><l>', { kind: 'not-xml-frag' }],
    ['with white space around it', 'l/n', ' <n/>', { kind: 'not-xml-frag' }],
    ['with a prefix that is not declared', 'l/n', '<z:n/>', { kind: 'not-xml-frag' }],
    ['with a document type', 'l/n', '<!DOCTYPE a><n/>', { kind: 'not-xml-frag' }],
    ['under another name', 'l/n', '<o/>', { kind: 'cannot-insert' }],
    ['with another id', 'l/r[@id="c"]', '<r id="d"/>', { kind: 'cannot-insert' }],
    ['too far behind', 'l/r[9]', '<r/>', { kind: 'cannot-insert' }],
  ])('%s is not put', (_what, path, fragment, fault) => {
    expect(put(LIST, path, fragment)).toEqual(fault);
  });
  it('is taken out, unless another would then be found there', () => {
    const remove = (path: string) => removeElement(LIST, rootOf(LIST), nodeOf(path), DEFAULT);
    expect(remove('l/r[@id="a"]')).toEqual({ text: LIST.replace('<r id="a">1</r>', '') });
    expect(remove('l/r[2]')).toEqual({ text: LIST.replace('<r id="b"/>', '') });
    expect(remove('l/r[1]')).toBe('cannot-delete');
    expect(remove('l')).toBe('cannot-delete');
    expect(remove('l/n')).toBe('not-found');
  });
});

describe('documents of XCAP itself', () => {
  const KINDS: readonly XcapErrorKind[] = [
    'not-well-formed',
    'not-xml-frag',
    'no-parent',
    'schema-validation-error',
    'cannot-insert',
    'cannot-delete',
    'uniqueness-failure',
    'constraint-failure',
    'not-utf-8',
  ];
  it.each(KINDS)('say %s', (kind) => {
    const text = formatXcapError({ kind, phrase: 'So it is.', ancestor: 'http://xdms.home2.net/xcap-root/a', field: 'ruleset/rule/@id=a' });
    expect(xcapErrorInWords(text)).toBe(`${kind}: So it is.`);
    if (hasJudge('xmllint') && hasJudge('schemas')) expect(complaintsAbout('xcap-error.xsd', text)).toEqual([]);
  });
  it('say which documents have changed', () => {
    const diff: XcapDiff = {
      root: 'http://xdms.home2.net/xcap-root/',
      documents: [
        { selector: 'pres-rules/users/sip:a@b.net/index', newTag: '"b"', previousTag: '"a"' },
        { selector: 'pres-rules/users/sip:c@b.net/index', previousTag: '"c"' },
      ],
    };
    const text = formatXcapDiff(diff);
    expect(parseXcapDiff(text)).toEqual(diff);
    // As in the examples of RFC 5874 the tags stand without their quotes; with them they are read, too.
    expect(text).toContain('new-etag="b"');
    expect(parseXcapDiff(text.replace('new-etag="b"', 'new-etag="&quot;b&quot;"'))).toEqual(diff);
    for (const none of ['', '<xcap-diff/>', '<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff"/>', '<a']) expect(parseXcapDiff(none)).toBeUndefined();
    expect(xcapErrorInWords('<a/>')).toBeUndefined();
  });
});
