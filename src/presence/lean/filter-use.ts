/** What filters do to a presence document and to the moments at which it is told (RFC 4660 §5.3). */
import type { XmlElement } from '#protocol/xml/read.ts';
import { PIDF } from './diff-document.ts';
import { type Path, select } from './filter-paths.ts';
import type { Changed, Filter, Filters, Selection, Trigger } from './filter-set.ts';

/** Those that are switched on and for this resource: `resource` is its canonical address. */
export function filtersFor(filters: Filters, resource: string): readonly Filter[] {
  const host = resource.slice(resource.lastIndexOf('@') + 1).toLowerCase();
  return [...filters.values()].filter(
    ({ isEnabled, uri, domain }) =>
      isEnabled &&
      (uri === undefined || uri.replace(/^(pres|sips):/, 'sip:').toLowerCase() === resource.toLowerCase()) &&
      (domain === undefined || domain.toLowerCase() === host),
  );
}

/** These cannot be missing where what they stand in is there (RFC 4660 §5.3.1: the result is valid). */
const isMandatory = ({ namespace, name }: XmlElement): boolean => (namespace === PIDF && name === 'status') || name === 'deviceID';
const CONTAINERS = new Set(['presence', 'tuple', 'person', 'device', 'status']);

/** The document as the filters let it through. */
export function filtered(document: XmlElement, filters: readonly Filter[]): XmlElement {
  return filters.reduce((result, { include, exclude }) => (include.length === 0 && exclude.length === 0 ? result : picked(result, include, exclude)), document);
}

function chosen(selection: Selection, root: XmlElement): readonly XmlElement[] {
  if ('steps' in selection) return select(selection, root);
  const found: XmlElement[] = [];
  const visit = (element: XmlElement): void => {
    if (element.namespace === selection.namespace) found.push(element);
    element.children.forEach(visit);
  };
  visit(root);
  return found;
}

interface Picked {
  readonly element: XmlElement;
  /** Not only because it is mandatory where it stands. */
  readonly isChosen: boolean;
}

function picked(root: XmlElement, include: readonly Selection[], exclude: readonly Selection[]): XmlElement {
  const out = new Set(exclude.flatMap((one) => chosen(one, root)));
  const byPath = new Set(include.filter((one) => 'steps' in one).flatMap((one) => chosen(one, root)));
  // Of a namespace each element is picked by itself, of a path with all that is in it.
  const byNamespace = new Set(include.filter((one) => !('steps' in one)).flatMap((one) => chosen(one, root)));
  const visit = (element: XmlElement, isWithin: boolean): Picked | undefined => {
    if (out.has(element) && !isMandatory(element)) return undefined;
    const isIn = isWithin || byPath.has(element);
    const inner = element.children.flatMap((child) => visit(child, isIn) ?? []);
    const isEmptied = element.children.length > 0 && inner.length === 0 && !CONTAINERS.has(element.name);
    const isChosen = (isIn || byNamespace.has(element) || inner.some((child) => child.isChosen)) && !isEmptied;
    return isChosen || isMandatory(element) ? { element: { ...element, children: inner.map((child) => child.element) }, isChosen } : undefined;
  };
  return visit(root, include.length === 0)?.element ?? { ...root, children: [] };
}

/** Whether what has become of the document since it was told last is what the filters wait for. */
export function isTriggered(before: XmlElement, after: XmlElement, filters: readonly Filter[]): boolean {
  const waiting = filters.filter(({ triggers }) => triggers.length > 0);
  return waiting.length === 0 || waiting.some(({ triggers }) => triggers.some((trigger) => happened(trigger, before, after)));
}

/** RFC 4661 §3.6: all that one trigger names has to happen. */
function happened({ changed, added, removed }: Trigger, before: XmlElement, after: XmlElement): boolean {
  return (
    changed.every((one) => hasChanged(one, before, after)) &&
    added.every((path) => valuesOf(path, after).size > 0 && appeared(path, before, after)) &&
    removed.every((path) => appeared(path, after, before))
  );
}

/** What stands at a path, by where it stands: a tuple's by the tuple's id. */
function valuesOf(path: Path, root: XmlElement): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const element of select(path, root)) {
    const place = placeOf(element, root);
    let key = place;
    for (let i = 2; values.has(key); i++) key = `${place} ${i}`;
    values.set(key, path.attribute === undefined ? textOf(element) : (element.attributes.get(path.attribute) ?? ''));
  }
  return values;
}

const textOf = (element: XmlElement): string =>
  element.children.length === 0 ? element.text.trim() : element.children.map((child) => `${child.name}=${textOf(child)}`).join(' ');

function placeOf(element: XmlElement, root: XmlElement): string {
  const holder = root.children.find((child) => child === element || holdsElement(child, element));
  return `${holder?.attributes.get('id') ?? ''} ${element.name}`;
}

const holdsElement = (parent: XmlElement, element: XmlElement): boolean => parent.children.some((child) => child === element || holdsElement(child, element));

const appeared = (path: Path, before: XmlElement, after: XmlElement): boolean => {
  const known = valuesOf(path, before);
  return [...valuesOf(path, after).keys()].some((key) => !known.has(key));
};

function hasChanged({ path, from, to, by }: Changed, before: XmlElement, after: XmlElement): boolean {
  const old = valuesOf(path, before);
  const now = valuesOf(path, after);
  return [...new Set([...old.keys(), ...now.keys()])].some((key) => {
    const [a, b] = [old.get(key), now.get(key)];
    if (a === b || (from !== undefined && a !== from) || (to !== undefined && b !== to)) return false;
    return by === undefined || Math.abs(Number(b) - Number(a)) >= by;
  });
}
