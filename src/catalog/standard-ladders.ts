/**
 * The ladders that the standards give, as data to hold runs against (spec/presence-flows.md sections 2.4 to 2.8, 3.1). Roles, not names.
 * Never used to make a message.
 */

/** TS 24.141 A.3.2.1, messages 1 to 14; with another answer where the presence server refuses. */
export function subscription(answer: string): string[] {
  return [
    ...SUBSCRIPTION.slice(0, 7),
    `ps > scscf2: ${answer} (SUBSCRIBE)`,
    `scscf2 > icscf2: ${answer} (SUBSCRIBE)`,
    `icscf2 > scscf1: ${answer} (SUBSCRIBE)`,
    `scscf1 > pcscf1: ${answer} (SUBSCRIBE)`,
    `pcscf1 > ue1: ${answer} (SUBSCRIBE)`,
  ];
}

export const SUBSCRIPTION: string[] = [
  'ue1 > pcscf1: SUBSCRIBE',
  'pcscf1 > scscf1: SUBSCRIBE',
  'scscf1 > icscf2: SUBSCRIBE',
  'icscf2 > hss2: LIR',
  'hss2 > icscf2: LIA',
  'icscf2 > scscf2: SUBSCRIBE',
  'scscf2 > ps: SUBSCRIBE',
  'ps > scscf2: 200 OK (SUBSCRIBE)',
  'scscf2 > icscf2: 200 OK (SUBSCRIBE)',
  'icscf2 > scscf1: 200 OK (SUBSCRIBE)',
  'scscf1 > pcscf1: 200 OK (SUBSCRIBE)',
  'pcscf1 > ue1: 200 OK (SUBSCRIBE)',
];

/** TS 24.141 A.5.2.1: past everybody who did not record the SUBSCRIBE. */
export const NOTIFICATION: string[] = [
  'ps > scscf1: NOTIFY',
  'scscf1 > pcscf1: NOTIFY',
  'pcscf1 > ue1: NOTIFY',
  'ue1 > pcscf1: 200 OK (NOTIFY)',
  'pcscf1 > scscf1: 200 OK (NOTIFY)',
  'scscf1 > ps: 200 OK (NOTIFY)',
];

/** A SUBSCRIBE in the dialog that the presence server refuses. */
export function inDialogSubscribe(answer: string): string[] {
  return [...IN_DIALOG_SUBSCRIBE.slice(0, 3), ...IN_DIALOG_SUBSCRIBE.slice(3).map((line) => line.replace('200 OK', answer))];
}

/** A SUBSCRIBE in the dialog: along the route set, past the presentity's CSCFs (RFC 6665 §4.1.2.2, §4.1.2.3). */
export const IN_DIALOG_SUBSCRIBE: string[] = [
  'ue1 > pcscf1: SUBSCRIBE',
  'pcscf1 > scscf1: SUBSCRIBE',
  'scscf1 > ps: SUBSCRIBE',
  'ps > scscf1: 200 OK (SUBSCRIBE)',
  'scscf1 > pcscf1: 200 OK (SUBSCRIBE)',
  'pcscf1 > ue1: 200 OK (SUBSCRIBE)',
];

/** TS 24.141 A.4.2.1; with another answer where the server refuses. */
export function publication(answer: string): string[] {
  return [
    'ue2 > pcscf2: PUBLISH',
    'pcscf2 > scscf2: PUBLISH',
    'scscf2 > ps: PUBLISH',
    `ps > scscf2: ${answer}`,
    `scscf2 > pcscf2: ${answer}`,
    `pcscf2 > ue2: ${answer}`,
  ];
}

export const PUBLICATION: string[] = publication('200 OK (PUBLISH)');

