/**
 * Presence External Agent (TS 23.141 (clause unchecked)): outside of the operator's network it knows something of a presentity, here from a calendar, and publishes it on Pex. It begins when an event begins, changes what it
 * said when the calendar does, prolongs only what the calendar has confirmed, and takes it back at the end (RFC 3903 §4). Nobody vouches for it: it answers the challenge of the presence server (RFC 3261 §22.2).
 * That Pex is PUBLISH, by DNS and the entry of the presentity's network, is our choice; the stage leaves it to a gateway. Table AGENT.
 * Omitted: several presentities, TLS, Retry-After, algorithms other than MD5.
 */
import type { Chance } from '#base/chance.ts';
import type { Input, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { between, type Duration, earliest, inSeconds, type SimTime, utcMilliseconds } from '#base/time.ts';
import { encodeUtf8Apart } from '#base/utf8.ts';
import type { Effect } from '#base/machine.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { addHeader, decided, rejected, removeHeader, routed, setHeader } from '#ims/node/edit.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import { EventPublisher, type PublisherStep } from '#presence/publication/publisher.ts';
import { type AuthParams, formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { cloneRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { type Answered, CalendarFollower, type CalendarPlace } from './calendar-follower.ts';
import { activityOf, boundaryAfter, counts, noteOf, type Occupation, occupationAt, occupationDocument } from './occupation.ts';
import { AGENT, type AgentEvent, type AgentState, agentTable } from './tables.ts';

export interface ExternalAgentConfig extends NodeConfig {
  /** `sip:calendar@example.org`. */
  readonly identity: string;
  readonly username: string;
  readonly password: string;
  /** For whom it publishes. */
  readonly presentity: string;
  readonly calendar: CalendarPlace;
  readonly pollEvery: Duration;
  /** The lifetime that it asks for. */
  readonly expires: Duration;
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
  /** It writes what only trusted networks may write, as if it were the presentity. */
  readonly claims?: boolean;
}

interface Purpose {
  /** The nonce in its credentials; undefined when it had none. */
  readonly nonce: string | undefined;
  readonly tries: number;
}

/** A PUBLISH is sent at most so often for its authentication: without credentials, with an old nonce, with a new one. */
const MOST_TRIES = 3;
/** It is of no use to ask again: who this is, or whom it is about, is not accepted. */
const FINAL: ReadonlySet<number> = new Set([401, 403, 404]);

export class ExternalAgent extends SipNode<Purpose> {
  readonly #agent: ExternalAgentConfig;
  readonly #follower: CalendarFollower;
  readonly #publisher: EventPublisher;
  #state: AgentState = AGENT.initial;
  #told: Occupation | undefined;
  #challenge: AuthParams | undefined;
  #nonceCount = 0;
  /** When the next event begins or ends. */
  #boundary: SimTime | undefined;

  constructor(config: ExternalAgentConfig, chance: Chance) {
    super(config, chance);
    this.#agent = config;
    this.#follower = new CalendarFollower(config.address, config.calendar, config.pollEvery);
    const expires = inSeconds(config.expires);
    this.#publisher = new EventPublisher({
      presentity: config.presentity,
      agent: { uri: config.identity, about: 'calendar' },
      chance,
      expires,
      refreshes: false,
    });
  }

  override step(input: Input, now: SimTime): readonly Effect[] {
    if (!this.#follower.isAbout(input)) return super.step(input, now);
    this.now = now;
    this.out = [];
    this.#consider(this.#follower.step(input, now, this.out));
    return this.out;
  }

  protected override onIntent(intent: Intent): void {
    switch (intent.kind) {
      case 'follow-calendar':
        if (!this.#move('follow')) this.note(rejected('The calendar is followed already.'));
        else this.#consider(this.#follower.start(this.now, this.out));
        return;
      case 'leave-calendar':
        if (!this.#move('leave')) this.note(rejected('No calendar is followed.'));
        else {
          this.note(decided('The presentity no longer wants the agent to tell of the calendar: what it has said is taken back.'));
          this.#follower.stop();
          this.#boundary = undefined;
          this.#told = undefined;
          this.#carryOut(this.#publisher.remove(this.now));
        }
        return;
      default:
        super.onIntent(intent);
    }
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest): void {
    this.refuse(server, 405, rejected(`This agent asks and is not asked: it takes no ${request.method}.`, 'RFC 3261 §8.2.1'), [['Allow', 'PUBLISH']]);
  }

  protected override onResponse({ request, purpose }: Outgoing<Purpose>, response: SipResponse): void {
    if (response.status === 401 && this.#answerChallenge(request, purpose, response)) return;
    this.#carryOut(this.#publisher.answered(response, this.now));
  }

  protected override onNoAnswer({ request }: Outgoing<Purpose>, _why: NoAnswer): void {
    this.note(decided(`Nobody answered the ${request.method}: it is tried again when the calendar is looked at next.`, 'RFC 3261 §17.1.2.2'));
    this.#carryOut(this.#publisher.unanswered(this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(earliest(this.#follower.deadline(), this.#publisher.deadline()), this.#boundary);
  }

  protected override onOwnDeadline(): void {
    const before = this.#publisher.state;
    this.#carryOut(this.#publisher.fire(this.now));
    if (before === 'published' && this.#publisher.state === 'unpublished') {
      this.note(decided('What was published has run out: the calendar has not confirmed it for so long that it was not prolonged.', 'RFC 3903 §4.2'));
      this.#told = undefined;
      this.#move('runs-out');
    }
    const answered = this.#follower.fire(this.now, this.out);
    if (this.#boundary !== undefined && this.#boundary <= this.now) {
      this.#boundary = undefined;
      this.#consider(answered ?? this.#follower.ask('An event begins or ends now, if the calendar still says so: it is asked once more.', this.now, this.out));
    } else this.#consider(answered);
  }

  /** After the calendar has answered, or could not. */
  #consider(answered: Answered | undefined): void {
    const known = this.#follower.known;
    if (answered === undefined || known === undefined || this.#state === 'apart') return;
    const moment = this.#moment();
    const next = boundaryAfter(known.calendar, moment);
    this.#boundary = next === undefined ? undefined : (((next - Date.parse(this.#agent.startsAt)) * 1000) as SimTime);
    if (this.#state === 'refused') return;
    const occupation = occupationAt(known.calendar, moment);
    if (occupation === undefined) this.#free();
    // What is known only from long ago is told to nobody: it could have been cancelled since.
    else if (between(known.confirmedAt, this.now) < this.#agent.expires) this.#occupied(occupation, answered);
  }

  #free(): void {
    this.#told = undefined;
    if (this.#publisher.published === undefined) return;
    this.note(decided('Nothing goes on any more: what was published of it is taken back.', 'RFC 3903 §4.5'));
    this.#move('ends');
    this.#carryOut(this.#publisher.remove(this.now));
  }

  #occupied(occupation: Occupation, answered: Answered): void {
    const { presentity, pollEvery } = this.#agent;
    const before = this.#told;
    if (before !== undefined && this.#publisher.state !== 'unpublished' && JSON.stringify(before) === JSON.stringify(occupation)) {
      const end = this.#publisher.deadline();
      // It would run out before the calendar is looked at for the second time from now.
      if (answered === 'confirmed' && end !== undefined && between(this.now, end) < 2 * pollEvery) this.#carryOut(this.#publisher.refreshNow(this.now));
      return;
    }
    this.#told = occupation;
    const bytes = encodeUtf8Apart(formatPidf(occupationDocument(presentity, occupation)));
    const kept = occupation.notes.length === 0 ? ' What it is about is not for others to know.' : '';
    this.note(decided(`The calendar says that the presentity is occupied: ${occupation.activities.join(', ')}.${kept}`, 'RFC 4480 §3.2'));
    this.#move(this.#state === 'occupied' ? 'changes' : 'begins');
    this.#carryOut(this.#publisher.publish({ contentType: PIDF_TYPE, bytes }, this.now));
  }

  #carryOut(steps: readonly PublisherStep[]): void {
    for (const step of steps) {
      if (step.kind === 'publish') this.#send(step.request, [...step.notes], 1);
      else if (step.kind === 'failed') this.#failed(step.status);
      else this.out.push(step);
    }
  }

  #failed(status: number | undefined): void {
    if (status === undefined || !FINAL.has(status)) return;
    this.note(rejected(`The presence server does not take it: ${status}. The agent gives up until somebody wants it anew.`, 'RFC 3903 §5'));
    this.#told = undefined;
    this.#move('refused');
  }

  #send(request: SipRequest, notes: Note[], tries: number): void {
    const { identity, presentity, claims, username, password } = this.#agent;
    if (claims === true && !request.headers.has('P-Asserted-Identity'))
      addHeader(request, notes, 'P-Asserted-Identity', `<${presentity}>`, 'The agent claims to be the presentity; no network has checked that.', 'RFC 3325 §5');
    if (tries === 1)
      notes.push(
        { op: 'added', header: 'From', to: identity, reason: 'The agent publishes in its own name; whom it is about stands in To.', clause: 'RFC 3903 §4.1' },
        routed("There is no P-CSCF out here: DNS leads to the entry of the presentity's network.", 'RFC 3263 §4', presentity),
      );
    const challenge = this.#challenge;
    const facts = { username, secret: password, method: request.method, uri: request.uri, cnonce: this.chance.token('cnonce', 8), body: request.body };
    const made = challenge === undefined ? undefined : createCredentials(challenge, { ...facts, nonceCount: ++this.#nonceCount });
    if (made !== undefined)
      setHeader(request, notes, 'Authorization', formatCredentials(made), 'Shows that the agent knows the password, without telling it.', 'RFC 3261 §22.2');
    this.send({ request, notes, server: undefined, purpose: { nonce: made?.params.get('nonce'), tries }, targets: [], tried: 0 });
  }

  /** The same request once more, with an answer to the challenge; false when that is of no use. */
  #answerChallenge(refused: SipRequest, { nonce, tries }: Purpose, response: SipResponse): boolean {
    const challenges = response.headers.lines('WWW-Authenticate').map(parseChallenge);
    const challenge = challenges.find((one) => one?.scheme.toLowerCase() === 'digest' && one.params.has('nonce'));
    const isStale = challenge?.params.get('stale')?.toLowerCase() === 'true';
    // RFC 3261 §22.2: credentials that were refused are not sent again; they may be made anew for a nonce that was only too old.
    if (challenge === undefined || tries >= MOST_TRIES || (nonce !== undefined && !isStale)) {
      this.#challenge = undefined;
      this.note(rejected(challenge === undefined ? 'It is asked for something else than a password.' : 'The password is not the right one.', 'RFC 3261 §22.2'));
      return false;
    }
    this.#challenge = challenge;
    this.#nonceCount = 0;
    const request = cloneRequest(refused);
    const notes: Note[] = [
      decided(
        isStale
          ? 'The nonce was too old: the same once more for the new one.'
          : 'The presence server wants to know who this is: the same once more, with an answer.',
        'RFC 3261 §22.2',
      ),
    ];
    request.headers.removeFirst('Via');
    removeHeader(request, notes, 'Authorization', 'It was made for a nonce that is over.', 'RFC 3261 §22.2');
    setHeader(request, notes, 'CSeq', this.#publisher.nextNumber(), 'A request that goes out anew has the next number.', 'RFC 3261 §22.2');
    this.#send(request, notes, tries + 1);
    return true;
  }

  #move(on: AgentEvent): boolean {
    const step = transition(agentTable, this.#state, on, () => true);
    if (step === undefined) return false;
    this.stateChange(AGENT.name, this.#agent.presentity, step.from, on, step.to);
    this.#state = step.to;
    return true;
  }

  #moment(): number {
    return utcMilliseconds(this.#agent.startsAt, this.now);
  }

  protected override mark(): string | undefined {
    return this.#state === 'refused' ? 'refused' : undefined;
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    const known = this.#follower.known;
    const clock = (moment: number): string => new Date(moment).toISOString().slice(11, 16);
    const rows = (known?.calendar.events ?? []).map((event) => [
      `${clock(event.start)} – ${clock(event.end)}`,
      counts(event) ? activityOf(event) : 'nothing',
      (counts(event) ? noteOf(event) : undefined) ?? '–',
    ]);
    const told = this.#told;
    const end = this.#publisher.deadline();
    const published =
      told === undefined || this.#publisher.published === undefined
        ? []
        : [[this.#agent.presentity, [...told.activities, ...told.notes].join(', '), end === undefined ? '–' : `${Math.ceil(inSeconds(between(now, end)))} s`]];
    return [
      { title: 'The calendar, as far as it is told', columns: ['When (UTC)', 'Activity', 'Note'], rows, empty: 'No calendar is known.' },
      { title: 'Published', columns: ['Presentity', 'State', 'Expires in'], rows: published, empty: 'Nothing is published.' },
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    const boundary = this.#boundary === undefined ? [] : [{ name: 'An event begins or ends', subject: this.#agent.calendar.host, firesAt: this.#boundary }];
    return [...boundary, ...this.#follower.viewTimers(), ...this.#publisher.viewTimers()];
  }

  protected override ownStates(): readonly LiveState[] {
    return [{ machine: AGENT.name, key: this.#agent.presentity, state: this.#state }, ...this.#publisher.viewStates()];
  }
}
