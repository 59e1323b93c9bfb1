import { defineConfig } from 'eslint/config';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The folders that are compiled without the DOM library and must give the same result in every engine (DESIGN.md section 2). */
const CORE = '{base,protocol,presence,ims,sim,trace,check,scenario,catalog}';
const TESTS = ['src/**/*.test.{ts,tsx}', 'src/testing/**/*.ts'];

const forbid = (selector, message) => ({ selector, message });

/** Ways to write that are closed everywhere. */
const EVERYWHERE = [
  forbid(
    ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression) > Literal.source[value=/^(#|\\.)/]:not([value=/\\.(ts|tsx|mjs|css|svg|png|json|woff2)(\\?[a-z]+)?$/])',
    'An import of ours names the file with its extension: #folder/file.ts or ./file.ts.',
  ),
  forbid('ExportAllDeclaration', 'No barrels: import from the file that declares the thing.'),
];
const NO_DEFAULT_EXPORT = forbid(
  ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
  'No default exports: only catalog/*/scenario.ts and configuration files have one.',
);

/** Ways to write that make a run depend on the clock, the engine or the language of the machine. */
const NOT_IN_CORE = [
  forbid('NewExpression[callee.name="Date"][arguments.length=0]', 'No ambient time in the core: the moment is handed in.'),
  forbid('CallExpression[callee.name="Date"]', 'No ambient time in the core: the moment is handed in.'),
  forbid(
    'BinaryExpression[operator="**"]:not([left.type="Literal"][right.type="Literal"])',
    'Powers differ between engines: use integer arithmetic (and literals only with **).',
  ),
  forbid('AssignmentExpression[operator="**="]', 'Powers differ between engines: use integer arithmetic.'),
  forbid(
    'MemberExpression[property.name=/^(localeCompare|toLocaleString|toLocaleDateString|toLocaleTimeString|toLocaleLowerCase|toLocaleUpperCase)$/]',
    'The core does not depend on the language of the machine.',
  ),
];

/** Functions of Math that the language leaves to the engine; the others are exact. */
const INEXACT_MATH = 'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh'.split(' ');
const AMBIENT = (
  'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask requestAnimationFrame cancelAnimationFrame ' +
  'performance process console crypto fetch navigator location localStorage window document globalThis self Intl Buffer URL URLSearchParams TextEncoder TextDecoder'
).split(' ');

export default defineConfig(
  { ignores: ['dist', 'node_modules', '.cache', 'test-results', 'playwright-report', 'public'] },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-debugger': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'eslint-disable'], location: 'start' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: false }],
      'no-restricted-syntax': ['error', ...EVERYWHERE, NO_DEFAULT_EXPORT],
    },
  },
  {
    files: [`src/${CORE}/**/*.ts`],
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', ...EVERYWHERE, NO_DEFAULT_EXPORT, ...NOT_IN_CORE],
      'no-restricted-globals': [
        'error',
        ...AMBIENT.map((name) => ({ name, message: 'The core knows no surroundings: no clock, no timers, no DOM, no Node.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'No ambient time in the core: the moment is handed in.' },
        { object: 'Math', property: 'random', message: 'Chance is handed in: take it from a Chance.' },
        ...INEXACT_MATH.map((property) => ({ object: 'Math', property, message: 'Engines differ in its last digits: use integer arithmetic.' })),
      ],
    },
  },
  {
    // The two encoders that every engine has are declared there and nowhere else.
    files: ['src/base/utf8.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['src/catalog/**/scenario.ts'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ...NOT_IN_CORE] },
  },
  {
    files: ['*.{js,ts,cjs}'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE] },
  },
  {
    files: ['src/{ui,app,store,diagram}/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'react-hooks/static-components': 'error',
      'react-hooks/set-state-in-render': 'error',
      'react-hooks/purity': 'error',
      'react-hooks/globals': 'error',
      'react-hooks/use-memo': 'error',
      'react-hooks/error-boundaries': 'error',
    },
  },
  {
    // A test may say `!` where a missing value should break it.
    files: TESTS,
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
