/** What a `COPY` or `ADD` brought from the folder that the image was built in, by the step of the history. */

/** A step that copies: where to, and the names of what it copies, as far as it tells them. */
export interface CopyStep {
  /** Without slashes around it; empty for the root. */
  to: string;
  /** Last parts of the sources' paths. */
  names: string[];
}

const STEP = /^(COPY|ADD) (?!.*--from=)(?:--\S+ )*(.+)$/;
/** The classic builder gives a digest in the sources' stead. */
const CLASSIC = /^(?:file|dir|multi):[0-9a-f]+ in (\/.*)$/;
/** What is unpacked or downloaded is seldom of one's own making. */
const BROUGHT = /:\/\/|\.(?:tar(?:\.\w{1,4})?|tgz|txz|tbz2?|zip|whl|jar)$/i;

/**
 * Reads a step. Undefined where it copies nothing, or what may be another's: sources with an absolute path are
 * another stage's as a rule, of which BuildKit's history says nothing else.
 */
export function copyStep(createdBy: string): CopyStep | undefined {
  const [, command, rest = ''] = STEP.exec(createdBy) ?? [];
  if (command === undefined) return undefined;
  const classic = CLASSIC.exec(rest)?.[1]?.trim();
  if (classic !== undefined) {
    const to = plain(classic);
    return to === '' ? undefined : { to, names: [] };
  }
  const paths = pathsOf(rest);
  const to = paths.pop();
  if (paths.length === 0 || !to?.startsWith('/')) return undefined;
  if (paths.some((path) => path.startsWith('/') || BROUGHT.test(path))) return undefined;
  return { to: plain(to), names: paths.map((path) => plain(path).replace(/^.*\//, '')) };
}

function pathsOf(text: string): string[] {
  return text.startsWith('[') ? (text.match(/(?<=")[^",]+(?=")/g) ?? []) : text.split(' ');
}

/** Without the slashes around it; in time linear in its length. */
function plain(path: string): string {
  return path
    .trim()
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}

/** The folders that packages are installed in, as far as a path goes into one. */
const PACKAGES = /^.*\/(?:(?:site|dist)-packages|(?:BOOT|WEB)-INF\/lib)(?=\/)/;

/**
 * Whether a step brought the file at a path as its own. A whole folder of packages, as one stage hands it to the
 * next, tells nothing of what is in it; one package or module in it does.
 */
export function bringsOwn({ to, names }: CopyStep, path: string): boolean {
  const within = to === '' || path === to || path.startsWith(`${to}/`);
  const packages = PACKAGES.exec(`/${path}`)?.[0].slice(1);
  if (!within || packages === undefined) return within;
  if (to.length > packages.length) return true;
  const [first = ''] = path.slice(packages.length + 1).split(/!?\//);
  return to === packages && names.includes(first);
}
