/*
 * What has to be in place before anything else runs: a Node that our tools take, and the packages of the lock file.
 * Plain JavaScript without dependencies, in the words of an old Node, so that even that one can say what it lacks.
 */
import { spawnSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Ends the process with one sentence unless this Node is ^20.19, ^22.13 or >=24. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24) return;
  console.error('This needs Node 20.19 or later, 22.13 or later, or 24 or later, but this is Node ' + process.versions.node + ': see https://nodejs.org.');
  process.exit(1);
}

/** The packages of a lock file by folder, or none where there is no such file. */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Whether node_modules holds what the lock file says; packages for other platforms may be absent. */
function isInstalled() {
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const present = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.keys(wanted).every(
    (folder) => folder === '' || (present[folder] === undefined ? wanted[folder].optional === true : present[folder].version === wanted[folder].version),
  );
}

/** Runs npm with `words`; true when it went well. */
export function npm(words) {
  const cli = process.env.npm_execpath;
  const run = cli
    ? spawnSync(process.execPath, [cli].concat(words), { cwd: ROOT, stdio: 'inherit' })
    : spawnSync('npm', words, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  return run.status === 0;
}

/** Installs the packages of the lock file when they are missing or others; ends the process when that fails. */
export function requirePackages() {
  if (isInstalled()) return;
  console.log('Installing the packages of package-lock.json ...');
  if (npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])) return;
  console.error('The packages could not be installed: `npm ci` says above why.');
  process.exit(1);
}
