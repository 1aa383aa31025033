/** Files of settings that a shell script writes: `cat > /etc/x.conf <<END`, lines of settings, `END`. */
import { charactersOf } from '../archive/plain-text.ts';

const SCRIPT = /\.(?:sh|bash|zsh|ksh)$|(?:^|\/)(?:[\w-]{0,32}entrypoint|Dockerfile[^/]{0,64})$/i;
const REACH = 4096; // bytes before a line in which its document may begin
const OPENING = /^<<-?[ ]?["'\\]?([A-Za-z_]\w{0,31})["']?(?=[ \t\r]|$)/;
/** Written to a file, and to none that is a program or a page. */
const WRITTEN = /(?:[^<0-9]|^)>{1,2}[ ]?[^\s&<>]|\btee[ ]/;
const PROGRAM = /\.(?:sh|bash|py|pl|rb|[cm]?[jt]s|php|sql|md|txt|html?)\b/i;

/** Whether the file at `path` is one that may hold such. */
export function mayHoldDocuments(path: string): boolean {
  return SCRIPT.test(path);
}

/** Whether `at` stands among the lines of settings that a script writes. */
export function inHereDocument(bytes: Uint8Array, at: number): boolean {
  const before = charactersOf(bytes, Math.max(0, at - REACH), at);
  const opened = before.lastIndexOf('<<');
  const lineEnd = before.indexOf('\n', opened);
  if (opened < 0 || lineEnd < 0) return false;
  const line = before.slice(before.lastIndexOf('\n', opened) + 1, lineEnd);
  const end = OPENING.exec(before.slice(opened, lineEnd))?.[1];
  if (end === undefined || !WRITTEN.test(line) || PROGRAM.test(line)) return false;
  const lines = before.slice(lineEnd + 1).split('\n');
  return !lines.some((one) => one.trim() === end);
}
