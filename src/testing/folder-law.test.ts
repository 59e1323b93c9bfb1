/** The folder law can fail: forbidden imports planted in a folder of their own are all found, allowed ones pass, and so does the real tree. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Runs the law as `npm run law` does, on the `src` of `folder`. */
function violationsIn(folder: string): readonly Violation[] {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(process.execPath, [cruiser, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!run.stdout.startsWith('{')) throw new Error(run.stderr);
  const result = JSON.parse(run.stdout) as { summary: { violations: readonly Violation[] } };
  return result.summary.violations;
}

/** One forbidden import of a folder per row of the table. Nobody may import `bench`, which itself may import everything. */
const FORBIDDEN_FOLDER = {
  base: 'trace',
  protocol: 'presence',
  presence: 'ims',
  ims: 'sim',
  sim: 'protocol',
  trace: 'ims',
  check: 'sim',
  scenario: 'catalog',
  catalog: 'ims',
  session: 'ims',
  live: 'sim',
  host: 'session',
  cli: 'session',
  diagram: 'protocol',
  store: 'ims',
  ui: 'ims',
  app: 'bench',
  testing: 'store',
} as const;
const WITH_NODE = ['host', 'cli', 'testing'];

/** Planted file, its text, and whether the law must refuse it. */
const planted: { readonly file: string; readonly text: string; readonly refused: boolean }[] = [];
const plant = (file: string, text: string, refused: boolean) => planted.push({ file: `src/${file}`, text, refused });

for (const [folder, target] of Object.entries(FORBIDDEN_FOLDER)) {
  plant(`${folder}/by-value.ts`, `import { target } from '#${target}/target.ts';\nexport const x = target;`, true);
  plant(`${folder}/by-type.ts`, `import type { Target } from '#${target}/target.ts';\nexport type X = Target;`, true);
  plant(`${folder}/re-export.ts`, `export { target } from '#${target}/target.ts';`, true);
  plant(`${folder}/package.ts`, `import { thing } from 'unlisted-package';\nexport const x = thing;`, true);
  plant(`${folder}/node.ts`, `import { sep } from 'node:path';\nexport const x = sep;`, !WITH_NODE.includes(folder));
  if (folder !== 'base') plant(`${folder}/base.ts`, `import { target } from '#base/target.ts';\nexport const x = target;`, false);
}
plant('bench/everything.ts', `import { target } from '#ui/target.ts';\nimport { thing } from 'unlisted-package';\nexport const x = [target, thing];`, false);
plant('ui/scenario-by-value.ts', `import { target } from '#scenario/target.ts';\nexport const x = target;`, true);
plant('ui/scenario-by-type.ts', `import type { Target } from '#scenario/target.ts';\nexport type X = Target;`, false);
plant('ims/relative.ts', `import { target } from '../base/target.ts';\nexport const x = target;`, true);
plant('ims/own.ts', `import { target } from './target.ts';\nexport const x = target;`, false);
plant('ims/circle-a.ts', `import type { B } from './circle-z.ts';\nexport type A = B | 1;`, true);
// A circle is reported once, at the file that comes first.
planted.push({ file: 'src/ims/circle-z.ts', text: `import type { A } from './circle-a.ts';\nexport type B = A | 2;`, refused: false });
plant('ims/dynamic.ts', `export const x = () => import('#sim/target.ts');`, true);
plant('elsewhere/stray.ts', `import { target } from '#base/target.ts';\nexport const x = target;`, true);
plant('protocol/a.test.ts', `import { target } from '#scenario/target.ts';\nimport { it } from 'vitest';\nexport const x = [target, it];`, false);
plant('protocol/b.test.ts', `import { target } from '#ims/target.ts';\nexport const x = target;`, true);
plant('protocol/no-test.ts', `import { it } from 'vitest';\nexport const x = it;`, true);
plant('store/a.test.ts', `import { target } from '#testing/target.ts';\nexport const x = target;`, false);
plant('store/c.test.ts', `import { target } from '#check/target.ts';\nexport const x = target;`, true);
plant('store/no-test.ts', `import { target } from '#testing/target.ts';\nexport const x = target;`, true);
plant('app/vite-by-value.ts', `import { thing } from 'vite';\nexport const x = thing;`, true);
plant('app/vite-by-type.ts', `import type { Thing } from 'vite';\nexport type X = Thing;`, false);
plant('store/b.test.ts', `import { it } from 'vitest';\nexport const x = it;`, false);

describe('folder law', () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-law-'));
  let refusedFiles: ReadonlySet<string> = new Set();

  beforeAll(() => {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    };
    const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { imports: unknown };
    write('package.json', JSON.stringify({ name: 'planted', type: 'module', imports }));
    for (const name of ['unlisted-package', 'vite', 'vitest']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'exports.thing = exports.it = 1;');
    }
    for (const name of [...Object.keys(FORBIDDEN_FOLDER), 'bench']) write(`src/${name}/target.ts`, 'export const target = 1;\nexport type Target = 1;');
    for (const { file, text } of planted) write(file, text);
    refusedFiles = new Set(violationsIn(folder).map((violation) => violation.from));
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a row for every folder of src', () => {
    const readme = readFileSync(join(ROOT, 'src/README.md'), 'utf8');
    for (const name of [...Object.keys(FORBIDDEN_FOLDER), 'bench']) expect(readme).toContain(`| \`${name}\` |`);
  });

  it.each(planted.filter((entry) => entry.refused))('refuses $file', ({ file }) => {
    expect(refusedFiles).toContain(file);
  });

  it.each(planted.filter((entry) => !entry.refused))('allows $file', ({ file }) => {
    expect(refusedFiles).not.toContain(file);
  });

  it('is kept by the real tree', () => {
    expect(violationsIn(ROOT).map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 180_000);
});
