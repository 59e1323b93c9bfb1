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

test('what loads before the first picture stays small: the page, and the engine in its worker (kB compressed)', async ({ page }) => {
  const sizes: Promise<{ readonly part: 'page' | 'engine'; readonly bytes: number }>[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith('.js')) return;
    sizes.push(response.body().then((body) => ({ part: pathname.includes('/worker-') ? 'engine' : 'page', bytes: gzipSync(body).length })));
  });
  await openPage(page);
  const total = { page: 0, engine: 0 };
  for (const { part, bytes } of await Promise.all(sizes)) total[part] += bytes;
  expect(total.page).toBeGreaterThan(0);
  expect(total.engine).toBeGreaterThan(0);
  // Together at most 250 kB is what `npm run bench` holds them against; each may not grow unnoticed.
  expect(total.page).toBeLessThanOrEqual(150_000);
  expect(total.engine).toBeLessThanOrEqual(140_000);
});
