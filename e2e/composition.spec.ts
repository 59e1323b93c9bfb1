/** What a presence server makes of several publications, and its policy changed by a form. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('the operator reads what lost and why, and changes the policy from the page', async ({ page }) => {
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=composition&n=1');
  await simulator.timeline.getByRole('button', { name: 'Gone from the IMS, and then switched off' }).click();
  await simulator.press('ArrowRight', 2);
  await page.getByRole('tab', { name: 'Entity' }).click();
  await page.getByRole('combobox', { name: 'Entity' }).selectOption({ label: 'PS' });
  await simulator.rest();
  const composition = page.getByRole('region', { name: 'Composition', exact: true });
  await expect(composition.getByRole('listitem').filter({ hasText: 'service service-ua' })).toContainText('#3 (the user)');
  await composition.getByText('As published: #3 (the user)').click();
  await expect(composition).toContainText('<presence');
  const policy = page.getByRole('region', { name: 'Composition policy' });
  await expect(policy).toContainText('What is not understood');
  await policy.getByRole('button', { name: 'Change the policy' }).click();
  await policy.getByRole('button', { name: 'Close' }).click();
  await simulator.choose('What if', /^Change the policy of PS/);
  const apply = policy.getByRole('button', { name: 'Compose by this policy' });
  await expect(apply).toBeDisabled();
  // The form is where one can write at once, and its head says whose it is.
  await expect(policy.getByLabel('Who counts most')).toBeFocused();
  await expect(policy.getByRole('heading', { name: 'The policy of PS' })).toBeInViewport();
  await policy.getByLabel(/What agents outside say/).fill('soon');
  await expect(policy.getByRole('alert')).toContainText('Whole seconds');
  await expect(policy.getByLabel(/What agents outside say/)).toHaveValue('soon');
  // What was typed is there when somebody has looked at something else, and nothing of it at another moment's form once it is given up.
  await page.getByRole('tab', { name: 'Message' }).click();
  await page.getByRole('tab', { name: 'Entity' }).click();
  await expect(policy.getByLabel(/What agents outside say/)).toHaveValue('soon');
  await expect(policy.getByRole('note')).toContainText('What you had begun is still here.');
  await policy.getByRole('button', { name: 'As it stands' }).click();
  await expect(policy.getByLabel(/What agents outside say/)).toHaveValue('');
  await policy.getByLabel(/What agents outside say/).fill('soon');
  await policy.getByRole('button', { name: 'Close' }).click();
  await policy.getByRole('button', { name: 'Change the policy' }).click();
  await expect(policy.getByLabel(/What agents outside say/)).toHaveValue('soon');
  await policy.getByLabel(/What agents outside say/).fill('');
  await policy.getByLabel('Of those that are the same').selectOption({ label: 'All are told, and the watcher judges' });
  await expectAccessible(page);
  const before = await simulator.hash();
  await apply.click();
  await expect(simulator.notice.first()).toContainText('PS composes by another policy');
  await simulator.rest();
  expect(await simulator.hash()).not.toBe(before);
  await simulator.press('ArrowRight');
  await expect(policy).toContainText('all are told, and the watcher judges');
});
