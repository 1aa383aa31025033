/** Findings that are no secrets: odd bytecode, and files that an image need not ship. */
import { findingId } from '../report/finding-id.ts';
import type { Finding, Place } from '../report/report.ts';
import type { Severity } from '../secrets/finding.ts';
import type { OddBytecode } from './examine-bytecode.ts';
import { MOST_NEEDLESS_PLACES, type Needless } from './image-hygiene.ts';

/** Where a file of a layer stands in the images, as the caller knows. */
export type PlaceOf = (layer: number, row: number, path: string) => Place;

interface OddKind {
  rule: string;
  title: string;
  severity: Severity;
  /** In an installed package, which is compiled by its installer. */
  packaged: Severity;
  steps: string[];
}

const REBUILD =
  'Delete the bytecode, add **/__pycache__ and *.pyc to .dockerignore, and build from a clean checkout.';
const ODD: Record<OddBytecode['kind'], OddKind> = {
  differs: {
    rule: 'bytecode-differs',
    title: 'Bytecode that differs from its source',
    severity: 'medium',
    packaged: 'low',
    steps: ['Read what the bytecode holds: it is what was once in the source.', REBUILD],
  },
  unchecked: {
    rule: 'bytecode-unchecked',
    title: 'Unchecked bytecode beside a different source',
    severity: 'high',
    packaged: 'high',
    steps: [
      'Read what the bytecode does: Python runs it and never looks at the source, which is a known way to hide code.',
      REBUILD,
    ],
  },
  missing: {
    rule: 'bytecode-without-source',
    title: 'Bytecode without its source',
    severity: 'low',
    packaged: 'info',
    steps: ['If this is not on purpose, find out where it comes from.', REBUILD],
  },
};

/** The ids of the rules of odd bytecode. */
export const ODD_BYTECODE_RULES: readonly string[] = Object.values(ODD).map(({ rule }) => rule);

/** One finding for each kind of oddity and folder of an application. */
export function oddBytecodeFindings(odd: readonly OddBytecode[], placeOf: PlaceOf): Finding[] {
  const groups = new Map<string, OddBytecode[]>();
  for (const one of odd) {
    // Each that differs is a story of its own; a whole application without sources is one.
    const key =
      one.kind === 'missing' ? `${one.kind} ${project(one.path)}` : `${one.kind} ${one.path}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map((group) => oddFinding(group, placeOf));
}

function oddFinding(group: readonly OddBytecode[], placeOf: PlaceOf): Finding {
  const [first] = group as [OddBytecode];
  const kind = ODD[first.kind];
  const about = first.kind === 'missing' ? project(first.path) : first.path;
  const source = first.sourcePath === undefined ? '' : `; the source is ${first.sourcePath}`;
  const why = [`${first.how}${source}`];
  if (!first.own) why.push('stands in an installed package, which its installer compiles');
  return {
    id: findingId(kind.rule, about),
    rule: kind.rule,
    title: kind.title,
    provider: '',
    category: 'bytecode',
    severity: first.own ? kind.severity : kind.packaged,
    confidence: first.how.startsWith('it was compiled at another time') ? 'medium' : 'certain',
    secret: { preview: about.slice(about.lastIndexOf('/') + 1), length: about.length },
    why,
    facts: { python: first.version, ...(group.length > 1 && { files: `${group.length}` }) },
    advice: { revoke: '', steps: kind.steps },
    places: group.slice(0, MOST_NEEDLESS_PLACES).map((one) => {
      const place = placeOf(one.layer, one.row, one.path);
      place.python = {
        version: one.version,
        qualname: '<module>',
        name: '',
        binding: 'none',
        line: null,
        source: one.kind === 'missing' ? 'missing' : 'differs',
        ...(one.sourcePath !== undefined && { sourcePath: one.sourcePath }),
      };
      return place;
    }),
  };
}

/** One finding for each kind of needless file. */
export function needlessFindings(needless: readonly Needless[], placeOf: PlaceOf): Finding[] {
  return needless.map(({ kind, files }) => {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const folders = new Set(files.map(({ path }) => project(path)));
    const about = [...folders].sort().slice(0, 3).join(', ');
    return {
      id: findingId(kind.id, about),
      rule: kind.id,
      title: kind.title,
      provider: '',
      category: 'hygiene' as const,
      severity: kind.severity,
      confidence: 'certain' as const,
      secret: {
        preview: `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
        length: files.length,
      },
      why: [kind.why],
      facts: { files: `${files.length}`, bytes: `${bytes}` },
      advice: { revoke: '', steps: [kind.step] },
      places: files
        .slice(0, MOST_NEEDLESS_PLACES)
        .map(({ layer, row, path }) => placeOf(layer, row, path)),
    };
  });
}

/** The folder that a project lies in: `app`, `srv/site`, `home/user/tool`. */
function project(path: string): string {
  const parts = path.split('/').slice(0, -1);
  const depth = parts[0] === 'home' ? 3 : /^(opt|srv|usr|var|mnt)$/.test(parts[0] ?? '') ? 2 : 1;
  return parts.slice(0, depth).join('/') || '/';
}
