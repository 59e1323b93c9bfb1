/**
 * Who plays which function of stage 2 in one exchange (TS 23.141 §5.3.4): told from what an entity does there, never from its name. A CSCF that passes a
 * watcher's request on is part of the Watcher Presence Proxy as long as nobody has looked for the presentity's server, and part of the Presentity Presence Proxy
 * from the I-CSCF on; so one S-CSCF that serves both users plays both, one after the other. The P-CSCF of a publication plays neither: it is only on the way.
 * Omitted: IMS networks in which a border function stands; it is passed over.
 */
import type { SipFacts } from './message-facts.ts';
import type { EntityId, TraceEntity } from './record.ts';

export type FunctionKind = 'watcher' | 'wpp' | 'list-server' | 'ppp' | 'hss' | 'presence-server' | 'pna' | 'supplier' | 'pea' | 'pua';

interface FunctionName {
  /** In ladders. */
  readonly label: string;
  readonly title: string;
}

/** In the order in which they stand beside one another in a network. */
export const FUNCTIONS: Readonly<Record<FunctionKind, FunctionName>> = {
  watcher: { label: 'Watcher', title: 'Watcher application' },
  wpp: { label: 'WPP', title: 'Watcher Presence Proxy' },
  'list-server': { label: 'List server', title: 'Presence List Server' },
  ppp: { label: 'PPP', title: 'Presentity Presence Proxy' },
  hss: { label: 'HSS', title: 'HSS' },
  'presence-server': { label: 'PS', title: 'Presence Server' },
  pna: { label: 'PNA', title: 'Presence Network Agent' },
  supplier: { label: 'Elements', title: 'Network Element' },
  pea: { label: 'PEA', title: 'Presence External Agent' },
  pua: { label: 'PUA', title: 'Presence User Agent' },
};

/** A function that was played in this run, as a participant of the stage-2 ladder. `kind` is that of the entity that does its part last. */
export interface Stage2Function extends TraceEntity {
  readonly function: FunctionKind;
  readonly title: string;
  /** The entities that played it, in the order in which they first did. */
  readonly members: readonly EntityId[];
}

export type FunctionId = string;

/** Where a message is on its way. */
export interface Place {
  /** In whose hands it is: an entity that plays no function only carries it for the one before. */
  readonly holder: FunctionId;
  readonly plays: boolean;
  /** Somebody has begun to look for the presentity's server. */
  readonly beyond: boolean;
  /** Network of the user with whom the exchange began. */
  readonly home: string;
}

interface Cast {
  readonly kind: FunctionKind;
  readonly network: string;
  readonly of: string;
  readonly members: Map<EntityId, TraceEntity>;
}

const idOf = (kind: FunctionKind, of: string): FunctionId => `${kind}/${of}`;

/** A user's home; where nothing is known of it, where he stands. */
const homeOf = (entity: TraceEntity): string => (entity.home === '' ? entity.network : entity.home);

/** A subscription of the presentity to the list of its own watchers belongs to publishing, not to watching. */
export const isWatcherList = (sip: SipFacts): boolean => sip.event === 'presence.winfo';

export class Casting {
  readonly #cast = new Map<FunctionId, Cast>();
  /** By Call-ID: what everybody on the way of the SUBSCRIBE played, which is what he plays for the rest of the dialog. */
  readonly #dialogs = new Map<string, Map<EntityId, FunctionId>>();

  /** Where a request begins; undefined for somebody who plays no function by himself. */
  origin(entity: TraceEntity, sip: SipFacts): Place | undefined {
    const known = sip.method === 'PUBLISH' ? undefined : this.#dialogs.get(sip.callId)?.get(entity.id);
    const kind = known === undefined ? originKind(entity, sip) : undefined;
    const holder = known ?? (kind === undefined ? undefined : this.play(kind, entity));
    if (holder === undefined) return undefined;
    if (sip.method === 'SUBSCRIBE') this.#remember(sip, entity, holder);
    return { holder, plays: true, beyond: false, home: homeOf(entity) };
  }

  /** Where it is after one hop. Who stands at an address at which nobody is plays nothing. */
  arrival(before: Place, entity: TraceEntity | undefined, sip: SipFacts): Place {
    if (entity === undefined) return { ...before, plays: false };
    const beyond = before.beyond || entity.kind === 'i-cscf';
    const known =
      sip.method === 'PUBLISH' || (sip.method === 'SUBSCRIBE' && sip.toTag === undefined) ? undefined : this.#dialogs.get(sip.callId)?.get(entity.id);
    const kind = known === undefined ? arrivalKind(entity, sip, beyond) : undefined;
    const holder = known ?? (kind === undefined ? undefined : this.play(kind, entity, before.home));
    if (holder !== undefined && sip.method === 'SUBSCRIBE') this.#remember(sip, entity, holder);
    return { holder: holder ?? before.holder, plays: holder !== undefined, beyond, home: before.home };
  }

