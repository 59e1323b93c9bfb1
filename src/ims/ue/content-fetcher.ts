/**
 * A UE that takes presence documents by reference (RFC 4483; TS 23.141 §5.3.4): it fetches them by HTTP as part of Pw and holds them against what the NOTIFY said. What it gets counts as if it had
 * stood in the NOTIFY. Handed to the UE by whoever builds it. Omitted: names in URLs (they hold addresses here), redirects, https, a second try.
 */
import type { Effect, Endpoint, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { contentFault, type ContentReference, EXTERNAL_BODY_TYPE, isReferenceError, readReference } from '#presence/content-indirection/external-body.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { HttpClient, type HttpEvent } from '#protocol/http/client.ts';
import { createHttpRequest, fieldOf, mediaTypeIn } from '#protocol/http/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import type { ContentFetching } from './abilities.ts';
import type { Notified } from './notified.ts';

const CLAUSE = 'RFC 4483 §5.4';
/** Octets of the longest content that is fetched (our choice). */
const LONGEST = 65_536;
/** Contents that are remembered (our choice). */
const MOST_KNOWN = 50;
/** The local ports of this client, apart from those of others in the same terminal. */
const FIRST_PORT = 48_000;

interface Fetch {
  readonly reference: ContentReference;
  readonly step: Notified;
}

interface Target {
  readonly server: Endpoint;
  readonly host: string;
  readonly path: string;
}

export class ContentFetcher implements ContentFetching {
  readonly accepts: readonly string[] = [`${PIDF_TYPE};q=0.5`, EXTERNAL_BODY_TYPE];
  readonly #startsAt: number;
  readonly #http: HttpClient<Fetch>;
  /** By Content-ID. */
  readonly #known = new Map<string, Uint8Array>();
  readonly #told: string[][] = [];
  #arrived: Notified[] = [];

  constructor(address: string, startsAt: string) {
    this.#startsAt = Date.parse(startsAt);
    this.#http = new HttpClient(address, FIRST_PORT);
  }

  isReference({ contentType }: Notified): boolean {
    return contentType === EXTERNAL_BODY_TYPE;
  }

  follow(step: Notified, now: SimTime, out: Effect[]): void {
    const note = (one: Note): void => {
      out.push({ kind: 'note', note: one });
    };
    const reference = readReference(step.contentTypeField ?? '', step.body);
    if (isReferenceError(reference)) {
      note(rejected(`The reference cannot be followed: ${reference.reason}`, reference.clause));
      return;
    }
    // RFC 4483 §5.6: what has the same Content-ID is the same.
    const known = reference.contentId === undefined ? undefined : this.#known.get(reference.contentId);
    if (known !== undefined) {
      note(decided('The reference is to content that is here already: it is not fetched again.', 'RFC 4483 §5.6'));
      this.#arrived.push(asIfInside(step, known));
      return;
    }
    const obstacle = this.#obstacle(reference, now);
    const target = targetOf(reference.url);
    if (obstacle !== undefined || target === undefined) {
      note(obstacle ?? rejected('The URL names no address at which HTTP is spoken: it is not followed.', 'RFC 4483 §7'));
      this.#tell(reference, 'not fetched');
      return;
    }
    const request = createHttpRequest('GET', target.path, [
      ['Host', target.host],
      ['Accept', PIDF_TYPE],
    ]);
    const why = decided(
      'The NOTIFY only says where the document is: it is fetched there, as part of the watcher’s way to the presence server.',
      'TS 23.141 §5.3.4',
    );
    const refused = this.#http.request(target.server, request, [why], { reference, step }, now, out);
    if (refused !== undefined) this.#take(refused, out);
  }

  arrived(): readonly Notified[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  isAbout(input: Input): boolean {
    return (input.kind === 'bytes' || input.kind === 'transport-failed') && input.transport === 'tcp' && this.#http.isAbout(input);
  }

  step(input: Input, now: SimTime, out: Effect[]): void {
    const events =
      input.kind === 'bytes'
        ? this.#http.receive(input, now, out)
        : input.kind === 'transport-failed'
          ? this.#http.transportFailed(input.remote, now, out)
          : [];
    for (const event of events) this.#take(event, out);
  }

  deadline(): SimTime | undefined {
    return this.#http.deadline();
  }

  fire(now: SimTime, out: Effect[]): void {
    for (const event of this.#http.fire(now, out)) this.#take(event, out);
  }

  table(): ViewTable | undefined {
    if (this.#told.length === 0) return undefined;
    return { title: 'Content by reference', columns: ['URL', 'Size', 'SHA-1', 'What became of it'], rows: this.#told, empty: '' };
  }

  timers(): readonly ViewTimer[] {
    return this.#http.viewTimers();
  }

  #obstacle({ expiresAt, size }: ContentReference, now: SimTime): Note | undefined {
    if (expiresAt <= this.#startsAt + now / 1000) return rejected('The time of the URL is over: it is not asked for.', 'RFC 4483 §5.7');
    if (size !== undefined && size > LONGEST)
      return rejected(`The content would have ${size} octets, more than are taken: it is not asked for.`, 'RFC 4483 §5.9');
    return undefined;
  }

  #take(event: HttpEvent<Fetch>, out: Effect[]): void {
    const { reference, step } = event.user;
    const reject = (reason: string, clause: string, what: string): void => {
      out.push({ kind: 'note', note: rejected(reason, clause) });
      this.#tell(reference, what);
    };
    if (event.kind === 'no-answer') {
      reject('The content cannot be had: nobody answers where the URL leads. What was known stays.', CLAUSE, 'not to be had');
      return;
    }
    const { response } = event;
    if (response.status !== 200) {
      reject(
        `The content cannot be had: the server says ${response.status} ${response.reason}. What was known stays.`,
        CLAUSE,
        `not to be had (${response.status})`,
      );
      return;
    }
    const fault = contentFault(reference, response.body, fieldOf(response, 'Content-Type'));
    if (fault !== undefined) {
      reject(`${fault.reason} It is not taken, and the user is told.`, fault.clause, 'not what was meant');
      return;
    }
    if (mediaTypeIn(response) !== PIDF_TYPE) {
      reject('The content is no presence document.', 'RFC 4483 §5.8', 'no presence document');
      return;
    }
    out.push({ kind: 'note', note: decided('The content is what the NOTIFY meant: its size and its hash are the same.', 'RFC 4483 §7') });
    this.#tell(reference, 'fetched, and what was meant');
    if (reference.contentId !== undefined) {
      for (const oldest of this.#known.keys()) if (this.#known.size >= MOST_KNOWN) this.#known.delete(oldest);
      this.#known.set(reference.contentId, response.body.slice());
    }
    this.#arrived.push(asIfInside(step, response.body));
  }

  #tell({ url, size, hash }: ContentReference, what: string): void {
    this.#told.push([url, size === undefined ? '–' : String(size), hash ?? '–', what]);
    if (this.#told.length > MOST_KNOWN) this.#told.shift();
  }
}

/** RFC 4483 §1: content by reference counts as if it stood in the message. */
const asIfInside = (step: Notified, body: Uint8Array): Notified => ({ ...step, contentType: PIDF_TYPE, contentTypeField: PIDF_TYPE, body });

/** Only addresses and the usual port: a URL must not lead a terminal to wherever its writer likes (RFC 4483 §7). */
function targetOf(url: string): Target | undefined {
  const [, literal, path] = /^http:\/\/(\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3})(?::80)?(\/[\x21-\x7e]*)$/i.exec(url) ?? [];
  if (literal === undefined || path === undefined) return undefined;
  return { server: { address: literal.replace(/^\[|\]$/g, ''), port: HTTP_PORT }, host: literal, path };
}
