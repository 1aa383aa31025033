/** Files that are decoded rather than read as they stand: Java classes, Android's code, databases and the like. */
import { looksLikeClass } from '../java/class-file.ts';
import { dexStrings, looksLikeDex } from '../java/dex.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import type { FileKind } from '../secrets/file-kind.ts';
import type { Detection } from '../secrets/finding.ts';
import type { SqliteSchemas } from '../secrets/structured/sqlite-schemas.ts';
import { scanJavaClass } from './scan-java-class.ts';
import { scanStructured, structuredForm } from './scan-structured.ts';

/** The outcome for one file. */
export interface DecodedScan {
  /** As the ledger calls it. */
  what: string;
  detections: Detection[];
  /** Whether it was read to its end; what was not has been scanned as it stands. */
  whole: boolean;
  /** Why it was decoded in part; part of a sentence. The file then wants scanning as it stands, too. */
  error?: string | undefined;
  /** Whether there was more in the file than is listed. */
  capped: boolean;
}

/** What a file is that is decoded only as a whole, with its article; `path` helps where nothing marks it. */
export function decodedForm(start: Uint8Array, path: string): string | undefined {
  return looksLikeDex(start) ? 'code for Android' : structuredForm(start, path);
}

/** Decodes and judges a file of one of these forms; undefined for any other. Never throws. `schemas` as in `scanStructured`. */
export function scanDecoded(
  bytes: Uint8Array,
  kind: FileKind,
  schemas: SqliteSchemas,
): DecodedScan | undefined {
  if (looksLikeClass(bytes))
    return { what: 'Java class', ...scanJavaClass(bytes, kind), whole: true, capped: false };
  const strings = dexStrings(bytes);
  return strings
    ? scanStrings('Android code', strings, kind, 'is a string of code for Android')
    : scanStructured(bytes, kind, schemas);
}

/** Scans strings that were taken out of a file, one a line; `how` they stood there. */
function scanStrings(what: string, strings: Uint8Array, kind: FileKind, how: string): DecodedScan {
  const scanner = new ContentScanner();
  scanner.begin(kind, strings.length);
  scanner.push(strings);
  const detections = scanner
    .end()
    .map(({ offset: _offset, line: _line, column: _column, why, ...rest }) => ({
      ...rest,
      why: [...why, how],
    }));
  return { what, detections, whole: true, capped: scanner.capped };
}
