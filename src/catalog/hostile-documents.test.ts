/**
 * Documents replaced on their way by what is malformed, oversized or hostile, one for each kind that anybody reads: the answer is the one of the standard, and what the reader holds is
 * what it held. The same for addresses of XCAP. Not here: any bytes anywhere (`ims/hostile-input.test.ts`), messages spoilt in the midst (`scenario/hostile-network.test.ts`).
 */
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { checkTrace } from '#check/check.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import type { ValidScenario } from '#scenario/scenario.ts';
import type { MessageEdit } from '#trace/message-edits.ts';
import type { Change, EntityKind, MessageRecord, Trace } from '#trace/record.ts';
import { isMessage } from '#trace/steps.ts';
import { findScenario } from './catalog.ts';

interface Door {
  readonly scenario: string;
  readonly set?: readonly (readonly [name: string, value: string])[];
  /** Whose door: the first such message that comes after so many seconds, or is the nth. */
  readonly reader: EntityKind;
  readonly label: RegExp;
  readonly type: string;
  readonly after: number;
  /** What it is answered: the beginning of the label; undefined for what is an answer itself, over HTTP. */
  readonly answer: string | undefined;
  /** Of these tables nothing may change. */
  readonly holds: readonly string[];
  /** Whether no body at all is something that may be said. */
  readonly mayBeEmpty?: boolean;
}

type Particular = Pick<Door, 'scenario' | 'type' | 'after' | 'holds' | 'set'>;

/** A presence server is asked for something by a document in the request. */
const asked = (method: 'PUBLISH' | 'SUBSCRIBE', answer: string, door: Omit<Particular, 'holds'>): Door => ({
  ...door,
  reader: 'presence-server',
  label: new RegExp(`^${method}$`),
  answer,
  holds: ['Publications', 'Subscriptions'],
  mayBeEmpty: true,
});
/** Somebody is told something: the NOTIFY is taken, whatever it holds. */
const told = (reader: EntityKind, door: Particular): Door => ({ ...door, reader, label: /^NOTIFY$/, answer: '200' });
/** What was asked for over HTTP comes back. */
const fetched = (reader: EntityKind, door: Particular): Door => ({ ...door, reader, label: /^200 OK \(GET\)$/, answer: undefined });
const OF_OTHERS = ['What is known of others', 'Watched'];
const MEMBERS = ['Lists', 'What is known of members'];
const PARTIAL: Door['set'] = [['publications', 'partial']];

