/**
 * A presence server's way to tell documents by reference (RFC 4483; TS 23.141 §5.3.4): it puts them on the content server of its network by HTTP, and NOTIFYs hold the URL.
 * Omitted: taking content back before its time.
 */
import { sha1Hex } from '#base/crypto.ts';
import type { Chance } from '#base/chance.ts';
import type { Effect, Endpoint, Input } from '#base/machine.ts';
import { after, type Duration, type SimTime } from '#base/time.ts';
import type { ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { EXTERNAL_BODY_TYPE, formatReference, referenceTo } from '#presence/content-indirection/external-body.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import type { TypedBody } from '#presence/subscription/event-package.ts';
import { HttpClient, type HttpEvent } from '#protocol/http/client.ts';
import { createHttpRequest } from '#protocol/http/message.ts';
import { formatHost } from '#protocol/sip/uri.ts';
import type { ContentPublishing } from './content-publishing.ts';

export interface ContentPublisherConfig {
  readonly host: string;
  readonly address: string;
  /** Where the content server takes HTTP. */
  readonly server: Endpoint;
  /** How long a URL can be used. */
  readonly lifetime: Duration;
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
}

interface Kept {
  readonly path: string;
  readonly contentId: string;
  readonly expiresAt: SimTime;
}

/** The local ports of this client, apart from those of others in the same entity. */
const FIRST_PORT = 48_000;

export class ContentPublisher implements ContentPublishing {
  readonly contentType = EXTERNAL_BODY_TYPE;
  readonly #config: ContentPublisherConfig;
  readonly #chance: Chance;
  readonly #http: HttpClient<string>;
  /** By the hash of the content. */
  readonly #kept = new Map<string, Kept>();
  #toPut: { readonly kept: Kept; readonly document: Uint8Array }[] = [];

  constructor(config: ContentPublisherConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
    this.#http = new HttpClient(config.address, FIRST_PORT);
  }

  refer(document: Uint8Array, now: SimTime): TypedBody {
    const kept = this.#keep(document, now);
    const { server } = this.#config;
    const url = `http://${formatHost(server.address)}${kept.path}`;
    const reference = referenceTo(document, { url, expiresAt: this.#dateOf(kept.expiresAt), contentType: PIDF_TYPE, contentId: kept.contentId });
    const reason =
      'The watcher takes a reference: the document itself waits where the URL says, and its size and hash tell whether it is the one that was meant.';
    return { ...formatReference(reference), reason, clause: 'RFC 4483 §5.4' };
  }

  flush(now: SimTime, out: Effect[]): void {
    const { server } = this.#config;
    for (const { kept, document } of this.#toPut) {
      const request = createHttpRequest(
        'PUT',
        kept.path,
        [
          ['Host', formatHost(server.address)],
          ['Content-Type', PIDF_TYPE],
          ['Expires', new Date(this.#dateOf(kept.expiresAt)).toUTCString()],
        ],
        document,
      );
      const note = decided('The document is put where the URL in the NOTIFY says.', 'RFC 4483 §5.4');
      for (const event of [this.#http.request(server, request, [note], kept.path, now, out)]) if (event !== undefined) this.#take(event, out);
    }
    this.#toPut = [];
  }

  isAbout(input: Input): boolean {
    return (input.kind === 'bytes' || input.kind === 'transport-failed') && input.transport === 'tcp' && this.#http.isAbout(input);
  }

  step(input: Input, now: SimTime, out: Effect[]): void {
    if (input.kind === 'bytes') for (const event of this.#http.receive(input, now, out)) this.#take(event, out);
    else if (input.kind === 'transport-failed') for (const event of this.#http.transportFailed(input.remote, now, out)) this.#take(event, out);
  }

  deadline(): SimTime | undefined {
    return this.#http.deadline();
  }

  fire(now: SimTime, out: Effect[]): void {
    for (const event of this.#http.fire(now, out)) this.#take(event, out);
  }

  viewTable(): ViewTable {
    const rows = Array.from(this.#kept.values(), ({ path, contentId, expiresAt }) => [path, contentId, new Date(this.#dateOf(expiresAt)).toISOString()]);
    return { title: 'Content put elsewhere', columns: ['Path', 'Content-ID', 'Until'], rows, empty: 'Nothing is told by reference.' };
  }

  viewTimers(): readonly ViewTimer[] {
    return this.#http.viewTimers();
  }

  /** RFC 4483 §5.6: the same content keeps its URL and its Content-ID, as long as half of its time is left. */
  #keep(document: Uint8Array, now: SimTime): Kept {
    const { host, lifetime } = this.#config;
    for (const [hash, { expiresAt }] of [...this.#kept]) if (expiresAt <= now) this.#kept.delete(hash);
    const hash = sha1Hex(document);
    const known = this.#kept.get(hash);
    if (known !== undefined && known.expiresAt - now >= lifetime / 2) return known;
    const name = this.#chance.token('content', 16);
    const kept = { path: `/presence/${name}`, contentId: `${name}@${host}`, expiresAt: after(now, lifetime) };
    this.#kept.set(hash, kept);
    this.#toPut.push({ kept, document });
    return kept;
  }

  #take(event: HttpEvent<string>, out: Effect[]): void {
    if (event.kind === 'response' && event.response.status < 300) return;
    const why = event.kind === 'response' ? `it answered ${event.response.status}` : 'it does not answer';
    out.push({
      kind: 'note',
      note: rejected(`The document could not be put on the content server: ${why}. Whoever follows the reference finds nothing.`, 'RFC 4483 §5.7'),
    });
  }

  /** Milliseconds since 1970, in whole seconds: dates of HTTP have no parts of them. */
  #dateOf(moment: SimTime): number {
    return Date.parse(this.#config.startsAt) + Math.floor(moment / 1_000_000) * 1000;
  }
}
