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

// The first picture is the network at rest: the engine is asked for after it, and does not count here. `npm run bench` counts it.
test('script asked for before the network at rest is drawn is at most 250 kB compressed, the engine not counted', async ({ page }) => {
  await openPage(page);
  const before = await page.evaluate(() => {
    const picture = performance.getEntriesByName('first picture')[0]?.startTime ?? 0;
    return performance.getEntriesByType('resource').flatMap((entry) => (entry.startTime < picture && entry.name.endsWith('.js') ? [entry.name] : []));
  });
  expect(before.length).toBeGreaterThan(1);
  let bytes = 0;
  for (const url of before) bytes += gzipSync(await (await page.request.get(url)).body()).length;
  expect(bytes).toBeLessThanOrEqual(250_000);
});
