/** What the page costs: script before the first picture, script per frame while playing, script per seek. Needs a build in dist and a Chromium. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium, type CDPSession, type Page } from '@playwright/test';

export interface PageFigures {
  /** Bytes of script, gzip, asked for before the network at rest is drawn. */
  readonly scriptBytes: number;
  /** And the engine in its worker, which is asked for after it. */
  readonly scriptWithEngine: number;
  /** Milliseconds of script per frame while the principal flow plays at speed 1. */
  readonly scriptPerFrame: number;
  readonly framesPerSecond: number;
  /** Milliseconds of script and of layout for one step there and back on the time line. */
  readonly scriptPerSeek: number;
  readonly layoutPerSeek: number;
}

const DEBIANS_CHROMIUM = '/usr/bin/chromium';
const SECONDS = 6;
const SEEKS = 40;

/** As text: tsx would put helpers of its own into a function. Counts animation frames for the whole time. */
const COUNT_FRAMES = `new Promise((resolve) => {
  let count = 0;
  const end = performance.now() + ${SECONDS * 1000};
  requestAnimationFrame(function tick(now) {
    count++;
    if (now < end) requestAnimationFrame(tick);
    else resolve(count);
  });
})`;

/** Scripts asked for before the mark that the stage sets with its first picture. */
const BEFORE_PICTURE = `(() => {
  const picture = performance.getEntriesByName('first picture')[0].startTime;
  return performance.getEntriesByType('resource').flatMap((entry) => (entry.startTime < picture && entry.name.endsWith('.js') ? [entry.name] : []));
})()`;

export async function measurePage(): Promise<PageFigures> {
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { server, address } = await startServer();
  const browser = await chromium.launch({
    ...(existsSync(DEBIANS_CHROMIUM) ? { executablePath: DEBIANS_CHROMIUM } : {}),
    args: ['--disable-gpu', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    return await measure(page, address);
  } finally {
    await browser.close();
    server.kill();
  }
}

async function startServer(): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const server = spawn(process.execPath, ['src/cli/serve.mjs', 'dist', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => reject(new Error('the static server did not start')));
    server.stdout.on('data', (chunk: Buffer) => {
      const found = /http:\/\/\S+/.exec(chunk.toString());
      if (found !== null) resolve(found[0]);
    });
  });
  return { server, address };
}

async function measure(page: Page, address: string): Promise<PageFigures> {
  const scripts: Promise<{ readonly url: string; readonly bytes: number }>[] = [];
  let counting = true;
  page.on('response', (response) => {
    const url = response.url();
    if (counting && /\.js($|\?)/.test(url)) scripts.push(response.body().then((body) => ({ url, bytes: gzipSync(body).length })));
  });
  await page.goto(address);
  await page.getByRole('button', { name: /^S-CSCF#1/ }).waitFor();
  await page.evaluate(() => window.__simulator?.whenIdle());
  counting = false;
  const early = await page.evaluate<string[]>(BEFORE_PICTURE);
  const sizes = await Promise.all(scripts);
  const sum = (wanted: (url: string) => boolean): number => sizes.reduce((bytes, one) => (wanted(one.url) ? bytes + one.bytes : bytes), 0);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await page.keyboard.press('Space');
  const before = await metricsOf(devtools);
  const frames = await page.evaluate<number>(COUNT_FRAMES);
  const after = await metricsOf(devtools);
  await page.keyboard.press('Space');
  await page.evaluate(() => window.__simulator?.whenIdle());
  const beforeSeeks = await metricsOf(devtools);
  for (let i = 0; i < SEEKS; i++) await page.keyboard.press(i % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  await page.evaluate(() => window.__simulator?.whenIdle());
  const afterSeeks = await metricsOf(devtools);
  const ms = (from: number, to: number, per: number): number => ((to - from) * 1000) / per;
  return {
    scriptBytes: sum((url) => early.includes(url)),
    scriptWithEngine: sum((url) => early.includes(url) || /\/worker-[^/]*$/.test(url)),
    scriptPerFrame: ms(before.script, after.script, frames),
    framesPerSecond: frames / SECONDS,
    scriptPerSeek: ms(beforeSeeks.script, afterSeeks.script, SEEKS),
    layoutPerSeek: ms(beforeSeeks.layout, afterSeeks.layout, SEEKS),
  };
}

async function metricsOf(devtools: CDPSession): Promise<{ readonly script: number; readonly layout: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { script: value('ScriptDuration'), layout: value('LayoutDuration') + value('RecalcStyleDuration') };
}
