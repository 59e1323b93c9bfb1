/**
 * The event state compositor (RFC 3903 §6): takes PUBLISH requests, keeps the publications of every presentity by entity-tag, lets them expire, and
 * tells the composed presence document. It decides; its owner answers and tells the watchers.
 * Governed by RFC 3903 §4 and §6; Table PUBLICATION. Left to the owner: whether it serves the presentity (404), who may publish (403).
 * Partial publication (RFC 5264) and composition by a policy are handed in. Omitted: hard state (RFC 4827), PUBLISH for other packages than presence.
 */
import type { Chance } from '#base/chance.ts';
import type { Json, StateChange } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { type SimTime, after, between, earliest, inSeconds, seconds } from '#base/time.ts';
import { type Timer, Timers } from '#base/timers.ts';
import { decodeUtf8Strictly, encodeUtf8, encodeUtf8Apart } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { MAX_XML_LENGTH } from '#protocol/xml/read.ts';
import { PIDF_TYPE, type PresenceDocument } from '../pidf/document.ts';
import { neutralDocument, summaryOf } from '../pidf/states.ts';
import { formatPidf, isPidfError, parsePidf, type Unknown } from '../pidf/xml.ts';
import { composeDocuments } from './compose.ts';
import type { Composer, Published } from './composer.ts';
import { acceptanceNotes, type PublishOutcome, refusal } from './outcome.ts';
import type { PublicationSource } from './source.ts';
import { PUBLICATION, type PublicationEvent, type PublicationState, publicationTable } from './tables.ts';

/** What a PUBLISH says. `presentity` is the address of record that it is for; header values as they came; `expires` in seconds. */
export interface PublishFacts {
  readonly presentity: string;
  readonly event: string | undefined;
  readonly ifMatch: string | undefined;
  readonly expires: number | undefined;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** Who published, as far as anybody vouches; the presentity itself when left out. */
  readonly source?: PublicationSource;
}

/** What a PUBLISH request says about its publication; an Expires that is no number counts as absent. `presentity` as in PublishFacts. */
export function publishFacts(request: SipRequest, presentity: string, source?: PublicationSource): PublishFacts {
  const { headers, body } = request;
  const tags = headers.lines('SIP-If-Match');
  const ifMatch = tags.length > 1 ? tags.join(', ') : tags[0];
  return {
    presentity,
    event: headers.get('Event'),
    ifMatch,
    expires: parseDeltaSeconds(headers.get('Expires')),
    contentType: headers.get('Content-Type'),
    body,
    ...(source === undefined ? {} : { source }),
  };
}

/** A publication ran out, or something else came to be of which nobody published. */
export interface Expired {
  readonly presentity: string;
  readonly changed: boolean;
  readonly notes: readonly Note[];
  readonly states: readonly StateChange[];
}

/** All in seconds. */
export interface PublicationPolicy {
  readonly defaultExpires: number;
  readonly minExpires: number;
  readonly maxExpires: number;
}

/** RFC 3903 §10 leaves the default to the package; 3600 s is that of presence subscriptions (RFC 3856 §6.4). */
export const PRESENCE_PUBLICATION: PublicationPolicy = { defaultExpires: 3600, minExpires: 60, maxExpires: 86_400 };

/** Takes partial publications (RFC 5264): how a published document becomes the one that a body of another type says. */
export interface PublicationPatch {
  readonly contentType: string;
  /** The new document, with what nobody here understands or without it, or what is wrong with the body: a sentence. */
  apply(document: PresenceDocument, body: string, unknown: Unknown): PresenceDocument | string;
}

interface Publication {
  readonly key: string;
  readonly owner: Presentity;
  readonly source: PublicationSource;
  state: PublicationState;
  etag: string;
  document: PresenceDocument;
  order: number;
  publishedAt: SimTime;
  expiresAt: SimTime;
  timer: Timer<Publication> | undefined;
}

interface Composed {
  readonly document: PresenceDocument;
  readonly text: string;
  readonly bytes: Uint8Array;
}

