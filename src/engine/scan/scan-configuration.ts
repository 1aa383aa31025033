/** Secrets in an image's configuration: environment, labels, history, entry point and command. */
import { instruction } from '../image/config.ts';
import type { Attestation, HistoryStep, Image, Layer } from '../image/model.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import { CONFIGURATION } from '../secrets/file-kind.ts';
import type { Detection, NamedValue } from '../secrets/finding.ts';
import { detectNamed } from '../secrets/named-values.ts';

/** Where in a configuration a secret stands. */
export type ConfigurationPlace = 'environment' | 'history' | 'label' | 'config';

/** A detection in a configuration. */
export interface ConfigurationDetection {
  kind: ConfigurationPlace;
  /** The variable, the label, or the number of the history step (from 1). */
  key: string;
  detection: Detection;
}

/** Judges what builders attach to images: provenance holds build arguments in clear. */
export function scanAttestations(attestations: readonly Attestation[]): ConfigurationDetection[] {
  return attestations.flatMap(({ text, type }) =>
    inText('config', `attestation ${type}`.trim(), text),
  );
}

/** The history of an image whose configuration has none (`docker save` before 1.10): what its layers say made them. */
export function stepsOfLayers(image: Image, layers: readonly Layer[]): HistoryStep[] {
  const steps = image.layers.map((index, layer): HistoryStep => {
    const { createdBy = '', created } = layers[index] ?? {};
    return { createdBy, created, comment: undefined, author: undefined, layer };
  });
  return steps.some(({ createdBy }) => createdBy !== '') ? steps : [];
}

/** Judges everything in a configuration that a person may have put a secret into. */
export function scanConfiguration(image: Image): ConfigurationDetection[] {
  const environment = image.env.map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0
      ? { key: entry, value: '' }
      : { key: entry.slice(0, equals), value: entry.slice(equals + 1) };
  });
  const labels = image.labels.map(([key, value]) => ({ key, value }));
  return [
    ...named('environment', environment, 'set as an environment variable of every container'),
    ...named('label', labels, 'set as a label of the image'),
    ...image.history.flatMap((step, i) => inStep(step, `${i + 1}`)),
    ...inText('config', 'Entrypoint', image.entrypoint.join(' ')),
    ...inText('config', 'Cmd', image.command.join(' ')),
    ...(image.otherCommands ?? []).flatMap(([key, text]) => inText('config', key, text)),
  ];
}

/** What a step says, and what it sets, whose values may have blanks that nothing encloses. */
function inStep({ createdBy, comment = '' }: HistoryStep, key: string): ConfigurationDetection[] {
  const said = [words(createdBy), comment].flatMap((text) => inText('history', key, text));
  const set = detectNamed(variables(createdBy), CONFIGURATION)
    .filter(({ detection: { value } }) => !said.some(({ detection }) => detection.value === value))
    .map(({ detection }) => ({ kind: 'history' as const, key, detection }));
  return [...said, ...set];
}

const SETS = /^(?:(?:ENV|ARG) |RUN \|\d+ )(.{1,65535}?)(?: \/bin\/\w+ -\w+ |$)/;

/** Variables that `ENV`, `ARG` or a build's arguments set to values with blanks, as builders write them: `NAME=some words`. */
function variables(createdBy: string): NamedValue[] {
  const pairs = SETS.exec(instruction(createdBy))?.[1]?.split(/ (?=[A-Za-z_]\w*=)/) ?? [];
  return pairs.flatMap((pair): NamedValue[] => {
    const [, name = '', value = ''] = /^([A-Za-z_]\w*)=([^"']+ [^"']+)$/.exec(pair) ?? [];
    return value === '' ? [] : [{ name, value, where: '', context: [], exact: true }];
  });
}

const GO_LIST = /^(?:CMD|ENTRYPOINT|HEALTHCHECK|SHELL)\b/;
const ITEM = /"((?:[^"\\]|\\.){0,4096})"/g;

/** A step whose list of words is written as Go prints it, `["run" "--token" "…"]`, as its words. */
function words(createdBy: string): string {
  if (!createdBy.includes('" "') || !GO_LIST.test(instruction(createdBy))) return createdBy;
  return Array.from(createdBy.matchAll(ITEM), ([, word = '']) =>
    word.replace(/\\(["\\])/g, '$1'),
  ).join(' ');
}

function named(
  kind: ConfigurationPlace,
  pairs: readonly { key: string; value: string }[],
  where: string,
): ConfigurationDetection[] {
  const values = pairs.map(({ key, value }): NamedValue => {
    return { name: key, value, where, context: [], exact: true };
  });
  return detectNamed(values, CONFIGURATION).map(({ detection, index }) => {
    return { kind, key: pairs[index]?.key ?? '', detection };
  });
}

function inText(kind: ConfigurationPlace, key: string, text: string): ConfigurationDetection[] {
  if (text === '') return [];
  const bytes = new TextEncoder().encode(text);
  const scanner = new ContentScanner();
  scanner.begin(CONFIGURATION, bytes.length);
  scanner.push(bytes);
  return scanner.end().map((detection) => {
    delete detection.offset;
    delete detection.line;
    delete detection.column;
    return { kind, key, detection };
  });
}
