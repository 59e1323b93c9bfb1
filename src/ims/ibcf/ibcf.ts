/**
 * Interconnection Border Control Function: the border node of a home network (TS 24.229 §5.10; TS 33.203 §5.2 for configuration
 * hiding). It is the entry that other networks find in the DNS and the last node on the way out, records itself so that it sees every dialog again, takes
 * off what is not for others and, when the network hides its configuration, turns the names of its proxies into tokens and back.
 * Omitted: media (IMS-ALG, TrGW), screening beyond what is named here, IPv4/IPv6 interworking, restoration.
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { decided, decrementMaxForwards, popRoute, pushHeader, rejected, removeHeader, routed } from '#ims/node/edit.ts';
import type { Outgoing } from '#ims/node/outgoing.ts';
import { ProxyNode } from '#ims/node/proxy-node.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { describeStranger, isTrusted, removeForStranger, removeUntrusted, strangerComes, type TrustPolicy } from '#ims/node/trust.ts';
import type { SipMessage, SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { HIDDEN_HEADERS, Hiding } from './hiding.ts';

export interface IbcfConfig extends NodeConfig {
  /** Addresses of the own network's nodes: who comes from another one is from outside. */
  readonly inside: ReadonlySet<string>;
  /** The I-CSCF, to which what is for a user of the network goes. */
  readonly entry: string;
  readonly hides: boolean;
  /** Whom the network trusts; left out: everybody. Behind a border node all that comes from outside comes from a trusted address, so it is judged here. */
  readonly trust?: TrustPolicy;
  /** Kv of the network, 16 bytes. */
  readonly key: Uint8Array;
}

interface Purpose {
  /** Where the request came from and where it went: the answer goes the other way. */
  readonly fromOutside: boolean;
  readonly toOutside: boolean;
  /** Address of who asked. */
  readonly sender: string;
}

const CLAUSE = 'TS 24.229 (clause unchecked)';

export class Ibcf extends ProxyNode<Purpose> {
  readonly #config: IbcfConfig;
  readonly #hiding: Hiding;
  readonly #own: string;

  constructor(config: IbcfConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
    this.#hiding = new Hiding({ host: config.host, domain: config.domain, key: config.key }, chance);
    this.#own = `<sip:${config.host};lr>`;
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    // The same request rightly passes here twice, in and out again: the whole route tells the passages apart.
    if (!this.mayForward(server, request, this.loopKey(request, request.headers.values('Route').join(' ')))) return;
    const notes: Note[] = [];
    const sender = flow.remote.address;
    const fromOutside = !this.#config.inside.has(sender);
    const stranger = this.#strangerAt(sender);
    if (stranger !== undefined && request.method === 'REGISTER') {
      this.refuse(server, 403, rejected(`The REGISTER comes from ${describeStranger(stranger, sender)}: nobody registers from there.`, CLAUSE));
      return;
    }
    if (stranger !== undefined) {
      this.note(strangerComes(stranger, sender));
      removeUntrusted(request, notes, stranger, sender);
    }
    this.#popOwnRoutes(request, notes);
    if (this.#config.hides && fromOutside) {
      const broken = this.#hiding.reveal(request, ['Route'], notes);
      if (broken !== undefined) {
        this.refuse(
          server,
          400,
          rejected('The token in the Route does not decrypt: it was changed on the way, or is not of this network’s making.', 'TS 33.203 §6.4', broken),
        );
        return;
      }
      if (!this.#hiding.revealTarget(request, notes)) {
        this.refuse(server, 400, rejected('The Request-URI is a token that does not decrypt: nobody here has such an address.', CLAUSE, 'Request-URI'));
        return;
      }
    }
    this.#popOwnRoutes(request, notes);
    const next = hostOf(uriOf(request.headers.first('Route') ?? '') ?? request.uri);
    const toOutside = !this.#hiding.isInside(next);
    if (fromOutside && toOutside && tagOf(request.headers.get('To') ?? '') === undefined) {
      this.refuse(server, 403, rejected('The request comes from another network and is for another one: this network carries no transit.', CLAUSE));
      return;
    }
    decrementMaxForwards(request, notes);
    if (toOutside) this.#leave(request, notes, next);
    else if (fromOutside) this.#enter(request, notes);
    this.#record(request, notes);
    const to = request.headers.first('Route') ?? request.uri;
    const isHidden = toOutside && this.#config.hides;
    notes.push(
      isHidden
        ? routed('Out of the network. Whatever named one of its nodes is a token now: outside nobody reads how it looks inside.', 'TS 33.203 §6.4', to)
        : routed(toOutside ? 'Out of the network: the next hop lies in another one.' : 'Into the network: the next hop lies inside.', 'RFC 3261 §16.6', to),
    );
    this.send({ request, notes, server, purpose: { fromOutside, toOutside, sender }, targets: [], tried: 0 });
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { fromOutside, toOutside, sender } = outgoing.purpose;
    const notes: Note[] = [];
    if (this.#config.hides && toOutside) {
      const broken = this.#hiding.reveal(response, HIDDEN_HEADERS, notes);
      if (broken !== undefined) {
        this.note(rejected('The answer carries a token that does not decrypt: it cannot be led back and is dropped.', 'TS 33.203 §6.4', broken));
        return;
      }
    }
    if (fromOutside) this.#leave(response, notes, sender);
    this.relay(outgoing, response, notes);
  }