const DOORS: readonly (readonly [string, Door])[] = [
  ['a presence document in PUBLISH', asked('PUBLISH', '400|413', { scenario: 'subscribe-across-networks', type: 'application/pidf+xml', after: 19 })],
  ['a patch of one', asked('PUBLISH', '400|413', { scenario: 'partial-notify', set: PARTIAL, type: 'application/pidf-diff+xml', after: 19 })],
  ['a filter', asked('SUBSCRIBE', '488', { scenario: 'filters', type: 'application/simple-filter+xml', after: 9 })],
  ['a presence document in NOTIFY', told('ue', { scenario: 'subscribe-across-networks', type: 'application/pidf+xml', after: 19, holds: OF_OTHERS })],
  ['a patch in NOTIFY', told('ue', { scenario: 'partial-notify', type: 'application/pidf-diff+xml', after: 19, holds: OF_OTHERS })],
  [
    'watcher information',
    told('ue', { scenario: 'watcher-information', type: 'application/watcherinfo+xml', after: 19, holds: ['Who watches this user', 'Watched'] }),
  ],
  ['a list', told('ue', { scenario: 'list-own', type: 'multipart/related', after: 24, holds: ['Lists', ...OF_OTHERS] })],
  ['a reference to content', told('ue', { scenario: 'content-indirection', type: 'message/external-body', after: 30, holds: OF_OTHERS })],
  ['an XCAP diff', told('presence-server', { scenario: 'authorize-xcap', type: 'application/xcap-diff+xml', after: 9, holds: ['Presence rules'] })],
  [
    'the registration of a user, for its terminal',
    told('ue', { scenario: 'registration', type: 'application/reginfo+xml', after: 1, holds: ['Registration'] }),
  ],
  [
    'the registration of a user, for its P-CSCF',
    told('p-cscf', { scenario: 'registration', type: 'notify sip:pcscf1', after: 1, holds: ['Registered users', 'Security associations'] }),
  ],
  [
    'the registration of a user, for the network agent',
    told('network-agent', { scenario: 'network-agent', type: 'application/reginfo+xml', after: 9, holds: ['What each source said last'] }),
  ],
  ['a presence document for a list server', told('list-server', { scenario: 'list-own', type: 'application/pidf+xml', after: 24, holds: MEMBERS })],
  ['a list within a list', told('list-server', { scenario: 'list-own', set: [['nested', 'elsewhere']], type: 'multipart/related', after: 24, holds: MEMBERS })],
  ['an XCAP diff for a list server', told('list-server', { scenario: 'list-xcap', type: 'application/xcap-diff+xml', after: 30, holds: ['Lists'] })],
  [
    'a presence document for the gateway to XMPP',
    told('watcher-gateway', { scenario: 'interwork-xmpp-watcher', type: 'application/pidf+xml', after: 19, holds: ['XMPP users who watch'] }),
  ],
  [
    'a presence document for a watcher outside',
    told('external-watcher', { scenario: 'external-watcher', type: 'application/pidf+xml', after: 19, holds: ['What is known of others'] }),
  ],
  [
    'rules that are fetched',
    fetched('presence-server', { scenario: 'authorize-xcap', type: 'application/auth-policy+xml', after: 30, holds: ['Presence rules'] }),
  ],
  ['lists that are fetched', fetched('list-server', { scenario: 'list-xcap', type: 'application/rls-services+xml', after: 30, holds: ['Lists'] })],
  [
    'lists to which others refer',
    fetched('list-server', { scenario: 'list-xcap', set: [['entries', 'elsewhere']], type: 'application/resource-lists+xml', after: 0, holds: ['Lists'] }),
  ],
  ['own rules that are read', fetched('ue', { scenario: 'authorize-xcap', type: 'application/auth-policy+xml', after: 29, holds: ['Who watches this user'] })],
  ['a document behind a URL', fetched('ue', { scenario: 'content-indirection', type: 'application/pidf+xml', after: 30, holds: ['What is known of others'] })],
  [
    'a calendar',
    fetched('external-agent', { scenario: 'external-agent', type: 'text/calendar', after: 39, holds: ['The calendar, as far as it is told', 'Published'] }),
  ],
  [
    'lists that are put',
    {
      scenario: 'list-xcap',
      reader: 'xdms',
      label: /^PUT$/,
      type: 'application/rls-services+xml',
      after: 29,
      answer: '409|413',
      holds: ['Documents', 'What the lists say'],
    },
  ],
  [
    'a wish to be told of documents',
    {
      scenario: 'list-xcap',
      reader: 'xdms',
      label: /^SUBSCRIBE$/,
      type: 'application/resource-lists+xml',
      after: 0,
      answer: '400|413',
      holds: ['Documents', 'Subscriptions'],
      mayBeEmpty: true,
    },
  ],
  [
    'a rule that is put',
    { scenario: 'authorize-xcap', reader: 'xdms', label: /^PUT$/, type: 'application/xcap-el+xml', after: 9, answer: '409|413', holds: ['Documents'] },
  ],
];

