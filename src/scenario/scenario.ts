/**
 * The scenario language: what people and operators do, in which network. A scenario never lists arrows except as expectations.
 * One schema validates the catalog, users' own JSON files and the patches of named changes.
 */
import * as v from 'valibot';
import type { Json } from '#base/machine.ts';
import { sentenceOf } from './issue-words.ts';
import { patience, perMille, port, runLength, secondsOf, sequenceNumber, wholeNumber } from './numbers.ts';
import { ROLES } from './roles.ts';
import { RuleSchema } from './rules-schema.ts';
import { anyText, domain, name, privateIdentity, publicIdentity, server, text } from './texts.ts';

export type { Role } from './roles.ts';

/** Captures count from 1970 on, and four weeks after the last of these days every document still names a year of four digits. */
const isMoment = (time: string): boolean => Date.parse(time) >= 0 && Date.parse(time) < Date.UTC(2100, 0);

const hex = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `${bytes} bytes in lower-case hexadecimal`));

const role = v.picklist(ROLES);

const JsonSchema: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(JsonSchema), v.record(v.string(), JsonSchema)]),
);

const IntentSchema = v.intersect([v.object({ kind: text, expires: v.optional(v.pipe(v.number(), v.minValue(0))) }), v.record(v.string(), JsonSchema)]);

/** Integrity and encryption: `hmac-sha-1-96/aes-cbc`. */
const algorithms = v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'a pair such as hmac-sha-1-96/aes-cbc'))), v.maxLength(9));
const HOMES = ['home1', 'home2'] as const;

/** What the user's device holds, can do and claims, where that differs from what the home network has on record. */
const DeviceSchema = v.strictObject({
  key: v.optional(hex(16)),
  opc: v.optional(hex(16)),
  /** The highest sequence number that its USIM has accepted. */
  sequence: v.optional(sequenceNumber),
  password: v.optional(text),
  /** For its rules over Ut. */
  utPassword: v.optional(text),
  /** For IPsec; none at all: it makes no security agreement. */
  algorithms: v.optional(algorithms),
  /** It registers with the private or the public identity of this other subscriber of the same home network (see `subscribers`), or of nobody. */
  claims: v.optional(v.strictObject({ privateIdentityOf: v.optional(name), publicIdentityOf: v.optional(name) })),
});

const SptSchema = v.strictObject({
  negated: v.optional(v.boolean()),
  groups: v.optional(v.array(wholeNumber)),
  method: v.optional(text),
  requestUri: v.optional(text),
  header: v.optional(v.strictObject({ name: text, content: v.optional(v.string()) })),
  sessionCase: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4))),
});

const CriterionSchema = v.strictObject({
  priority: wholeNumber,
  /** Conjunctive normal form; disjunctive when false. */
  cnf: v.optional(v.boolean()),
  triggers: v.array(SptSchema),
  /** SIP URI of the application server; the presence server of the home network when left out. */
  server: v.optional(server),
  defaultHandling: v.optional(v.picklist([0, 1])),
  profilePart: v.optional(v.picklist([0, 1])),
});

const UserSchema = v.strictObject({
  role: v.picklist(['ue1', 'ue2']),
  displayName: v.optional(text),
  /** User part of the identities: `user1` gives user1_private and user1_public1 …; see defaults.ts. */
  privateIdentity: v.optional(privateIdentity),
  publicIdentities: v.optional(v.pipe(v.array(publicIdentity), v.minLength(1), v.maxLength(10))),
  /** Milenage K and OPc, the sequence number in the HSS. */
  key: v.optional(hex(16)),
  opc: v.optional(hex(16)),
  sequence: v.optional(sequenceNumber),
  /** Password for the SIP digest scheme, instead of AKA. */
  password: v.optional(text),
  device: v.optional(DeviceSchema),
  /** The networks in which the user may register; everywhere when left out. */
  roaming: v.optional(v.array(v.picklist(['visited1', ...HOMES]))),
  clientPort: v.optional(port),
  serverPort: v.optional(port),
  filterCriteria: v.optional(v.array(CriterionSchema)),
  capabilities: v.optional(v.array(wholeNumber)),
  /** Those of the public identities that may be used for registration only. */
  barred: v.optional(v.array(publicIdentity)),
  /** Which HSS of home2 holds the user, where there are two. */
  hss: v.optional(v.picklist(['hss2', 'hss2b'])),
});

