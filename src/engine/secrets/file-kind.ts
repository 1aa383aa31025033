/** What sort of file a path names, as far as it matters to how a value in it is judged. */
import { holdsMessages, isOfMessages } from './message-files.ts';

/** Traits of a file by its path; several may hold. */
export interface FileKind {
  path: string;
  /** Configuration, credentials, environment files, shell: where people write real values. */
  config: boolean;
  /** Installed by a package manager: others wrote it, and everybody has it. */
  vendor: boolean;
  /** Inside a language's folder of packages, where configuration too is others'. */
  packaged: boolean;
  /** A vendor's by its place alone, where applications are installed as well: other files tell whose it is. */
  disputed: boolean;
  /** Tests, fixtures, examples. */
  test: boolean;
  /** Documentation, translations, word lists. */
  prose: boolean;
  /** A program's messages in its users' languages, where `password` labels a field. */
  messages: boolean;
  /** Lock files and checksums: full of digests. */
  lock: boolean;
  /** Source code, where a bare word is an identifier. */
  code: boolean;
  /** Has one setting a line, whose bare value goes on to the line's end. */
  settings: boolean;
  /** A library of compiled code that a package manager installed. */
  library: boolean;
}

const CONFIG_NAME =
  /^(\.env[^/]*|[^/]*\.env|credentials|[._]?netrc|\.npmrc|\.pypirc|pip\.conf|\.git-credentials|\.pgpass|\.my\.cnf|\.dockercfg|\.[a-z]+_history|\.s3cfg|\.boto|\.curlrc|\.wgetrc|\.(bash|zsh|k?sh)?(rc|_?profile|env)|htpasswd|id_[a-z0-9]+|crontab|jenkinsfile|procfile|vagrantfile|wp-config\.php|(local_?)?settings(_\w{1,32})?\.(py|php|js|ts|rb)|[\w-]{0,32}(config|database|secrets|credentials)\.(py|php|js|cjs|mjs|ts|rb)|[\w-]{1,48}\.config\.(js|cjs|mjs|ts)|environment(\.\w{1,16})?\.ts)$|\.(ini|cfg|conf|cnf|config|toml|ya?ml|json|properties|xml|tf|hcl|tfvars|tfstate|env|sh|bash|zsh|bat|cmd|service|plist)$|^(dockerfile[^/]*|config|environment|secrets?)$/i;
const CONFIG_FOLDER = /(^|\/)(settings|config|conf|environments|initializers)\/(\w{1,32}\/)?$/i;
const CONFIG_SCRIPT = /^[\w.-]{1,48}\.(py|php|js|cjs|ts|rb)$/i;
const SETTINGS =
  /\.(ini|cfg|conf|cnf|toml|ya?ml|properties|env|tfvars|service)$|^(\.env[^/]*|credentials|\.npmrc|\.pypirc|\.s3cfg|\.boto|config)$/i;
const CODE =
  /\.(py|pyi|js|mjs|cjs|jsx|ts|tsx|go|rs|java|kt|rb|php|pl|pm|c|h|cc|cpp|hpp|cs|swift|scala|lua|r|jl|ex|exs|erl|clj|vue|svelte|sql|html?|css|pyx|el|vim|tcl|m4|awk|groovy|gradle|ps1|psm1|dart|jsp|map)$/i;
const VENDOR =
  /(^|\/)(site-packages|dist-packages|node_modules|bower_components|vendor|(BOOT|WEB)-INF\/lib|gems|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository|\.cache\/(pip|uv|pypoetry|pre-commit|yarn|npm|node|go-build|deno|bazel|ms-playwright|huggingface)|(?:lib|share)\/perl5?|lib\/python\d[\d.]*|lib\/ruby|lib\/node_modules|lib\/jvm|lib\/x86_64-linux-gnu|lib\/aarch64-linux-gnu|var\/lib\/dpkg|var\/lib\/apt|usr\/include|usr\/src\/(linux|kernels|python|php|ruby|debug)[^/]*|lib\/go|local\/go\/src|lib\/firmware|lib\/modules)(\/|$)|^(.*\/)?(usr(\/local)?|versions\/[^/]+)\/share\/(?!nginx\/html|caddy|www)/i;
/** Where the system's programs and their scripts are. */
const SYSTEM = /^(usr\/(bin|sbin|lib|libexec)|bin|sbin|lib)\//i;
/** Where `pip install .` and a build of several modules put an application's own code. */
const INSTALLED = /(^|\/)((site|dist)-packages|(BOOT|WEB)-INF\/lib)\/(?!.*\/node_modules\/)/;
/** A jar that is no release, as only those who build it have. */
const SNAPSHOT = /(^|\/)(BOOT|WEB)-INF\/lib\/[^/]{1,200}-SNAPSHOT\.jar!\//;
const OWN = /^(\.env(\.[\w-]+)?|\.?(npmrc|netrc|pypirc|pgpass|git-credentials))$/i;
const PACKAGED =
  /(^|\/)(site-packages|dist-packages|node_modules|bower_components|(BOOT|WEB)-INF\/lib|gems|\.m2\/repository|go\/pkg\/mod|\.cargo\/registry)\//;
