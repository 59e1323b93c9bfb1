/** Scenarios that cannot be run, each with the sentence that its author gets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { hashOf } from '#trace/hash.ts';
import { traceToJson } from '#trace/json.ts';
import type { Change } from '#trace/record.ts';
import { formatRunFile } from '#trace/run-file.ts';
import { plainText, renderCounts, runCall } from './sim-commands.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'sim-commands-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const SMALL = { format: 1, id: 'small', title: 'Small', summary: 'Somebody registers.', until: 3, timeline: [{ at: 1, who: 'ue2', do: { kind: 'register' } }] };

/** What is said of a scenario, without the name of the file. */
function verdictOn(name: string, changes: readonly Change[] = []): string {
  const result = runCall({ scenario: name, seed: undefined, changes });
  return result.kind === 'wrong' ? result.message.replace(`${FOLDER}/scenario.json: `, '') : `ran: ${result.problems.join(' ')}`;
}
function written(file: string, content: string): string {
  const name = join(FOLDER, file);
  writeFileSync(name, content);
  return name;
}
const verdictOnFile = (content: unknown, changes: readonly Change[] = []): string =>
  verdictOn(written('scenario.json', typeof content === 'string' ? content : JSON.stringify(content)), changes);
const set = (name: string, value: string): Change => ({ kind: 'set', name, value });
const drop = (record: number): Change => ({ kind: 'drop', record });

describe('a run that the page has saved', () => {
  const made = runCall({ scenario: 'publish', seed: 5, changes: [drop(12)] });
  if (made.kind === 'wrong') throw new Error(made.message);
  const { trace } = made;
  const saved = (hash = hashOf(trace), more: object = {}): string => written('publish.run.json', formatRunFile({ ...trace, ...more }, hash));

  it('is computed again: the same messages, the same findings', () => {
    expect(runCall({ scenario: saved(), seed: undefined, changes: [] })).toEqual(made);
  });

  it('is said to be another one where its hash is another', () => {
    const call = { scenario: saved('f0', { engine: '0.0.9' }), seed: undefined, changes: [] };
    const sentence = `This is another run than the one that was saved: it was computed by engine 0.0.9, and ${trace.engine} gives other messages.`;
    expect(runCall(call)).toEqual({ ...made, problems: [sentence, ...made.problems], unlike: sentence });
    expect(renderCounts([call], false)).toEqual({ message: sentence });
  });

  it('of a scenario of somebody’s own holds that scenario', () => {
    const plain = runCall({
      scenario: written('scenario.json', JSON.stringify(SMALL)),
      seed: 3,
      changes: [{ kind: 'do', at: 2_000_000, who: 'ue2', intent: { kind: 'deregister' } }],
    });
    if (plain.kind === 'wrong') throw new Error(plain.message);
    const again = (own: object): string => written('small.run.json', formatRunFile(plain.trace, hashOf(plain.trace), JSON.stringify(own)));
    expect(runCall({ scenario: again(SMALL), seed: undefined, changes: [] })).toEqual(plain);
    expect(verdictOn(again({ ...SMALL, timeline: [{ at: 1.5, who: 'ue2', do: { kind: 'register' } }] }))).toMatch(
      /^ran: This is another run than the one that was saved/,
    );
    expect(verdictOn(again({ ...SMALL, until: -1 }))).toMatch(/small\.run\.json: Not a valid scenario: at \/until: -1 is not allowed/);
  });

  it('is no run where it is the trace of a scenario of somebody’s own: that says what it is, also where the catalog has the name', () => {
    const traceOf = (id: string): string => {
      const plain = runCall({ scenario: written('scenario.json', JSON.stringify({ ...SMALL, id })), seed: 1, changes: [] });
      if (plain.kind === 'wrong') throw new Error(plain.message);
      return written('small.trace.json', traceToJson(plain.trace));
    };
    expect(verdictOn(traceOf('small'))).toMatch(/small\.trace\.json: It is the trace of a scenario of somebody’s own, “Small”: a trace holds .*Export > Run/);
    expect(verdictOn(traceOf('fetch'))).toMatch(
      /^ran: This is another run .* “Small”, and this is the one that is called fetch in the catalog\. Open the scenario file/,
    );
    expect(verdictOn(written('publish.trace.json', traceToJson(trace)))).toBe('ran: ');
  });

  it('takes no other seed and no further changes, and must be whole', () => {
    const refusal = /: A saved run has its seed and its changes; it takes no --seed, --set or --changes\.$/;
    expect(runCall({ scenario: saved(), seed: 1, changes: [] })).toMatchObject({ kind: 'wrong', message: expect.stringMatching(refusal) as string });
    expect(verdictOn(saved(), [drop(44)])).toMatch(refusal);
    expect(verdictOn(saved('', { seed: -1 }))).toMatch(/publish\.run\.json: It is no saved run: seed: expected an integer from 0\.$/);
    expect(verdictOn(saved('', { scenario: 'nowhere' }))).toMatch(
      /publish\.run\.json: There is no scenario “nowhere” in the catalog, and the file does not hold it\. Open the scenario file itself, or what Export > Run has saved of it\.$/,
    );
  });
});