const ServiceSchema = v.strictObject({
  /** Its address, in home2. */
  identity: publicIdentity,
  active: v.optional(v.boolean()),
  /** `direct`: the HSS names the application server; `s-cscf`: the service is served like a user who never registers (TS 23.228 §5.4.12.2). */
  routing: v.optional(v.picklist(['direct', 's-cscf'])),
});

/** A list with an address of its own (RFC 4826 §4). */
const ListSchema = v.strictObject({
  /** The server that serves it, which has to stand there (`with`): in home1 behind the filter criteria of its owner, in home2 straight behind the entry. */
  at: v.picklist(['rls1', 'rls2']),
  identity: publicIdentity,
  /** In home1: straight behind the entry, too. */
  direct: v.optional(v.boolean()),
  /** The server answers when it knows the states of all members, so that the first NOTIFY tells them all. */
  gathers: v.optional(v.boolean()),
  name: v.optional(text),
  /** Whose list it is: nobody else may subscribe. Left out: everybody may. */
  owner: v.optional(v.picklist(['ue1', 'ue2'])),
  /** In an XDMS: the members stand in the owner's document of resource lists, to which the service refers. */
  apart: v.optional(v.boolean()),
  /** People, and other lists. */
  members: v.pipe(v.array(v.strictObject({ uri: publicIdentity, name: v.optional(text) })), v.maxLength(50)),
});

const LinkSchema = v.strictObject({
  between: v.tuple([role, role]),
  delayMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  jitterMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  lossPerMille: v.optional(perMille),
  duplicatePerMille: v.optional(perMille),
  reorderPerMille: v.optional(perMille),
  /** The first so many datagrams from the first role to the second are lost. */
  loseFirst: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000))),
  /** Somebody on the link changes every message of this name from the first role to the second. */
  rewrite: v.optional(v.array(v.strictObject({ message: text, from: anyText, to: v.pipe(v.string(), v.maxLength(600)) }))),
  /** Only from this moment (seconds) on. */
  from: v.optional(secondsOf),
});

const DnsSchema = v.strictObject({
  /** How the directory of numbers (ENUM) says whose the presentity's number is: a plain address, a pattern, in the own words of home2, or never (a circle). */
  numbers: v.optional(v.picklist(['plain', 'pattern', 'delegated', 'circle', 'pres'])),
  /** The home networks name servers for pres addresses (`_pres._sip`); true when left out. */
  pres: v.optional(v.boolean()),
  /** The I-CSCFs that the DNS offers as entries of home2, lowest priority first, shared by weight among equals. */
  entries: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          role,
          priority: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
          weight: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
        }),
      ),
      v.minLength(1),
      v.maxLength(5),
    ),
  ),
  /** The entries of home2 prefer TCP. */
  entriesByTcp: v.optional(v.boolean()),
});

