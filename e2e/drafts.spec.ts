/** What was typed into a form is still there when somebody comes back, belongs to what it was typed for, and is given up when asked to. */
import { expect, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const BEGUN = 'What you had begun is still here.';

test('a message that was being edited, and a state that was being published', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const { dialog } = simulator;
  await simulator.press('ArrowRight', 2);
  await simulator.press('e');
  const hops = dialog.getByRole('textbox', { name: 'Value of Max-Forwards' });
  const sent = await hops.inputValue();
  await hops.fill('many');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  // Another message has nothing of it.
  await simulator.press('ArrowRight');
  await simulator.press('e');
  await expect(dialog.getByRole('button', { name: 'As it was sent' })).toBeDisabled();
  await expect(dialog).not.toContainText(BEGUN);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await simulator.press('ArrowLeft');
  await simulator.press('e');
  await expect(hops).toHaveValue('many');
  await expect(dialog).toContainText(BEGUN);
  await dialog.getByRole('button', { name: 'As it was sent' }).click();
  await expect(hops).toHaveValue(sent);
  await expect(dialog).not.toContainText(BEGUN);
  await page.keyboard.press('Escape');

  await simulator.choose('What if', /^Publish another state/);
  const words = dialog.getByLabel('In its own words');
  await words.fill('');
  await expect(dialog.getByRole('alert')).toContainText('A word is needed here');
  await expect(dialog.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
  await words.fill('Gone fishing');
  await page.keyboard.press('Escape');
  await simulator.choose('What if', /^Publish another state/);
  await expect(words).toHaveValue('Gone fishing');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  // It is done: the next one begins anew.
  await simulator.choose('What if', /^Publish another state/);
  await expect(words).toHaveValue('On the phone');
});

test('a message that was being edited is there after a reload', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 2);
  await simulator.press('e');
  const hops = simulator.dialog.getByRole('textbox', { name: 'Value of Max-Forwards' });
  await hops.fill('many');
  await page.keyboard.press('Escape');
  // The address follows the reader a little later, and leads back to this message.
  await expect.poll(() => page.url()).toContain('#');
  await page.reload();
  await simulator.rest();
  await expect.poll(async () => (await simulator.position()).step).toBe(2);
  await simulator.press('e');
  await expect(hops).toHaveValue('many');
  await expect(simulator.dialog).toContainText(BEGUN);
});

test('what cannot travel in a datagram is refused with its length, and stays', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 2);
  await simulator.press('e');
  const { dialog } = simulator;
  await dialog.getByRole('button', { name: 'Whole text' }).click();
  const text = dialog.getByRole('textbox', { name: 'Text of the message' });
  const long = `${await text.inputValue()}${'x'.repeat(70_000)}`;
  await text.fill(long);
  await expect(dialog.getByRole('alert')).toContainText(/a UDP datagram over IPv[46] holds 65\u202f5\d7 at most/);
  await expect(dialog.getByRole('button', { name: 'Let it travel like this' })).toBeDisabled();
  await expect(text).toHaveValue(long);
});
