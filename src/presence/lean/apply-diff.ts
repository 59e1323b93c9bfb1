/**
 * Reads partial presence documents (RFC 5262) and carries out what they say (RFC 5261). Whole or not at all: a change that finds nothing, or more than one place, spoils the document.
 */
import { isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { PIDF, PIDF_DIFF } from './diff-document.ts';

export interface PartialError {
  readonly kind: 'partial-error';
  /** A sentence. */
  readonly reason: string;
}

export interface PartialDocument {
  readonly kind: 'full' | 'diff';
  readonly version: number | undefined;
  readonly entity: string | undefined;
  readonly root: XmlElement;
  /** The prefixes of its selectors. */
  readonly prefixes: ReadonlyMap<string, string>;
}

export const isPartialError = (value: object): value is PartialError => 'kind' in value && value.kind === 'partial-error';
const error = (reason: string): PartialError => ({ kind: 'partial-error', reason });

/** RFC 5261 leaves it open; a presence document has a few dozen elements. */
const MOST_CHANGES = 200;

export function readPartial(text: string): PartialDocument | PartialError {
  const root = readXml(text);
  if (isXmlError(root)) return error(root.reason);
  if (root.namespace !== PIDF_DIFF || (root.name !== 'pidf-full' && root.name !== 'pidf-diff'))
    return error(`The root element is ${root.name}, neither pidf-full nor pidf-diff.`);
  const given = root.attributes.get('version');
  if (given !== undefined && !/^\d{1,9}$/.test(given.trim())) return error('The version is no number.');
  if (root.children.length > MOST_CHANGES) return error(`It holds more than ${MOST_CHANGES} changes.`);
  const prefixes = new Map<string, string>();
  const start = /<[^!?][^>]*>/.exec(text)?.[0] ?? '';
  for (const [, prefix = '', , namespace = ''] of start.matchAll(/\sxmlns(?::([\w.-]+))?\s*=\s*(["'])(.*?)\2/g)) prefixes.set(prefix, namespace);
  return {
    kind: root.name === 'pidf-full' ? 'full' : 'diff',
    version: given === undefined ? undefined : Number(given),
    entity: root.attributes.get('entity')?.trim(),
    root,
    prefixes,
  };
}

/** The document that a pidf-full holds, as one of PIDF. */
export function wholeOf({ root }: PartialDocument): XmlElement {
  const attributes = new Map(root.attributes);
  attributes.delete('version');
  return { ...root, namespace: PIDF, name: 'presence', attributes };
}

interface Tree extends XmlElement {
  text: string;
  readonly attributes: Map<string, string>;
  readonly children: Tree[];
}

const copyOf = (element: XmlElement): Tree => ({ ...element, attributes: new Map(element.attributes), children: element.children.map(copyOf) });

/** The document after the changes of `diff`; `document` stays as it is. */
export function applyDiff(document: XmlElement, { root, prefixes }: PartialDocument): XmlElement | PartialError {
  const tree = copyOf(document);
  for (const change of root.children) {
    const problem = applyChange(tree, change, prefixes);
    if (problem !== undefined) return error(problem);
  }
  return tree;
}

function applyChange(tree: Tree, change: XmlElement, prefixes: ReadonlyMap<string, string>): string | undefined {
  const sel = change.attributes.get('sel')?.trim();
  if (change.namespace !== PIDF_DIFF || sel === undefined) return `${change.name} is no change that could be made.`;
  const place = locate(tree, sel, prefixes);
  if (typeof place === 'string') return place;
  const { parent, element, attribute, isText } = place;
  const [inner] = change.children;
  const at = parent?.children.indexOf(element) ?? -1;
  if (change.name === 'add') {
    const type = change.attributes.get('type');
    if (attribute !== undefined || isText || type !== undefined || inner === undefined) return `Only elements can be added here, not to ${sel}.`;
    const added = change.children.map(copyOf);
    const pos = change.attributes.get('pos');
    if (pos === 'prepend') element.children.unshift(...added);
    else if (pos === undefined) element.children.push(...added);
    else if (parent === undefined) return 'Nothing can stand beside the root.';
    else parent.children.splice(pos === 'before' ? at : at + 1, 0, ...added);
    return undefined;
  }
  if (change.name === 'replace') {
    if (attribute !== undefined) element.attributes.set(attribute, change.text);
    else if (isText) element.text = change.text;
    else if (parent === undefined || inner === undefined || change.children.length !== 1) return `${sel} has to be replaced by one element.`;
    else parent.children.splice(at, 1, copyOf(inner));
    return undefined;
  }
  if (change.name !== 'remove') return `${change.name} is no change that could be made.`;
  if (attribute !== undefined) element.attributes.delete(attribute);
  else if (isText) element.text = '';
  else if (parent === undefined) return 'The root cannot be removed.';
  else parent.children.splice(at, 1);
  return undefined;
}

interface Place {
  readonly parent: Tree | undefined;
  readonly element: Tree;
  readonly attribute?: string;
  readonly isText?: boolean;
}

const STEP = /^(?:([\w.-]+):)?([\w.-]+|\*)((?:\[[^\]]*\])*)$/;

/** The one place that a selector names, or why there is none. */
function locate(tree: Tree, sel: string, prefixes: ReadonlyMap<string, string>): Place | string {
  const steps = sel.replace(/^\//, '').match(/(?:[^/[]|\[[^\]]*\])+/g) ?? [];
  let found: Place[] = [];
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    if (i > 0 && isLast && step === 'text()')
      return oneOf(
        found.map((place) => ({ ...place, isText: true })),
        sel,
      );
    if (i > 0 && isLast && step.startsWith('@')) {
      const attribute = step.slice(1);
      return oneOf(
        found.filter(({ element }) => element.attributes.has(attribute)).map((place) => ({ ...place, attribute })),
        sel,
      );
    }
    const [, prefix, name = '', conditions = ''] = STEP.exec(step) ?? [];
    if (name === '') return `The selector ${sel} is not one that is understood here.`;
    // RFC 5261 §4.2.1: a name without a prefix is in the default namespace of the diff.
    const namespace = prefixes.get(prefix ?? '');
    if (name !== '*' && prefix !== undefined && namespace === undefined) return `The selector ${sel} has a prefix that is not declared.`;
    const fits = ({ element }: Place): boolean => name === '*' || (element.name === name && element.namespace === (namespace ?? ''));
    const groups =
      i === 0 ? [[{ parent: undefined, element: tree }]] : found.map(({ element: parent }) => parent.children.map((element) => ({ parent, element })));
    found = [];
    for (const group of groups) {
      let chosen: Place[] = group.filter(fits);
      for (const [, condition = ''] of conditions.matchAll(/\[([^\]]*)\]/g)) {
        const kept = chosenBy(chosen, condition);
        if (kept === undefined) return `The selector ${sel} has a condition that is not understood here.`;
        chosen = kept;
      }
      found.push(...chosen);
    }
  }
  return oneOf(found, sel);
}

function chosenBy(places: readonly Place[], condition: string): Place[] | undefined {
  if (/^\d{1,6}$/.test(condition)) return places.slice(Number(condition) - 1, Number(condition));
  const [, attribute, , value] = /^@([\w.-]+)=(["'])(.*)\2$/.exec(condition) ?? [];
  return attribute === undefined ? undefined : places.filter(({ element }) => element.attributes.get(attribute) === value);
}

const oneOf = (places: readonly Place[], sel: string): Place | string => {
  const [only, another] = places;
  return only === undefined || another !== undefined ? `The selector ${sel} names ${only === undefined ? 'nothing' : 'more than one place'}.` : only;
};
