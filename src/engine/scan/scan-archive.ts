/**
 * The whole scan: an archive in; inventory, findings and problems out. How layers are scanned (in workers,
 * in this thread) is the caller's: it hands in a `LayersScanner`.
 */
import { MAX_PATHS } from '../archive/limits.ts';
import type { Problem } from '../archive/problem.ts';
import type { ByteSource } from '../archive/read-blob.ts';
import { baseLayers } from '../image/base-layers.ts';
import type { OpenedArchive } from '../image/model.ts';
import { openArchive, wrapperOf } from '../image/open-archive.ts';
import type { Report } from '../report/report.ts';
import { SEVERITIES } from '../secrets/finding.ts';
import { assembleFindings } from './assemble-findings.ts';
import { ContentComparer } from './compare-contents.ts';
import { SourceComparer } from './compare-sources.ts';
import { BytecodeExaminer } from './examine-bytecode.ts';
import { buildTrees, type FileTrees } from './file-trees.ts';
import { needlessFiles } from './image-hygiene.ts';
import { addLedger, emptyLedger } from './ledger.ts';
import { RULES } from './rules.ts';
import { scanAttestations, scanConfiguration, stepsOfLayers } from './scan-configuration.ts';
import { readOwnCode } from './own-code.ts';
import { scanWrapped } from './scan-wrapped.ts';
import { type LayerProgress, type LayerScan, scanLayer } from './scan-layer.ts';

declare const __PORTHOLE_VERSION__: string;
/** The version of the program, as the build sets it. */
export const VERSION = typeof __PORTHOLE_VERSION__ === 'string' ? __PORTHOLE_VERSION__ : '0.0.0';

/** The outcome of a scan. */
export interface ScanResult {
  archive: OpenedArchive;
  /** With the secrets in it; `redact` before it leaves the program. */
  report: Report;
  trees: FileTrees;
}

const TOO_MANY_PATHS: Problem = {
  code: 'too-many-paths',
  message: `The layers have more than ${MAX_PATHS.toLocaleString('en')} paths: all were scanned, but those behind are in no tree, and nothing says whether they are still there.`,
};

