/*
 * `npm test`: sets up what is missing, then asks every judge, whatever the ones before it said, and ends with `N passed, N failed`.
 * Types, lint, folder law, formatting and the build count as one test each; unit and end-to-end tests are counted one by one.
 * In CI (CI=true) nothing may be left out; elsewhere the lines before the last one name what was, and how to get it.
 */
import { spawn, spawnSync } from 'child_process';
import * as fs from 'fs';
import { delimiter, join } from 'path';
import { npm, requireNode, requirePackages, ROOT } from './setup.mjs';

requireNode();
requirePackages();

const IN_CI = process.env.CI === 'true';
const REPORTS = join(ROOT, '.cache', 'test');
fs.rmSync(REPORTS, { recursive: true, force: true });
fs.mkdirSync(REPORTS, { recursive: true });

const total = { passed: 0, failed: 0 };
const failures = [];
const leftOut = [];

function fail(sentence) {
  total.failed++;
  failures.push(sentence);
}

/** Runs the script of one of our packages on this Node, its words passed on as they come. */
function tool(script, words, env = {}) {
  return spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...words], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
}

/** A judge that says yes or no: one test. Its words are shown only when it says no. Resolves to whether it said yes. */
function judge(title, script, words) {
  const began = Date.now();
  const run = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...words], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve) => {
    run.on('error', (error) => (said += error.message));
    run.on('close', (status) => {
      console.log(`${status === 0 ? 'passed' : 'FAILED'}  ${title} (${Math.round((Date.now() - began) / 1000)} s)`);
      if (status === 0) total.passed++;
      else {
        console.log(said);
        fail(title);
      }
      resolve(status === 0);
    });
  });
}

/** Adds the counts of a suite that reports them; `skipped` tests count as failed in CI. A suite that says no without naming a test counts as one failure. */
function count(title, run, { passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${title}: ${failed} of ${passed + failed}`);
  else if (run.status !== 0) fail(`${title} ended with an error: its own lines above say which`);
  else if (passed === 0) fail(`${title}: no test ran`);
  if (skipped > 0 && IN_CI) fail(`${title}: ${skipped} skipped, and CI may skip none`);
  else if (skipped > 0) leftOut.push(`${skipped} of the ${title}`);
}

const readReport = (name) => (fs.existsSync(join(REPORTS, name)) ? JSON.parse(fs.readFileSync(join(REPORTS, name), 'utf8')) : undefined);

function isOnPath(program) {
  return (process.env.PATH || '').split(delimiter).some((folder) => {
    try {
      fs.accessSync(join(folder, program), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Judges that npm does not bring. */
for (const [program, debian, elsewhere] of [
  ['tshark', 'tshark', 'Wireshark from https://www.wireshark.org'],
  ['xmllint', 'libxml2-utils', 'libxml2'],
]) {
  if (isOnPath(program)) continue;
  const sentence = `${program} is missing, so nothing was judged by it: apt-get install ${debian}, or ${elsewhere}`;
  if (IN_CI) fail(sentence);
  else leftOut.push(sentence);
}

if (!fs.existsSync(join(ROOT, '..', 'shared', 'schemas'))) {
  const sentence = 'the published schemas are not at ../shared/schemas, so no document was validated: put them there (RFC 3863, 4479, 4480, 3680; TS 29.228)';
  if (IN_CI) fail(sentence);
  else leftOut.push(sentence);
}

console.log('Types, lint, law, formatting, build');
// Each keeps one core busy: two at a time.
const [built] = await Promise.all([
  judge('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json'])
    .then(() => judge('types of the core (no DOM, no Node)', 'typescript/bin/tsc', ['-p', 'tsconfig.core.json']))
    .then(() => judge('formatting', 'prettier/bin/prettier.cjs', ['--check', '**/*.{ts,tsx,js,mjs,cjs,css,html,json}']))
    .then(() => judge('production build', 'vite/bin/vite.js', ['build', '--logLevel', 'warn'])),
  judge('lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']).then(() =>
    judge('folder law', 'dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', 'src']),
  ),
]);

console.log('\nUnit tests');
const unit = tool('vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(REPORTS, 'unit.json')}`]);
const units = readReport('unit.json');
if (units === undefined) fail('unit tests: they did not run');
else {
  // A file that could not be loaded has no test of its own: it counts as one failure.
  const unloaded = units.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  count('unit tests', unit, { passed: units.numPassedTests, failed: units.numFailedTests + unloaded, skipped: units.numPendingTests + units.numTodoTests });
}

console.log('\nThe page');

/** A browser for the end-to-end tests: Debian's where that is the way, Playwright's elsewhere. */
function hasBrowser() {
  if (fs.existsSync('/usr/bin/chromium')) return true;
  const isRoot = process.getuid !== undefined && process.getuid() === 0;
  if (isRoot && isOnPath('apt-get')) {
    console.log('Installing chromium ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (words) => spawnSync('apt-get', ['-q', '-y', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
    if (apt(['update']) && apt(['install', '--no-install-recommends', 'chromium']) && fs.existsSync('/usr/bin/chromium')) return true;
  }
  return npm(['exec', '--', 'playwright', 'install', 'chromium']);
}

if (!built) fail('end-to-end tests: there is no page to test');
else if (!hasBrowser()) fail('end-to-end tests: no browser could be installed; put Chromium at /usr/bin/chromium, or run: npx playwright install chromium');
else {
  const run = tool('@playwright/test/cli.js', ['test'], { PLAYWRIGHT_JSON_OUTPUT_NAME: join(REPORTS, 'e2e.json') });
  const report = readReport('e2e.json');
  if (report === undefined) fail('end-to-end tests: they did not run');
  else count('end-to-end tests', run, { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky, skipped: report.stats.skipped });
}

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `- ${line}`).join('\n')}`);
if (leftOut.length > 0) console.log(`\nLeft out:\n${leftOut.map((line) => `- ${line}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
