/** Changing the story, sharing it, taking it away as files. */
import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('another scenario is chosen from a list, with another seed', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.button(/choose another scenario/).click();
  await expect(simulator.dialog.getByRole('listitem').first()).toBeVisible();
  // As many as the catalog has, which grows.
  expect(await simulator.dialog.getByRole('listitem').count()).toBeGreaterThan(8);
  await expectAccessible(page);
  const seed = simulator.dialog.getByLabel('Seed');
  await seed.fill('x7');
  await expect(simulator.dialog).toContainText('A seed is a whole number');
  await expect(seed).toHaveValue('x7');
  await seed.fill('7');
  await simulator.dialog.getByRole('button', { name: /A watcher asks once/ }).click();
  await simulator.rest();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A watcher asks once');
  await expect(page.getByRole('banner')).toContainText('seed 7');
  expect((await simulator.position()).step).toBe(0);
});

test('the presentity publishes what a person types, and the network tells the watcher', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.timeline.getByRole('button', { name: 'Publish and notify' }).click();
  await simulator.press('ArrowRight', 12);
  await simulator.choose('What if', /Publish another state/);
  await expect(simulator.dialog).toBeVisible();
  await expectAccessible(page);
  await simulator.dialog.getByLabel('Closed: no').check();
  await simulator.dialog.getByLabel('In its own words').fill('Gone fishing');
  const before = await simulator.position();
  await simulator.dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(simulator.notice.first()).toContainText('UE#2 publishes “Gone fishing” after step');
  await simulator.rest();
  const after = await simulator.position();
  expect(after.step).toBe(before.step);
  expect(after.of).toBeGreaterThan(before.of);
  const text = await (await simulator.save('Ladder')).path().then((path) => readFile(path, 'utf8'));
  expect(text.match(/PUBLISH/g)?.length).toBeGreaterThan(6);
});

test('what is switched off answers no more, and the earlier run can be gone back to', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const original = await simulator.hash();
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  const changed = await simulator.hash();
  expect(changed).not.toBe(original);
  await simulator.choose(/Run 2 of 2/, /As the scenario has it/);
  await simulator.rest();
  expect(await simulator.hash()).toBe(original);
  await simulator.choose(/Run 1 of 2/, /UE#2 switches off/);
  await simulator.rest();
  expect(await simulator.hash()).toBe(changed);
  await simulator.press('Control+z');
  expect(await simulator.hash()).toBe(original);

  // What was taken back as a whole comes back as a whole.
  await simulator.choose(/Run 1 of 2/, /UE#2 switches off/);
  await simulator.choose('What if', 'Take back all changes');
  await simulator.rest();
  expect(await simulator.hash()).toBe(original);
  await simulator.press('Control+z');
  expect(await simulator.hash()).toBe(changed);
});

test('what an operator stops stands on the map as down until it is brought back, and the header says what was changed', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 2);
  await simulator.button(/^PS, home2\.net/).click();
  await simulator.choose('What if', 'Stop PS');
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.press('ArrowRight');
  await expect(simulator.button(/^PS, home2\.net, presence server, down$/)).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Changed: PS stopped' })).toBeVisible();
  await expectAccessible(page);
  await simulator.choose('What if', 'Bring PS back');
  await expect(simulator.button(/Run 3/)).toBeVisible();
  await simulator.press('ArrowRight');
  await expect(simulator.button(/^PS, home2\.net, presence server$/)).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Changed: 2 changes' })).toBeVisible();
});

test('a dropped message is sent again by its sender', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight');
  await simulator.choose('What if', /Drop this message/);
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  await expect(simulator.caption).toContainText('but it was dropped here');
  await simulator.press('ArrowRight');
  await expect(simulator.caption).toContainText('UE#1 sends the SUBSCRIBE to P-CSCF#1 again');
});

test('the watcher unsubscribes and subscribes again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.timeline.getByRole('button', { name: 'Publish and notify' }).click();
  await simulator.rest();
  await simulator.choose('What if', 'Unsubscribe the watcher');
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  // Only when the last NOTIFY has come has it ended.
  await simulator.timeline.getByRole('button', { name: 'Unsubscribe' }).click();
  await simulator.rest();
  await simulator.choose('What if', /^Subscribe the watcher/);
  await expect(simulator.button(/Run 3 of 3/)).toBeVisible();
  await simulator.rest();
  const text = await (await simulator.save('Ladder')).path().then((path) => readFile(path, 'utf8'));
  expect(text).toContain('NOTIFY');
});

test('another network tells another story, from its beginning', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 4);
  await simulator.choose('What if', /Change the network/);
  await expect(simulator.dialog).toBeVisible();
  await expectAccessible(page);
  await simulator.dialog.getByLabel('blocks them', { exact: true }).check();
  await simulator.dialog.getByRole('button', { name: 'Compute' }).click();
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  expect((await simulator.position()).step).toBe(0);
  const text = await (await simulator.save('Ladder')).path().then((path) => readFile(path, 'utf8'));
  expect(text).toContain('403');
});

test('a link leads another page to the same run and moment', async ({ page, context }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 5);
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await simulator.button('Share').click();
  await expect(simulator.notice.first()).toContainText('The link to this moment is copied');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const other = new SimulatorPage(await context.newPage());
  await other.page.goto(address);
  await other.rest();
  expect(await other.hash()).toBe(await simulator.hash());
  expect(await other.position()).toEqual(await simulator.position());
  await expect(other.notice).toHaveCount(0);
  await expect(other.page.getByRole('banner')).toContainText('UE#2 switched off');
});

test('a bad link and one of another run say so', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=9');
  await expect(page.getByRole('alert')).toContainText('The link is of form 9; this page reads form 1.');
  expect(await simulator.hash()).toMatch(/^[0-9a-f]{64}$/);
  await simulator.button('Close this notice').click();
  const outdated = (await simulator.link()).replace(/h=[0-9a-f]+/, 'h=000000000000');
  await page.goto(`./${outdated}`);
  await expect(page.getByRole('alert')).toContainText('another run than the one that was shared');
});

test('the run is saved as capture, ladder, diagrams and trace', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const read = async (file: string): Promise<Buffer> => readFile(await (await simulator.save(file)).path());
  const capture = await read('Capture');
  expect(capture.readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect((await read('Ladder')).toString('utf8')).toContain('SUBSCRIBE');
  expect((await read('Mermaid')).toString('utf8')).toMatch(/^sequenceDiagram$[^]*->>p\d+: 1 · SUBSCRIBE$/m);
  expect((await read('PlantUML')).toString('utf8')).toMatch(/^@startuml\n[^]* : 1 · SUBSCRIBE\n[^]*@enduml\n$/);
  const trace = JSON.parse((await read('Trace')).toString('utf8')) as { readonly hash: string; readonly scenario: string };
  expect(trace).toMatchObject({ hash: await simulator.hash(), scenario: 'subscribe-across-networks' });
});