const NetworkSchema = v.strictObject({
  visited1: v.optional(domain),
  home1: v.optional(domain),
  home2: v.optional(domain),
  /** A domain that is no PLMN; see `with`. */
  outside: v.optional(domain),
  /** Entities that stand there although they usually do not (`standings.ts`). */
  with: v.optional(v.array(role)),
  family: v.optional(v.picklist(['ipv6', 'ipv4'])),
  /** Shifts every address: other documentation addresses, same network. */
  addressOffset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(90))),
  /** Host names that differ from the usual ones. */
  hosts: v.optional(v.record(role, domain)),
  users: v.optional(v.array(UserSchema)),
  /** The watcher is attached at home instead of roaming. */
  watcherAtHome: v.optional(v.boolean()),
  recordRoute: v.optional(v.strictObject({ scscf1: v.optional(v.boolean()), scscf2: v.optional(v.boolean()) })),
  /** The network's border node (`ibcf1`, `ibcf2`) hides the names of its proxies; without: it does not. */
  hiding: v.optional(v.strictObject({ home1: v.optional(v.boolean()), home2: v.optional(v.boolean()) })),
  /** Of the security gateways (`seg0`, `seg1`, `seg2`). */
  security: v.optional(
    v.strictObject({
      /** How long an association lives. */
      lifetime: v.optional(v.pipe(secondsOf, v.minValue(30))),
      /** The agreement between the operators ends then: no association is set up or renewed after it. */
      agreedUntil: v.optional(secondsOf),
      /** The gateways of home1 and home2 hold different secrets. */
      secretDiffers: v.optional(v.boolean()),
      /** The operators of home1 and home2 have no agreement: their gateways do not know each other. */
      apart: v.optional(v.boolean()),
      /** Nothing crosses unprotected but names: a network without a gateway cannot be reached. */
      strict: v.optional(v.boolean()),
      /** Nodes whose way to the gateway of their network is protected as well (Zb). */
      inside: v.optional(v.array(v.picklist(['pcscf1', 'icscf1', 'scscf1', 'pcscf2', 'icscf2', 'scscf2', 'ps']))),
    }),
  ),
  protectedPorts: v.optional(v.strictObject({ client: port, server: port })),
  presence: v.optional(
    v.strictObject({
      default: v.optional(v.picklist(['allow', 'confirm', 'polite-block', 'block'])),
      rules: v.optional(
        v.array(
          v.strictObject({
            watcher: text,
            /** Whose rule it is; everybody's when left out. */
            presentity: v.optional(publicIdentity),
            handling: v.picklist(['allow', 'confirm', 'polite-block', 'block']),
          }),
        ),
      ),
      /** Rules of every presentity, in full (RFC 5025); with them `default` is for whom no rule says anything, and `rules` and `unidentified` say nothing. */
      ruleset: v.optional(v.array(RuleSchema)),
      /** The presentity may see who watches it (RFC 3857). */
      watcherInformation: v.optional(v.boolean()),
      /** Fewer and smaller NOTIFYs, for watchers who ask for them: conditions (RFC 5839), rates (RFC 6446), partial documents (RFC 5263, RFC 5264), filters (RFC 4660). */
      lean: v.optional(
        v.strictObject({
          conditions: v.optional(v.boolean()),
          rates: v.optional(v.boolean()),
          partial: v.optional(v.boolean()),
          filters: v.optional(v.boolean()),
        }),
      ),
      /** Publications are composed by a policy that the operator can change (`change-policy`). */
      composition: v.optional(v.boolean()),
      /** An experiment: a change is told once to all watchers of a network that has a distributor (`nd1`, `nd2`). */
      common: v.optional(v.boolean()),
      /** Seconds for which a watcher waits for a decision; three days when left out. */
      giveUpAfter: v.optional(secondsOf),
      /** Of watchers for whom no network vouches; `block` when left out. */
      unidentified: v.optional(v.picklist(['allow', 'confirm', 'polite-block', 'block'])),
      minExpires: v.optional(secondsOf),
      /** Whose presence is served; everybody's in the server's own network when left out. */
      presentities: v.optional(v.array(publicIdentity)),
      /** 202 to a first SUBSCRIBE, as RFC 3265 had it. */
      accepts202: v.optional(v.boolean()),
      maxExpires: v.optional(secondsOf),
    }),
  ),
  /** Which networks the mobile networks trust, where it differs from the usual: each other, and nobody outside. */
  trust: v.optional(
    v.strictObject({ visited1: v.optional(v.boolean()), home1: v.optional(v.boolean()), home2: v.optional(v.boolean()), outside: v.optional(v.boolean()) }),
  ),
  /** Somebody outside: the user part of the address, and for XMPP the resource and what happens when somebody asks to see the presence. */
  stranger: v.optional(
    v.strictObject({
      user: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]*$/, 'a user name such as juliet'), v.maxLength(60))),
      resource: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/, 'a name such as balcony'), v.maxLength(60))),
      approves: v.optional(v.picklist(['everybody', 'nobody', 'asks'])),
    }),
  ),
  /** Every node reports its transactions to the charging data function of its network, which then stands there. */
  charging: v.optional(v.boolean()),
  links: v.optional(v.array(LinkSchema)),
  authentication: v.optional(
    v.strictObject({
      /** The P-CSCFs' own list for IPsec, the best first. */
      algorithms: v.optional(algorithms),
      /** The P-CSCFs take nobody without IPsec. */
      ipsecOnly: v.optional(v.boolean()),
      /** The S-CSCFs authenticate with every REGISTER, also with a protected one. */
      everyTime: v.optional(v.boolean()),
      /** Seconds for which a nonce of SIP digest may be used again. */
      nonceLifetime: v.optional(secondsOf),
    }),
  ),
  /** Further subscribers of a home network, without a UE: `user3` has user3_private@… and sip:user3_public1@… */
  subscribers: v.optional(
    v.array(
      v.strictObject({
        home: v.picklist(HOMES),
        name,
        /** Watchers are sent to the presence server of home2, although the user is never registered. */
        presence: v.optional(v.boolean()),
      }),
    ),
  ),
  /** Of the Presence Network Agent (`pna`) and what feeds it. */
  agent: v.optional(
    v.strictObject({
      /** Over which reference points the nodes that stand there report; all of them when left out. */
      reports: v.optional(v.array(v.picklist(['Pc', 'Pg', 'Pk', 'Pl']))),
      /** The presence server takes what it publishes; true when left out. */
      trusted: v.optional(v.boolean()),
    }),
  ),
  lists: v.optional(v.pipe(v.array(ListSchema), v.maxLength(20))),
  /** Documents that NOTIFYs only refer to, on the content server `cs2`: the seconds for which a URL can be used. */
  content: v.optional(v.strictObject({ lifetime: v.optional(secondsOf) })),
  /** The external agent `pea`, which publishes for the presentity what the calendar `cal` says. */
  externalAgent: v.optional(
    v.strictObject({
      /** That it holds; the one that was agreed on when left out. */
      password: v.optional(text),
      /** The presence server knows of it; true when left out. */
      known: v.optional(v.boolean()),
      /** For whom it may publish; for the presentity when left out. */
      mayPublishFor: v.optional(v.array(publicIdentity)),
      /** It writes an identity that only trusted networks may write. */
      claims: v.optional(v.boolean()),
      /** Seconds: for which a nonce is good, after which it looks at the calendar again, and for which it publishes. */
      nonceLifetime: v.optional(v.pipe(secondsOf, v.minValue(1))),
      pollEvery: v.optional(v.pipe(secondsOf, v.minValue(10))),
      expires: v.optional(v.pipe(secondsOf, v.minValue(60))),
    }),
  ),
  /** Seconds for which a silent S-CSCF (by an I-CSCF with a REGISTER) and a silent application server are waited for; 8 when left out, at most Timer F. */
  patience: v.optional(v.strictObject({ scscf: v.optional(patience), server: v.optional(patience) })),
  /** Domains whose NAPTR record prefers TCP. */
  preferTcp: v.optional(v.array(domain)),
  dns: v.optional(DnsSchema),
  /** The service with an address of its own, on the application server `psi`. */
  service: v.optional(ServiceSchema),
});

