/**
 * Layers that were not read, or not to their end, or that are not what they should be: whoever reads a report must not
 * take them for clean.
 */
import type { Problem } from '../archive/problem.ts';
import type { Report, ReportLayer } from './report.ts';
import { counted } from './text-lines.ts';

/** A layer, or the archive around the layers, and what was in the way. */
export interface UnreadLayer {
  /** Whether it is the archive itself that is damaged, so that layers of it may be lost. */
  archive: boolean;
  /** Position in the first image that has it, base 0; undefined where the report has no such layer. */
  index: number | undefined;
  createdBy: string;
  /** Whether nothing of it was read. */
  wholly: boolean;
  /** What was in the way, each a sentence. */
  messages: string[];
}

const STOPPED = /^(gzip|zstd|xz|bzip2|lzma|lz4)-(?!trailing-data$)|^tar-(header|size|truncated)$/;
const CUT = /^(?:archive-truncated|manifest-missing)$/;
/** A layer that unpacks to too much, and one that is shorter than its manifest says. */
const READ_IN_PART = new Set(['layer-ratio', 'layer-size']);
const INSIDE = '!/';
const ARCHIVE = Symbol('the archive');

/** The layers of a report that were not wholly read, in its order; the archive itself too, where it is damaged. */
export function unreadLayers(report: Report): UnreadLayer[] {
  const unread = new Map<ReportLayer | string | symbol, UnreadLayer>();
  for (const problem of report.problems) {
    if (!stopsReading(problem)) continue;
    const { code, path } = problem;
    const layer = layerOf(report, problem);
    const elsewhere = code.startsWith('layer-') ? (path ?? '') : ARCHIVE;
    const key = layer ?? problem.layer ?? elsewhere;
    const known = unread.get(key);
    const wholly = problem.code.startsWith('layer-') && !READ_IN_PART.has(problem.code);
    if (known) {
      known.messages.push(problem.message);
      known.wholly ||= wholly;
    } else {
      const { index, createdBy = '' } = layer ?? {};
      const archive = key === ARCHIVE;
      unread.set(key, { archive, index, createdBy, wholly, messages: [problem.message] });
    }
  }
  return [...unread.values()];
}

/** `the archive and 2 layers`; empty where all was read. */
export function unreadText(unread: readonly UnreadLayer[]): string {
  const layers = unread.filter(({ archive }) => !archive).length;
  return [
    ...(layers < unread.length ? ['the archive'] : []),
    ...(layers > 0 ? [counted(layers, 'layer')] : []),
  ].join(' and ');
}

/** A layer whose bytes are not what the image's configuration says, and the sentence on it. */
export interface ExchangedLayer {
  /** Position in the first image that has it, base 0; undefined where the report has no such layer. */
  index: number | undefined;
  createdBy: string;
  message: string;
}

/** The layers that were read to their end and are not what they should be by their digests, in the report's order. */
export function exchangedLayers(report: Report): ExchangedLayer[] {
  const unread = new Set(report.problems.filter(stopsReading).map((one) => layerOf(report, one)));
  return report.problems.flatMap((problem) => {
    if (problem.code !== 'diff-id-mismatch') return [];
    const layer = layerOf(report, problem);
    if (layer && unread.has(layer)) return [];
    const { index, createdBy = '' } = layer ?? {};
    return [{ index, createdBy, message: problem.message }];
  });
}

/** The layer that a problem is of: by its digest, and by its blob where several have one, or none is known. */
function layerOf({ layers }: Report, { layer = '', path }: Problem): ReportLayer | undefined {
  return (
    layers.find(({ digest, blob }) => digest === layer && blob === path) ??
    layers.find(({ digest }) => layer !== '' && digest === layer)
  );
}

/** Whether a problem ends the reading of a layer's own stream, or of the archive's, and not of a file in it. */
export function stopsReading({ code, path, layer }: Problem): boolean {
  if (layer === undefined && path === undefined && CUT.test(code)) return true;
  if (code.startsWith('layer-')) return true;
  if (code === 'tar-truncated') return path?.includes(INSIDE) !== true;
  return path === undefined && STOPPED.test(code);
}
