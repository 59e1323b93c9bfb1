import { expect, expectAccessible, openPage, test } from './fixtures.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page opens from a sub-path, without noise, readable to everybody (${colorScheme})`, async ({ page }) => {
    await openPage(page, '', { colorScheme });
    await expect(page).toHaveTitle(/Presence Network Simulator/);
    await expect(page.locator('#root > *').first()).toBeVisible();
    await expectAccessible(page);
  });
}

test('the page allows no script but its own', async ({ page }) => {
  const response = await page.goto('./');
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self';");
  await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveAttribute('content', /script-src 'self';/);
});
