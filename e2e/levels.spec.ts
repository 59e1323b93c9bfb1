/** Stage 2, stage 3 and the reference architecture: the same run at the same moment, told at another level. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { saidAgain, SimulatorPage } from './simulator-page.ts';

const level = (page: Page, name: string) => page.getByRole('radiogroup', { name: 'Level' }).getByRole('radio', { name });
const stage = (page: Page) => page.getByRole('region', { name: 'Stage' });
const ladder = (page: Page) => page.getByRole('region', { name: 'Ladder' });
const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' });

test('a learner switches to stage 2 and back: the moment stays, the words change', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await expect(level(page, 'Stage 3')).toBeChecked();
  await simulator.press('ArrowRight', 3);
  await expect(simulator.sentence).toContainText('S-CSCF#1 forwards the SUBSCRIBE to I-CSCF#2');
  await level(page, 'Stage 2').click();
  await expect(level(page, 'Stage 2')).toBeChecked();
  await simulator.rest();
  await expect(simulator.sentence).toContainText('The Watcher Presence Proxy forwards the SubscribePres to the Presentity Presence Proxy');
  await expect(stage(page).getByRole('group', { name: 'Map of the functions' })).toBeVisible();
  await expect(stage(page).getByRole('button', { name: /^S-CSCF#1, Watcher Presence Proxy/ })).toBeVisible();
  await expect(ladder(page).getByRole('row', { name: /^Step 2, SubscribePres \(for 7 200 s\) from WPP to PPP/ })).toHaveAttribute('aria-current', 'step');
  await expect(ladder(page).getByText('PUA', { exact: true })).toBeVisible();

  await simulator.press('ArrowRight');
  await expect(simulator.sentence).toContainText('The Presentity Presence Proxy asks the HSS with a Query');
  await simulator.press('v');
  await expect(level(page, 'Stage 3')).toBeChecked();
  await expect(simulator.sentence).toContainText('I-CSCF#2 asks HSS#2 with an LIR');
});

test('stage 2 plays to its end, arrow by arrow, and each is named before', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('', { reducedMotion: 'reduce' });
  await simulator.press('v');
  await expect(simulator.caption).toContainText('28 steps');
  let named = 'the Watcher application sends a SubscribePres (for 7 200 s) to the Watcher Presence Proxy';
  for (let step = 1; step <= 28; step++) {
    await simulator.press('ArrowRight');
    await expect(simulator.caption).toContainText(`Step ${step} of 28`);
    expect((await simulator.sentence.innerText()).toLowerCase()).toContain(saidAgain(named).toLowerCase());
    named = /^Next: (.*)\.$/.exec(await simulator.next.innerText())?.[1] ?? '';
  }
  expect(named).toBe('');
  await simulator.press('Home');
  await page.getByLabel('Speed').selectOption('0.25×');
  await simulator.button('Play').click();
  // Not waiting for rest: it plays on.
  await page.keyboard.press('v');
  await expect(level(page, 'Stage 3')).toBeChecked();
  await expect(simulator.button('Pause')).toBeVisible();
});

test('an arrow lists the transmissions that it stands for, and shows the text of each', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('v');
  await simulator.press('ArrowRight', 2);
  const list = inspector(page).getByRole('region', { name: 'What it stands for' });
  await expect(list).toContainText('It stands for 2 transmissions:');
  await expect(list.getByRole('button', { name: /SUBSCRIBE S-CSCF#1 → I-CSCF#2/ })).toHaveAttribute('aria-pressed', 'true');
  await list.getByRole('button', { name: /SUBSCRIBE P-CSCF#1 → S-CSCF#1/ }).click();
  await expect(inspector(page).getByRole('heading', { name: 'SUBSCRIBE', exact: true })).toBeVisible();
  await expect(inspector(page)).toContainText('Step 2 · at');
  expect((await simulator.position()).step).toBe(2);
  await inspector(page).getByRole('button', { name: 'Answer' }).click();
  await simulator.rest();
  await expect(inspector(page).getByRole('heading', { name: 'MsgAck', exact: true })).toBeVisible();
  await stage(page)
    .getByRole('button', { name: /^UE#1, Watcher application/ })
    .click();
  await expect(inspector(page).getByRole('combobox', { name: 'Entity' })).toHaveValue('ue1');
  await simulator.press('v');
  await expect(level(page, 'Stage 3')).toBeChecked();
  await expect(inspector(page).getByRole('combobox', { name: 'Entity' })).toHaveValue('ue1');
});

test('the reference architecture names what is there, by what, and what is missing', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('a');
  await expect(level(page, 'Architecture')).toBeChecked();
  await expect(stage(page).getByRole('group', { name: 'Reference architecture of this network' })).toBeVisible();
  const table = page.getByRole('region', { name: 'Reference points' }).getByRole('table');
  await expect(table.getByRole('row', { name: /^Pw Watcher application/ })).toContainText('by Gm, Mw, ISC');
  await expect(table.getByRole('row', { name: /^Px/ })).toContainText('by Cx');
  await expect(table.getByRole('row', { name: /^Pen/ })).toContainText('No Presence Network Agent stands in this network.');
  await simulator.press('ArrowRight', 3);
  await expect(table.getByRole('row', { name: /^Px/ })).toHaveAttribute('aria-current', 'true');
  await expectAccessible(page);
});

test('a link leads to the level as well', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('v');
  await simulator.press('ArrowRight', 5);
  const sentence = await simulator.sentence.innerText();
  const link = await simulator.link();
  expect(link).toContain('l=stage2');
  await page.goto('about:blank');
  await simulator.open(link);
  await expect(level(page, 'Stage 2')).toBeChecked();
  await expect(simulator.sentence).toHaveText(sentence);
});

test('the switch is a radio group for the keyboard, and a run without stage-2 messages says so', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=registration&n=1');
  await level(page, 'Stage 3').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(level(page, 'Stage 2')).toBeChecked();
  await expect(level(page, 'Stage 2')).toBeFocused();
  await expect(simulator.caption).toContainText('Nothing of this run has a name at stage 2');
  await page.keyboard.press('ArrowLeft');
  await expect(level(page, 'Architecture')).toBeChecked();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`stage 2 is accessible (${colorScheme})`, async ({ page }) => {
    const simulator = new SimulatorPage(page);
    await simulator.open('', { colorScheme, reducedMotion: 'reduce' });
    await simulator.press('v');
    await simulator.press('ArrowRight', 9);
    await expectAccessible(page);
  });
}
