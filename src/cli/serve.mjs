/*
 * A static web server for the built page, on loopback only: `node src/cli/serve.mjs [folder] [--port N] [--under /path/]`.
 * Plain JavaScript without dependencies. Used by start.mjs and by the end-to-end tests, which serve the page from a sub-path.
 */
import { createReadStream, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** The policy that the build wrote into the page, and what only a header can say. */
function policyOf(folder) {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const written = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  return [...(written === undefined ? [] : [written.replaceAll('&#39;', "'")]), "frame-ancestors 'none'"].join('; ');
}

/** The file below `folder` that a request path means, or undefined: nothing outside the folder, by dots, escapes or links. */
export function fileFor(folder, path) {
  let name;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.includes('\\')) return undefined;
  try {
    let file = join(folder, name);
    if (statSync(file).isDirectory()) file = join(file, 'index.html');
    const real = realpathSync(file);
    return real.startsWith(realpathSync(folder) + sep) && statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Serves `folder` under the path `under` (with a slash at both ends) from 127.0.0.1, on the first free port from `port` on; port 0 leaves the choice to the system.
 * Gives the address of the page.
 */
export function serve(folder, port, under = '/') {
  const headers = {
    'Content-Security-Policy': policyOf(folder),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
  const server = createServer((request, response) => {
    const answer = (status, more, text) => response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', ...more }).end(text);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, { Allow: 'GET, HEAD' }, 'Only GET and HEAD.\n');
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    if (path === '/' && under !== '/') return answer(302, { Location: under }, '');
    const file = path.startsWith(under) ? fileFor(folder, path.slice(under.length - 1)) : undefined;
    if (file === undefined) return answer(404, {}, 'There is no such file.\n');
    response.writeHead(200, {
      ...headers,
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
      // Built assets carry a hash in their name.
      'Cache-Control': path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') return response.end();
    return createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  });
  return new Promise((done, failed) => {
    const last = port + 100;
    let tried = port;
    server.on('error', (error) => {
      if (error.code === 'EADDRINUSE' && tried < last) server.listen(++tried, '127.0.0.1');
      else failed(error);
    });
    server.on('listening', () => done(`http://127.0.0.1:${server.address().port}${under}`));
    server.listen(tried, '127.0.0.1');
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const option = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
  const folder = words[0] !== undefined && !words[0].startsWith('--') ? words[0] : 'dist';
  console.log(`Serving ${await serve(resolve(folder), Number(option('--port', '4173')), option('--under', '/'))}`);
}
