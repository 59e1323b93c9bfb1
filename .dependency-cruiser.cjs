/** The folder law: the tables of src/README.md ("Who may import what") turned into rules of dependency-cruiser. Whatever a row does not allow is an error. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const TEST_FILE = '\\.test\\.tsx?$';
/** A package's folder, or the beginning of it where the name ends in `*`. */
const packagePath = (name) => (name.endsWith('*') ? name.slice(0, -1) : `${name}/`).replaceAll('.', '\\.');

/** Rows of all tables: cells of text. */
const rows = readFileSync(join(__dirname, 'src/README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|\s*-/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
const names = (cell) => [...cell.matchAll(/`([^`]+)`( \(types\))?/g)].map(([, name, types]) => ({ name, typesOnly: types !== undefined }));

const law = rows
  .filter((cells) => cells.length === 3 && cells[0] !== 'folder')
  .map(([folder, , allowed]) => ({ folder: folder.replaceAll('`', ''), allowed: names(allowed) }));
const folders = law.map((row) => row.folder);
const [forAllTests, forTestsBelowStore] = rows.filter((cells) => cells.length === 2 && cells[0] !== 'tests').map(([, allowed]) => names(allowed));
if (law.length === 0 || forAllTests === undefined || forTestsBelowStore === undefined || !folders.includes('store')) {
  throw new Error('src/README.md has lost its import tables');
}

/** The rule that forbids, to the files that `from` describes, everything but `allowed` and the folder itself. */
function allowList(name, folder, from, allowed) {
  const pathOf = (name) => (folders.includes(name) ? `src/${name}/` : `node_modules/(@types/)?${packagePath(name)}`);
  const open = [`src/${folder}/`, ...allowed.filter((entry) => entry.name !== 'node').map((entry) => pathOf(entry.name))];
  const rules = [
    {
      name,
      severity: 'error',
      comment: 'src/README.md: this folder may not import that.',
      from,
      to: {
        couldNotResolve: false,
        pathNot: `^(${open.join('|')})`,
        ...(allowed.some((entry) => entry.name === 'node') ? { dependencyTypesNot: ['core'] } : {}),
      },
    },
  ];
  const typesOnly = allowed.filter((entry) => entry.typesOnly).map((entry) => pathOf(entry.name));
  if (typesOnly.length > 0) {
    rules.push({
      name: `${name}-types-only`,
      severity: 'error',
      comment: 'src/README.md: only `import type` may cross here.',
      from,
      to: { path: `^(${typesOnly.join('|')})`, dependencyTypesNot: ['type-only', 'triple-slash-type-reference'] },
    });
  }
  return rules;
}

const rules = law
  .filter((row) => !row.allowed.some((entry) => entry.name === 'everything'))
  .flatMap(({ folder, allowed }) => {
    const belowStore = folders.indexOf(folder) < folders.indexOf('store');
    const inTests = [...allowed, ...forAllTests, ...(belowStore ? forTestsBelowStore : [])];
    return [
      ...allowList(`law-${folder}`, folder, { path: `^src/${folder}/`, pathNot: TEST_FILE }, allowed),
      ...allowList(`law-${folder}-tests`, folder, { path: `^src/${folder}/.*${TEST_FILE}` }, inTests),
    ];
  });

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'Files never import in a circle, not even for types.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-folder-outside-the-map',
      severity: 'error',
      comment: 'Every folder of src has a row in src/README.md.',
      from: { path: '^src/', pathNot: `^src/(${folders.join('|')})/` },
      to: {},
    },
    {
      name: 'across-folders-by-name',
      severity: 'error',
      comment: 'Other folders are imported by #folder/file.ts.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'What is imported exists.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
