import { gzipSync } from 'node:zlib';
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

test('script before the first picture is at most 250 kB compressed, the engine in its worker included', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await openPage(page);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(250_000);
});
