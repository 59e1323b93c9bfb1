/**
 * The small words on entities (`registered`, `open · 1 watcher`, `down`): what the trace's state records, publications and operators' acts say has happened up
 * to a moment.
 */
import type { Intent } from '#base/machine.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { EntityId, MessageRecord, RecordId, StateRecord, Trace, TraceEntity, TraceRecord } from '#trace/record.ts';

/** The words on each entity that has any. */
export type Marks = ReadonlyMap<EntityId, string>;

interface MarkTurn {
  readonly at: number;
  readonly marks: Marks;
}

const cache = new WeakMap<Trace, readonly MarkTurn[]>();
const NONE: Marks = new Map();

/** The marks at simulated time `t`; the same reference as long as nothing changes. */
export function marksAt(trace: Trace, t: number): Marks {
  let turns = cache.get(trace);
  if (turns === undefined) {
    turns = deriveTurns(trace);
    cache.set(trace, turns);
  }
  // As for `brokenAt`: what happens where the reader stands has happened.
  const now = Math.round(t);
  let low = -1;
  let high = turns.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((turns[middle]?.at ?? Infinity) <= now) low = middle;
    else high = middle - 1;
  }
  return turns[low]?.marks ?? NONE;
}

/** What operators turn on and off, and the word that says so. */
const TURNED: Readonly<Record<string, string>> = { overload: 'overloaded', relieve: '', 'fall-silent': 'silent', 'speak-again': '' };

/** What is known of one entity. */
interface Standing {
  readonly registrations: Set<string>;
  readonly subscriptions: Set<string>;
  readonly watchers: Map<string, string>;
  readonly publications: Set<string>;
  /** Other devices of the user that have published by this terminal, and when what they said runs out. */
  readonly devices: Map<string, number>;
  /** `open`, `closed`: of the latest publication. */
  basic: string | undefined;
  /** Of a security gateway: the state of the tunnel to each network. */
  readonly tunnels: Map<string, string>;
  down: boolean;
  /** What an operator has made of it: `overloaded`. */
  turned: string;
}

const nothingKnown = (): Standing => ({
  registrations: new Set(),
  subscriptions: new Set(),
  watchers: new Map(),
  publications: new Set(),
  devices: new Map(),
  basic: undefined,
  tunnels: new Map(),
  down: false,
  turned: '',
});

function tunnelWords(tunnels: ReadonlyMap<string, string>): string {
  const states = [...tunnels.values()];
  const up = states.filter((state) => state === 'up').length;
  if (states.includes('negotiating')) return 'Za: keys';
  return up === 0 ? 'Za down' : up === 1 ? 'Za up' : `Za up (${up})`;
}

function wordsFor(standing: Standing): string {
  if (standing.down) return 'down';
  if (standing.turned !== '') return standing.turned;
  if (standing.tunnels.size > 0) return tunnelWords(standing.tunnels);
  // A badge holds two words, and who subscribes is registered.
  if (standing.subscriptions.size > 0) return 'subscribed';
  const words: string[] = [];
  if (standing.registrations.size > 0) words.push('registered');
  words.push(...standing.devices.keys());
  if (standing.basic !== undefined) words.push(standing.basic);
  const states = [...standing.watchers.values()];
  const active = states.filter((state) => state !== 'pending').length;
  if (active > 0) words.push(active === 1 ? '1 watcher' : `${active} watchers`);
  else if (states.length > 0) words.push(`${states.length} pending`);
  return words.join(' · ');
}

