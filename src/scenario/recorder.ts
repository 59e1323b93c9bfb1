/** Writes the trace while the kernel runs. One record per happening, numbered by the kernel; nothing is formatted that nobody asked for. */
import type { Endpoint } from '#base/machine.ts';
import type { Observer, Packet } from '#sim/packet.ts';
import type { Note } from '#base/note.ts';
import { labelOf } from '#protocol/sip/label.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { PERSON, type MessageRecord, type NoteRecord, type RecordId, type TraceRecord } from '#trace/record.ts';

/** Endpoints as text, each made once: the same few appear in every record. */
function createEndpointTexts(): (endpoint: Endpoint) => string {
  const known = new Map<string, Map<number, string>>();
  return ({ address, port }) => {
    let ports = known.get(address);
    if (ports === undefined) known.set(address, (ports = new Map<number, string>()));
    let text = ports.get(port);
    if (text === undefined) ports.set(port, (text = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`));
    return text;
  };
}

/**
 * A note as a record, always of one shape: this is written a hundred times for a single subscription. Members that are undefined count as absent
 * (canonical JSON leaves them out).
 */
function noteRecord(id: RecordId, at: number, causedBy: RecordId | undefined, entity: string, note: Note, message: RecordId | undefined): NoteRecord {
  const { op, header, from, to, reason, clause } = note;
  return { kind: 'note', id, at, causedBy, entity, message, op, header, from, to, reason, clause } as NoteRecord;
}

export interface Recording {
  readonly records: TraceRecord[];
  readonly observer: Observer;
}

/** Records everything until `until` (microseconds): what arrives later is still in flight then. */
export function createRecording(until: number): Recording {
  const records: TraceRecord[] = [];
  const formatEndpoint = createEndpointTexts();
  const onPacket = (packet: Packet): void => {
    const { send } = packet;
    const record: { -readonly [K in keyof MessageRecord]: MessageRecord[K] } = {
      kind: 'message',
      id: packet.record,
      at: packet.sentAt,
      from: packet.from,
      to: packet.to ?? send.remote.address,
      sentAt: packet.sentAt,
      transport: send.transport,
      src: formatEndpoint(send.local),
      dst: formatEndpoint(send.remote),
      protocol: send.protocol,
      label: send.label,
      bytes: packet.arriving,
    };
    if (packet.arriving !== send.bytes) {
      record.sentBytes = send.bytes;
      record.label = labelOfArriving(packet);
    }
    if (send.inside !== undefined) {
      const { local, remote, ...carried } = send.inside;
      record.inside = { ...carried, src: formatEndpoint(local), dst: formatEndpoint(remote) };
    }
    if (packet.cause !== undefined) record.causedBy = packet.cause;
    if (packet.duplicateArrivesAt !== undefined && packet.duplicateArrivesAt <= until) record.duplicateArrivedAt = packet.duplicateArrivesAt;
    if (packet.lostAt !== undefined) {
      if (packet.lostAt <= until) record.lostAt = packet.lostAt;
    } else if (packet.arrivesAt !== undefined && packet.arrivesAt <= until) record.arrivedAt = packet.arrivesAt;
    records.push(record);
    // The notes of a message follow it, with the numbers that the kernel reserves for them.
    let id = packet.record;
    for (const note of send.notes) {
      records.push(noteRecord(++id, packet.sentAt, undefined, packet.from, note, packet.record));
    }
    for (const note of packet.remarks) records.push(noteRecord(++id, packet.sentAt, undefined, PERSON, note, packet.record));
  };
  const observer: Observer = {
    onPacket,
    onNote(id, at, causedBy, entity, note, about) {
      records.push(noteRecord(id, at, causedBy, entity, note, about));
    },
    onState(id, at, causedBy, entity, change) {
      const { machine, key, from, on, to } = change;
      records.push({ kind: 'state', id, at, entity, ...(causedBy === undefined ? {} : { causedBy }), machine, key, from, on, to });
    },
    onRecord(id, at, causedBy, entity, { title, fields }) {
      records.push({ kind: 'record', id, at, entity, ...(causedBy === undefined ? {} : { causedBy }), title, fields });
    },
    onTimer(id, at, entity) {
      records.push({ kind: 'timer', id, at, entity });
    },
    onIntent(id, at, entity, intent) {
      records.push({ kind: 'intent', id, at, ...(entity === undefined ? {} : { entity }), intent });
    },
  };
  return { records, observer };
}

/** What people call a message that a person changed: by what it has become, as far as that can be read. */
function labelOfArriving({ send, arriving }: Packet): string {
  if (send.protocol !== 'SIP') return send.label;
  const message = parseSipMessage(arriving);
  return message.kind === 'sip-error' ? send.label : labelOf(message);
}

/** The messages that had neither arrived nor been lost. */
export const inFlight = (records: readonly TraceRecord[]): RecordId[] =>
  records.filter((r) => r.kind === 'message' && r.arrivedAt === undefined && r.lostAt === undefined).map((r) => r.id);