/** Texts in place of a valid one. */
/** `many` elements are far too much, and travel. */
function hostile(valid: string, many: number): readonly (readonly [string, string])[] {
  const entities = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>';
  const bare = valid.replace(/<\?xml[^>]*\?>\s*/, '');
  return [
    ['nothing', ''],
    ['no markup', 'hello, world'],
    ['cut in the middle', valid.slice(0, Math.floor(valid.length / 2))],
    ['another root', '<?xml version="1.0"?><a xmlns="urn:a"/>'],
    ['other namespaces', valid.replace(/xmlns(:\w+)?="[^"]*"/g, 'xmlns$1="urn:other"')],
    ['declared entities', `<?xml version="1.0"?>${entities}${bare}`],
    ['entities that nobody declared', valid.replace(/>([^<>]*)</, '>&x;<')],
    ['an endless nest', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`],
    ['far too much', '<a b="c"/>'.repeat(many)],
    ['two documents', `${valid}${bare}`],
    ['a control character', valid.replace('>', '>\u0001')],
    ['lines of header', `${'X-A: b\r\n'.repeat(50)}\r\n${bare}`],
  ];
}

/** Remaining times run down whatever comes. */
const still = (cell: string): string => cell.replace(/\d+(\.\d+)? s\b/g, 'N s');

class Run {
  scenario: ValidScenario;
  readonly changes: readonly Change[];
  readonly message: MessageRecord;
  readonly before: string;
  readonly #holds: readonly string[];

  constructor({ scenario: id, set = [], reader, label, type, after, holds }: Door) {
    const scenario = findScenario(id);
    if (scenario === undefined) throw new Error(id);
    this.scenario = scenario;
    this.changes = set.map(([name, value]) => ({ kind: 'set', name, value }));
    this.#holds = holds;
    const trace = this.trace();
    const kinds = new Map(trace.entities.map((entity) => [entity.id, entity.kind]));
    const message = trace.records
      .filter(isMessage)
      .find((m) => m.sentAt >= after * 1e6 && kinds.get(m.to) === reader && label.test(m.label) && decodeUtf8(m.bytes).toLowerCase().includes(type));
    if (message?.arrivedAt === undefined) throw new Error(`no ${type} for a ${reader} in ${id}`);
    this.message = message;
    // What comes later matters to nobody here; what is turned over may name a wish by its place.
    const until = message.sentAt / 1e6 + 1;
    if (set.length === 0) this.scenario = { ...scenario, until, timeline: scenario.timeline.filter(({ at }) => at < until) };
    this.before = this.heldAt(message.arrivedAt - 1);
  }

  trace(...edits: readonly Change[]): Trace {
    const trace = runScenario(this.scenario, { seed: 1, changes: [...this.changes, ...edits] });
    if ('kind' in trace) throw new Error(trace.message);
    return trace;
  }

  heldAt(t: number, ...edits: readonly Change[]): string {
    const views = viewsAt(this.scenario, { seed: 1, changes: [...this.changes, ...edits] }, { t, record: 0 });
    if ('kind' in views) throw new Error(views.message);
    const tables = views.get(this.message.to)?.tables.filter(({ title }) => this.#holds.includes(title)) ?? [];
    expect(tables).toHaveLength(this.#holds.length);
    return JSON.stringify(tables.map(({ title, rows }) => [title, rows.map((row) => row.map(still))]));
  }
}

const bodyOf = ({ bytes }: MessageRecord): string => decodeUtf8(bytes).split('\r\n\r\n').slice(1).join('\r\n\r\n');

describe.each(DOORS)('%s', (_, door) => {
  const run = new Run(door);
  const whole = bodyOf(run.message);
  // Of several parts the first, which says what the others are.
  const valid = /<\?xml[^>]*\?>\s*<([\w:-]+)[^]*?<\/\1>\s*/.exec(whole)?.[0] ?? whole;
  // A datagram holds 65 kB.
  const texts = hostile(valid, run.message.transport === 'udp' ? 6_000 : 20_000).flatMap(([what, text]): [string, string][] => {
    if (text === valid || (what === 'nothing' && door.mayBeEmpty === true)) return [];
    return [[what, whole === valid ? text : whole.replace(valid, () => text)]];
  });
  it.each(texts)('that is %s', (_what, text) => {
    const { message } = run;
    const length = String(encodeUtf8(text).length);
    const change: Change = {
      kind: 'edit',
      record: message.id,
      edits: [
        { op: 'body', to: text },
        { op: 'set', header: 'Content-Length', to: length },
      ],
    };
    const trace = run.trace(change);
    const answer = trace.records
      .filter(isMessage)
      .find((m) => m.id > message.id && m.from === message.to && m.to === message.from && m.protocol === message.protocol && /^\d/.test(m.label));
    if (door.answer !== undefined) expect(answer?.label).toMatch(new RegExp(`^(?:${door.answer})`));
    const read = door.answer === undefined ? message.arrivedAt : answer?.sentAt;
    expect(run.heldAt((read ?? 0) + 1, change)).toBe(run.before);
    expect(checkTrace(trace)).toEqual([]);
  });
});

/** What comes over HTTP as an answer, and is none, or not the one that was hoped for. */
const ANSWERS: readonly (readonly [what: string, edits: readonly MessageEdit[]])[] = [
  ['no HTTP', [{ op: 'text', to: 'HELLO' }]],
  ['nothing', [{ op: 'text', to: '' }]],
  ['of a newer version', [{ op: 'start', to: 'HTTP/2.0 200 OK' }]],
  ['of a status that is none', [{ op: 'start', to: 'HTTP/1.1 20 OK' }]],
  ['a question itself', [{ op: 'start', to: 'GET / HTTP/1.1' }]],
  [
    'a redirect',
    [
      { op: 'start', to: 'HTTP/1.1 302 Found' },
      { op: 'add', header: 'Location', to: 'http://evil.example.org/' },
    ],
  ],
  ['a refusal', [{ op: 'start', to: 'HTTP/1.1 403 Forbidden' }]],
  ['trouble of the server', [{ op: 'start', to: 'HTTP/1.1 500 Internal Server Error' }]],
  ['of a length that is none', [{ op: 'set', header: 'Content-Length', to: '-1' }]],
  ['shorter than it says', [{ op: 'set', header: 'Content-Length', to: '99999' }]],
  ['in two lengths', [{ op: 'add', header: 'Content-Length', to: '1' }]],
  ['in a coding that nobody knows', [{ op: 'add', header: 'Transfer-Encoding', to: 'gzip' }]],
  ['without an end', [{ op: 'text', to: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n' }]],
];

describe.each(DOORS.filter(([, { answer }]) => answer === undefined))('%s, by an answer over HTTP', (_, door) => {
  const run = new Run(door);
  it.each(ANSWERS)('that is %s', (_what, edits) => {
    const change: Change = { kind: 'edit', record: run.message.id, edits };
    expect(run.heldAt((run.message.arrivedAt ?? 0) + 1, change)).toBe(run.before);
    expect(checkTrace(run.trace(change))).toEqual([]);
  });
});