const PatchSchema = v.strictObject({
  /** JSON pointer (RFC 6901) into the scenario; missing objects on the way are made. */
  path: v.pipe(v.string(), v.regex(/^(\/[^/]*)+$/)),
  value: JsonSchema,
});

const NamedChangeSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z0-9.-]*$/)),
  title: text,
  /** Value → what it changes; the first one is how the scenario stands. */
  values: v.pipe(v.array(v.strictObject({ value: text, title: text, patches: v.array(PatchSchema) })), v.minLength(2)),
});

const SourceSchema = v.strictObject({ document: text, clause: v.optional(text), checked: v.boolean() });

const ExpectationSchema = v.strictObject({
  /** What is expected, in words. */
  title: text,
  source: SourceSchema,
  chapter: v.optional(name),
  /** Flows that run beside each other, each in its order: `ue1 > pcscf1: SUBSCRIBE`. Retransmissions do not count. */
  flows: v.array(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9]+ > [a-z0-9]+: .+$/, 'role > role: label')))),
  /** `exact` (default): nothing else of SIP and Cx in that chapter; `contains`: other messages may stand in between. */
  match: v.optional(v.picklist(['exact', 'contains'])),
  /** The named changes with which this holds; without: only for the scenario as it stands. `*`: always. */
  when: v.optional(v.union([v.literal('*'), v.record(v.string(), v.string())])),
});

