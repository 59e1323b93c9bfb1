/**
 * A content server: holds presence documents for whoever has their URL, over HTTP (RFC 9110). The presence server of its network puts them there, watchers fetch them as part of Pw
 * (TS 23.141 §5.3.4). A URL is a secret that only the NOTIFY tells, and ends when it says.
 * Omitted: authentication of watchers, TLS, ranges, conditional requests.
 */
import type { BytesInput, Effect, Input, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, earliest, seconds, type SimTime, utcMilliseconds } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { createHttpResponse, fieldOf, type HttpFields, type HttpRequest, isHttpError } from '#protocol/http/message.ts';
import { answerToFault, httpAnswer, readHttpRequest } from '#protocol/http/server.ts';

export interface ContentServerConfig {
  readonly address: string;
  /** Addresses of those who may put content here. */
  readonly writers: ReadonlySet<string>;
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
}

interface Content {
  bytes: Uint8Array;
  readonly contentType: string;
  readonly expiresAt: SimTime;
}

/** Documents that are kept at once (our choice): who may put them is trusted, but a mistake of theirs must not fill the memory. */
const MOST_DOCUMENTS = 10_000;
/** How long content is kept of which its writer does not say so. */
const DEFAULT_LIFETIME = seconds(3600);
/** How long it is remembered that something was there: 410 says more than 404. */
const REMEMBERED = seconds(3600);

export class ContentServer implements Machine {
  readonly #config: ContentServerConfig;
  readonly #documents = new Map<string, Content>();
  #puts = 0;
  /** What was here, and until when that is remembered. */
  readonly #gone = new Map<string, SimTime>();

  constructor(config: ContentServerConfig) {
    this.#config = config;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#forget(now);
    if (input.kind === 'intent') return [{ kind: 'note', note: this.#act(input.intent.kind) }];
    if (input.kind !== 'bytes' || input.transport !== 'tcp' || input.local.port !== HTTP_PORT) return [];
    const request = readHttpRequest(input.bytes);
    if (request === undefined) return [{ kind: 'note', note: rejected('Nobody here has asked for this answer.', 'RFC 9112 §9') }];
    return [isHttpError(request) ? answerToFault(input, request, this.#at(now)) : this.#answer(input, request, now)];
  }

  deadline(): SimTime | undefined {
    let first: SimTime | undefined;
    for (const { expiresAt } of this.#documents.values()) first = earliest(first, expiresAt);
    for (const until of this.#gone.values()) first = earliest(first, until);
    return first;
  }

  view(): EntityView {
    const rows = Array.from(this.#documents, ([path, { bytes, contentType }]) => [path, contentType, String(bytes.length)]);
    return {
      tables: [{ title: 'Content', columns: ['Path', 'Type', 'Octets'], rows, empty: 'There is no content.' }],
      timers: Array.from(this.#documents, ([path, { expiresAt }]) => ({ name: 'Content expires', subject: path, firesAt: expiresAt })),
      states: [],
    };
  }

  #answer(arrived: BytesInput, request: HttpRequest, now: SimTime): Effect {
    const { method, target } = request;
    const reply = (status: number, note: Note, fields: HttpFields = [], body?: Uint8Array): Effect =>
      httpAnswer(arrived, createHttpResponse(status, fields, body), method, [note], this.#at(now));
    if (method === 'PUT') {
      if (!this.#config.writers.has(arrived.remote.address))
        return reply(403, rejected('Only the presence server of this network puts content here.', 'RFC 9110 §15.5.4'));
      const contentType = fieldOf(request, 'Content-Type');
      if (contentType === undefined) return reply(415, rejected('The content has no type.', 'RFC 9110 §15.5.16'));
      const known = this.#documents.has(target);
      if (!known && this.#documents.size >= MOST_DOCUMENTS) return reply(503, rejected('There is too much here already.', 'RFC 9110 §15.6.4'));
      this.#documents.set(target, { bytes: request.body.slice(), contentType, expiresAt: this.#endOf(request, now) });
      this.#gone.delete(target);
      // The writer learns which state of the content it has made. Readers need no entity-tag: a URL has one content.
      const tag = `"${++this.#puts}"`;
      return reply(known ? 204 : 201, decided('The content is kept until its URL ends.', 'RFC 9110 §9.3.4'), [['ETag', tag]]);
    }
    if (method !== 'GET') return reply(405, rejected(`${method} is not served here.`, 'RFC 9110 §15.5.6'), [['Allow', 'GET, PUT']]);
    const content = this.#documents.get(target);
    if (content !== undefined)
      return reply(200, decided('Whoever has the URL may have the content.', 'RFC 4483 §7'), [['Content-Type', content.contentType]], content.bytes);
    if (this.#gone.has(target)) return reply(410, rejected('The content was here, and the time of its URL is over.', 'RFC 4483 §5.7'));
    return reply(404, rejected('There is nothing of that name here.', 'RFC 9110 §15.5.5'));
  }

  #at(now: SimTime): number {
    return utcMilliseconds(this.#config.startsAt, now);
  }

  /** `Expires` of the PUT says when the URL ends. */
  #endOf(request: HttpRequest, now: SimTime): SimTime {
    const said = Date.parse(fieldOf(request, 'Expires') ?? '');
    const start = Date.parse(this.#config.startsAt);
    return Number.isNaN(said) ? after(now, DEFAULT_LIFETIME) : (Math.max(now, (said - start) * 1000) as SimTime);
  }

  #forget(now: SimTime): void {
    for (const [path, { expiresAt }] of [...this.#documents]) {
      if (expiresAt > now) continue;
      this.#documents.delete(path);
      this.#gone.set(path, after(expiresAt, REMEMBERED));
    }
    for (const [path, until] of [...this.#gone]) if (until <= now) this.#gone.delete(path);
  }

  /** What somebody does who should not. */
  #act(kind: string): Note {
    switch (kind) {
      case 'alter-content':
        for (const content of this.#documents.values()) content.bytes = withOtherDigit(content.bytes);
        return decided('Somebody has changed what lies here: one digit of every document.');
      default:
        return rejected(`A content server does not know what "${kind}" is.`);
    }
  }
}

/** A change that leaves a document one: its last digit becomes the next. */
function withOtherDigit(bytes: Uint8Array): Uint8Array {
  const at = bytes.findLastIndex((byte) => byte >= 48 && byte <= 57);
  return bytes.map((byte, i) => (i === at ? (byte === 57 ? 48 : byte + 1) : byte));
}
