/** A run as a ladder: participants as columns grouped by network, and rows: chapter headings, steps, folded gaps. The text form and the page draw the same rows. */
import type { Protocol, Transport } from '#base/machine.ts';
import type { EntityId, RecordId, Trace, TraceChapter, TraceEntity } from './record.ts';
import { stepsOf, type Step } from './steps.ts';
import { FOLD_OVER } from './teaching-time.ts';
import { formatSpan } from './time-text.ts';

export interface ChapterRow {
  readonly kind: 'chapter';
  readonly chapter: TraceChapter;
  /** 0 for the prologue, then 1, 2, ... */
  readonly number: number;
  /** How many steps it has. */
  readonly steps: number;
}

export interface StepRow {
  readonly kind: 'step';
  readonly step: Step;
  /** `12`, or `P3` in the prologue. */
  readonly name: string;
  readonly record: RecordId;
  readonly from: EntityId;
  readonly to: EntityId;
  readonly label: string;
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly isRequest: boolean;
  readonly isResponse: boolean;
  /** Name of the step of which it is a retransmission. */
  readonly retransmissionOf: string | undefined;
  readonly lost: boolean;
  /** Still travelling when the run ended. */
  readonly inFlight: boolean;
  readonly prologue: boolean;
  readonly chapter: TraceChapter | undefined;
}

/** Nothing travelled for more than 2 s (simulated microseconds). */
export interface GapRow {
  readonly kind: 'gap';
  readonly from: number;
  readonly to: number;
  /** `3 600 s`. */
  readonly label: string;
}

export type LadderRow = ChapterRow | StepRow | GapRow;

/** All rows of a trace in order. A gap stands before the chapter that begins at its end. */
export function ladderRows(trace: Trace): readonly LadderRow[] {
  const steps = stepsOf(trace);
  const chapters = trace.chapters.toSorted((a, b) => a.at - b.at);
  const counts = new Map<TraceChapter, number>();
  for (const { chapter } of steps) if (chapter !== undefined) counts.set(chapter, (counts.get(chapter) ?? 0) + 1);
  const rows: LadderRow[] = [];
  let nextChapter = 0;
  let number = 0;
  const openChapters = (until: number): void => {
    for (let chapter = chapters[nextChapter]; chapter !== undefined && chapter.at <= until; chapter = chapters[++nextChapter]) {
      if (chapter.prologue !== true) number++;
      rows.push({ kind: 'chapter', chapter, number: chapter.prologue === true ? 0 : number, steps: counts.get(chapter) ?? 0 });
    }
  };
  let quietSince = 0;
  for (const step of steps) {
    const { sentAt, arrivedAt, lostAt } = step.message;
    if (sentAt - quietSince > FOLD_OVER) {
      openChapters(quietSince);
      rows.push({ kind: 'gap', from: quietSince, to: sentAt, label: formatSpan(sentAt - quietSince) });
    }
    openChapters(sentAt);
    rows.push(stepRow(step));
    quietSince = Math.max(quietSince, arrivedAt ?? lostAt ?? trace.until);
  }
  openChapters(Infinity);
  return rows;
}

const stepRow = (step: Step): StepRow => ({
  kind: 'step',
  step,
  name: step.name,
  record: step.message.id,
  from: step.message.from,
  to: step.message.to,
  label: step.message.label,
  protocol: step.message.protocol,
  transport: step.message.transport,
  isRequest: step.isRequest,
  isResponse: !step.isRequest,
  retransmissionOf: step.retransmissionOf?.name,
  lost: step.message.lostAt !== undefined,
  inFlight: step.message.arrivedAt === undefined && step.message.lostAt === undefined,
  prologue: step.prologue,
  chapter: step.chapter,
});

export interface LadderColumn {
  readonly entity: TraceEntity;
  /** Domain of the network under whose heading it stands. */
  readonly network: string;
}

/** Participants from left to right: networks in the trace's order, entities in the trace's order within their network. */
export function ladderColumns(trace: Pick<Trace, 'networks' | 'entities'>): readonly LadderColumn[] {
  const order = new Map(trace.networks.map((network, i) => [network.domain, i]));
  const place = (entity: TraceEntity): number => order.get(entity.network) ?? order.size;
  return trace.entities.toSorted((a, b) => place(a) - place(b)).map((entity) => ({ entity, network: entity.network }));
}