/** The plain run of the same story: one of the named changes turned over. Their counts are shown side by side. */
const PlainRunSchema = v.strictObject({ change: text, value: text, title: text });

const hoursOf = v.pipe(v.number(), v.minValue(0.1), v.maxValue(24));

const WorkloadSchema = v.strictObject({
  /** Seconds: the beginning of the session. */
  at: secondsOf,
  hours: hoursOf,
  /** Of each person. */
  changesPerHour: v.pipe(v.number(), v.minValue(0), v.maxValue(60)),
  refreshHours: hoursOf,
  /** Who watches everybody of the other network: one user of each, or all. */
  watchers: v.picklist(['one', 'all']),
  /** Each of them, or the list of all. */
  by: v.picklist(['each', 'list']),
});

export const ScenarioSchema = v.strictObject({
  format: v.literal(1),
  id: name,
  title: text,
  /** One sentence: what will be seen. */
  summary: text,
  sources: v.optional(v.array(SourceSchema)),
  /** Layers that the story is about, although most stories pass over them. */
  tells: v.optional(v.array(v.picklist(['DNS']))),
  /** UTC: the moment 0 of the run. */
  startsAt: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a UTC time such as 2026-01-05T09:00:00Z'),
      v.check((time) => isMoment(time), 'a day and a time that exist, from 1970 to 2099'),
    ),
  ),
  /** Seconds. */
  until: runLength,
  network: v.optional(NetworkSchema),
  chapters: v.optional(v.array(v.strictObject({ id: name, title: text, at: secondsOf, prologue: v.optional(v.boolean()) }))),
  timeline: v.pipe(v.array(v.strictObject({ at: secondsOf, who: role, do: IntentSchema })), v.maxLength(2000)),
  /** What many people do, told by a few numbers (workload.ts): each of two networks watches the other for a session. */
  workload: v.optional(WorkloadSchema),
  changes: v.optional(v.array(NamedChangeSchema)),
  plainRun: v.optional(PlainRunSchema),
  expectations: v.optional(v.array(ExpectationSchema)),
});

export type Scenario = v.InferInput<typeof ScenarioSchema>;
export type NetworkOptions = v.InferOutput<typeof NetworkSchema>;
export type UserOptions = v.InferOutput<typeof UserSchema>;
export type CriterionOptions = v.InferOutput<typeof CriterionSchema>;
export type LinkOptions = v.InferOutput<typeof LinkSchema>;
export type Expectation = v.InferOutput<typeof ExpectationSchema>;
export type NamedChange = v.InferOutput<typeof NamedChangeSchema>;
export type ValidScenario = v.InferOutput<typeof ScenarioSchema>;

export interface ScenarioError {
  readonly kind: 'scenario-error';
  /** One sentence that names the path and what was expected. */
  readonly message: string;
}

/** Checks a scenario at the door. */
export function validateScenario(value: unknown): ValidScenario | ScenarioError {
  const result = v.safeParse(ScenarioSchema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  return { kind: 'scenario-error', message: `Not a valid scenario: at ${sentenceOf(ScenarioSchema, issue)}.` };
}

export const isScenarioError = (value: ValidScenario | ScenarioError): value is ScenarioError => 'kind' in value;
