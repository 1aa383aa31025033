/** From detections, layer by layer, to findings: one for each secret, with every place where it stands. */
import { pathText } from '../archive/tar-fields.ts';
import { nameBytesOf } from '../image/entry-table.ts';
import type { Image } from '../image/model.ts';
import { findingId } from '../report/finding-id.ts';
import type { Finding, Place, PythonPlace } from '../report/report.ts';
import { settleDisputed } from '../secrets/disputed-place.ts';
import { type Confidence, type Detection, SEVERITIES } from '../secrets/finding.ts';
import { asCanary } from '../secrets/facts/facts-of.ts';
import { noteSigningKeys } from '../secrets/facts/signing-keys.ts';
import { noteSigningSecrets, provenValues } from '../secrets/facts/signing-secrets.ts';
import { noteOpenedKeys } from '../secrets/opened-keys.ts';
import { preview } from '../secrets/preview.ts';
import { noteJenkins } from '../secrets/stored/jenkins.ts';
import type { SourceComparison } from './compare-in-archive.ts';
import { HardLinks, type LayerRow } from './hard-links.ts';
import { placeState } from './place-state.ts';
import type { OwnCode, OwnCodeSources } from './own-code.ts';
import type { OddBytecode } from './examine-bytecode.ts';
import type { Needless } from './image-hygiene.ts';
import { needlessFindings, oddBytecodeFindings, type PlaceOf } from './note-findings.ts';
import type { ConfigurationDetection } from './scan-configuration.ts';
import type { LayerDetection, LayerScan } from './scan-layer.ts';

interface Gathered {
  detection: Detection;
  place: Place;
}

const CONFIDENCES: readonly Confidence[] = ['certain', 'high', 'medium', 'low'];

/** Everything that findings are made of. */
export interface FindingSources extends OwnCodeSources {
  comparisons: ReadonlyMap<LayerDetection, SourceComparison>;
  oddBytecode: readonly OddBytecode[];
  needless: readonly Needless[];
  own: OwnCode;
  configurations: readonly ConfigurationDetection[][];
}

/** The findings, most severe first. */
export function assembleFindings(from: FindingSources): Finding[] {
  const bySecret = new Map<string, Gathered[]>();
  const candidates = new Map<string, Gathered[]>();
  const gather = (detection: Detection, place: Place): void => {
    // One value is one secret: the best of the rules that met it names it.
    const to = detection.candidate ? candidates : bySecret;
    const list = to.get(detection.value);
    if (list) list.push({ detection, place });
    else to.set(detection.value, [{ detection, place }]);
  };
  const links = new HardLinks(from.archive, from.scans, from.tree, from.nodes, from.fileSystems);
  for (const scan of from.scans) {
    for (const found of scan?.detections ?? []) {
      // A file that has several names is still there as long as one of them is.
      for (const name of links.namesOf((scan as LayerScan).layer, found.row)) {
        const place = filePlace(from, found, name);
        const reason = from.own.reason(name.layer, place.path ?? '', found.detection);
        const settled = settleDisputed(found.detection, reason);
        if (settled) gather(settled, place);
      }
    }
  }
  from.configurations.forEach((found, index) => {
    const image = from.archive.images[index];
    if (!image) return;
    for (const one of found) gather(one.detection, configurationPlace(from, image, one));
  });
  const place: PlaceOf = (layer, row, path) => rowPlace(from, layer, row, path);
  for (const value of provenValues([...candidates.keys()], [...bySecret.keys()]))
    if (!bySecret.has(value)) bySecret.set(value, candidates.get(value) ?? []);
  const secrets = [...bySecret].map(([value, gathered]) => finding(value, gathered));
  noteJenkins(secrets);
  noteSigningSecrets(secrets);
  noteSigningKeys(secrets);
  noteOpenedKeys(secrets);
  const findings: Finding[] = [
    ...secrets,
    ...oddBytecodeFindings(from.oddBytecode, place),
    ...needlessFindings(from.needless, place),
  ];
  return findings.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
      b.places.length - a.places.length ||
      (a.id < b.id ? -1 : 1),
  );
}

/** A place in an image's configuration; of a step of its history, beside the layer that the step made. */
function configurationPlace(
  { archive, scans }: FindingSources,
  image: Image,
  { kind, key }: ConfigurationDetection,
): Place {
  const place: Place = { kind, layer: null, images: [{ id: image.id, state: 'present' }], key };
  const position = kind === 'history' ? image.history[Number(key) - 1]?.layer : undefined;
  const index = image.layers[position ?? -1] ?? -1;
  const stepLayer = scans[index]?.digest ?? archive.layers[index]?.digest;
  return stepLayer ? { ...place, stepLayer } : place;
}

/** What stands in a row of a layer, in each image that has the layer. */
function rowPlace(from: FindingSources, layer: number, row: number, path: string): Place {
  const scan = from.scans[layer] as LayerScan;
  return {
    kind: 'file',
    layer: scan.digest,
    images: from.archive.images.flatMap((image, i) => {
      // A layer may occur twice in an image; its last occurrence is what is seen.
      const position = image.layers.lastIndexOf(layer);
      const fs = from.fileSystems[i];
      if (position < 0 || !fs) return [];
      const state = placeState(fs, position, row);
      const base = from.baseCounts[i] ?? 0;
      const origin = position < base ? ('base' as const) : ('built' as const);
      return [{ id: image.id, state, ...(base > 0 && { origin }) }];
    }),
    path,
  };
}

