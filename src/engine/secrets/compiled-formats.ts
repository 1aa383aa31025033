/** The table of formats ready for use: matchers and rules are made when first needed. */
import { stepsOf } from './advice.ts';
import type { Rule } from './finding.ts';
import { FORMATS, type FormatRow } from './formats.ts';
import { classOf } from './format-alphabets.ts';
import { Template } from './format-template.ts';

/** A format ready to be matched. */
export class Format {
  readonly row: FormatRow;
  readonly template: Template;
  #rule: Rule | undefined;

  constructor(row: FormatRow) {
    this.row = row;
    this.template = new Template(row.template);
  }

  get rule(): Rule {
    return (this.#rule ??= ruleOf(this.row));
  }

  /**
   * How much a match says: bits of what is fixed, less the bits of what is free where two have as much
   * fixed. Of two formats that match the same text the one with more is meant.
   */
  get specificity(): number {
    const free = this.template.parts.reduce(
      (bits, part) =>
        bits + (part.kind === 'run' ? part.max * Math.log2(classOf(part.alphabet).length) : 0),
      0,
    );
    return this.template.literalLength - free / 1e6;
  }
}

function ruleOf(row: FormatRow): Rule {
  const { id, title, provider, severity, revoke } = row;
  return { id, title, provider, severity, revoke, steps: stepsOf(row) };
}

const COMPILED: readonly Format[] = FORMATS.map((row) => new Format(row));
const BY_ID = new Map(COMPILED.map((format) => [format.row.id, format]));

/** Formats that only a name makes safe: they match whole values. */
export const CONTEXTUAL: readonly Format[] = COMPILED.filter(({ row }) => row.context);
/** Those of them whose checksum makes them safe without a name. */
export const BARE: readonly Format[] = CONTEXTUAL.filter(({ row }) => row.bare);
/** Formats that are recognised by themselves. */
export const SELF_EVIDENT: readonly Format[] = COMPILED.filter(({ row }) => !row.context);

/** The format of an id; undefined for rules that are no rows of the table. */
export function formatOf(id: string): Format | undefined {
  return BY_ID.get(id);
}
