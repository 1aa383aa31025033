/** Reading a report back: strictly what this program needs of it, with a sentence for what is off. */
import { MAX_REPORT } from '../archive/limits.ts';
import { looksLikeTar } from '../archive/tar-fields.ts';
import { field, type Json, list, parseJson, text, texts } from '../image/json.ts';
import { SEVERITIES } from '../secrets/finding.ts';
import type { Finding, Place, Report } from './report.ts';

/** Thrown with a full sentence where a document is no report that can be shown. */
export class ReportError extends Error {}

/** Whether a file's first 512 bytes look like a JSON document, and are no tar whose first name begins like one. */
export function looksLikeJson(start: Uint8Array): boolean {
  const first = new TextDecoder()
    .decode(start.subarray(0, 64))
    .replace(/^\ufeff/, '')
    .trimStart()[0];
  return first === '{' && !looksLikeTar(start);
}

/** Parses and checks a report. @throws {ReportError} */
export function readReport(bytes: Uint8Array): Report {
  if (bytes.length > MAX_REPORT)
    throw new ReportError('This report is larger than any that can be shown.');
  const json = parseJson(bytes);
  if (json === undefined) throw new ReportError('This file is not valid JSON.');
  if (text(json, 'format') !== 'porthole-report') {
    throw new ReportError('This is a JSON file, but not a findings report of Porthole.');
  }
  const version = field(json, 'formatVersion');
  if (version !== 1) {
    throw new ReportError(
      `This report has format version ${JSON.stringify(version ?? null)}; this program reads version 1.`,
    );
  }
  for (const name of ['images', 'layers', 'findings', 'problems']) {
    if (!Array.isArray(field(json, name)))
      throw new ReportError(`This report lacks its list of ${name}.`);
  }
  for (const name of ['archive', 'totals', 'tool']) {
    const value = field(json, name);
    if (value === null || typeof value !== 'object')
      throw new ReportError(`This report lacks its ${name}.`);
  }
  const report = json as unknown as Report;
  const archive = field(json, 'archive');
  const totals = field(json, 'totals');
  const tool = field(json, 'tool');
  return {
    ...report,
    tool: {
      name: text(tool, 'name'),
      version: text(tool, 'version'),
      rules: number(tool, 'rules'),
    },
    archive: {
      name: text(archive, 'name'),
      size: number(archive, 'size'),
      form: (text(archive, 'form') || 'docker-archive') as Report['archive']['form'],
      compression: (text(archive, 'compression') || 'none') as Report['archive']['compression'],
    },
    totals: {
      files: number(totals, 'files'),
      bytes: number(totals, 'bytes'),
      seconds: number(totals, 'seconds'),
      bySeverity: counts(field(totals, 'bySeverity')),
      ...counted(totals, 'scanned'),
      ...counted(totals, 'notScanned'),
    },
    secrets: text(json, 'secrets') === 'included' ? 'included' : 'redacted',
    images: list(json, 'images').map((image) => ({
      id: text(image, 'id'),
      names: texts(image, 'names'),
      platform: text(image, 'platform'),
      created: text(image, 'created') || null,
      layers: texts(image, 'layers'),
      baseLayers: number(image, 'baseLayers'),
      ...(text(image, 'baseName') && { baseName: text(image, 'baseName') }),
      ...readIgnore(field(image, 'dockerignore')),
    })),
    layers: list(json, 'layers').map((layer) => ({
      digest: text(layer, 'digest'),
      index: number(layer, 'index'),
      createdBy: text(layer, 'createdBy'),
      compression: (text(layer, 'compression') ||
        'none') as Report['layers'][number]['compression'],
      size: number(layer, 'size'),
      files: number(layer, 'files'),
      blob: text(layer, 'blob'),
    })),
    findings: list(json, 'findings').map(readFinding),
    problems: list(json, 'problems').map((problem) => ({
      code: text(problem, 'code'),
      message: text(problem, 'message'),
      ...(text(problem, 'layer') && { layer: text(problem, 'layer') }),
      ...(text(problem, 'path') && { path: text(problem, 'path') }),
    })),
  };
}

function readIgnore(json: Json | undefined): Pick<Report['images'][number], 'dockerignore'> {
  const lines = text(json, 'text');
  if (lines === '') return {};
  const dockerignore = { text: lines, files: number(json, 'files'), bytes: number(json, 'bytes') };
  return { dockerignore };
}

