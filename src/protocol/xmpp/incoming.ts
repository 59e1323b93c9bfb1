/**
 * The streams that other domains open (RFC 6120 §9.2): accepted for the domains served here, read stanza by stanza. Presence goes up; message and iq are answered by an error,
 * for nobody here deals with them (RFC 6120 §10.5.3.1). The answers go over a stream of our own: this one carries stanzas one way.
 * Omitted: see peers.ts.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { parseJid } from './jid.ts';
import { formatErrorAnswer, labelOfStanza, type Presence, readStanza, type Stanza, type StanzaFault } from './stanza.ts';
import { formatStreamError, formatStreamHeader, NO_FEATURES, STREAM_END, STREAM_VERSION } from './stream-text.ts';
import { SERVER_NAMESPACE, type StreamHeader, XmppFramer, type XmppUnit, type StreamCondition } from './stream.ts';

/** Streams kept at most [choice]: the oldest goes first, so that strangers cannot fill the memory. */
const MAX_STREAMS = 1000;

interface Incoming {
  readonly framer: XmppFramer;
  /** The domain that opened it; undefined before its header. */
  domain: string | undefined;
  own: string;
}

export interface Arrived {
  readonly stanza?: Presence;
  /** What is to be sent back, from the domain `own` to the domain of the sender. */
  readonly answer?: { readonly own: string; readonly domain: string; readonly text: string; readonly label: string; readonly notes: readonly Note[] };
}

export class IncomingStreams {
  readonly #domains: readonly string[];
  readonly #chance: Chance;
  readonly #streams = new Map<string, Incoming>();

  constructor(domains: readonly string[], chance: Chance) {
    this.#domains = domains;
    this.#chance = chance;
  }

