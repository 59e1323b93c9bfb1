/**
 * XML document management server (TS 24.141 (clause unchecked); RFC 4825 for Ut, RFC 5875 for what it tells others): keeps the rules of presentities, changes them as their owners
 * want over HTTP, and tells the presence server, which subscribes to xcap-diff, that they are not what they were.
 * Omitted: an aggregation proxy in front, TLS, delegates, subscriptions of users to their own documents.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { type SimTime, utcMilliseconds } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { EntityView, LiveState, ViewDocument, ViewTable, ViewTimer } from '#base/view.ts';
import { DigestGuard, type DigestUser } from '#ims/node/digest-guard.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from '#presence/subscription/notifier.ts';
import { parseWanted, RESOURCE_LISTS_TYPE, targetBelow, XCAP_DIFF_FACTS, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { createHttpResponse, fieldOf, type HttpRequest, type HttpResponse } from '#protocol/http/message.ts';
import { answerToFault, httpAnswer, readHttpRequest } from '#protocol/http/server.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { type DocumentChange, formatXcapDiff } from '#protocol/xcap/diff.ts';
import { parseXcapTarget } from '#protocol/xcap/uri.ts';
import { type StoredDocument, XcapDocuments } from './documents.ts';
import { Followers } from './followers.ts';
import { documentTables } from './document-tables.ts';
import { ASSERTED_OVER_HTTP, objectionTo, type OwnServer } from '#ims/node/own-servers.ts';
import { PRES_RULES_USAGE, RESOURCE_LISTS_USAGE, RLS_SERVICES_USAGE } from './usages.ts';

/** Who speaks over Ut shows a password (RFC 2617 §3.2), in the place of the keys of the generic bootstrapping architecture and TLS (TS 33.222 (clause unchecked)). */
export interface XdmsUser extends DigestUser {
  /** Canonical public identities: the user identifiers of the own documents. */
  readonly identities: readonly string[];
}

export interface KeptDocument {
  readonly auid: string;
  readonly xui: string;
  readonly document?: string;
  readonly text: string;
}

export interface XdmsConfig extends NodeConfig {
  readonly users: readonly XdmsUser[];
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
  /** Servers of the own network that may read everything and are told of changes. */
  readonly servers: readonly OwnServer[];
  /** What is kept already: of which application, whose, under which name (`index` when left out), and the text. */
  readonly kept: readonly KeptDocument[];
}

interface Purpose {
  readonly subscription: NotifierSubscription;
}

const SERVED: UasCapabilities = { methods: ['SUBSCRIBE'], schemes: ['sip', 'sips'], extensions: [], contentTypes: [RESOURCE_LISTS_TYPE], contentEncodings: [] };

export class Xdms extends SipNode<Purpose> {
  readonly #xdms: XdmsConfig;
  readonly #documents: XcapDocuments;
  readonly #guard: DigestGuard<XdmsUser>;
  readonly #notifier: Notifier;
  readonly #followers = new Followers();
  /** What the SUBSCRIBE that is answered just now names. */
  #asked: readonly string[] | undefined;

