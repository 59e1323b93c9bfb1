/**
 * A watcher outside of IMS (TS 23.141 §5.3.2 speaks of watchers of external networks): an ordinary SIP user agent (RFC 3261 §8, RFC 6665 §4.1) without USIM, P-CSCF or registration,
 * in a network that is no PLMN. It finds the domain of the presentity by DNS and may claim what it likes about itself: whether anybody believes it is the matter of others.
 * Omitted: authentication of any kind, publication, TLS.
 */
import type { Chance } from '#base/chance.ts';
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { bringsHeaders } from '#protocol/sip/address-headers.ts';
import { addHeader, decided, rejected, routed } from '#ims/node/edit.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { summaryOf } from '#presence/pidf/states.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { PRESENCE_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { createRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { formatHost, hostOf, parseUri } from '#protocol/sip/uri.ts';

export interface ExternalWatcherConfig extends NodeConfig {
  /** `sip:watcher@example.org`. */
  readonly identity: string;
}

type Purpose = { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription } | { readonly kind: 'register' };

/** Seconds. */
const SUBSCRIPTION_EXPIRES = 3600;
const REGISTRATION_EXPIRES = 3600;
/** 64·T1 with the T1 of 0.5 s of a SIP user agent. */
const TIMER_N = seconds(32);
/** What somebody makes up who wants to look like a guest of a mobile network. */
const CLAIMED_ACCESS = '3GPP-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11';

function isAddress(value: unknown): value is string {
  const uri = typeof value === 'string' ? parseUri(value) : undefined;
  // RFC 3261 §19.1.1: header fields in an address have no place in a request line.
  return (uri?.kind === 'pres' || uri?.kind === 'sip') && !bringsHeaders(value as string);
}

export class ExternalWatcher extends SipNode<Purpose> {
  readonly #agent: ExternalWatcherConfig;
  readonly #subscriber: Subscriber;
  readonly #seen = new Map<string, string>();
  readonly #contact: string;

  constructor(config: ExternalWatcherConfig, chance: Chance) {
    super(config, chance);
    this.#agent = config;
    this.#contact = `<sip:${formatHost(config.address)}>`;
    this.#subscriber = new Subscriber({ packages: [PRESENCE_FACTS], contact: this.#contact, chance, timerN: TIMER_N });
  }

