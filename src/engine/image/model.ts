/** The nouns of an opened archive: images, layers, and what their configuration says. */
import type { Compression } from '../archive/compression.ts';
import type { Problem } from '../archive/problem.ts';

/** The form of an archive, as the report names it. */
export type ArchiveForm =
  'docker-archive' | 'oci-archive' | 'oci-layout' | 'docker-dir' | 'rootfs' | 'layer';

/** One step of an image's history, oldest first. */
export interface HistoryStep {
  /** The instruction as the builder wrote it. */
  createdBy: string;
  created: string | undefined;
  comment: string | undefined;
  author: string | undefined;
  /** Position in the image's `layers`, or undefined for a step that made none (ENV, CMD). */
  layer: number | undefined;
}

/** One layer as it lies in the archive; images that share a layer share this object's index. */
export interface Layer {
  /** Position in `OpenedArchive.layers`. */
  index: number;
  /** `sha256:<diff ID>`, the digest of the uncompressed tar; empty until computed where nothing names it. */
  digest: string;
  /** The name of its blob in the archive, or empty where the file itself is the layer. */
  blob: string;
  /** Where its stored bytes are, in bytes from the start of the (unwrapped) archive. */
  start: number;
  /** Stored, possibly compressed, bytes. */
  size: number;
  compression: Compression;
  /** True where the archive as a whole is compressed, so that `start` counts in what is inside it. */
  insideCompressed: boolean;
  /** The instruction that made it, shortened for reading (`COPY . /app`). */
  createdBy: string;
  created: string | undefined;
  /** Why its content cannot be read, where it can't: `foreign`, `absent`, `encrypted`, `not-a-tar`, `sparse`. */
  unreadable?: string;
}

/** One image: a configuration and the layers it names, base first. */
export interface Image {
  /**
   * `sha256:<digest of the configuration>`; where an image before it has the same and other layers, a digest of the
   * configuration's and the layers' names.
   */
  id: string;
  names: string[];
  /** `linux/amd64`, `linux/arm/v7`; empty where nothing says. */
  platform: string;
  created: string | undefined;
  author: string | undefined;
  /** Indexes into `OpenedArchive.layers`, base first. */
  layers: number[];
  history: HistoryStep[];
  env: string[];
  labels: [string, string][];
  entrypoint: string[];
  command: string[];
  /** Other commands of the configuration, by what runs them. */
  otherCommands?: [string, string][];
  workingDir: string;
  user: string;
}

/** A `docker save` tarball, or its like, opened: what is in it, before any layer is read. */
export interface OpenedArchive {
  name: string;
  /** Bytes of the file. */
  size: number;
  form: ArchiveForm;
  /** Compression around the whole archive. */
  compression: Compression;
  images: Image[];
  layers: Layer[];
  /** Provenance and lists of contents that builders attach to images. */
  attestations: Attestation[];
  problems: Problem[];
}

/** A statement about an image (in-toto), as a builder wrote it. */
export interface Attestation {
  /** Path of its blob. */
  blob: string;
  /** `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`. */
  type: string;
  text: string;
}
