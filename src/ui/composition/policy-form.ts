/** The fields of the form for a composition policy, and the policy that they make. Members that the form has no field for stay as they are. */
import { isObject, type Json } from '#base/machine.ts';
import type { PolicyText } from '#store/policy-act.ts';

export interface PolicyFields {
  /** Kinds of sources, joined by spaces. */
  readonly precedence: string;
  readonly conflict: string;
  readonly services: string;
  readonly persons: string;
  readonly activities: string;
  readonly networkCloses: boolean;
  readonly passesUnknown: boolean;
  /** Seconds, or nothing. */
  readonly staleAfter: string;
}

export const USUAL_ORDER = 'user network-agent external-agent';
type Option = readonly [value: string, words: string];

export const ORDERS: readonly Option[] = [
  [USUAL_ORDER, 'The user, then the network, then agents outside'],
  ['user external-agent network-agent', 'The user, then agents outside, then the network'],
  ['network-agent user external-agent', 'The network, then the user, then agents outside'],
  ['external-agent user network-agent', 'Agents outside, then the user, then the network'],
  ['user', 'The user only'],
  ['user network-agent', 'The user, then the network; nobody outside'],
];
export const CONFLICTS: readonly Option[] = [
  ['latest', 'What was published last is told'],
  ['precedence', 'What comes from the source that counts most is told'],
  ['apart', 'All are told, and the watcher judges'],
];
export const SERVICES: readonly Option[] = [
  ['id', 'They have the same id'],
  ['uri', 'They have the same id or the same address'],
];
export const PERSONS: readonly Option[] = [
  ['id', 'They have the same id'],
  ['all', 'Always: there is one presentity'],
];
export const ACTIVITIES: readonly Option[] = [
  ['winner', 'Of the person that is told'],
  ['union', 'Joined from all sources'],
  ['precedence', 'From the source that counts most'],
  ['latest', 'From whoever said something last'],
];

const textOf = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const objectOf = (value: Json | undefined): PolicyText => (isObject(value) ? value : {});

export function fieldsOf(policy: PolicyText): PolicyFields {
  const order = listOf(policy['precedence'])
    .map((kind) => textOf(kind, ''))
    .join(' ');
  const stale = objectOf(policy['staleAfter'])['external-agent'];
  return {
    precedence: order === '' ? USUAL_ORDER : order,
    conflict: textOf(policy['conflict'], 'latest'),
    services: textOf(policy['services'], 'id'),
    persons: textOf(policy['persons'], 'id'),
    activities: textOf(objectOf(policy['attributes'])['activities'], 'winner'),
    networkCloses: listOf(policy['closes']).includes('network-agent'),
    passesUnknown: policy['unknown'] === 'pass',
    staleAfter: typeof stale === 'number' ? String(stale) : '',
  };
}

/** The policy with what the fields say. */
export function withFields(policy: PolicyText, fields: PolicyFields): PolicyText {
  const { 'external-agent': _stale, ...stale } = objectOf(policy['staleAfter']);
  const others = listOf(policy['closes']).filter((kind) => kind !== 'network-agent');
  return {
    ...policy,
    precedence: fields.precedence.split(' '),
    conflict: fields.conflict,
    services: fields.services,
    persons: fields.persons,
    attributes: { ...objectOf(policy['attributes']), activities: fields.activities },
    closes: fields.networkCloses ? [...others, 'network-agent'] : others,
    unknown: fields.passesUnknown ? 'pass' : 'drop',
    staleAfter: fields.staleAfter.trim() === '' ? stale : { ...stale, 'external-agent': Number(fields.staleAfter) },
  };
}

/** What is wrong with a field: a sentence. */
export function faultOf({ staleAfter }: PolicyFields): string | undefined {
  const text = staleAfter.trim();
  return text === '' || (/^\d{1,8}$/.test(text) && Number(text) >= 1 && Number(text) <= 31_536_000)
    ? undefined
    : 'Whole seconds, from 1 to a year, or nothing.';
}

/** Whether the two say the same to the server. */
export const isSame = (a: PolicyFields, b: PolicyFields): boolean =>
  JSON.stringify({ ...a, staleAfter: a.staleAfter.trim() }) === JSON.stringify({ ...b, staleAfter: b.staleAfter.trim() });
