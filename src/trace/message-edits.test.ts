import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { applyEdits, differencesOf, editsBetween, type MessageEdit } from './message-edits.ts';
import { parseChanges } from './parse-changes.ts';

const crlf = (...lines: readonly string[]): Uint8Array => encodeUtf8(lines.join('\r\n'));
const SENT = crlf(
  'SUBSCRIBE sip:b@home2.net SIP/2.0',
  'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'Route: <sip:one;lr>',
  'Route: <sip:two;lr>',
  'Event: presence',
  'Content-Length: 2',
  '',
  'hi',
);
const text = (edits: readonly MessageEdit[]): readonly string[] => decodeUtf8(applyEdits(SENT, edits)).split('\r\n');

describe('edits of a message in flight', () => {
  it('touch the lines that they name and nothing else', () => {
    expect(text([{ op: 'remove', header: 'max-forwards' }])).toEqual(text([]).filter((line) => !line.startsWith('Max-')));
    expect(text([{ op: 'set', header: 'Route', nth: 2, to: '<sip:else;lr>' }])[4]).toBe('Route: <sip:else;lr>');
    expect(text([{ op: 'remove', header: 'Route', nth: 0 }]).filter((line) => line.startsWith('Route'))).toEqual([]);
    expect(text([{ op: 'set', header: 'Priority', to: 'urgent' }]).at(-3)).toBe('Priority: urgent');
    expect(text([{ op: 'add', header: 'Via', to: 'x', before: 'Via' }])[1]).toBe('Via: x');
    expect(text([{ op: 'start', to: 'PUBLISH sip:x SIP/2.0' }])[0]).toBe('PUBLISH sip:x SIP/2.0');
    expect(text([{ op: 'body', to: 'longer' }]).slice(-3)).toEqual(['Content-Length: 2', '', 'longer']);
    expect(text([])).toEqual(decodeUtf8(SENT).split('\r\n'));
  });

  it('name lines as they travelled, whatever other edits do', () => {
    const edits: MessageEdit[] = [
      { op: 'remove', header: 'Route' },
      { op: 'set', header: 'Route', nth: 2, to: '<sip:else;lr>' },
    ];
    expect(text(edits).filter((line) => line.startsWith('Route'))).toEqual(['Route: <sip:else;lr>']);
  });

  it('replace everything where lines cannot say it', () => {
    expect(decodeUtf8(applyEdits(SENT, [{ op: 'text', to: 'hello' }]))).toBe('hello');
    expect([...applyEdits(SENT, [{ op: 'hex', to: '01 ff' }])]).toEqual([1, 255]);
    expect([...applyEdits(SENT, [{ op: 'hex', to: '01 f' }])]).toEqual([1]);
  });

  it('are found from the text that a person wrote, in few words', () => {
    const wrote = (change: (line: string) => readonly string[]): readonly MessageEdit[] =>
      editsBetween(SENT, encodeUtf8(decodeUtf8(SENT).split('\r\n').flatMap(change).join('\r\n')));
    expect(wrote((line) => (line.startsWith('Max') ? [] : [line]))).toEqual([{ op: 'remove', header: 'Max-Forwards' }]);
    expect(wrote((line) => (line.startsWith('Event') ? ['Event: weather'] : [line]))).toEqual([{ op: 'set', header: 'Event', to: 'weather' }]);
    expect(wrote((line) => (line.includes('two') ? [line.replace('two', '2')] : [line]))).toEqual([{ op: 'set', header: 'Route', nth: 2, to: '<sip:2;lr>' }]);
    expect(wrote((line) => (line.includes('two') ? ['X-New: 1', line] : [line]))).toEqual([{ op: 'add', header: 'X-New', to: '1', before: 'Route', nth: 2 }]);
    expect(wrote((line) => (line === 'hi' ? ['hello'] : [line]))).toEqual([{ op: 'body', to: 'hello' }]);
    expect(wrote((line) => [line])).toEqual([]);
  });

  it('make exactly what was wanted, of any text', () => {
    const line = fc.oneof(fc.constantFrom('Via: a', 'Via: b', 'v: c', 'Route: x', 'Route:y', ' folded', 'no colon', 'Max-Forwards: 70', ''), fc.string());
    const message = fc.array(line, { maxLength: 12 }).map((lines) => encodeUtf8(lines.join('\r\n')));
    fc.assert(
      fc.property(message, message, (before, after) => {
        expect(decodeUtf8(applyEdits(before, editsBetween(before, after)))).toBe(decodeUtf8(after));
        differencesOf(before, after);
      }),
    );
  });

  it('of endless texts are found and told at once', () => {
    const endless = (of: string): Uint8Array =>
      crlf('SUBSCRIBE sip:b@home2.net SIP/2.0', ...Array.from({ length: 60_000 }, (_, i) => `X-${of}${i}: 1`), '', '');
    const other = crlf('SUBSCRIBE sip:b@home2.net SIP/2.0', 'X-One: 1', '', '');
    expect(differencesOf(endless('a'), endless('b'))).toHaveLength(120_000);
    expect(differencesOf(SENT, endless('a')).length).toBeGreaterThan(60_000);
    for (const [before, after] of [
      [endless('a'), endless('b')],
      [endless('a'), other],
      [other, endless('a')],
    ] as const)
      expect(decodeUtf8(applyEdits(before, editsBetween(before, after)))).toBe(decodeUtf8(after));
  });

  it('are told header by header', () => {
    const edits: MessageEdit[] = [
      { op: 'start', to: 'SUBSCRIBE sip:c@home2.net SIP/2.0' },
      { op: 'remove', header: 'Max-Forwards' },
      { op: 'set', header: 'Event', to: 'weather' },
      { op: 'add', header: 'X-New', to: '1' },
    ];
    expect(differencesOf(SENT, applyEdits(SENT, edits))).toEqual([
      { op: 'changed', header: 'Request-URI', from: 'sip:b@home2.net', to: 'sip:c@home2.net' },
      { op: 'removed', header: 'Max-Forwards', from: '70' },
      { op: 'changed', header: 'Event', from: 'presence', to: 'weather' },
      { op: 'added', header: 'X-New', to: '1' },
    ]);
  });
});

describe('changes that come from outside', () => {
  it.each([
    ['[', 'The changes are not JSON.'],
    ['{}', 'The changes cannot be read: changes: expected a list.'],
    ['[{"kind":"edit","record":7,"edits":[{"op":"twist"}]}]', /changes\[0\]\.edits\[0\]\.op: expected one of start, remove/],
    ['[{"kind":"edit","record":7,"edits":[{"op":"hex","to":"0"}]}]', /an even number of hexadecimal digits/],
    ['[{"kind":"drop","record":0}]', /an integer from 1/],
    ['[{"kind":"do","at":1,"who":"ue1","intent":{"kind":"x","n":1e999}}]', /plain JSON/],
    [`[{"kind":"do","at":1,"who":"ue1","intent":{"kind":"x","n":${'['.repeat(40)}${']'.repeat(40)}}}]`, /plain JSON/],
  ])('%s is refused with a sentence', (json, sentence) => {
    const read = parseChanges(json);
    expect('problem' in read ? read.problem : 'taken').toMatch(sentence);
  });

  it('are taken when they are in order', () => {
    const changes = [
      { kind: 'edit', record: 7, edits: [{ op: 'remove', header: 'Max-Forwards', nth: 0 }] },
      { kind: 'delay', record: 9, by: 5 },
      { kind: 'duplicate', record: 9 },
    ];
    expect(parseChanges(JSON.stringify(changes))).toEqual(changes);
  });
});
