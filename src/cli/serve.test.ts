/** The static server, asked over the wire: right types, nothing outside its folder, and the sub-path. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Asks for exactly `path`: unlike fetch, node:http does not resolve dots. */
async function ask(address: string, path: string, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const sent = request({ hostname, port, path, method }).end();
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer> & { statusCode: number; headers: Record<string, unknown> }];
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  return { status: response.statusCode, headers: response.headers, text };
}

describe('the static server', () => {
  const home = mkdtempSync(join(tmpdir(), 'serve-'));
  const folder = join(home, 'dist');
  const servers: ChildProcess[] = [];

  async function start(...words: readonly string[]): Promise<string> {
    const server = spawn(process.execPath, [join(import.meta.dirname, 'serve.mjs'), folder, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    servers.push(server);
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    return line.toString().replace('Serving ', '').trim();
  }

  let root = '';
  let below = '';
  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(home, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'index.html'), '<meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39;">');
    writeFileSync(join(folder, 'assets/a b.js'), 'export {};');
    symlinkSync(join(home, 'secret.txt'), join(folder, 'link.txt'));
    root = await start('--port', '0');
    below = await start('--port', '0', '--under', '/lab/');
  });
  afterAll(() => {
    for (const server of servers) server.kill();
    rmSync(home, { recursive: true });
  });

  it('serves from the loopback only', () => {
    expect(root).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('gives the page with the policy that the build wrote into it', async () => {
    const answer = await ask(root, '/?x=1');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } });
    expect(answer.headers['content-security-policy']).toBe("script-src 'self'; frame-ancestors 'none'");
  });

  it('gives scripts their type, by their decoded name', async () => {
    expect(await ask(root, '/assets/a%20b.js')).toMatchObject({
      status: 200,
      text: 'export {};',
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
    expect(await ask(root, '/assets/a%20b.js', 'HEAD')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } });
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/a%00',
    '/%zz',
    '/none',
    '/assets/',
  ])('gives nothing for %s', async (path) => {
    expect(await ask(root, path)).toMatchObject({ status: 404, text: 'There is no such file.\n' });
  });

  it('takes no other method', async () => {
    expect(await ask(root, '/', 'POST')).toMatchObject({ status: 405 });
  });

  it('serves below a path, and nothing beside it', async () => {
    expect(below).toMatch(/\/lab\/$/);
    expect(await ask(below, '/lab/')).toMatchObject({ status: 200 });
    expect(await ask(below, '/')).toMatchObject({ status: 302, headers: { location: '/lab/' } });
    expect(await ask(below, '/assets/a%20b.js')).toMatchObject({ status: 404 });
    expect(await ask(below, '/lab/../../secret.txt')).toMatchObject({ status: 404 });
  });

  it('takes the next port when one is taken', async () => {
    const { port } = new URL(root);
    const other = await start('--port', port);
    expect(Number(new URL(other).port)).toBeGreaterThan(Number(port));
    expect(await ask(other, '/')).toMatchObject({ status: 200 });
  });
});

describe('a Node that our tools do not take', () => {
  it.each(['18.20.4', '20.18.0', '21.7.0', '22.12.0', '23.11.0'])('%s gets one sentence', async (version) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    for (const script of ['start.mjs', 'test.mjs']) {
      const run = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, join(import.meta.dirname, script)]);
      let said = '';
      run.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      run.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      expect(await once(run, 'close')).toEqual([1, null]);
      expect(said).toBe(`This needs Node 20.19 or later, 22.13 or later, or 24 or later, but this is Node ${version}: see https://nodejs.org.\n`);
    }
  });
});
