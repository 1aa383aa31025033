/** The kinds of files that images ship and do not need, told by their paths. */
import type { Severity } from '../secrets/finding.ts';
import { fileKind } from '../secrets/file-kind.ts';
import { escapePattern } from './dockerignore.ts';

/** A kind of file that images need not ship. */
export interface HygieneKind {
  id: string;
  title: string;
  severity: Severity;
  why: string;
  step: string;
}

/** How the files of a kind are told by their paths. */
export interface HygieneRow extends HygieneKind {
  test: RegExp;
  /** Those that count in an installed package too. */
  packages?: RegExp;
  /** The pattern that keeps a file out; none where it comes from a command and not from the context. */
  ignore?: (path: string) => string;
}

const below =
  (folder: RegExp) =>
  (path: string): string =>
    `**/${folder.exec(path)?.[2] ?? ''}`;
/** A file's name as a pattern that means just that. */
const named = (path: string): string =>
  `**/${escapePattern(path.slice(path.lastIndexOf('/') + 1))}`;
const suffix = (path: string): string => `**/*${/(~|\.\w+)$/.exec(path)?.[1] ?? ''}`;
const OUT = 'Add it to .dockerignore, and build from a clean checkout.';

const folder = (names: string): RegExp => new RegExp(`(^|/)(${names})/`);
const GIT = folder('\\.git|\\.hg|\\.svn');
const TESTS = folder('tests?|__tests__|spec|e2e|cypress');
const TEST_FILES = /(\.(test|spec)\.[cm]?[jt]sx?|_test\.(go|py)|_spec\.rb)$/;
const DUMPS =
  /(^|\/)([\w.-]*(dump|backup)[\w.-]*\.(sql|dump|tar|tgz|zip|db)(\.(gz|bz2|xz|zst))?|[\w.-]+\.sql\.(gz|bz2|xz|zst)|db\.sqlite3|core\.\d{1,7})$/;
const CACHES = folder(
  '\\.pytest_cache|\\.mypy_cache|\\.ruff_cache|\\.pytype|\\.tox|\\.nox|\\.hypothesis|\\.ipynb_checkpoints|\\.parcel-cache|\\.turbo|\\.terraform|\\.eggs|\\.gradle(?!/gradle\\.properties$)|\\.angular/cache|\\.vagrant|\\.sass-cache|node_modules/\\.cache|\\.next/cache|\\.cache',
);
const CACHE_FILES = /(^|\/)\.(eslintcache|stylelintcache|dmypy\.json)$|\.tsbuildinfo$/;
const COVERAGE = folder('htmlcov|\\.nyc_output|coverage/lcov-report');
const COVERAGE_FILES =
  /(^|\/)(\.coverage(\.[^/]+)?|coverage\.xml|lcov\.info|coverage\/(clover\.xml|coverage-(final|summary)\.json))$/;
const EDITORS = folder('\\.idea|\\.vscode|\\.vs|\\.github|\\.circleci|\\.devcontainer');
const PACKAGE_CACHES =
  /^(var\/lib\/apt\/lists|var\/cache\/(apt|apk|yum|dnf)|root\/\.cache|home\/[^/]+\/\.cache|root\/\.npm\/_cacache|usr\/local\/share\/\.cache|root\/\.m2\/repository|root\/\.cargo\/registry)\//;

