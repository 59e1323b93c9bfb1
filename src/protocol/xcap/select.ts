/** Finding, putting and taking out one element of a document (RFC 4825 §8.2, §8.3, §8.4): the rest of the text stays as it is, so that what was put is what is got. */
import { isLocated, type LocatedElement, locateXml } from '../xml/locate.ts';
import type { XcapNode, XcapStep } from './uri.ts';

interface Selectable<E> {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly E[];
}

/** The one element that the steps lead to; undefined when there is none, or more than one. */
export function selectElement<E extends Selectable<E>>(
  root: E,
  steps: readonly XcapStep[],
  namespaceOf: (prefix: string | undefined) => string | undefined,
): E | undefined {
  let level: readonly E[] = [root];
  let found: readonly E[] = [];
  for (const step of steps) {
    found = matching(level, step, namespaceOf);
    if (found.length !== 1) return undefined;
    level = found[0]?.children ?? [];
  }
  return found[0];
}

function matching<E extends Selectable<E>>(level: readonly E[], step: XcapStep, namespaceOf: (prefix: string | undefined) => string | undefined): readonly E[] {
  const { name, position, attribute, prefix } = step;
  const namespace = namespaceOf(prefix);
  const named = name === '*' ? level : level.filter((each) => each.name === name && each.namespace === namespace);
  const placed = position === undefined ? named : named.slice(position - 1, position);
  return attribute === undefined ? placed : placed.filter(({ attributes }) => attributes.get(attribute.name) === attribute.value);
}

/** The namespace of a prefix in a selector; without one it is the default namespace of the application. */
export const namespacesOf =
  ({ namespaces }: XcapNode, fallback: string) =>
  (prefix: string | undefined): string | undefined =>
    prefix === undefined ? fallback : namespaces.get(prefix);

/** The element as it stands in the text. */
export const textOfElement = (text: string, { start, end }: LocatedElement): string => text.slice(start, end);

export type Put =
  | { readonly kind: 'put'; readonly text: string; readonly isNew: boolean }
  | { readonly kind: 'not-xml-frag' | 'cannot-insert' }
  /** So many steps lead to something. */
  | { readonly kind: 'no-parent'; readonly reached: number };

/** Puts a fragment where the node selector points: in place of what is there, or as the last of its like. */
export function putElement(text: string, root: LocatedElement, node: XcapNode, fallback: string, fragment: string): Put {
  const { steps } = node;
  const namespaceOf = namespacesOf(node, fallback);
  const present = selectElement(root, steps, namespaceOf);
  const parent = steps.length === 1 ? undefined : selectElement(root, steps.slice(0, -1), namespaceOf);
  if (present === undefined && parent === undefined) return { kind: 'no-parent', reached: reachedBy(root, steps, namespaceOf) };
  if (!isOneElement(fragment, (present ?? parent)?.scope ?? new Map<string, string>())) return { kind: 'not-xml-frag' };
  const changed =
    present === undefined
      ? inserted(text, parent ?? root, steps.at(-1), namespaceOf, fragment)
      : text.slice(0, present.start) + fragment + text.slice(present.end);
  // RFC 4825 §11.1 (cannot-insert): a GET of the same address has to give what was put.
  const again = locateXml(changed);
  const got = isLocated(again) ? selectElement(again, steps, namespaceOf) : undefined;
  if (got === undefined || textOfElement(changed, got) !== fragment) return { kind: 'cannot-insert' };
  return { kind: 'put', text: changed, isNew: present === undefined };
}

/** The steps that lead to exactly one element, from the root on. */
function reachedBy(root: LocatedElement, steps: readonly XcapStep[], namespaceOf: (prefix: string | undefined) => string | undefined): number {
  let reached = steps.length - 1;
  while (reached > 0 && selectElement(root, steps.slice(0, reached), namespaceOf) === undefined) reached--;
  return reached;
}

/** A whole element and nothing else, with the namespaces that hold at that place. */
function isOneElement(fragment: string, scope: ReadonlyMap<string, string>): boolean {
  const declared = [...scope].filter(([prefix]) => prefix !== 'xml' && prefix !== 'xmlns');
  const names = declared.map(
    ([prefix, namespace]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${namespace.replace(/[&<"]/g, (c) => `&#${c.charCodeAt(0)};`)}"`,
  );
  const opening = `<place${names.join('')}>`;
  const place = locateXml(`${opening}${fragment}</place>`);
  if (!isLocated(place) || place.children.length !== 1) return false;
  const [only] = place.children;
  return only !== undefined && only.start === opening.length && only.end === opening.length + fragment.length;
}

/** Behind the last element of the same name, or at the end of the parent. */
function inserted(
  text: string,
  parent: LocatedElement,
  step: XcapStep | undefined,
  namespaceOf: (prefix: string | undefined) => string | undefined,
  fragment: string,
): string {
  if (parent.innerStart === parent.end) {
    // An empty tag opens up.
    const tag = text.slice(parent.start, parent.end);
    const name = /^<([^\s/>]+)/.exec(tag)?.[1] ?? '';
    return `${text.slice(0, parent.start)}${tag.slice(0, tag.lastIndexOf('/')).trimEnd()}>${fragment}</${name}>${text.slice(parent.end)}`;
  }
  const alike = step === undefined ? [] : parent.children.filter(({ name, namespace }) => name === step.name && namespace === namespaceOf(step.prefix));
  const at = alike.at(-1)?.end ?? parent.children.at(-1)?.end ?? parent.innerStart;
  return `${text.slice(0, at)}\n${fragment}${text.slice(at)}`;
}

/** Takes the element out; `cannot-delete` when another would then stand at the same address (RFC 4825 §8.4). */
export function removeElement(text: string, root: LocatedElement, node: XcapNode, fallback: string): { readonly text: string } | 'not-found' | 'cannot-delete' {
  const namespaceOf = namespacesOf(node, fallback);
  const present = selectElement(root, node.steps, namespaceOf);
  if (present === undefined) return 'not-found';
  const changed = text.slice(0, present.start) + text.slice(present.end);
  const again = locateXml(changed);
  if (!isLocated(again) || selectElement(again, node.steps, namespaceOf) !== undefined) return 'cannot-delete';
  return { text: changed };
}
