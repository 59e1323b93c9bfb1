/**
 * Rulesets read from XML: common policy (RFC 4745) with presence rules (RFC 5025). Strict where the schemas are: a document that breaks them is refused whole, because
 * half of a person's rules could show what the other half hides. Extensions are taken as the schemas take them: a rule with a condition that is not known never holds
 * (RFC 4745 §7), unknown actions and transformations say nothing.
 */
import { childrenNamed, isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { isDateTime } from '../pidf/iso-time.ts';
import {
  ATTRIBUTES,
  type AttributeName,
  COMMON_POLICY,
  type Condition,
  type Except,
  isHandling,
  type Member,
  NOTHING_SHOWN,
  OMA_POLICY,
  type Permissions,
  PRES_RULES,
  type Rule,
  type Ruleset,
  type Selection,
  type Selector,
  type UnknownAttribute,
  USER_INPUT_DEGREES,
  type UserInputDegree,
} from './ruleset.ts';

/** Why a text is no ruleset, and on which line. `well-formed`: it is XML, but breaks the schema. */
export interface RulesError {
  readonly kind: 'rules-error';
  readonly fault: 'not-well-formed' | 'schema';
  readonly reason: string;
  readonly line?: number;
}

export const isRulesError = (value: Ruleset | RulesError): value is RulesError => 'kind' in value;

/** Reads a ruleset of at most 64 KiB. Never throws. */
export function parseRuleset(text: string): Ruleset | RulesError {
  const root = readXml(text);
  if (isXmlError(root)) return { kind: 'rules-error', fault: 'not-well-formed', reason: root.reason, ...(root.line === undefined ? {} : { line: root.line }) };
  try {
    return readRuleset(root);
  } catch (error) {
    if (error instanceof Fault) return { kind: 'rules-error', fault: 'schema', reason: error.message, line: error.line };
    throw error;
  }
}

/** Leaves the reader at the first thing that is wrong; never leaves this file. */
class Fault extends Error {
  readonly line: number;
  constructor(at: XmlElement, message: string) {
    super(message);
    this.line = at.line;
  }
}

const isPolicy = (element: XmlElement, name: string): boolean => element.namespace === COMMON_POLICY && element.name === name;

function required(element: XmlElement, attribute: string): string {
  const value = element.attributes.get(attribute)?.trim();
  if (value === undefined || value === '') throw new Fault(element, `A ${element.name} lacks its ${attribute}.`);
  return value;
}

/** An extension stands in any place of the schema that takes other namespaces; anything else of common policy there is wrong. */
function stray(element: XmlElement, where: string): void {
  if (element.namespace === COMMON_POLICY) throw new Fault(element, `A ${element.name} cannot stand in ${where}.`);
}

function readRuleset(root: XmlElement): Ruleset {
  if (!isPolicy(root, 'ruleset')) throw new Fault(root, `The root element is ${root.name}, not ruleset of common policy.`);
  const ids = new Set<string>();
  const rules = root.children.map((element): Rule => {
    if (!isPolicy(element, 'rule')) throw new Fault(element, `A ${element.name} cannot stand in a ruleset.`);
    const rule = readRule(element);
    // RFC 4745 §6.1: no two rules of a presentity have the same id.
    if (ids.has(rule.id)) throw new Fault(element, `Two rules have the id ${rule.id}.`);
    ids.add(rule.id);
    return rule;
  });
  return { rules };
}

const PARTS = ['conditions', 'actions', 'transformations'];

function readRule(element: XmlElement): Rule {
  const id = required(element, 'id');
  if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id)) throw new Fault(element, `"${id.slice(0, 40)}" is no XML id.`);
  let reached = -1;
  for (const child of element.children) {
    const place = child.namespace === COMMON_POLICY ? PARTS.indexOf(child.name) : -1;
    if (place < 0) throw new Fault(child, `A ${child.name} cannot stand in a rule.`);
    if (place <= reached) throw new Fault(child, `In the rule ${id} the ${child.name} do not stand in their place.`);
    reached = place;
  }
  const part = (name: string): readonly XmlElement[] => childrenNamed(element, COMMON_POLICY, name)[0]?.children ?? [];
  const given = childrenNamed(element, COMMON_POLICY, 'conditions');
  if (given[0]?.children.length === 0) throw new Fault(given[0], `The conditions of the rule ${id} are empty.`);
  const handling = handlingIn(part('actions'));
  return {
    id,
    conditions: part('conditions').map(readCondition),
    ...(handling === undefined ? {} : { handling }),
    shows: readPermissions(part('transformations')),
  };
}

function handlingIn(actions: readonly XmlElement[]): Rule['handling'] {
  for (const element of actions) {
    stray(element, 'actions');
    if (element.namespace !== PRES_RULES) continue;
    const text = element.text.trim();
    if (element.name !== 'sub-handling') throw new Fault(element, `A ${element.name} is no action of presence rules.`);
    if (!isHandling(text)) throw new Fault(element, `The sub-handling "${text.slice(0, 40)}" is none of block, confirm, polite-block and allow.`);
    return text;
  }
  return undefined;
}