  receive(input: BytesInput, out: Effect[]): Arrived[] {
    const key = endpointKey(input.remote);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = { framer: new XmppFramer(), domain: undefined, own: this.#domains[0] ?? '' };
      const oldest = this.#streams.keys().next().value;
      if (this.#streams.size >= MAX_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
      this.#streams.set(key, stream);
    }
    const arrived: Arrived[] = [];
    for (const unit of stream.framer.take(input.bytes)) {
      const one = this.#unit(stream, unit, input, out);
      if (one !== undefined) arrived.push(one);
      if (!this.#streams.has(key)) break;
    }
    return arrived;
  }

  rows(): (readonly string[])[] {
    return [...this.#streams.values()].flatMap(({ domain, own }) => (domain === undefined ? [] : [[domain, own, 'open', '–']]));
  }

  #unit(stream: Incoming, unit: XmppUnit, input: BytesInput, out: Effect[]): Arrived | undefined {
    switch (unit.kind) {
      case 'open':
        this.#open(stream, unit.header, input, out);
        return undefined;
      case 'xmpp-error':
        this.#refuse(stream, unit.condition, unit.reason, unit.condition === 'restricted-xml' ? 'RFC 6120 §11.1' : undefined, input, out);
        return undefined;
      case 'close':
        this.#streams.delete(endpointKey(input.remote));
        reply(
          input,
          STREAM_END,
          'stream end',
          [{ op: 'decided', reason: 'The peer has closed its stream: it is closed here too.', clause: 'RFC 6120 §9.2.4' }],
          out,
        );
        return undefined;
      case 'element': {
        const stanza = readStanza(unit.element, SERVER_NAMESPACE);
        if (stanza.kind === 'xmpp-error') {
          this.#refuse(stream, stanza.condition, stanza.reason, undefined, input, out);
          return undefined;
        }
        if (stanza.from.domain !== stream.domain || stanza.to.domain !== stream.own) {
          const reason = `The stanza says ${stanza.from.domain} to ${stanza.to.domain}, its stream ${stream.domain ?? 'nobody'} to ${stream.own}.`;
          this.#refuse(stream, stanza.from.domain === stream.domain ? 'host-unknown' : 'invalid-from', reason, undefined, input, out);
          return undefined;
        }
        return this.#stanza(stanza, out);
      }
    }
  }

  #stanza(stanza: Stanza | StanzaFault, out: Effect[]): Arrived | undefined {
    if (stanza.kind === 'presence') return { stanza };
    const [condition, reason] =
      stanza.kind === 'stanza-fault'
        ? (['bad-request', stanza.reason] as const)
        : (['service-unavailable', `Nobody here deals with ${stanza.kind} stanzas: only presence is.`] as const);
    const note: Note = { op: 'rejected', reason, clause: 'RFC 6120 §10.5.3.1' };
    const text = formatErrorAnswer(stanza, condition);
    if (text === undefined) {
      out.push({ kind: 'note', note: { op: 'decided', reason: 'An error or a result is never answered: it is left aside.' } });
      return undefined;
    }
    const label = labelOfStanza({ kind: stanza.kind === 'stanza-fault' ? stanza.name : stanza.kind, type: 'error' });
    return { answer: { own: stanza.to.domain, domain: stanza.from.domain, text, label, notes: [note] } };
  }

  #open(stream: Incoming, header: StreamHeader, input: BytesInput, out: Effect[]): void {
    const from = parseJid(header.from ?? '');
    const to = header.to?.toLowerCase();
    const refusal = this.#objectionTo(header, from?.local === undefined ? from?.domain : undefined, to);
    if (refusal !== undefined) {
      const text = formatStreamHeader({ from: this.#domains[0] ?? '', to: from?.domain, id: this.#chance.token('stream-id', 12) });
      reply(input, text, 'stream', [], out);
      this.#refuse(stream, refusal.condition, refusal.reason, undefined, input, out);
      return;
    }
    stream.domain = from?.domain;
    stream.own = to ?? '';
    const id = this.#chance.token('stream-id', 12);
    reply(
      input,
      formatStreamHeader({ from: stream.own, to: stream.domain, id }),
      'stream',
      [{ op: 'decided', reason: `The domain ${stream.own} is served here: the stream from ${stream.domain ?? ''} is accepted.`, clause: 'RFC 6120 §9.2.1' }],
      out,
    );
    reply(
      input,
      NO_FEATURES,
      'stream features',
      [
        {
          op: 'decided',
          reason: 'No features: in this simulator TLS and authentication between servers are left out, so nothing has to be negotiated.',
          clause: 'RFC 6120 §9.2.2',
        },
      ],
      out,
    );
  }

  #objectionTo(
    header: StreamHeader,
    from: string | undefined,
    to: string | undefined,
  ): { readonly condition: StreamCondition; readonly reason: string } | undefined {
    if (header.content !== SERVER_NAMESPACE) return { condition: 'invalid-namespace', reason: 'The stream is not one between servers.' };
    if (header.version !== STREAM_VERSION)
      return { condition: 'unsupported-version', reason: `The stream is of the version ${header.version ?? 'before 1.0'}.` };
    if (from === undefined) return { condition: 'improper-addressing', reason: 'The stream does not say from which domain it comes.' };
    if (to === undefined || !this.#domains.includes(to)) return { condition: 'host-unknown', reason: `The domain ${to ?? 'it is for'} is not served here.` };
    return undefined;
  }

  #refuse(_stream: Incoming, condition: StreamCondition, reason: string, clause: string | undefined, input: BytesInput, out: Effect[]): void {
    this.#streams.delete(endpointKey(input.remote));
    reply(input, formatStreamError(condition), 'stream error', [{ op: 'rejected', reason, ...(clause === undefined ? {} : { clause }) }], out);
  }
}

const endpointKey = ({ address, port }: Endpoint): string => `${address} ${port}`;

function reply({ local, remote, connection }: BytesInput, text: string, label: string, notes: readonly Note[], out: Effect[]): void {
  const flow = { transport: 'tcp' as const, local, remote, ...(connection === undefined ? {} : { connection }) };
  out.push({ kind: 'send', bytes: encodeUtf8(text), protocol: 'XMPP', label, ...flow, notes });
}
