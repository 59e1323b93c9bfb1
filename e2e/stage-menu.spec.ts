/** What can be done to a link or an entity is offered where it is pointed at: by a click, the right mouse button or the keyboard. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('any link is cut where it lies, shows its cross at every level, and is mended again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight', 2);
  const link = page.getByRole('button', { name: /^Link I-CSCF#2 to HSS#2, Cx/ });
  // A quarter of its way, clear of the link that crosses it in the middle.
  const { width, height } = (await link.boundingBox()) ?? { width: 0, height: 0 };
  await link.click({ position: { x: width * 0.25, y: height * 0.75 } });
  await expect(page.getByRole('menu')).toContainText('after step');
  await expectAccessible(page);
  await page.getByRole('menuitem', { name: 'Cut the link between I-CSCF#2 and HSS#2' }).click();
  await expect(simulator.button(/Run 2/)).toBeVisible();
  await simulator.rest();
  await expect(page.getByRole('button', { name: 'Link I-CSCF#2 to HSS#2, Cx, cut' })).toHaveCount(1);
  await page.getByRole('radio', { name: 'Stage 2' }).click();
  await simulator.rest();
  const line = page.getByRole('button', { name: /^Link HSS to Presentity Presence Proxy, .*1 of 2 cut$/ });
  await expect(line).toHaveCount(1);
  await page.getByRole('radio', { name: 'Architecture' }).click();
  await simulator.rest();
  await line.press('Enter');
  await page.getByRole('menuitem', { name: 'Repair the link between I-CSCF#2 and HSS#2' }).click();
  await expect(simulator.button(/Run 3/)).toBeVisible();
  await expect(line).toHaveCount(0);
});

test('the keyboard goes from link to link and opens the menu of one, which may also lose or delay', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.press('ArrowRight');
  const links = page.getByRole('group', { name: 'Links' }).getByRole('button');
  await links.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  const before = await simulator.position();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Let it lose a third of its packets' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(links.nth(1)).toBeFocused();
  expect(await simulator.position()).toEqual(before);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Let everything on it come 1 second late' }).click();
  await expect(page.getByRole('banner').getByRole('button', { name: /^Changed: .*1 s late$/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Link .*, 1 s late$/ })).toHaveCount(1);
});

test('an entity offers what can be done to it at the right mouse button, and by the handle of the chosen one', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  await simulator.button(/^UE#2, /).click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Switch the presentity off (deregister)' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /battery out/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await simulator.button(/^PS, home2\.net/).click();
  await simulator.button('What can be done to PS').click();
  await page.getByRole('menuitem', { name: 'Stop PS' }).click();
  await expect(simulator.button(/^PS, home2\.net, presence server, down$/)).toBeVisible();
});
