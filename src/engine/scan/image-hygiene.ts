/**
 * What an image ships that it does not need to: repositories, environment files, bytecode, tests, caches;
 * and the `.dockerignore` that would have kept out exactly those that a COPY or ADD brought.
 */
import { EntryKind } from '../archive/tar.ts';
import { baseLayers } from '../image/base-layers.ts';
import { nameBytesOf } from '../image/entry-table.ts';
import type { Image, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import type { Severity } from '../secrets/finding.ts';
import { fileKind, type FileKind } from '../secrets/file-kind.ts';
import type { LayerScan } from './scan-layer.ts';

/** A file that was not needed. */
export interface NeedlessFile {
  /** Layer's index, and row in its table. */
  layer: number;
  row: number;
  path: string;
  /** Bytes. */
  size: number;
}

/** All of one kind. */
export interface Needless {
  kind: HygieneKind;
  files: NeedlessFile[];
}

/** A kind of file that images need not ship. */
export interface HygieneKind {
  id: string;
  title: string;
  severity: Severity;
  why: string;
  step: string;
}

/** Lines for a `.dockerignore`, and what they would have kept out. */
export interface DockerIgnore {
  text: string;
  files: number;
  /** Bytes. */
  bytes: number;
}

interface Row extends HygieneKind {
  test: RegExp;
  /** Whether an installed package's own files count too. */
  packages?: boolean;
  /** The pattern that keeps a file out; none where it comes from a command and not from the context. */
  ignore?: (path: string) => string;
}

const below =
  (folder: RegExp) =>
  (path: string): string =>
    `**/${folder.exec(path)?.[2] ?? ''}`;
/** A file's name as a pattern that means just that. */
const named = (path: string): string =>
  `**/${path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/[\\*?[\]!]/g, '\\$&')
    .replace(/[\x00-\x1f]/g, '?')}`;
const suffix = (path: string): string => `**/*${/(~|\.\w+)$/.exec(path)?.[1] ?? ''}`;
const OUT = 'Add it to .dockerignore, and build from a clean checkout.';

const folder = (names: string): RegExp => new RegExp(`(^|/)(${names})/`);
const GIT = folder('\\.git|\\.hg|\\.svn');
const TESTS = folder('tests?|__tests__|spec|e2e|cypress');
const CACHES = folder(
  '\\.pytest_cache|\\.mypy_cache|\\.ruff_cache|\\.tox|\\.nox|\\.hypothesis|\\.ipynb_checkpoints|\\.parcel-cache|\\.nyc_output|\\.turbo|\\.terraform|\\.eggs|htmlcov|\\.gradle|\\.sass-cache',
);
const EDITORS = folder('\\.idea|\\.vscode|\\.vs|\\.github|\\.circleci|\\.devcontainer');
const PACKAGE_CACHES =
  /^(var\/lib\/apt\/lists|var\/cache\/(apt|apk|yum|dnf)|root\/\.cache|home\/[^/]+\/\.cache|root\/\.npm\/_cacache|usr\/local\/share\/\.cache|root\/\.m2\/repository|root\/\.cargo\/registry)\//;

const ROWS: readonly Row[] = [
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
    test: /(^|\/)\.env(\.(?!example|sample|template|dist|defaults?)[\w-]+)?$/,
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
    id: 'hygiene-history-file',
    title: 'History of a shell or a database shipped with the image',
    severity: 'low',
    why: 'commands are kept in it with all that was typed',
    step: 'Delete it in the step that makes it.',
    test: /(^|\/)\.(bash|zsh|ash|sh|python|node_repl|psql|mysql|sqlite|rediscli|irb)_history$/,
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
    why: 'it was compiled elsewhere, may be of another source, and is made anew when needed',
    step: `${OUT} Set PYTHONDONTWRITEBYTECODE=1 for commands of the build.`,
    test: /(^|\/)__pycache__\/|\.py[co]$/,
    ignore: (path) => (/(^|\/)__pycache__\//.test(path) ? '**/__pycache__' : '**/*.py[co]'),
  },
  {
    id: 'hygiene-cache',
    title: "Tools' caches shipped with the image",
    severity: 'info',
    why: 'tools make it anew',
    step: OUT,
    test: CACHES,
    ignore: below(CACHES),
  },
  {
    id: 'hygiene-backup',
    title: 'Backup and temporary files shipped with the image',
    severity: 'info',
    why: 'editors and people leave such files behind',
    step: OUT,
    test: /(~|\.(bak|orig|rej|old|swp|swo|save))$|(^|\/)(\.DS_Store|Thumbs\.db)$/,
    ignore: (path) => (/(\.DS_Store|Thumbs\.db)$/.test(path) ? named(path) : suffix(path)),
  },
  {
    id: 'hygiene-tests',
    title: "The application's tests shipped with the image",
    severity: 'info',
    why: 'a running application does not need them, and their fixtures hold credentials',
    step: OUT,
    test: TESTS,
    ignore: below(TESTS),
  },
  {
    id: 'hygiene-project-files',
    title: "The project's own tools shipped with the image",
    severity: 'info',
    why: 'they tell how it is built and by whom, and the application does not need them',
    step: OUT,
    test: new RegExp(
      `${EDITORS.source}|(^|/)(Dockerfile[^/]*|docker-compose[^/]*\\.ya?ml|compose\\.ya?ml|\\.dockerignore|\\.gitlab-ci\\.yml|\\.travis\\.yml|Jenkinsfile)$`,
    ),
    ignore: (path) => (EDITORS.test(path) ? below(EDITORS)(path) : named(path)),
  },
  {
    id: 'hygiene-package-cache',
    title: "Package managers' caches shipped with the image",
    severity: 'info',
    why: 'what was downloaded to be installed is in the image a second time',
    step: 'Delete it in the same RUN that fills it, or mount a cache there (RUN --mount=type=cache).',
    test: PACKAGE_CACHES,
    packages: true,
  },
];

const MOST_FILES = 1000; // of one kind that are named
const FROM_CONTEXT = /^(COPY|ADD)\b(?!.*--from=)/;

/** What the images of an archive ship without need, in layers built on top of their bases. */
export function needlessFiles(
  archive: OpenedArchive,
  scans: readonly (LayerScan | undefined)[],
  tree: PathTree,
  nodes: readonly (Int32Array | undefined)[],
): { needless: Needless[]; ignores: (DockerIgnore | undefined)[] } {
  const byLayer = new Map<number, NeedlessRow[]>();
  const built = archive.images.map((image) => image.layers.slice(baseLayers(image).count));
  for (const layer of new Set(built.flat())) {
    const rows = nodes[layer];
    const table = scans[layer]?.table;
    if (!rows || !table) continue;
    const found: NeedlessRow[] = [];
    for (let row = 0; row < table.count; row++) {
      if (table.kind[row] !== EntryKind.file || (rows[row] as number) < 0) continue;
      if (isWhiteout(nameBytesOf(table, row))) continue;
      const path = tree.path(rows[row] as number);
      const kind = kindOf(path);
      if (kind) found.push({ kind, layer, row, path, size: table.size[row] as number });
    }
    byLayer.set(layer, found);
  }
  const all = [...byLayer.values()].flat();
  const needless = ROWS.flatMap((kind): Needless[] => {
    const files = all.filter((file) => file.kind === kind);
    return files.length > 0 ? [{ kind, files }] : [];
  });
  const ignores = archive.images.map((image, i) =>
    dockerIgnore(archive, image, built[i] ?? [], byLayer),
  );
  return { needless, ignores };
}

/** A file that only takes another away. */
function isWhiteout(name: Uint8Array): boolean {
  const at = name.lastIndexOf(0x2f) + 1;
  return (
    name[at] === 0x2e && name[at + 1] === 0x77 && name[at + 2] === 0x68 && name[at + 3] === 0x2e
  );
}

/** How many files of one kind a finding names; all are counted. */
export const MOST_NEEDLESS_PLACES = MOST_FILES;

interface NeedlessRow extends NeedlessFile {
  kind: Row;
}

/** Nearly every path is passed over by one look at what all rows have in common. */
const ANY =
  /\.(git|hg|svn|env|key|p12|pfx|jks|keystore|ppk|kdbx|pem|tfstate|py[co]|bak|orig|rej|old|swp|swo|save|DS_Store|idea|vscode|vs|github|circleci|devcontainer|gitlab|travis|cache|dockerignore)|_history$|_cache|__|id_|tests?\/|spec\/|e2e\/|cypress\/|~$|Thumbs|ockerfile|compose|Jenkinsfile|cache|apt\/lists|htmlcov|\.(tox|nox|eggs|turbo|gradle|terraform|hypothesis|ipynb|parcel|nyc|sass|npm|m2|cargo)/i;

function kindOf(path: string): Row | undefined {
  if (!ANY.test(path)) return undefined;
  let file: FileKind | undefined;
  for (const row of ROWS) {
    if (!row.test.test(path)) continue;
    file ??= fileKind(path);
    if (row.packages || !(file.vendor || file.packaged)) return row;
  }
  return undefined;
}

function dockerIgnore(
  archive: OpenedArchive,
  image: Image,
  layers: readonly number[],
  byLayer: ReadonlyMap<number, readonly NeedlessRow[]>,
): DockerIgnore | undefined {
  const lines = new Map<string, { files: number; bytes: number }>();
  const total = { files: 0, bytes: 0 };
  for (const layer of new Set(layers)) {
    if (!FROM_CONTEXT.test(archive.layers[layer]?.createdBy ?? '')) continue;
    for (const { kind, path, size } of byLayer.get(layer) ?? []) {
      const pattern = kind.ignore?.(path);
      if (pattern === undefined) continue;
      const line = lines.get(pattern) ?? { files: 0, bytes: 0 };
      for (const sum of [line, total]) {
        sum.files++;
        sum.bytes += size;
      }
      lines.set(pattern, line);
    }
  }
  if (total.files === 0) return undefined;
  const name = image.names[0] ?? 'this image';
  const patterns = [...lines].sort((a, b) => b[1].bytes - a[1].bytes || (a[0] < b[0] ? -1 : 1));
  const text = [
    `# What ${name} ships and does not need: ${total.files} files, ${total.bytes} bytes.`,
    ...patterns.map(([pattern]) => pattern),
  ].join('\n');
  return { text: `${text}\n`, ...total };
}
