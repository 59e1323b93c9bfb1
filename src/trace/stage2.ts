/**
 * A run by functions (stage 2 of TS 23.141): the same transmissions, read as SubscribePres, MsgAck, Query, Resp, NotifyPresUp and PresUpdateMsg between functions.
 * Hops inside a function are part of the arrow that leaves it, and of the one that came in where none leaves; retransmissions are part of the arrow that they
 * repeat; what stage 2 has no name for (registration, DNS, capabilities exchange) is left out, and listed.
 */
import type { EntityId, MessageRecord, NoteRecord, RecordId, Trace, TraceLink } from './record.ts';
import { readArrows, type Arrow } from './stage2-arrows.ts';
import type { FunctionId, Stage2Function } from './stage2-functions.ts';
import { TraceIndex } from './trace-index.ts';

export interface Stage2 {
  /**
   * The same run as a trace of its own: functions as entities, arrows as messages, so that ladder, time and stage read it like any other. A message bears the
   * id of the first transmission that it stands for, and its bytes are those that passed from one function to the other.
   */
  readonly trace: Trace;
  readonly functions: readonly Stage2Function[];
  /** The transmissions that an arrow stands for, by its id; the first is the arrow's own. */
  readonly standsFor: ReadonlyMap<RecordId, readonly RecordId[]>;
  /** Of those, the one that passed from one function to the other. */
  readonly crossing: ReadonlyMap<RecordId, RecordId>;
  /** The arrow that stands for a transmission. */
  readonly arrowOf: ReadonlyMap<RecordId, RecordId>;
  /** In whose hands a transmission was when it was sent, and when it arrived: the same where it stayed inside. */
  readonly holders: ReadonlyMap<RecordId, readonly [FunctionId, FunctionId, EntityId]>;
  /** Transmissions without a stage-2 name, in the order in which they were sent. */
  readonly leftOut: readonly RecordId[];
}

const known = new WeakMap<Trace, Stage2>();

/** Derived once per trace; `index`, where there is one already, spares making it again. */
export function readStage2(trace: Trace, index: TraceIndex = new TraceIndex(trace)): Stage2 {
  let stage2 = known.get(trace);
  if (stage2 === undefined) known.set(trace, (stage2 = derive(trace, index)));
  return stage2;
}

function derive(trace: Trace, index: TraceIndex): Stage2 {
  const { arrows, functions, holders } = readArrows(index);
  const standsFor = new Map(arrows.map((arrow) => [arrow.id, arrow.records.map(({ id }) => id)]));
  const arrowOf = new Map<RecordId, RecordId>();
  for (const [id, records] of standsFor) for (const record of records) arrowOf.set(record, id);
  const messages = arrows.map((arrow) => messageOf(arrow, index, arrowOf));
  const notes = trace.records.filter((record): record is NoteRecord => record.kind === 'note');
  const retold = notes.flatMap((note) => retell(note, functions, holders, arrowOf));
  const played = new Set(functions.map(({ network }) => network));
  return {
    trace: {
      ...trace,
      networks: trace.networks.filter(({ domain }) => played.has(domain)),
      entities: functions,
      links: linksOf(arrows),
      tables: [],
      endedInFlight: messages.filter(({ arrivedAt, lostAt }) => arrivedAt === undefined && lostAt === undefined).map(({ id }) => id),
      records: [...messages, ...retold].sort((a, b) => a.id - b.id),
    },
    functions,
    standsFor,
    crossing: new Map(arrows.map((arrow) => [arrow.id, crossingOf(arrow).id])),
    arrowOf,
    holders,
    leftOut: index.steps.flatMap(({ message }) => (arrowOf.has(message.id) ? [] : [message.id])),
  };
}

function messageOf(arrow: Arrow, index: TraceIndex, arrowOf: ReadonlyMap<RecordId, RecordId>): MessageRecord {
  const { id, from, to, label, records, crossings } = arrow;
  const sentAt = records[0]?.sentAt ?? 0;
  const arrivals = crossings.flatMap(({ arrivedAt }) => (arrivedAt === undefined ? [] : [arrivedAt]));
  const losses = crossings.flatMap(({ lostAt }) => (lostAt === undefined ? [] : [lostAt]));
  const causedBy = causeOf(arrow, index, arrowOf);
  const { protocol, bytes, src, dst } = crossingOf(arrow);
  return {
    kind: 'message',
    id,
    at: sentAt,
    from,
    to,
    sentAt,
    label,
    protocol,
    // Stage 2 knows no transport: the usual one, of which ladders say nothing.
    transport: protocol === 'Diameter' ? 'sctp' : 'udp',
    src,
    dst,
    bytes,
    ...(causedBy === undefined ? {} : { causedBy }),
    ...(arrivals.length > 0 ? { arrivedAt: Math.min(...arrivals) } : losses.length === crossings.length ? { lostAt: Math.max(...losses) } : {}),
  };
}

/** The first that got there, or the first of those that did not. */
function crossingOf({ crossings, records }: Arrow): MessageRecord {
  const found = crossings.find(({ arrivedAt }) => arrivedAt !== undefined) ?? crossings[0] ?? records[0];
  if (found === undefined) throw new Error('An arrow stands for a transmission at least.');
  return found;
}

/** The arrow that brought about this one: back along the causes, past whatever was asked in between and has no name here. */
function causeOf(arrow: Arrow, index: TraceIndex, arrowOf: ReadonlyMap<RecordId, RecordId>): RecordId | undefined {
  const [first] = arrow.records;
  for (let cause = first && index.cause(first); cause !== undefined; cause = index.cause(cause)) {
    const other = arrowOf.get(cause.id);
    if (other !== undefined && other !== arrow.id) return other;
  }
  return undefined;
}

/** A note, told of the function in whose hands the message was, or whose part its entity plays. */
function retell(
  note: NoteRecord,
  functions: readonly Stage2Function[],
  holders: ReadonlyMap<RecordId, readonly [FunctionId, FunctionId, EntityId]>,
  arrowOf: ReadonlyMap<RecordId, RecordId>,
): readonly NoteRecord[] {
  if (note.message === undefined) {
    const player = functions.find(({ members }) => members.includes(note.entity));
    return player === undefined ? [] : [{ ...note, entity: player.id }];
  }
  const message = arrowOf.get(note.message);
  const ends = holders.get(note.message);
  if (message === undefined || ends === undefined) return [];
  const [from, to, sender] = ends;
  return [{ ...note, message, entity: note.entity === sender ? from : to }];
}

/** Reference points of the presence service between those who spoke (TS 23.141, see spec section 1.2). */
function linksOf(arrows: readonly Arrow[]): readonly TraceLink[] {
  const links = new Map<string, { readonly a: FunctionId; readonly b: FunctionId; readonly points: Set<string> }>();
  for (const { from, to, referencePoint } of arrows) {
    const [a, b] = from < to ? [from, to] : [to, from];
    const key = `${a} ${b}`;
    let link = links.get(key);
    if (link === undefined) links.set(key, (link = { a, b, points: new Set() }));
    link.points.add(referencePoint);
  }
  return Array.from(links.values(), ({ a, b, points }) => ({ a, b, referencePoint: [...points].sort().join(' · ') }));
}