function filePlace(from: FindingSources, found: LayerDetection, { layer, row }: LayerRow): Place {
  const { detection, bytecode } = found;
  const node = from.nodes[layer]?.[row] ?? -1;
  const path =
    (node > 0 ? from.tree.path(node) : entryName(from, layer, row)) +
    (found.inside ? `!/${found.inside}` : '');
  const place = rowPlace(from, layer, row, path);
  if (detection.offset !== undefined) place.offset = detection.offset;
  if (detection.line !== undefined) place.line = detection.line;
  if (detection.column !== undefined) place.column = detection.column;
  if (bytecode) {
    const comparison = found.comparison ?? from.comparisons.get(found) ?? { verdict: 'unknown' };
    const python: PythonPlace = {
      ...bytecode.python,
      line: bytecode.python.line || null,
      source: comparison.verdict,
    };
    if (comparison.path !== undefined) python.sourcePath = comparison.path;
    place.python = python;
  }
  return place;
}

/** The name of an entry that has no place in the tree. */
function entryName({ scans }: FindingSources, layer: number, row: number): string {
  const table = scans[layer]?.table;
  return table ? pathText(nameBytesOf(table, row)) : '';
}

function finding(
  value: string,
  gathered: Gathered[],
): Finding & { secret: { value: string; preview: string } } {
  const detection = bestOf(gathered.map((one) => one.detection));
  const { rule } = detection;
  const why = [...detection.why];
  const differs = gathered.find(({ place }) => place.python?.source === 'differs');
  if (differs)
    why.push(`the source ${differs.place.python?.sourcePath ?? ''} does not hold this value`);
  else if (gathered.some(({ place }) => place.python?.source === 'missing')) {
    why.push('the image has no source for this bytecode');
  }
  const places = mergePlaces(gathered.map(({ place }) => place));
  settleStates(places);
  return {
    id: findingId(rule.id, value),
    rule: rule.id,
    title: rule.title,
    provider: rule.provider,
    category: 'secret',
    severity: detection.severity,
    confidence: detection.confidence,
    secret: { preview: preview(value), length: value.length, value, ...writtenAs(gathered) },
    why,
    facts: detection.facts,
    advice: { revoke: rule.revoke, steps: [...rule.steps, ...moreSteps(places)] },
    places,
  };
}

/** The most severe of a value's detections, with what the others know of it as well. */
function bestOf(detections: readonly Detection[]): Detection {
  const best = detections.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const facts = { ...best.facts };
  for (const other of detections) {
    // Half of what contradicts would be of another thing.
    const agrees = Object.entries(other.facts).every(
      ([key, fact]) => fact === (facts[key] ?? fact),
    );
    if (agrees) Object.assign(facts, other.facts);
  }
  const whole = { ...best, facts };
  return isCanary(whole) && !isCanary(best) ? asCanary(whole) : whole;
}

function isCanary({ facts }: Detection): boolean {
  return facts['canary'] !== undefined;
}

function writtenAs(gathered: readonly Gathered[]): { written?: string } {
  const written = gathered.find(({ detection }) => detection.written !== undefined)?.detection
    .written;
  return written === undefined ? {} : { written };
}

function rank(detection: Detection): number {
  return SEVERITIES.indexOf(detection.severity) * 10 + CONFIDENCES.indexOf(detection.confidence);
}

function moreSteps(places: readonly Place[]): string[] {
  const steps: string[] = [];
  if (places.some(({ python }) => python)) {
    steps.push('Add **/__pycache__ and *.pyc to .dockerignore, and build from a clean checkout.');
  }
  const origins = places.flatMap(({ images }) => images.map(({ origin }) => origin));
  if (origins.length > 0 && origins.every((origin) => origin === 'base')) {
    steps.push(
      'It came with the base image: tell its maintainers, and look for a base without it.',
    );
  }
  return steps;
}

/** The same place in the configurations of several images is one place of all of them. */
function mergePlaces(places: readonly Place[]): Place[] {
  const merged = new Map<string, Place>();
  for (const place of places) {
    const key = [
      place.kind,
      place.layer,
      place.path,
      place.key,
      place.stepLayer,
      place.offset,
      place.line,
      place.python?.qualname,
      place.python?.name,
    ].join('\0');
    const known = merged.get(key);
    if (!known) merged.set(key, { ...place, images: [...place.images] });
    else {
      for (const image of place.images) {
        const same = known.images.find(({ id }) => id === image.id);
        if (!same) known.images.push(image);
        // A path that stands twice in a layer, with the secret both times.
        else if (image.state === 'present') same.state = 'present';
      }
    }
  }
  return [...merged.values()];
}

/** A file written again with the same secret in it has not been replaced: it can still be seen. */
function settleStates(places: readonly Place[]): void {
  const key = (place: Place, image: string): string => `${image} ${place.path ?? ''}`;
  const seen = new Set<string>();
  for (const place of places) {
    for (const { id, state } of place.images) if (state === 'present') seen.add(key(place, id));
  }
  for (const place of places) {
    for (const image of place.images) {
      if (image.state === 'replaced' && seen.has(key(place, image.id))) image.state = 'present';
    }
  }
}
