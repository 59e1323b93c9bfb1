/**
 * The paths of filters (RFC 4661 §5), as far as presence documents need them: `/` and `//`, names with declared prefixes, `*`, conditions that compare an attribute or a child with a text and may
 * be joined by `or`, and at the end perhaps an attribute. A name without a prefix is one of PIDF.
 * Omitted: functions, positions, `and`, other comparisons.
 */
import type { XmlElement } from '#protocol/xml/read.ts';
import { PIDF } from './diff-document.ts';

interface Condition {
  readonly attribute?: string;
  readonly child?: Name;
  readonly value: string;
}

interface Name {
  readonly namespace: string;
  readonly name: string;
}

interface Step extends Name {
  /** Anywhere below, not only a child. */
  readonly isDeep: boolean;
  /** Groups that all have to hold; of each, one condition has to. */
  readonly conditions: readonly (readonly Condition[])[];
}

export interface Path {
  readonly text: string;
  readonly steps: readonly Step[];
  readonly attribute?: string;
}

/** Longest path taken, in characters. */
const LONGEST = 300;
const PIECE = /^(\/\/?)(@?)(?:([\w.-]+):)?([\w.-]+|\*)((?:\[[^\]]*\])*)/;
const CONDITION = /^\s*(@?)(?:([\w.-]+):)?([\w.-]+)\s*=\s*(["'])(.*?)\4\s*$/;

/** The path, or what is wrong with it: a sentence. */
export function parsePath(given: string, prefixes: ReadonlyMap<string, string>): Path | string {
  const text = given.trim();
  if (text.length > LONGEST) return `A path is longer than ${LONGEST} characters.`;
  const named = (prefix: string | undefined, name: string): Name | undefined => {
    const namespace = prefix === undefined ? PIDF : prefixes.get(prefix);
    return namespace === undefined ? undefined : { namespace, name };
  };
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const [piece = '', slashes = '', at = '', prefix, name = '', brackets = ''] = PIECE.exec(rest) ?? [];
    if (piece === '') return `The path ${text} is not one that is understood here.`;
    rest = rest.slice(piece.length);
    if (at !== '')
      return rest === '' && brackets === '' && steps.length > 0 && slashes === '/'
        ? { text, steps, attribute: name }
        : `The path ${text} goes on behind an attribute.`;
    const found = named(prefix, name);
    if (found === undefined) return `The prefix ${prefix ?? ''} of the path ${text} is not bound.`;
    const conditions: Condition[][] = [];
    for (const [, inner = ''] of brackets.matchAll(/\[([^\]]*)\]/g)) {
      const group: Condition[] = [];
      for (const one of inner.split(/\sor\s/)) {
        const [, isAttribute = '', childPrefix, childName, , value = ''] = CONDITION.exec(one) ?? [];
        const child = childName === undefined || isAttribute !== '' ? undefined : named(childPrefix, childName);
        if (childName === undefined || (isAttribute === '' && child === undefined)) return `The condition [${inner}] is not one that is understood here.`;
        group.push(child === undefined ? { attribute: childName, value } : { child, value });
      }
      conditions.push(group);
    }
    steps.push({ ...found, isDeep: slashes === '//', conditions });
  }
  return steps.length === 0 ? 'A path is empty.' : { text, steps };
}

const isNamed = ({ namespace, name }: Name, element: XmlElement): boolean => name === '*' || (element.name === name && element.namespace === namespace);

function holds({ attribute, child, value }: Condition, element: XmlElement): boolean {
  if (attribute !== undefined) return element.attributes.get(attribute) === value;
  return element.children.some((each) => child !== undefined && isNamed(child, each) && each.text.trim() === value);
}

/** The elements of the document that the path names; of a path to an attribute, those that have it. */
export function select({ steps, attribute }: Path, root: XmlElement): readonly XmlElement[] {
  let found: XmlElement[] | undefined;
  for (const step of steps) {
    const next = new Set<XmlElement>();
    const visit = (element: XmlElement): void => {
      if (isNamed(step, element) && step.conditions.every((group) => group.some((one) => holds(one, element)))) next.add(element);
      if (step.isDeep) element.children.forEach(visit);
    };
    if (found === undefined) visit(root);
    else for (const { children } of found) children.forEach(visit);
    found = [...next];
  }
  return (found ?? []).filter((element) => attribute === undefined || element.attributes.has(attribute));
}
