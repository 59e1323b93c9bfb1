/** A person edits a message in flight; the network answers by itself. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' });

/** Stands at the SUBSCRIBE on its way to the I-CSCF of the presentity. */
async function atTheBorder(page: Page, taste: { readonly colorScheme?: 'light' | 'dark' } = {}): Promise<SimulatorPage> {
  const simulator = new SimulatorPage(page);
  await simulator.open('', taste);
  await page
    .getByRole('region', { name: 'Ladder' })
    .getByRole('row', { name: /SUBSCRIBE from S-CSCF#1 to I-CSCF#2/ })
    .first()
    .click();
  await simulator.rest();
  return simulator;
}

test('a value is changed in flight: 483 and its reason, undo, link, command line', async ({ page, context }) => {
  const simulator = await atTheBorder(page);
  const original = await simulator.hash();
  await inspector(page).getByRole('button', { name: 'Edit this message in flight' }).click();
  const hops = simulator.dialog.getByRole('textbox', { name: 'Value of Max-Forwards' });
  await hops.fill('0');
  await expect(simulator.dialog.getByRole('region', { name: 'What changes' })).toContainText('Max-Forwards');
  await expect(simulator.dialog.getByRole('region', { name: 'What is odd' })).toContainText('the next proxy may not pass it on');
  await expectAccessible(page);
  await simulator.dialog.getByRole('button', { name: 'Let it travel like this' }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(simulator.caption).toContainText('a person changes it on the way: it arrives with Max-Forwards 0');
  await expect(inspector(page)).toContainText('Edited in flight, as you wished');
  await inspector(page).getByRole('button', { name: 'Why this Max-Forwards?' }).click();
  await expect(inspector(page)).toContainText('Changed by a person.');
  const changed = await simulator.hash();
  expect(changed).not.toBe(original);
  await simulator.press('ArrowRight');
  await expect(simulator.caption).toContainText('483 (Too Many Hops)');

  const link = await simulator.link();
  const other = new SimulatorPage(await context.newPage());
  await other.open(link);
  expect(await other.hash()).toBe(changed);
  const changes = new URLSearchParams(link.slice(1)).get('c') ?? '';
  const { stdout } = await promisify(execFile)(
    'npm',
    ['run', '--silent', 'sim', '--', 'run', 'subscribe-across-networks', '--changes', changes, '--format', 'json'],
    { maxBuffer: 2 ** 28 },
  );
  expect((JSON.parse(stdout) as { readonly hash: string }).hash).toBe(changed);

  await page.bringToFront();
  await simulator.press('Control+z');
  expect(await simulator.hash()).toBe(original);
});

test('a header field is taken out, put back, taken out again; the criteria then lead to the UE, which refuses', async ({ page }) => {
  const simulator = await atTheBorder(page);
  await simulator.press('e');
  await simulator.dialog.getByRole('button', { name: 'Take Event out' }).click();
  await expect(simulator.dialog.getByRole('region', { name: 'What is odd' })).toContainText('without Event');
  await simulator.dialog.getByRole('button', { name: 'Put Event back' }).click();
  await expect(simulator.dialog.getByRole('button', { name: 'Let it travel like this' })).toBeDisabled();
  await simulator.dialog.getByRole('button', { name: 'Event: weather' }).click();
  await simulator.dialog.getByRole('button', { name: 'Let it travel like this' }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(page.getByRole('region', { name: 'Ladder' })).toContainText('405');
});

test('the whole text can be rewritten, and what cannot be computed stays beside the error', async ({ page }) => {
  const simulator = await atTheBorder(page);
  await simulator.press('e');
  await simulator.dialog.getByRole('button', { name: 'Whole text' }).click();
  const text = simulator.dialog.getByRole('textbox', { name: 'Text of the message' });
  await text.fill('nonsense');
  await expect(simulator.dialog.getByRole('region', { name: 'What is odd' })).toContainText('dropped in silence');
  await simulator.dialog.getByRole('button', { name: 'As it was sent' }).click();
  await expect(text).toHaveValue(/^SUBSCRIBE sip:/);
  await text.fill('nonsense');
  await simulator.dialog.getByRole('button', { name: 'Let it travel like this' }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(simulator.caption).toContainText('a person changes it on the way: it arrives as another text.');

  // Bytes of another protocol: what is no hexadecimal digit is told, and stays.
  await simulator.press('Control+z');
  await page
    .getByRole('region', { name: 'Ladder' })
    .getByRole('row', { name: /LIR from I-CSCF#2/ })
    .first()
    .click();
  await simulator.rest();
  await simulator.press('e');
  const bytes = simulator.dialog.getByRole('textbox', { name: /hexadecimal/ });
  await bytes.fill('01 0');
  await expect(simulator.dialog).toContainText('These are not pairs of hexadecimal digits.');
  await expect(bytes).toHaveValue('01 0');
  await expect(simulator.dialog.getByRole('button', { name: 'Let it travel like this' })).toBeDisabled();
});

test('a datagram is late, and another comes twice', async ({ page }) => {
  const simulator = await atTheBorder(page);
  await simulator.choose('What if', /^Delay this message/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(inspector(page)).toContainText('Held up on the way');
  await simulator.press('Control+z');
  await simulator.choose('What if', /^Duplicate this message/);
  await expect(simulator.button(/Run 3 of 3/)).toBeVisible();
  await simulator.rest();
  await expect(inspector(page)).toContainText('It arrives twice.');
});

test('the editor is accessible in the dark too', async ({ page }) => {
  const simulator = await atTheBorder(page, { colorScheme: 'dark' });
  await simulator.press('e');
  await simulator.dialog.getByRole('button', { name: 'No Max-Forwards' }).click();
  await expectAccessible(page);
});
