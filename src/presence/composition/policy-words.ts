/** A composition policy as people read it: what is asked, and what holds. */
import { KIND_WORDS } from './compose-by-policy.ts';
import { NAMES } from './merge.ts';
import { ATTRIBUTES, type AttributeRule, type CompositionPolicy, SOURCE_KINDS } from './policy.ts';

const CONFLICTS: Readonly<Record<CompositionPolicy['conflict'], string>> = {
  latest: 'the one published last counts',
  precedence: 'the one of the source that counts most does; of equals the one published last',
  apart: 'all are told, and the watcher judges',
};
const RULES: Readonly<Record<AttributeRule, string>> = {
  winner: 'from the element that counts',
  latest: 'from whoever said something of it last',
  precedence: 'from the source that counts most',
  union: 'joined from all',
};

/** Rows of question and answer. */
export function policyInWords(policy: CompositionPolicy): readonly (readonly [string, string])[] {
  const { precedence, closes, staleAfter, services, persons, devices, conflict, attributes, unknown } = policy;
  const ignored = SOURCE_KINDS.filter((kind) => !precedence.includes(kind));
  const named = ATTRIBUTES.filter((name) => attributes[name] !== undefined && attributes[name] !== 'winner');
  return [
    [
      'Who counts',
      `${precedence.map((kind) => KIND_WORDS[kind]).join(', then ')}${ignored.length === 0 ? '' : `; not ${ignored.map((kind) => KIND_WORDS[kind]).join(', nor ')}`}`,
    ],
    ['The same service', services === 'id' ? 'has the same id' : 'has the same id or address'],
    ['The same person', persons === 'id' ? 'has the same id' : 'is every person: there is one presentity'],
    ['The same device', devices === 'id' ? 'has the same id' : 'has the same id or device ID'],
    ['Of those that are the same', CONFLICTS[conflict]],
    ...named.map((name): [string, string] => [`Their ${NAMES[name]}`, RULES[attributes[name] ?? 'winner']]),
    ...(closes.length === 0
      ? []
      : [['Who closes a service', `${closes.map((kind) => KIND_WORDS[kind]).join(', ')}, whatever others say of that address`] as [string, string]]),
    ...SOURCE_KINDS.flatMap((kind) =>
      staleAfter[kind] === undefined ? [] : [[`What ${KIND_WORDS[kind]} says`, `is taken for ${staleAfter[kind]} s`] as [string, string]],
    ),
    ['What is not understood', unknown === 'pass' ? 'is passed on as it is' : 'is left out'],
  ];
}
