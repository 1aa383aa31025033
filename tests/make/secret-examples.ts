/** Examples of secret formats, made from their templates: a literal start and a generated body, never a real one. */
import { checksumOf } from '../../src/engine/secrets/checksums.ts';
import type { FormatRow } from '../../src/engine/secrets/formats.ts';
import { alphabetCharacters, parseTemplate } from '../../src/engine/secrets/format-template.ts';

/** A generator that gives the same numbers for the same seed; from 0 to 1. */
function numbers(seed: number): () => number {
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

/** An example of a format, its checksum right where it has one. */
export function exampleOf(row: FormatRow, seed = 1): string {
  const next = numbers(seed + row.id.length * 1000 + row.id.charCodeAt(0));
  const { parts } = parseTemplate(row.template);
  const literal = parts[0]?.kind === 'literal' ? parts[0].text : '';
  let text = '';
  for (const part of parts) {
    if (part.kind === 'literal') text += part.text;
    else if (part.check && row.check) text += checksumOf(row.check, text, literal);
    else {
      const characters = alphabetCharacters(part.alphabet);
      const length = part.min + Math.floor(next() * (part.max - part.min + 1));
      for (let i = 0; i < length; i++)
        text += characters[Math.floor(next() * characters.length)] ?? '';
    }
  }
  return text;
}

/** The same example with another character in its checksum. */
export function withWrongChecksum(example: string): string {
  const last = example.at(-1) ?? '';
  return example.slice(0, -1) + (last === '0' ? '1' : '0');
}