  protected override onIntent(intent: Intent): void {
    const { claim } = intent;
    const to = isAddress(intent['to']) ? intent['to'] : undefined;
    if (to === undefined && intent.kind !== 'unsubscribe' && intent.kind !== 'refresh') {
      this.note(rejected('That is no address that could be watched: a SIP or pres URI is needed.', 'RFC 3261 §25.1'));
      return;
    }
    switch (intent.kind) {
      case 'subscribe':
      case 'fetch': {
        const expires = intent.kind === 'fetch' ? 0 : typeof intent['expires'] === 'number' ? intent['expires'] : SUBSCRIPTION_EXPIRES;
        const wish = { package: 'presence', resource: to ?? '', from: this.#agent.identity, expires };
        this.#carryOut(this.#subscriber.subscribe(wish, this.now), undefined, isAddress(claim) ? claim : undefined);
        return;
      }
      case 'refresh':
      case 'unsubscribe': {
        const subscription = this.#subscriber.subscriptions().findLast(({ wish }) => to === undefined || wish.resource === to);
        if (subscription === undefined) this.note(rejected('There is no such subscription.'));
        else if (intent.kind === 'refresh') this.#carryOut(this.#subscriber.refresh(subscription, this.now));
        else this.#carryOut(this.#subscriber.unsubscribe(subscription, this.now));
        return;
      }
      case 'register':
        this.#register(to ?? '');
        return;
      default:
        super.onIntent(intent);
    }
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest): void {
    if (request.method === 'NOTIFY') this.#carryOut(this.#subscriber.receiveNotify(request, this.now), server);
    else this.refuse(server, 405, rejected(`This agent takes NOTIFY only, not ${request.method}.`, 'RFC 3261 §8.2.1'), [['Allow', 'NOTIFY']]);
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    if (purpose.kind === 'subscribe') this.#carryOut(this.#subscriber.answered(purpose.subscription, response, this.now));
    else if (response.status === 401) this.note(rejected('It is asked for the answer of a USIM, and has none: it gives up.', 'RFC 3310 §3.2'));
    else if (response.status >= 300) this.note(rejected(`The registration was refused: ${response.status} ${response.reason}.`, 'RFC 3261 §10.2'));
    else this.note(decided('The registration is accepted.', 'RFC 3261 §10.2'));
  }

  protected override onNoAnswer({ purpose, request }: Outgoing<Purpose>, why: NoAnswer): void {
    this.note(decided(`Nobody answered the ${request.method}: the agent gives up.`, 'RFC 3261 §17.1.2.2'));
    if (purpose.kind === 'subscribe')
      this.#carryOut(this.#subscriber.unanswered(purpose.subscription, why === 'timeout' ? 'timeout' : 'transport-error', this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return this.#subscriber.deadline();
  }

  protected override onOwnDeadline(): void {
    this.#carryOut(this.#subscriber.fire(this.now));
  }

  /** As somebody of the domain in the address: nothing keeps a stranger from trying. */
  #register(identity: string): void {
    const registrar = `sip:${hostOf(identity) ?? ''}`;
    const request = createRequest('REGISTER', registrar, [
      ['Max-Forwards', '70'],
      ['From', `<${identity}>;tag=${this.chance.token('from-tag', 10)}`],
      ['To', `<${identity}>`],
      ['Call-ID', this.chance.token('call-id', 16)],
      ['CSeq', '1 REGISTER'],
      ['Contact', this.#contact],
      ['Expires', String(REGISTRATION_EXPIRES)],
    ]);
    this.#send(request, [routed('There is no P-CSCF out here: the REGISTER goes straight to the domain.', 'RFC 3261 §10.2.6', registrar)], {
      kind: 'register',
    });
  }

  #carryOut(steps: readonly SubscriberStep[], server?: ServerTransaction, claim?: string): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.respond(server, step.response, step.notes);
          break;
        case 'subscribe': {
          const notes = [...step.notes];
          if (claim !== undefined) this.#claim(step.request, notes, claim);
          this.#send(step.request, notes, { kind: 'subscribe', subscription: step.subscription });
          break;
        }
        case 'notified':
          this.#learn(step.subscription.wish.resource, decodeUtf8(step.body));
          break;
        case 'ended':
          break;
        default:
          this.out.push(step);
      }
    }
  }

  /** Writes what only networks that trust each other write. */
  #claim(request: SipRequest, notes: Note[], claim: string): void {
    addHeader(request, notes, 'P-Asserted-Identity', `<${claim}>`, 'The agent claims to be somebody else; no network has checked that.', 'RFC 3325 §5');
    addHeader(request, notes, 'P-Access-Network-Info', CLAIMED_ACCESS, 'The agent claims to stand in a radio cell.', 'RFC 7315 §5.4');
    const vector = `icid-value="agent-${this.chance.token('icid', 10)}";orig-ioi=${hostOf(claim) ?? ''}`;
    addHeader(request, notes, 'P-Charging-Vector', vector, 'The agent claims that another network pays.', 'RFC 7315 §4.6');
  }

  #learn(resource: string, text: string): void {
    if (text === '') return;
    const document = parsePidf(text);
    if (isPidfError(document)) {
      this.note(rejected(`The presence document cannot be read: ${document.reason}`, 'RFC 3863 §4'));
      return;
    }
    this.#seen.set(resource, summaryOf(document));
    this.note(decided(`The watcher now knows of ${resource}: ${summaryOf(document)}.`, 'RFC 3856 §6.8'));
  }

  #send(request: SipRequest, notes: Note[], purpose: Purpose): void {
    this.send({ request, notes, server: undefined, purpose, targets: [], tried: 0 });
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [
      this.#subscriber.viewTable(now),
      {
        title: 'What is known of others',
        columns: ['Presentity', 'State'],
        rows: [...this.#seen].map(([resource, summary]) => [resource, summary]),
        empty: 'Nobody is watched.',
      },
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return this.#subscriber.viewTimers();
  }

  protected override ownStates(): readonly LiveState[] {
    return this.#subscriber.viewStates();
  }
}
