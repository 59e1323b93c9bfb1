/** Rulesets as XML (RFC 4745, RFC 5025), in the order of the schemas: the same rules always give the same text. Omitted: conditions that were not understood cannot be written. */
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';
import { COMMON_POLICY, type Condition, type Member, OMA_POLICY, type Permissions, PRES_RULES, type Rule, type Ruleset, type Selection } from './ruleset.ts';

export function formatRuleset({ rules }: Ruleset): string {
  const usesOma = rules.some(({ conditions }) => conditions.some(({ kind }) => kind === 'anonymous-request' || kind === 'other-identity'));
  return writeXml({ name: 'cr:ruleset', children: rules.map(ruleNode) }, [
    ['cr', COMMON_POLICY],
    ['pr', PRES_RULES],
    ...(usesOma ? [['ocp', OMA_POLICY] as const] : []),
  ]);
}

/** One rule with its namespaces, as a fragment that can be put into a document (RFC 4825 §7.4). */
export function formatRule(rule: Rule): string {
  const whole = formatRuleset({ rules: [rule] });
  const from = whole.indexOf('<cr:rule ');
  // A rule without conditions, actions and transformations is one tag.
  const inner = whole.slice(from, whole.lastIndexOf('</cr:ruleset>')).trimEnd().replaceAll('\n  ', '\n');
  const declared = [...whole.slice(0, from).matchAll(/ xmlns:\w+="[^"]*"/g)].map(([text]) => text).join('');
  return inner.replace('<cr:rule', `<cr:rule${declared}`);
}

function ruleNode({ id, conditions, handling, shows }: Rule): XmlNode {
  const transformations = permissionNodes(shows);
  return {
    name: 'cr:rule',
    attributes: [['id', id]],
    children: [
      ...(conditions.length === 0 ? [] : [{ name: 'cr:conditions', children: conditions.map(conditionNode) }]),
      ...(handling === undefined ? [] : [{ name: 'cr:actions', children: [{ name: 'pr:sub-handling', text: handling }] }]),
      ...(transformations.length === 0 ? [] : [{ name: 'cr:transformations', children: transformations }]),
    ],
  };
}

function conditionNode(condition: Condition): XmlNode {
  switch (condition.kind) {
    case 'identity':
      return { name: 'cr:identity', children: condition.members.map(memberNode) };
    case 'sphere':
      return { name: 'cr:sphere', attributes: [['value', condition.value]] };
    case 'validity':
      return {
        name: 'cr:validity',
        children: condition.periods.flatMap(({ from, until }) => [
          { name: 'cr:from', text: from },
          { name: 'cr:until', text: until },
        ]),
      };
    case 'anonymous-request':
    case 'other-identity':
      return { name: `ocp:${condition.kind}` };
    case 'unknown':
      throw new Error(`the condition ${condition.name} was not understood and cannot be written`);
  }
}

function memberNode(member: Member): XmlNode {
  if (member.kind === 'one') return { name: 'cr:one', attributes: [['id', member.id]] };
  return {
    name: 'cr:many',
    attributes: [['domain', member.domain]],
    children: member.except.map(({ id, domain }) => ({
      name: 'cr:except',
      attributes: [
        ['domain', domain],
        ['id', id],
      ],
    })),
  };
}

function permissionNodes({ services, persons, devices, attributes, unknown, userInput }: Permissions): XmlNode[] {
  return [
    ...selectionNode('services', services),
    ...selectionNode('persons', persons),
    ...selectionNode('devices', devices),
    ...(attributes === 'all' ? [] : attributes.map((name) => ({ name: `pr:provide-${name}`, text: 'true' }))),
    ...(userInput === 'false' || attributes === 'all' ? [] : [{ name: 'pr:provide-user-input', text: userInput }]),
    ...unknown.map(({ namespace, name }) => ({
      name: 'pr:provide-unknown-attribute',
      attributes: [
        ['name', name],
        ['ns', namespace],
      ] as const,
      text: 'true',
    })),
    ...(attributes === 'all' ? [{ name: 'pr:provide-all-attributes' }] : []),
  ];
}

function selectionNode(what: string, selection: Selection): XmlNode[] {
  if (selection !== 'all' && selection.length === 0) return [];
  const children = selection === 'all' ? [{ name: `pr:all-${what}` }] : selection.map(({ kind, value }) => ({ name: `pr:${kind}`, text: value }));
  return [{ name: `pr:provide-${what}`, children }];
}