function counts(json: Json | undefined): Report['totals']['bySeverity'] {
  const out: Report['totals']['bySeverity'] = {};
  for (const severity of SEVERITIES) {
    const count = number(json, severity);
    if (count > 0) out[severity] = count;
  }
  return out;
}

/** One of the ledger's tables, where the report has it. */
function counted(
  totals: Json | undefined,
  name: 'scanned' | 'notScanned',
): Partial<Report['totals']> {
  const json = field(totals, name);
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return {};
  const table = Object.entries(json).map(([key, value]) => [
    key,
    { files: number(value, 'files'), bytes: number(value, 'bytes') },
  ]);
  return { [name]: Object.fromEntries(table) as Record<string, { files: number; bytes: number }> };
}

const CATEGORIES: readonly Finding['category'][] = ['secret', 'bytecode', 'hygiene'];

function readFinding(json: Json): Finding {
  const severity = text(json, 'severity');
  if (!(SEVERITIES as readonly string[]).includes(severity)) {
    throw new ReportError(`A finding of this report has the unknown severity “${severity}”.`);
  }
  if (text(json, 'id') === '') throw new ReportError('A finding of this report has no id.');
  const secret = field(json, 'secret');
  const advice = field(json, 'advice');
  const value = field(secret, 'value');
  const facts = field(json, 'facts');
  return {
    id: text(json, 'id'),
    rule: text(json, 'rule'),
    title: text(json, 'title') || text(json, 'rule'),
    provider: text(json, 'provider'),
    category: CATEGORIES.find((category) => category === text(json, 'category')) ?? 'secret',
    severity: severity as Finding['severity'],
    confidence: (text(json, 'confidence') || 'low') as Finding['confidence'],
    secret: {
      preview: text(secret, 'preview'),
      length: number(secret, 'length'),
      ...(typeof value === 'string' && { value }),
      ...(text(secret, 'written') && { written: text(secret, 'written') }),
    },
    why: texts(json, 'why'),
    facts: Object.fromEntries(
      Object.entries(facts && typeof facts === 'object' && !Array.isArray(facts) ? facts : {}).map(
        ([key, fact]) => [key, typeof fact === 'string' ? fact : JSON.stringify(fact)],
      ),
    ),
    // A report is a stranger's file: only an address that a browser opens safely becomes a link.
    advice: { revoke: safeAddress(text(advice, 'revoke')), steps: texts(advice, 'steps') },
    places: list(json, 'places').map(readPlace),
  };
}

function readPlace(json: Json): Place {
  const python = field(json, 'python');
  const place: Place = {
    kind: (text(json, 'kind') || 'file') as Place['kind'],
    layer: text(json, 'layer') || null,
    images: list(json, 'images').map((image) => ({
      id: text(image, 'id'),
      state: (text(image, 'state') || 'present') as Place['images'][number]['state'],
      ...(/^(base|built)$/.test(text(image, 'origin')) && {
        origin: text(image, 'origin') as 'base' | 'built',
      }),
    })),
  };
  if (text(json, 'path')) place.path = text(json, 'path');
  if (text(json, 'key')) place.key = text(json, 'key');
  if (text(json, 'stepLayer')) place.stepLayer = text(json, 'stepLayer');
  for (const name of ['offset', 'line', 'column'] as const) {
    if (typeof field(json, name) === 'number') place[name] = number(json, name);
  }
  if (python && typeof python === 'object') {
    const line = typeof field(python, 'line') === 'number' ? number(python, 'line') : null;
    place.python = {
      version: text(python, 'version'),
      qualname: text(python, 'qualname'),
      name: text(python, 'name'),
      binding: (text(python, 'binding') || 'none') as NonNullable<Place['python']>['binding'],
      line,
      source: (text(python, 'source') || 'unknown') as NonNullable<Place['python']>['source'],
      ...(text(python, 'sourcePath') && { sourcePath: text(python, 'sourcePath') }),
    };
  }
  return place;
}

/** A count or a size; 0 where there is none. @throws {ReportError} for one that nothing can have. */
function number(json: Json | undefined, name: string): number {
  const value = field(json, name);
  if (typeof value !== 'number') return 0;
  if (value < 0 || value > Number.MAX_SAFE_INTEGER)
    throw new ReportError(`This report is damaged: the number ${value} cannot be its “${name}”.`);
  return value;
}

function safeAddress(address: string): string {
  return /^https:\/\//.test(address) ? address : '';
}
