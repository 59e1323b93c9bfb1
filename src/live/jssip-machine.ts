/**
 * JsSIP as a machine: a real user agent behind the contract of every entity. What arrives at its port goes into its socket, what it sends leaves as
 * effects, its timers are the machine's deadline. It takes the wishes that our own UE takes: register, deregister, subscribe, unsubscribe.
 * What JsSIP lacks for a 3GPP network is made good here, on its side of the wire, each time with a note.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Endpoint, Input, Intent, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { EntityView } from '#base/view.ts';
import { labelOf } from '#protocol/sip/label.ts';
import { encodeSipMessage, parseSipMessage, type SipMessage } from '#protocol/sip/message.ts';
import { UA, type Socket } from 'jssip';
import { HeldNotifies } from './held-notifies.ts';
import { MemorySocket } from './memory-socket.ts';
import { ScriptTimers } from './script-timers.ts';
import { withinWorld, type ScriptWorld } from './script-world.ts';

export interface JsSipConfig {
  /** Public identity, a SIP URI. */
  readonly publicIdentity: string;
  /** Private identity: the user name of the digest. */
  readonly privateIdentity: string;
  readonly password: string;
  readonly homeDomain: string;
  /** Our end and the P-CSCF's end of the WebSocket. */
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly proxyHost: string;
  /** UTC: the moment 0. */
  readonly startsAt: string;
}

/** What JsSIP tells its user. */
export type JsSipEvent =
  | { readonly kind: 'registered' | 'unregistered' | 'accepted' | 'pending' | 'active' }
  | { readonly kind: 'registration-failed'; readonly cause: string }
  | { readonly kind: 'notify'; readonly final: boolean; readonly body: string; readonly contentType: string }
  | { readonly kind: 'terminated'; readonly code: number; readonly reason: string };

type Subscriber = ReturnType<UA['subscribe']>;

export class JsSipMachine implements Machine {
  readonly #config: JsSipConfig;
  readonly #world: ScriptWorld;
  readonly #timers = new ScriptTimers();
  readonly #held = new HeldNotifies();
  readonly #socket: MemorySocket;
  readonly #onEvent: (event: JsSipEvent, now: SimTime) => void;
  readonly #subscribers = new Map<string, Subscriber>();
  #ua: UA | undefined;
  #out: Effect[] = [];

