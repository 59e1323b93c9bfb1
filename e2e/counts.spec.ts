/** Messages and bytes of a run beside the plain run. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a lean run is shown beside the plain one, kind by kind and link by link (${colorScheme})`, async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open('#v=1&e=0.1.0&s=conditional-notify&n=1', { colorScheme });
    await page.getByRole('button', { name: 'Counts' }).click();
    const { dialog } = simulator;
    await expect(dialog.getByRole('status')).toContainText('20 % fewer messages and 25 % fewer bytes');
    await expect(dialog.getByRole('status')).toContainText('Without conditions');
    const notify = dialog.getByRole('row', { name: /^NOTIFY/ });
    await expect(notify.getByRole('cell', { name: '−50 %' })).toBeVisible();
    await expect(dialog.getByRole('row', { name: /UE#1 – P-CSCF#1 \(Gm\)/ })).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel('Beside').selectOption('nothing');
    await expect(dialog.getByRole('status')).toContainText('120 messages');
    await expect(notify.getByRole('cell', { name: '−50 %' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });
}

test('a run that somebody changed is counted beside the one that it came from', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await simulator.press('n');
  await expect(simulator.dialog.getByLabel('Beside')).toContainText('As the scenario has it (run 1)');
  await expect(simulator.dialog.getByRole('status')).toContainText(/(fewer|more) messages/);
});
