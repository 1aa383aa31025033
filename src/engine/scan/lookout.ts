/** A way through archives that looks for one file and not for secrets: for the viewer. */
import type { ContentScanner } from '../secrets/content-scanner.ts';

/** Looks for one file inside another, in place of secrets. */
export interface Lookout {
  /** The file's path, as `FileDetection.inside` has it. */
  inside: string;
  /** Its bytes, as they come; they may change afterwards. */
  take(bytes: Uint8Array): void;
  /** Its end; what this throws ends the search. */
  end(): void;
}

/** What scans contents. */
export type Contents = Pick<
  ContentScanner,
  'begin' | 'push' | 'end' | 'binary' | 'modules' | 'capped' | 'unread' | 'candidates'
>;

/** Finds nothing in contents, so that only the way through archives is left. */
export const BLIND: Contents = {
  begin: () => undefined,
  push: () => undefined,
  end: () => [],
  binary: true,
  modules: true,
  capped: false,
  unread: [],
  candidates: [],
};
