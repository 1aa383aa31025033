/**
 * The `.dockerignore` that would have kept files of the build's context out of an image: Docker's reference,
 * "Dockerfile", section ".dockerignore file"; patterns as in moby/patternmatcher. The last line that matches
 * a file or a folder above it decides.
 */

/** A file that a COPY or ADD brought from the context. */
export interface ContextFile {
  /** Path in the context, as far as the instruction tells; patterns do without what is unknown before it. */
  path: string;
  /** Bytes. */
  size: number;
  /** What keeps it out. */
  pattern: string;
}

/** Lines for a `.dockerignore`, and what they would have kept out. */
export interface DockerIgnore {
  text: string;
  files: number;
  /** Bytes. */
  bytes: number;
}

const MOST_EXCEPTIONS = 50;
const PACKAGES =
  /(^|\/)(node_modules|bower_components|site-packages|dist-packages|vendor|gems)(?=\/)/;

/** Lines that keep out exactly these files, and no path that is `needed`; undefined where there are none. */
export function dockerIgnore(
  name: string,
  files: readonly ContextFile[],
  needed: Iterable<string>,
): DockerIgnore | undefined {
  const bytesOf = new Map<string, number>();
  for (const { pattern, size } of files) bytesOf.set(pattern, (bytesOf.get(pattern) ?? 0) + size);
  const lines = [...bytesOf]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([pattern]) => pattern);
  const again = new Set(exceptions(lines, needed));
  const rest = [...lines, ...again];
  // What an exception would let in once more is named behind it.
  const isOut = ignoreMatcher(rest);
  const behind: ((path: string) => boolean)[] = [];
  const kept = files.filter(({ path, pattern }) => {
    if (isOut(path) || behind.some((isOutToo) => isOutToo(path))) return true;
    const matches = ignoreMatcher([pattern]);
    if (again.size === 0 || !matches(path)) return false;
    rest.push(pattern);
    behind.push(matches);
    return true;
  });
  if (kept.length === 0) return undefined;
  const bytes = kept.reduce((sum, { size }) => sum + size, 0);
  const head = `# What ${name} ships and does not need: ${kept.length} files, ${bytes} bytes.`;
  return { text: `${[head, ...rest].join('\n')}\n`, files: kept.length, bytes };
}

/** Lines that let in again what is needed, and is below a folder of others' packages or stands by itself. */
function exceptions(lines: readonly string[], needed: Iterable<string>): string[] {
  const found = new Set<string>();
  if (lines.length === 0) return [];
  const matches = ignoreMatcher(lines);
  for (const path of needed) {
    if (found.size === MOST_EXCEPTIONS) break;
    if (!matches(path)) continue;
    const folder = PACKAGES.exec(path)?.[2];
    // Docker tries an exception on what another line has matched, and on no folder above that: hence `/**`.
    found.add(folder === undefined ? `!${escapePattern(path)}` : `!**/${folder}/**`);
  }
  return [...found];
}

/** The lines as one question: do they keep a file of the context out? */
export function ignoreMatcher(lines: readonly string[]): (path: string) => boolean {
  // Neighbours that say the same are one expression.
  const runs: { negated: boolean; sources: string[] }[] = [];
  for (const line of lines) {
    const negated = line.startsWith('!');
    const source = patternSource(negated ? line.slice(1) : line);
    const last = runs.at(-1);
    if (last?.negated === negated) last.sources.push(source);
    else runs.push({ negated, sources: [source] });
  }
  const matchers = runs.map(({ negated, sources }) => ({
    negated,
    matcher: new RegExp(sources.map((source) => `(?:${source})`).join('|'), 's'),
  }));
  return (path) => {
    let out = false;
    for (const { negated, matcher } of matchers)
      if (out === negated && matcher.test(path)) out = !negated;
    return out;
  };
}

/** A pattern as the source of a regular expression, which matches what is below it too. */
function patternSource(pattern: string): string {
  let source = '^';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = pattern.indexOf(']', at);
      source += pattern.slice(at, end + 1);
      at = end;
    } else if (character === '\\') source += quoted(pattern[++at] ?? '\\');
    else source += quoted(character);
  }
  return `${source}(?:/|$)`;
}

function quoted(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

/** A path or a name as a pattern that means just that. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]!]/g, '\\$&').replace(/[\x00-\x1f]/g, '?');
}

/** A COPY or ADD from the context, as far as its words tell. */
export interface ContextCopy {
  /** Sources as they are written; empty where only their digest is known. */
  sources: string[];
  /** Without slashes at its ends; undefined where it depends on the working directory. */
  destination: string | undefined;
}

/** Reads the instruction that made a layer; undefined where it brought nothing from the context. */
export function contextCopy(createdBy: string): ContextCopy | undefined {
  const match = /^(?:COPY|ADD)\s+(.*)$/s.exec(createdBy.replace(/\s*# buildkit\s*$/, ''));
  if (!match) return undefined;
  const words = wordsOf(match[1] as string);
  const flags = words.filter((word) => word.startsWith('--'));
  if (flags.some((flag) => flag.startsWith('--from'))) return undefined;
  const [target = '', ...sources] = words.filter((word) => !word.startsWith('--')).reverse();
  const absolute = target.startsWith('/');
  const local = sources.filter((source) => !/^(https?:|git@|git:|ssh:)/.test(source));
  if (sources.length > 0 && local.length === 0) return undefined;
  return {
    // The classic builder writes `file:digest in /target`.
    sources: local
      .filter((source) => source !== 'in' && !/^(file|dir|multi):[0-9a-f]+$/.test(source))
      .map((source) => source.replace(/^(\.?\/)+|\/+$/g, '').replace(/^\.$/, ''))
      .reverse(),
    destination: absolute ? target.replace(/^\/+|\/+$/g, '') : undefined,
  };
}

function wordsOf(text: string): string[] {
  const flags = /^(\s*--\S+)*/.exec(text)?.[0] ?? '';
  try {
    const list: unknown = JSON.parse(text.slice(flags.length));
    if (Array.isArray(list)) return [...flags.split(/\s+/), ...list.map(String)].filter(Boolean);
  } catch {
    // It is written in words.
  }
  return text.split(/\s+/).filter(Boolean);
}

/** The paths that a file of the layer may have had in the context, the likeliest first. */
export function contextPaths({ sources, destination }: ContextCopy, path: string): string[] {
  let rest: string | undefined = path;
  if (destination !== undefined) {
    if (path === destination) rest = undefined;
    else if (destination === '' || path.startsWith(`${destination}/`))
      rest = path.slice(destination === '' ? 0 : destination.length + 1);
  }
  // A file that was given another name has its source's.
  if (rest === undefined) return sources.length === 1 ? sources : [path];
  const below = rest;
  return [...sources.map((source) => (source === '' ? below : `${source}/${below}`)), below];
}
