/** The door of the network and the way to services: security associations, filter criteria. */
import { parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { parseParameterized } from '#protocol/sip/values.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { readPushProfileRequest } from '#protocol/diameter/cx-push.ts';
import { readServerAssignmentAnswer } from '#protocol/diameter/cx.ts';
import { parseUserData, type InitialFilterCriterion, type ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import { type Evidence, finalArrival, isSuccess } from './evidence.ts';
import type { Rule } from './finding.ts';
import { groupedInto, latestOf } from './lookup.ts';
import { rule } from './report.ts';

const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));

const pathOf = (ue: string, proxy: string, port: number): string => `${ue} ${proxy} ${port}`;

/** From when each UE was registered without a security agreement, and from which port: its address is what it is known by (TS 33.203 §N.2.1.2). */
function agreements({ transactions, entities }: Evidence): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  for (const one of transactions) {
    const { request, client, server } = one;
    if (request.method !== 'REGISTER' || entities.get(client)?.kind !== 'ue' || request.message.headers.has('Security-Client')) continue;
    const final = finalArrival(one);
    const path = pathOf(client, server, portOf(request.record.src));
    if (final !== undefined && isSuccess(final.response)) since.set(path, Math.min(since.get(path) ?? Infinity, final.at));
  }
  return since;
}

/** When each P-CSCF first offered which protected server port to which UE. */
function offers({ sip, entities }: Evidence): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  for (const { record, message } of sip) {
    if (entities.get(record.to)?.kind !== 'ue') continue;
    for (const one of parseSecurityMechanisms(message.headers.values('Security-Server')) ?? []) {
      if (!('portS' in one)) continue;
      const path = pathOf(record.to, record.from, one.portS);
      since.set(path, Math.min(since.get(path) ?? Infinity, record.sentAt));
    }
  }
  return since;
}

export const PROTECTED = rule(
  'security-association',
  'Nothing but REGISTER is taken outside a security association: it is not forwarded.',
  'TS 33.203 §7.1',
  (evidence, blame) => {
    const known = offers(evidence);
    const plain = agreements(evidence);
    for (const { request, client, server, children } of evidence.transactions) {
      const { transport, dst, src, sentAt } = request.record;
      if (evidence.entities.get(client)?.kind !== 'ue' || request.method === 'REGISTER' || transport === 'ws') continue;
      const covered =
        (known.get(pathOf(client, server, portOf(dst))) ?? Infinity) < sentAt || (plain.get(pathOf(client, server, portOf(src))) ?? Infinity) <= sentAt;
      if (!covered)
        for (const child of children) blame(child.request, `is forwarded although it came to port ${portOf(dst)}, outside any security association`);
    }
  },
);

/** Can this trigger be met by a SUBSCRIBE for presence that terminates at the user? Request-URI and bodies are left open: yes. */
function mayBeMet(trigger: ServicePointTrigger, event: string): boolean {
  switch (trigger.kind) {
    case 'method':
      return (trigger.method === 'SUBSCRIBE') !== trigger.negated;
    case 'session-case':
      return (trigger.sessionCase === 1) !== trigger.negated;
    case 'header':
      if (trigger.header.name.toLowerCase() !== 'event') return trigger.negated;
      return new RegExp(trigger.header.content ?? '').test(event) !== trigger.negated;
    default:
      return false;
  }
}

function meets({ triggerPoint, profilePart }: InitialFilterCriterion, event: string): boolean {
  if (profilePart === 1) return false;
  if (triggerPoint === undefined) return true;
  const groups = [...new Set(triggerPoint.spts.flatMap(({ groups: of }) => of))];
  const met = (group: number): boolean[] => triggerPoint.spts.filter((spt) => spt.groups.includes(group)).map((spt) => mayBeMet(spt, event));
  return triggerPoint.cnf ? groups.every((group) => met(group).includes(true)) : groups.some((group) => !met(group).includes(false));
}

export const NOT_TO_THE_UE = rule(
  'service-before-ue',
  'A SUBSCRIBE for which the profile names an application server is never offered to the UE.',
  'TS 23.218 §6.5.2',
  (evidence, blame) => {
    const profiles: { readonly key: string; readonly at: number; readonly criteria: readonly InitialFilterCriterion[] }[] = [];
    for (const { protocol, label, bytes, to, arrivedAt } of evidence.messages) {
      if (protocol !== 'Diameter' || (label !== 'SAA' && label !== 'PPR') || arrivedAt === undefined) continue;
      const message = parseDiameterMessage(bytes);
      if (message.kind !== 'diameter') continue;
      const told = label === 'SAA' ? readServerAssignmentAnswer(message) : readPushProfileRequest(message);
      if (!('userData' in told) || told.userData === undefined) continue;
      const profile = parseUserData(told.userData);
      if ('kind' in profile) continue;
      for (const identity of new Set(profile.publicIdentities.map((one) => one.identity)))
        profiles.push({ key: `${to} ${identity}`, at: arrivedAt, criteria: profile.filterCriteria });
    }
    const latest = groupedInto(
      profiles,
      ({ key }) => key,
      (told) => latestOf(told, ({ at }) => at),
    );
    for (const { request, server, parent } of evidence.transactions) {
      if (request.method !== 'SUBSCRIBE' || request.toTag !== undefined || parent === undefined || evidence.entities.get(server)?.kind !== 'ue') continue;
      const event = parseParameterized(request.message.headers.get('Event') ?? '')?.value ?? '';
      for (let hop: typeof parent | undefined = parent; hop !== undefined; hop = hop.parent) {
        const { client, request: earlier } = hop;
        if (evidence.entities.get(client)?.kind !== 's-cscf') continue;
        const target = hop.parent?.request.message.uri ?? '';
        const profile = latest.get(`${client} ${target}`)?.(earlier.record.sentAt);
        // A server that failed, or that stands nowhere, may be passed over, unless its criterion says that nothing goes on without it (TS 23.218 §6.4.1).
        const tried = hop.parent?.children.some((other) => other !== hop && other.client === client) === true;
        const isPassedBy = ({ applicationServer: { serverName, defaultHandling } }: InitialFilterCriterion): boolean =>
          defaultHandling !== 1 && (tried || !evidence.entities.has(hostOf(serverName) ?? ''));
        if (profile?.criteria.some((one) => meets(one, event) && !isPassedBy(one)) === true)
          blame(request, 'reaches the UE, although the profile names an application server for it');
      }
    }
  },
);

export const ACCESS_RULES: readonly Rule[] = [PROTECTED, NOT_TO_THE_UE];