  /** A proxy is one function for its network, everybody else one for itself. */
  play(kind: FunctionKind, entity: TraceEntity, home = homeOf(entity)): FunctionId {
    const network = kind === 'wpp' ? home : kind === 'watcher' || kind === 'pua' ? homeOf(entity) : entity.network;
    const of = kind === 'wpp' || kind === 'ppp' || kind === 'hss' || kind === 'supplier' ? network : entity.id;
    const id = idOf(kind, of);
    let cast = this.#cast.get(id);
    if (cast === undefined) this.#cast.set(id, (cast = { kind, network, of, members: new Map() }));
    cast.members.set(entity.id, entity);
    return id;
  }

  /** Whom a publication is for that has not come further than to entities that play no function. */
  publishingProxy(home: string): FunctionId {
    const id = idOf('ppp', home);
    if (!this.#cast.has(id)) this.#cast.set(id, { kind: 'ppp', network: home, of: home, members: new Map() });
    return id;
  }

  /** Where something begins, or is delivered, that goes from one function straight to another: what the network agent is told. */
  straight(kind: FunctionKind, entity: TraceEntity): Place {
    return { holder: this.play(kind, entity), plays: true, beyond: true, home: homeOf(entity) };
  }

  /** Everybody who played, watchers first; those of a kind that there is more than once say whose they are. */
  functions(): readonly Stage2Function[] {
    const order = Object.keys(FUNCTIONS);
    const casts = [...this.#cast].sort(([, a], [, b]) => order.indexOf(a.kind) - order.indexOf(b.kind));
    return casts.map(([id, { kind, network, of, members }]): Stage2Function => {
      const entities = [...members.values()];
      const last = entities.at(-1);
      const alone = casts.filter(([, other]) => other.kind === kind).length === 1;
      const { label, title } = FUNCTIONS[kind];
      return {
        id,
        kind: last?.kind ?? 's-cscf',
        function: kind,
        network,
        home: network,
        label: alone ? label : `${label} ${last !== undefined && last.id === of ? last.label : of}`,
        title,
        addresses: [],
        members: entities.map((member) => member.id),
        ...(last?.role === undefined ? {} : { role: last.role }),
      };
    });
  }

  #remember(sip: SipFacts, entity: TraceEntity, holder: FunctionId): void {
    let dialog = this.#dialogs.get(sip.callId);
    if (dialog === undefined) this.#dialogs.set(sip.callId, (dialog = new Map<EntityId, FunctionId>()));
    // Who stands on the way twice is met first as the watcher's proxy, and that is where the dialog reaches him again.
    if (!dialog.has(entity.id)) dialog.set(entity.id, holder);
  }
}

/** Kinds that are not of this network yet are told by their word, so that they find their function when they come. */
function originKind({ kind }: { readonly kind: string }, sip: SipFacts): FunctionKind | undefined {
  switch (kind) {
    case 'presence-server':
      return 'presence-server';
    case 'list-server':
      return 'list-server';
    // It asks for somebody whose own protocol is another one: interworking is the Watcher Presence Proxy's.
    case 'watcher-gateway':
      return 'wpp';
    case 'network-agent':
      return sip.method === 'PUBLISH' ? 'pna' : 'watcher';
    case 'p-cscf':
    case 'i-cscf':
    case 's-cscf':
    case 'ibcf':
    case 'security-gateway':
      return undefined;
    case 'external-watcher':
      return 'watcher';
    case 'external-agent':
      return sip.method === 'PUBLISH' ? 'pea' : 'watcher';
    default:
      return sip.method === 'SUBSCRIBE' && !isWatcherList(sip) ? 'watcher' : 'pua';
  }
}

function arrivalKind({ kind }: { readonly kind: string }, sip: SipFacts, beyond: boolean): FunctionKind | undefined {
  const publishes = sip.method === 'PUBLISH' || isWatcherList(sip);
  switch (kind) {
    case 'presence-server':
      return 'presence-server';
    case 'list-server':
      return 'list-server';
    case 'network-agent':
      return 'pna';
    case 'i-cscf':
      return 'ppp';
    case 's-cscf':
      return publishes || beyond ? 'ppp' : sip.method === 'SUBSCRIBE' ? 'wpp' : undefined;
    case 'p-cscf':
    case 'watcher-gateway':
      return publishes || beyond || sip.method !== 'SUBSCRIBE' ? undefined : 'wpp';
    case 'ue':
      return sip.method === 'NOTIFY' ? 'watcher' : 'pua';
    default:
      return undefined;
  }
}
