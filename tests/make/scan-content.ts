/** What the content scanner finds in one file, for tests. */
import { ContentScanner } from '../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../src/engine/secrets/finding.ts';

/** Scans text or bytes as the file at `path`: whole, or in pieces of so many bytes. */
export function scanContent(content: string | Uint8Array, path: string, pieces = 0): Detection[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  if (pieces === 0) scanner.push(bytes);
  else
    for (let at = 0; at < bytes.length; at += pieces) scanner.push(bytes.subarray(at, at + pieces));
  return scanner.end();
}