describe('a run from the command line', () => {
  it('takes the smallest scenario', () => {
    expect(verdictOnFile(SMALL)).toBe('ran: ');
  });

  it.each([
    ['no-such', [], 'There is no scenario "no-such" in the catalog; "sim list" shows them. A scenario file has a name like mine.json.'],
    ['publish', [set('colour', 'red')], 'The scenario publish has no change named "colour".'],
    ['registration', [set('colour', 'red')], 'The scenario registration has no change named "colour"; it has: watcher, key, ip.'],
    ['registration', [set('key', 'blue')], 'The change key takes right or wrong, not "blue".'],
    ['registration', [set('key', '')], 'The change key takes right or wrong, not "".'],
    ['registration', [set('key', 'constructor')], 'The change key takes right or wrong, not "constructor".'],
    ['registration', [set('key', 'right\r\nX: y')], 'The change key takes right or wrong, not "right\\r\\nX: y".'],
    ['registration', [set('__proto__', 'right')], 'The scenario registration has no change named "__proto__"; it has: watcher, key, ip.'],
    ['registration', [set('k\u001b[2J', 'right')], 'The scenario registration has no change named "k\\u001b[2J"; it has: watcher, key, ip.'],
    ['registration', [set('k'.repeat(9999), 'right')], `The scenario registration has no change named "${'k'.repeat(59)}…"; it has: watcher, key, ip.`],
    ['__proto__', [], 'There is no scenario "__proto__" in the catalog; "sim list" shows them. A scenario file has a name like mine.json.'],
    ['a\r\nb', [], 'There is no scenario "a\\r\\nb" in the catalog; "sim list" shows them. A scenario file has a name like mine.json.'],
    ['none.json', [], "Cannot read none.json: ENOENT: no such file or directory, open 'none.json'."],
    ['fetch', [drop(99_999)], 'No message of this run has the number 99999: there is nothing to drop.'],
    ['/dev/zero', [], '/dev/zero: That is no scenario: it is longer than 100 MB.'],
    ['./', [], 'Cannot read ./: EISDIR: illegal operation on a directory, read.'],
  ])('%s with %j is refused', (name, changes, sentence) => {
    expect(verdictOn(name, changes)).toBe(sentence);
  });

  it('takes a file that begins with a byte order mark', () => {
    expect(verdictOnFile(`\ufeff${JSON.stringify(SMALL)}`)).toBe('ran: ');
  });

  it('leaves no control characters in text for a terminal', () => {
    expect(plainText('a\u001b[31m\tb\nc\u009b\r')).toBe('a\ufffd[31m\tb\nc\ufffd\ufffd');
  });

  it.each([
    ['text that is not JSON', '{"format": 1,', /^Not a valid scenario: not JSON \(.+\)\.$/],
    ['no object', 'null', /^Not a valid scenario: at \/: null is not allowed; it takes an object with format, id, title, summary, until and timeline\.$/],
    ['another format', { ...SMALL, format: 2 }, /^Not a valid scenario: at \/format: 2 is not allowed; it takes 1\.$/],
    ['no time line', { ...SMALL, timeline: undefined }, /^Not a valid scenario: at \/timeline: this is missing; it takes a list of 2000 at most\.$/],
    [
      'a role that is none',
      { ...SMALL, timeline: [{ at: 1, who: 'ue9', do: { kind: 'register' } }] },
      /at \/timeline\/0\/who: "ue9" is not allowed; it takes ue1, .+ or \w+\.$/,
    ],
    ['a word too many', { ...SMALL, untill: 3 }, /at \/untill: nothing is called "untill" there; there can be format, id, .*until, .+\.$/],
    [
      'a day that never was',
      { ...SMALL, startsAt: '2026-02-45T09:00:00Z' },
      /at \/startsAt: "2026-02-45T09:00:00Z" is not allowed; it takes a day and a time that exist, from 1970 to 2099\.$/,
    ],
    [
      'an identity with a line break',
      { ...SMALL, network: { users: [{ role: 'ue1', publicIdentities: ['sip:a@b.net\r\nVia: x'] }] } },
      /at \/network\/users\/0\/publicIdentities\/0: .+ is not allowed; it takes a SIP or tel URI such as sip:user1_public1@home1\.net\.$/,
    ],
    [
      'somebody who is not there',
      { ...SMALL, network: { watcherAtHome: true }, timeline: [{ at: 1, who: 'dns0', do: { kind: 'x' } }] },
      /at \/timeline\/0\/who: there is no dns0 in this network\.$/,
    ],
    [
      'a link of somebody who is not there',
      { ...SMALL, network: { watcherAtHome: true, links: [{ between: ['pcscf1', 'dns0'] }] } },
      /at \/network\/links\/0\/between: there is no dns0 in this network\.$/,
    ],
    [
      'a host outside its network',
      { ...SMALL, network: { hosts: { hss1: 'hss.example.org' } } },
      /at \/network\/hosts\/hss1: hss\.example\.org does not lie in home1\.net\.$/,
    ],
    [
      'two hosts of one name',
      { ...SMALL, network: { hosts: { hss1: 'x.home1.net', scscf1: 'x.home1.net' } } },
      /: another entity is called x\.home1\.net already\.$/,
    ],
    ['networks of one domain', { ...SMALL, network: { home1: 'a.net', home2: 'a.net' } }, /at \/network: its networks must have different domains/],
    ['a user described twice', { ...SMALL, network: { users: [{ role: 'ue1' }, { role: 'ue1' }] } }, /at \/network\/users: ue1, ue1 names somebody twice\.$/],
  ])('a file with %s is refused', (_, content, sentence) => {
    expect(verdictOnFile(content)).toMatch(sentence);
  });

  it.each([
    ['/until/x', 1, 'The change x=b cannot be made: /until/x leads through something that is not an object.'],
    ['/__proto__/x', 1, 'The change x=b cannot be made: /__proto__/x is no path of a scenario.'],
    ['/until', 'soon', 'Not a valid scenario: at /until: "soon" is not allowed; it takes a number from 0 to 2419200.'],
    ['/until', 2_419_201, 'Not a valid scenario: at /until: 2419201 is not allowed; it takes a number from 0 to 2419200.'],
  ])('a change that patches %s with %j is refused', (path, value, sentence) => {
    const values = [
      { value: 'a', title: 'A', patches: [] },
      { value: 'b', title: 'B', patches: [{ path, value }] },
    ];
    const scenario = { ...SMALL, changes: [{ name: 'x', title: 'X', values }] };
    expect(verdictOnFile(scenario)).toBe('ran: ');
    expect(verdictOnFile(scenario, [set('x', 'b')])).toBe(sentence);
  });

  it.each([
    [{ at: 1.5, who: 'ue2', do: { kind: 'fly' } }, /at \/timeline\/\d+\/do\/kind: nobody knows how to "fly"/],
    [{ at: 1.6, who: 'hss2', do: { kind: 'register' } }, /at \/timeline\/\d+\/who: only ue1 and ue2/],
    [{ at: 2, who: 'ue2', do: { kind: 'subscribe' } }, /at \/timeline\/\d+\/do\/to: subscribe needs the address/],
    [{ at: 11, who: 'ue2', do: { kind: 'deregister' } }, /at \/timeline\/\d+\/at: 11 s lies behind the end/],
  ])('refuses what nobody can do: %j', (wish, sentence) => {
    const name = join(FOLDER, 'wish.json');
    writeFileSync(name, JSON.stringify({ ...SMALL, until: 10, timeline: [...SMALL.timeline, wish] }));
    const result = runCall({ scenario: name, seed: 1, changes: [] });
    expect(result.kind === 'wrong' ? result.message : 'accepted').toMatch(sentence);
  });

  it('goes on when a person says strange things, and nothing malformed comes of it', () => {
    const wishes = [
      { at: 2, who: 'ue2', do: { kind: 'publish', basic: 'ajar', activities: ['<b>', 'meeting'], note: 5, expires: 1.5 } },
      { at: 2.5, who: 'ue2', do: { kind: 'subscribe', to: 'sip:a@home1.net\r\nX-Injected: 1' } },
      { at: 2.6, who: 'ue2', do: { kind: 'subscribe', to: 'nonsense' } },
      { at: 3, who: 'ue2', do: { kind: 'subscribe', to: 'sip:user1_public1@home1.net', expires: 1e20 } },
      { at: 4, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'a\r\nb' } },
    ];
    const name = join(FOLDER, 'wishes.json');
    writeFileSync(name, JSON.stringify({ ...SMALL, until: 10, timeline: [...SMALL.timeline, ...wishes] }));
    const result = runCall({ scenario: name, seed: 1, changes: [] });
    if (result.kind === 'wrong') throw new Error(result.message);
    const messages = result.trace.records.filter((record) => record.kind === 'message').filter((record) => record.protocol === 'SIP');
    const faults = messages.map((record) => parseSipMessage(record.bytes)).filter((message) => message.kind === 'sip-error');
    expect(faults).toEqual([]);
    expect(messages.map((record) => decodeUtf8(record.bytes)).filter((text) => /X-Injected|nonsense|<b>/.test(text))).toEqual([]);
    expect(messages.filter((record) => record.from === 'ue2' && record.label === 'PUBLISH')).not.toEqual([]);
  });
});