  #popOwnRoutes(request: SipRequest, notes: Note[]): void {
    while (hostOf(uriOf(request.headers.first('Route') ?? '') ?? '') === this.config.host) popRoute(request, notes);
  }

  /** The policy by which that address, or host, is not trusted; undefined where it is. */
  #strangerAt(peer: string | undefined): TrustPolicy | undefined {
    const { trust } = this.#config;
    return trust === undefined || peer === undefined || isTrusted(trust, peer) ? undefined : trust;
  }

  /** What a message loses when it leaves the network. */
  #leave(message: SipMessage, notes: Note[], to: string | undefined): void {
    const stranger = this.#strangerAt(to);
    if (stranger !== undefined && to !== undefined) removeForStranger(message, notes, stranger, to);
    removeHeader(message, notes, 'P-Access-Network-Info', 'Where the user stands is told to the home network only.', 'RFC 7315 §5.4');
    removeHeader(message, notes, 'P-Charging-Function-Addresses', 'Charging functions are addressed inside one network only.', 'RFC 7315 §5.5');
    const hasServiceRoute = message.headers.has('Service-Route');
    if (this.#config.hides) this.#hiding.hide(message, notes);
    if (!hasServiceRoute) return;
    const reason = `What the user sends from now on comes to this network by its border node${this.#config.hides ? ', which alone can read the token below' : ''}.`;
    pushHeader(message, notes, 'Service-Route', this.#own, reason, CLAUSE);
  }

  /** A request for this network: a REGISTER learns the way back, and what names only the network goes to its I-CSCF. */
  #enter(request: SipRequest, notes: Note[]): void {
    if (request.method === 'REGISTER') {
      const reason = 'What the home network sends to the user shall leave it by its border node.';
      pushHeader(request, notes, 'Path', this.#own, reason, 'RFC 3327 §5.2');
    }
    if (request.headers.has('Route') || (request.method !== 'REGISTER' && hostOf(request.uri) !== this.config.domain)) return;
    pushHeader(request, notes, 'Route', `<sip:${this.#config.entry};lr>`, 'Who serves the user is found out by the I-CSCF of the network.', CLAUSE);
  }

  /** The border node sees every dialog that crosses it again, for nobody else could read its tokens. */
  #record(request: SipRequest, notes: Note[]): void {
    if (request.method !== 'SUBSCRIBE' && request.method !== 'NOTIFY') return;
    // Already on top when the request has met no other recording node since it was here.
    if (request.headers.first('Record-Route') === this.#own) {
      notes.push(decided('It stands on top of the Record-Route already.', 'RFC 3261 §16.6'));
      return;
    }
    const reason = 'The border node stays in the path of the dialog: what comes back must pass here.';
    pushHeader(request, notes, 'Record-Route', this.#own, reason, 'RFC 3261 §16.6');
  }

  protected override tables(_now: SimTime): readonly ViewTable[] {
    const { made, restored, refused } = this.#hiding.counts;
    return [
      {
        title: 'Configuration hiding',
        columns: ['Network', 'Hides', 'Tokens made', 'Restored', 'Refused'],
        rows: [[this.config.domain, this.#config.hides ? 'yes' : 'no', String(made), String(restored), String(refused)]],
        empty: 'None.',
      },
    ];
  }
}
