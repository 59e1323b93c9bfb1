/*
 * `npm start`: installs what is missing, builds, serves the page from this machine only, and opens it in the browser (`-- --no-open`: not).
 * Plain JavaScript without dependencies; the first lines run on any Node.
 */
import { spawn, spawnSync } from 'child_process';
import { join } from 'path';
import { requireNode, requirePackages, ROOT } from './setup.mjs';

requireNode();
requirePackages();

console.log('Building the page ...');
const build = spawnSync(process.execPath, [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (build.status !== 0) {
  console.error('The page could not be built: the lines above say why.');
  process.exit(1);
}

/** Asks the desktop to show `address`; where there is none, the printed address must do. */
function openBrowser(address) {
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay || process.env.CI || process.argv.includes('--no-open')) return;
  const command = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] || ['xdg-open'];
  const opener = spawn(command[0], command.slice(1).concat(address), { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}

import('./serve.mjs')
  .then((server) => server.serve(join(ROOT, 'dist'), 4173))
  .then((address) => {
    console.log('Presence Network Simulator: ' + address + '   (Ctrl-C ends it)');
    openBrowser(address);
  })
  .catch((error) => {
    console.error('The page could not be served: ' + error.message);
    process.exit(1);
  });