  /** `stored`: the documents that were on disk when it stopped. */
  constructor(config: XdmsConfig, chance: Chance, stored?: ReadonlyMap<string, StoredDocument>) {
    super(config, chance);
    this.#xdms = config;
    const isSomebody = (uri: string): boolean => config.users.some(({ identities }) => identities.includes(identityKey(uri)));
    this.#documents = new XcapDocuments([PRES_RULES_USAGE, RLS_SERVICES_USAGE, RESOURCE_LISTS_USAGE], this.#root, isSomebody, chance, stored);
    if (stored === undefined)
      for (const { auid, xui, document = 'index', text } of config.kept) this.#documents.keep({ auid, tree: 'users', xui, document }, text);
    this.#guard = new DigestGuard(config.users, config.domain, chance);
    this.#notifier = new Notifier({
      contact: `<sip:${config.host}>`,
      chance,
      packages: [
        {
          ...XCAP_DIFF_FACTS,
          authorize: () => ({
            decision: 'active',
            reason: 'A server of the own network is told of every change of what it asks for.',
            clause: 'RFC 5875 §4.7',
          }),
          bodyOf: ({ subscription, isWhole, contentType }) => ({
            contentType,
            bytes: encodeUtf8(this.#changesFor(subscription, isWhole)),
            reason: isWhole ? 'All documents that are asked for, with their entity-tags.' : 'The documents that have changed, by their entity-tags.',
            clause: 'RFC 5875 §4.1',
          }),
        },
      ],
      observe: ({ subscription, to }) => {
        if (to === 'terminated') this.#followers.forget(subscription);
      },
    });
  }

  get #root(): string {
    return `http://${this.config.host}${XCAP_ROOT}`;
  }

  /** UTC, in milliseconds since 1970. */
  get #at(): number {
    return utcMilliseconds(this.#xdms.startsAt, this.now);
  }

  /** What outlives a restart. */
  get stored(): ReadonlyMap<string, StoredDocument> {
    return this.#documents.stored;
  }

  override step(input: Input, now: SimTime): readonly Effect[] {
    if (input.kind !== 'bytes' || input.transport !== 'tcp' || input.local.port !== HTTP_PORT) return super.step(input, now);
    this.now = now;
    this.out = [];
    this.#receiveHttp(input);
    return this.out;
  }

  #receiveHttp(arrived: BytesInput): void {
    const request = readHttpRequest(arrived.bytes);
    if (request === undefined) this.note(rejected('This is an answer, and nothing was asked.', 'RFC 9112 §9'));
    else if (request.kind === 'http-error') this.out.push(answerToFault(arrived, request, this.#at));
    else this.#serve(arrived, request);
  }

  #serve(arrived: BytesInput, request: HttpRequest): void {
    const answer = (response: HttpResponse, notes: readonly Note[]): void => void this.out.push(httpAnswer(arrived, response, request.method, notes, this.#at));
    const address = parseXcapTarget(XCAP_ROOT, request.target);
    const asserted = fieldOf(request, ASSERTED_OVER_HTTP);
    const objection = objectionTo(this.#xdms.servers, arrived.remote.address, asserted);
    if (objection !== undefined) {
      // Who is no server may be a user, whatever it says of itself besides.
      if (asserted !== undefined) this.note(rejected(objection, 'TS 24.109 (clause unchecked)', ASSERTED_OVER_HTTP));
      const { method, target, body } = request;
      const verdict = this.#guard.judge({ authorization: fieldOf(request, 'Authorization'), method, body, isMeant: (uri) => uri === target }, this.now);
      if (verdict.kind === 'challenge') {
        answer(createHttpResponse(401, [['WWW-Authenticate', verdict.value]]), [
          rejected(`${verdict.reason} Whoever wants something over Ut shows the password of a user.`, 'RFC 2617 §3.2.1', 'Authorization'),
        ]);
        return;
      }
      // RFC 4825 §5.7: a user reads and writes the own tree, and no other.
      if (typeof address !== 'string' && address.tree === 'users' && !verdict.user.identities.includes(identityKey(address.xui ?? ''))) {
        answer(createHttpResponse(403), [rejected('These are documents of somebody else.', 'RFC 4825 §5.7')]);
        return;
      }
    } else if (request.method !== 'GET') {
      answer(createHttpResponse(403), [rejected('A server of the network reads what users keep here, and changes nothing.', 'RFC 4825 §5.7')]);
      return;
    }
    if (typeof address === 'string') {
      answer(createHttpResponse(address === 'malformed' ? 400 : 404), [rejected('That is not the address of anything here.', 'RFC 4825 §8')]);
      return;
    }
    const { response, notes, change } = this.#documents.handle(request, address);
    answer(response, notes);
    if (change !== undefined) this.#tell(change);
  }

  /** Whoever wants to know hears that a document is not what it was. */
  #tell(change: DocumentChange): void {
    const concerned = new Set(this.#followers.changed(change));
    for (const resource of this.#notifier.resources(XCAP_DIFF_FACTS.name))
      for (const subscription of this.#notifier.subscriptionsTo(XCAP_DIFF_FACTS.name, resource))
        if (concerned.has(subscription)) this.#carryOut(this.#notifier.changedFor(subscription, this.now));
  }

  #changesFor(subscription: object, isWhole: boolean): string {
    const documents = this.#followers.tell(subscription, this.#documents.stored, isWhole, this.#asked);
    return formatXcapDiff({ root: `${this.#root}/`, documents });
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    if (!this.mayServe(server, request, SERVED)) return;
    const asserted = request.headers.first('P-Asserted-Identity');
    const objection = objectionTo(this.#xdms.servers, flow.remote.address, asserted);
    if (objection !== undefined || asserted === undefined) {
      this.refuse(server, 403, rejected(`${objection ?? ''} Only servers of the own network are told of changes here.`, 'RFC 3325 §5', 'P-Asserted-Identity'));
      return;
    }
    const wanted = request.body.length === 0 ? undefined : parseWanted(decodeUtf8(request.body));
    if (wanted !== undefined && 'reason' in wanted) {
      const [status, clause] = wanted.fault === 'too-large' ? ([413, 'RFC 3261 §21.4.11'] as const) : ([400, 'RFC 3261 §21.4.1'] as const);
      this.refuse(server, status, rejected(`What it wants to be told of cannot be read: ${wanted.reason}`, clause));
      return;
    }
    // RFC 5875 §4.1: what is wanted is named by HTTP URLs; those below the own root are as good as what is relative to it.
    this.#asked = wanted?.map((uri) => targetBelow(this.#root, uri)?.slice(XCAP_ROOT.length + 1) ?? uri);
    this.#carryOut(this.#notifier.receive(request, identityKey(asserted), this.now), server);
    this.#asked = undefined;
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    this.#carryOut(this.#notifier.answered(outgoing.purpose.subscription, response, this.now));
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    this.#carryOut(this.#notifier.unanswered(outgoing.purpose.subscription, why === 'timeout' ? 'timeout' : 'transport-error', this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return this.#notifier.deadline();
  }

  protected override onOwnDeadline(): void {
    this.#carryOut(this.#notifier.fire(this.now));
  }

  #carryOut(steps: readonly NotifierStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (server !== undefined) this.respond(server, step.response, step.notes);
      } else if (step.kind === 'notify') {
        const notes = [...step.notes, decided('The documents themselves are not told: who needs them fetches them.', 'RFC 5875 §1')];
        this.send({ request: step.request, notes, server: undefined, purpose: { subscription: step.subscription }, targets: [], tried: 0 });
      } else this.out.push(step);
    }
  }

  override view(now: SimTime): EntityView {
    const documents = [...this.#documents.stored].flatMap(([selector, { tag, text }]): ViewDocument[] => {
      const [, usage, owner] = /^([^/]+)\/users\/([^/]+)\/index$/.exec(selector) ?? [];
      return usage === undefined || owner === undefined ? [] : [{ usage, owner, tag, text }];
    });
    return { ...super.view(now), documents };
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [
      {
        title: 'Documents',
        columns: ['Document', 'Entity-tag', 'Content'],
        rows: [...this.#documents.stored].map(([selector, { tag, text }]) => [selector, tag, text]),
        empty: 'Nobody keeps anything here.',
      },
      ...documentTables(this.#documents.stored),
      this.#notifier.viewTable(now),
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return this.#notifier.viewTimers();
  }

  protected override ownStates(): readonly LiveState[] {
    return this.#notifier.viewStates();
  }
}
