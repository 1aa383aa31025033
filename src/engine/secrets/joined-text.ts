/**
 * Values written in several pieces: adjacent and added string literals of code, lines that a backslash goes on,
 * folded blocks of YAML.
 */
import type { NamedText } from './named-text.ts';

/** The pieces in order, and what stands between them in the value. Positions are in the characters of the text. */
export interface JoinedText {
  pieces: { start: number; end: number }[];
  glue: '' | ' ';
}

const MOST_PIECES = 32;
/** From the closing quote of one literal to the next: an operator, a backslash, line ends, comments. */
const NEXT_LITERAL =
  /("""|'''|["'`])[ \t]{0,16}(?:[+.&]|<>|\.\.)?[ \t]{0,8}(?:\\?[ \t]{0,8}(?:(?:#|\/\/)[^\n]{0,120})?\r?\n[ \t]{0,80})?(?:[+.&]|<>|\.\.)?[ \t]{0,8}(?:[bBrRuUfF]{1,2}(?=["']))?(?=["'`])/y;
const LITERAL = /"((?:[^"\\\n]|\\.){0,600})"|'((?:[^'\\\n]|\\.){0,600})'|`([^`\n]{0,600})`/y;
/** A quote within a word in quotes, as shells have it: `'ab'\\''cd'`. */
const SHELL_QUOTE = /'\\''((?:[^'\n]){0,600})'/y;
const CONTINUED_LINE = /\\\r?\n[ \t]{0,40}/y;
const WORD = /[^\s"'`,;\\]{1,600}/y;
const FOLDED = />[+-]?\d?[ \t]{0,8}\r?\n([ \t]{1,40})$/;

/** The other pieces of a value, with it; undefined where it is whole. */
export function joinedText(text: string, { value, valueStart }: NamedText): JoinedText | undefined {
  const end = valueStart + value.length;
  const pieces = [{ start: valueStart, end }];
  if (text[end] === '\\') return continuedLines(text, pieces);
  if (/["'`]/.test(text[end] ?? '')) return literals(text, pieces);
  const indent = FOLDED.exec(text.slice(Math.max(0, valueStart - 64), valueStart))?.[1];
  return indent === undefined ? undefined : foldedLines(text, pieces, indent);
}

function literals(text: string, pieces: JoinedText['pieces']): JoinedText | undefined {
  while (pieces.length < MOST_PIECES) {
    const end = pieces.at(-1)?.end ?? 0;
    SHELL_QUOTE.lastIndex = end;
    const quote = SHELL_QUOTE.exec(text);
    if (quote) {
      pieces.push(
        { start: end + 2, end: end + 3 },
        { start: end + 4, end: SHELL_QUOTE.lastIndex - 1 },
      );
      continue;
    }
    NEXT_LITERAL.lastIndex = end;
    if (!NEXT_LITERAL.test(text)) break;
    LITERAL.lastIndex = NEXT_LITERAL.lastIndex;
    const literal = LITERAL.exec(text);
    // What another value is bound to is a name.
    if (
      !literal ||
      /^["'`][A-Za-z_]\w{0,64}=/.test(literal[0]) ||
      /^[ \t]{0,8}(?:[:=]|\[)/.test(text.slice(LITERAL.lastIndex, LITERAL.lastIndex + 10))
    )
      break;
    pieces.push({ start: literal.index + 1, end: LITERAL.lastIndex - 1 });
  }
  return pieces.length > 1 ? { pieces, glue: '' } : undefined;
}

function continuedLines(text: string, pieces: JoinedText['pieces']): JoinedText | undefined {
  while (pieces.length < MOST_PIECES) {
    CONTINUED_LINE.lastIndex = pieces.at(-1)?.end ?? 0;
    if (!CONTINUED_LINE.test(text)) break;
    // Behind blanks the next argument begins.
    if (/[ \t]/.test(text[CONTINUED_LINE.lastIndex - 1] ?? '')) break;
    WORD.lastIndex = CONTINUED_LINE.lastIndex;
    const word = WORD.exec(text);
    if (!word) break;
    pieces.push({ start: word.index, end: WORD.lastIndex });
  }
  return pieces.length > 1 ? { pieces, glue: '' } : undefined;
}

function foldedLines(
  text: string,
  pieces: JoinedText['pieces'],
  indent: string,
): JoinedText | undefined {
  const line = new RegExp(`\\r?\\n${indent}(?![ \\t])([^\\r\\n]{1,600})`, 'y');
  while (pieces.length < MOST_PIECES) {
    line.lastIndex = pieces.at(-1)?.end ?? 0;
    const next = line.exec(text)?.[1];
    if (next === undefined) break;
    pieces.push({ start: line.lastIndex - next.length, end: line.lastIndex });
  }
  return pieces.length > 1 ? { pieces, glue: ' ' } : undefined;
}