  constructor(config: JsSipConfig, chance: Chance, onEvent: (event: JsSipEvent, now: SimTime) => void = () => undefined) {
    this.#config = config;
    this.#world = { timers: this.#timers, chance, startsAt: Date.parse(config.startsAt) };
    this.#socket = new MemorySocket(`${config.proxyHost}:${config.remote.port}`, (text) => this.#send(text));
    this.#onEvent = onEvent;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#out = [];
    this.#timers.now = now;
    withinWorld(this.#world, () => {
      if (input.kind === 'deadline') this.#timers.fire();
      else if (input.kind === 'bytes') this.#receive(input.bytes);
      else if (input.kind === 'intent') this.#carryOut(input.intent);
      else if (input.kind === 'transport-failed') this.#socket.ondisconnect(true);
    });
    return this.#out;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  view(): EntityView {
    const registered = this.#ua?.isRegistered() === true;
    return {
      tables: [
        {
          title: 'JsSIP',
          columns: ['Identity', 'Registered', 'Subscribed to'],
          rows: [[this.#config.publicIdentity, registered ? 'yes' : 'no', [...this.#subscribers.keys()].join(', ')]],
          empty: '',
        },
      ],
      timers: [],
      states: [],
      ...(registered ? { mark: 'registered' } : {}),
    };
  }

  #receive(bytes: Uint8Array): void {
    const message = parseSipMessage(bytes);
    const text = decodeUtf8(bytes);
    if (message.kind === 'sip-error') {
      this.#socket.receive(text);
      return;
    }
    const visible = this.#held.received(message, text);
    if (visible.length === 0) {
      this.#note({
        op: 'decided',
        reason: 'The NOTIFY is kept back until the answer to the SUBSCRIBE has come: JsSIP knows no dialog before.',
        clause: 'RFC 6665 §4.4.1',
      });
    }
    for (const one of visible) this.#socket.receive(one);
  }

  #send(text: string): void {
    const message = parseSipMessage(encodeUtf8(text));
    if (message.kind === 'sip-error') throw new Error(`JsSIP sent what is no SIP message: ${message.reason}\n${text}`);
    this.#held.sent(message);
    const { local, remote } = this.#config;
    const notes = this.#introduce(message);
    const bytes = notes.length === 0 ? encodeUtf8(text) : encodeSipMessage(message);
    this.#out.push({ kind: 'send', bytes, protocol: 'SIP', label: labelOf(message), transport: 'ws', local, remote, notes });
  }

  /** The first REGISTER has to say who wants to be challenged; JsSIP leaves that out, and its private identity is not made from the public one. */
  #introduce(message: SipMessage): readonly Note[] {
    if (message.kind !== 'request' || message.method !== 'REGISTER' || message.headers.has('Authorization')) return [];
    const { privateIdentity, homeDomain } = this.#config;
    const value = `Digest username="${privateIdentity}",realm="${homeDomain}",uri="${message.uri}",nonce="",response=""`;
    message.headers.append('Authorization', value);
    const reason = 'Names the private identity, so that the HSS can be asked about it; JsSIP sends this field only after a challenge.';
    return [{ op: 'added', header: 'Authorization', to: value, reason, clause: 'TS 24.229 §5.1.1.2' }];
  }

  #carryOut(intent: Intent): void {
    const to = typeof intent['to'] === 'string' ? intent['to'] : '';
    switch (intent.kind) {
      case 'register':
        this.#register();
        return;
      case 'deregister':
        this.#ua?.unregister();
        return;
      case 'subscribe':
        this.#subscribe(to, typeof intent['expires'] === 'number' ? intent['expires'] : 3600);
        return;
      case 'unsubscribe':
        for (const [resource, subscriber] of this.#subscribers) if (to === '' || to === resource) subscriber.terminate();
        return;
      default:
        this.#note({ op: 'rejected', reason: `JsSIP has no way to do "${intent.kind}".` });
    }
  }

  #register(): void {
    this.#ua ??= this.#createUserAgent();
    this.#ua.start();
    this.#ua.register();
  }

  #createUserAgent(): UA {
    const { publicIdentity, privateIdentity, password, homeDomain } = this.#config;
    const ua = new UA({
      // JsSIP declares a class but asks for an object with its members.
      sockets: [this.#socket as unknown as Socket],
      uri: publicIdentity,
      authorization_user: privateIdentity,
      realm: homeDomain,
      password,
      registrar_server: `sip:${homeDomain}`,
      register: false,
    });
    ua.on('registered', () => this.#tell({ kind: 'registered' }, 'it is registered'));
    ua.on('unregistered', () => this.#tell({ kind: 'unregistered' }, 'it is no longer registered'));
    ua.on('registrationFailed', ({ cause }) => this.#tell({ kind: 'registration-failed', cause: String(cause) }, `the registration failed (${String(cause)})`));
    return ua;
  }

  #subscribe(to: string, expires: number): void {
    if (this.#ua === undefined) {
      this.#note({ op: 'rejected', reason: 'JsSIP has not been started: it must register first.' });
      return;
    }
    const subscriber = this.#ua.subscribe(to, 'presence', 'application/pidf+xml', { expires });
    this.#subscribers.set(to, subscriber);
    subscriber.on('accepted', () => this.#tell({ kind: 'accepted' }, 'its subscription is accepted'));
    subscriber.on('pending', () => this.#tell({ kind: 'pending' }, 'its subscription is pending'));
    subscriber.on('active', () => this.#tell({ kind: 'active' }, 'its subscription is active'));
    subscriber.on('notify', (final, _request, body, contentType) =>
      this.#tell({ kind: 'notify', final, body: body ?? '', contentType: contentType ?? '' }, `${contentType ?? 'something'} has come`),
    );
    subscriber.on('terminated', (code, reason) => {
      this.#subscribers.delete(to);
      this.#tell({ kind: 'terminated', code, reason: reason ?? '' }, `its subscription is over${reason === undefined ? '' : ` (${reason})`}`);
    });
    subscriber.subscribe();
  }

  #tell(event: JsSipEvent, words: string): void {
    this.#note({ op: 'decided', reason: `JsSIP tells its user: ${words}.` });
    this.#onEvent(event, this.#timers.now);
  }

  #note(note: Note): void {
    this.#out.push({ kind: 'note', note });
  }
}
