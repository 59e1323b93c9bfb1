/** Back and forward of the browser: from scenario to scenario and from run to run; moments do not count. */
import { expect, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('back leads to the scenario before, and to the run before a change; forward leads on again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  const title = page.getByRole('heading', { level: 1 });
  await simulator.open();
  await simulator.press('ArrowRight', 3);
  const first = await simulator.hash();
  const standing = await simulator.position();
  await expect.poll(() => page.evaluate(() => window.location.hash)).toBe(await simulator.link());
  await simulator.button(/choose another scenario/).click();
  await simulator.dialog.getByRole('button', { name: /A watcher asks once/ }).click();
  await simulator.rest();
  await expect(page).toHaveTitle(/^A watcher asks once/);
  await simulator.press('ArrowRight', 2);
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  const changed = await simulator.hash();

  await page.goBack();
  await expect(simulator.button(/Run 1 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(title).toContainText('A watcher asks once');
  expect(await simulator.hash()).not.toBe(changed);
  expect((await simulator.position()).step).toBe(2);
  await page.goBack();
  await expect(title).toContainText('A watcher subscribes across two networks');
  await simulator.rest();
  expect(await simulator.hash()).toBe(first);
  expect(await simulator.position()).toEqual(standing);
  await page.goForward();
  await expect(title).toContainText('A watcher asks once');
  await page.goForward();
  await expect(page.getByRole('banner')).toContainText('UE#2 switched off');
  await simulator.rest();
  expect(await simulator.hash()).toBe(changed);
});

test('undoing a change goes back: forward leads to it again, and the history does not grow', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const first = await simulator.hash();
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  const changed = await simulator.hash();
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('c=');
  const length = await page.evaluate(() => window.history.length);
  await simulator.press('Control+z');
  await expect(simulator.button(/Run 1 of 2/)).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.location.hash)).not.toContain('c=');
  expect(await simulator.hash()).toBe(first);
  expect(await page.evaluate(() => window.history.length)).toBe(length);
  await page.goForward();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  expect(await simulator.hash()).toBe(changed);
});

test('a reload while it plays leads to where the reader was, and makes no entry; the link that was opened still leads where it says', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight');
  const link = await simulator.link();
  const length = await page.evaluate(() => window.history.length);
  await simulator.button('Play').click();
  await page.waitForFunction(() => (window.__simulator?.position().step ?? 0) >= 4);
  await page.reload();
  await simulator.rest();
  expect((await simulator.position()).step).toBeGreaterThanOrEqual(4);
  expect(await page.evaluate(() => window.history.length)).toBe(length);
  await page.goto('about:blank');
  await simulator.open(link);
  expect((await simulator.position()).step).toBe(1);
});