const TEST =
  /(^|\/)(tests?|testing|testdata|test_[^/]*|fixtures?|examples?|samples?|demos?|specs?|__tests__|mocks?|dummy\w{0,16}|benchmarks?)(\/|$)|[._-](test|spec|example|sample|dist|template|tpl)(\.|$)|_test\.\w+$|(^|\/)(examples?|samples?|fixtures?)[-_.]?\d{0,4}\.\w{1,8}$|(^|\/)examples?-[^/]{1,64}$/i;
const PROSE =
  /(^|\/)(docs?|man|locale|locales|i18n|translations?|doc-base|info|licenses?|copyright|changelog[^/]*|readme[^/]*)(\/|$)|\.(md|rst|po|mo|pot|tex|(?<!log\.|messages\.)\d(\.gz)?)$/i;
/** Code in a folder of documentation that builds and publishes it. */
const BUILDS =
  /^(?:conf|config|settings|build|deploy|publish|release|upload|tasks|fabfile|noxfile)\.(?:py|rb|[cm]?[jt]s|pl|php)$/i;
/** What is documentation in a package, and somebody's notes elsewhere. */
const NOTES = /\.txt$/i;
const LIBRARY = /\.(so|a|o|ko|node|dll|dylib)(\.[\d.]{1,16})?$/;
const LOCK =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|pipfile\.lock|cargo\.lock|composer\.lock|gemfile\.lock|go\.sum|record|[^/]*\.(sum|md5sums|sha256|sha1|asc|lock))$/i;

/** What a folder says of the files in it. */
interface FolderKind {
  vendor: boolean;
  packaged: boolean;
  disputed: boolean;
  test: boolean;
  prose: boolean;
  messages: boolean;
  config: boolean;
}

let folder = '/'; // files come by folders: the last one's kind is kept
let folderKind: FolderKind = kindOfFolder('');

/** `path` ends in a slash. */
function kindOfFolder(path: string): FolderKind {
  const brought = VENDOR.test(path);
  const own = SNAPSHOT.test(path);
  const vendor = (brought || SYSTEM.test(path)) && !own;
  return {
    vendor,
    packaged: PACKAGED.test(path) && !own,
    disputed: vendor && (!brought || INSTALLED.test(path)),
    test: TEST.test(path),
    prose: PROSE.test(path),
    messages: isOfMessages(path),
    config: CONFIG_FOLDER.test(path),
  };
}

/** What editors, people and package managers add to the name of a file that they keep beside its new version. */
const BACKUP =
  /(?:~|\.~\d{1,4}~|[._-](?:bak|backup|bkp|old|orig|original|saved?|copy|prev|previous|dpkg-(?:old|new|dist)|rpm(?:save|new|orig)|ucf-\w{3,4})(?:[._-]?\d{1,14})?)$/i;

/** Whether a file in the last folder is a configuration by its name. */
function isConfig(name: string): boolean {
  return CONFIG_NAME.test(name) || (folderKind.config && CONFIG_SCRIPT.test(name));
}

/** The kind of the file at a path in a layer, without a leading slash. */
export function fileKind(path: string): FileKind {
  const nameAt = path.lastIndexOf('/') + 1;
  const name = path.slice(nameAt);
  if (nameAt !== folder.length || !path.startsWith(folder)) {
    folder = path.slice(0, nameAt);
    folderKind = kindOfFolder(folder);
  }
  const { packaged } = folderKind;
  const plain = name.replace(BACKUP, '');
  // Nobody is given an environment file or an account's settings by a package.
  const vendor = folderKind.vendor && (packaged || !OWN.test(name));
  return {
    path,
    config: isConfig(name) || (plain !== name && isConfig(plain)),
    settings: SETTINGS.test(name) || (plain !== name && SETTINGS.test(plain)),
    vendor,
    library: vendor && LIBRARY.test(name),
    packaged,
    disputed: vendor && folderKind.disputed,
    test: folderKind.test || TEST.test(name),
    prose:
      (folderKind.prose && (vendor || !BUILDS.test(plain))) ||
      PROSE.test(plain) ||
      (vendor && NOTES.test(plain)),
    messages: folderKind.messages || holdsMessages(name),
    lock: LOCK.test(name),
    code: CODE.test(plain),
  };
}

/** The kind of the same file once it is known to be the image's own. */
export function asOwn(file: FileKind): FileKind {
  return { ...file, vendor: false, packaged: false, disputed: false, library: false };
}

/** Values that come from no file: an image's configuration. */
export const CONFIGURATION: FileKind = {
  path: '',
  config: true,
  vendor: false,
  packaged: false,
  disputed: false,
  test: false,
  prose: false,
  messages: false,
  lock: false,
  code: false,
  settings: false,
  library: false,
};
