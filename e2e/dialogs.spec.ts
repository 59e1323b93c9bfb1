/** Choosing among many scenarios: by group, by search, by keys. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('the scenarios stand in groups by the functions of the proxies, with their number, the one that is shown marked', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('s');
  const { dialog } = simulator;
  const groups = dialog.getByRole('navigation', { name: 'Groups' });
  await expect(groups).toContainText('Watcher Presence Proxy');
  await expect(dialog.getByRole('heading', { level: 3 }).first()).toHaveText('The principal flow and the service');
  await expect(dialog.locator('button[aria-current]')).toHaveCount(1);
  await expect(dialog.locator('button[aria-current]')).toContainText('shown now');
  const numbers = await groups.getByRole('button').allInnerTexts();
  const total = numbers.reduce((sum, text) => sum + Number(/(\d+)\D*$/.exec(text)?.[1]), 0);
  await expect(dialog.getByRole('status')).toHaveText(`${total} scenarios`);
  expect(await dialog.getByRole('listitem').count()).toBe(total);
  await groups.getByRole('button', { name: /Configuration hiding/ }).click();
  await expect(dialog.getByRole('heading', { name: /Presentity Presence Proxy: Configuration hiding/ })).toBeInViewport();
  await expect(dialog.getByRole('button', { name: /A network keeps its inside to itself/ })).toBeInViewport();
});

test('a search narrows them, arrows and Enter choose', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('s');
  const { dialog } = simulator;
  const field = dialog.getByRole('searchbox', { name: 'Search the scenarios' });
  await expect(field).toBeFocused();
  await page.keyboard.type('address resolution');
  await expect(dialog.getByRole('status')).toHaveText(/^\d+ of \d+ scenarios$/);
  await page.keyboard.press('ArrowDown');
  const first = dialog.getByRole('listitem').first().getByRole('button');
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('listitem').nth(1).getByRole('button')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(field).toBeFocused();
  await field.fill('no such words');
  await expect(dialog).toContainText('No scenario has all of these words');
  await field.fill('resolve-tel');
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await simulator.rest();
  await expect(dialog).toHaveCount(0);
  expect(await simulator.link()).toContain('s=resolve-tel');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the list of scenarios is accessible (${colorScheme})`, async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open('', { colorScheme });
    await simulator.press('s');
    await expect(simulator.dialog.getByRole('listitem').first()).toBeVisible();
    await expectAccessible(page);
  });
}