/** TS 23.228 §5.2.2.3 and TS 33.203 §6.1.1: REGISTER with its challenge, for user 1 (roaming). */
export const REGISTRATION: string[] = [
  'ue1 > pcscf1: REGISTER',
  'pcscf1 > icscf1: REGISTER',
  'icscf1 > hss1: UAR',
  'hss1 > icscf1: UAA',
  'icscf1 > scscf1: REGISTER',
  'scscf1 > hss1: MAR',
  'hss1 > scscf1: MAA',
  'scscf1 > icscf1: 401 Unauthorized (REGISTER)',
  'icscf1 > pcscf1: 401 Unauthorized (REGISTER)',
  'pcscf1 > ue1: 401 Unauthorized (REGISTER)',
  'ue1 > pcscf1: REGISTER',
  'pcscf1 > icscf1: REGISTER',
  'icscf1 > hss1: UAR',
  'hss1 > icscf1: UAA',
  'icscf1 > scscf1: REGISTER',
  'scscf1 > hss1: SAR',
  'hss1 > scscf1: SAA',
  'scscf1 > icscf1: 200 OK (REGISTER)',
  'icscf1 > pcscf1: 200 OK (REGISTER)',
  'pcscf1 > ue1: 200 OK (REGISTER)',
];

/** Along these roles with a request, and back with its answer. */
function thereAndBack(roles: readonly string[], request: string, answer: string): string[] {
  const hops = roles.slice(1).map((role, i) => [roles[i] ?? '', role] as const);
  return [...hops.map(([from, to]) => `${from} > ${to}: ${request}`), ...hops.toReversed().map(([from, to]) => `${to} > ${from}: ${answer}`)];
}

/** TS 24.141 A.6: the presentity asks for its own watchers; with another answer where the server refuses. */
export const ownWatchers = (answer = '200 OK'): string[] => thereAndBack(['ue2', 'pcscf2', 'scscf2', 'ps'], 'SUBSCRIBE', `${answer} (SUBSCRIBE)`);

/** TS 24.141 A.6: and is told of them. */
export const OWN_WATCHERS_NOTIFICATION: string[] = thereAndBack(['ps', 'scscf2', 'pcscf2', 'ue2'], 'NOTIFY', '200 OK (NOTIFY)');

/**
 * The same with border nodes (TS 24.229 §5.10): they are the entry of their network and stay in the path of every dialog. The watcher roams,
 * so its home network is entered and left again.
 */
