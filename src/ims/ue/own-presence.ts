/**
 * What a UE publishes of its user (RFC 3903 §4; TS 24.141, PUA procedures): it turns what a person wants into documents and keeps their publication alive.
 * Omitted: several publications of one user.
 */
import type { Chance } from '#base/chance.ts';
import type { Intent } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { ACTIVITIES, PIDF_TYPE, SPHERES } from '#presence/pidf/document.ts';
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
  'RFC 3903 (clause unchecked)',
);

export class OwnPresence {
  readonly #startsAt: string;
  readonly #chance: Chance;
  readonly #shorten: Shorten | undefined;
  #publisher: EventPublisher | undefined;
  /** What is said of the user, in words. */
  summary: string | undefined;

  /** `shorten`: publishes only what has changed (RFC 5264), where a person wants that. */
  constructor(startsAt: string, chance: Chance, shorten?: Shorten) {
    this.#shorten = shorten;
    this.#startsAt = startsAt;
    this.#chance = chance;
  }

  /** The document that stands, or is on its way. */
  get published(): PublishedBody | undefined {
    return this.#publisher?.published;
  }

  publish(intent: Intent, identity: string, now: SimTime): readonly PublisherStep[] {
    const basic = intent['basic'] === 'closed' ? 'closed' : 'open';
    const note = intent['note'];
    const wanted = textsOf(intent['activities']);
    const unknown = wanted.filter((activity) => !ACTIVITIES.includes(activity));
    const sphere = intent['sphere'];
    const document = publicationDocument({
      entity: identity,
      basic,
      activities: wanted.filter((activity) => ACTIVITIES.includes(activity)),
      ...(typeof sphere === 'string' && SPHERES.includes(sphere) ? { sphere } : {}),
      ...(typeof note === 'string' ? { note } : {}),
      contact: identity,
      timestamp: isoAt(this.#startsAt, now),
    });
    this.summary = summaryOf(document);
    const steps = this.publishBody(
      { contentType: PIDF_TYPE, bytes: encodeUtf8(formatPidf(document)) },
      identity,
      now,
      secondsOr(intent['expires'], EXPIRES),
      intent['refresh'] !== false,
      intent['partial'] === true ? this.#shorten : undefined,
    );
    if (unknown.length === 0) return steps;
    const why = `RPID knows no activity "${unknown.join('", "')}": it is left out.`;
    return [{ kind: 'note', note: rejected(why, 'RFC 4480 (clause unchecked)') }, ...steps];
  }

  publishBody(body: PublishedBody, identity: string, now: SimTime, expires = EXPIRES, refreshes = true, shorten?: Shorten): readonly PublisherStep[] {
    this.#publisher ??= new EventPublisher({ presentity: identity, chance: this.#chance, expires, refreshes });
    return this.#publisher.publish(body, now, shorten);
  }

  remove(now: SimTime): readonly PublisherStep[] {
    return this.#publisher?.remove(now) ?? [NOTHING];
  }

  /** Asked for by a person: the refresh before its time. */
  refresh(now: SimTime): readonly PublisherStep[] {
    return this.#publisher?.refreshNow(now) ?? [NOTHING];
  }

  /** The same with an entity-tag that was never given. */
  refreshWithWrongTag(intent: Intent, now: SimTime): readonly PublisherStep[] {
    return this.refresh(now).flatMap((step): readonly PublisherStep[] => {
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

  answered(response: SipResponse, now: SimTime): readonly PublisherStep[] {
    return this.#publisher?.answered(response, now) ?? [];
  }

  unanswered(now: SimTime): readonly PublisherStep[] {
    return this.#publisher?.unanswered(now) ?? [];
  }

  deadline(): SimTime | undefined {
    return this.#publisher?.deadline();
  }

  fire(now: SimTime): readonly PublisherStep[] {
    return this.#publisher?.fire(now) ?? [];
  }

  /** The way to the server is gone: nothing is refreshed any more. */
  forget(): void {
    this.#publisher = undefined;
  }

  timers(): readonly ViewTimer[] {
    return this.#publisher?.viewTimers() ?? [];
  }

  states(): readonly LiveState[] {
    return this.#publisher?.viewStates() ?? [];
  }
}
