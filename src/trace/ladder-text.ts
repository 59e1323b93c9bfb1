/**
 * A ladder as aligned lines, for terminals, tests and mail:
 *
 *                  visited1.net        home1.net
 *                  UE#1      P-CSCF#1  S-CSCF#1
 *   1       0.000  |-------->|         |          SUBSCRIBE
 *   2       0.025  |         |---x     |          SUBSCRIBE  (lost)
 *           1.000  -- S-CSCF#1 stops: what is sent to it reaches nobody until it comes back.
 *                  ... 3 600 s ...
 */
import type { Protocol } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { ladderColumns, ladderRows, type ChapterRow, type GapRow, type LadderColumn, type StepRow } from './ladder.ts';
import type { EntityId, NoteRecord, RecordId, Trace } from './record.ts';
import { silentActs, type SilentAct } from './silent-acts.ts';
import { formatMoment } from './time-text.ts';

export interface LadderOptions {
  /** Ids of the chapters to show; all when left out. */
  readonly chapters?: readonly string[];
  /** Protocols to show; all when left out. */
  readonly protocols?: readonly Protocol[];
  /** Characters from one column to the next, 4 at least; when left out, what the names need. */
  readonly width?: number;
  /** Under every step what its sender noted about it and what its receiver noted. */
  readonly notes?: boolean;
}

