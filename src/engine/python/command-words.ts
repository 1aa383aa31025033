/** Commands whose words a call is given as a list: `run(["mysql", "-u", "root", "-p…"])`; of Python and of Java. */
import type { StackWalk } from './stack-walk.ts';
import type { Symbol_ } from './symbols.ts';

const MOST_WORDS = 64;
const MOST_LENGTH = 2048; // characters of the line
const MOST_COMMANDS = 500; // of one code object
/** What runs a list of words as a command, whatever they are. */
const RUNS = /(?:^|\.)(?:run|call|check_call|check_output|Popen|spawn[lv]\w{0,2}|exec[lv]\w{0,2})$/;

/** A command as the line that it would be in a shell; `offset` is that of its first word's instruction. */
export interface CommandLine {
  value: string;
  /** What is called with it. */
  name: string;
  offset: number;
}

/** Takes note of an argument that is a list of words with an option among them, or that is run as a command. */
export function bindCommand(walk: StackWalk, argument: Symbol_, callee: Symbol_): void {
  const items = argument.items ?? [];
  const [first] = items;
  if (!first) return;
  const words: string[] = [];
  let offset = first.offset;
  for (const item of items) {
    // From 3.9 on a list of constants is an empty one that a tuple extends.
    for (const { text = '…', offset: at } of item.items ?? [item]) {
      if (words.length === 0) offset = at;
      words.push(text);
    }
  }
  const known = walk.commands.some((command) => command.offset === offset);
  if (known || walk.commands.length === MOST_COMMANDS) return;
  const option = words.some((word) => /^--?\w/.test(word));
  if (words.length < 2 || !(option || RUNS.test(callee.label))) return;
  walk.commands.push({ value: commandLine(words), name: callee.label, offset });
}

/** The words of a command as one line of a shell, as far as a line is read. */
export function commandLine(words: readonly string[]): string {
  let line = words[0] ?? '';
  for (const [i, word] of words.slice(1, MOST_WORDS).entries()) {
    // What a command is told to do is written behind its name, as in `docker login`.
    const bare = /^-|"/.test(word) || (i === 0 && /^[a-z][\w-]*$/.test(word));
    if (line.length + word.length > MOST_LENGTH) break;
    line += bare ? ` ${word}` : ` "${word}"`;
  }
  return line;
}
