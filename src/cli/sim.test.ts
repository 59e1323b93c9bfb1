/** The command line as a person meets it: real processes, their output, their exit codes, and what they leave behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOG } from '#catalog/catalog.ts';
import { hashOf } from '#trace/hash.ts';
import { parseTraceJson } from '#trace/parse-json.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'sim-'));
/** Where the program is bundled, beside the packages that it needs. */
mkdirSync(join(ROOT, '.cache'), { recursive: true });
const BUILT = mkdtempSync(join(ROOT, '.cache', 'sim-'));
afterAll(() => {
  rmSync(FOLDER, { recursive: true });
  rmSync(BUILT, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

/** Runs a program of Node in the folder of these tests. */
async function node(...words: readonly string[]): Promise<Outcome> {
  const run = spawn(process.execPath, words, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  let said = '';
  run.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  run.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(run, 'close')) as [number | null];
  return { code, out: Buffer.concat(out).toString('latin1'), said };
}

/** The program as `npm run sim` starts it: each start translates the engine anew, which takes seconds. */
const FROM_SOURCE = ['--import', import.meta.resolve('tsx'), join(ROOT, 'src/cli/sim.ts')];
/** The same program translated once: for all that is not about the way in which it is started. */
const PROGRAM = [join(BUILT, 'sim.js')];
beforeAll(async () => {
  const vite = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', ROOT, '--ssr', 'src/cli/sim.ts', '--outDir', BUILT, '--logLevel', 'error'];
  expect(await node(...vite)).toEqual({ code: 0, out: '', said: '' });
}, 120_000);
const sim = (...words: readonly string[]): Promise<Outcome> => node(...PROGRAM, ...words);

/** The same where standard output says that it is a terminal. */
const TERMINAL = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process.stdout, 'isTTY', { value: true });")}`;
const simOnTerminal = (...words: readonly string[]): Promise<Outcome> => node('--import', TERMINAL, ...PROGRAM, ...words);

const SMALL = {
  format: 1,
  id: 'small',
  title: 'Small',
  summary: 'Somebody registers.',
  until: 3,
  timeline: [{ at: 1, who: 'ue2', do: { kind: 'register' } }],
};
function file(name: string, content: unknown): string {
  writeFileSync(join(FOLDER, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

describe.concurrent('sim', { timeout: 120_000 }, () => {
  it('lists the catalog for people', async () => {
    const { code, out, said } = await node(...FROM_SOURCE, 'list');
    expect([code, said]).toEqual([0, '']);
    for (const { id, title } of CATALOG)
      expect(out).toContain(`${id}  `.concat(' '.repeat(Math.max(...CATALOG.map((one) => one.id.length)) - id.length), title));
    expect(out).toMatch(/--set record-route=watcher\|none\|both/);
  });

  it('lists the catalog for programs', async () => {
    const { code, out } = await sim('list', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as Record<string, unknown>[];
    expect(rows.map((row) => row['id'])).toEqual(CATALOG.map((scenario) => scenario.id));
    for (const row of rows) expect(Object.keys(row)).toEqual(['id', 'title', 'chapters', 'sources', 'changes']);
    expect(rows[0]).toMatchObject({
      id: 'subscribe-across-networks',
      chapters: [{ id: 'prologue' }, { id: 'subscribe' }, { id: 'publish' }, { id: 'unsubscribe' }],
      sources: expect.arrayContaining([{ document: 'TS 24.141', clause: 'A.3.2.1', checked: true }]) as unknown,
      changes: expect.arrayContaining([
        expect.objectContaining({ name: 'ip', values: [expect.objectContaining({ value: 'v6' }), expect.objectContaining({ value: 'v4' })] }),
      ]) as unknown,
    });
  });

  it('tells the hash of every scenario, which that of its trace is', async () => {
    const [hashes, trace] = await Promise.all([sim('hashes', '--seed', '5'), sim('run', 'publish', '--seed', '5', '--format', 'json')]);
    expect([hashes.code, hashes.said]).toEqual([0, '']);
    const rows = hashes.out.trimEnd().split('\n');
    expect(rows.map((row) => row.slice(66))).toEqual(CATALOG.map(({ id }) => id));
    expect(rows).toContain(`${(JSON.parse(trace.out) as { hash: string }).hash}  publish`);
  });

  it('prints the ladder of the principal flow', async () => {
    const { code, out, said } = await sim('run', 'subscribe-across-networks');
    expect([code, said]).toEqual([0, '']);
    expect(out).toContain('A watcher subscribes across two networks');
    expect(out).toMatch(/\|-+>\|.*SUBSCRIBE/);
  });

  it('writes the trace as JSON, the same on standard output and into a file', async () => {
    const [printed, written] = await Promise.all([
      sim('run', 'publish', '--seed', '5', '--format', 'json'),
      sim('run', 'publish', '--seed', '5', '--format', 'json', '--out', 'publish.json'),
    ]);
    expect([printed.code, written.code, written.out, written.said]).toEqual([0, 0, '', '']);
    const text = readFileSync(join(FOLDER, 'publish.json'), 'utf8');
    expect(printed.out).toBe(Buffer.from(text, 'utf8').toString('latin1'));
    const trace = parseTraceJson(text);
    if ('kind' in trace) throw new Error('the trace cannot be read back');
    expect(trace).toMatchObject({ scenario: 'publish', seed: 5, changes: [] });
    expect((JSON.parse(text) as { hash: string }).hash).toBe(hashOf(trace));
  });

  it('writes a capture, the same through a pipe and into a file', async () => {
    const [piped, written] = await Promise.all([
      sim('run', 'fetch', '--set', 'ip=v4', '--format', 'pcapng'),
      sim('run', 'fetch', '--set', 'ip=v4', '--format', 'pcapng', '--out', 'fetch.pcapng'),
    ]);
    expect([piped.code, written.code, written.out]).toEqual([0, 0, '']);
    const capture = readFileSync(join(FOLDER, 'fetch.pcapng'));
    expect(capture.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(piped.out).toBe(capture.toString('latin1'));
  });

  it("runs and checks a scenario file of one's own", async () => {
    const name = file('small.json', SMALL);
    const run = await sim('run', name, '--format', 'ladder');
    expect([run.code, run.said]).toEqual([0, '']);
    expect(run.out).toContain('401 Unauthorized (REGISTER)');
    const check = await sim('check', name);
    expect([check.code, check.said]).toEqual([0, '']);
    expect(check.out).toMatch(/^small: nothing to object to \(\d+ messages, held to \d+ rules and to what the scenario expects\)\.\n$/);
  });

  it('exits 1 and says which expectation is broken, and gives the run all the same', async () => {
    const source = { document: 'TS 24.141', clause: 'A.3.2.1', checked: true };
    const expectations = [
      { title: 'It registers', source, flows: [['ue2 > pcscf2: REGISTER']], match: 'contains' },
      { title: 'It calls', source, flows: [['ue2 > pcscf2: REGISTER', 'ue2 > pcscf2: INVITE']], match: 'contains' },
    ];
    const name = file('hopeful.json', { ...SMALL, id: 'hopeful', expectations });
    const run = await sim('run', name);
    expect(run.code).toBe(1);
    expect(run.said).toBe('It calls (TS 24.141 A.3.2.1): "ue2 > pcscf2: INVITE" is missing after "ue2 > pcscf2: REGISTER".\n');
    expect(run.out).toContain('REGISTER');
    expect(await sim('check', name)).toEqual({ code: 1, out: '', said: run.said });
  });

  it('does not mind a reader who has seen enough', async () => {
    const run = spawn(process.execPath, [...PROGRAM, 'run', 'lossy-link', '--format', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    run.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    run.stdout.once('data', () => run.stdout.destroy());
    await once(run, 'close');
    expect(said).toBe('');
  });
});

describe('sim, of a message that no packet holds', { timeout: 120_000 }, () => {
  it('writes the capture all the same', async () => {
    const huge = { ...SMALL, until: 6, timeline: [...SMALL.timeline, { at: 3, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'x'.repeat(70_000) } }] };
    const { code, said } = await sim('run', file('huge.json', huge), '--format', 'pcapng', '--out', 'huge.pcapng');
    expect([code, said]).toEqual([0, '']);
    expect(readFileSync(join(FOLDER, 'huge.pcapng')).length).toBeGreaterThan(70_000);
  });
});

describe.concurrent('sim, asked wrongly, exits 2 with one sentence and writes nothing:', { timeout: 120_000 }, () => {
  it.each([
    ['an unknown scenario', ['run', 'no-such'], /^There is no scenario "no-such" in the catalog; "sim list" shows them\./],
    ['an unknown option', ['run', 'publish', '--loud'], /^sim run has no option "--loud"\.$/],
    ['a seed of two lines', ['run', 'publish', '--seed', '1\n2'], /^A seed is a whole number from 0 to 4294967295, not "1\\n2"\.$/],
    ['a change of two lines', ['run', 'fetch', '--set', 'ip=v4\r\nX: y'], /^The change ip takes v6 or v4, not "v4\\r\\nX: y"\.$/],
    ['a file of two lines that is not there', ['run', 'no\nsuch.json'], /^Cannot read no\ufffdsuch\.json: ENOENT/],
    ['a name without end', ['run', `${'x'.repeat(5000)}.json`], /^Cannot read x{299}…: ENAMETOOLONG.{1,300}$/],
    ['a seed twice', ['run', 'publish', '--seed', '1', '--seed', '2'], /^--seed is given twice\.$/],
    [
      'a port that is none',
      ['run', file('port.json', { ...SMALL, network: { protectedPorts: { client: 0, server: 70_000 } } })],
      /^port\.json: Not a valid scenario: at \/network\/protectedPorts\/client: 0 is not allowed; it takes a whole number from 1024 to 65535\.$/,
    ],
    [
      'hosts of one name',
      ['run', file('hosts.json', { ...SMALL, network: { hosts: { ps: 'x.home2.net', hss2: 'x.home2.net' } } })],
      /^hosts\.json: Not a valid scenario: at \/network\/hosts\/\w+: another entity is called x\.home2\.net already\.$/,
    ],
    ['a file that is not JSON', ['run', file('torn.json', '{"format": 1,')], /^torn\.json: Not a valid scenario: not JSON \(.+\)\.$/],
  ])('%s', async (name, words, sentence) => {
    const left = `${name.replaceAll(' ', '-')}.out`;
    const { code, out, said } = await sim(...words, '--out', left);
    expect(said.trimEnd()).toMatch(sentence);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
    expect([code, out]).toEqual([2, '']);
    expect(existsSync(join(FOLDER, left))).toBe(false);
  });

  it('a place where nothing can be written', async () => {
    const { code, out, said } = await sim('run', 'publish', '--out', 'no/such/folder/x.txt');
    expect([code, out]).toEqual([2, '']);
    expect(said).toMatch(/^Cannot write no\/such\/folder\/x\.txt: ENOENT.*\.\n$/);
    expect(existsSync(join(FOLDER, 'no'))).toBe(false);
  });

  it('a capture for the terminal', async () => {
    const { code, out, said } = await simOnTerminal('run', 'publish', '--format', 'pcapng');
    expect([code, out, said]).toEqual([2, '', 'A capture is not for the terminal: name a file with --out.\n']);
    expect((await simOnTerminal('run', 'publish', '--format', 'pcapng', '--out', 'publish.pcapng')).code).toBe(0);
  });
});
