import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const ladder = (page: Page) => page.getByRole('region', { name: 'Ladder' });
const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' });
const current = (page: Page) => ladder(page).locator('[aria-current="step"]');

test('a reader follows the ladder by click and by arrow keys, and the inspector keeps up', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await expect(current(page)).toHaveCount(0);
  await ladder(page)
    .getByRole('row', { name: /^Step 2, SUBSCRIBE from P-CSCF#1 to S-CSCF#1/ })
    .click();
  await simulator.rest();
  await expect(current(page)).toHaveAttribute('aria-label', /^Step 2, /);
  await expect(inspector(page).getByRole('heading', { name: 'SUBSCRIBE' })).toBeVisible();

  await ladder(page).getByRole('grid').focus();
  await simulator.press('ArrowUp');
  expect((await simulator.position()).step).toBe(1);
  // Hidden DNS messages are passed over.
  await simulator.press('ArrowDown', 2);
  await expect(current(page)).toHaveAttribute('aria-label', /^Step \d+, SUBSCRIBE from S-CSCF#1 to I-CSCF#2/);
  await expect(current(page)).toBeInViewport();
});

test('a reader asks why a line is there, who removed another, and goes from hop to hop', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 2);
  const text = inspector(page).getByRole('list', { name: 'Text of the message' });
  const removed = text.getByRole('listitem').filter({ hasText: 'Security-Verify:' });
  await expect(removed).toContainText('Removed:');
  await removed.getByRole('button', { name: 'Why this Security-Verify?' }).click();
  await expect(removed).toContainText('Removed by P-CSCF#1.');
  await expect(removed).toContainText('RFC 3329');

  const event = text.getByRole('listitem').filter({ hasText: 'Event:' });
  await event.getByRole('button', { name: 'Why this Event?' }).click();
  await event.getByRole('button', { name: 'step 1' }).click();
  await simulator.rest();
  expect((await simulator.position()).step).toBe(1);
  await inspector(page).getByRole('button', { name: 'Next hop' }).click();
  await simulator.rest();
  expect((await simulator.position()).step).toBe(2);
  await inspector(page).getByRole('button', { name: 'Answer' }).click();
  await simulator.rest();
  await expect(inspector(page).getByRole('heading', { name: '200 OK (SUBSCRIBE)' })).toBeVisible();
});

test('a reader copies a message and a Wireshark filter', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight');
  await inspector(page).getByRole('button', { name: 'Copy the message' }).click();
  await expect(simulator.notice).toContainText('is copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^SUBSCRIBE sip:\S+ SIP\/2\.0\r?\nVia: /);
  await inspector(page).getByRole('button', { name: 'Copy a Wireshark filter' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('sip.Call-ID == "');
});

test('a reader filters, shows DNS, and unfolds the registrations', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const filter = ladder(page).getByRole('textbox', { name: /^Filter/ });
  await filter.fill('register ue#2');
  await expect(ladder(page).getByRole('row').first()).toBeVisible();
  await expect(ladder(page).getByRole('row', { name: /^Step P1, REGISTER from UE#2/ })).toBeVisible();
  await expect(ladder(page).getByRole('status')).toHaveText(/^\d+ messages$/);
  await filter.fill('nothing like this');
  await expect(ladder(page)).toContainText('No message has “nothing like this”');
  await filter.press('Escape');
  await expect(filter).toHaveValue('');

  await expect(ladder(page).getByRole('button', { name: 'DNS#1' })).toHaveCount(0);
  await ladder(page).getByRole('button', { name: 'DNS', exact: true }).click();
  await expect(ladder(page).getByRole('button', { name: 'DNS#1' })).toBeVisible();

  const fold = ladder(page).getByRole('button', { name: /^Registrations/ });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(ladder(page).getByRole('row', { name: /^Step P1, REGISTER/ })).toBeVisible();
});

test('a reader sees what an entity holds, its timers and its live state machines', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await inspector(page).getByRole('tab', { name: 'Entity' }).click();
  await expect(inspector(page)).toContainText('Choose an entity');
  await simulator.press('End');
  await ladder(page).getByRole('button', { name: 'PS', exact: true }).click();
  await simulator.rest();
  await expect(inspector(page)).toContainText('Publications');
  await expect(inspector(page)).toContainText('Publication expiry');
  await expect(inspector(page).getByRole('img', { name: /^publication \(compositor\): published/ })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`ladder and inspector are accessible (${colorScheme})`, async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open('', { colorScheme });
    await simulator.press('ArrowRight', 11);
    await inspector(page).getByRole('switch', { name: 'Explain all' }).check();
    await expectAccessible(page);
    await ladder(page).getByRole('button', { name: 'S-CSCF#2' }).click();
    await simulator.rest();
    await expectAccessible(page);
  });
}
