/** The files of an application as careless people copy it into an image: a context with all that lies around. */

/** A file of the context, and the rule that it falls under; none where the application needs it. */
export interface ContextFile {
  path: string;
  rule?: string;
}

/** Every kind of file that need not be shipped, and beside each one that looks like it and is needed. */
export const CARELESS: readonly ContextFile[] = [
  ...below('hygiene-repository', [
    '.git/HEAD',
    '.git/objects/pack/pack-1.pack',
    'libs/inner/.git/config',
    '.svn/entries',
    '.hg/store/data',
  ]),
  ...below('hygiene-env-file', ['.env', '.env.production', 'service/.env.local']),
  ...below('hygiene-key-file', [
    'deploy/id_rsa',
    'certificates/server.key',
    'certificates/store.p12',
    'certificates/private.pem',
    'release.keystore',
  ]),
  ...below('hygiene-history-file', ['.bash_history', '.python_history']),
  ...below('hygiene-state-file', ['infra/terraform.tfstate', 'infra/terraform.tfstate.backup']),
  ...below('hygiene-bytecode', [
    'app/__pycache__/main.cpython-311.pyc',
    '__pycache__/settings.cpython-311.pyc',
    'app/old.pyc',
  ]),
  ...below('hygiene-cache', [
    '.pytest_cache/v/cache/lastfailed',
    '.mypy_cache/3.11/app.json',
    '.ruff_cache/0.1/1',
    '.cache/tool/data',
    'web/node_modules/.cache/babel-loader/1.json',
    'web/.next/cache/webpack/1.pack',
    '.tox/py311/log/1.log',
    'infra/.terraform/providers/registry.terraform.io/aws/provider',
    '.parcel-cache/data.mdb',
    'web/.eslintcache',
  ]),
  ...below('hygiene-coverage', [
    '.coverage',
    'coverage/lcov.info',
    'coverage.xml',
    'htmlcov/index.html',
  ]),
  ...below('hygiene-log', ['app.log', 'logs/2024-01-01.log', 'npm-debug.log', 'yarn-error.log.1']),
  ...below('hygiene-backup', [
    'settings.py.bak',
    'settings.py~',
    'app/.main.py.swp',
    'app/config.yaml.orig',
    '.DS_Store',
    'app/.DS_Store',
    'assets/Thumbs.db',
    'app/#main.py#',
  ]),
  ...below('hygiene-tests', [
    'tests/test_main.py',
    'web/src/__tests__/app.test.js',
    'cypress/e2e/login.cy.js',
    'spec/models/user_spec.rb',
  ]),
  ...below('hygiene-project-files', [
    '.idea/workspace.xml',
    '.vscode/settings.json',
    '.github/workflows/ci.yml',
    'docker-compose.yml',
    'docker-compose.override.yaml',
    'compose.yaml',
    '.gitlab-ci.yml',
    'service/Dockerfile.dev',
  ]),
  ...below(undefined, [
    'app/main.py',
    'app/environment.py',
    'app/contest/tests.py',
    'app/latest/index.html',
    'app/.env.example',
    'app/keys.py',
    'app/public.pem',
    'app/logs.py',
    'app/changelog',
    'app/catalog',
    'web/coverage.js',
    'web/node_modules/left-pad/index.js',
    'web/node_modules/left-pad/test/test.js',
    'web/node_modules/left-pad/tests/a b[1].js',
    'web/node_modules/left-pad/.github/workflows/ci.yml',
    'web/node_modules/left-pad/coverage/lcov.info',
    'web/node_modules/left-pad/notes.txt~',
    'vendor/golang/spec/spec.go',
    'web/.next/server/app.js',
    'cache/index.php',
    'requirements.txt',
    '.gitattributes.d/x',
  ]),
];

function below(rule: string | undefined, paths: readonly string[]): ContextFile[] {
  return paths.map((path) => (rule === undefined ? { path } : { path, rule }));
}
