/** Ladders of list subscriptions (TS 24.141, list subscription: not read; RFC 4662 §6 for who asks whom). Roles, not names. Never used to make a message. */

/** Along these roles with a request, and back with its answer. */
export function thereAndBack(roles: readonly string[], request: string, answer: string): string[] {
  const hops = roles.slice(1).map((role, i) => [roles[i] ?? '', role] as const);
  return [...hops.map(([from, to]) => `${from} > ${to}: ${request}`), ...hops.toReversed().map(([from, to]) => `${to} > ${from}: ${answer}`)];
}

const OWN_PATH = ['ue1', 'pcscf1', 'scscf1', 'rls1'];

/** The watcher to the server of his own list: the filter criteria lead there, and in the dialog the route set. */
export const ownList = (answer = '200 OK'): string[] => thereAndBack(OWN_PATH, 'SUBSCRIBE', `${answer} (SUBSCRIBE)`);
export const OWN_LIST_NOTIFICATION: string[] = thereAndBack(OWN_PATH.toReversed(), 'NOTIFY', '200 OK (NOTIFY)');

/** The list server asks for a member (as an originating application server), who is not registered: the profile comes from the HSS. */
export const memberOf = (server: 'rls1' | 'rls2', isRegistered: boolean, answer = '200 OK'): string[] => {
  const ends = server === 'rls1' ? ['rls1', 'scscf1', 'icscf2'] : ['rls2', 'icscf2'];
  const path = thereAndBack([...ends, 'scscf2', 'ps'], 'SUBSCRIBE', `${answer} (SUBSCRIBE)`);
  const entry = path.indexOf('icscf2 > scscf2: SUBSCRIBE');
  const profile = isRegistered ? [] : ['scscf2 > hss2: SAR', 'hss2 > scscf2: SAA'];
  return [...path.slice(0, entry), 'icscf2 > hss2: LIR', 'hss2 > icscf2: LIA', 'icscf2 > scscf2: SUBSCRIBE', ...profile, ...path.slice(entry + 1)];
};

/** The entry of the member's network refuses. */
export const memberRefused = (answer: string): string[] => [
  ...memberOf('rls1', true).slice(0, 4),
  `icscf2 > scscf1: ${answer} (SUBSCRIBE)`,
  `scscf1 > rls1: ${answer} (SUBSCRIBE)`,
];

/** What a member's server says, and what the list server says to it in the dialog. */
export const memberNotification = (server: 'rls1' | 'rls2'): string[] =>
  thereAndBack(server === 'rls1' ? ['ps', 'scscf1', 'rls1'] : ['ps', 'rls2'], 'NOTIFY', '200 OK (NOTIFY)');
export const memberInDialog = (server: 'rls1' | 'rls2'): string[] =>
  thereAndBack(server === 'rls1' ? ['rls1', 'scscf1', 'ps'] : ['rls2', 'ps'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)');

/** The own list of one who is registered and others who are not begins: the watcher is told at once who is on it, and of all together once they have been asked. */
export const ownListBegins = (): string[][] => [ownList(), OWN_LIST_NOTIFICATION, OWN_LIST_NOTIFICATION, memberOf('rls1', true), memberOf('rls1', false)];
/** The list server is told of so many of its members. */
export const membersNotify = (many: number): string[][] => Array.from({ length: many }, () => memberNotification('rls1'));
/** It ends what it has with so many of its members. */
export const membersEnd = (many: number): string[][] => Array.from({ length: many }, () => [memberInDialog('rls1'), memberNotification('rls1')]).flat();
/** The watcher ends it. */
export const ownListEnds = (members: number): string[][] => [ownList(), OWN_LIST_NOTIFICATION, ...membersEnd(members)];

/** A list of the other network: the HSS names its server, and nobody of that network stays on the way (TS 23.228 §5.4.12.2). */
export const LIST_ELSEWHERE: string[] = (() => {
  const path = thereAndBack(['ue1', 'pcscf1', 'scscf1', 'icscf2', 'rls2'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)');
  return [...path.slice(0, 3), 'icscf2 > hss2: LIR', 'hss2 > icscf2: LIA', ...path.slice(3)];
})();
export const LIST_ELSEWHERE_NOTIFICATION: string[] = thereAndBack(['rls2', 'scscf1', 'pcscf1', 'ue1'], 'NOTIFY', '200 OK (NOTIFY)');
export const LIST_ELSEWHERE_IN_DIALOG: string[] = thereAndBack(['ue1', 'pcscf1', 'scscf1', 'rls2'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)');