/** All kinds; of two that a path has the first counts. */
export const HYGIENE_ROWS: readonly HygieneRow[] = [
  {
    id: 'hygiene-repository',
    title: 'Repository shipped with the image',
    severity: 'low',
    why: 'it holds every version of every file, deleted ones too',
    step: OUT,
    test: GIT,
    ignore: below(GIT),
  },
  {
    id: 'hygiene-env-file',
    title: 'Environment file shipped with the image',
    severity: 'low',
    why: 'environment files are where credentials are kept',
    step: `${OUT} Give the values to the container when it starts.`,
    test: /(^|\/)(\.env(\.(?!example|sample|template|dist|defaults?)[\w-]+)*|\.envrc|(?!example|sample|template|dist|defaults?)[\w-]+\.env)$/,
    ignore: named,
  },
  {
    id: 'hygiene-key-file',
    title: 'Key file shipped with the image',
    severity: 'low',
    why: 'its name says that it is a key or a store of keys',
    step: `${OUT} Mount keys when the container starts.`,
    test: /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(key|p12|pfx|jks|keystore|ppk|kdbx)|[^/]*(key|private)[^/]*\.pem)$/i,
    ignore: named,
  },
  {
    id: 'hygiene-credential-file',
    title: 'File of credentials shipped with the image',
    severity: 'low',
    why: 'programs keep their passwords and tokens in files of this name',
    step: `${OUT} Mount it as a secret of the build (RUN --mount=type=secret), or when the container starts.`,
    test: /(^|\/)(\.git-credentials|\.npmrc|[._]netrc|\.pypirc|\.pgpass|\.dockercfg|\.s3cfg|\.boto|\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\.gradle\/gradle\.properties|[\w.-]*\.tfvars(\.json)?|secrets?\.ya?ml)$/,
    ignore: (path) => {
      const [inFolder] = /\.(?:aws|kube|docker|gradle)\/[^/]+$/.exec(path) ?? [];
      return inFolder === undefined ? named(path) : `**/${inFolder}`;
    },
  },
  {
    id: 'hygiene-history-file',
    title: 'History of a shell or a database shipped with the image',
    severity: 'low',
    why: 'commands are kept in it with all that was typed',
    step: 'Delete it in the step that makes it.',
    test: /(^|\/)\.((bash|zsh|ash|sh|python|node_repl|psql|mysql|sqlite|rediscli|irb)_history|lesshst|viminfo)$/,
    ignore: named,
  },
  {
    id: 'hygiene-state-file',
    title: 'Infrastructure state shipped with the image',
    severity: 'low',
    why: 'Terraform writes credentials into its state in clear',
    step: OUT,
    test: /\.tfstate(\.backup)?$/,
    ignore: () => '**/*.tfstate*',
  },
  {
    id: 'hygiene-bytecode',
    title: 'Bytecode of the application shipped with the image',
    severity: 'info',
    why: 'it may be of another source than the one beside it, of which Python makes it anew',
    step: `${OUT} Set PYTHONDONTWRITEBYTECODE=1 for commands of the build.`,
    test: /(^|\/)__pycache__\/|\.py[co]$/,
    ignore: (path) => (/(^|\/)__pycache__\//.test(path) ? '**/__pycache__' : '**/*.py[co]'),
  },
  {
    id: 'hygiene-package-cache',
    title: "Package managers' caches shipped with the image",
    severity: 'info',
    why: 'what was downloaded to be installed is in the image a second time',
    step: 'Delete it in the same RUN that fills it, or mount a cache there (RUN --mount=type=cache).',
    test: PACKAGE_CACHES,
    packages: PACKAGE_CACHES,
  },
  {
    id: 'hygiene-cache',
    title: "Tools' caches shipped with the image",
    severity: 'info',
    why: 'tools make it anew',
    step: OUT,
    test: new RegExp(`${CACHES.source}|${CACHE_FILES.source}`),
    packages: folder('node_modules/\\.cache|\\.cache'),
    ignore: (path) => (CACHES.test(path) ? below(CACHES)(path) : named(path)),
  },
  {
    id: 'hygiene-coverage',
    title: 'Coverage reports shipped with the image',
    severity: 'info',
    why: 'they are made by tests, and hold the source a second time',
    step: OUT,
    test: new RegExp(`${COVERAGE.source}|${COVERAGE_FILES.source}`),
    ignore: (path) => (COVERAGE.test(path) ? below(COVERAGE)(path) : named(path)),
  },
  {
    id: 'hygiene-log',
    title: 'Logs shipped with the image',
    severity: 'info',
    why: 'they tell of the machine where the image was built, and may hold what was typed there',
    step: `${OUT} What a command of the build writes, delete in the same step.`,
    test: /\.log(\.\d{1,3})?(\.gz)?$/,
    ignore: (path) => (/\.log$/.test(path) ? '**/*.log' : '**/*.log.*'),
  },
  {
    id: 'hygiene-backup',
    title: 'Backup and temporary files shipped with the image',
    severity: 'info',
    why: 'editors and people leave such files behind',
    step: OUT,
    test: /(~|\.(bak|orig|rej|old|sw[a-p]|save))$|(^|\/)(\.DS_Store|Thumbs\.db|#[^/]+#)$/,
    ignore: (path) =>
      path.endsWith('#')
        ? '**/#*#'
        : /(\.DS_Store|Thumbs\.db)$/.test(path)
          ? named(path)
          : suffix(path),
  },
  {
    id: 'hygiene-dump',
    title: 'Dumps and databases of development shipped with the image',
    severity: 'info',
    why: 'they hold the data of people and machines that the application was made with',
    step: OUT,
    test: DUMPS,
    ignore: named,
  },
  {
    id: 'hygiene-tests',
    title: "The application's tests shipped with the image",
    severity: 'info',
    why: 'a running application does not need them, and their fixtures hold credentials',
    step: OUT,
    test: new RegExp(`${TESTS.source}|${TEST_FILES.source}`),
    ignore: (path) =>
      TESTS.test(path) ? below(TESTS)(path) : `**/*${TEST_FILES.exec(path)?.[0] ?? ''}`,
  },
  {
    id: 'hygiene-project-files',
    title: "The project's own tools shipped with the image",
    severity: 'info',
    why: 'they tell how it is built and by whom, and the application does not need them',
    step: OUT,
    test: new RegExp(
      `${EDITORS.source}|(^|/)(Dockerfile[^/]*|docker-compose[^/]*\\.ya?ml|compose\\.ya?ml|\\.dockerignore|\\.gitlab-ci\\.yml|\\.travis\\.yml|Jenkinsfile|bitbucket-pipelines\\.yml|azure-pipelines\\.yml)$`,
    ),
    ignore: (path) => (EDITORS.test(path) ? below(EDITORS)(path) : named(path)),
  },
];

/** What all rows have in common, in a file's folder or in its name: nearly every path is passed over by it. */
export const MAY_BE_NEEDLESS =
  /\.(git|hg|svn|env|key|p12|pfx|jks|keystore|ppk|kdbx|pem|tfstate|py[co]|bak|orig|rej|old|sw[a-p]|save|DS_Store|idea|vscode|vs|github|circleci|devcontainer|gitlab|travis|cache|dockerignore)|_history$|_cache|__|id_|tests?\/|spec\/|e2e\/|cypress\/|~$|Thumbs|ockerfile|compose|Jenkinsfile|cache|apt\/lists|htmlcov|coverage|lcov|\.log|#$|tsbuildinfo|\.(pytype|tox|nox|eggs|turbo|gradle|terraform|hypothesis|ipynb|parcel|nyc|sass|npm|m2|cargo|dmypy|angular|vagrant|netrc|pypirc|pgpass|dockercfg|s3cfg|boto|aws|kube|docker|lesshst|viminfo|sql)|_netrc|tfvars|secrets?\.ya?ml|dump|backup|core\.\d|[._](test|spec)\.|pipelines/i;

const PACKAGE_ROWS = HYGIENE_ROWS.filter(({ packages }) => packages);

/** The kind of needless file at a path; undefined where it is needed after all. */
export function needlessKind(path: string): HygieneRow | undefined {
  const { vendor, packaged } = fileKind(path);
  return vendor || packaged
    ? PACKAGE_ROWS.find((row) => row.test.test(path) && row.packages?.test(path))
    : HYGIENE_ROWS.find((row) => row.test.test(path));
}
