/** What a file's name says of it, wherever it stands. */
import { memoised } from './memoised.ts';
import { MESSAGES_NAME } from './message-files.ts';

/** Traits of a file by its name; several may hold. */
export type NameKind = Record<keyof typeof NAME_PATTERNS, boolean>;

/** The patterns of names by what they say; those of tests and prose are for a folder's path as well. */
export const NAME_PATTERNS = {
  config:
    /^(\.env[^/]*|[^/]*\.env|credentials|[._]?netrc|\.npmrc|\.pypirc|pip\.conf|\.git-credentials|\.pgpass|\.my\.cnf|\.dockercfg|\.[a-z]+_history|\.s3cfg|\.boto|\.curlrc|\.wgetrc|\.(bash|zsh|k?sh)?(rc|_?profile|env)|htpasswd|id_[a-z0-9]+|crontab|jenkinsfile|procfile|vagrantfile|wp-config\.php|(local_?)?settings(_\w{1,32})?\.(py|php|js|ts|rb)|[\w-]{0,32}(config|database|secrets|credentials)\.(py|php|js|cjs|mjs|ts|rb)|[\w-]{1,48}\.config\.(js|cjs|mjs|ts)|environment(\.\w{1,16})?\.ts)$|\.(ini|cfg|conf|cnf|config|toml|ya?ml|json|properties|xml|tf|hcl|tfvars|tfstate|env|sh|bash|zsh|bat|cmd|service|plist)$|^(dockerfile[^/]*|config|environment|secrets?)$/i,
  settings:
    /\.(ini|cfg|conf|cnf|toml|ya?ml|properties|env|tfvars|service)$|^(\.env[^/]*|credentials|\.npmrc|\.pypirc|\.s3cfg|\.boto|config)$/i,
  /** What nobody is given by a package: an environment file, an account's settings. */
  personal: /^(\.env(\.[\w-]+)?|\.?(npmrc|netrc|pypirc|pgpass|git-credentials))$/i,
  library: /\.(so|a|o|ko|node|dll|dylib)(\.[\d.]{1,16})?$/,
  test: /(^|\/)(tests?|testing|testdata|test_[^/]*|fixtures?|examples?|samples?|demos?|specs?|__tests__|mocks?|dummy\w{0,16}|benchmarks?)(\/|$)|[._-](test|spec|example|sample|dist|template|tpl)(\.|$)|_test\.\w+$|(^|\/)(examples?|samples?|fixtures?)[-_.]?\d{0,4}\.\w{1,8}$|(^|\/)examples?-[^/]{1,64}$/i,
  prose:
    /(^|\/)(docs?|man|locale|locales|i18n|translations?|doc-base|info|licenses?|copyright|changelog[^/]*|readme[^/]*)(\/|$)|\.(md|rst|po|mo|pot|tex|(?<!log\.|messages\.)\d(\.gz)?)$/i,
  /** Documentation in a package, and somebody's notes elsewhere. */
  notes: /\.txt$/i,
  /** Code that builds and publishes documentation, in a folder of such. */
  builds:
    /^(?:conf|config|settings|build|deploy|publish|release|upload|tasks|fabfile|noxfile)\.(?:py|rb|[cm]?[jt]s|pl|php)$/i,
  messages: MESSAGES_NAME,
  lock: /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|pipfile\.lock|cargo\.lock|composer\.lock|gemfile\.lock|go\.sum|record|[^/]*\.(sum|md5sums|sha256|sha1|asc|lock))$/i,
  code: /\.(py|pyi|js|mjs|cjs|jsx|ts|tsx|go|rs|java|kt|rb|php|pl|pm|c|h|cc|cpp|hpp|cs|swift|scala|lua|r|jl|ex|exs|erl|clj|vue|svelte|sql|html?|css|pyx|el|vim|tcl|m4|awk|groovy|gradle|ps1|psm1|dart|jsp|map)$/i,
} as const;
const SCRIPT = /^[\w.-]{1,48}\.(py|php|js|cjs|ts|rb)$/i;
/** What editors, people and package managers add to the name of a file that they keep beside its new version. */
const BACKUP =
  /(?:~|\.~\d{1,4}~|[._-](?:bak|backup|bkp|old|orig|original|saved?|copy|prev|previous|dpkg-(?:old|new|dist)|rpm(?:save|new|orig)|ucf-\w{3,4})(?:[._-]?\d{1,14})?)$/i;
/** What in a name may say more than its extension does. */
const TELLING =
  /^\.|~|\.(?:\d|$)|[._-](?:bak|backup|bkp|old|orig|save|copy|prev|dpkg-|rpm|ucf-)|config|database|secret|credential|settings|environment|dockerfile|[._-](?:test|spec|example|sample|dist|template|tpl)\.|^(?:test_|example|sample|fixture|changelog|readme|bundle)|^(?:conf|build|deploy|publish|release|upload|tasks|fabfile|noxfile)\.|(?:^|[._-])[a-z]{2}(?:[-_][a-z]{2,4}){0,2}\.|messages|labels|translation|strings|resources|i18n|locale|-lock\.|shrinkwrap/i;

const kindOfExtension = memoised((extension) => kindOfName(`x${extension}`));

/** The kind of a name: of most it is their extension's. */
export function nameKind(name: string): NameKind {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || TELLING.test(name) ? kindOfName(name) : kindOfExtension(name.slice(dot));
}

/** The kind of a name by all that its patterns say. */
export function kindOfName(name: string): NameKind {
  const plain = withoutBackup(name);
  return {
    config: NAME_PATTERNS.config.test(name) || NAME_PATTERNS.config.test(plain),
    settings: NAME_PATTERNS.settings.test(name) || NAME_PATTERNS.settings.test(plain),
    personal: NAME_PATTERNS.personal.test(name),
    library: NAME_PATTERNS.library.test(name),
    test: NAME_PATTERNS.test.test(name),
    prose: NAME_PATTERNS.prose.test(plain),
    notes: NAME_PATTERNS.notes.test(plain),
    builds: NAME_PATTERNS.builds.test(plain),
    messages: NAME_PATTERNS.messages.test(name),
    lock: NAME_PATTERNS.lock.test(name),
    code: NAME_PATTERNS.code.test(plain),
  };
}

/** Whether a file is a script, which is a configuration in a folder of such. */
export function isScript(name: string): boolean {
  return SCRIPT.test(name) || SCRIPT.test(withoutBackup(name));
}

function withoutBackup(name: string): string {
  return name.replace(BACKUP, '');
}
