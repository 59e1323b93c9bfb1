/**
 * The directory of telephone numbers (ENUM, RFC 6116): an operator's own server, beside the name server of the watcher's home network, which asks it for
 * everything below e164.arpa. It lists the numbers of the plan's users. The `numbers` of a scenario say how it lists that of the presentity.
 */
import { createKeyedChance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { DnsServer } from '#ims/dns-server/dns-server.ts';
import { NUMBER_TREE, numberDomain } from '#protocol/dns/enum.ts';
import type { DnsRecord } from '#protocol/dns/record.ts';
import type { ZoneFile } from '#protocol/dns/zone.ts';
import type { NetworkPlan, PlannedEntity, PlannedUser } from './plan.ts';

/** One hour: numbers move. Seconds. */
const TTL = 3600;

interface Listed {
  readonly number: string;
  readonly address: string;
}

/** A user's number and the address that it stands for. */
function listed({ publicIdentities }: PlannedUser): readonly Listed[] {
  const address = publicIdentities.find((identity) => identity.startsWith('sip:'));
  const tel = publicIdentities.find((identity) => identity.startsWith('tel:+'));
  return address === undefined || tel === undefined ? [] : [{ number: tel.slice(4), address }];
}

const rule = (name: string, fields: Partial<Extract<DnsRecord, { type: 'NAPTR' }>>): DnsRecord => ({
  name,
  ttl: TTL,
  type: 'NAPTR',
  order: 100,
  preference: 10,
  flags: 'u',
  service: 'E2U+sip',
  regexp: '',
  replacement: '',
  ...fields,
});
const plain = (name: string, address: string): DnsRecord => rule(name, { regexp: `!^.*$!${address}!` });
const handedOn = (name: string, replacement: string): DnsRecord => rule(name, { flags: '', service: '', replacement });

/** Where home2 keeps what the directory leaves to it. */
const ownName = (plan: NetworkPlan, number: string): string => numberDomain(number).replace(NUMBER_TREE, `numbers.${plan.domains.home2}`);

/** The number of the presentity as the scenario wants it listed. */
function presentityRecords(plan: NetworkPlan, { number, address }: Listed): readonly DnsRecord[] {
  const name = numberDomain(number);
  const [user, domain] = address.slice('sip:'.length).split('@') as [string, string];
  switch (plan.options.dns?.numbers ?? 'plain') {
    case 'plain':
      // A telephone line comes first and is of no use to a watcher.
      return [rule(name, { preference: 5, service: 'E2U+voice:tel', regexp: `!^.*$!tel:${number}!` }), plain(name, address)];
    case 'pattern':
      return [rule(name, { regexp: patternOf(number, user, domain) })];
    case 'pres':
      return [rule(name, { service: 'E2U+pres', regexp: `!^.*$!pres:${user}@${domain}!` }), rule(name, { preference: 20, regexp: `!^.*$!${address}!` })];
    case 'delegated':
      return [handedOn(name, ownName(plan, number))];
    case 'circle':
      return [handedOn(name, `a.${NUMBER_TREE}`), handedOn(`a.${NUMBER_TREE}`, `b.${NUMBER_TREE}`), handedOn(`b.${NUMBER_TREE}`, `a.${NUMBER_TREE}`)];
  }
}

/**
 * One rule that could serve a whole block of numbers: digits of the user part are taken from the number itself, by groups and back references. Another
 * delimiter than the usual one shows that any will do.
 */
function patternOf(number: string, user: string, domain: string): string {
  const digits: readonly string[] = number.match(/\d/g) ?? [];
  const places = [...new Set<string>(user.match(/\d/g) ?? [])].map((digit) => digits.indexOf(digit)).filter((place) => place >= 0 && place < 9);
  const taken = places.sort((a, b) => a - b).slice(0, 9);
  const expression = digits.map((_digit, place) => (taken.includes(place) ? '(.)' : '.')).join('');
  const replacement = user.replace(/\d/g, (digit) => {
    const group = taken.indexOf(digits.indexOf(digit));
    return group < 0 ? digit : `\\${group + 1}`;
  });
  return `/^\\+${expression}$/sip:${replacement}@${domain}/`;
}

/** What home2 itself says of its numbers, when the directory leaves that to it. */
export function ownNumberRecords(plan: NetworkPlan): readonly DnsRecord[] {
  if (plan.options.dns?.numbers !== 'delegated') return [];
  return plan.users
    .filter((user) => user.role === 'ue2')
    .flatMap(listed)
    .map(({ number, address }) => plain(ownName(plan, number), address));
}

/** The tree of numbers. */
export function numberZone(plan: NetworkPlan): ZoneFile {
  const records = plan.users.flatMap((user) =>
    listed(user).flatMap((one) => (user.role === 'ue2' ? presentityRecords(plan, one) : [plain(numberDomain(one.number), one.address)])),
  );
  return { origin: NUMBER_TREE, records };
}

/** The server that holds the directory. */
export const buildDirectory = (plan: NetworkPlan, entity: PlannedEntity, seed: number): Machine =>
  new DnsServer({ host: entity.id, address: entity.address, zones: [numberZone(plan)], partners: [] }, createKeyedChance(seed, entity.id));

/** Whom the name server of a network asks for numbers: the directory, where there is one. */
export function directoryPartner(plan: NetworkPlan, own: PlannedEntity): readonly { readonly origin: string; readonly server: string }[] {
  const directory = plan.entities.get('enum1');
  return directory === undefined || own.networkRole !== directory.networkRole ? [] : [{ origin: NUMBER_TREE, server: directory.address }];
}
