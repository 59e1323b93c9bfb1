/**
 * Partial presence documents (RFC 5262): a whole document with its version, or what has changed since the version before. Selectors are those of RFC 5261 as far as they are needed here:
 * a path from the root with names, ids and positions, and at its end perhaps an attribute or the text.
 * Omitted: namespace and comment nodes, `ws`, `type`, prefixes declared below the root.
 */
import type { XmlElement } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';

/** Content type of both (RFC 5262 §5.2). */
export const PIDF_DIFF_TYPE = 'application/pidf-diff+xml';
export const PIDF = 'urn:ietf:params:xml:ns:pidf';
export const PIDF_DIFF = 'urn:ietf:params:xml:ns:pidf-diff';

/** Prefixes of the namespaces that presence documents here use; the default is PIDF. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [PIDF, ''],
  ['urn:ietf:params:xml:ns:pidf:data-model', 'dm'],
  ['urn:ietf:params:xml:ns:pidf:rpid', 'rpid'],
  ['urn:ietf:params:xml:ns:location-type', 'lt'],
  ['jabber:client', 'xmpp'],
]);

/** One change. `add` puts an element behind the one that `sel` names (`after`), before its first child (`prepend`) or behind its last. */
export type Change =
  | { readonly op: 'add'; readonly sel: string; readonly pos?: 'after' | 'prepend'; readonly element: XmlElement }
  | { readonly op: 'replace'; readonly sel: string; readonly element?: XmlElement; readonly text?: string }
  | { readonly op: 'remove'; readonly sel: string };

/** What leads from one document to another, in the order in which it has to be done; undefined when a whole document is the better way to say it. */
export function changesBetween(before: XmlElement, after: XmlElement): readonly Change[] | undefined {
  const changes: Change[] = [];
  return before.attributes.get('entity') === after.attributes.get('entity') && compareChildren('*', before, after, changes) ? changes : undefined;
}

export function formatFull(document: XmlElement, version: number): string {
  const attributes = [
    ['entity', document.attributes.get('entity')],
    ['version', String(version)],
  ] as const;
  return write({ name: 'p:pidf-full', attributes, children: document.children.map(nodeOf) }, []);
}

export function formatDiff(entity: string, version: number | undefined, changes: readonly Change[]): string {
  const children = changes.map((change): XmlNode => {
    const attributes = [
      ['sel', change.sel],
      ['pos', change.op === 'add' ? change.pos : undefined],
    ] as const;
    if (change.op === 'remove') return { name: 'p:remove', attributes };
    const inner = change.element === undefined ? { text: change.op === 'replace' ? (change.text ?? '') : '' } : { children: [nodeOf(change.element)] };
    return { name: `p:${change.op}`, attributes, ...inner };
  });
  const attributes = [
    ['entity', entity],
    ['version', version?.toString()],
  ] as const;
  return write(
    { name: 'p:pidf-diff', attributes, children },
    changes.map(({ sel }) => sel),
  );
}

/** Prefixes are declared only where they are used, in selectors too. */
function write(root: XmlNode, selectors: readonly string[]): string {
  const used = new Set(selectors.flatMap((sel) => [...sel.matchAll(/([a-z]+):/g)].map(([, prefix]) => prefix ?? '')));
  const collect = ({ name, children = [] }: XmlNode): void => {
    const colon = name.indexOf(':');
    if (colon > 0) used.add(name.slice(0, colon));
    children.forEach(collect);
  };
  collect(root);
  const prefixed = [...PREFIXES].filter(([, prefix]) => prefix === '' || used.has(prefix)).map(([namespace, prefix]) => [prefix, namespace] as const);
  return writeXml(root, [...prefixed, ['p', PIDF_DIFF]]);
}

const nameOf = ({ namespace, name }: XmlElement): string => {
  const prefix = PREFIXES.get(namespace);
  if (prefix === undefined) throw new Error(`diff: no prefix for ${namespace}`);
  return prefix === '' ? name : `${prefix}:${name}`;
};

export function nodeOf(element: XmlElement): XmlNode {
  const attributes = [...element.attributes];
  const { children, text } = element;
  return { name: nameOf(element), attributes, ...(children.length === 0 ? { text } : { children: children.map(nodeOf) }) };
}