function deriveTurns(trace: Trace): MarkTurn[] {
  const kinds = new Map(trace.entities.map((entity) => [entity.id, entity.kind]));
  const standings = new Map<EntityId, Standing>();
  const standingOf = (entity: EntityId): Standing => {
    let standing = standings.get(entity);
    if (standing === undefined) {
      standing = nothingKnown();
      standings.set(entity, standing);
    }
    return standing;
  };
  const causes = new Map<RecordId, TraceRecord>();
  const terminalsTell = trace.records.some(
    (record) => record.kind === 'state' && record.machine.startsWith('registration') && kinds.get(record.entity) === 'ue',
  );
  const holders = new Map<string, EntityId>();

  const register = (record: StateRecord): EntityId | undefined => {
    const ue = kinds.get(record.entity) === 'ue' ? record.entity : terminalsTell ? undefined : (holders.get(record.key) ?? originOf(record, causes, kinds));
    if (ue === undefined) return undefined;
    holders.set(record.key, ue);
    if (record.to === 'registered' || record.to === 'active') standingOf(ue).registrations.add(record.key);
    else if (ENDED.test(record.to)) standingOf(ue).registrations.delete(record.key);
    return ue;
  };
  const subscribe = (record: StateRecord): EntityId | undefined => {
    const kind = kinds.get(record.entity);
    const inForce = record.to === 'active' || record.to === 'pending';
    const { subscriptions, watchers } = standingOf(record.entity);
    if (kind === 'presence-server' && record.machine.includes('notifier')) {
      // Who watches the watchers (the presentity, RFC 3857) is none of them.
      if (inForce && eventOf(causes.get(record.causedBy ?? 0)) !== 'presence.winfo') watchers.set(record.key, record.to);
      else watchers.delete(record.key);
    } else if (kind === 'ue' && record.machine.includes('subscriber')) {
      if (!inForce) subscriptions.delete(record.key);
      // A terminal also subscribes to its own registration: that is no news.
      else if (eventOf(causes.get(record.causedBy ?? 0)) === 'presence') subscriptions.add(record.key);
    }
    return record.entity;
  };
  const publish = (record: StateRecord): EntityId | undefined => {
    if (kinds.get(record.entity) !== 'presence-server') return undefined;
    const standing = standingOf(record.entity);
    if (record.to === 'published') standing.publications.add(record.key);
    else if (standing.publications.delete(record.key) && standing.publications.size === 0) standing.basic = undefined;
    return record.entity;
  };

  const tunnel = (record: StateRecord): EntityId => {
    standingOf(record.entity).tunnels.set(record.key, record.to);
    return record.entity;
  };

  const turns: MarkTurn[] = [];
  const look = (at: number, entity: EntityId): void => {
    const before = turns.at(-1);
    const words = wordsFor(standingOf(entity));
    if ((before?.marks.get(entity) ?? '') === words) return;
    const marks = new Map(before?.marks);
    if (words === '') marks.delete(entity);
    else marks.set(entity, words);
    if (before?.at === at) turns[turns.length - 1] = { at, marks };
    else turns.push({ at, marks });
  };

  /** When the first of the devices is to be forgotten. */
  let soonest = Infinity;
  /** A device that does not publish again in time is forgotten. */
  const device = (at: number, entity: EntityId, intent: Intent): void => {
    const { device: name, expires, refresh } = intent;
    if (typeof name !== 'string') return;
    const { devices } = standingOf(entity);
    if (intent.kind === 'unpublish') devices.delete(name);
    else devices.set(name, refresh === false && typeof expires === 'number' ? at + expires * 1e6 : Infinity);
    soonest = Math.min(soonest, devices.get(name) ?? Infinity);
    look(at, entity);
  };
  const forget = (now: number): void => {
    if (now < soonest) return;
    soonest = Infinity;
    for (const [entity, { devices }] of standings) {
      for (const [name, until] of devices) {
        soonest = Math.min(soonest, until > now ? until : Infinity);
        if (until > now) continue;
        devices.delete(name);
        look(until, entity);
      }
    }
  };

  const asked = new Map<string, MessageRecord>();
  for (const record of trace.records) {
    causes.set(record.id, record);
    forget(record.kind === 'message' ? record.sentAt : record.at);
    if (record.kind === 'state') {
      const { machine } = record;
      const entity = machine.startsWith('registration')
        ? register(record)
        : machine.startsWith('subscription')
          ? subscribe(record)
          : machine.startsWith('publication')
            ? publish(record)
            : machine === 'tunnel (Za)'
              ? tunnel(record)
              : undefined;
      if (entity !== undefined) look(record.at, entity);
    } else if (record.kind === 'intent' && record.entity !== undefined && (record.intent.kind === 'crash' || record.intent.kind === 'restart')) {
      // Who stops forgets; what it says that it knew is no longer so.
      standings.set(record.entity, { ...nothingKnown(), down: record.intent.kind === 'crash' });
      look(record.at, record.entity);
    } else if (record.kind === 'intent' && record.entity !== undefined && DEVICE_ACTS.has(record.intent.kind)) {
      device(record.at, record.entity, record.intent);
    } else if (record.kind === 'intent' && record.entity !== undefined && record.intent.kind in TURNED) {
      standingOf(record.entity).turned = TURNED[record.intent.kind] ?? '';
      look(record.at, record.entity);
    } else if (record.kind === 'message' && record.protocol === 'SIP') {
      if (record.label === 'PUBLISH' && kinds.get(record.to) === 'presence-server') asked.set(`${record.to} ${record.from}`, record);
      else if (kinds.get(record.from) === 'presence-server' && ACCEPTED_PUBLISH.test(record.label)) {
        const request = asked.get(`${record.from} ${record.to}`);
        if (request === undefined) continue;
        applyPublication(request, standingOf(record.from));
        look(record.sentAt, record.from);
      }
    }
  }
  return turns;
}

const DEVICE_ACTS: ReadonlySet<string> = new Set(['publish', 'unpublish']);
const ENDED = /^(not[- ]registered|deregistered|terminated|init|expired)$/;
const ACCEPTED_PUBLISH = /^2\d\d .*\(PUBLISH\)$/;

/** The event package that a SIP message is about, in lower case. */
function eventOf(cause: TraceRecord | undefined): string | undefined {
  if (cause?.kind !== 'message') return undefined;
  return /^(?:Event|o)[ \t]*:[ \t]*([^\s;]+)[ \t]*(?:;|\r?$)/im.exec(decodeUtf8(cause.bytes))?.[1]?.toLowerCase();
}

/** The terminal with which it began: back along the causes. */
function originOf(record: TraceRecord, causes: ReadonlyMap<RecordId, TraceRecord>, kinds: ReadonlyMap<EntityId, TraceEntity['kind']>): EntityId | undefined {
  let at: TraceRecord | undefined = record;
  for (let steps = 0; at !== undefined && steps < 100; steps++) {
    const entity: EntityId | undefined = at.kind === 'message' ? at.from : at.kind === 'intent' ? at.entity : undefined;
    if (entity !== undefined && kinds.get(entity) === 'ue') return entity;
    at = at.causedBy === undefined ? undefined : causes.get(at.causedBy);
  }
  return undefined;
}

/** What an accepted PUBLISH says; one without a body refreshes, or removes when it asks for no time at all (RFC 3903 §4.3, §4.5). */
function applyPublication(request: MessageRecord, standing: Standing): void {
  const text = decodeUtf8(request.bytes);
  const removed = /^Expires[ \t]*:[ \t]*0[ \t]*\r?$/im.test(text);
  const basic = /<(?:[\w.-]+:)?basic[^>]*>\s*(open|closed)\s*</.exec(text)?.[1];
  if (removed) {
    if (standing.publications.size === 0) standing.basic = undefined;
  } else if (basic !== undefined) standing.basic = basic;
}
