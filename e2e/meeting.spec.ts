/** In a meeting: two hops are compared, the pair is shared, the way of a dialog is lit, an entity is made to fail. */
import { expect, expectAccessible, expectLandmarks, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('two hops are pinned and compared side by side, and a link leads to the pair', async ({ page, context }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  await simulator.press('ArrowRight', 3);
  await simulator.press('p');
  await simulator.press('ArrowRight', 4);
  const bar = page.getByRole('group', { name: 'Pinned message' });
  await expect(bar).toContainText('Pinned: step 7, SUBSCRIBE, S-CSCF#1 → I-CSCF#2');
  const other = new SimulatorPage(await context.newPage());
  await other.open(await simulator.link(), { reducedMotion: 'reduce' });
  await expect(other.page.getByRole('group', { name: 'Pinned message' })).toContainText('Pinned: step 7');
  await other.page.close();

  await page.bringToFront();
  await bar.getByRole('button', { name: 'Compare' }).click();
  const table = simulator.dialog.getByRole('table');
  await expect(table.getByRole('columnheader').first()).toContainText('S-CSCF#1 → I-CSCF#2');
  await expect(table.getByRole('columnheader').last()).toContainText('S-CSCF#2 → PS');
  await expect(simulator.dialog.getByRole('status')).toContainText(/lines are in the other one only/);
  const from = table.getByRole('row', { name: /^From: / });
  await expect(from).toBeVisible();
  await expectAccessible(page);
  await simulator.dialog.getByRole('switch', { name: 'Only what differs' }).check();
  await expect(from).toHaveCount(0);
  await expect(table.getByRole('row', { name: /Max-Forwards: 68.*Max-Forwards: 66/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await simulator.press('ArrowLeft', 4);
  await expect(bar).toHaveCount(0);
  await expect(simulator.button('Take the pin off')).toHaveAttribute('aria-pressed', 'true');
});

test('the way of the dialog is lit on the stage, and is another one under another policy', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=record-route-policy&n=1', { reducedMotion: 'reduce' });
  const stage = page.getByRole('region', { name: 'Stage' });
  const lit = stage.locator('[data-route="true"]');
  const route = stage.getByText(/of this subscription go/);
  await expect(lit).toHaveCount(0);
  await page.keyboard.press('End');
  await simulator.rest();
  await expect(route).toContainText('The last NOTIFY of this subscription goes PS, S-CSCF#1, P-CSCF#1, UE#1');
  const before = await lit.count();
  expect(before).toBeGreaterThan(2);
  await simulator.choose('What if', /Change the network/);
  await simulator.dialog.getByLabel('both', { exact: true }).check();
  await simulator.dialog.getByRole('button', { name: 'Compute' }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.press('End');
  await expect(route).toContainText('PS, S-CSCF#2, S-CSCF#1');
  expect(await lit.count()).toBeGreaterThan(before);
});

test('an entry is overloaded from its own panel, and can be relieved', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  await page
    .getByRole('region', { name: 'Stage' })
    .getByRole('button', { name: /^I-CSCF#2,/ })
    .click();
  const acts = page.getByRole('tabpanel', { name: 'Entity' }).getByRole('group', { name: 'What if' });
  await acts.getByRole('button', { name: /^Overload I-CSCF#2/ }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(page.getByRole('region', { name: 'Ladder' })).toContainText('503');
  await simulator.press('ArrowRight', 3);
  await expect(acts.getByRole('button', { name: 'Relieve I-CSCF#2' })).toBeVisible();
  await expectAccessible(page);
});

test('a trainer presents the map and its caption alone, steps by the keys of a remote, and has everything back', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await expectLandmarks(page);
  await simulator.press('f');
  await expectLandmarks(page);
  await expect(page.getByRole('banner')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Inspector' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Ladder' })).toHaveCount(0);
  await simulator.press('PageDown', 2);
  expect((await simulator.position()).step).toBe(2);
  // The menu of speeds gives the keys back.
  await page.getByRole('combobox').selectOption('0.5');
  await simulator.press('PageUp');
  await simulator.press('PageDown');
  expect((await simulator.position()).step).toBe(2);
  await expect(page.getByRole('combobox')).toHaveValue('0.5');
  const size = await simulator.sentence.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  expect(size).toBeGreaterThanOrEqual(20);
  await expectAccessible(page);
  const spotlight = page.getByTestId('spotlight');
  // It begins where the pointer is, and goes with it.
  await page.mouse.move(400, 250);
  await simulator.press('l');
  await expect(spotlight).toHaveAttribute('style', /--x: 400px; --y: 250px/);
  await page.mouse.move(300, 200);
  await expect(spotlight).toHaveAttribute('style', /--x: 300px; --y: 200px/);
  await simulator.press('l');
  await expect(spotlight).toHaveCount(0);
  // Blank, so that people look at who speaks; the same key or a click brings the story back.
  const blank = page.getByRole('button', { name: 'The screen is blank: show the story again' });
  await simulator.press('b');
  await expect(blank).toBeVisible();
  await expectAccessible(page);
  await simulator.press('b');
  await expect(blank).toHaveCount(0);
  await simulator.press('b');
  await blank.click();
  await expect(blank).toHaveCount(0);
  await page.getByRole('button', { name: 'Show everything again' }).click();
  await expect(page.getByRole('region', { name: 'Ladder' })).toBeVisible();
  expect((await simulator.position()).step).toBe(2);
  await simulator.press('b');
  await expect(blank).toHaveCount(0);
});

test('on a telephone held across, the map is presented from its top, however far the page was scrolled', async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 });
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await page.evaluate(() => window.scrollTo(0, 200));
  await simulator.press('f');
  await expect(page.getByRole('banner')).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => [window.scrollY, document.documentElement.scrollHeight - window.innerHeight])).toEqual([0, 0]);
});

test('on a telephone held across, what is said stays above what plays it, however much stands over the map', async ({ page }) => {
  await page.setViewportSize({ width: 667, height: 375 });
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  await simulator.press('ArrowRight');
  const edges = () => Promise.all([simulator.next.boundingBox(), simulator.timeline.boundingBox()]);
  const [next, timeline] = await edges();
  expect((next?.y ?? Infinity) + (next?.height ?? 0)).toBeLessThanOrEqual(timeline?.y ?? 0);
  expect((timeline?.y ?? 0) + (timeline?.height ?? 0)).toBeLessThanOrEqual(375);
  // Further down the ladder and the inspector have the window for themselves.
  await page.getByRole('tab', { name: 'Message' }).scrollIntoViewIfNeeded();
  await expect(simulator.timeline).not.toBeInViewport();
});
