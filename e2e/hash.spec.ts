/** The engine gives the same run in the browser and on the command line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const run = promisify(execFile);

/** What the command line writes of a scenario. */
async function onTheCommandLine(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('npm', ['run', '--silent', 'sim', '--', ...args], { maxBuffer: 2 ** 28 });
  return stdout;
}

test('the hash of every scenario in the browser equals that of the command line', async ({ page }) => {
  test.setTimeout(900_000);
  const scenarios = JSON.parse(await onTheCommandLine('list', '--json')) as readonly { readonly id: string }[];
  expect(scenarios.length).toBeGreaterThanOrEqual(9);
  const simulator = new SimulatorPage(page);
  await simulator.open();
  for (const { id } of scenarios) {
    const trace = JSON.parse(await onTheCommandLine('run', id, '--seed', '3', '--format', 'json')) as { readonly hash: string; readonly engine: string };
    await simulator.open(`#v=1&e=${trace.engine}&s=${id}&n=3`);
    await expect.poll(() => simulator.link()).toContain(`s=${id}&n=3`);
    await simulator.rest();
    expect(await simulator.hash(), id).toBe(trace.hash);
  }
});
