/**
 * A user's hand on the own rules (RFC 5025) or lists (RFC 4826) over Ut (RFC 4825): reads them, answers a watcher who waits by putting a rule, replaces and deletes; under entity-tags, so that it
 * never overwrites what somebody else has changed meanwhile. Shows its password when it is asked (RFC 2617 §3.2).
 * Omitted: name resolution of the XCAP root (the address is configured), several devices that tell each other, editing attributes.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { ViewChange, ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { withAnswer } from '#presence/authorization/answered.ts';
import { isRulesError, parseRuleset } from '#presence/authorization/read-ruleset.ts';
import { COMMON_POLICY, EVERYTHING_SHOWN, isHandling, NOTHING_SHOWN, type Rule, RULES_TYPE } from '#presence/authorization/ruleset.ts';
import { formatRule, formatRuleset } from '#presence/authorization/write-ruleset.ts';
import { SERVICES_TYPE } from '#presence/lists/resource-lists.ts';
import { XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { HttpClient, type HttpEvent } from '#protocol/http/client.ts';
import { createHttpRequest, fieldOf, type HttpResponse } from '#protocol/http/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { type AuthParams, formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { xcapErrorInWords } from '#protocol/xcap/errors.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';
import type { XcapUse } from './abilities.ts';
import { textOr } from './intent-values.ts';
import type { XcapFacts } from './xcap-facts.ts';

const CLAUSE = 'RFC 4825 §7';
const ELEMENT_TYPE = 'application/xcap-el+xml';
/** What can be wished, of which type the document is, and what it is called. */
const USAGES = {
  'pres-rules': { wishes: new Set(['answer-watcher', 'read-rules', 'write-rules', 'write-rule', 'delete-rules']), type: RULES_TYPE, noun: 'rules' },
  'rls-services': { wishes: new Set(['read-lists', 'write-lists', 'delete-lists']), type: SERVICES_TYPE, noun: 'lists' },
} as const satisfies Record<XcapFacts['usage'], unknown>;

type Task =
  | { readonly kind: 'read' }
  /** The whole document. */
  | { readonly kind: 'write'; readonly text: string }
  /** One rule of it. */
  | { readonly kind: 'write-rule'; readonly id: string; readonly text: string }
  /** A rule about one watcher, and whatever else has to change for it to count. */
  | { readonly kind: 'answer'; readonly rule: Rule; readonly watcher: string }
  | { readonly kind: 'delete' };

interface Errand {
  readonly task: Task;
  /** A person wants the wrong entity-tag, to see what the server says. */
  readonly wrongTag: boolean;
  /** The rules had to be read first. */
  readonly then: Task | undefined;
  readonly wasChallenged: boolean;
  readonly wasStale: boolean;
}

/** What is known of the document: that it is not there, or its entity-tag and (after reading) its text. */
type Known = { readonly kind: 'absent' } | { readonly kind: 'there'; readonly tag: string; readonly text: string | undefined };

/** What a request is made of. */
interface Parts {
  readonly method: string;
  readonly node?: Parameters<typeof formatXcapTarget>[2];
  readonly type?: string;
  readonly body: string;
  readonly note?: Note;
}

const onePart = (id: string, body: string): Parts => ({
  method: 'PUT',
  node: { path: `cr:ruleset/cr:rule[@id="${id}"]`, namespaces: [['cr', COMMON_POLICY]] },
  type: ELEMENT_TYPE,
  body,
});

export class XcapUser implements XcapUse {
  readonly wishes: ReadonlySet<string>;
  readonly #type: string;
  readonly #noun: string;
  readonly #facts: XcapFacts;
  readonly #chance: Chance;
  readonly #http: HttpClient<Errand>;
  #known: Known | undefined;
  #challenge: AuthParams | undefined;
  #nonceCount = 0;

  constructor(facts: XcapFacts, address: string, chance: Chance) {
    const { wishes, type, noun } = USAGES[facts.usage];
    this.wishes = wishes;
    this.#type = type;
    this.#noun = noun;
    this.#facts = facts;
    this.#chance = chance;
    this.#http = new HttpClient(address);
  }

  isAbout(input: Input): boolean {
    if (input.kind === 'bytes') return input.transport === 'tcp' && this.#http.isAbout(input);
    return input.kind === 'transport-failed' && input.transport === 'tcp' && input.remote.port === HTTP_PORT;
  }

  step(input: Input, now: SimTime, out: Effect[]): void {
    const events =
      input.kind === 'bytes'
        ? this.#http.receive(input, now, out)
        : input.kind === 'transport-failed'
          ? this.#http.transportFailed(input.remote, now, out)
          : [];
    for (const event of events) this.#take(event, now, out);
  }

