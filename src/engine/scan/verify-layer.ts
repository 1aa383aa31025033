/** Whether a layer is what the image's configuration says: the digest of its uncompressed bytes. */
import type { ByteSource } from '../archive/read-blob.ts';
import { decompress } from '../archive/decompress.ts';
import type { Problem } from '../archive/problem.ts';
import { Sha256, toHex } from '../archive/sha256.ts';
import { layerBytes } from '../image/layer-bytes.ts';
import type { Layer } from '../image/model.ts';

/** Says that a layer is not what the image's configuration says it is. */
export function digestMismatch(layer: Layer, found: string): Problem {
  return {
    code: 'diff-id-mismatch',
    message: `This layer's digest is ${found}, which is not what the image's configuration says: it was damaged or exchanged.`,
    layer: layer.digest,
    path: layer.blob,
  };
}

/** A sentence that says why a layer does not verify; undefined where its digest is right. */
export async function verifyLayer(file: ByteSource, layer: Layer): Promise<string | undefined> {
  if (layer.unreadable) return 'This layer cannot be read.';
  if (layer.digest === '') return 'Nothing names a digest for this layer.';
  const problems: Problem[] = [];
  const sum = new Sha256();
  const stored = layerBytes(file, layer);
  for await (const piece of decompress(stored, layer.compression, (p) => problems.push(p))) {
    sum.update(piece);
  }
  const found = `sha256:${toHex(sum.digest())}`;
  if (found === layer.digest) return undefined;
  return (problems[0] ?? digestMismatch(layer, found)).message;
}
