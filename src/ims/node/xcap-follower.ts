/**
 * Documents that an XDMS keeps, as a server of the network follows them: it subscribes to changes of all of one kind (RFC 5875) and fetches what has changed over HTTP (RFC 4825).
 * What cannot be fetched leaves things as they were known. What the documents mean is its owner's business.
 * Omitted: name resolution of the XCAP root (the address is configured), patches.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, earliest, seconds, shorter, type SimTime, START, times } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { addHeader, decided, rejected, setHeader } from './edit.ts';
import { ASSERTED_OVER_HTTP, assertedOverHttp } from './own-servers.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { formatWanted, RESOURCE_LISTS_TYPE, WITHOUT_PATCHES, XCAP_DIFF_FACTS, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { HttpClient, type HttpEvent } from '#protocol/http/client.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { createHttpRequest, fieldOf } from '#protocol/http/message.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { parseXcapDiff } from '#protocol/xcap/diff.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';

export interface XcapFollowerConfig {
  /** Own host and address. */
  readonly host: string;
  readonly address: string;
  readonly xdms: { readonly host: string; readonly address: string };
  /** Which applications: `pres-rules`. */
  readonly auids: readonly string[];
  /** Those of them of which documents of any name count; of the others only `index` has an effect. */
  readonly anyDocumentOf?: readonly string[];
  /** What the documents hold, in words: `rules`. */
  readonly noun: string;
}

/** What the owner makes of a document: undefined text, there is none any more. False: it cannot be read, and what is known stays. */
export type TakeDocument = (owner: string, text: string | undefined, out: Effect[], place: DocumentPlace) => boolean;

export interface DocumentPlace {
  readonly auid: string;
  readonly owner: string;
  /** `index`. */
  readonly document: string;
}

/** Seconds. */
const EXPIRES = 3600;
/** Until what failed is tried again [choice]; a subscription that fails again waits twice as long each time, up to an hour. */
const AGAIN = seconds(30);
const LONGEST = seconds(3600);
const TIMER_N = seconds(32);

export class XcapFollower {
  readonly #config: XcapFollowerConfig;
  readonly #take: TakeDocument;
  readonly #subscriber: Subscriber;
  /** Asks for documents; the user is the document's selector. */
  readonly #http: HttpClient<string>;
  /** Entity-tags by selector. */
  readonly #tags = new Map<string, string>();
  /** Documents that could not be had, and when they are asked for again. */
  readonly #missing = new Map<string, SimTime>();
  /** When it subscribes (again). */
  #subscribesAt: SimTime | undefined = START;
  #wait = AGAIN;

  constructor(config: XcapFollowerConfig, take: TakeDocument, chance: Chance) {
    this.#config = config;
    this.#take = take;
    this.#subscriber = new Subscriber({ packages: [XCAP_DIFF_FACTS], contact: `<sip:${config.host}>`, chance, timerN: TIMER_N });
    this.#http = new HttpClient(config.address);
  }