/** Ends with a line feed; lines have no blanks at their end. An empty run gives its title only. */
export function formatLadder(trace: Trace, options: LadderOptions = {}): string {
  const rows = ladderRows(trace).filter((row) => isWanted(row, options));
  const columns = columnsOf(trace, rows);
  const width = Math.max(options.width ?? Math.max(0, ...columns.map((c) => c.entity.label.length)) + 2, 4);
  const lane = new Map(columns.map(({ entity }, i) => [entity.id, i * width]));
  const margin = marginOf(rows);
  const left = ' '.repeat(margin.name + margin.time + 4);
  const notes = options.notes === true ? notesByMessage(trace) : undefined;
  const lines = [`${trace.title} (seed ${trace.seed})`, '', ...heading(columns, width, left)];
  const acts = options.protocols === undefined ? silentActs(trace).filter(({ at }) => isWantedAt(trace, at, options)) : [];
  let told = 0;
  const tellActs = (until: number): void => {
    for (let act = acts[told]; act !== undefined && act.at < until; act = acts[++told]) lines.push(actLine(trace, act, margin));
  };
  for (const row of rows) {
    tellActs(row.kind === 'chapter' ? row.chapter.at : row.kind === 'gap' ? row.from : row.step.message.sentAt);
    if (row.kind === 'chapter') lines.push(chapterLine(row));
    else if (row.kind === 'gap') lines.push(`${left}... ${row.label} ...`);
    else {
      lines.push(stepLine(row, columns.length, width, lane, margin));
      for (const note of notes?.get(row.record) ?? []) lines.push(`${left}  ${note.entity}: ${formatNote(note)}`);
    }
  }
  tellActs(Infinity);
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

interface Margin {
  readonly name: number;
  readonly time: number;
}

function marginOf(rows: readonly Row[]): Margin {
  let name = 3;
  let time = 8;
  for (const row of rows) {
    if (row.kind !== 'step') continue;
    name = Math.max(name, row.name.length);
    time = Math.max(time, formatMoment(row.step.message.sentAt).length);
  }
  return { name, time };
}

type Row = ChapterRow | StepRow | GapRow;

function isWanted(row: Row, { chapters, protocols }: LadderOptions): boolean {
  if (row.kind === 'chapter') return chapters?.includes(row.chapter.id) ?? true;
  // A gap between chapters or protocols that are left out says nothing.
  if (row.kind === 'gap') return chapters === undefined && protocols === undefined;
  return (chapters?.includes(row.chapter?.id ?? '') ?? true) && (protocols?.includes(row.protocol) ?? true);
}

/** Whether what happens at that moment lies in a chapter that is shown. */
function isWantedAt(trace: Trace, at: number, { chapters }: LadderOptions): boolean {
  const chapter = trace.chapters.toSorted((a, b) => a.at - b.at).findLast((each) => each.at <= at);
  return chapters?.includes(chapter?.id ?? '') ?? true;
}

/** Only those who take part in what is shown. */
function columnsOf(trace: Trace, rows: readonly Row[]): readonly LadderColumn[] {
  const present = new Set(rows.flatMap((row) => (row.kind === 'step' ? [row.from, row.to] : [])));
  return ladderColumns(trace).filter(({ entity }) => present.has(entity.id));
}

function heading(columns: readonly LadderColumn[], width: number, left: string): string[] {
  let networks = left;
  let names = left;
  columns.forEach(({ entity, network }, i) => {
    const at = left.length + i * width;
    // A long domain is cut where the next network begins.
    if (network !== columns[i - 1]?.network) networks = `${networks.slice(0, at - 1).padEnd(at)}${network}`;
    names = `${names.slice(0, at - 1).padEnd(at)}${entity.label}`;
  });
  return columns.length === 0 ? [] : [networks, names];
}

function chapterLine({ chapter, number, steps }: ChapterRow): string {
  const count = steps === 1 ? '1 message' : `${steps} messages`;
  return `== ${number}. ${chapter.title} (${chapter.prologue === true ? 'prologue, ' : ''}${count})`;
}

/** `   270.000  -- UE#1: The UE is not registered.` */
function actLine(trace: Trace, { at, entity, text, reason }: SilentAct, margin: Margin): string {
  const who = text === reason ? `${trace.entities.find(({ id }) => id === entity)?.label ?? entity}: ` : '';
  return `${' '.repeat(margin.name)}  ${formatMoment(at).padStart(margin.time)}  -- ${who}${reason}`;
}

function stepLine(row: StepRow, columns: number, width: number, lane: ReadonlyMap<EntityId, number>, margin: Margin): string {
  const { message } = row.step;
  const from = lane.get(row.from) ?? 0;
  const to = lane.get(row.to);
  const art: string[] = Array.from({ length: (columns - 1) * width + 1 }, (_, i) => (i % width === 0 ? '|' : ' '));
  if (to === undefined || to === from) art[from] = to === undefined ? 'x' : '*';
  else drawArrow(art, from, to, row.lost);
  const remarks: string[] = [];
  if (to === undefined) remarks.push(`to ${message.dst}`);
  if (row.retransmissionOf !== undefined) remarks.push(`retransmission of ${row.retransmissionOf}`);
  if (message.sentBytes !== undefined) remarks.push('edited in flight');
  if (row.lost) remarks.push('lost');
  if (message.duplicateArrivedAt !== undefined) remarks.push('arrives twice');
  if (row.inFlight) remarks.push('under way at the end');
  // UDP is the rule for SIP and DNS, SCTP for Diameter: said only when it is otherwise.
  if (row.transport !== (row.protocol === 'Diameter' ? 'sctp' : 'udp')) remarks.push(row.transport === 'none' ? 'stage 2' : row.transport.toUpperCase());
  const tail = remarks.length === 0 ? '' : `  (${remarks.join(', ')})`;
  return `${row.name.padStart(margin.name)}  ${formatMoment(message.sentAt).padStart(margin.time)}  ${art.join('')}  ${row.label}${tail}`;
}

/** `|----->|`, lost half way `|--x   |`; other lanes that it crosses stay visible as `+`. */
function drawArrow(art: string[], from: number, to: number, lost: boolean): void {
  const step = from < to ? 1 : -1;
  const end = lost ? Math.trunc((from + to) / 2) : to - step;
  for (let i = from + step; i !== end; i += step) art[i] = art[i] === '|' ? '+' : '-';
  art[end] = lost ? 'x' : step > 0 ? '>' : '<';
}

function notesByMessage(trace: Trace): ReadonlyMap<RecordId, readonly NoteRecord[]> {
  const notes = new Map<RecordId, NoteRecord[]>();
  for (const record of trace.records) {
    if (record.kind !== 'note' || record.message === undefined) continue;
    const of = notes.get(record.message);
    if (of === undefined) notes.set(record.message, [record]);
    else of.push(record);
  }
  return notes;
}

/** One line: `added Via: SIP/2.0/UDP ... Because it forwards. (RFC 3261 §16.6)`. */
export function formatNote(note: Note): string {
  const change =
    note.from !== undefined && note.to !== undefined ? ` ${note.from} -> ${note.to}.` : (note.to ?? note.from) !== undefined ? ` ${note.to ?? note.from}.` : '';
  const header = note.header === undefined ? '' : ` ${note.header}`;
  return `${note.op}${header}${change === '' ? '' : `:${change}`} ${note.reason}${note.clause === undefined ? '' : ` (${note.clause})`}`;
}