function readCondition(element: XmlElement): Condition {
  if (element.namespace === OMA_POLICY && (element.name === 'anonymous-request' || element.name === 'other-identity')) return { kind: element.name };
  if (element.namespace !== COMMON_POLICY) return { kind: 'unknown', name: element.name };
  switch (element.name) {
    case 'identity': {
      if (element.children.length === 0) throw new Fault(element, 'An identity names nobody.');
      return { kind: 'identity', members: element.children.flatMap(readMember) };
    }
    case 'sphere':
      return { kind: 'sphere', value: required(element, 'value') };
    case 'validity': {
      const texts = element.children.map((child, i) => {
        if (!isPolicy(child, i % 2 === 0 ? 'from' : 'until')) throw new Fault(child, 'A validity is a row of pairs of from and until.');
        const text = child.text.trim();
        if (!isDateTime(text)) throw new Fault(child, `"${text.slice(0, 40)}" is not a date and time with a zone.`);
        return text;
      });
      if (texts.length === 0 || texts.length % 2 === 1) throw new Fault(element, 'A validity is a row of pairs of from and until.');
      const periods = texts.flatMap((from, i) => (i % 2 === 0 ? [{ from, until: texts[i + 1] ?? from }] : []));
      return { kind: 'validity', periods };
    }
    default:
      throw new Fault(element, `A ${element.name} is no condition of common policy.`);
  }
}

/** Members of other namespaces name nobody that is known here. */
function readMember(element: XmlElement): Member[] {
  if (isPolicy(element, 'one')) return [{ kind: 'one', id: required(element, 'id') }];
  if (!isPolicy(element, 'many')) {
    stray(element, 'an identity');
    return [];
  }
  const domain = element.attributes.get('domain')?.trim();
  const except = element.children.flatMap((child): Except[] => {
    if (!isPolicy(child, 'except')) {
      stray(child, 'many');
      return [];
    }
    const [id, of] = [child.attributes.get('id')?.trim(), child.attributes.get('domain')?.trim()];
    return [{ ...(id === undefined ? {} : { id }), ...(of === undefined ? {} : { domain: of }) }];
  });
  return [{ kind: 'many', ...(domain === undefined ? {} : { domain }), except }];
}

function readPermissions(transformations: readonly XmlElement[]): Permissions {
  let shows = NOTHING_SHOWN;
  for (const element of transformations) {
    stray(element, 'transformations');
    if (element.namespace === PRES_RULES) shows = { ...shows, ...readPermission(element, shows) };
  }
  return shows;
}

const SELECTORS = {
  'provide-services': ['all-services', 'service-uri', 'service-uri-scheme', 'occurrence-id', 'class'],
  'provide-persons': ['all-persons', 'occurrence-id', 'class'],
  'provide-devices': ['all-devices', 'deviceID', 'occurrence-id', 'class'],
} as const;

function readPermission(element: XmlElement, sofar: Permissions): Partial<Permissions> {
  const { name } = element;
  switch (name) {
    case 'provide-services':
      return { services: readSelection(element, SELECTORS[name]) };
    case 'provide-persons':
      return { persons: readSelection(element, SELECTORS[name]) };
    case 'provide-devices':
      return { devices: readSelection(element, SELECTORS[name]) };
    case 'provide-all-attributes':
      return { attributes: 'all', userInput: 'full' };
    case 'provide-user-input': {
      const degree = element.text.trim();
      if (!isDegree(degree)) throw new Fault(element, `"${degree.slice(0, 40)}" is none of false, bare, thresholds and full.`);
      return sofar.attributes === 'all' ? {} : { userInput: degree };
    }
    case 'provide-unknown-attribute': {
      const unknown: UnknownAttribute = { namespace: required(element, 'ns'), name: required(element, 'name') };
      return readBoolean(element) ? { unknown: [...sofar.unknown, unknown] } : {};
    }
    default: {
      const attribute = ATTRIBUTES.find((each) => name === `provide-${each}`);
      if (attribute === undefined) throw new Fault(element, `A ${name} is no transformation of presence rules.`);
      return readBoolean(element) ? { attributes: withAttribute(sofar.attributes, attribute) } : {};
    }
  }
}

const isDegree = (text: string): text is UserInputDegree => (USER_INPUT_DEGREES as readonly string[]).includes(text);

const withAttribute = (sofar: Permissions['attributes'], name: AttributeName): Permissions['attributes'] => (sofar === 'all' ? sofar : [...sofar, name]);

function readBoolean(element: XmlElement): boolean {
  const text = element.text.trim();
  if (!/^(true|false|0|1)$/.test(text)) throw new Fault(element, `The ${element.name} is "${text.slice(0, 40)}", neither true nor false.`);
  return text === 'true' || text === '1';
}

function readSelection(element: XmlElement, names: readonly string[]): Selection {
  const [all = ''] = names;
  const selectors: Selector[] = [];
  for (const child of element.children) {
    // Other namespaces select nothing that is known here.
    if (child.namespace !== PRES_RULES) continue;
    if (!names.includes(child.name)) throw new Fault(child, `A ${child.name} cannot stand in ${element.name}.`);
    if (child.name === all) {
      if (element.children.length > 1) throw new Fault(child, `Beside ${all} nothing else can stand.`);
      return 'all';
    }
    selectors.push({ kind: child.name as Selector['kind'], value: child.text.trim() });
  }
  return selectors;
}
