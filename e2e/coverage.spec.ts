/** What the catalog shows of the standards, computed while the page stays usable. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('coverage is computed when asked for, can be given up, and leads to the scenarios', async ({ page }) => {
  test.setTimeout(480_000);
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  expect((await loaded()).filter((name) => /coverage/i.test(name))).toEqual([]);
  await simulator.press('s');
  const { dialog } = simulator;
  await dialog.getByRole('button', { name: 'What of the standards they show' }).click();
  await expect(dialog.getByRole('progressbar', { name: 'Runs computed' })).toBeVisible();
  await expect(dialog).toContainText(/[1-9]\d* of \d+ runs/, { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByRole('status')).toHaveText(/^Stopped after \d+ of \d+ runs\.$/);
  const [stopped, total] = ((await dialog.getByRole('status').textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];
  if (stopped === undefined) throw new Error('it does not say after how many runs it stopped');
  await expect(dialog).toContainText(new RegExp(`covered by ${stopped} runs?\\.`));
  await expectAccessible(page);
  // Stopped by hand it stays so, also when it is opened again.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await simulator.press('c');
  await expect(dialog.getByRole('status')).toHaveText(`Stopped after ${stopped} of ${total} runs.`);
  // Where it stopped it goes on: no run is computed again.
  await dialog.getByRole('button', { name: 'Go on' }).click();
  const bar = dialog.getByRole('progressbar', { name: 'Runs computed' });
  const done = async (): Promise<number> => Number(await bar.getAttribute('value'));
  expect(await done()).toBeGreaterThanOrEqual(stopped);
  await expect.poll(done, { timeout: 60_000 }).toBeGreaterThan(stopped);
  const table = dialog.getByRole('table');
  // Rows come while it is computed, and what is missing is not called a gap.
  await expect(dialog).toContainText(/So far: \d+ of \d+ statements are covered by \d+ runs?\./, { timeout: 60_000 });
  await expect(table).toBeVisible();
  await expect(dialog.getByRole('progressbar', { name: 'Runs computed' })).toBeVisible();
  await expect(table.getByText('gap', { exact: true })).toHaveCount(0);
  // The whole catalog leaves no statement of clause 5.3 uncovered without a reason.
  await expect(dialog).toContainText(/\d+ of \d+ statements are covered by \d+ runs, \d+ wait with a reason, 0 are gaps\./, { timeout: 360_000 });
  await expect(table.getByRole('row', { name: /one subscription for a whole list/ })).toContainText('list-own');
  const number = table.getByRole('row', { name: /a number becomes a SIP address \(ENUM\)/ });
  await expect(number).toContainText('RFC 6116');
  await expectAccessible(page);

  await dialog.getByRole('checkbox', { name: 'Only gaps' }).check();
  await expect(number).toHaveCount(0);
  await expect(table.getByRole('rowheader', { name: /NOTE 1/ })).toHaveCount(0);
  await dialog.getByRole('checkbox', { name: 'Only gaps' }).uncheck();
  await dialog.getByRole('radio', { name: 'Every clause' }).check();
  await expect(dialog).toContainText(/\d+ of \d+ clauses happened in \d+ runs/);
  await dialog.getByRole('searchbox', { name: /Search clauses/ }).fill('RFC 6116 resolve-tel');
  await expectAccessible(page);
  await table.getByRole('button', { name: 'resolve-tel' }).first().click();
  await simulator.rest();
  expect(await simulator.link()).toContain('s=resolve-tel');

  // It is kept.
  await simulator.press('c');
  await expect(dialog.getByRole('table')).toBeVisible();
});
