/** Watching the story: playing, stepping, scrubbing, chapters, speed, keys. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { saidAgain, SimulatorPage } from './simulator-page.ts';

test('the page opens at rest, says what will be seen, and Space plays it', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A watcher subscribes across two networks');
  await expect(simulator.caption).toContainText('A watcher of home1.net, roaming in visited1.net');
  await expect(simulator.caption).toContainText('Next: UE#1 sends a SUBSCRIBE to P-CSCF#1.');
  expect((await simulator.position()).step).toBe(0);
  // Slowly, so that a busy machine does not miss a step.
  await page.getByLabel('Speed').selectOption('0.25×');
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('Space');
  await expect(simulator.button('Pause')).toBeVisible();
  await expect(simulator.caption).toContainText('Step 1 of');
  await expect(simulator.caption).toContainText('Step 2 of');
  await page.keyboard.press('Space');
  await expect(simulator.button('Play')).toBeVisible();
});

test('a story played at four times its pace comes to its end and can be played again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await page.getByLabel('Speed').selectOption('4×');
  await simulator.button('Play').click();
  await simulator.rest();
  const { step, of } = await simulator.position();
  expect(step).toBe(of);
  await expect(simulator.caption).toContainText('The story ends here.');
  await expect(simulator.button('One step forward')).toBeDisabled();
  await simulator.button('Play').click();
  await expect(simulator.caption).not.toContainText('The story ends here.');
  expect((await simulator.position()).step).toBeLessThan(of);
});

test('each step tells what is named before it, with its clause', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  // Without travel, because there are many.
  await simulator.open('', { reducedMotion: 'reduce' });
  const { of } = await simulator.position();
  let named = 'UE#1 sends a SUBSCRIBE to P-CSCF#1';
  // Steps of hidden layers are passed over.
  for (let step = 0; step < of;) {
    await simulator.press('ArrowRight');
    step = (await simulator.position()).step;
    await expect(simulator.caption).toContainText(`Step ${step} of ${of}`);
    await expect(simulator.sentence).toContainText(saidAgain(named));
    await expect(simulator.caption).not.toContainText('unchecked');
    named = /^Next: (.*)\.$/.exec(await simulator.next.innerText())?.[1] ?? '';
  }
  expect(named).toBe('');
});

test('keys of presenters and readers move through the story', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('PageDown', 2);
  await simulator.press('.');
  expect((await simulator.position()).step).toBe(7);
  await simulator.press('PageUp');
  expect((await simulator.position()).step).toBe(2);
  await simulator.press('End');
  const { step, of } = await simulator.position();
  expect(step).toBe(of);
  await simulator.press('Home');
  expect((await simulator.position()).step).toBe(0);
  await simulator.press(']');
  await expect(simulator.timeline.getByRole('button', { name: 'Publish and notify' })).toHaveAttribute('aria-current', 'step');
});

test('the scrubber follows the pointer and comes to rest on a step', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const box = await simulator.slider.boundingBox();
  if (box === null) throw new Error('The time line has no room.');
  const y = box.y + 10;
  await page.mouse.move(box.x + box.width * 0.2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.42, y, { steps: 8 });
  await expect(simulator.slider).toHaveAttribute('aria-valuetext', /Subscribe, step \d+/);
  await page.mouse.up();
  await simulator.rest();
  const { step } = await simulator.position();
  expect(step).toBeGreaterThan(5);
  await expect(simulator.caption).toContainText(`Step ${step} of`);
});

test('one click unfolds the prologue, and it can be walked', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.timeline.getByRole('button', { name: 'Registrations' }).click();
  await simulator.rest();
  await expect(simulator.caption).toContainText('Step P1 of');
  await expect(simulator.caption).toContainText('sends a REGISTER to P-CSCF');
  // The looking up of names (steps P2 and P3) is not told unless the reader asks for it.
  await simulator.press('ArrowRight');
  await expect(simulator.caption).toContainText('Step P4 of');
  await expect(simulator.caption).toContainText('forwards the REGISTER to I-CSCF');
  await simulator.press('0');
  expect((await simulator.position()).step).toBe(0);
});

test('with reduced motion, playing goes step by step', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  // At its own pace, at which every step stands longer than it takes to look again.
  await simulator.button('Play').click();
  await expect(simulator.caption).toContainText('Step 7 of');
  await simulator.button('Pause').click();
  await simulator.rest();
});

test('the shortcuts are listed, and the dialog gives the focus back', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await page.keyboard.press('?');
  await expect(simulator.dialog).toContainText('Play or pause');
  await expectAccessible(page);
  // While a dialog is open, keys belong to it.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(simulator.dialog).toBeHidden();
  expect((await simulator.position()).step).toBe(0);
});

test('the theme can be chosen and is kept', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { colorScheme: 'light' });
  await simulator.choose('Theme', 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expectAccessible(page);
  await page.reload();
  await simulator.rest();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('every control of the header is reached by the keyboard and shows where the focus is', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const names: string[] = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    names.push((await focused.getAttribute('aria-label')) ?? (await focused.innerText()));
    const shown = await focused.evaluate((element) => `${getComputedStyle(element).boxShadow} ${getComputedStyle(element).outlineStyle}`);
    expect(shown, `the focus is seen on “${names.at(-1) ?? ''}”`).not.toBe('none none');
  }
  expect(names.join(' ')).toMatch(/A watcher subscribes.*Stage 3.*What if.*Share.*Export.*Theme.*inspector.*Present.*Find/s);
});

test('a menu that was opened by the keyboard gives the focus back, and by the mouse leaves Space for playing', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.button('Export').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(simulator.button('Export')).toBeFocused();
  await simulator.button('Theme').click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect(page.getByRole('menu')).toBeHidden();
  await page.keyboard.press('Space');
  await expect(simulator.button('Pause')).toBeVisible();
  await page.keyboard.press('Space');
});
