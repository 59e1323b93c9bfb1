/** A run that no link holds: that is said, the browser keeps it over a reload, a file takes it elsewhere, and whoever has the address alone is told. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('a run that is too long for a link is there after a reload, is saved as a file and opened from it', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=authorize-xcap&n=1');
  const { dialog } = simulator;
  await simulator.timeline.getByRole('button', { name: 'The presentity allows it' }).click();
  await simulator.rest();
  await simulator.choose('What if', /Change the rules of UE#2/);
  const text = dialog.getByLabel('Text of the document');
  await expect(text).toHaveValue(/ruleset/);
  await text.fill(`<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><!-- ${'<>'.repeat(60_000)} --></ruleset>`);
  await dialog.getByRole('button', { name: 'Send it all the same' }).click();
  await expect(page.getByRole('alert')).toContainText('No link holds it: it is too long.');
  await simulator.rest();
  await expectAccessible(page);
  const hash = await simulator.hash();
  const save = page.waitForEvent('download');
  await page.getByRole('alert').getByRole('button', { name: 'Save the run' }).click();
  const download = await save;
  expect(download.suggestedFilename()).toBe(`authorize-xcap-seed-1-changed-${hash.slice(0, 8)}.run.json`);
  const file = await download.path();

  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('o=1');
  await page.reload();
  await simulator.rest();
  expect(await simulator.hash()).toBe(hash);
  await simulator.button('Share').click();
  await expect(page.getByRole('alert')).toContainText('No link holds it: it is too long.');

  // The address alone brings the scenario, and says what is missing; the file brings the run.
  const address = await page.evaluate(() => window.location.hash);
  const other = new SimulatorPage(await page.context().newPage());
  await other.open(address);
  await expect(other.page.getByRole('alert')).toContainText('too long for a link and was kept only by the page that made it');
  expect(await other.hash()).not.toBe(hash);
  const chooser = other.page.waitForEvent('filechooser');
  await other.choose('Export', /^Open a saved run/);
  await (await chooser).setFiles(file);
  await expect(other.notice.first()).toContainText('is opened');
  await other.rest();
  expect(await other.hash()).toBe(hash);
});