  carryOut(intent: Intent, undecided: string | undefined, now: SimTime, out: Effect[]): void {
    const wrongTag = intent['ifMatch'] === 'wrong';
    const text = textOr(intent['document'], '');
    switch (intent.kind) {
      case 'read-rules':
      case 'read-lists':
        this.#do({ kind: 'read' }, wrongTag, now, out);
        return;
      case 'delete-rules':
      case 'delete-lists':
        this.#do({ kind: 'delete' }, wrongTag, now, out);
        return;
      case 'write-rules':
      case 'write-lists':
        this.#do({ kind: 'write', text }, wrongTag, now, out);
        return;
      case 'write-rule':
        this.#do({ kind: 'write-rule', id: textOr(intent['id'], 'rule'), text }, wrongTag, now, out);
        return;
      default:
        this.#answer(intent, undecided, wrongTag, now, out);
    }
  }

  deadline(): SimTime | undefined {
    return this.#http.deadline();
  }

  fire(now: SimTime, out: Effect[]): void {
    for (const event of this.#http.fire(now, out)) this.#take(event, now, out);
  }

  table(): ViewTable | undefined {
    const known = this.#known;
    if (known === undefined) return undefined;
    return {
      title: `Own ${this.#noun}, as far as they were read`,
      columns: ['Document', 'Entity-tag', 'Content'],
      rows: known.kind === 'absent' ? [] : [[this.#selector, known.tag, known.text ?? 'changed since it was read']],
      empty: 'There are none.',
    };
  }

  changes(): readonly ViewChange[] {
    const { host, identity } = this.#facts;
    return [{ usage: this.#facts.usage, owner: identity, server: host }];
  }

  timers(): readonly ViewTimer[] {
    return this.#http.viewTimers();
  }

  get #selector(): string {
    return `${this.#facts.usage}/users/${this.#facts.identity}/index`;
  }

  /** One rule about one watcher: whoever is answered again is answered by the same rule. */
  #answer(intent: Intent, undecided: string | undefined, wrongTag: boolean, now: SimTime, out: Effect[]): void {
    const watcher = textOr(intent['watcher'], undecided ?? '');
    const handling = textOr(intent['handling'], 'allow');
    if (watcher === '' || !isHandling(handling)) {
      out.push({
        kind: 'note',
        note: rejected(
          watcher === '' ? 'Nobody waits for an answer, as far as is known here.' : `A watcher cannot be answered "${handling}".`,
          'RFC 5025 §3.2.1',
        ),
      });
      return;
    }
    const rule: Rule = {
      id: `answer-${watcher.replace(/[^A-Za-z0-9.-]/g, '_')}`,
      conditions: [{ kind: 'identity', members: [{ kind: 'one', id: watcher }] }],
      handling,
      shows: handling === 'allow' ? EVERYTHING_SHOWN : NOTHING_SHOWN,
    };
    this.#do({ kind: 'answer', rule, watcher }, wrongTag, now, out);
  }

  /** Whatever changes the document is preceded by reading it, once: without its entity-tag it could overwrite what it does not know. */
  #do(task: Task, wrongTag: boolean, now: SimTime, out: Effect[]): void {
    const known = this.#known;
    // Whether a lesser answer counts hangs on the other rules.
    const isWeighed = task.kind === 'answer' && task.rule.handling !== 'allow' && known?.kind === 'there' && known.text === undefined;
    const mustRead = task.kind !== 'read' && (known === undefined || isWeighed);
    this.#send({ task: mustRead ? { kind: 'read' } : task, wrongTag, then: mustRead ? task : undefined, wasChallenged: false, wasStale: false }, now, out);
  }

  #send(errand: Errand, now: SimTime, out: Effect[]): void {
    const { host, address, identity } = this.#facts;
    const notes: Note[] = [];
    const { method, node, type, body, note } = this.#partsOf(errand.task);
    if (note !== undefined) notes.push(note);
    const target = formatXcapTarget(XCAP_ROOT, this.#selector, node);
    const fields: (readonly [string, string])[] = [
      ['Host', host],
      ['X-3GPP-Intended-Identity', `"${identity}"`],
    ];
    const credentials = this.#credentials(method, target);
    if (credentials !== undefined) {
      fields.push(['Authorization', credentials]);
      notes.push({ op: 'added', header: 'Authorization', reason: 'Shows that it knows the password, without telling it.', clause: 'RFC 2617 §3.2.2' });
    }
    const condition = method === 'GET' ? undefined : this.#condition(errand);
    if (condition !== undefined) {
      fields.push(condition);
      notes.push({
        op: 'added',
        header: condition[0],
        to: condition[1],
        reason: 'Only if the document still is what is known here.',
        clause: 'RFC 9110 §13.1',
      });
    }
    if (type !== undefined) fields.push(['Content-Type', type]);
    notes.push(decided('It goes straight to the server: no proxy stands on Ut here.', 'TS 24.141 (clause unchecked)'));
    const event = this.#http.request({ address, port: HTTP_PORT }, createHttpRequest(method, target, fields, encodeUtf8(body)), notes, errand, now, out);
    if (event !== undefined) this.#take(event, now, out);
  }

  #partsOf(task: Task): Parts {
    switch (task.kind) {
      case 'read':
        return { method: 'GET', body: '' };
      case 'write':
        return { method: 'PUT', type: this.#type, body: task.text };
      case 'delete':
        return { method: 'DELETE', body: '' };
      case 'write-rule':
        return onePart(task.id, task.text);
      case 'answer':
        if (this.#known?.kind === 'absent') return { method: 'PUT', type: RULES_TYPE, body: formatRuleset({ rules: [task.rule] }) };
        return this.#weighed(task.rule, task.watcher) ?? onePart(task.rule.id, formatRule(task.rule));
    }
  }

  /** All rules, where the answer alone would not count. */
  #weighed(rule: Rule, watcher: string): Parts | undefined {
    const text = this.#known?.kind === 'there' ? this.#known.text : undefined;
    const known = text === undefined ? undefined : parseRuleset(text);
    const whole = known === undefined || isRulesError(known) ? undefined : withAnswer(known, rule, watcher);
    if (whole === undefined) return undefined;
    const why = 'Another rule gives the watcher more, and the highest counts: that rule has to leave the watcher out, so all rules are put.';
    return { method: 'PUT', type: RULES_TYPE, body: formatRuleset(whole), note: decided(why, 'RFC 5025 §3.2.1') };
  }

  #condition({ wrongTag, wasStale }: Errand): readonly [string, string] | undefined {
    if (wrongTag && !wasStale) return ['If-Match', '"never-given"'];
    if (this.#known === undefined) return undefined;
    return this.#known.kind === 'there' ? ['If-Match', this.#known.tag] : ['If-None-Match', '*'];
  }

  #credentials(method: string, uri: string): string | undefined {
    if (this.#challenge === undefined) return undefined;
    const { username, password } = this.#facts;
    const cnonce = this.#chance.token('http-cnonce', 8);
    const made = createCredentials(this.#challenge, { username, secret: password, method, uri, cnonce, nonceCount: ++this.#nonceCount });
    return made === undefined ? undefined : formatCredentials(made);
  }

  #take(event: HttpEvent<Errand>, now: SimTime, out: Effect[]): void {
    const note = (one: Note): void => void out.push({ kind: 'note', note: one });
    if (event.kind === 'no-answer') {
      note(rejected(`The server that keeps the ${this.#noun} does not answer: nothing is known to have changed.`, CLAUSE));
      return;
    }
    const { user: errand, response, request } = event;
    switch (response.status) {
      case 200:
      case 201:
        this.#succeeded(errand, request.method, response, note);
        if (errand.then !== undefined) this.#send({ ...errand, task: errand.then, then: undefined, wasChallenged: false }, now, out);
        return;
      case 401:
        this.#challenged(errand, response, note, now, out);
        return;
      case 404:
        this.#known = { kind: 'absent' };
        note(decided(`There are no such ${this.#noun}.`, CLAUSE));
        if (request.method === 'GET' && errand.then !== undefined)
          this.#send({ ...errand, task: errand.then, then: undefined, wasChallenged: false }, now, out);
        return;
      case 412:
        this.#known = undefined;
        if (errand.wasStale) note(rejected(`The ${this.#noun} are not what is known here, again: it gives up.`, 'RFC 9110 §13.1.1'));
        else {
          note(decided(`Somebody has changed the ${this.#noun} meanwhile: they are read anew, and then it is tried once more.`, 'RFC 9110 §13.1.1'));
          this.#send({ task: { kind: 'read' }, then: errand.task, wrongTag: errand.wrongTag, wasChallenged: false, wasStale: true }, now, out);
        }
        return;
      case 409:
        note(rejected(`The server does not take it: ${xcapErrorInWords(decodeUtf8(response.body)) ?? 'it does not say why'}`, 'RFC 4825 §11.2'));
        return;
      default:
        note(rejected(`The answer was ${response.status} ${response.reason}: nothing is known to have changed.`, CLAUSE));
    }
  }

  #succeeded({ task }: Errand, method: string, response: HttpResponse, note: (one: Note) => void): void {
    const tag = fieldOf(response, 'ETag');
    if (method === 'DELETE') this.#known = { kind: 'absent' };
    else if (tag === undefined) this.#known = undefined;
    else this.#known = { kind: 'there', tag, text: method === 'GET' ? decodeUtf8(response.body) : task.kind === 'write' ? task.text : undefined };
    note(
      decided(
        method === 'GET' ? `These are the ${this.#noun}, under this entity-tag.` : `The ${this.#noun} are as the user wants them, under another entity-tag.`,
        CLAUSE,
      ),
    );
  }

  #challenged(errand: Errand, response: HttpResponse, note: (one: Note) => void, now: SimTime, out: Effect[]): void {
    const challenge = parseChallenge(fieldOf(response, 'WWW-Authenticate') ?? '');
    const isStale = challenge?.params.get('stale')?.toLowerCase() === 'true';
    if (challenge === undefined || (errand.wasChallenged && !isStale)) {
      this.#challenge = undefined;
      note(rejected('The password is not the right one: it gives up.', 'RFC 2617 §3.2.1'));
      return;
    }
    this.#challenge = challenge;
    this.#nonceCount = 0;
    note(decided('The server wants to know who this is: the same again, with an answer to its challenge.', 'RFC 2617 §3.2.2'));
    this.#send({ ...errand, wasChallenged: true }, now, out);
  }
}