  receiveNotify(request: SipRequest, now: SimTime): SubscriberStep[] {
    return this.#completed(this.#subscriber.receiveNotify(request, now), now);
  }

  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): SubscriberStep[] {
    return this.#completed(this.#subscriber.answered(subscription, response, now), now);
  }

  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): SubscriberStep[] {
    return this.#completed(this.#subscriber.unanswered(subscription, why, now), now);
  }

  learn(body: Uint8Array, now: SimTime, out: Effect[]): void {
    this.#wait = AGAIN;
    const text = decodeUtf8(body);
    if (text === '') return;
    const diff = parseXcapDiff(text);
    if (diff === undefined) {
      out.push({ kind: 'note', note: rejected('What has changed cannot be read.', 'RFC 5874 §3') });
      return;
    }
    for (const { selector, newTag } of diff.documents) {
      if (this.#placeOf(selector) === undefined) continue;
      if (newTag === undefined) this.#put(selector, undefined, undefined, out);
      else if (this.#tags.get(selector) !== newTag) this.#fetch(selector, now, out);
    }
  }

  isAbout(input: Input): boolean {
    return input.kind === 'bytes' && input.transport === 'tcp' && this.#http.isAbout(input);
  }

  receive(input: BytesInput, now: SimTime, out: Effect[]): void {
    for (const event of this.#http.receive(input, now, out)) this.#fetched(event, now, out);
  }

  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): void {
    for (const event of this.#http.transportFailed(remote, now, out)) this.#fetched(event, now, out);
  }

  deadline(): SimTime | undefined {
    let first = earliest(earliest(this.#subscriber.deadline(), this.#http.deadline()), this.#subscribesAt);
    for (const at of this.#missing.values()) first = earliest(first, at);
    return first;
  }

  fire(now: SimTime, out: Effect[]): SubscriberStep[] {
    for (const event of this.#http.fire(now, out)) this.#fetched(event, now, out);
    for (const [selector, at] of this.#missing) if (at <= now) this.#fetch(selector, now, out);
    const steps = this.#completed(this.#subscriber.fire(now), now);
    if (this.#subscribesAt === undefined || this.#subscribesAt > now) return steps;
    this.#subscribesAt = undefined;
    const wish = { package: XCAP_DIFF_FACTS.name, resource: `sip:${this.#config.xdms.host}`, from: `sip:${this.#config.host}`, expires: EXPIRES };
    return [...steps, ...this.#completed(this.#subscriber.subscribe(wish, now), now)];
  }

  viewTable(now: SimTime): ViewTable {
    return { ...this.#subscriber.viewTable(now), title: `Subscriptions to ${this.#config.noun}` };
  }

  viewTimers(): readonly ViewTimer[] {
    return [...this.#subscriber.viewTimers(), ...this.#http.viewTimers()];
  }

  viewStates(): readonly LiveState[] {
    return this.#subscriber.viewStates();
  }

  #later(now: SimTime): SimTime {
    const at = after(now, this.#wait);
    this.#wait = shorter(times(this.#wait, 2), LONGEST);
    return at;
  }

  /** What the subscriber wants done, with what a subscription to documents says beyond the usual. */
  #completed(steps: readonly SubscriberStep[], now: SimTime): SubscriberStep[] {
    return steps.map((step) => {
      if (step.kind === 'ended' && (step.again.kind === 'allowed' || step.again.kind === 'no')) this.#subscribesAt = this.#later(now);
      if (step.kind !== 'subscribe') return step;
      const { request } = step;
      const notes = [...step.notes];
      addHeader(request, notes, 'P-Asserted-Identity', `<sip:${this.#config.host}>`, 'A server of the network says who it is to another.', 'RFC 3325 §5');
      if (step.purpose !== 'initial') return { ...step, notes };
      setHeader(request, notes, 'Event', WITHOUT_PATCHES, 'Which documents have changed is enough to know: they are fetched whole.', 'RFC 5875 §4.3');
      addHeader(request, notes, 'Content-Type', RESOURCE_LISTS_TYPE, `The body names what is wanted: the ${this.#config.noun} of everybody.`, 'RFC 5875 §4.1');
      return { ...step, request: { ...request, body: encodeUtf8(formatWanted(this.#config.auids.map((auid) => `${auid}/`))) }, notes };
    });
  }

  #fetch(selector: string, now: SimTime, out: Effect[]): void {
    this.#missing.delete(selector);
    const { host, address } = this.#config.xdms;
    const asserted = assertedOverHttp(this.#config.host);
    const request = createHttpRequest('GET', formatXcapTarget(XCAP_ROOT, selector), [
      ['Host', host],
      [ASSERTED_OVER_HTTP, asserted],
    ]);
    const notes: Note[] = [
      decided('The document is not the one that is known here: it is fetched.', 'RFC 4825 §7.3'),
      {
        op: 'added',
        header: ASSERTED_OVER_HTTP,
        to: asserted,
        reason: 'A server of the network says who it is to another.',
        clause: 'TS 24.109 (clause unchecked)',
      },
    ];
    const event = this.#http.request({ address, port: HTTP_PORT }, request, notes, selector, now, out);
    if (event !== undefined) this.#fetched(event, now, out);
  }

  #fetched(event: HttpEvent<string>, now: SimTime, out: Effect[]): void {
    const selector = event.user;
    if (event.kind === 'response' && event.response.status === 200) {
      this.#put(selector, decodeUtf8(event.response.body), fieldOf(event.response, 'ETag'), out);
    } else if (event.kind === 'response' && event.response.status === 404) this.#put(selector, undefined, undefined, out);
    else {
      this.#missing.set(selector, after(now, AGAIN));
      const why = event.kind === 'response' ? `the answer was ${event.response.status}` : 'there was no answer';
      out.push({
        kind: 'note',
        note: rejected(`The ${this.#config.noun} could not be fetched: ${why}. What is known stays, and it is tried again.`, 'RFC 4825 §7.3'),
      });
    }
  }

  #put(selector: string, text: string | undefined, tag: string | undefined, out: Effect[]): void {
    const place = this.#placeOf(selector);
    if (place === undefined || !this.#take(place.owner, text, out, place)) return;
    if (tag === undefined) this.#tags.delete(selector);
    else this.#tags.set(selector, tag);
  }

  /** Of `<auid>/users/<identity>/<document>`; other documents have no effect. */
  #placeOf(selector: string): DocumentPlace | undefined {
    const [, auid = '', owner, document = ''] = /^([^/]+)\/users\/([^/]+)\/(.+)$/.exec(selector) ?? [];
    const { auids, anyDocumentOf = [] } = this.#config;
    return owner !== undefined && auids.includes(auid) && (document === 'index' || anyDocumentOf.includes(auid)) ? { auid, owner, document } : undefined;
  }
}
