/**
 * An HTTP client (RFC 9112 §9): one connection to each server, one question at a time on it, in order. It returns nothing by itself: answers come back as events.
 * Omitted: pipelining, several connections, redirects, name resolution (its owner knows the address), and an orderly end of connections.
 */
import type { BytesInput, Effect, Endpoint } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import type { ViewTimer } from '#base/view.ts';
import { encodeHttpMessage, type HttpRequest, type HttpResponse, isHttpError, parseHttpMessage } from './message.ts';

const FIRST_PORT = 47_000;
/** How long an answer is waited for [choice]. */
const PATIENCE = seconds(30);
/** Questions that wait for one server at most [choice]. */
const MAX_WAITING = 100;

export type HttpEvent<U> =
  | { readonly kind: 'response'; readonly user: U; readonly request: HttpRequest; readonly response: HttpResponse }
  /** Nobody answered, or not in HTTP; or there are too many questions already. */
  | { readonly kind: 'no-answer'; readonly user: U; readonly request: HttpRequest; readonly why: 'timeout' | 'unreachable' | 'unreadable' | 'busy' };

interface Question<U> {
  readonly request: HttpRequest;
  readonly notes: readonly Note[];
  readonly user: U;
}

interface Connection<U> {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  asked: Question<U> | undefined;
  patience: SimTime | undefined;
  waiting: Question<U>[];
}

export class HttpClient<U> {
  readonly #address: string;
  readonly #connections = new Map<string, Connection<U>>();
  readonly #firstPort: number;
  #ports: number;

  /** `firstPort`: of its local ports, apart from those of other clients at the same address. */
  constructor(address: string, firstPort = FIRST_PORT) {
    this.#address = address;
    this.#firstPort = firstPort;
    this.#ports = firstPort;
  }

  /** Asks, or waits until the question before is answered. */
  request(server: Endpoint, request: HttpRequest, notes: readonly Note[], user: U, now: SimTime, out: Effect[]): HttpEvent<U> | undefined {
    const key = `${server.address} ${server.port}`;
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      connection = { local: { address: this.#address, port: this.#ports++ }, remote: server, asked: undefined, patience: undefined, waiting: [] };
      this.#connections.set(key, connection);
    }
    if (connection.waiting.length >= MAX_WAITING) return { kind: 'no-answer', user, request, why: 'busy' };
    connection.waiting.push({ request, notes, user });
    this.#next(connection, now, out);
    return undefined;
  }

  /** Whether bytes that arrived there can be an answer to this client. */
  isAbout({ local }: { readonly local: Endpoint }): boolean {
    return local.port >= this.#firstPort && local.port < this.#ports;
  }

  receive(input: BytesInput, now: SimTime, out: Effect[]): readonly HttpEvent<U>[] {
    const connection = this.#find(input.remote);
    const asked = connection?.asked;
    if (connection === undefined || asked === undefined || connection.local.port !== input.local.port) {
      out.push({ kind: 'note', note: { op: 'rejected', reason: 'Nobody here has asked for this answer.', clause: 'RFC 9112 §9' } });
      return [];
    }
    const message = parseHttpMessage(input.bytes);
    if (message.kind === 'response' && message.status < 200) return [];
    this.#free(connection);
    const { user, request } = asked;
    const event: HttpEvent<U> =
      isHttpError(message) || message.kind === 'request'
        ? { kind: 'no-answer', user, request, why: 'unreadable' }
        : { kind: 'response', user, request, response: message };
    this.#next(connection, now, out);
    return [event];
  }

  /** What was sent there did not arrive. */
  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): readonly HttpEvent<U>[] {
    const connection = this.#find(remote);
    return connection === undefined ? [] : this.#giveUp(connection, 'unreachable', now, out);
  }

  deadline(): SimTime | undefined {
    let first: SimTime | undefined;
    for (const { patience } of this.#connections.values()) first = earliest(first, patience);
    return first;
  }

  fire(now: SimTime, out: Effect[]): readonly HttpEvent<U>[] {
    return [...this.#connections.values()].flatMap((each) =>
      each.patience !== undefined && each.patience <= now ? this.#giveUp(each, 'timeout', now, out) : [],
    );
  }

  viewTimers(): readonly ViewTimer[] {
    return [...this.#connections.values()].flatMap(({ asked, patience }) =>
      asked === undefined || patience === undefined
        ? []
        : [{ name: 'HTTP answer', subject: `${asked.request.method} ${asked.request.target}`, firesAt: patience }],
    );
  }

  #find({ address, port }: Endpoint): Connection<U> | undefined {
    return this.#connections.get(`${address} ${port}`);
  }

  #free(connection: Connection<U>): void {
    connection.asked = undefined;
    connection.patience = undefined;
  }

  #giveUp(connection: Connection<U>, why: 'timeout' | 'unreachable', now: SimTime, out: Effect[]): readonly HttpEvent<U>[] {
    const { asked } = connection;
    if (asked === undefined) return [];
    this.#free(connection);
    // An answer that comes late must not be taken for that to the next question: another connection is opened for it.
    this.#connections.delete(`${connection.remote.address} ${connection.remote.port}`);
    const again: Connection<U> = { ...connection, local: { address: this.#address, port: this.#ports++ } };
    this.#connections.set(`${connection.remote.address} ${connection.remote.port}`, again);
    this.#next(again, now, out);
    return [{ kind: 'no-answer', user: asked.user, request: asked.request, why }];
  }

  #next(connection: Connection<U>, now: SimTime, out: Effect[]): void {
    if (connection.asked !== undefined) return;
    const question = connection.waiting.shift();
    if (question === undefined) return;
    connection.asked = question;
    connection.patience = after(now, PATIENCE);
    const { request, notes } = question;
    const { local, remote } = connection;
    out.push({ kind: 'send', bytes: encodeHttpMessage(request), protocol: 'HTTP', label: request.method, transport: 'tcp', local, remote, notes });
  }
}
