/**
 * The rules of a presentity (RFC 4745, RFC 5025) as rows of a form. The text of the document is the one truth: rows are read from it, and whoever changes a row rewrites the
 * element of that rule and no other character. A rule that holds more than a row can say is shown, and changed in the text only.
 */
import { formatRule, formatRuleset } from '#presence/authorization/write-ruleset.ts';
import { isRulesError, parseRuleset } from '#presence/authorization/read-ruleset.ts';
import { outweighed } from '#presence/authorization/outweighed.ts';
import {
  ATTRIBUTES,
  type AttributeName,
  type Condition,
  EVERYTHING_SHOWN,
  type Except,
  type Handling,
  type Member,
  NOTHING_SHOWN,
  type Permissions,
  type Rule,
  type UserInputDegree,
} from '#presence/authorization/ruleset.ts';
import { isXmlError, MAX_XML_LENGTH, readXml } from '#protocol/xml/read.ts';
import { appendElement, canonical, removeElement, replaceElement, rootOf } from './element-text.ts';

/** Whom a rule is about. */
export const WHO = ['everybody', 'people', 'domain', 'identified', 'anonymous', 'others'] as const;
export type Who = (typeof WHO)[number];

export interface RuleRow {
  readonly id: string;
  readonly who: Who;
  /** Addresses, between spaces. */
  readonly people: string;
  readonly domain: string;
  /** Of a domain, or of everybody with an identity: addresses and domains, between spaces. */
  readonly except: string;
  readonly sphere: string;
  readonly from: string;
  readonly until: string;
  readonly handling: Handling | '';
  readonly shows: 'nothing' | 'everything' | 'some';
  readonly services: boolean;
  readonly persons: boolean;
  readonly devices: boolean;
  readonly attributes: 'all' | readonly AttributeName[];
  readonly userInput: UserInputDegree;
}

export type ShownRule =
  | { readonly kind: 'row'; readonly row: RuleRow }
  /** More than a row can say. */
  | { readonly kind: 'kept'; readonly id: string };

export interface TextFault {
  readonly kind: 'fault';
  readonly reason: string;
  readonly line: number | undefined;
  /** Nothing is wrong but that somebody has still to be named. */
  readonly isUnfinished?: boolean;
}

export const NEW_ROW: RuleRow = {
  id: '',
  who: 'people',
  people: '',
  domain: '',
  except: '',
  sphere: '',
  from: '',
  until: '',
  handling: 'allow',
  shows: 'everything',
  services: true,
  persons: true,
  devices: true,
  attributes: 'all',
  userInput: 'full',
};

/** What the server would say of the document; undefined: nothing. */
export function faultOfRules(text: string): TextFault | undefined {
  const read = parseRuleset(text);
  if (!isRulesError(read)) return undefined;
  const fault: TextFault = { kind: 'fault', reason: read.reason, line: read.line };
  return read.fault === 'schema' && isUnfinished(text) ? { ...fault, reason: 'Whom the rule is about is still missing.', isUnfinished: true } : fault;
}

/** Whether the server would take it with a name for everybody who has none yet. */
const isUnfinished = (text: string): boolean => !isRulesError(parseRuleset(named(text)));

function named(text: string): string {
  let empty = 0;
  return text.replace(/(<(?:[\w.-]+:)?one id=)""/g, (_, before: string) => `${before}"x${++empty}.invalid"`);
}

const DOES: Readonly<Record<Handling, string>> = { block: 'blocks', confirm: 'asks first', 'polite-block': 'blocks politely', allow: 'allows' };

/** A sentence for each rule that has no effect on subscriptions because another one gives more; also while a rule is being begun. */
export function hintsOfRules(text: string): readonly (string | undefined)[] {
  const read = parseRuleset(text.length > MAX_XML_LENGTH ? text : named(text));
  if (isRulesError(read)) return [];
  return read.rules.map((rule) => {
    const more = outweighed(read, rule);
    if (more?.by.handling === undefined) return undefined;
    const whom = more.only === undefined ? 'Without effect' : `Without effect on ${more.only.join(', ')}`;
    return `${whom}: the rule “${more.by.id}” holds for them too and ${DOES[more.by.handling]}, which counts more. Leave them out there.`;
  });
}

/** What is odd about rules that the server takes, for its verdict: the remarks at the rules say what. */
export function oddityOfRules(text: string): string | undefined {
  const count = hintsOfRules(text).filter((hint) => hint !== undefined).length;
  if (count === 0) return undefined;
  return `The server takes this, but ${count === 1 ? 'one rule is' : `${count} rules are`} without effect on somebody, as the form says.`;
}

