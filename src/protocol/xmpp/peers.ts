/**
 * XMPP between servers (RFC 6120 §9.2): streams to other domains, opened when there is something to say, and streams from them. A stream carries stanzas one way,
 * so two domains that talk have two connections. Gives the stanzas that arrived; for its owner it looks up domains and answers what nobody here deals with.
 * Omitted: TLS, SASL EXTERNAL and dialback: a peer is believed to be the domain that it says it is, and only about that domain's addresses. So nothing has to be negotiated and
 * the features are empty. Also omitted: streams for several domains at once, stream management, a limit to idle streams in time.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable } from '#base/view.ts';
import { type Resolution, Resolver } from '../dns/resolver.ts';
import { IncomingStreams } from './incoming.ts';
import { XMPP_SERVER_PORT } from './ports.ts';
import { formatPresence, labelOfStanza, type Presence } from './stanza.ts';
import { XMPP_STREAM, type StreamEvent, type StreamState, streamTable } from './stream-table.ts';
import { formatStreamHeader } from './stream-text.ts';
import { STREAM_NAMESPACE, XmppFramer, type XmppUnit } from './stream.ts';

const DNS_LOCAL_PORT = 40054;
const FIRST_PORT = 45_000;
/** How long a peer may take to accept a stream [choice]. */
const PATIENCE = seconds(10);
/** Stanzas that wait for one domain at most [choice]. */
const MAX_WAITING = 1000;

export interface XmppPeersOptions {
  /** Domains whose addresses are served here. */
  readonly domains: readonly string[];
  readonly address: string;
  readonly dns: Endpoint;
  readonly chance: Chance;
}

export type Undelivered = 'no-such-domain' | 'no-answer' | 'unreachable' | 'refused';

export type XmppEvent =
  | { readonly kind: 'presence'; readonly stanza: Presence }
  /** It did not reach the domain that it was for. */
  | { readonly kind: 'undelivered'; readonly stanza: Presence; readonly why: Undelivered };

interface Waiting {
  readonly text: string;
  readonly label: string;
  readonly notes: readonly Note[];
  /** Undefined for an answer that nobody misses. */
  readonly stanza: Presence | undefined;
}

interface Outgoing {
  readonly own: string;
  readonly domain: string;
  state: StreamState;
  waiting: Waiting[];
  port: number;
  remote: Endpoint | undefined;
  framer: XmppFramer;
  headerSeen: boolean;
  patience: Timer<Outgoing> | undefined;
}

export class XmppPeers {
  readonly #options: XmppPeersOptions;
  readonly #resolver: Resolver<Outgoing>;
  readonly #streams = new Map<string, Outgoing>();
  readonly #timers = new Timers<Outgoing>();
  readonly #incoming: IncomingStreams;
  #nextPort = FIRST_PORT;

  constructor(options: XmppPeersOptions) {
    const { address, dns, chance } = options;
    this.#options = options;
    this.#resolver = new Resolver({ server: dns, local: { address, port: DNS_LOCAL_PORT }, chance, supports: ['tcp'] });
    this.#incoming = new IncomingStreams(options.domains, chance);
  }

