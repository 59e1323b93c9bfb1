/**
 * A presence server's judgement by rules (RFC 4745, RFC 5025 §3.2.1): who may subscribe, what each watcher is shown, and what becomes of subscriptions when rules, time or the
 * presentity's sphere change. A watcher hears of a change only when what it is shown has changed.
 */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8Apart } from '#base/utf8.ts';
import type { ViewTable } from '#base/view.ts';
import { decided } from '#ims/node/edit.ts';
import type { Verdict } from '#presence/authorization/evaluate.ts';
import { type RuleBook, shownInWords } from '#presence/authorization/rule-book.ts';
import { EVERYTHING_SHOWN, type Handling } from '#presence/authorization/ruleset.ts';
import { transformDocument } from '#presence/authorization/transform.ts';
import type { PresenceDocument } from '#presence/pidf/document.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import type { Authorization, StateQuestion } from '#presence/subscription/event-package.ts';
import type { Notifier, NotifierStep, NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { Authorizer, KnownState } from './authorizer.ts';

const CLAUSE = 'RFC 5025 §3.2.1';
const OWN = 'It is the presentity itself: its rules are about others.';
const WORDS: Readonly<Record<Handling, string>> = {
  allow: 'this watcher is allowed',
  confirm: 'the presentity has to be asked about this watcher first, so the subscription waits',
  'polite-block': 'this watcher is to believe that all is well, and sees nothing',
  block: 'this watcher is refused',
};

export class RuleAuthorizer implements Authorizer {
  readonly #book: RuleBook;
  /** Whom a subscription without identity belongs to. */
  readonly #unidentified: string;
  /** What each subscription was shown last, apart from its times. */
  readonly #shown = new WeakMap<object, string>();

  constructor(book: RuleBook, unidentified: string) {
    this.#book = book;
    this.#unidentified = unidentified;
  }

  authorize(presentity: string, watcher: string, _: KnownState, now: SimTime): Authorization {
    const verdict = this.#verdict(presentity, watcher, now);
    const reason = watcher === presentity ? OWN : reasonOf(verdict);
    switch (verdict.handling) {
      case 'allow':
        return { decision: 'active', reason, clause: CLAUSE };
      case 'polite-block':
        return { decision: 'polite', reason, clause: CLAUSE };
      case 'confirm':
        return { decision: 'pending', reason, clause: CLAUSE };
      case 'block':
        return { decision: 'rejected', status: 403, reason, clause: CLAUSE };
    }
  }

  learn(presentity: string, published: readonly PresenceDocument[]): boolean {
    return this.#book.learn(presentity, published);
  }

  bodyOf({ resource, watcher, subscription }: StateQuestion, state: KnownState, now: SimTime): Uint8Array {
    const document = this.#shownTo(resource, watcher, state, now);
    this.#shown.set(subscription, withoutTimes(document));
    return encodeUtf8Apart(formatPidf(document));
  }

  changed(presentity: string, state: KnownState, notifier: Notifier, now: SimTime): NotifierStep[] {
    const steps: NotifierStep[] = [];
    const subscriptions = notifier.subscriptionsTo('presence', presentity);
    for (const watcher of new Set(subscriptions.map((one) => one.watcher))) {
      const own = subscriptions.filter((one) => one.watcher === watcher);
      steps.push(...this.#judgeAnew(presentity, watcher, own, state, notifier, now));
    }
    return steps;
  }

  #judgeAnew(presentity: string, watcher: string, own: readonly NotifierSubscription[], state: KnownState, notifier: Notifier, now: SimTime): NotifierStep[] {
    const verdict = this.#verdict(presentity, watcher, now);
    const reason = reasonOf(verdict);
    switch (verdict.handling) {
      case 'block':
        return notifier.decide('presence', presentity, watcher, { decision: 'rejected', reason }, now);
      case 'confirm':
        // RFC 5025 §3.2.1: an active subscription goes back to pending, and learns nothing until the presentity has decided.
        return own.every(({ access }) => access === 'none') ? [] : this.#grant('pending', presentity, watcher, reason, notifier, now);
      case 'polite-block':
        return own.every(({ access }) => access === 'polite') ? [] : this.#grant('polite', presentity, watcher, reason, notifier, now);
      case 'allow': {
        if (own.some(({ access }) => access !== 'full')) return this.#grant('active', presentity, watcher, reason, notifier, now);
        const shown = withoutTimes(this.#shownTo(presentity, watcher, state, now));
        if (own.some((one) => this.#shown.get(one) !== shown)) return notifier.changed('presence', presentity, now, watcher);
        return [{ kind: 'note', note: decided(`What ${watcher} is shown has not changed: it hears nothing.`, 'RFC 5025 §4') }];
      }
    }
  }

  #grant(decision: 'active' | 'polite' | 'pending', presentity: string, watcher: string, reason: string, notifier: Notifier, now: SimTime): NotifierStep[] {
    return [{ kind: 'note', note: decided(reason, CLAUSE) }, ...notifier.decide('presence', presentity, watcher, { decision, reason }, now)];
  }

  noteOn({ resource, watcher, access, state }: NotifierSubscription, now: SimTime): Note {
    if (access !== 'full' || state === 'terminated') return decided('The rules of the presentity show this watcher nothing.', CLAUSE);
    const { shows } = this.#verdict(resource, watcher, now);
    return decided(`Of what is known the rules of the presentity show this watcher: ${shownInWords(shows)}.`, 'RFC 5025 §3.3');
  }

  deadline(): SimTime | undefined {
    return this.#book.deadline();
  }

  fire(now: SimTime): boolean {
    return this.#book.fire(now);
  }

  viewTable(): ViewTable {
    return this.#book.viewTable();
  }

  #verdict(presentity: string, watcher: string, now: SimTime): Verdict {
    // Nobody has to ask oneself [choice].
    if (watcher === presentity) return { handling: 'allow', shows: EVERYTHING_SHOWN, holding: [] };
    return this.#book.verdict(presentity, watcher === this.#unidentified ? undefined : watcher, now);
  }

  /** Of somebody who has published nothing everybody sees the same: whoever is blocked politely must not be told from whoever is allowed. */
  #shownTo(presentity: string, watcher: string, { document, isPublished }: KnownState, now: SimTime): PresenceDocument {
    return isPublished ? transformDocument(document, this.#verdict(presentity, watcher, now).shows) : document;
  }
}

/** What a document says, whenever it was said: that something was published again which a watcher does not see must not show in the time of what it sees. */
function withoutTimes({ tuples, persons, devices, ...rest }: PresenceDocument): string {
  const bare = <T extends { readonly timestamp?: string }>(elements: readonly T[]): readonly Omit<T, 'timestamp'>[] =>
    elements.map(({ timestamp: _when, ...element }) => element);
  return JSON.stringify({ ...rest, tuples: bare(tuples), persons: bare(persons), devices: bare(devices) });
}

function reasonOf({ handling, holding }: Verdict): string {
  const rules =
    holding.length === 0 ? 'No rule of the presentity holds' : `Of the presentity's rules ${holding.join(', ')} ${holding.length === 1 ? 'holds' : 'hold'}`;
  return `${rules}: ${WORDS[handling]}.`;
}
