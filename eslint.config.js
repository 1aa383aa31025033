/** Lint: TypeScript and Svelte with types, and the direction in which folders may import. */
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const ROOT = dirname(fileURLToPath(import.meta.url));

/** Each folder of `src`, and what it may import besides itself. Arrows run one way: see src/README.md. */
const MAY_IMPORT = {
  'engine/archive': [],
  'engine/python': ['engine/archive'],
  'engine/java': ['engine/python'],
  'engine/image': ['engine/archive'],
  'engine/secrets': ['engine/archive', 'engine/python'],
  'engine/report': ['engine/archive', 'engine/image', 'engine/python', 'engine/secrets'],
  'engine/scan': [
    'engine/archive',
    'engine/image',
    'engine/python',
    'engine/java',
    'engine/secrets',
    'engine/report',
  ],
  workers: ['engine'],
  app: ['engine', 'workers'],
  ui: ['engine', 'app'],
  cli: ['engine'],
};

/** Packages that only one place may import. */
const PACKAGE_HOMES = {
  comlink: /^workers\//,
  svelte: /^(app|ui)\/|^main\.ts$/,
};

const direction = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(resolve(ROOT, 'src'), context.filename).replaceAll('\\', '/');
    const home = Object.keys(MAY_IMPORT).find((folder) => file.startsWith(`${folder}/`));
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || file.startsWith('..')) return;
      if (!source.startsWith('.')) {
        const owner = PACKAGE_HOMES[source.split('/')[0]];
        if (owner && !owner.test(file))
          context.report({ node, message: `${source} has its own place, and this is not it.` });
        return;
      }
      if (!home) return;
      const target = relative(
        resolve(ROOT, 'src'),
        resolve(dirname(context.filename), source),
      ).replaceAll('\\', '/');
      const allowed = [home, ...MAY_IMPORT[home]];
      if (!allowed.some((folder) => target.startsWith(`${folder}/`))) {
        context.report({
          node,
          message: `${home} may import ${allowed.join(', ')}; ${target} is none of them.`,
        });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'dist-cli/', 'node_modules/', 'public/', 'src/kernels/', 'test-results/'] },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'tests/run.mjs', 'src/cli/launch.mjs'] },
        tsconfigRootDir: ROOT,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { porthole: { rules: { direction } } },
    rules: {
      'porthole/direction': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      // Indexes are checked by the compiler; a cast after a bound that holds is clearer than a branch.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-control-regex': 'off',
      // Maps and addresses made inside a derivation or a function do not change after it.
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
