/** The engine gives the same run in the browser and on the command line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const run = promisify(execFile);

/** The hash of every scenario with this seed, by id, as the command line computes it in one go. */
async function onTheCommandLine(seed: number): Promise<Record<string, string>> {
  const { stdout } = await run('npm', ['run', '--silent', 'sim', '--', 'hashes', '--seed', String(seed)]);
  return Object.fromEntries(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  ').toReversed() as [string, string]),
  );
}

test('the hash of every scenario in the browser equals that of the command line', async ({ page }) => {
  test.setTimeout(300_000);
  const simulator = new SimulatorPage(page);
  const [expected] = await Promise.all([onTheCommandLine(3), simulator.open()]);
  expect(Object.keys(expected).length).toBeGreaterThanOrEqual(9);
  const computed: Record<string, string> = {};
  for (const id of Object.keys(expected)) computed[id] = await page.evaluate((scenario) => window.__simulator?.hashOf(scenario, 3) ?? '', id);
  expect(computed).toEqual(expected);

  // What the page shows is that run.
  const [id = ''] = Object.keys(expected).slice(-1);
  await simulator.open(`#v=1&e=0.1.0&s=${id}&n=3`);
  await expect.poll(() => simulator.hash()).toBe(expected[id]);
});
