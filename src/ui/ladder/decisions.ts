/** The few decisions that a ladder tells between its arrows: what was rejected, what sends the story another way, and what operators did to the network. */
import type { Story, StoryStep } from '#store/story.ts';
import type { EntityId, NoteRecord } from '#trace/record.ts';
import { silentActs } from '#trace/silent-acts.ts';

export interface Decision {
  readonly entity: EntityId;
  /** Short enough for a pill. */
  readonly text: string;
  /** The whole sentence. */
  readonly reason: string;
  readonly rejected: boolean;
}

/** Filter criteria, presence authorization, what a presence server stored, what a watcher learned; addressing and routing on every hop are the inspector's. */
const TELLING = ['TS 23.218 §5.2.3', 'RFC 5025', 'RFC 3903 §6', 'RFC 3856'];
const LONGEST = 64;

const isTelling = ({ op, clause = '' }: NoteRecord): boolean =>
  op === 'rejected' || (op === 'decided' && TELLING.some((each) => clause === each || (clause.startsWith(each) && !/^\d/.test(clause.slice(each.length)))));

/** `Filter criterion 10 matches → PS`, `Stored: open, "At my desk"`; any other sentence by its beginning. */
export function shortReason(reason: string, labelOf: (host: string) => string | undefined): string {
  const match = /^Filter criterion (\S+) matches.*: (?:sips?:)?([^\s;:]+)/.exec(reason);
  if (match !== null) return `Filter criterion ${match[1] ?? ''} matches → ${labelOf(match[2] ?? '') ?? match[2] ?? ''}`;
  const learned = /^(?:The watcher now knows of|Stored as a new publication of|Replaced what) .*?(?:: |: now | now )(.+)\.$/.exec(reason)?.[1];
  const text = learned === undefined ? reason.replace(/\.$/, '') : `${reason.startsWith('The watcher') ? 'Known' : 'Stored'}: ${learned.replace(/^now /, '')}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;
}

const decisionOf = (story: Story, note: NoteRecord): Decision => ({
  entity: note.entity,
  text: shortReason(note.reason, (host) => (story.byFunctions?.transmissions ?? story).entity(host)?.label),
  reason: note.reason,
  rejected: note.op === 'rejected',
});

/** What its sender decided before it sent the message, and what its receiver decided about it. Retransmissions decide nothing new. */
export function decisionsOf(story: Story, step: StoryStep): { readonly before: readonly Decision[]; readonly after: readonly Decision[] } {
  const before: Decision[] = [];
  const after: Decision[] = [];
  const { id, from } = step.message;
  for (const note of story.index.notesAbout(id)) if (isTelling(note)) (note.entity === from ? before : after).push(decisionOf(story, note));
  return { before, after };
}

/** What happens without a message, as the ladder tells it. */
export interface Act {
  readonly record: number;
  readonly at: number;
  readonly decision: Decision;
}

export const actsBetween = (story: Story): readonly Act[] =>
  silentActs(story.trace).map(({ record, at, entity, text, reason, rejected }) => ({
    record,
    at,
    decision: { entity, text: shortReason(text, (host) => story.entity(host)?.label), reason, rejected },
  }));
