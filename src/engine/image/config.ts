/** An image's configuration (OCI image-spec, config.md; Docker's own has the same fields). */
import { field, type Json, list, text, textEntries, texts } from './json.ts';
import type { HistoryStep } from './model.ts';

/** What a configuration says of an image. */
export interface ImageConfig {
  platform: string;
  created: string | undefined;
  author: string | undefined;
  /** `sha256:<diff ID>` of its layers, base first; empty where what stands there is no such digest. */
  diffIds: string[];
  history: HistoryStep[];
  env: string[];
  labels: [string, string][];
  entrypoint: string[];
  command: string[];
  /** Other commands that it holds, by what runs them: health checks, triggers for images built on it. */
  otherCommands: [string, string][];
  workingDir: string;
  user: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads a configuration; fields that are absent or of another type come out empty. */
export function readConfig(json: Json): ImageConfig {
  const config = field(json, 'config');
  const platform = [text(json, 'os'), text(json, 'architecture'), text(json, 'variant')];
  let layer = 0;
  const history = list(json, 'history').map((step): HistoryStep => {
    const empty = field(step, 'empty_layer') === true;
    return {
      createdBy: text(step, 'created_by'),
      created: text(step, 'created') || undefined,
      comment: text(step, 'comment') || undefined,
      author: text(step, 'author') || undefined,
      layer: empty ? undefined : layer++,
    };
  });
  return {
    platform: platform.filter(Boolean).join('/'),
    created: text(json, 'created') || undefined,
    author: text(json, 'author') || undefined,
    diffIds: list(field(json, 'rootfs'), 'diff_ids').map((id) =>
      typeof id === 'string' && DIGEST.test(id) ? id : '',
    ),
    history,
    env: texts(config, 'Env'),
    labels: textEntries(field(config, 'Labels')),
    entrypoint: texts(config, 'Entrypoint'),
    command: texts(config, 'Cmd'),
    otherCommands: [
      ['Healthcheck', texts(field(config, 'Healthcheck'), 'Test').join(' ')],
      ['OnBuild', texts(config, 'OnBuild').join('\n')],
    ],
    workingDir: text(config, 'WorkingDir'),
    user: text(config, 'User'),
  };
}

/**
 * A history step as a person would have written it: without the classic builder's `/bin/sh -c #(nop)`
 * and BuildKit's trailing remark. Build arguments (`|1 KEY=value`) stay.
 */
export function instruction(createdBy: string): string {
  const line = createdBy
    .replace(/\s+/g, ' ')
    .replace(/ # buildkit$/, '')
    .trim();
  const nop = /^\/bin\/sh -c #\(nop\) ?/.exec(line);
  if (nop) return line.slice(nop[0].length).trim();
  return line
    .replace(/^\/bin\/sh -c /, 'RUN ')
    .replace(/^(\|\d+ )/, 'RUN $1')
    .replace(/^RUN \/bin\/sh -c /, 'RUN ');
}
