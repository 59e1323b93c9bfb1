/** Hand-made traces for tests of everything that reads a trace. */
import type { Protocol, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { EntityId, InsideMessage, RecordId, Trace, TraceChapter, TraceEntity, TraceRecord } from '#trace/record.ts';

export const ENTITIES: readonly TraceEntity[] = [
  { id: 'ue1', kind: 'ue', network: 'visited1.net', home: 'home1.net', label: 'UE#1', role: 'watcher', addresses: ['2001:db8::1'] },
  { id: 'pcscf1.visited1.net', kind: 'p-cscf', network: 'visited1.net', home: 'visited1.net', label: 'P-CSCF#1', addresses: ['2001:db8::2'] },
  { id: 'scscf1.home1.net', kind: 's-cscf', network: 'home1.net', home: 'home1.net', label: 'S-CSCF#1', addresses: ['2001:db8:1::3'] },
  { id: 'hss1.home1.net', kind: 'hss', network: 'home1.net', home: 'home1.net', label: 'HSS#1', addresses: ['2001:db8:1::4'] },
  { id: 'dns.home1.net', kind: 'dns-server', network: 'home1.net', home: 'home1.net', label: 'DNS#1', addresses: ['192.0.2.5'] },
];

const HOST: ReadonlyMap<EntityId, string> = new Map(ENTITIES.map((e) => [e.id, e.addresses[0] ?? '']));

export interface MessageDetails {
  readonly sentAt: number;
  readonly arrivedAt?: number;
  readonly lostAt?: number;
  readonly duplicateArrivedAt?: number;
  readonly protocol?: Protocol;
  readonly transport?: Transport;
  /** `5060` unless given. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly causedBy?: RecordId;
  readonly bytes?: Uint8Array;
  readonly notes?: readonly Note[];
  readonly inside?: InsideMessage;
}

export class TraceBuilder {
  readonly #records: TraceRecord[] = [];
  readonly #chapters: TraceChapter[] = [];

  chapter(id: string, title: string, at: number, prologue = false): this {
    this.#chapters.push(prologue ? { id, title, at, prologue } : { id, title, at });
    return this;
  }

  /** Adds a message; its bytes are the label unless given. Returns its id. */
  message(from: EntityId, to: EntityId, label: string, details: MessageDetails): RecordId {
    const { bytes = encodeUtf8(label), protocol = 'SIP', transport = 'udp', fromPort = 5060, toPort = 5060, notes = [], sentAt, ...rest } = details;
    const id = this.#records.length + 1;
    this.#records.push({
      kind: 'message',
      id,
      at: sentAt,
      from,
      to,
      sentAt,
      transport,
      src: endpoint(from, fromPort),
      dst: endpoint(to, toPort),
      protocol,
      label,
      bytes,
      ...rest,
    });
    for (const note of notes) this.note(from, sentAt, note, id, details.causedBy);
    return id;
  }

  note(entity: EntityId, at: number, note: Note, message?: RecordId, causedBy?: RecordId): RecordId {
    const id = this.#records.length + 1;
    this.#records.push({
      kind: 'note',
      id,
      at,
      entity,
      ...note,
      ...(message === undefined ? {} : { message }),
      ...(causedBy === undefined ? {} : { causedBy }),
    });
    return id;
  }

  timer(entity: EntityId, at: number): RecordId {
    const id = this.#records.length + 1;
    this.#records.push({ kind: 'timer', id, at, entity });
    return id;
  }

  build(until: number, change: Partial<Trace> = {}): Trace {
    return {
      version: 1,
      engine: 'test',
      scenario: 'sample',
      title: 'A sample',
      summary: 'Something is seen.',
      sources: [{ document: 'TS 24.141', clause: 'A.3.2.1', checked: true }],
      seed: 1,
      changes: [{ kind: 'set', name: 'loss', value: '10' }],
      startsAt: '2026-01-01T09:00:00Z',
      until,
      networks: [
        { domain: 'visited1.net', title: 'where the watcher roams', kind: 'visited' },
        { domain: 'home1.net', title: "the watcher's network", kind: 'home' },
      ],
      entities: ENTITIES,
      links: [{ a: 'ue1', b: 'pcscf1.visited1.net', referencePoint: 'Gm' }],
      chapters: this.#chapters,
      tables: [],
      endedInFlight: [],
      records: this.#records,
      ...change,
    };
  }
}

function endpoint(entity: EntityId, port: number): string {
  const host = HOST.get(entity) ?? entity;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A whole SIP message, CRLF at every line's end; the body follows when given. */
export function sipBytes(startLine: string, headers: Readonly<Record<string, string>>, body = ''): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return encodeUtf8(`${startLine}\r\n${lines.join('')}Content-Length: ${encodeUtf8(body).length}\r\n\r\n${body}`);
}
