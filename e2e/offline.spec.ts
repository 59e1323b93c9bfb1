/** The network goes while the page is open: what is not there yet is said to be missing, what is there stays, and later all is well. These pages may be noisy. */
import { expect, test } from '@playwright/test';
import { SimulatorPage } from './simulator-page.ts';

test('a dialog, a menu or another scenario that cannot be fetched says so, and can be tried again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const alert = page.getByRole('alert');
  const gone = /could not be fetched: the network, or the server of this page, is not there\. Try again when it is back\./;
  await page.route('**/*', (route) => route.abort());
  await page.keyboard.press('c');
  await expect(alert).toContainText(gone);
  await expect(simulator.dialog).toHaveCount(0);
  await expect(simulator.caption).toContainText('At rest');
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await page.getByRole('button', { name: 'What if' }).click();
  await expect(alert).toContainText(gone);
  await simulator.press('ArrowRight');
  await expect(simulator.caption).toContainText('Step 1 of');
  await page.unroute('**/*');
  await page.getByRole('button', { name: 'What if' }).click();
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitem')).toHaveCount(0);
  await page.keyboard.press('s');
  // The list is there before the network goes again.
  const another = page.getByRole('button', { name: /A watcher asks once/ });
  await expect(another).toBeVisible();
  await page.route('**/*', (route) => route.abort());
  await another.click();
  await expect(alert).toContainText(gone);
  await expect(simulator.dialog).toHaveCount(0);
  await page.unroute('**/*');
  await page.keyboard.press('c');
  await expect(simulator.dialog).toContainText('What of the standards is shown');
});

test('a level that cannot be fetched leaves the map as it was', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await page.route(/FunctionStage/, (route) => route.abort());
  await simulator.open();
  const chosen = page.getByRole('radio', { checked: true });
  await page.keyboard.press('v');
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await expect(chosen).toHaveText('Stage 3');
  await expect(simulator.caption).toContainText('At rest');
  await page.unroute(/FunctionStage/);
  await page.keyboard.press('v');
  await expect(chosen).toHaveText('Stage 2');
  await expect(page.getByRole('region', { name: 'Stage', exact: true })).toContainText('Presence User Agent');
});
