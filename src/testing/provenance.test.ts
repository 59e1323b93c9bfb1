/** Provenance is complete: whatever a forwarding entity changed in a message, a note of that entity says so; and what a person changed on the way, a note of that person. */
import { describe, expect, it } from 'vitest';
import { CATALOG } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';
import type { MessageEdit } from '#trace/message-edits.ts';
import { parseSipMessage, type SipMessage } from '#protocol/sip/message.ts';
import { PERSON, type Change, type MessageRecord, type Trace } from '#trace/record.ts';

/** Made anew with every message; a note about it would say nothing. */
const NOT_EXPLAINED = new Set(['Content-Length']);

function sipOf(record: MessageRecord): SipMessage | undefined {
  const message = parseSipMessage(record.bytes);
  return message.kind === 'sip-error' ? undefined : message;
}

/** Equal for a message and what it is forwarded as; a 100 is each hop's own: it is never forwarded. */
function transactionOf(message: SipMessage): string | undefined {
  if (message.kind === 'response' && message.status === 100) return undefined;
  return `${message.kind} ${message.headers.get('Call-ID') ?? ''} ${message.headers.get('CSeq') ?? ''}`;
}

function changedNames(before: SipMessage, after: SipMessage): readonly string[] {
  const names = new Set([...before.headers.fields(), ...after.headers.fields()].map((field) => field.name));
  const changed = [...names].filter((name) => before.headers.lines(name).join('\n') !== after.headers.lines(name).join('\n'));
  if (before.kind === 'request' && after.kind === 'request' && before.uri !== after.uri) changed.push('Request-URI');
  return changed.filter((name) => !NOT_EXPLAINED.has(name));
}

/** `entity, label: header` of every change without a note. */
function unexplained(trace: Trace): readonly string[] {
  const notes = new Map<string, Set<string>>();
  for (const record of trace.records) {
    if (record.kind !== 'note' || record.message === undefined || record.header === undefined) continue;
    const key = `${record.entity} ${record.message}`;
    notes.set(key, (notes.get(key) ?? new Set()).add(record.header));
  }
  const missing = new Set<string>();
  /** What an entity has sent, and what was sent to it of a transaction, up to the record that is looked at. */
  const sent = new Set<string>();
  const towards = new Map<string, { readonly record: MessageRecord; readonly message: SipMessage }[]>();
  for (const record of trace.records) {
    if (record.kind !== 'message' || record.protocol !== 'SIP') continue;
    const bytes = `${record.from} ${Buffer.from(record.bytes).toString('latin1')}`;
    const isAgain = sent.has(bytes);
    sent.add(bytes);
    const after = sipOf(record);
    const transaction = after === undefined ? undefined : transactionOf(after);
    if (after === undefined || transaction === undefined) continue;
    const others = towards.get(`${record.from} ${transaction}`) ?? [];
    const key = `${record.to} ${transaction}`;
    towards.set(key, [...(towards.get(key) ?? []), { record, message: after }]);
    if (record.causedBy === undefined || isAgain) continue;
    // What waits for DNS or the HSS is caused by their answer: the message itself arrived earlier.
    const found = others.findLast((other) => (other.record.arrivedAt ?? Infinity) <= record.sentAt);
    if (found === undefined) continue;
    const { record: arrived, message: before } = found;
    const explained = new Set([
      ...(notes.get(`${record.from} ${record.id}`) ?? []),
      ...(notes.get(`${record.from} ${arrived.id}`) ?? []),
      ...(notes.get(`${PERSON} ${record.id}`) ?? []),
    ]);
    for (const name of changedNames(before, after)) if (!explained.has(name)) missing.add(`${record.from}, ${record.label}: ${name}`);
  }
  return [...missing];
}

describe('provenance', () => {
  it.each(CATALOG.map((scenario) => [scenario.id, scenario] as const))('every change on the way is explained in %s', (_id, scenario) => {
    const trace = runScenario(scenario, { seed: 1, changes: [] });
    if ('kind' in trace) throw new Error(trace.message);
    expect(unexplained(trace)).toEqual([]);
  });

  it('tells what a person changed on the way: which header, from what, to what', () => {
    const scenario = CATALOG[0] as (typeof CATALOG)[number];
    const run = (changes: readonly Change[]): Trace => {
      const trace = runScenario(scenario, { seed: 1, changes });
      if ('kind' in trace) throw new Error(trace.message);
      return trace;
    };
    const sent = run([]).records.filter((record) => record.kind === 'message' && record.label === 'SUBSCRIBE' && record.at >= 10_000_000)[2] as MessageRecord;
    const edits: MessageEdit[] = [
      { op: 'remove', header: 'P-Asserted-Identity', nth: 0 },
      { op: 'set', header: 'Expires', to: '7' },
      { op: 'add', header: 'X-Odd', to: '1' },
    ];
    const trace = run([{ kind: 'edit', record: sent.id, edits }]);
    expect(unexplained(trace)).toEqual([]);
    const told = trace.records.flatMap((record) => (record.kind === 'note' && record.entity === PERSON ? [record] : []));
    expect(told.map(({ message, op, header, from, to }) => ({ message, op, header, from, to }))).toEqual([
      { message: sent.id, op: 'changed', header: 'Expires', from: '7200', to: '7' },
      { message: sent.id, op: 'removed', header: 'P-Asserted-Identity', from: expect.stringContaining('sip:user1') as string, to: undefined },
      { message: sent.id, op: 'removed', header: 'P-Asserted-Identity', from: expect.stringContaining('tel:') as string, to: undefined },
      { message: sent.id, op: 'added', header: 'X-Odd', from: undefined, to: '1' },
    ]);
    // Without the person's notes the sender would seem to have done it in silence (it explains P-Asserted-Identity, having written one).
    const silent = {
      ...trace,
      records: trace.records.map((record) => (record.kind === 'note' && record.entity === PERSON ? { ...record, header: undefined } : record)),
    };
    expect(unexplained(silent as Trace)).toHaveLength(2);
  });
});