interface Presentity {
  readonly uri: string;
  /** In the order in which their bodies came, latest last. */
  readonly publications: Publication[];
  composed: Composed | undefined;
  /** When it is to be composed anew although nobody publishes, and what was decided when it was composed last. */
  staleness: Timer<Presentity> | undefined;
  decided: ReadonlySet<string>;
}

export class PublicationStore {
  readonly #presentities = new Map<string, Presentity>();
  readonly #timers = new Timers<Publication>();
  readonly #chance: Chance;
  readonly #policy: PublicationPolicy;
  readonly #patch: PublicationPatch | undefined;
  readonly #composer: Composer | undefined;
  readonly #stale = new Timers<Presentity>();
  #bodyCount = 0;
  #tagCount = 0;
  #publicationCount = 0;

  constructor(options: {
    readonly chance: Chance;
    readonly policy?: PublicationPolicy;
    readonly patch?: PublicationPatch | undefined;
    readonly composer?: Composer | undefined;
  }) {
    this.#composer = options.composer;
    this.#chance = options.chance;
    this.#policy = options.policy ?? PRESENCE_PUBLICATION;
    this.#patch = options.patch;
  }

  /** Takes one PUBLISH whole or not at all. */
  publish(facts: PublishFacts, now: SimTime): PublishOutcome {
    // RFC 3903 §6 (2): an Event that is missing or not ours is answered 489.
    if (eventPackage(facts.event) !== 'presence') {
      const reason = facts.event === undefined ? 'The PUBLISH names no event package.' : `The event package ${facts.event} is not composed here.`;
      return refusal(489, [['Allow-Events', 'presence']], 'Event', reason);
    }
    // RFC 3903 §6 (3): at most one entity-tag.
    if (facts.ifMatch !== undefined && !/^[A-Za-z0-9\-.!%*_+`'~]+$/.test(facts.ifMatch)) {
      return refusal(400, [], 'SIP-If-Match', 'SIP-If-Match does not hold exactly one entity-tag.');
    }
    const source = facts.source ?? { kind: 'user', identity: facts.presentity };
    const known = this.#presentities.get(facts.presentity)?.publications.find((each) => each.etag === facts.ifMatch && isSameSource(each.source, source));
    // RFC 3903 §6 (3): the tag must be one of this resource and package; that of somebody else is none of the publisher's.
    if (facts.ifMatch !== undefined && known === undefined) {
      return refusal(
        412,
        [],
        'SIP-If-Match',
        `No publication of ${facts.presentity} has the entity-tag ${facts.ifMatch}: it expired, was replaced or never was.`,
      );
    }
    const requested = facts.expires ?? this.#policy.defaultExpires;
    // RFC 3903 §6 (4): only an interval above zero and below our minimum may be called too brief.
    if (requested > 0 && requested < this.#policy.minExpires) {
      return refusal(
        423,
        [['Min-Expires', String(this.#policy.minExpires)]],
        'Expires',
        `The lifetime of ${requested} s is shorter than the ${this.#policy.minExpires} s that are honoured here.`,
      );
    }
    const document = this.#readBody(facts, known, requested);
    if (document !== undefined && 'status' in document) return document;
    // RFC 3903 §6 (4): the interval may be shortened, never lengthened.
    return this.#accept(facts, known, document, Math.min(requested, this.#policy.maxExpires), now);
  }

  /** Whether anybody has published about the presentity. */
  has(presentity: string): boolean {
    return this.#presentities.has(presentity);
  }

  /** What each of its sources says. */
  published(presentity: string): readonly PresenceDocument[] {
    return this.#presentities.get(presentity)?.publications.map(({ document }) => document) ?? [];
  }

  /** What is known of the presentity now; the neutral document when nobody has published. Remembered until something changes. */
  compose(presentity: string): PresenceDocument {
    return this.#composed(presentity)?.document ?? neutralDocument(presentity);
  }

  /** `compose` as the XML that a NOTIFY carries. */
  composedBody(presentity: string): Uint8Array {
    return this.#composed(presentity)?.bytes ?? encodeUtf8(formatPidf(neutralDocument(presentity)));
  }

  deadline(): SimTime | undefined {
    return earliest(this.#timers.next(), this.#stale.next());
  }

  /** The operator wants presence composed by another policy: whom that concerns, after a note about the policy. Undefined where there is none to change. */
  changePolicy(policy: Json | undefined, now: SimTime): { readonly note: Note; readonly recomposed: readonly Expired[] } | undefined {
    const note = this.#composer?.change(policy);
    if (note === undefined) return undefined;
    return { note, recomposed: note.op === 'rejected' ? [] : [...this.#presentities.values()].map((owner) => this.#composeAnew(owner, now)) };
  }

  /** Lets every publication that is due at `now` expire. */
  fire(now: SimTime): readonly Expired[] {
    const expired: Expired[] = [];
    for (let publication = this.#timers.due(now); publication !== undefined; publication = this.#timers.due(now)) {
      const { owner, key, etag } = publication;
      const before = owner.composed?.text;
      const states = [this.#move(publication, 'expires')];
      this.#discard(publication);
      const note: Note = {
        op: 'removed',
        header: 'SIP-ETag',
        from: etag,
        reason: `Publication ${key} was not refreshed in time and is gone.`,
        clause: 'RFC 3903 §4.2',
      };
      const decisions: Note[] = [];
      const changed = this.#recompose(owner, now, decisions) !== before;
      expired.push({ presentity: owner.uri, changed, notes: [note, ...decisions], states });
    }
    for (let owner = this.#stale.due(now); owner !== undefined; owner = this.#stale.due(now)) expired.push(this.#composeAnew(owner, now));
    return expired;
  }

  viewTables(now: SimTime): readonly ViewTable[] {
    if (this.#composer === undefined) return [this.#viewTable(now)];
    const all = Array.from(this.#presentities.values(), ({ uri, publications }): [string, readonly Published[]] => [uri, publications]);
    return [this.#viewTable(now), ...this.#composer.viewTables(all, now)];
  }

  #viewTable(now: SimTime): ViewTable {
    const label = this.#composer?.label;
    const rows = this.#all().map((each) => [
      each.owner.uri,
      ...(label === undefined ? [] : [label(each)]),
      summaryOf(each.document),
      each.etag,
      `${Math.ceil(inSeconds(between(now, each.expiresAt)))} s`,
    ]);
    const columns = ['Presentity', ...(label === undefined ? [] : ['Published by']), 'State', 'Entity-tag', 'Expires in'];
    return { title: 'Publications', columns, rows, empty: 'Nobody has published.' };
  }

  viewTimers(): ViewTimer[] {
    return this.#all().map((each) => ({ name: 'Publication expiry', subject: each.key, firesAt: each.expiresAt }));
  }

  viewStates(): LiveState[] {
    return this.#all().map((each) => ({ machine: PUBLICATION.name, key: each.key, state: each.state }));
  }

  #all(): Publication[] {
    return [...this.#presentities.values()].flatMap((each) => each.publications);
  }

  /** The published document, undefined when there is no body (and needs none), or the refusal. */
  #readBody(facts: PublishFacts, known: Publication | undefined, requested: number): PresenceDocument | PublishOutcome | undefined {
    const tagged = known !== undefined;
    if (facts.body.length === 0) {
      // RFC 3903 §6 (5): a first publication without a body says nothing.
      return tagged ? undefined : refusal(400, [], undefined, 'A first publication needs a body: there is nothing to publish.');
    }
    // RFC 3903 §4.5: a removal carries no body.
    if (tagged && requested === 0) return refusal(400, [], 'Expires', 'A removal must not carry a body.', 'RFC 3903 §4.5');
    const type = facts.contentType?.split(';', 1)[0]?.trim().toLowerCase();
    const patch = known === undefined || type === undefined || type !== this.#patch?.contentType ? undefined : this.#patch;
    // RFC 3903 §6 (5): a content type that does not belong to the package is refused.
    if (patch === undefined && type !== PIDF_TYPE)
      return refusal(
        415,
        [['Accept', this.#patch === undefined ? PIDF_TYPE : `${PIDF_TYPE}, ${this.#patch.contentType}`]],
        'Content-Type',
        facts.contentType === undefined ? 'The body has no content type.' : `The content type ${facts.contentType} is not that of a presence document.`,
      );
    const text = decodeUtf8Strictly(facts.body);
    // RFC 3261 §21.4.11: a body that is longer than its server takes is another fault than one that cannot be read.
    if (text !== undefined && text.length > MAX_XML_LENGTH)
      return refusal(413, [], undefined, `The body is longer than the ${MAX_XML_LENGTH} characters that are read here.`, 'RFC 3261 §21.4.11');
    if (known !== undefined && patch !== undefined) return this.#patched(facts, known, patch, text);
    const document = text === undefined ? 'The body is not UTF-8.' : parsePidf(text, this.#unknown);
    if (typeof document === 'string') return refusal(400, [], undefined, document);
    if (isPidfError(document))
      return refusal(400, [], undefined, `The presence document is wrong${document.line === undefined ? '' : ` in line ${document.line}`}: ${document.reason}`);
    if (!sameIdentity(document.entity, facts.presentity)) {
      return refusal(400, [], undefined, `The document is about ${document.entity}, the request about ${facts.presentity}.`, 'RFC 3863 §4.1.1');
    }
    return document;
  }

  /** What nobody here understands is kept only where a policy may want it passed on. */
  get #unknown(): Unknown {
    return this.#composer === undefined ? 'skip' : 'keep';
  }

  /** RFC 5264 §4.3.2: a part changes the document that the entity-tag names, whole or not at all. */
  #patched(facts: PublishFacts, { document }: Publication, patch: PublicationPatch, text: string | undefined): PresenceDocument | PublishOutcome {
    const patched = text === undefined ? 'The body is not UTF-8.' : patch.apply(document, text, this.#unknown);
    if (typeof patched !== 'string' && sameIdentity(patched.entity, facts.presentity)) return patched;
    return refusal(400, [], undefined, typeof patched === 'string' ? patched : `The document would be about ${patched.entity}.`, 'RFC 5264 §4.3.2');
  }

  #accept(facts: PublishFacts, known: Publication | undefined, document: PresenceDocument | undefined, expires: number, now: SimTime): PublishOutcome {
    const owner = known?.owner ?? this.#owner(facts.presentity);
    const before = owner.composed?.text;
    const publication: Publication = known ?? {
      key: `${facts.presentity} #${++this.#publicationCount}`,
      owner,
      source: facts.source ?? { kind: 'user', identity: facts.presentity },
      state: PUBLICATION.initial,
      etag: '',
      document: document ?? neutralDocument(facts.presentity),
      order: 0,
      publishedAt: now,
      expiresAt: now,
      timer: undefined,
    };
    const event: PublicationEvent = expires === 0 ? 'remove' : known === undefined ? 'initial' : document === undefined ? 'refresh' : 'modify';
    const replaced = publication.etag;
    const states = [this.#move(publication, event)];
    this.#timers.cancel(publication.timer);
    if (event === 'remove') this.#discard(publication);
    else {
      publication.publishedAt = now;
      publication.expiresAt = after(now, seconds(expires));
      publication.timer = this.#timers.set(publication.expiresAt, publication);
      if (document !== undefined) {
        publication.document = document;
        publication.order = ++this.#bodyCount;
        const place = owner.publications.indexOf(publication);
        if (place >= 0) owner.publications.splice(place, 1);
        owner.publications.push(publication);
      }
    }
    // RFC 3903 §6 (6): each success has a tag that was never used before; the running number sees to it.
    publication.etag = this.#chance.token('sip-etag', 8) + (this.#tagCount++).toString(36);
    const decisions: Note[] = [];
    const changed = this.#recompose(owner, now, decisions) !== before;
    if (owner.publications.length === 0) this.#presentities.delete(owner.uri);
    const { key, etag } = publication;
    const { presentity, expires: requested } = facts;
    return {
      status: 200,
      headers: [
        ['SIP-ETag', etag],
        ['Expires', String(expires)],
      ],
      notes: [
        ...acceptanceNotes({ event, presentity, key, summary: summaryOf(publication.document), replaced, etag, requested, expires, changed }),
        ...decisions,
      ],
      changed,
      states,
    };
  }

  #move(publication: Publication, on: PublicationEvent): StateChange {
    const step = transition(publicationTable, publication.state, on, () => true);
    if (step === undefined) throw new Error(`${PUBLICATION.name}: ${on} in ${publication.state}`);
    publication.state = step.to;
    return { kind: 'state', machine: PUBLICATION.name, key: publication.key, from: step.from, on, to: step.to };
  }

  #owner(uri: string): Presentity {
    let owner = this.#presentities.get(uri);
    if (owner === undefined) {
      owner = { uri, publications: [], composed: undefined, staleness: undefined, decided: NONE };
      this.#presentities.set(uri, owner);
    }
    return owner;
  }

  #discard(publication: Publication): void {
    const place = publication.owner.publications.indexOf(publication);
    if (place >= 0) publication.owner.publications.splice(place, 1);
    if (publication.owner.publications.length === 0) this.#presentities.delete(publication.owner.uri);
  }

  #composed(presentity: string): Composed | undefined {
    return this.#presentities.get(presentity)?.composed;
  }

  #composeAnew(owner: Presentity, now: SimTime): Expired {
    const before = owner.composed?.text;
    const notes: Note[] = [];
    return { presentity: owner.uri, changed: this.#recompose(owner, now, notes) !== before, notes, states: [] };
  }

  /** Composes anew; the text of the result, undefined when nothing is published. What a policy decides otherwise than the last time goes into `notes`. */
  #recompose(owner: Presentity, now: SimTime, notes: Note[]): string | undefined {
    this.#stale.cancel(owner.staleness);
    if (owner.publications.length === 0) owner.composed = undefined;
    else {
      const document =
        this.#composer === undefined
          ? composeDocuments(
              owner.uri,
              owner.publications.map((each) => each.document),
            )
          : this.#composeByPolicy(this.#composer, owner, now, notes);
      const text = formatPidf(document);
      if (text !== owner.composed?.text) owner.composed = { document, text, bytes: encodeUtf8Apart(text) };
    }
    return owner.composed?.text;
  }

  #composeByPolicy(composer: Composer, owner: Presentity, now: SimTime, into: Note[]): PresenceDocument {
    const { document, notes, until } = composer.compose(owner.uri, owner.publications, now);
    owner.staleness = until === undefined ? undefined : this.#stale.set(until, owner);
    into.push(...notes.filter(({ reason }) => !owner.decided.has(reason)));
    owner.decided = new Set(notes.map(({ reason }) => reason));
    return document;
  }
}

const NONE: ReadonlySet<string> = new Set();

const isSameSource = (a: PublicationSource, b: PublicationSource): boolean => a.kind === b.kind && sameIdentity(a.identity, b.identity);

/** The package of an Event value: `presence` of `presence;id=1`. */
const eventPackage = (event: string | undefined): string | undefined => event?.split(';', 1)[0]?.trim();

/** sip:, sips: and pres: URIs of one user at one host name one presentity; parameters do not count. */
function sameIdentity(a: string, b: string): boolean {
  return bareIdentity(a) === bareIdentity(b);
}

function bareIdentity(uri: string): string {
  const bare = uri.replace(/^(sips?|pres):/i, '').split(/[;?]/, 1)[0] ?? '';
  const at = bare.lastIndexOf('@');
  return at < 0 ? bare.toLowerCase() : bare.slice(0, at) + bare.slice(at).toLowerCase();
}
