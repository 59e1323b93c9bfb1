/** A presence server's composition by a policy that its operator can show and change (TS 23.141 §5.1): composes, explains, and says what the policy is. */
import type { Json } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { neutralDocument } from '../pidf/states.ts';
import { formatPidf } from '../pidf/xml.ts';
import type { ComposedByPolicy, Composer, Published } from '../publication/composer.ts';
import { composeByPolicy, type Decision, labelOf } from './compose-by-policy.ts';
import { type CompositionPolicy, DEFAULT_POLICY, readPolicy } from './policy.ts';
import { policyInWords } from './policy-words.ts';

/** A document can hold a thousand elements that conflict: so many decisions are told one by one. */
const MOST_NOTES = 8;

export class PolicyComposer implements Composer {
  readonly label = labelOf;
  #policy: CompositionPolicy;

  constructor(policy: CompositionPolicy = DEFAULT_POLICY) {
    this.#policy = policy;
  }

  get policy(): CompositionPolicy {
    return this.#policy;
  }

  compose(entity: string, published: readonly Published[], now: SimTime): ComposedByPolicy {
    const { document, decisions, until } = composeByPolicy(this.#policy, entity, published, now);
    const leftOut = decisions.filter(({ outcome }) => outcome === 'left-out').length;
    const labels = labelsOf(published);
    const told = decisions.filter(({ isPlain, outcome }) => isPlain !== true && outcome !== 'taken');
    const notes = told
      .slice(0, MOST_NOTES)
      .map((decision): Note => ({ op: 'decided', reason: sentenceOf(decision, labels), clause: CLAUSES[decision.outcome] }));
    if (told.length > MOST_NOTES) notes.push({ op: 'decided', reason: `${told.length - MOST_NOTES} more elements were treated likewise.` });
    // Where nothing counts of what is published it is as if nobody had published.
    return { document: leftOut === published.length ? neutralDocument(entity) : document, notes, until };
  }

  change(given: Json | undefined): Note {
    const policy = readPolicy(given);
    if (typeof policy === 'string') return { op: 'rejected', reason: `${policy} The policy stays as it was.` };
    const before = new Map(policyInWords(this.#policy));
    this.#policy = policy;
    const changed = policyInWords(policy).filter(([question, answer]) => before.get(question) !== answer);
    const gone = [...before.keys()].filter((question) => !policyInWords(policy).some(([other]) => other === question));
    const words = [
      ...changed.map(([question, answer]) => `${question.toLowerCase()} ${answer}`),
      ...gone.map((question) => `nothing more on: ${question.toLowerCase()}`),
    ];
    const reason =
      words.length === 0
        ? 'The operator wants presence composed as it is already.'
        : `The operator wants presence composed by another policy: ${words.join('; ')}.`;
    return { op: 'decided', reason, clause: 'RFC 4479 §3.5' };
  }

  viewTables(all: readonly (readonly [entity: string, published: readonly Published[]])[], now: SimTime): readonly ViewTable[] {
    const rows = all.flatMap(([entity, published]) => {
      const labels = labelsOf(published);
      const { decisions } = composeByPolicy(this.#policy, entity, published, now);
      return decisions.map((decision) => [
        entity,
        decision.what,
        decision.from.map((key) => labels.get(key) ?? key).join(', '),
        OUTCOMES[decision.outcome],
        decision.why,
      ]);
    });
    const documents = all.flatMap(([, published]) => published.map((each) => [labelOf(each), formatPidf(each.document)]));
    return [
      { title: 'Published documents', columns: ['Publication', 'Document'], rows: documents, empty: 'Nobody has published.' },
      { title: 'Composition', columns: ['Presentity', 'Element', 'Published by', 'What became of it', 'Why'], rows, empty: 'Nothing is composed.' },
      { title: 'Composition policy', columns: ['Question', 'Answer'], rows: policyInWords(this.#policy), empty: '' },
    ];
  }
}

const OUTCOMES: Readonly<Record<Decision['outcome'], string>> = {
  taken: 'taken',
  joined: 'joined',
  changed: 'changed',
  apart: 'told beside others',
  lost: 'lost',
  'left-out': 'left out',
};

const CLAUSES: Readonly<Record<Decision['outcome'], string>> = {
  taken: 'RFC 4479 §3.5',
  joined: 'RFC 4479 §3.5',
  changed: 'RFC 4479 §3.3.4',
  apart: 'RFC 4479 §3.5',
  lost: 'RFC 4479 §3.5',
  'left-out': 'RFC 4479 §3.5',
};

const labelsOf = (published: readonly Published[]): ReadonlyMap<string, string> => new Map(published.map((each) => [each.key, labelOf(each)]));

function sentenceOf({ outcome, what, from, why }: Decision, labels: ReadonlyMap<string, string>): string {
  const by = from.map((key) => labels.get(key) ?? key);
  const first = `${what[0]?.toUpperCase() ?? ''}${what.slice(1)}`;
  switch (outcome) {
    case 'joined':
      return `${first}, by ${by.join(' and ')}: ${why}.`;
    case 'changed':
      return `${first}, published by ${by[0] ?? ''}, is not told as published: ${why}.`;
    case 'apart':
      return `${first} is told beside others: ${why}.`;
    default:
      return `${first}${what === 'publication' ? ` ${by.join(', ')}` : `, published by ${by.join(', ')},`} is left out: ${why}.`;
  }
}
