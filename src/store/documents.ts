/** Documents that users keep at a server: opening one in its form, and sending what was written. */
import type { Change, MessageRecord } from '#trace/record.ts';
import type { DocumentUsage, OwnDocument } from './own-documents.ts';
import { fork, tellOfRun } from './runs.ts';
import { selectMessage } from './selection.ts';
import { patch, selectRun } from './store.ts';
import type { Story } from './story.ts';
import { transmissionsAt } from './switch-level.ts';
import type { ViewTime } from './view-time.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { formatPlace, type WhatIf } from './what-if.ts';

/** `its rules`, `its lists`. */
export const NOUNS: Readonly<Record<DocumentUsage, string>> = { 'pres-rules': 'rules', 'rls-services': 'lists' };

export function openDocument(simulator: Simulator, document: OwnDocument): void {
  patch(simulator.store, 'documents', { open: document });
  patch(simulator.store, 'layout', { dialog: 'document' });
}

/** What is put: the document whole, one rule of it, or nothing: it is taken away. */
export type Sent =
  { readonly kind: 'whole'; readonly text: string } | { readonly kind: 'rule'; readonly id: string; readonly text: string } | { readonly kind: 'none' };

export interface SendWay {
  /** Under an entity-tag that the server never gave. */
  readonly wrongTag?: boolean;
}

/** `puts the rule “rule-2”`. */
function didOf({ usage }: OwnDocument, sent: Sent): string {
  const noun = NOUNS[usage];
  return sent.kind === 'rule' ? `puts the rule “${sent.id}”` : sent.kind === 'none' ? `takes its ${noun} away` : `puts its ${noun}`;
}

export function documentAct(
  story: Story,
  time: Pick<ViewTime, 't' | 's' | 'step'>,
  document: OwnDocument,
  sent: Sent,
  { wrongTag = false }: SendWay = {},
): WhatIf & { readonly change: Extract<Change, { kind: 'do' }> } {
  const noun = NOUNS[document.usage];
  const kind = sent.kind === 'rule' ? 'write-rule' : `${sent.kind === 'none' ? 'delete' : 'write'}-${noun}`;
  const text = sent.kind === 'none' ? {} : { document: sent.text };
  const id = sent.kind === 'rule' ? { id: sent.id } : {};
  const label = story.entity(document.ue)?.label ?? document.ue;
  return {
    id: 'document',
    label: `Change the ${noun} of ${label}`,
    name: `${label} ${didOf(document, sent)} ${formatPlace(story, time)}`,
    change: { kind: 'do', at: Math.round(time.t), who: document.ue, intent: { kind, ...id, ...text, ...(wrongTag ? { ifMatch: 'wrong' } : {}) } },
  };
}

/** Microseconds within which an errand over Ut is over. */
const ERRAND = 10_000_000;
const CHANGING = /^(?:PUT|DELETE)$/;
const ANSWERED = /^(\d{3} .*) \((?:GET|PUT|DELETE)\)$/;

export interface Errand {
  /** The last request that would change something; undefined when it never came to that. */
  readonly request: MessageRecord | undefined;
  /** `201 Created`, and why where the server or the terminal says so. */
  readonly answer: string | undefined;
  readonly why: string | undefined;
}

/** What became of what was wanted at `at`, told from the messages of the run. */
export function errandOf(story: Story, { ue, server }: Pick<OwnDocument, 'ue' | 'server'>, at: number): Errand {
  const next = story.trace.records.find((record) => record.kind === 'intent' && record.entity === ue && record.at > at)?.at ?? Infinity;
  const until = Math.min(at + ERRAND, next);
  const between = story.steps
    .map(({ message }) => message)
    .filter(({ sentAt, from, to }) => sentAt >= at && sentAt < until && ((from === ue && to === server) || (from === server && to === ue)));
  const request = between.findLast(({ label, from }) => from === ue && CHANGING.test(label));
  const last = between.findLast(({ label }) => ANSWERED.test(label));
  const why = last === undefined ? undefined : story.notesAtArrival(last.id).find(({ op }) => op === 'rejected')?.reason;
  return { request, answer: last === undefined ? undefined : ANSWERED.exec(last.label)?.[1], why };
}

/** Does it, goes to the message that carries it, and says what the network answered. False when there is no such run. */
export async function sendDocument(simulator: Simulator, document: OwnDocument, sent: Sent, way: SendWay = {}): Promise<boolean> {
  const told = storyOf(simulator);
  if (told === undefined) return false;
  const { story, time } = transmissionsAt(told, simulator.viewTime.getState());
  const act = documentAct(story, time, document, sent, way);
  const { at } = act.change;
  // Wanted here, it is put when the terminal comes to it: what else it was asked for at that moment may come first.
  const nameOf = (run: Story): string => {
    const step = run.index.step(errandOf(run, document, at).request?.id ?? 0);
    return step === undefined ? act.name : `${run.entity(document.ue)?.label ?? document.ue} ${didOf(document, sent)} at step ${step.name}`;
  };
  if (!(await fork(simulator, act.change, nameOf))) return false;
  const run = selectRun(simulator.store.getState());
  if (run === undefined) return true;
  const forked = run.story;
  const { request, answer, why } = errandOf(forked, document, at);
  if (request !== undefined) selectMessage(simulator, request.id);
  const server = forked.entity(document.server)?.label ?? document.server;
  const isTaken = answer?.startsWith('2') === true;
  const words = answer === undefined ? `${server} has not answered` : `${server} answers ${answer}`;
  tellOfRun(simulator, run, `${run.name}: ${words}.${isTaken || why === undefined ? '' : ` ${why}`}`, isTaken ? 'plain' : 'problem');
  return true;
}
