/** Examples of secret formats, made from their templates: fixed parts and a generated body, never a real one. */
import { checksumOf } from '../../src/engine/secrets/checksums.ts';
import { classOf } from '../../src/engine/secrets/format-alphabets.ts';
import { Template, type TemplatePart } from '../../src/engine/secrets/format-template.ts';
import type { FormatRow } from '../../src/engine/secrets/formats.ts';
import { hasStructure, isStructure } from '../../src/engine/secrets/token-structure.ts';
import { structured } from './structured-tokens.ts';

/** A generator that gives the same numbers for the same seed; from 0 to 1. */
export type Numbers = () => number;

function numbers(seed: number): Numbers {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

function seedOf(row: FormatRow): number {
  return Array.from(row.id).reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) >>> 0;
}

/** Characters drawn from a run's alphabet, as many as it says. */
function drawn(part: TemplatePart & { kind: 'run' }, next: Numbers): string {
  const characters = classOf(part.alphabet);
  const length = part.min + Math.floor(next() * (part.max - part.min + 1));
  let text = '';
  for (let i = 0; i < length; i++) text += characters[Math.floor(next() * characters.length)] ?? '';
  return text;
}

function fill(parts: readonly TemplatePart[], row: FormatRow, next: Numbers): string {
  const first = parts[0];
  const literal = first?.kind === 'literal' ? (first.texts[0] ?? '') : '';
  let text = '';
  for (const part of parts) {
    if (part.kind === 'literal') text += part.texts[Math.floor(next() * part.texts.length)] ?? '';
    else if (part.check && row.check && !isStructure(row.check))
      text += checksumOf(row.check, text, literal);
    else text += drawn(part, next);
  }
  return text;
}

/** An example of a format, its checksum and structure right where it has them. */
export function exampleOf(row: FormatRow, seed = 1): string {
  const template = new Template(row.template);
  const next = numbers(seedOf(row) + seed);
  for (let attempt = 0; attempt < 5000; attempt++) {
    const plain = fill(template.parts, row, next);
    const text = row.check && isStructure(row.check) ? structured(row.check, plain, next) : plain;
    if (template.whole.test(text)) return text;
  }
  throw new Error(`${row.id}: no example fits its template`);
}

/** What must stand before the value, where the format wants something there. */
export function leadOf(row: FormatRow): string {
  return fill(new Template(row.template).context, row, numbers(1));
}

/** The same example with one character changed, so that it fails its check; it still has the form. */
export function withWrongCheck(row: FormatRow, example: string): string {
  const template = new Template(row.template);
  const [, before = ''] = template.whole.exec(example) ?? [];
  const structure = row.check !== undefined && isStructure(row.check) ? row.check : undefined;
  for (let at = structure ? example.length - 1 : before.length; at >= 0; at--) {
    for (const character of 'A0b7') {
      const changed = example.slice(0, at) + character + example.slice(at + 1);
      if (changed === example || !template.whole.test(changed)) continue;
      if (!structure || !hasStructure(structure, changed)) return changed;
    }
  }
  throw new Error(`${row.id}: every change of one character passes the check`);
}
