/** Words and lines that the parts of a text report share. */
import type { ReportImage } from './report.ts';

const WIDTH = 100; // characters of a line of prose; paths and values are never broken
const LONGEST_COMMAND = 100;

/** An image's tags, or that it has none. */
export function imageName({ names, id }: ReportImage): string {
  return names.join(', ') || `untagged ${id.slice(7, 19)}`;
}

/** A command on one line, cut where it is long. */
export function short(command: string): string {
  const line = command.replace(/\s+/g, ' ');
  return line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND - 1)}…` : line;
}

/** `1,234 bytes`, `1 file`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

/** Breaks prose between its words, or the parts given, where it would run over the width. */
export function wrapped(text: string | readonly string[], first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of typeof text === 'string' ? text.split(' ') : text) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = next;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
