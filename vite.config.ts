import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Nothing but our own files runs or is fetched; Radix and cmdk inject styles; live networks are reached by WebSocket. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** By <meta>, so that it holds on any web server; in the build only, because the development server runs inline scripts. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY }, injectTo: 'head-prepend' }],
};

/** Parts of libraries that the page never uses, and what stands there instead: less to load, compressed, before the first picture. */
const UNUSED: readonly { readonly file: RegExp; readonly instead: string }[] = [
  {
    // d3-zoom can be asked for transitions; here animation is sampling (DESIGN.md section 4), so there is never one to interrupt.
    file: /node_modules[\\/]d3-transition[\\/]/,
    instead: `import { selection } from 'd3-selection';
      export const interrupt = () => undefined;
      selection.prototype.interrupt = function () { return this; };`,
  },
];

const withoutUnusedParts = (): Plugin => ({
  name: 'without-unused-parts',
  apply: 'build',
  enforce: 'pre',
  load: (id) => UNUSED.find(({ file }) => file.test(id))?.instead,
});

/** The files of tests that take longest begin first: else one of them, begun last, keeps one worker while the other has nothing to do. */
const LONGEST = [
  'testing/judges/captures.test.ts',
  'catalog/changes.test.ts',
  'scenario/price/price-run.test.ts',
  'catalog/one-to-one.test.ts',
  'catalog/chaos.test.ts',
  'catalog/catalog.test.ts',
  'scenario/hostile-network.test.ts',
  'catalog/determinism.test.ts',
  'cli/sim.test.ts',
  'catalog/hostile-documents.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((file) => moduleId.endsWith(`/src/${file}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  // Relative, so that any web server shows the built folder from any path.
  base: './',
  plugins: [react(), contentSecurityPolicy, withoutUnusedParts()],
  build: { target: 'baseline-widely-available', chunkSizeWarningLimit: 800 },
  worker: { format: 'es', plugins: () => [withoutUnusedParts()] },
  server: { host: '127.0.0.1' },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'threads',
    maxWorkers: 2,
    // Nothing of the house is kept between two runs, so nothing is to be kept apart: files share what a worker has loaded and compiled (a third less work).
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Patience for a machine that is busy with something else.
    testTimeout: 120_000,
  },
});
