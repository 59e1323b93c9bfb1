/**
 * What a resolver remembers: positive answers for the time to live of their records (RFC 1035 §3.2.1), negative ones for that of the SOA (RFC 2308 §5),
 * with what came in the additional section beside them (RFC 2181 §5.4.1: it never replaces what was answered to a question).
 * Omitted: remembering that a server failed (RFC 2308 §7).
 */
import { after, seconds, type SimTime } from '#base/time.ts';
import { RCODE, type DnsMessage, type DnsQuestion } from './message.ts';
import { canonicalName } from './name.ts';
import type { DnsRecord, QuestionType } from './record.ts';

export interface CachedAnswer {
  readonly kind: 'found' | 'no-record' | 'no-such-domain';
  readonly name: string;
  /** `*` for a name that does not exist, whatever the type. */
  readonly type: QuestionType | '*';
  readonly records: readonly DnsRecord[];
  /** Good before this moment. */
  readonly expiresAt: SimTime;
  /** Came in answer to a question, not beside one. */
  readonly answered: boolean;
}

export type Answers = ReadonlyMap<string, CachedAnswer>;

export const answerKey = (name: string, type: QuestionType | '*'): string => `${type} ${name}`;

/** The answer for a name and type among `answers`, be it that the name does not exist at all. */
export const answerAmong = (answers: Answers, name: string, type: QuestionType): CachedAnswer | undefined =>
  answers.get(answerKey(name, type)) ?? answers.get(answerKey(name, '*'));

// RFC 2181 §8: a time to live with the top bit set counts as zero.
const ttlOf = (record: DnsRecord): number => (record.ttl > 0x7fffffff ? 0 : record.ttl);

const MAX_ALIASES = 8;

/**
 * Everything that `message`, the answer to `question`, says at `now`. There is always an entry for the question's name and type, for an alias of it,
 * or for its absence.
 */
export function readAnswers(message: DnsMessage, question: DnsQuestion, now: SimTime): Map<string, CachedAnswer> {
  const answers = new Map<string, CachedAnswer>();
  collect(message.answers, true, now, answers);
  collect(message.additional, false, now, answers);
  let name = canonicalName(question.name);
  for (let aliases = 0; aliases < MAX_ALIASES && !answers.has(answerKey(name, question.type)); aliases++) {
    const alias = answers.get(answerKey(name, 'CNAME'))?.records[0];
    if (alias?.type !== 'CNAME') break;
    name = canonicalName(alias.target);
  }
  if (answers.has(answerKey(name, question.type))) return answers;
  const soa = message.authority.find((record) => record.type === 'SOA');
  const aliased = name !== canonicalName(question.name);
  // An alias whose target's records were not sent along: they have to be asked for.
  if (aliased && soa === undefined && message.rcode === RCODE.noError) return answers;
  // RFC 2308 §5: an absence is good for the smaller of the SOA's minimum and its own time to live, and for nothing without an SOA.
  const ttl = soa?.type === 'SOA' ? Math.min(soa.minimum, ttlOf(soa)) : 0;
  const kind = message.rcode === RCODE.noSuchDomain ? 'no-such-domain' : 'no-record';
  const type = kind === 'no-such-domain' ? '*' : question.type;
  answers.set(answerKey(name, type), { kind, name, type, records: [], expiresAt: after(now, seconds(ttl)), answered: true });
  return answers;
}

function collect(records: readonly DnsRecord[], answered: boolean, now: SimTime, into: Map<string, CachedAnswer>): void {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of records) {
    if (record.type === 'other') continue;
    const key = answerKey(canonicalName(record.name), record.type);
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [record]);
    else set.push(record);
  }
  for (const [key, set] of sets) {
    const first = set[0] as DnsRecord;
    if (first.type === 'other' || into.has(key)) continue;
    const ttl = set.reduce((least, record) => Math.min(least, ttlOf(record)), Infinity);
    into.set(key, { kind: 'found', name: canonicalName(first.name), type: first.type, records: set, expiresAt: after(now, seconds(ttl)), answered });
  }
}

/** When so many answers are remembered, the expired ones go, and if that is not enough the oldest: names come from peers. */
const MAX_ANSWERS = 10_000;

export class AnswerCache {
  readonly #answers = new Map<string, CachedAnswer>();

  find(name: string, type: QuestionType, now: SimTime): CachedAnswer | undefined {
    return this.#live(answerKey(name, type), now) ?? this.#live(answerKey(name, '*'), now);
  }

  #live(key: string, now: SimTime): CachedAnswer | undefined {
    const answer = this.#answers.get(key);
    return answer === undefined || answer.expiresAt <= now ? undefined : answer;
  }

  absorb(answers: Answers, now: SimTime): void {
    for (const [key, answer] of answers) {
      if (answer.expiresAt <= now) continue;
      // RFC 2181 §5.4.1: what stands beside an answer is worth less than an answer.
      if (!answer.answered && this.#live(key, now)?.answered === true) continue;
      // Deleted first so that the map's order is that of arrival.
      this.#answers.delete(key);
      this.#answers.set(key, answer);
      // A name that has records exists, and one that does not exist has none.
      if (answer.kind === 'found') this.#answers.delete(answerKey(answer.name, '*'));
    }
    if (this.#answers.size <= MAX_ANSWERS) return;
    for (const [key, answer] of this.#answers) if (answer.expiresAt <= now) this.#answers.delete(key);
    for (const key of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS) break;
      this.#answers.delete(key);
    }
  }

  /** What is still good at `now`, in order of arrival. */
  *live(now: SimTime): Generator<CachedAnswer> {
    for (const answer of this.#answers.values()) if (answer.expiresAt > now) yield answer;
  }
}