/** Puts layer scans together into one result. `startedAt` is in milliseconds, as `Date.now` gives it. */
export async function assembleScan(
  file: ByteSource,
  archive: OpenedArchive,
  scans: readonly (LayerScan | undefined)[],
  startedAt: number,
): Promise<ScanResult> {
  const digestOf = (index: number): string =>
    scans[index]?.digest ?? archive.layers[index]?.digest ?? '';
  // A file system without a configuration is known by its only layer.
  for (const image of archive.images) image.id ||= digestOf(image.layers[0] ?? 0);
  for (const image of archive.images)
    if (image.history.length === 0) image.history = stepsOfLayers(image, archive.layers);
  const comparer = new SourceComparer(archive, scans);
  const examiner = new BytecodeExaminer(archive, scans);
  const contents = new ContentComparer(archive, scans);
  const { tree, trees } = buildTrees(archive, scans, (t, stacked) => {
    const onSources = comparer.watch(t, stacked);
    const onBytecode = examiner.watch(t, stacked);
    return (image, position, fs) => {
      onSources(image, position, fs);
      onBytecode(image, position, fs);
      const nodes = stacked[archive.images[image]?.layers[position] ?? -1]?.nodes;
      const effects = fs.effects[position];
      if (nodes && effects) contents.onLayer(image, position, nodes, effects);
    };
  });
  await contents.compare(file, trees);
  const bases = archive.images.map(baseLayers);
  const { needless, ignores } = needlessFiles(archive, scans, tree, trees.nodes);
  const stacked = {
    archive,
    scans,
    tree,
    nodes: trees.nodes,
    fileSystems: trees.fileSystems,
    baseCounts: bases.map(({ count }) => count),
  };
  const findings = assembleFindings({
    ...stacked,
    comparisons: await comparer.compare(file),
    oddBytecode: await examiner.examine(file),
    needless,
    own: await readOwnCode(file, stacked),
    // Attestations belong to a manifest, which is no part of the report: the first image has them.
    configurations: archive.images.map((image, i) => [
      ...scanConfiguration(image),
      ...(i === 0 ? scanAttestations(archive.attestations) : []),
    ]),
  });
  const ledger = emptyLedger();
  for (const scan of scans) if (scan) addLedger(ledger, scan.ledger);
  const bySeverity: Report['totals']['bySeverity'] = {};
  for (const severity of SEVERITIES) {
    const found = findings.filter((finding) => finding.severity === severity).length;
    if (found > 0) bySeverity[severity] = found;
  }
  const report: Report = {
    format: 'porthole-report',
    formatVersion: 1,
    tool: { name: 'porthole', version: VERSION, rules: RULES.size },
    scannedAt: new Date(startedAt).toISOString(),
    secrets: 'included',
    archive: {
      name: archive.name,
      size: archive.size,
      form: archive.form,
      compression: archive.compression,
    },
    images: archive.images.map((image, i) => {
      const { count = 0, name } = bases[i] ?? {};
      const dockerignore = ignores[i];
      return {
        id: image.id,
        names: image.names,
        platform: image.platform,
        created: image.created ?? null,
        layers: image.layers.map(digestOf),
        baseLayers: count,
        ...(name !== undefined && { baseName: name }),
        ...(dockerignore && { dockerignore }),
      };
    }),
    layers: archive.layers.map((layer) => ({
      digest: digestOf(layer.index),
      index:
        archive.images.map((image) => image.layers.indexOf(layer.index)).find((i) => i >= 0) ?? 0,
      createdBy: layer.createdBy,
      compression: layer.compression,
      size: layer.size,
      files: scans[layer.index]?.ledger.files ?? 0,
      blob: layer.blob,
    })),
    findings,
    problems: [
      ...archive.problems.map(withoutEmptyLayer),
      ...(tree.full ? [TOO_MANY_PATHS] : []),
      ...scans.flatMap((scan) => scan?.problems ?? []),
    ],
    totals: {
      files: ledger.files,
      bytes: ledger.bytes,
      seconds: Math.round(Date.now() - startedAt) / 1000,
      bySeverity,
      scanned: {
        text: ledger.text,
        binary: ledger.binary,
        ...ledger.decoded,
        nested: ledger.nested,
      },
      notScanned: ledger.notScanned,
    },
  };
  return { archive, report, trees };
}

/** A layer that nothing names a digest for, and that could not be read, is known by its path alone. */
function withoutEmptyLayer({ layer, ...problem }: Problem): Problem {
  return layer ? { ...problem, layer } : problem;
}

/** Scans all layers of an opened archive; by layer index. */
export type LayersScanner = (
  archive: OpenedArchive,
  onProgress: (progress: LayerProgress) => void,
) => Promise<readonly LayerScan[]>;

/**
 * Scans an archive, in this thread where `scanLayers` is not given. `folder` says that it lay unpacked;
 * `verify` has every layer's digest checked. @throws {ArchiveError} where it cannot be opened.
 */
export async function scanArchive(
  file: ByteSource,
  name: string,
  onProgress: (progress: LayerProgress, archive: OpenedArchive) => void = () => undefined,
  {
    folder = false,
    verify = false,
    scanLayers,
  }: { folder?: boolean; verify?: boolean; scanLayers?: LayersScanner | undefined } = {},
): Promise<ScanResult> {
  const startedAt = Date.now();
  if ((await wrapperOf(file)) !== 'none') {
    const wrapped = await scanWrapped(file, name);
    return assembleScan(file, wrapped.archive, wrapped.scans, startedAt);
  }
  const archive = await openArchive(file, name, folder);
  const show = (progress: LayerProgress): void => onProgress(progress, archive);
  if (scanLayers) {
    return assembleScan(file, archive, await scanLayers(archive, show), startedAt);
  }
  const scans: LayerScan[] = [];
  for (const layer of archive.layers) {
    scans[layer.index] = await scanLayer(file, layer, show, verify);
  }
  return assembleScan(file, archive, scans, startedAt);
}
