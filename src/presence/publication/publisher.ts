/**
 * The event publication agent (RFC 3903 §4 and §5): keeps one publication of one presentity alive at the compositor. It says which PUBLISH to send and
 * takes the answers; its owner gives the requests their route and sends them.
 * Table PUBLISHER. An agent with several publications has one of these for each. Omitted: partial publication (RFC 5264), Retry-After.
 */
import type { Chance } from '#base/chance.ts';
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { type SimTime, after, earliest, seconds } from '#base/time.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { type SipRequest, type SipResponse, createRequest } from '#protocol/sip/message.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { refreshAt } from '../refresh-time.ts';
import { PUBLISHER, type PublisherAction, type PublisherEvent, type PublisherGuard, type PublisherState, publisherTable } from './tables.ts';

export type PublishOperation = 'initial' | 'refresh' | 'modify' | 'remove';

export type PublisherStep =
  /** `name`: which of several publications of one agent. */
  | { readonly kind: 'publish'; readonly request: SipRequest; readonly operation: PublishOperation; readonly notes: readonly Note[]; readonly name: string }
  | EmitEffect
  | NoteEffect
  /** The last request failed for good. `status` is absent when nobody answered. */
  | { readonly kind: 'failed'; readonly operation: PublishOperation; readonly status?: number };

export interface PublishedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface PublisherOptions {
  /** URI that is Request-URI and To of every PUBLISH, and From where nobody else publishes. */
  readonly presentity: string;
  /** Who publishes about the presentity, and what about: an agent of the network, its source. */
  readonly agent?: { readonly uri: string; readonly about: string };
  readonly chance: Chance;
  /** Default `presence`. */
  readonly event?: string;
  /** Lifetime to ask for, in seconds; default 3600. */
  readonly expires?: number;
  /** Tells it from other publications of the same agent; '' when left out. */
  readonly name?: string;
  /** False: let it run out, send no refresh. */
  readonly refreshes?: boolean;
}

/** What leads from one body to the other, where that is shorter. */
export type Shorten = (before: PublishedBody, after: PublishedBody) => PublishedBody | undefined;

export class EventPublisher {
  readonly #presentity: string;
  readonly #from: string;
  /** Which publication, for people. */
  readonly #key: string;
  readonly #event: string;
  readonly #name: string;
  readonly #callId: string;
  readonly #fromTag: string;
  readonly #refreshes: boolean;
  #expires: number;
  #cseq = 0;
  #state: PublisherState = PUBLISHER.initial;
  #etag: string | undefined;
  /** What shall be published; undefined when nothing shall. */
  #wanted: PublishedBody | undefined;
  /** The body sent last, and the one that the compositor is known to have. */
  #sent: PublishedBody | undefined;
  #confirmed: PublishedBody | undefined;
  /** What the request under way (or the last one) was for. */
  #operation: PublishOperation = 'initial';
  /** Asked for while a request was under way. */
  #held: 'publish' | 'remove' | undefined;
  #shorten: Shorten | undefined;
  /** The request under way (or the last one) carries changes alone. */
  #isShortened = false;
  /** The compositor has said that it does not take such. */
  #wholeOnly = false;
  #refreshAt: SimTime | undefined;
  #expiresAt: SimTime | undefined;

  constructor(options: PublisherOptions) {
    const { presentity, agent } = options;
    this.#presentity = presentity;
    this.#from = agent?.uri ?? presentity;
    this.#key = agent === undefined ? presentity : `${presentity} (${agent.about})`;
    this.#event = options.event ?? 'presence';
    this.#name = options.name ?? '';
    this.#expires = options.expires ?? 3600;
    this.#refreshes = options.refreshes ?? true;
    this.#callId = options.chance.token('publish-call-id', 16);
    this.#fromTag = options.chance.token('publish-from-tag', 8);
  }

  get state(): PublisherState {
    return this.#state;
  }

  /** What shall be published now; undefined when nothing shall. */
  get published(): PublishedBody | undefined {
    return this.#wanted;
  }

  /** Publishes this body: for the first time, or in place of what is published, then perhaps by what is other in it (`shorten`). */
  publish(body: PublishedBody, now: SimTime, shorten?: Shorten): PublisherStep[] {
    this.#wanted = body;
    this.#shorten = shorten;
    return this.#run('publish', now, undefined);
  }

  /** Refreshes now instead of at its time. */
  refreshNow(now: SimTime): PublisherStep[] {
    return this.#run('refresh-due', now, undefined);
  }

