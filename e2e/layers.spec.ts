/** Layers of the map: shown and hidden at the legend, kept on the device, and never shown by the ladder while the map hides them. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('a reader hides a layer at the legend, by pointer and by key, and finds it hidden again', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open();
  const stage = page.getByRole('region', { name: 'Stage' });
  const legend = stage.getByRole('group', { name: 'Layers of the map' });
  const names = legend.getByRole('button', { name: 'Layer DNS' });
  const diameter = legend.getByRole('button', { name: 'Layer Diameter' });
  const chips = page.getByRole('group', { name: 'Layers of the ladder' });
  await expect(legend.getByRole('button')).toHaveCount(2);
  await expect(stage.getByText('SEG')).toHaveCount(0);
  // Names are looked up in every story: they are shown where somebody wants them, or the story is about them.
  await expect(names).toHaveAttribute('aria-pressed', 'false');
  await expect(stage.getByRole('button', { name: /^DNS#1/ })).toHaveCount(0);

  await names.click();
  await expect(names).toHaveAttribute('aria-pressed', 'true');
  await expect(stage.getByRole('button', { name: /^DNS#1/ })).toBeVisible();
  await simulator.press('ArrowRight', 3);
  await expect(simulator.caption).toContainText('S-CSCF#1 asks DNS#1 for the NAPTR records of home2.net');
  await simulator.press('Home');
  await names.click();
  await expect(stage.getByRole('button', { name: /^DNS#1/ })).toHaveCount(0);
  await expect(stage.getByRole('button', { name: /^HSS#2/ })).toBeVisible();

  // What is hidden is not told: from the SUBSCRIBE of step 2 to the one that comes of the answers of the DNS.
  await simulator.press('ArrowRight', 2);
  await expect(simulator.next).toHaveText('Next: S-CSCF#1 forwards the SUBSCRIBE to I-CSCF#2.');
  await simulator.press('ArrowRight');
  await expect(simulator.caption).toContainText('Step 7 of');

  await diameter.focus();
  await page.keyboard.press('Enter');
  await expect(diameter).toHaveAttribute('aria-pressed', 'false');
  await expect(stage.getByRole('button', { name: /^HSS#2/ })).toHaveCount(0);
  await expect(stage.getByRole('button', { name: /^S-CSCF#2/ })).toBeVisible();
  await expect(chips.getByRole('button', { name: 'Cx' })).toHaveAttribute('aria-pressed', 'false');
  await expectAccessible(page);

  await page.reload();
  await simulator.rest();
  await expect(names).toHaveAttribute('aria-pressed', 'false');
  await expect(diameter).toHaveAttribute('aria-pressed', 'false');

  // To unfold a hidden layer in the ladder is to show it on the map.
  await chips.getByRole('button', { name: 'Cx' }).click();
  await expect(diameter).toHaveAttribute('aria-pressed', 'true');
  await expect(stage.getByRole('button', { name: /^HSS#2/ })).toBeVisible();
  await expect(names).toHaveAttribute('aria-pressed', 'false');
});

test('a story about names shows the DNS from the start', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=resolve-sip&n=1');
  const stage = page.getByRole('region', { name: 'Stage' });
  await expect(stage.getByRole('button', { name: 'Layer DNS' })).toHaveAttribute('aria-pressed', 'true');
  await expect(stage.getByRole('button', { name: /^DNS#1/ })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Layers of the ladder' }).getByRole('button', { name: 'DNS' })).toHaveAttribute('aria-pressed', 'true');
});
