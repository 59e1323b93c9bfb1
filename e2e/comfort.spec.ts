/** Small comforts: narrow windows, chapters in which nothing is sent, links that ask for what is not there. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 360, height: 740 } });
  test('nothing makes the page scroll sideways', async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open();
    await simulator.press('ArrowRight', 3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await expectAccessible(page);
  });

  test('everything is reached by scrolling, and the map goes where the message is, large enough to be read', async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open('', { reducedMotion: 'reduce' });
    const world = page.getByRole('group', { name: 'Map of the networks' }).locator('> g');
    await expect(world).toHaveAttribute('transform', /scale\(1\)/);
    await simulator.press('ArrowRight', 3);
    await expect(world).toHaveAttribute('transform', /scale\((1\.[3-9]|[2-9])/);
    await simulator.press('Home');
    await expect(world).toHaveAttribute('transform', /scale\(1\)/);
    await page.mouse.move(180, 460);
    await page.mouse.wheel(0, 1500);
    await expect(page.getByRole('tab', { name: 'Message' })).toBeInViewport();
  });
});

test('who switches off is told to live on at the presence server, and a chapter in which nothing is sent says why', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight');
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  for (let i = 0; i < 12 && !((await simulator.sentence.textContent()) ?? '').includes('REGISTER'); i++) await simulator.press('ArrowRight');
  await expect(simulator.sentence).toContainText('the presence server keeps what was published');
  const chapter = simulator.timeline.getByRole('button', { name: 'Publish and notify' });
  await expect(chapter).toHaveAttribute('title', /^Nothing is sent in “Publish and notify”. UE#2: The UE is not registered/);
  await chapter.click();
  await expect(simulator.notice.first()).toContainText('Nothing is sent in “Publish and notify”.');
  await simulator.rest();
  await expect(simulator.next).toContainText('without a message – the UE is not registered');
});

test('a link that drops a message which this run does not have says so', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  const changes = encodeURIComponent(JSON.stringify([{ kind: 'drop', record: 99_999 }]));
  await simulator.open(`#v=1&e=0.1.0&s=fetch&n=1&c=${changes}`);
  await expect(page.getByRole('alert')).toContainText('No message of this run has the number 99999, so none is dropped.');
  await simulator.open('#v=1&e=0.1.0&s=fetch&n=4294967296');
  await expect(page.getByRole('alert')).toContainText('its seed is “4294967296”, but can only be a whole number from 0 to 4294967295');
});

test('everything is found by one field: a command, an entity, a scenario', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await page.keyboard.press('Control+k');
  const field = simulator.dialog.getByRole('combobox', { name: 'Command, entity or scenario' });
  await expect(field).toBeFocused();
  await expectAccessible(page);
  await field.fill('price of pres');
  await expect(simulator.dialog.getByRole('option', { selected: true })).toHaveText(/^The price of presence/);
  await field.fill('hss#2');
  await page.keyboard.press('Enter');
  await expect(simulator.dialog).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Entity' })).toHaveValue(/hss2/);
  await page.getByRole('button', { name: 'Find a command, an entity or a scenario' }).click();
  await field.fill('watcher asks once');
  await page.keyboard.press('Enter');
  await simulator.rest();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A watcher asks once');
});

test('whoever does something while it plays sees it play on', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 3);
  await page.keyboard.press(' ');
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await expect(simulator.notice.first()).toContainText('What was published stays at the presence server');
  await expect(simulator.button(/^Pause/)).toBeVisible();
  const { step } = await simulator.position();
  await expect.poll(async () => (await simulator.position()).step).toBeGreaterThan(step);
});

test('a line between panels: keys make them small, large and usual again, and so does a double click', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  const before = await simulator.position();
  for (const name of ['Width of the inspector', 'Height of the ladder']) {
    const line = page.getByRole('separator', { name });
    const usual = (await line.getAttribute('aria-valuenow')) ?? '';
    const [least, most] = [(await line.getAttribute('aria-valuemin')) ?? '', (await line.getAttribute('aria-valuemax')) ?? ''];
    await line.focus();
    for (const [key, size] of [
      ['End', most],
      ['Enter', usual],
      ['Home', least],
    ] as const) {
      await line.press(key);
      await expect(line).toHaveAttribute('aria-valuenow', size);
    }
    await line.dblclick();
    await expect(line).toHaveAttribute('aria-valuenow', usual);
  }
  // They are keys of the separator here, not of the story.
  expect(await simulator.position()).toEqual(before);
});

test('while it is presented, a notice covers nothing of the map', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  await simulator.press('ArrowRight');
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  await simulator.press('f');
  await expect(page.getByRole('banner')).toHaveCount(0);
  await simulator.timeline.getByRole('button', { name: 'Publish and notify' }).click();
  await expect(simulator.notice.first()).toContainText('Nothing is sent');
  const stage = page.getByRole('region', { name: 'Stage' });
  const box = await simulator.notice.first().boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(20);
  await expect.poll(async () => ((await stage.boundingBox())?.y ?? 0) - ((box?.y ?? 0) + (box?.height ?? 0))).toBeGreaterThanOrEqual(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await expect.poll(async () => (await stage.boundingBox())?.y).toBe(0);
});
