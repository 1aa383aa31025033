/** Layers that were not read, or not to their end: whoever reads a report must not take them for clean. */
import type { Problem } from '../archive/problem.ts';
import type { Report, ReportLayer } from './report.ts';

/** A layer, and what was in the way. */
export interface UnreadLayer {
  /** Position in the first image that has it, base 0; undefined where the report has no such layer. */
  index: number | undefined;
  createdBy: string;
  /** Whether nothing of it was read. */
  wholly: boolean;
  /** What was in the way, each a sentence. */
  messages: string[];
}

const STOPPED = /^(gzip|zstd|xz|bzip2|lzma|lz4)-(?!trailing-data$)|^tar-(header|size|truncated)$/;
const INSIDE = '!/';

/** The layers of a report that were not wholly read, in its order. */
export function unreadLayers(report: Report): UnreadLayer[] {
  const unread = new Map<ReportLayer | string, UnreadLayer>();
  for (const problem of report.problems) {
    if (problem.layer === undefined || !stopsLayer(problem)) continue;
    const layer =
      report.layers.find(({ digest, blob }) => digest === problem.layer && blob === problem.path) ??
      report.layers.find(({ digest }) => digest === problem.layer);
    const key = layer ?? problem.layer;
    const known = unread.get(key);
    const wholly = problem.code.startsWith('layer-') && problem.code !== 'layer-ratio';
    if (known) {
      known.messages.push(problem.message);
      known.wholly ||= wholly;
    } else {
      const { index, createdBy = '' } = layer ?? {};
      unread.set(key, { index, createdBy, wholly, messages: [problem.message] });
    }
  }
  return [...unread.values()];
}

/** Whether a problem is one of the layer's own stream, and not of a file in it. */
function stopsLayer({ code, path }: Problem): boolean {
  if (code.startsWith('layer-')) return true;
  if (code === 'tar-truncated') return path?.includes(INSIDE) !== true;
  return path === undefined && STOPPED.test(code);
}