export function throughBorderNodes(
  first: 'ibcf1' | undefined,
  second: 'ibcf2' | undefined,
): Readonly<Record<'subscription' | 'notification' | 'inDialog', string[]>> {
  const own = first === undefined ? [] : [first];
  const other = second === undefined ? [] : [second];
  const home = ['ue1', 'pcscf1', ...own, 'scscf1', ...own, ...other];
  const path = thereAndBack([...home, 'icscf2', 'scscf2', 'ps'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)');
  const entry = path.findIndex((line) => line.startsWith('icscf2 > scscf2'));
  return {
    subscription: [...path.slice(0, entry), 'icscf2 > hss2: LIR', 'hss2 > icscf2: LIA', ...path.slice(entry)],
    notification: thereAndBack([...home, 'ps'].reverse(), 'NOTIFY', '200 OK (NOTIFY)'),
    inDialog: thereAndBack([...home, 'ps'], 'SUBSCRIBE', '200 OK (SUBSCRIBE)'),
  };
}

/** The same for either user (user 2 is at home); or, with a refusal by the registrar, only up to that. */
export function registration(refusal?: string, user: 1 | 2 = 1): string[] {
  if (refusal === undefined) return ofUser(user, REGISTRATION);
  const to = (from: string, by: string): string => `${from}${user} > ${by}${user}: ${refusal} (REGISTER)`;
  return [...registration(undefined, user).slice(0, 5), to('scscf', 'icscf'), to('icscf', 'pcscf'), to('pcscf', 'ue')];
}

/** The reg event package after a first registration: UE and P-CSCF subscribe at the S-CSCF (RFC 3680). The NOTIFYs run beside it. */
export function regEventNotify(user: 1 | 2, to: 'ue' | 'pcscf'): string[] {
  const lines =
    to === 'ue'
      ? ['scscf > pcscf: NOTIFY', 'pcscf > ue: NOTIFY', 'ue > pcscf: 200 OK (NOTIFY)', 'pcscf > scscf: 200 OK (NOTIFY)']
      : ['scscf > pcscf: NOTIFY', 'pcscf > scscf: 200 OK (NOTIFY)'];
  return lines.map((line) => line.replaceAll(/(ue|pcscf|scscf)/g, `$1${user}`));
}

/** The ladder of user 1 with the names of either user. */
const ofUser = (user: 1 | 2, lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(/(ue|pcscf|icscf|scscf|hss)1/g, `$1${user}`));

/** A REGISTER over a security association that stands: no challenge (TS 33.203 §6.1.4). */
export const reRegistration = (user: 1 | 2): string[] => ofUser(user, REGISTRATION.slice(10));

/** REGISTER with zero seconds, over the security association (TS 29.228 §6.1.2). */
export const deregistration = reRegistration;

/** The timer of the S-CSCF ends a registration: the HSS is told (TS 29.228 §6.1.2). */
export const expiry = (user: 1 | 2): string[] => ofUser(user, ['scscf1 > hss1: SAR', 'hss1 > scscf1: SAA']);

/** The S-CSCF tells the presence server of a registration or its end (TS 23.218 §6.3). */
export const thirdParty = (): string[] => ['scscf2 > ps: REGISTER', 'ps > scscf2: 200 OK (REGISTER)'];

/** TS 24.141 A.7, messages 24 to 29: the S-CSCF tells the network agent of a registration, and the agent subscribes to its state. */
export const AGENT_TOLD: string[] = [
  'scscf2 > pna: REGISTER',
  'pna > scscf2: 200 OK (REGISTER)',
  'pna > scscf2: SUBSCRIBE',
  'scscf2 > pna: 200 OK (SUBSCRIBE)',
  'scscf2 > pna: NOTIFY',
  'pna > scscf2: 200 OK (NOTIFY)',
];

/** An agent outside publishes for a user: by the entry of her network, and by a filter criterion of the terminating case to her presence server. */
export const outsidePublishes = (answer = '200 OK'): string[] => [
  'pea > icscf2: PUBLISH',
  'icscf2 > hss2: LIR',
  'hss2 > icscf2: LIA',
  'icscf2 > scscf2: PUBLISH',
  'scscf2 > ps: PUBLISH',
  `ps > scscf2: ${answer} (PUBLISH)`,
  `scscf2 > icscf2: ${answer} (PUBLISH)`,
  `icscf2 > pea: ${answer} (PUBLISH)`,
];

/** Pen: the network agent publishes; with another answer where the server refuses. */
export const agentPublishes = (answer = '200 OK'): string[] => ['pna > ps: PUBLISH', `ps > pna: ${answer} (PUBLISH)`];

/** Nobody is registered: an S-CSCF is selected and fetches the profile (TS 23.228 §5.12.1). */
export const UNREGISTERED_SUBSCRIPTION: string[] = [...SUBSCRIPTION.slice(0, 6), 'scscf2 > hss2: SAR', 'hss2 > scscf2: SAA', ...SUBSCRIPTION.slice(6)];

/** A NOTIFY for a UE that is no longer registered: its P-CSCF refuses it. */
export const REFUSED_NOTIFICATION: string[] = [
  'ps > scscf1: NOTIFY',
  'scscf1 > pcscf1: NOTIFY',
  'pcscf1 > scscf1: 480 Temporarily Unavailable (NOTIFY)',
  'scscf1 > ps: 480 Temporarily Unavailable (NOTIFY)',
];

const GATEWAY_OF: Readonly<Record<string, string>> = { ue1: 'seg0', pcscf1: 'seg0', dns0: 'seg0', icscf1: 'seg1', scscf1: 'seg1', hss1: 'seg1', dns1: 'seg1' };

/**
 * The same ladder where networks have security gateways: what crosses a border goes to the one gateway and comes from the other, in between it is in ESP
 * (TS 33.210 §C.2). Where only one of two networks has a gateway, that one passes it on.
 */
export function throughGateways(ladder: readonly string[], present: readonly string[] = ['seg0', 'seg1', 'seg2']): string[] {
  // Without a visited network the watcher stands behind the gateway of its home.
  const gatewayOf = (role: string): string => (GATEWAY_OF[role] === 'seg0' && !present.includes('seg0') ? 'seg1' : (GATEWAY_OF[role] ?? 'seg2'));
  return ladder.flatMap((line) => {
    const [, from = '', to = '', label = ''] = /^(\w+) > (\w+): (.*)$/.exec(line) ?? [];
    const [out, into] = [gatewayOf(from), gatewayOf(to)];
    if (out === into) return [line];
    const first = present.includes(out) ? out : into;
    const last = present.includes(into) ? into : out;
    return present.includes(first) ? [`${from} > ${first}: ${label}`, `${last} > ${to}: ${label}`] : [line];
  });
}

/** RFC 7296 §1.2: the four messages with which a tunnel comes up. */
export const TUNNEL_SET_UP = (from: string, to: string): string[] => [
  `${from} > ${to}: IKE_SA_INIT`,
  `${to} > ${from}: IKE_SA_INIT answer`,
  `${from} > ${to}: IKE_AUTH`,
  `${to} > ${from}: IKE_AUTH answer`,
];

/** RFC 7296 §1.3.3, §1.4.1: fresh keys, and the old association deleted. */
export const TUNNEL_RENEWED = (from: string, to: string): string[] => [
  `${from} > ${to}: CREATE_CHILD_SA`,
  `${to} > ${from}: CREATE_CHILD_SA answer`,
  `${from} > ${to}: INFORMATIONAL (delete)`,
  `${to} > ${from}: INFORMATIONAL answer`,
];

/** The HSS ends a registration (TS 29.228 §6.1.3). */
export const termination = (user: 1 | 2): string[] => ofUser(user, ['hss1 > scscf1: RTR', 'scscf1 > hss1: RTA']);

/** The HSS pushes a changed profile (TS 29.228 §6.2.2). */
export const profileChange = (user: 1 | 2): string[] => ofUser(user, ['hss1 > scscf1: PPR', 'scscf1 > hss1: PPA']);

/** No criterion matches: the SUBSCRIBE goes to the terminal of the presentity, which takes none. */
export const REFUSED_BY_UE: string[] = [
  ...SUBSCRIPTION.slice(0, 6),
  'scscf2 > pcscf2: SUBSCRIBE',
  'pcscf2 > ue2: SUBSCRIBE',
  ...['ue2 > pcscf2', 'pcscf2 > scscf2', 'scscf2 > icscf2', 'icscf2 > scscf1', 'scscf1 > pcscf1', 'pcscf1 > ue1'].map(
    (hop) => `${hop}: 405 Method Not Allowed (SUBSCRIBE)`,
  ),
];

/** The entry of the presentity's network cannot find out where she is served. */
export const unlocated = (answer: string): string[] => [
  ...SUBSCRIPTION.slice(0, 4),
  ...['icscf2 > scscf1', 'scscf1 > pcscf1', 'pcscf1 > ue1'].map((hop) => `${hop}: ${answer} (SUBSCRIBE)`),
];

/** An S-CSCF without memory asks the HSS about a sender, and has the UE register anew (TS 29.228 §6.1.2.1). */
export const LOST_SCSCF: string[] = [
  'ue1 > pcscf1: SUBSCRIBE',
  'pcscf1 > scscf1: SUBSCRIBE',
  'scscf1 > hss1: SAR',
  'hss1 > scscf1: SAA',
  'scscf1 > pcscf1: 504 Server Time-out (SUBSCRIBE)',
  'pcscf1 > ue1: 504 Server Time-out (SUBSCRIBE)',
];

/** A silent application server without which nothing goes on (TS 23.218 §6.4.1). */
export const SILENT_SERVER: string[] = [
  ...SUBSCRIPTION.slice(0, 7),
  ...['scscf2 > icscf2', 'icscf2 > scscf1', 'scscf1 > pcscf1', 'pcscf1 > ue1'].map((hop) => `${hop}: 504 Server Time-out (SUBSCRIBE)`),
];

/** One that is passed over: on to the terminal. */
export const SILENT_SERVER_PASSED_OVER: string[] = [...SUBSCRIPTION.slice(0, 7), ...REFUSED_BY_UE.slice(6)];

/** 100, where an answer takes longer than Timer E needs to reach T2 (RFC 4320 §4.1). */
export const trying = (method: string, ...hops: readonly string[]): string[] => hops.map((hop) => `${hop}: 100 Trying (${method})`);