/** The rules as rows, or why there can be none. An empty text is a document that is not there yet. */
export function rowsOfRules(text: string): readonly ShownRule[] | TextFault {
  if (text.trim() === '') return [];
  const read = parseRuleset(text);
  if (isRulesError(read)) return { kind: 'fault', reason: read.reason, line: read.line };
  const [root, located] = [readXml(text), rootOf(text)];
  if (isXmlError(root) || located === undefined) return [];
  return read.rules.map((rule, i): ShownRule => {
    const [element, place] = [root.children[i], located.children[i]];
    const row = rowOf(rule);
    const source = place === undefined ? '' : text.slice(place.start, place.end);
    const isWhole = element !== undefined && row !== undefined && !/<!--|<\?|<!\[CDATA/.test(source) && canonical(element) === canonicalRule(ruleOf(row));
    return isWhole ? { kind: 'row', row } : { kind: 'kept', id: rule.id };
  });
}

const canonicalRule = (rule: Rule): string => {
  const root = readXml(formatRuleset({ rules: [rule] }));
  const [only] = isXmlError(root) ? [] : root.children;
  return only === undefined ? '' : canonical(only);
};

export function withRow(text: string, i: number, row: RuleRow): string {
  const root = rootOf(text);
  const element = root?.children[i];
  return root === undefined || element === undefined ? text : replaceElement(text, element, root.scope, formatRule(ruleOf(row)));
}

export function withoutRow(text: string, i: number): string {
  const element = rootOf(text)?.children[i];
  return element === undefined ? text : removeElement(text, element);
}

export function withNewRow(text: string, row: RuleRow): string {
  const rule = ruleOf(row);
  const root = rootOf(text);
  return root === undefined ? formatRuleset({ rules: [rule] }) : appendElement(text, root, formatRule(rule));
}

/** A name that no rule has yet. */
export function freshId(taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`rule-${n}`)) return `rule-${n}`;
}

export const wordsOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

function exceptOf(text: string): readonly Except[] {
  return wordsOf(text).map((word) => (/[:@]/.test(word) ? { id: word } : { domain: word }));
}

export function ruleOf(row: RuleRow): Rule {
  const { id, who, people, domain, except, sphere, from, until, handling } = row;
  const many = (of: string | undefined): Member => ({ kind: 'many', except: exceptOf(except), ...(of === undefined ? {} : { domain: of }) });
  const conditions: Condition[] = [];
  if (who === 'people') {
    const members = wordsOf(people).map((one): Member => ({ kind: 'one', id: one }));
    // Nobody is named yet: the element says so, and the reader objects.
    conditions.push({ kind: 'identity', members: members.length === 0 ? [{ kind: 'one', id: '' }] : members });
  } else if (who === 'domain') conditions.push({ kind: 'identity', members: [many(domain.trim())] });
  else if (who === 'identified') conditions.push({ kind: 'identity', members: [many(undefined)] });
  else if (who === 'anonymous') conditions.push({ kind: 'anonymous-request' });
  else if (who === 'others') conditions.push({ kind: 'other-identity' });
  if (sphere.trim() !== '') conditions.push({ kind: 'sphere', value: sphere.trim() });
  if (from.trim() !== '' || until.trim() !== '') conditions.push({ kind: 'validity', periods: [{ from: from.trim(), until: until.trim() }] });
  return { id, conditions, ...(handling === '' ? {} : { handling }), shows: permissionsOf(row) };
}

function permissionsOf({ shows, services, persons, devices, attributes, userInput }: RuleRow): Permissions {
  if (shows === 'nothing') return NOTHING_SHOWN;
  if (shows === 'everything') return EVERYTHING_SHOWN;
  return {
    services: services ? 'all' : [],
    persons: persons ? 'all' : [],
    devices: devices ? 'all' : [],
    attributes,
    unknown: [],
    userInput: attributes === 'all' ? 'full' : userInput,
  };
}

/** Undefined where no row can say it: what is left over is found by comparing what the row says with what stands there. */
function rowOf({ id, conditions, handling, shows }: Rule): RuleRow | undefined {
  let row: RuleRow = { ...NEW_ROW, id, who: 'everybody', handling: handling ?? '', ...shownOf(shows) };
  for (const condition of conditions) {
    if (condition.kind === 'identity') row = { ...row, ...whoOf(condition.members) };
    else if (condition.kind === 'anonymous-request') row = { ...row, who: 'anonymous' };
    else if (condition.kind === 'other-identity') row = { ...row, who: 'others' };
    else if (condition.kind === 'sphere') row = { ...row, sphere: condition.value };
    else if (condition.kind === 'validity') row = { ...row, from: condition.periods[0]?.from ?? '', until: condition.periods[0]?.until ?? '' };
    else return undefined;
  }
  return row;
}

function whoOf(members: readonly Member[]): Partial<RuleRow> {
  const [first] = members;
  if (first?.kind !== 'many') return { who: 'people', people: members.flatMap((one) => (one.kind === 'one' ? one.id : [])).join(' ') };
  const except = first.except.map(({ id, domain }) => id ?? domain ?? '').join(' ');
  return first.domain === undefined ? { who: 'identified', except } : { who: 'domain', domain: first.domain, except };
}

function shownOf({ services, persons, devices, attributes, userInput }: Permissions): Partial<RuleRow> {
  const all = { services: services === 'all', persons: persons === 'all', devices: devices === 'all', attributes, userInput };
  const isAll = all.services && all.persons && all.devices;
  if (isAll && attributes === 'all') return { shows: 'everything', ...all };
  const isNone = [services, persons, devices].every((each) => each.length === 0) && attributes.length === 0 && userInput === 'false';
  return isNone ? { shows: 'nothing', ...all } : { shows: 'some', ...all };
}

/** Attributes that a class has heard of come first. */
export const COMMON_ATTRIBUTES: readonly AttributeName[] = ['activities', 'note', 'mood', 'place-type', 'sphere'];
export const OTHER_ATTRIBUTES: readonly AttributeName[] = ATTRIBUTES.filter((each) => !COMMON_ATTRIBUTES.includes(each));
