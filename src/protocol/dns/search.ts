/**
 * A question to the DNS that may need several answers, as a pure function over those known so far: it is run again with each new answer, until it needs no more.
 * Shared by finding servers (locate.ts) and by translating numbers (enum.ts).
 */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { CachedAnswer } from './answer-cache.ts';
import { canonicalName } from './name.ts';
import type { QuestionType } from './record.ts';

export interface Question {
  readonly name: string;
  readonly type: QuestionType;
  /** Why it is asked; goes along with the query. */
  readonly note: Note;
}

export type FailureReason = 'no-such-domain' | 'no-answer' | 'no-record';

export type Known = (name: string, type: QuestionType) => CachedAnswer | undefined;

/** What one run has learnt. */
export interface Search {
  readonly known: Known;
  readonly notes: Note[];
  /** What is not known and has to be asked. */
  readonly questions: Question[];
  /** When the first of the answers used runs out; undefined when none was. */
  expiresAt: SimTime | undefined;
}

export const decided = (reason: string, clause: string): Note => ({ op: 'decided', reason, clause });

const MAX_ALIASES = 8;
const ALIAS_LOOP: Pick<CachedAnswer, 'kind' | 'records'> = { kind: 'no-record', records: [] };

/** The answer for a name, along its aliases; undefined and one more question when it is not known. */
export function lookup(search: Search, name: string, type: QuestionType, why: string, clause: string): Pick<CachedAnswer, 'kind' | 'records'> | undefined {
  let at = name;
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
    const answer = search.known(at, type);
    const alias = answer === undefined ? search.known(at, 'CNAME') : undefined;
    const used = answer ?? alias;
    if (used !== undefined && (search.expiresAt === undefined || used.expiresAt < search.expiresAt)) search.expiresAt = used.expiresAt;
    if (answer !== undefined) return answer;
    const record = alias?.records[0];
    if (record?.type !== 'CNAME') {
      search.questions.push({ name: at, type, note: decided(why, clause) });
      return undefined;
    }
    // RFC 1034 §3.6.2: an alias is followed to its target.
    at = canonicalName(record.target);
  }
  return ALIAS_LOOP;
}
