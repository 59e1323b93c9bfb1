/** The price of presence: counted in the worker while the page stays usable, with numbers of one's own, and refusals that say why. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('sessions are counted and held against the formula, and numbers can be changed', async ({ page }) => {
  test.setTimeout(240_000);
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  expect((await loaded()).filter((name) => /price/i.test(name))).toEqual([]);
  await simulator.press('s');
  const { dialog } = simulator;
  await dialog.getByRole('button', { name: 'The price of presence', exact: true }).click();
  await expect(dialog).toContainText('The price of presence');
  const table = dialog.getByRole('table').first();
  const nothing = table.getByRole('row', { name: /^Nothing 2/ });
  await expect(nothing).toContainText('336');
  await expect(nothing).toContainText('equals the formula', { timeout: 90_000 });
  await expect(dialog.getByRole('progressbar', { name: 'Sessions counted' })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByRole('status')).toContainText('counted');
  await expect(dialog.getByRole('progressbar')).toHaveCount(0);

  // The other cases, by formula at once.
  await dialog.getByRole('radio', { name: /S4/ }).check();
  await expect(nothing).toContainText('1\u202f320');
  await expect(nothing).toContainText('916\u202f666.7');

  const contacts = dialog.getByLabel(/Contacts of a watcher/);
  await contacts.fill('two');
  await expect(dialog.getByRole('alert')).toHaveText('“two” is no number: a whole number from 1 to 40 is needed.');
  await expect(dialog.getByRole('button', { name: 'Count it' })).toBeDisabled();
  await contacts.fill('41');
  await expect(dialog.getByRole('alert')).toHaveText('41 is too large: a whole number from 1 to 40 is needed.');
  await expectAccessible(page);
  await contacts.fill('2');
  await dialog.getByLabel('Session', { exact: false }).fill('1');
  await expect(dialog).toContainText('These are numbers of your own.');
  await expect(nothing).toContainText('40');
  await dialog.getByRole('button', { name: 'Count it' }).click();
  await expect(nothing).toContainText('equals the formula', { timeout: 60_000 });

  // Too lively for the five seconds between NOTIFYs: the form says so in its own words, and what could be taken.
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByLabel(/Changes of each person/).fill('60');
  await expect(dialog.getByRole('alert')).toHaveText(
    /2 contacts who change 60 times an hour cannot be counted.* Take at most 45 changes per hour, or at most 1 contact\./,
  );
  await expect(dialog.getByRole('button', { name: 'Count it' })).toBeDisabled();
  const [button, head] = await Promise.all([
    dialog.getByRole('button', { name: 'Count it' }).boundingBox(),
    table.getByRole('columnheader', { name: 'Saving' }).boundingBox(),
  ]);
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(head?.y ?? 0);
  await expectAccessible(page);

  await dialog.getByRole('radio', { name: /S1/ }).check();
  await table.getByRole('button', { name: 'A list', exact: true }).click();
  await simulator.rest();
  expect(await simulator.link()).toContain('s=interdomain-traffic');
  await expect(page.getByText('The price of presence').first()).toBeVisible();
});

test('numbers that were typed are in the link; those that cannot be used stand in their field, and the link says so', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=publish&n=1&m=1;3;1;two;20000');
  const { dialog } = simulator;
  const contacts = dialog.getByLabel(/Contacts of a watcher/);
  await expect(contacts).toHaveValue('two');
  await expect(dialog.getByRole('alert')).toHaveText('“two” is no number: a whole number from 1 to 40 is needed.');
  await contacts.fill('3');
  await expect(dialog).toContainText('These are numbers of your own.');
  const link = () => page.evaluate(() => window.location.hash);
  await expect.poll(link).toContain(`m=${encodeURIComponent('1;3;1;3;20000')}`);
  const shared = await link();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect.poll(link).not.toContain('m=');
  const other = new SimulatorPage(await page.context().newPage());
  await other.open(shared);
  await expect(other.dialog.getByLabel(/Contacts of a watcher/)).toHaveValue('3');
  await expect(other.dialog.getByRole('alert')).toHaveCount(0);
});
