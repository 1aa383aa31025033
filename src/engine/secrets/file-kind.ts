/** What sort of file a path names, as far as it matters to how a value in it is judged. */
import { memoised } from './memoised.ts';
import { isOfMessages, isOfPlaces } from './message-files.ts';
import { isScript, NAME_PATTERNS, nameKind } from './name-kind.ts';

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

const CONFIG_FOLDER = /(^|\/)(settings|config|conf|environments|initializers)\/(\w{1,32}\/)?$/i;
const VENDOR =
  /(^|\/)(site-packages|dist-packages|node_modules|bower_components|vendor|(BOOT|WEB)-INF\/lib|gems|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository|\.cache\/(pip|uv|pypoetry|pre-commit|yarn|npm|node|go-build|deno|bazel|ms-playwright|huggingface)|(?:lib|share)\/perl5?|lib\/python\d[\d.]*|lib\/ruby|lib\/node_modules|lib\/jvm|lib\/x86_64-linux-gnu|lib\/aarch64-linux-gnu|var\/lib\/dpkg|var\/lib\/apt|usr\/include|usr\/src\/(linux|kernels|python|php|ruby|debug)[^/]*|lib\/go|local\/go\/src|lib\/firmware|lib\/modules)(\/|$)|^(.*\/)?(usr(\/local)?|versions\/[^/]+)\/share\/(?!nginx\/html|caddy|www)/i;
/** Where the system's programs and their scripts are. */
const SYSTEM = /^(usr\/(bin|sbin|lib|libexec)|bin|sbin|lib)\//i;
/** Where `pip install .` and a build of several modules put an application's own code. */
const INSTALLED = /(^|\/)((site|dist)-packages|(BOOT|WEB)-INF\/lib)\/(?!.*\/node_modules\/)/;
/** A jar that is no release, as only those who build it have. */
const SNAPSHOT = /(^|\/)(BOOT|WEB)-INF\/lib\/[^/]{1,200}-SNAPSHOT\.jar!\//;
const PACKAGED =
  /(^|\/)(site-packages|dist-packages|node_modules|bower_components|(BOOT|WEB)-INF\/lib|gems|\.m2\/repository|go\/pkg\/mod|\.cargo\/registry)\//;

/** What a folder says of the files in it. */
interface FolderKind {
  vendor: boolean;
  packaged: boolean;
  disputed: boolean;
  test: boolean;
  prose: boolean;
  messages: boolean;
  places: boolean;
  config: boolean;
}

/** The kind of a folder, whose path ends in a slash; files come by folders. */
const folderKind = memoised((path): FolderKind => {
  const brought = VENDOR.test(path);
  const own = SNAPSHOT.test(path);
  const vendor = (brought || SYSTEM.test(path)) && !own;
  return {
    vendor,
    packaged: PACKAGED.test(path) && !own,
    disputed: vendor && (!brought || INSTALLED.test(path)),
    test: NAME_PATTERNS.test.test(path),
    prose: NAME_PATTERNS.prose.test(path),
    messages: isOfMessages(path),
    places: isOfPlaces(path),
    config: CONFIG_FOLDER.test(path),
  };
});

/** The kind of the file at a path in a layer, without a leading slash. */
export function fileKind(path: string): FileKind {
  const nameAt = path.lastIndexOf('/') + 1;
  const name = path.slice(nameAt);
  const folder = folderKind(path.slice(0, nameAt));
  const named = nameKind(name);
  // Nobody is given an environment file or an account's settings by a package.
  const vendor = folder.vendor && (folder.packaged || !named.personal);
  return {
    path,
    config: named.config || (folder.config && isScript(name)),
    settings: named.settings,
    vendor,
    library: vendor && named.library,
    packaged: folder.packaged,
    disputed: vendor && folder.disputed,
    test: folder.test || named.test,
    prose: (folder.prose && (vendor || !named.builds)) || named.prose || (vendor && named.notes),
    messages: folder.messages || (named.messages && !folder.places),
    lock: named.lock,
    code: named.code,
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
