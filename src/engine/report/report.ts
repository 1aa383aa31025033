/** The findings report, version 1, as other programs read it: `public/schema/porthole-report-1.json`. */
import type { Compression } from '../archive/compression.ts';
import type { Problem } from '../archive/problem.ts';
import type { ArchiveForm } from '../image/model.ts';
import type { BindingKind } from '../python/binding.ts';
import type { SourceVerdict } from '../python/source-check.ts';
import type { Confidence, Severity } from '../secrets/finding.ts';

/** The whole document. */
export interface Report {
  format: 'porthole-report';
  formatVersion: 1;
  tool: { name: string; version: string; rules: number };
  /** ISO 8601, UTC. */
  scannedAt: string;
  secrets: 'redacted' | 'included';
  archive: { name: string; size: number; form: ArchiveForm; compression: Compression };
  images: ReportImage[];
  layers: ReportLayer[];
  findings: Finding[];
  problems: Problem[];
  totals: ReportTotals;
}

export interface ReportImage {
  /** `sha256:<configuration digest>` */
  id: string;
  names: string[];
  platform: string;
  created: string | null;
  /** Diff IDs, base first. */
  layers: string[];
  /** How many of the layers came with the base image, as far as the history tells; 0 where it does not. */
  baseLayers?: number;
  /** The base image's name, where a label gives it. */
  baseName?: string;
  /** What would have kept needless files of the build's context out of the image. */
  dockerignore?: { text: string; files: number; bytes: number };
}

export interface ReportLayer {
  /** `sha256:<diff ID>` */
  digest: string;
  /** Position in the first image that has it, base 0. */
  index: number;
  createdBy: string;
  compression: Compression;
  /** Stored bytes. */
  size: number;
  /** Regular files. */
  files: number;
  blob: string;
}

/** One secret: the same value under the same rule, wherever it stands. */
export interface Finding {
  /** The same for the same secret under the same rule, in every scan of every image. */
  id: string;
  rule: string;
  title: string;
  provider: string;
  /** A secret, odd bytecode, or something the image need not ship. */
  category: FindingCategory;
  severity: Severity;
  confidence: Confidence;
  /** Of what is no secret, its name, and no value. `written` is how the value stands in a text, where that is another way: percent-encoded in a URL. */
  secret: { preview: string; length: number; value?: string; written?: string };
  why: string[];
  facts: Record<string, string>;
  advice: { revoke: string; steps: string[] };
  places: Place[];
}

/** What a finding is about. */
export type FindingCategory = 'secret' | 'bytecode' | 'hygiene';

/** Whether what stands at a place can still be seen in an image, or only dug out of its layers. */
export type PlaceState = 'present' | 'deleted' | 'replaced';

/** A place as one image has it. */
export interface PlaceImage {
  id: string;
  state: PlaceState;
  /** Whether its layer came with the base image or was built on top; absent where nothing tells. */
  origin?: 'base' | 'built';
}

export interface Place {
  kind: 'file' | 'environment' | 'history' | 'label' | 'config';
  /** Diff ID, or null where it stands in the image configuration. */
  layer: string | null;
  images: PlaceImage[];
  /** In the layer, without a leading slash. */
  path?: string;
  /** The variable, the label, or the number of the history step. */
  key?: string;
  /** Diff ID of the layer that the history step made; absent where it made none. */
  stepLayer?: string;
  /** Bytes from the start of the file. */
  offset?: number;
  line?: number;
  column?: number;
  python?: PythonPlace;
}

export interface PythonPlace {
  version: string;
  qualname: string;
  name: string;
  binding: BindingKind;
  line: number | null;
  source: SourceVerdict;
  /** The path of the source it was compared with, where there is one. */
  sourcePath?: string;
}

export interface ReportTotals {
  files: number;
  bytes: number;
  seconds: number;
  bySeverity: Partial<Record<Severity, number>>;
  /** What was scanned, as what, and what was not and why. */
  scanned?: Record<string, { files: number; bytes: number }>;
  notScanned?: Record<string, { files: number; bytes: number }>;
}
