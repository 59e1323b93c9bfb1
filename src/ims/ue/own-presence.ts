/**
 * What a UE publishes of its user (RFC 3903 §4; TS 24.141, PUA procedures): it turns what a person wants into documents and keeps their publication alive. A person may want several side by side,
 * as several devices that share the UE would: each is a publication of its own (RFC 3903 §4).
 */
import type { Chance } from '#base/chance.ts';
import type { Intent, Json } from '#base/machine.ts';
import { earliest, type SimTime } from '#base/time.ts';
import { encodeUtf8Apart } from '#base/utf8.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { ACTIVITIES, PIDF_TYPE, type PresenceDocument, SPHERES, type UnknownElement } from '#presence/pidf/document.ts';
import { isoAt } from '#presence/pidf/iso-time.ts';
import { publicationDocument, summaryOf } from '#presence/pidf/states.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import { EventPublisher, type PublishedBody, type PublisherStep, type Shorten } from '#presence/publication/publisher.ts';
import type { SipResponse } from '#protocol/sip/message.ts';
import { secondsOr, textsOf, tokenOr } from './intent-values.ts';

/** Seconds. */
const EXPIRES = 7200;
const NOTHING: PublisherStep = { kind: 'note', note: rejected('Nothing is published.') };

/** A terminal that switches off tells the registrar, not the presence server. */
export const OUTLIVES = decided(
  'The registration ends, not the publication: the presence server keeps what was published, and shows it to watchers, until the time of the publication runs out.',
  'RFC 3903 §3',
);

/** What is published under a name. */
export interface Standing {
  readonly name: string;
  readonly body: PublishedBody;
}

interface Terms {
  readonly expires?: number;
  readonly refreshes?: boolean;
  readonly shorten?: Shorten | undefined;
}

export class OwnPresence {
  readonly #startsAt: string;
  readonly #chance: Chance;
  readonly #shorten: Shorten | undefined;
  /** By name; that of the UE itself is ''. */
  readonly #publishers = new Map<string, EventPublisher>();
  /** What is said of the user, in words. */
  summary: string | undefined;

  /** `shorten`: publishes only what has changed (RFC 5264), where a person wants that. */
  constructor(startsAt: string, chance: Chance, shorten?: Shorten) {
    this.#shorten = shorten;
    this.#startsAt = startsAt;
    this.#chance = chance;
  }

