/**
 * Interrogating-CSCF (TS 24.229 §5.3; TS 29.228 §6.1.1, §6.1.4): the entry of a home network. It asks the HSS which S-CSCF serves the user, or selects one
 * by its capabilities, and is gone: it never records itself into a dialog. With the S-CSCF it is the Presentity Presence Proxy (TS 23.141 §5.3.4).
 * Omitted: wildcarded service identities, another S-CSCF when the one that the HSS names is silent (but for REGISTER).
 */
import type { Chance } from '#base/chance.ts';
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { ViewTable } from '#base/view.ts';
import type { Duration, SimTime } from '#base/time.ts';
import { chargingVectorOf, newVector, setChargingVector } from '#ims/node/charging-vector.ts';
import { decided, decrementMaxForwards, popRoute, pushHeader, rejected, routed } from '#ims/node/edit.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { expiresOf } from '#ims/node/expires.ts';
import { identityKey } from '#ims/node/identity.ts';
import { impatientTimers, type NoAnswer, type Outgoing } from '#ims/node/outgoing.ts';
import { ProxyNode } from '#ims/node/proxy-node.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { describeStranger, isTrusted, removeForStranger, removeUntrusted, strangerComes, type TrustPolicy } from '#ims/node/trust.ts';
import {
  buildLocationInfoRequest,
  buildUserAuthorizationRequest,
  readLocationInfoAnswer,
  readUserAuthorizationAnswer,
  USER_AUTHORIZATION_TYPE,
} from '#protocol/diameter/cx.ts';
import type { ServerCapabilities } from '#protocol/diameter/cx-capabilities.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { createSessionId } from '#protocol/diameter/command.ts';
import { isGranted } from '#protocol/diameter/result.ts';
import type { DiameterEvent, DiameterServer } from '#protocol/diameter/peer.ts';
import { parseCredentials } from '#protocol/sip/credentials.ts';
import { cloneRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { formatHost, hostOf, parseUri } from '#protocol/sip/uri.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';

export interface ICscfConfig extends NodeConfig {
  readonly hss: DiameterServer;
  /** The HSSs behind it, when `hss` is a locator (SLF) in front of several. */
  readonly located?: readonly DiameterServer[];
  /** The S-CSCFs of the network and what they can do, in order of preference. */
  readonly servers: readonly { readonly name: string; readonly capabilities: readonly number[] }[];
  /** Which networks are trusted; everybody when left out. */
  readonly trust?: TrustPolicy;
  /** How long an S-CSCF may leave a REGISTER unanswered before another one is chosen. */
  readonly patience?: Duration;
}

interface Purpose {
  readonly kind: 'forward';
  /** S-CSCFs tried for this request, the present one included. */
  readonly tried: readonly string[];
  readonly original: SipRequest;
  /** What the HSS asked of the S-CSCF. */
  readonly asked: ServerCapabilities | undefined;
}

interface CxPurpose {
  readonly kind: 'authorization' | 'location';
  readonly server: ServerTransaction;
  readonly request: SipRequest;
  readonly notes: Note[];
  readonly failed: readonly string[];
}

const OUT_OF_THE_PATH = decided('The answer goes back the way the request came; with it the I-CSCF has done its part in this subscription.', 'RFC 3261 §16.7');

const entry = (server: string): string => (server.includes(';lr') ? `<${server}>` : `<${server};lr>`);

/** Seconds that an overloaded entity asks to be left alone (our choice). */
const DEFAULT_RETRY_AFTER = 60;

export class ICscf extends ProxyNode<Purpose, CxPurpose> {
  readonly #config: ICscfConfig;
  /** Seconds that a 503 names while the entity is overloaded; undefined when it is not. */
  #retryAfter: number | undefined;

  constructor(config: ICscfConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
  }

  protected override isToldOfCharging({ flow }: ServerTransaction): boolean {
    const { trust } = this.#config;
    return trust === undefined || isTrusted(trust, flow.remote.address);
  }

  protected override onIntent(intent: Intent): void {
    if (intent.kind === 'overload') {
      const asked = intent['retryAfter'];
      this.#retryAfter = typeof asked === 'number' && asked >= 0 ? Math.floor(asked) : DEFAULT_RETRY_AFTER;
      this.note(decided('More requests come than can be served, or the operator mends something: every new one is turned away for now.', 'RFC 3261 §21.5.4'));
    } else if (intent.kind === 'relieve') {
      this.#retryAfter = undefined;
      this.note(decided('Requests are served.'));
    } else super.onIntent(intent);
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    if (this.#retryAfter !== undefined) {
      const why = 'This entry of the network is overloaded. It says for how long it wants to be left alone; whoever asked may try another entry.';
      this.refuse(server, 503, rejected(why, 'RFC 3261 §21.5.4'), [['Retry-After', String(this.#retryAfter)]]);
      return;
    }
    const { trust } = this.#config;
    const sender = flow.remote.address;
    const stranger = trust !== undefined && !isTrusted(trust, sender);
    // TS 24.229 §5.3.1: who registers comes through the P-CSCF of a trusted network.
    if (stranger && request.method === 'REGISTER') {
      this.refuse(server, 403, rejected(`The REGISTER comes from ${describeStranger(trust, sender)}: nobody registers from there.`, 'TS 24.229 §5.3.1'));
      return;
    }
    if (!this.mayForward(server, request, this.loopKey(request))) return;
    const notes: Note[] = [];
    if (stranger) {
      this.note(strangerComes(trust, sender));
      removeUntrusted(request, notes, trust, sender);
    }
    const top = uriOf(request.headers.first('Route') ?? '');
    if (top !== undefined && hostOf(top) === this.config.host) popRoute(request, notes);
    translatePres(request, notes);
    if (chargingVectorOf(request) === undefined) {
      setChargingVector(
        request,
        notes,
        newVector(this.chance, this.config),
        'The request came without a charging number: the entry of the network gives it one.',
        'TS 32.260 §5.1.2.2',
      );
    }
    this.#ask(server, request, notes, []);
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const isEstablished = outgoing.request.method === 'SUBSCRIBE' && response.status < 300;
    const notes = isEstablished ? [OUT_OF_THE_PATH] : [];
    const { trust } = this.#config;
    const asker = outgoing.server?.flow.remote.address;
    if (trust !== undefined && asker !== undefined && !isTrusted(trust, asker)) removeForStranger(response, notes, trust, asker);
    this.relay(outgoing, response, notes);
  }

  /** A silent S-CSCF: another one is selected, if the network has one (TS 24.229 §5.3.1, §5.3.2). */
  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { server, purpose } = outgoing;
    if (server === undefined || purpose.original.method !== 'REGISTER') {
      super.onNoAnswer(outgoing, why);
      return;
    }
    this.note(decided('The S-CSCF is silent: the HSS is asked for the capabilities, to choose another one.', 'TS 29.228 §6.1.1'));
    this.#ask(server, purpose.original, [], purpose.tried);
  }

  #ask(server: ServerTransaction, request: SipRequest, notes: Note[], failed: readonly string[]): void {
    const registering = request.method === 'REGISTER';
    const cx = {
      sessionId: createSessionId(this.config.host, this.chance),
      originHost: this.config.host,
      originRealm: this.config.domain,
      // Which of several HSSs holds the user is for the locator to say.
      destinationHost: this.#config.located === undefined ? this.#config.hss.host : undefined,
      destinationRealm: this.config.domain,
    };
    const purpose: CxPurpose = { kind: registering ? 'authorization' : 'location', server, request, notes, failed };
    if (!registering) {
      const message = buildLocationInfoRequest({ ...cx, publicIdentity: identityKey(request.uri) });
      const note = decided(
        this.#config.located === undefined
          ? 'The request is for a user of this network: the HSS knows which S-CSCF serves the user.'
          : 'The request is for a user of this network, which has several HSSs: the locator knows which of them to ask.',
        'TS 29.228 §6.1.4',
      );
      this.diameter.request(message, this.#config.hss, purpose, [note], this.now, this.out);
      return;
    }
    const publicIdentity = identityKey(uriOf(request.headers.get('To') ?? '') ?? '');
    const credentials = parseCredentials(request.headers.get('Authorization') ?? '');
    const message = buildUserAuthorizationRequest({
      ...cx,
      publicIdentity,
      userName: credentials?.params.get('username') ?? publicIdentity.replace(/^sips?:/, ''),
      visitedNetwork: (request.headers.get('P-Visited-Network-ID') ?? this.config.domain).replace(/^"|"$/g, ''),
      authorizationType:
        failed.length > 0
          ? USER_AUTHORIZATION_TYPE.registrationAndCapabilities
          : expiresOf(request) === 0
            ? USER_AUTHORIZATION_TYPE.deregistration
            : USER_AUTHORIZATION_TYPE.registration,
    });
    const question =
      expiresOf(request) === 0
        ? 'This user wants to be registered no more: which S-CSCF serves them?'
        : 'May this user register from that network, and which S-CSCF shall serve them?';
    const who = this.#config.located === undefined ? 'The HSS decides.' : 'One of the HSSs decides; the locator knows which.';
    const note = decided(`${question} ${who}`, 'TS 29.228 §6.1.1');
    this.diameter.request(message, this.#config.hss, purpose, [note], this.now, this.out);
  }

  protected override diameterServers(): readonly DiameterServer[] {
    return this.#config.located ?? [];
  }

  protected override onDiameter(event: DiameterEvent<CxPurpose>): void {
    if (event.kind === 'request') return;
    const { user: purpose } = event;
    if (event.kind === 'no-answer') {
      this.refuse(purpose.server, 500, rejected('The HSS did not answer, so nobody knows where the user is served.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    const answer = purpose.kind === 'location' ? readLocationInfoAnswer(event.message) : readUserAuthorizationAnswer(event.message);
    if (answer.kind === 'cx-fault') {
      this.refuse(purpose.server, 500, rejected(`The answer of the HSS cannot be read: ${answer.avp} is wrong.`, 'TS 29.228 §6.1'));
      return;
    }
    const { result, serverName, capabilities } = answer;
    if (!isGranted(result)) {
      this.#refuseByResult(purpose, result.name, result.code);
      return;
    }
    const chosen = serverName ?? this.#select(capabilities?.mandatory ?? [], purpose.failed);
    if (chosen === undefined) {
      this.refuse(
        purpose.server,
        purpose.request.method === 'REGISTER' ? 504 : 480,
        rejected('No S-CSCF of this network has the capabilities that the user needs.', 'TS 24.229 (clause unchecked)'),
      );
      return;
    }
    const reason =
      serverName === undefined
        ? 'No S-CSCF serves the user yet: this one has the capabilities that the HSS asks for.'
        : this.#config.servers.some((server) => server.name === serverName)
          ? 'The HSS names the S-CSCF that serves the user.'
          : 'The HSS names a server that is none of the S-CSCFs: the address is that of a service, and its application server takes the request itself.';
    this.#forward(purpose, chosen, reason, capabilities);
  }

  #forward(purpose: CxPurpose, chosen: string, reason: string, asked: ServerCapabilities | undefined): void {
    const { server, notes } = purpose;
    const request = purpose.request.method === 'REGISTER' ? cloneRequest(purpose.request) : purpose.request;
    decrementMaxForwards(request, notes);
    const clause = purpose.kind === 'location' ? 'TS 29.228 §6.1.4' : 'TS 29.228 §6.1.1';
    pushHeader(request, notes, 'Route', entry(chosen), reason, clause);
    const { trust } = this.#config;
    const isStranger = trust !== undefined && !isTrusted(trust, server.flow.remote.address);
    const staysOut = request.method === 'SUBSCRIBE' ? ' The I-CSCF does not record itself: the NOTIFY will not pass here.' : '';
    const after = isStranger ? ' What the network that is not trusted said of identity and charging has been taken off.' : staysOut;
    notes.push(routed(`${reason}${after}`, clause, chosen));
    this.send({
      request,
      notes,
      server,
      purpose: {
        kind: 'forward',
        tried: [...purpose.failed, chosen],
        original: purpose.request,
        asked,
      },
      // For any other request nobody else could step in.
      ...(request.method === 'REGISTER' ? { timers: impatientTimers(this.#config.patience) } : {}),
      targets: [],
      tried: 0,
    });
  }

  #select(mandatory: readonly number[], failed: readonly string[]): string | undefined {
    return this.#config.servers.find((server) => !failed.includes(server.name) && mandatory.every((one) => server.capabilities.includes(one)))?.name;
  }

  #refuseByResult(purpose: CxPurpose, name: string, code: number): void {
    const note = (why: string): Note => rejected(`${why} (the HSS says ${name}, ${code}).`, 'TS 29.228 §6.1');
    if (purpose.kind === 'authorization') {
      this.refuse(purpose.server, 403, note('The home network does not let this user register'));
      return;
    }
    if (name === 'DIAMETER_ERROR_USER_UNKNOWN') this.refuse(purpose.server, 404, note('Nobody has this address here'));
    else if (name === 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED')
      this.refuse(purpose.server, 480, note('The user is not registered and has no services for that case'));
    else this.refuse(purpose.server, 500, note('The HSS cannot tell where the user is served'));
  }

  protected override mark(): string | undefined {
    return this.#retryAfter === undefined ? undefined : 'overloaded';
  }

  protected override chargingFacts(server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    const role = server?.request.method === 'REGISTER' ? ROLE_OF_NODE.originating : ROLE_OF_NODE.terminating;
    if (outgoing === undefined) return { role };
    const { tried, asked } = outgoing.purpose;
    return { role, capabilities: { mandatory: asked?.mandatory ?? [], optional: asked?.optional ?? [], serverNames: tried.slice(-1) } };
  }

  protected override tables(_now: SimTime): readonly ViewTable[] {
    return [
      {
        title: 'S-CSCFs to choose from',
        columns: ['Name', 'Capabilities'],
        rows: this.#config.servers.map((server) => [server.name, server.capabilities.join(', ') || '–']),
        empty: 'This network has no S-CSCF.',
      },
    ];
  }
}

/** The address of an abstract service is that of a public identity of this network (RFC 3859 §3.2: it specifies a presentity; that it is the one of the same user and domain is our choice). */
function translatePres(request: SipRequest, notes: Note[]): void {
  const uri = parseUri(request.uri);
  if ((uri?.kind !== 'pres' && uri?.kind !== 'im') || uri.user === undefined) return;
  const to = `sip:${uri.user}@${formatHost(uri.host)}`;
  const reason = `In this network a ${uri.scheme} address means the public identity of the same name: from here on the request is for that one.`;
  notes.push({ op: 'changed', header: 'Request-URI', from: request.uri, to, reason, clause: 'TS 24.229 (clause unchecked)' });
  request.uri = to;
}