/** A child among its siblings: by id where it has one, else by its place among those of its name. */
function stepsOf(parent: XmlElement): readonly { readonly step: string; readonly element: XmlElement }[] {
  const counts = new Map<string, number>();
  return parent.children.map((element) => {
    const name = nameOf(element);
    const id = element.attributes.get('id');
    if (id !== undefined && !id.includes("'")) return { step: `${name}[@id='${id}']`, element };
    const place = (counts.get(name) ?? 0) + 1;
    counts.set(name, place);
    return { step: place === 1 && parent.children.filter((each) => nameOf(each) === name).length === 1 ? name : `${name}[${place}]`, element };
  });
}

/** False when the children cannot be matched one by one. */
function compareChildren(path: string, before: XmlElement, after: XmlElement, changes: Change[]): boolean {
  const olds = stepsOf(before);
  const news = stepsOf(after);
  const newSteps = new Set(news.map(({ step }) => step));
  const old = new Map(olds.map(({ step, element }) => [step, element]));
  const kept = olds.filter(({ step }) => newSteps.has(step)).map(({ step }) => step);
  // Places shift when something without an id comes or goes among others of its name, and an order cannot be changed by these means.
  if (
    old.size < olds.length ||
    newSteps.size < news.length ||
    kept.join(' ') !==
      news
        .filter(({ step }) => old.has(step))
        .map(({ step }) => step)
        .join(' ')
  )
    return false;
  const coming = news.filter(({ step }) => !old.has(step));
  const going = olds.filter(({ step }) => !newSteps.has(step));
  if (
    [...coming, ...going].some(({ step }) => step.endsWith(']') && !step.includes('@id')) ||
    coming.some(({ step }) => going.some((one) => bare(one.step) === bare(step) && !step.includes('@id')))
  )
    return false;
  for (const { step } of going) changes.push({ op: 'remove', sel: `${path}/${step}` });
  let last: string | undefined;
  for (const { step, element } of news) {
    const known = old.get(step);
    if (known === undefined)
      changes.push({
        op: 'add',
        ...(last === undefined ? { sel: path, pos: 'prepend' as const } : { sel: `${path}/${last}`, pos: 'after' as const }),
        element,
      });
    else compare(`${path}/${step}`, known, element, changes);
    last = step;
  }
  return true;
}

const bare = (step: string): string => step.replace(/\[.*$/, '');

function compare(path: string, before: XmlElement, after: XmlElement, changes: Change[]): void {
  if (isSame(before, after)) return;
  const inner: Change[] = [];
  if (compareWithin(path, before, after, inner) && sizeOf(inner) < sizeOf([{ op: 'replace', sel: path, element: after }])) changes.push(...inner);
  else changes.push({ op: 'replace', sel: path, element: after });
}

function compareWithin(path: string, before: XmlElement, after: XmlElement, changes: Change[]): boolean {
  if ([...before.attributes.keys()].join(' ') !== [...after.attributes.keys()].join(' ')) return false;
  for (const [name, value] of after.attributes)
    if (before.attributes.get(name) !== value) changes.push({ op: 'replace', sel: `${path}/@${name}`, text: value });
  if (before.children.length > 0 && after.children.length > 0) return compareChildren(path, before, after, changes);
  if (before.children.length > 0 || after.children.length > 0 || before.text === '' || after.text === '') return false;
  if (before.text !== after.text) changes.push({ op: 'replace', sel: `${path}/text()`, text: after.text });
  return true;
}

/** About how much has to be said. */
const sizeOf = (changes: readonly Change[]): number =>
  changes.reduce(
    (sum, change) =>
      sum + change.sel.length + 30 + (change.op === 'remove' ? 0 : change.element === undefined ? 10 : JSON.stringify(nodeOf(change.element)).length),
    0,
  );

export function isSame(a: XmlElement, b: XmlElement): boolean {
  if (a.name !== b.name || a.namespace !== b.namespace || a.children.length !== b.children.length || a.attributes.size !== b.attributes.size) return false;
  if ([...a.attributes].some(([name, value]) => b.attributes.get(name) !== value)) return false;
  if (a.children.length === 0) return a.text === b.text;
  return a.children.every((child, i) => {
    const other = b.children[i];
    return other !== undefined && isSame(child, other);
  });
}
