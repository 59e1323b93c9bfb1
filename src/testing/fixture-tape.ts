/** Records a hand-made run: messages with their notes, in order, with running numbers. For tests and development only. */
import type { Intent, Protocol, Transport } from '#base/machine.ts';
import type { Note, NoteOp } from '#base/note.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { EntityId, RecordId, TraceEntity, TraceRecord } from '#trace/record.ts';

/** A SIP message under way: every change of its text leaves the note that explains it. */
export class SipDraft {
  start: string;
  fields: (readonly [string, string])[];
  body: string;
  notes: Note[] = [];

  constructor(start: string, fields: readonly (readonly [string, string])[], body = '') {
    this.start = start;
    this.fields = [...fields];
    this.body = body;
  }

  get label(): string {
    const [first = '', second = ''] = this.start.split(' ');
    if (first !== 'SIP/2.0') return first;
    const method = this.get('CSeq').split(' ')[1] ?? '';
    return `${second} ${this.start.slice(first.length + second.length + 2)} (${method})`;
  }

  get(name: string): string {
    return this.fields.find(([n]) => n === name)?.[1] ?? '';
  }

  /** Puts a field on top of those of its name (Via at the very top, others before From). */
  add(name: string, value: string, reason: string, clause?: string): this {
    const same = this.fields.findIndex(([n]) => n === name);
    const from = this.fields.findIndex(([n]) => n === 'From');
    this.fields.splice(same >= 0 ? same : name === 'Via' ? 0 : from, 0, [name, value]);
    return this.note('added', reason, clause, name, undefined, value);
  }

  remove(name: string, reason: string, clause?: string): this {
    const index = this.fields.findIndex(([n]) => n === name);
    const [removed] = this.fields.splice(index, 1);
    return this.note('removed', reason, clause, name, removed?.[1]);
  }

  change(name: string, value: string, reason: string, clause?: string): this {
    const index = this.fields.findIndex(([n]) => n === name);
    const before = this.fields[index]?.[1];
    this.fields[index] = [name, value];
    return this.note('changed', reason, clause, name, before, value);
  }

  note(op: NoteOp, reason: string, clause?: string, header?: string, from?: string, to?: string): this {
    this.notes.push({
      op,
      reason,
      ...(clause === undefined ? {} : { clause }),
      ...(header === undefined ? {} : { header }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    return this;
  }

  text(): string {
    const length = encodeUtf8(this.body).length;
    return `${[this.start, ...this.fields.map(([n, v]) => `${n}: ${v}`), `Content-Length: ${length}`].join('\r\n')}\r\n\r\n${this.body}`;
  }
}

export interface Hop {
  readonly from: EntityId;
  readonly to: EntityId;
  /** Microseconds on the way. */
  readonly takes: number;
  readonly protocol: Protocol;
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly notes: readonly Note[];
  readonly transport?: Transport;
}

export class Tape {
  readonly records: TraceRecord[] = [];
  now = 0;
  private readonly addressOf: ReadonlyMap<EntityId, string>;
  private cause: RecordId | undefined;

  constructor(entities: readonly TraceEntity[]) {
    this.addressOf = new Map(entities.map((entity) => [entity.id, entity.addresses[0] ?? '']));
  }

  private base(): { id: RecordId; at: number; causedBy?: RecordId } {
    return { id: this.records.length + 1, at: this.now, ...(this.cause === undefined ? {} : { causedBy: this.cause }) };
  }

  intent(at: number, entity: EntityId, intent: Intent): void {
    this.now = at;
    this.cause = undefined;
    this.records.push({ ...this.base(), kind: 'intent', entity, intent });
    this.cause = this.records.length;
  }

  state(entity: EntityId, machine: string, key: string, from: string, on: string, to: string): void {
    this.records.push({ ...this.base(), kind: 'state', entity, machine, key, from, on, to });
  }

  /** One transmission; afterwards it is the cause, and time has moved to its arrival. */
  hop(hop: Hop): RecordId {
    this.now += 400;
    const base = this.base();
    const port = hop.protocol === 'SIP' ? 5060 : hop.protocol === 'DNS' ? 53 : 3868;
    const arrivedAt = this.now + hop.takes;
    const transport = hop.transport ?? (hop.protocol === 'Diameter' ? 'sctp' : 'udp');
    this.records.push({
      ...base,
      kind: 'message',
      from: hop.from,
      to: hop.to,
      sentAt: this.now,
      arrivedAt,
      transport,
      src: `[${this.addressOf.get(hop.from) ?? ''}]:${port}`,
      dst: `[${this.addressOf.get(hop.to) ?? ''}]:${port}`,
      protocol: hop.protocol,
      label: hop.label,
      bytes: hop.bytes,
    });
    for (const note of hop.notes) this.records.push({ ...note, ...this.base(), kind: 'note', entity: hop.from, message: base.id });
    this.cause = base.id;
    this.now = arrivedAt;
    return base.id;
  }

  sip(from: EntityId, to: EntityId, takes: number, draft: SipDraft): RecordId {
    const notes = draft.notes;
    draft.notes = [];
    return this.hop({ from, to, takes, protocol: 'SIP', label: draft.label, bytes: encodeUtf8(draft.text()), notes });
  }
}
