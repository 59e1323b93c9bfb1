/** What every journey builds on: a page that may make no noise on its console, and a judge of accessibility. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';

interface Fixtures {
  /** Everything that the console or an uncaught error said, as `type: text`. Checked to be empty when the test ends. */
  readonly noise: readonly string[];
}

export const test = base.extend<Fixtures>({
  noise: [
    async ({ page }, use) => {
      const noise: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') noise.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => noise.push(`uncaught: ${error.stack ?? error.message}`));
      page.on('requestfailed', (request) => noise.push(`failed request: ${request.url()} ${request.failure()?.errorText ?? ''}`));
      await use(noise);
      expect(noise, 'the console stays silent').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** How the person's machine is set. */
export interface Taste {
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

/** Waits until nothing is computed, moves or is asked for any more: what journeys do instead of waiting for a time. */
export async function whenIdle(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__simulator !== undefined);
  await page.evaluate(() => window.__simulator?.whenIdle());
}

/** Opens the page at rest, at `fragment` (with its `#`) where one is given. */
export async function openPage(page: Page, fragment = '', taste: Taste = {}): Promise<void> {
  await page.emulateMedia(taste);
  await page.goto(`./${fragment}`);
  await whenIdle(page);
}

/** Fails on what axe calls serious or critical; names the rule, the element and why. */
export async function expectAccessible(page: Page): Promise<void> {
  // What passes is not gathered, and the verdict is made in the page itself: both took longer than the looking.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    grave.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}\n${failureSummary ?? ''}`)),
    'axe finds nothing serious',
  ).toEqual([]);
}

/** Fails where something stands in no landmark, or where the page has no heading of its own. */
export async function expectLandmarks(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withRules(['region', 'page-has-heading-one']).analyze();
  expect(
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`)),
    'everything stands in a landmark, under a heading',
  ).toEqual([]);
}
