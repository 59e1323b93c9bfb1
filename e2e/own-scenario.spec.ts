/** A scenario file of somebody's own: opened, run, changed and saved as any other; what cannot be opened is said, and the run on the screen stays. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const MINE = {
  format: 1,
  id: 'publish',
  title: 'Mine: <b>a user</b> registers & publishes',
  summary: 'As small as can be.',
  until: 10,
  chapters: [
    { id: 'in', title: 'She comes', at: 0 },
    { id: 'state', title: 'She is there', at: 5 },
  ],
  timeline: [
    { at: 1, who: 'ue2', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'Here' } },
  ],
};

const bytesOf = (content: unknown): Buffer => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));

/** As somebody does who drags it from their desk. */
async function drop(page: Page, name: string, content: unknown): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], file, { type: 'application/json' }));
      return transfer;
    },
    [name, bytesOf(content).toString()] as const,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

test('it is opened in the list of scenarios, run as any other, saved, and is there after the page was loaded again', async ({ page, context }) => {
  const simulator = new SimulatorPage(page);
  const title = page.getByRole('heading', { level: 1 });
  await simulator.open('', { reducedMotion: 'reduce' });
  await simulator.press('s');
  await expectAccessible(page);
  const chooser = page.waitForEvent('filechooser');
  await simulator.dialog.getByRole('button', { name: /^Open a scenario file/ }).click();
  await (await chooser).setFiles({ name: 'mine.json', mimeType: 'application/json', buffer: bytesOf(MINE) });
  await expect(simulator.notice.first()).toContainText(
    '“mine.json” is opened: Mine: <b>a user</b> registers & publishes. No link holds a scenario of your own',
  );
  await simulator.rest();
  await expect(title).toContainText(MINE.title);
  await expect(simulator.timeline.getByRole('button', { name: 'She is there' })).toBeVisible();
  await simulator.press('ArrowRight', 2);
  await simulator.choose('What if', /Switch the presentity off/);
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  const hash = await simulator.hash();

  await simulator.button('Share').click();
  await expect(page.getByRole('alert')).toContainText('No link holds it: the scenario is your own file.');
  const saving = page.waitForEvent('download');
  await simulator.choose('Export', /^Run/);
  const download = await saving;
  expect(download.suggestedFilename()).toBe(`publish-seed-1-changed-${hash.slice(0, 8)}.run.json`);
  await simulator.press('s');
  await expect(simulator.dialog.getByRole('heading', { name: 'Your own files' })).toBeVisible();
  await expect(simulator.dialog.getByRole('button', { name: /mine\.json/ })).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Escape');

  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('c=');
  const address = await page.evaluate(() => window.location.hash);
  await page.reload();
  await simulator.rest();
  expect(await simulator.hash()).toBe(hash);

  // The address alone opens nothing else, although the catalog has a scenario of the same id; the saved run brings everything.
  const other = new SimulatorPage(await context.newPage());
  await other.open(address);
  await expect(other.page.getByRole('alert')).toContainText('a scenario file of somebody’s own, which no link holds');
  const again = other.page.waitForEvent('filechooser');
  await other.choose('Export', /^Open a saved run/);
  await (await again).setFiles(await download.path());
  await expect(other.page.getByRole('heading', { level: 1 })).toContainText(MINE.title);
  await other.rest();
  expect(await other.hash()).toBe(hash);
});

test('what cannot be opened is named with what is wrong and where, and the run on the screen stays', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  const hash = await simulator.hash();
  const alert = page.getByRole('alert');
  await drop(page, 'broken.json', '{ "format": 1,');
  await expect(alert).toContainText('“broken.json” cannot be opened. Not a valid scenario: not JSON');
  await drop(page, 'odd.json', { ...MINE, colour: '<img src=x onerror=alert(1)>' });
  await expect(alert).toContainText('“odd.json” cannot be opened. Not a valid scenario: at /colour: nothing is called "colour" there');
  await drop(page, 'who.json', { ...MINE, timeline: [{ at: 1, who: 'ue9', do: { kind: 'register' } }] });
  await expect(alert).toContainText('at /timeline/0/who: "ue9" is not allowed');
  await drop(page, 'large.json', { ...MINE, summary: 'x'.repeat(600_000) });
  await expect(alert).toContainText(/“large.json” cannot be opened. Not a valid scenario: the file has 600\D\d{3} characters/);
  await drop(
    page,
    'deep.json',
    `{"format":1,"id":"deep","title":"Deep","summary":"Deep","until":1,"timeline":[{"at":0,"who":"ue1","do":{"kind":"register","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}}]}`,
  );
  await expect(alert).toContainText('it is nested too deeply to be read');
  await simulator.rest();
  expect(await simulator.hash()).toBe(hash);
  await drop(page, 'mine.json', MINE);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(MINE.title);
});

test('one that runs away is given up with a sentence', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  const hash = await simulator.hash();
  const restless = {
    ...MINE,
    until: 2_000_000,
    timeline: [
      { at: 1, who: 'ue1', do: { kind: 'register' } },
      { at: 5, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 10 } },
    ],
  };
  await drop(page, 'restless.json', restless);
  await expect(page.getByRole('alert')).toContainText(/“restless.json” cannot be run. Too much happens: more than \d+ messages/, { timeout: 150_000 });
  await simulator.rest();
  expect(await simulator.hash()).toBe(hash);
});
