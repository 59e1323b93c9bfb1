import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium where there is one; elsewhere the one that `npx playwright install chromium` brought. */
const DEBIANS_CHROMIUM = '/usr/bin/chromium';
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // As root, in containers and in CI, Chromium's own sandbox cannot start.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The static server says on its first line which port it got; Playwright puts that into the environment of the workers. */
const port = process.env['PAGE_PORT'] ?? '0';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  retries: 0,
  workers: 2,
  // Patience for a machine that is busy with something else; what is right comes at once on one that is not.
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [['line'], ...(process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] === undefined ? [] : [['json'] as const])],
  use: {
    browserName: 'chromium',
    // From a sub-path, because any web server may show the page from one.
    baseURL: `http://127.0.0.1:${port}/lab/`,
    viewport: { width: 1280, height: 720 },
    // Without a film of every test, which took a third of the time: the last picture of one that failed, and what the page held at each step.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true },
    screenshot: 'only-on-failure',
    launchOptions: { args, ...(existsSync(DEBIANS_CHROMIUM) ? { executablePath: DEBIANS_CHROMIUM } : {}) },
  },
  webServer: {
    command: 'node src/cli/serve.mjs dist --port 0 --under /lab/',
    wait: { stdout: /Serving http:\/\/127\.0\.0\.1:(?<page_port>\d+)/ },
  },
});
