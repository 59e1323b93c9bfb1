/** What is charged for a message: reached by keys, in both networks, readable and accessible. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('the charging of a transaction is told in every network that it touched, and leads to the ACR', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=charging&n=1', { reducedMotion: 'reduce' });
  await simulator.press('ArrowRight');
  const tabs = page.getByRole('tablist', { name: 'Inspector' });
  await tabs.getByRole('tab', { name: 'Message' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(tabs.getByRole('tab', { name: 'Charging' })).toBeFocused();
  const panel = page.getByRole('tabpanel', { name: 'Charging' });
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('SUBSCRIBE');
  await expect(panel).toContainText('A UE never sees the ICID');
  await expect(panel).toContainText('Five nodes report this transaction in three networks.');
  await expect(panel.getByRole('region', { name: 'Charged in visited1.net' })).toContainText('P-CSCF#1 → CDF visited');
  await expect(panel.getByRole('region', { name: 'Charged in home2.net' })).toContainText('home1.net → home2.net');
  await expect(panel.getByText('Still to come.').first()).toBeVisible();
  await expectAccessible(page);

  // At the end of the chapter every record is written, and its fields can be read.
  await page.keyboard.press('End');
  await simulator.rest();
  await expect(panel).toContainText('NOTIFY');
  const record = panel.getByRole('group').filter({ hasText: 'of S-CSCF#1' });
  await record.getByText('S-CSCF CDR').first().click();
  await expect(record.getByText('Local Record Sequence Number')).toBeVisible();
  await expectAccessible(page);
  await panel.getByRole('button', { name: 'Show the ACR of S-CSCF#1' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Message' })).toContainText('IMS-Charging-Identifier');
  await simulator.press('3');
  await expect(panel).toContainText('This ACR carries the ICID itself.');
});

test('a run without charging has no such tab', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('3');
  await expect(simulator.notice).toContainText('There is no charging to show');
  await expect(page.getByRole('tab', { name: 'Charging' })).toHaveCount(0);
  await expect(page.getByRole('tabpanel', { name: 'Message' })).toBeVisible();
  await simulator.press('?');
  await expect(simulator.dialog).toContainText('Show the entity');
  await expect(simulator.dialog).not.toContainText('Show the charging');
});
