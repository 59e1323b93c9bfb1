/** Whether two sets of rules differ in one rule only: then that rule can be put alone, as XCAP is made for. */
import type { LocatedElement } from '#protocol/xml/locate.ts';
import { isXmlError, readXml } from '#protocol/xml/read.ts';
import { canonical, rootOf } from './element-text.ts';

/** A name that can stand in a node selector as it is. */
const PLAIN = /^[\w.@:-]+$/;

const bindings = ({ scope }: LocatedElement): string => JSON.stringify([...scope].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The rule that is new or another, as it stands in the text; undefined where more has changed, or nothing. Both are rules that can be read. */
export function onlyRuleChanged(before: string, after: string): { readonly id: string; readonly text: string } | undefined {
  const [oldRoot, newRoot, oldElement, newElement] = [rootOf(before), rootOf(after), readXml(before), readXml(after)];
  if (oldRoot === undefined || newRoot === undefined || isXmlError(oldElement) || isXmlError(newElement)) return undefined;
  // A rule that is put alone is read with the namespaces of the document that is there.
  if (bindings(oldRoot) !== bindings(newRoot) || (oldRoot.children.length === 0 && oldRoot.innerStart === oldRoot.end)) return undefined;
  const old = new Map(oldElement.children.map((rule) => [rule.attributes.get('id') ?? '', canonical(rule)]));
  const changed = newElement.children.flatMap((rule, i) => (old.get(rule.attributes.get('id') ?? '') === canonical(rule) ? [] : [i]));
  const ids = new Set(newElement.children.map((rule) => rule.attributes.get('id') ?? ''));
  const [only] = changed;
  if (only === undefined || changed.length > 1 || [...old.keys()].some((id) => !ids.has(id))) return undefined;
  const place = newRoot.children[only];
  const id = place?.attributes.get('id') ?? '';
  return place === undefined || !PLAIN.test(id) ? undefined : { id, text: after.slice(place.start, place.end) };
}