  /** Takes the publication back. */
  remove(now: SimTime): PublisherStep[] {
    this.#wanted = undefined;
    return this.#run('remove', now, undefined);
  }

  /** The number of the request under way when it is sent again with credentials (RFC 3261 §22.2): one more than before, and later ones go on from there. */
  nextNumber(): string {
    return `${++this.#cseq} PUBLISH`;
  }

  /** The final response to the request under way. */
  answered(response: SipResponse, now: SimTime): PublisherStep[] {
    const { status, headers } = response;
    if (status >= 200 && status < 300) return this.#run(headers.has('SIP-ETag') ? 'success' : 'failure', now, response);
    // RFC 3903 §5: after 412 the same request is not tried again; what was not conditional cannot have failed by its condition.
    if (status === 412 && this.#operation !== 'initial') return this.#run('no-such-tag', now, response);
    const minimum = parseDeltaSeconds(headers.get('Min-Expires'));
    // RFC 3903 §5: after 423 the interval may be raised to Min-Expires; a minimum that was met already is no reason to go round again.
    if (status === 423 && minimum !== undefined && minimum > this.#expires && this.#operation !== 'remove')
      return this.#run('interval-too-brief', now, response);
    if (status === 415 && this.#isShortened) return this.#run('type-not-taken', now, response);
    return this.#run('failure', now, response);
  }

  /** The request under way got no answer (Timer F), or could not be sent. */
  unanswered(now: SimTime): PublisherStep[] {
    return this.#run('failure', now, undefined);
  }

  deadline(): SimTime | undefined {
    return this.#state === 'published' ? earliest(this.#refreshAt, this.#expiresAt) : undefined;
  }

  fire(now: SimTime): PublisherStep[] {
    if (this.#state !== 'published') return [];
    if (this.#expiresAt !== undefined && this.#expiresAt <= now) {
      if (!this.#refreshes) this.#wanted = undefined;
      return this.#run('expires', now, undefined);
    }
    return this.#refreshAt !== undefined && this.#refreshAt <= now ? this.#run('refresh-due', now, undefined) : [];
  }

  viewStates(): LiveState[] {
    return [{ machine: PUBLISHER.name, key: this.#key, state: this.#state }];
  }

  viewTimers(): ViewTimer[] {
    const timers: ViewTimer[] = [];
    if (this.#state === 'published' && this.#refreshAt !== undefined)
      timers.push({ name: 'Publication refresh', subject: this.#key, firesAt: this.#refreshAt });
    if (this.#etag !== undefined && this.#expiresAt !== undefined) timers.push({ name: 'Publication expiry', subject: this.#key, firesAt: this.#expiresAt });
    return timers;
  }

  #run(on: PublisherEvent, now: SimTime, response: SipResponse | undefined): PublisherStep[] {
    const step = transition(publisherTable, this.#state, on, (guard) => this.#holds(guard, now));
    // An answer or a wish that means nothing here (to remove what is not published, a second answer) changes nothing.
    if (step === undefined) return [];
    this.#state = step.to;
    const steps: PublisherStep[] = [{ kind: 'emit', event: { kind: 'state', machine: PUBLISHER.name, key: this.#key, from: step.from, on, to: step.to } }];
    for (const action of step.actions) this.#act(action, now, response, steps);
    return steps;
  }

  #holds(guard: PublisherGuard, now: SimTime): boolean {
    if (guard === 'removed-meanwhile') return this.#held === 'remove';
    if (guard === 'published-meanwhile') return this.#held === 'publish';
    if (guard === 'to-be-removed') return this.#wanted === undefined;
    if (guard === 'to-be-changed') return this.#wanted !== this.#confirmed;
    return this.#etag !== undefined && this.#expiresAt !== undefined && this.#expiresAt > now;
  }

  #act(action: PublisherAction, now: SimTime, response: SipResponse | undefined, steps: PublisherStep[]): void {
    switch (action) {
      case 'send-initial':
        return this.#send(
          'initial',
          steps,
          response?.status === 412
            ? 'The compositor no longer knows the entity-tag, so the state is published anew, without a condition.'
            : 'The first publication carries the state and no condition.',
        );
      case 'send-modify':
        return this.#send('modify', steps, 'The new state replaces the publication that this entity-tag names.');
      case 'send-refresh':
        return this.#send('refresh', steps, 'The publication is prolonged before it runs out; a refresh has no body because nothing changed.');
      case 'send-remove':
        return this.#send('remove', steps, 'Expires 0 and no body take the publication back.');
      case 'send-again-longer':
        this.#expires = parseDeltaSeconds(response?.headers.get('Min-Expires')) ?? this.#expires;
        return this.#send(this.#operation, steps, `The compositor grants no less than ${this.#expires} s, so that much is asked for.`);
      case 'send-whole':
        this.#wholeOnly = true;
        return this.#send('modify', steps, 'The compositor does not take changes alone: the whole state goes out, now and from now on.');
      case 'keep-tag': {
        this.#confirmed = this.#sent;
        this.#etag = response?.headers.get('SIP-ETag');
        const granted = parseDeltaSeconds(response?.headers.get('Expires')) ?? this.#expires;
        this.#expiresAt = after(now, seconds(granted));
        this.#refreshAt = this.#refreshes ? refreshAt(now, granted) : undefined;
        const tag = this.#etag ?? '';
        steps.push({
          kind: 'note',
          note: {
            op: 'kept',
            header: 'SIP-ETag',
            to: tag,
            reason: `The next request about this publication names the entity-tag ${tag}.`,
            clause: 'RFC 3903 §4.1',
          },
        });
        return;
      }
      case 'drop-tag':
        this.#held = undefined;
        this.#etag = undefined;
        this.#expiresAt = undefined;
        this.#refreshAt = undefined;
        return;
      case 'hold-change': {
        this.#held = this.#wanted === undefined ? 'remove' : 'publish';
        const reason = 'A PUBLISH is under way: the change waits for its answer.';
        steps.push({ kind: 'note', note: { op: 'decided', reason, clause: 'RFC 3903 §4' } });
        return;
      }
      case 'schedule-refresh':
        // After a failure the next attempt comes at half of what is left.
        if (this.#refreshAt !== undefined && this.#refreshAt <= now && this.#expiresAt !== undefined)
          this.#refreshAt = Math.ceil((now + this.#expiresAt) / 2) as SimTime;
        return;
      case 'give-up':
        this.#held = undefined;
        steps.push(
          response === undefined ? { kind: 'failed', operation: this.#operation } : { kind: 'failed', operation: this.#operation, status: response.status },
        );
        return;
    }
  }

  #send(operation: PublishOperation, steps: PublisherStep[], reason: string): void {
    this.#operation = operation;
    this.#held = undefined;
    const withBody = operation === 'initial' || operation === 'modify';
    const expires = operation === 'remove' ? '0' : String(this.#expires);
    const headers: [string, string][] = [
      ['Max-Forwards', '70'],
      ['From', `<${this.#from}>;tag=${this.#fromTag}`],
      ['To', `<${this.#presentity}>`],
      ['Call-ID', this.#callId],
      ['CSeq', `${++this.#cseq} PUBLISH`],
      ['Event', this.#event],
      ['Expires', expires],
    ];
    const notes: Note[] = [
      { op: 'decided', reason, clause: CLAUSES[operation] },
      { op: 'added', header: 'Event', to: this.#event, reason: 'Names the event package whose state this is.', clause: 'RFC 3903 §4.1' },
      {
        op: 'added',
        header: 'Expires',
        to: expires,
        reason: operation === 'remove' ? 'A lifetime of zero takes the publication away at once.' : 'The lifetime asked for: soft state dies by itself.',
        clause: CLAUSES[operation],
      },
    ];
    // RFC 3903 §4.1: SIP-If-Match names the publication that is meant; a first one has none.
    if (operation !== 'initial' && this.#etag !== undefined) {
      headers.push(['SIP-If-Match', this.#etag]);
      notes.push({
        op: 'added',
        header: 'SIP-If-Match',
        to: this.#etag,
        reason: 'Says which publication is meant: the one that got this entity-tag.',
        clause: CLAUSES[operation],
      });
    }
    let body: Uint8Array | undefined;
    this.#isShortened = false;
    if (withBody && this.#wanted !== undefined) {
      const shorter = operation === 'modify' && this.#confirmed !== undefined && !this.#wholeOnly ? this.#shorten?.(this.#confirmed, this.#wanted) : undefined;
      const { contentType, bytes } = shorter ?? this.#wanted;
      headers.push(['Content-Type', contentType]);
      body = bytes;
      this.#sent = this.#wanted;
      this.#isShortened = shorter !== undefined;
    }
    steps.push({ kind: 'publish', request: createRequest('PUBLISH', this.#presentity, headers, body), operation, notes, name: this.#name });
  }
}

const CLAUSES: Readonly<Record<PublishOperation, string>> = {
  initial: 'RFC 3903 §4.2',
  refresh: 'RFC 3903 §4.3',
  modify: 'RFC 3903 §4.4',
  remove: 'RFC 3903 §4.5',
};