  /** The documents that stand, or are on their way. */
  get published(): readonly Standing[] {
    return [...this.#publishers].flatMap(([name, { published: body }]) => (body === undefined ? [] : [{ name, body }]));
  }

  /** What a person wants of publications; undefined for any other wish. */
  carryOut(intent: Intent, identity: string, now: SimTime): readonly PublisherStep[] | undefined {
    switch (intent.kind) {
      case 'publish':
        return this.publish(intent, identity, now);
      case 'unpublish':
        return this.remove(intent, now);
      case 'refresh-publication':
        return this.refresh(intent, now);
      case 'publish-with-wrong-tag':
        return this.refreshWithWrongTag(intent, now);
      default:
        return undefined;
    }
  }

  publish(intent: Intent, identity: string, now: SimTime): readonly PublisherStep[] {
    const basic = intent['basic'] === 'closed' ? 'closed' : 'open';
    const note = intent['note'];
    const wanted = textsOf(intent['activities']);
    const unknown = wanted.filter((activity) => !ACTIVITIES.includes(activity));
    const sphere = intent['sphere'];
    const name = nameOf(intent);
    const plain = publicationDocument({
      entity: identity,
      ...(name === '' ? {} : { device: name }),
      basic,
      activities: wanted.filter((activity) => ACTIVITIES.includes(activity)),
      ...(typeof sphere === 'string' && SPHERES.includes(sphere) ? { sphere } : {}),
      ...(typeof note === 'string' ? { note } : {}),
      contact: identity,
      timestamp: isoAt(this.#startsAt, now),
    });
    const document = withMore(plain, intent['more']);
    this.summary = summaryOf(document);
    const steps = this.publishBody({ name, body: { contentType: PIDF_TYPE, bytes: encodeUtf8Apart(formatPidf(document)) } }, identity, now, {
      expires: secondsOr(intent['expires'], EXPIRES),
      refreshes: intent['refresh'] !== false,
      shorten: intent['partial'] === true ? this.#shorten : undefined,
    });
    if (unknown.length === 0) return steps;
    const why = `RPID knows no activity "${unknown.join('", "')}": it is left out.`;
    return [{ kind: 'note', note: rejected(why, 'RFC 4480 §3.2') }, ...steps];
  }

  publishBody(
    { name, body }: Standing,
    identity: string,
    now: SimTime,
    { expires = EXPIRES, refreshes = true, shorten }: Terms = {},
  ): readonly PublisherStep[] {
    let publisher = this.#publishers.get(name);
    if (publisher === undefined)
      this.#publishers.set(name, (publisher = new EventPublisher({ presentity: identity, chance: this.#chance, name, expires, refreshes })));
    return publisher.publish(body, now, shorten);
  }

  remove(intent: Intent, now: SimTime): readonly PublisherStep[] {
    return this.#publishers.get(nameOf(intent))?.remove(now) ?? [NOTHING];
  }

  /** Asked for by a person: the refresh before its time. */
  refresh(intent: Intent, now: SimTime): readonly PublisherStep[] {
    return this.#publishers.get(nameOf(intent))?.refreshNow(now) ?? [NOTHING];
  }

  /** The same with an entity-tag that was never given. */
  refreshWithWrongTag(intent: Intent, now: SimTime): readonly PublisherStep[] {
    return this.refresh(intent, now).flatMap((step): readonly PublisherStep[] => {
      if (step.kind !== 'publish') return [step];
      const tag = tokenOr(intent['tag'], 'no-such-tag');
      step.request.headers.set('SIP-If-Match', tag);
      const notes = step.notes.map((note) => (note.header === 'SIP-If-Match' ? { ...note, to: tag } : note));
      return [
        { kind: 'note', note: decided('A person wanted a wrong entity-tag here, to see what the server says.') },
        { ...step, notes },
      ];
    });
  }

  answered(name: string, response: SipResponse, now: SimTime): readonly PublisherStep[] {
    return this.#publishers.get(name)?.answered(response, now) ?? [];
  }

  unanswered(name: string, now: SimTime): readonly PublisherStep[] {
    return this.#publishers.get(name)?.unanswered(now) ?? [];
  }

  deadline(): SimTime | undefined {
    let first: SimTime | undefined;
    for (const publisher of this.#publishers.values()) first = earliest(first, publisher.deadline());
    return first;
  }

  fire(now: SimTime): readonly PublisherStep[] {
    return [...this.#publishers.values()].flatMap((publisher) => publisher.fire(now));
  }

  /** The way to the server is gone: nothing is refreshed any more. */
  forget(): void {
    this.#publishers.clear();
  }

  timers(): readonly ViewTimer[] {
    return [...this.#publishers.values()].flatMap((publisher) => publisher.viewTimers());
  }

  states(): readonly LiveState[] {
    return [...this.#publishers.values()].flatMap((publisher) => publisher.viewStates());
  }
}

/** Which publication a wish is about: that of a device with a name, or the UE's own. Ids of elements are made from it. */
function nameOf(intent: Intent): string {
  const device = intent['device'];
  return typeof device === 'string' && /^[\w.-]{1,40}$/.test(device) ? device : '';
}

/** With an element that no standard knows beside the status of the service, where a person wants one: `{ namespace, name, text }`. */
function withMore(document: PresenceDocument, more: Json | undefined): PresenceDocument {
  if (typeof more !== 'object' || more === null || Array.isArray(more)) return document;
  const { namespace, name, text = '' } = more as { readonly [key: string]: Json };
  if (typeof namespace !== 'string' || !/^urn:[\x21-\x7e]{1,80}$/.test(namespace) || typeof name !== 'string' || !/^[a-z][\w.-]{0,40}$/i.test(name))
    return document;
  const unknown: UnknownElement[] = [{ namespace, name, attributes: [], children: [], text: typeof text === 'string' ? text : '' }];
  return { ...document, tuples: document.tuples.map((tuple, i) => (i === 0 ? { ...tuple, unknown } : tuple)) };
}
