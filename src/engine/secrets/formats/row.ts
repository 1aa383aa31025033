/** A row of the table of formats, and the short way in which rows are written. */
import type { ChecksumName } from '../checksums.ts';
import type { Severity } from '../finding.ts';
import type { StructureName } from '../token-structure.ts';

/** A format of secret, as data. */
export interface FormatRow {
  id: string;
  /** Who gives such secrets out; empty where nobody in particular does. */
  provider: string;
  title: string;
  /** See `format-template.ts`. */
  template: string;
  severity: Severity;
  /** Address where it can be revoked, or empty. */
  revoke: string;
  check: ChecksumName | StructureName | undefined;
  /** The check proves a real one, but not every real one passes it. */
  lenient: boolean;
  /**
   * Words one of which must name the value or stand near it, where the shape alone proves nothing;
   * one with `=` before it must be a whole word of the value's own name, one with `==` all of that name.
   */
  context: readonly string[] | undefined;
  /** Words one of which must stand in the value's own name besides. */
  key: readonly string[] | undefined;
  /**
   * Ends of names, their words without signs between, that say what the value is though they announce no
   * secret: `cctestreporterid`.
   */
  names: readonly string[] | undefined;
  /** The check is a checksum over the whole value, so that a right one needs no name; see `bare-tokens.ts`. */
  bare: boolean;
  /** What else to do than to revoke it. */
  step: string | undefined;
}

interface More {
  check?: ChecksumName | StructureName;
  lenient?: true;
  context?: string;
  key?: string;
  names?: string;
  bare?: true;
  step?: string;
}

/** A row; `revoke` without its scheme, lists of words with blanks between. */
export function row(
  id: string,
  provider: string,
  title: string,
  template: string,
  severity: Severity,
  revoke: string,
  more: More = {},
): FormatRow {
  return {
    id,
    provider,
    title,
    template,
    severity,
    revoke: revoke && `https://${revoke}`,
    check: more.check,
    lenient: more.lenient ?? false,
    context: more.context?.split(' '),
    key: more.key?.split(' '),
    names: more.names?.split(' '),
    bare: more.bare ?? false,
    step: more.step,
  };
}