  /** Whether these bytes are for this part of the entity. */
  takes({ transport, local }: BytesInput): boolean {
    if (transport === 'udp') return local.port === DNS_LOCAL_PORT;
    return transport === 'tcp' && (local.port === XMPP_SERVER_PORT || (local.port >= FIRST_PORT && local.port < this.#nextPort));
  }

  /** Sends a presence to the domain in its `to`; what prevents it comes back as an event, now or later. */
  send(given: Presence, notes: readonly Note[], now: SimTime, out: Effect[]): XmppEvent[] {
    // An id of its own tells a stanza that says the same again from the one before.
    const stanza = given.id === undefined ? { ...given, id: this.#options.chance.token('stanza-id', 8) } : given;
    return this.#enqueue(stanza.from.domain, stanza.to.domain, { text: formatPresence(stanza), label: labelOfStanza(stanza), notes, stanza }, now, out);
  }

  receive(input: BytesInput, now: SimTime, out: Effect[]): XmppEvent[] {
    if (input.transport === 'udp') return this.#resolver.receive(input, now, out).flatMap(({ user, resolution }) => this.#resolved(user, resolution, now, out));
    if (input.local.port !== XMPP_SERVER_PORT) return this.#answered(input, now, out);
    const events: XmppEvent[] = [];
    for (const { stanza, answer } of this.#incoming.receive(input, out)) {
      if (stanza !== undefined) events.push({ kind: 'presence', stanza });
      if (answer !== undefined) events.push(...this.#enqueue(answer.own, answer.domain, { ...answer, stanza: undefined }, now, out));
    }
    return events;
  }

  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): XmppEvent[] {
    const events: XmppEvent[] = [];
    for (const stream of this.#streams.values())
      if (stream.remote?.address === remote.address && stream.remote.port === remote.port)
        events.push(...this.#fail(stream, 'unreachable', 'failed', now, out));
    return events;
  }

  deadline(): SimTime | undefined {
    return earliest(this.#resolver.deadline(), this.#timers.next());
  }

  fire(now: SimTime, out: Effect[]): XmppEvent[] {
    const events = this.#resolver.fire(now, out).flatMap(({ user, resolution }) => this.#resolved(user, resolution, now, out));
    for (let due = this.#timers.due(now); due !== undefined; due = this.#timers.due(now)) {
      due.patience = undefined;
      events.push(...this.#fail(due, 'no-answer', 'failed', now, out));
    }
    return events;
  }

  viewTable(): ViewTable {
    return {
      title: 'XMPP streams',
      columns: ['From', 'To', 'State', 'Waiting'],
      rows: [...[...this.#streams.values()].map(({ own, domain, state, waiting }) => [own, domain, state, String(waiting.length)]), ...this.#incoming.rows()],
      empty: 'No other domain has been talked to.',
    };
  }

  viewStates(): LiveState[] {
    return [...this.#streams.values()].map((stream) => ({ machine: XMPP_STREAM.name, key: keyOf(stream), state: stream.state }));
  }

  #enqueue(own: string, domain: string, waiting: Waiting, now: SimTime, out: Effect[]): XmppEvent[] {
    const key = `${own} ${domain}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = {
        own,
        domain,
        state: XMPP_STREAM.initial,
        waiting: [],
        port: 0,
        remote: undefined,
        framer: new XmppFramer(),
        headerSeen: false,
        patience: undefined,
      };
      this.#streams.set(key, stream);
    }
    if (stream.state === 'open') {
      this.#transmit(stream, waiting.text, waiting.label, waiting.notes, out);
      return [];
    }
    if (stream.waiting.length >= MAX_WAITING) return waiting.stanza === undefined ? [] : [{ kind: 'undelivered', stanza: waiting.stanza, why: 'refused' }];
    stream.waiting.push(waiting);
    if (stream.state !== 'closed') return [];
    this.#move(stream, 'stanza', out);
    // RFC 7247 §5: whether the domain speaks XMPP is what its SRV records tell.
    const resolution = this.#resolver.resolve({ host: domain, scheme: 'sip', stream: { name: '_xmpp-server', port: XMPP_SERVER_PORT } }, stream, now, out);
    return resolution === undefined ? [] : this.#resolved(stream, resolution, now, out);
  }

  #resolved(stream: Outgoing, resolution: Resolution, now: SimTime, out: Effect[]): XmppEvent[] {
    if (stream.state !== 'resolving') return [];
    const target = resolution.kind === 'targets' ? resolution.targets[0] : undefined;
    if (target === undefined) {
      for (const note of resolution.notes) out.push({ kind: 'note', note });
      return this.#fail(stream, resolution.kind === 'failed' && resolution.reason === 'no-answer' ? 'no-answer' : 'no-such-domain', 'failed', now, out);
    }
    stream.remote = { address: target.address, port: target.port };
    stream.port = this.#nextPort++;
    stream.framer = new XmppFramer();
    stream.headerSeen = false;
    stream.patience = this.#timers.set(after(now, PATIENCE), stream);
    this.#move(stream, 'located', out);
    const opening: Note = {
      op: 'decided',
      reason: `There is something to say to ${stream.domain}: a stream is opened, and the stanzas wait until it is accepted.`,
      clause: 'RFC 6120 §9.2.1',
    };
    this.#transmit(stream, formatStreamHeader({ from: stream.own, to: stream.domain }), 'stream', [...resolution.notes, opening], out);
    return [];
  }

  /** What comes back on a stream that was opened here. */
  #answered(input: BytesInput, now: SimTime, out: Effect[]): XmppEvent[] {
    const stream = [...this.#streams.values()].find(({ port, state }) => port === input.local.port && (state === 'opening' || state === 'open'));
    if (stream === undefined || stream.remote?.address !== input.remote.address) {
      out.push({ kind: 'note', note: { op: 'rejected', reason: 'The bytes belong to no stream that is open here.' } });
      return [];
    }
    const events: XmppEvent[] = [];
    for (const unit of stream.framer.take(input.bytes)) events.push(...this.#unit(stream, unit, now, out));
    return events;
  }

  #unit(stream: Outgoing, unit: XmppUnit, now: SimTime, out: Effect[]): XmppEvent[] {
    const reject = (reason: string, clause?: string): XmppEvent[] => {
      out.push({ kind: 'note', note: { op: 'rejected', reason, ...(clause === undefined ? {} : { clause }) } });
      return this.#fail(stream, 'refused', 'failed', now, out);
    };
    switch (unit.kind) {
      case 'open':
        stream.headerSeen = true;
        return [];
      case 'xmpp-error':
        return reject(`The stream cannot be followed: ${unit.reason}`, 'RFC 6120 §11.1');
      case 'close':
        return this.#fail(stream, 'refused', 'closed', now, out);
      case 'element': {
        const { namespace, name, children } = unit.element;
        if (namespace === STREAM_NAMESPACE && name === 'error') return reject(`The peer ends the stream: ${children[0]?.name ?? 'without a reason'}.`);
        if (namespace !== STREAM_NAMESPACE || name !== 'features') {
          out.push({
            kind: 'note',
            note: { op: 'rejected', reason: 'A stanza came back on a stream that carries stanzas the other way only: it is left aside.' },
          });
          return [];
        }
        if (children.length > 0) return reject('The peer demands something to be negotiated that is not spoken here.', 'RFC 6120 §9.2.1');
        if (stream.state === 'opening') this.#accepted(stream, out);
        return [];
      }
    }
  }

  #accepted(stream: Outgoing, out: Effect[]): void {
    this.#timers.cancel(stream.patience);
    stream.patience = undefined;
    this.#move(stream, 'accepted', out);
    out.push({
      kind: 'note',
      note: { op: 'decided', reason: 'Nothing has to be negotiated: the stream may be used, and what has waited goes out.', clause: 'RFC 6120 §9.2.3' },
    });
    const waiting = stream.waiting;
    stream.waiting = [];
    for (const { text, label, notes } of waiting) this.#transmit(stream, text, label, notes, out);
  }

  /** The stream is gone, and what waited for it. */
  #fail(stream: Outgoing, why: Undelivered, on: StreamEvent, _now: SimTime, out: Effect[]): XmppEvent[] {
    this.#timers.cancel(stream.patience);
    stream.patience = undefined;
    this.#move(stream, on, out);
    stream.remote = undefined;
    const waiting = stream.waiting;
    stream.waiting = [];
    return waiting.flatMap(({ stanza }) => (stanza === undefined ? [] : [{ kind: 'undelivered' as const, stanza, why }]));
  }

  #move(stream: Outgoing, on: StreamEvent, out: Effect[]): void {
    const step = transition(streamTable, stream.state, on, () => true);
    if (step === undefined) return;
    stream.state = step.to;
    out.push({ kind: 'emit', event: { kind: 'state', machine: XMPP_STREAM.name, key: keyOf(stream), from: step.from, on, to: step.to } });
  }

  #transmit(stream: Outgoing, text: string, label: string, notes: readonly Note[], out: Effect[]): void {
    if (stream.remote === undefined) throw new Error('a stream without a peer is written to');
    out.push({
      kind: 'send',
      bytes: encodeUtf8(text),
      protocol: 'XMPP',
      label,
      transport: 'tcp',
      local: { address: this.#options.address, port: stream.port },
      remote: stream.remote,
      notes,
    });
  }
}

const keyOf = ({ own, domain }: Outgoing): string => `${own} to ${domain}`;
