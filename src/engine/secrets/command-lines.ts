/**
 * Secrets among the arguments of commands that take them: `curl -u user:…`, `mysql -p…`, `sshpass -p …`,
 * `docker login -p …`, in shell histories, scripts, Dockerfiles and CI files. Works on one command's words.
 */
import { COMMANDS, type CommandSyntax } from './command-syntax.ts';
import { looksRandom } from './entropy.ts';
import type { NameKind } from './names.ts';

/** A secret that a command is given; `start` is in the text's characters. */
export interface CommandSecret {
  /** The command and its option, as `curl -u`. */
  name: string;
  value: string;
  start: number;
  kind: NameKind;
}

/** How the words of a list are parted. */
const LISTED: readonly string[] = ['", "', '","', "', '"];
/** Commands as they stand in lists of words, `["docker", "login", "-p", …`, by how that begins there. */
const IN_LISTS = new Map(
  Object.keys(COMMANDS).flatMap((start) => {
    const words = start.trim().split(' ');
    if (!words.every((word) => /^\w[\w.-]*$/.test(word))) return [];
    const parted = words.length > 1 ? LISTED : ['"', "'"];
    return parted.map((between) => [`${words.join(between)}${between[0]}`, start] as const);
  }),
);
/** What the prefilter looks for; case does not matter. */
export const COMMAND_STARTS: readonly string[] = [...Object.keys(COMMANDS), ...IN_LISTS.keys()];

const MAX_WORDS = 64;
const LONGEST_QUOTED = 4096; // characters
/** Words behind which a command that begins anew is no argument: what repeats it without end is read once. */
const MOST_BEFORE_NEXT = 6;

/** What services that take a key for the user want as its password. */
const NO_PASSWORD = /^(?:api_token|x-oauth-basic)$/;
const SHORTEST_KEY = 16; // characters

interface Word {
  text: string;
  start: number;
}

/**
 * The secrets of the command that begins at `at` of `text`, which holds its line and, where it goes on
 * behind a backslash, the next ones.
 */
export function commandSecrets(text: string, at: number, command: string): CommandSecret[] {
  const start = IN_LISTS.get(command) ?? command;
  const listed = start !== command;
  const syntax = COMMANDS[start];
  const before = text[at - 1];
  if (!syntax || (before !== undefined && /[\w.-]/.test(before))) return [];
  if (listed && before !== '/' && before !== command.at(-1)) return [];
  const name = start.trim();
  const found: CommandSecret[] = [];
  const keep = (option: string, word: Word): void => {
    const secret = secretIn(word, syntax);
    if (!secret || syntax.form?.test(secret.text) === false) return;
    const { text: value, start: at } = secret;
    const kind = syntax.kind ?? 'password';
    found.push({ name: `${name} ${option}`.trim(), value, start: at, kind });
  };
  const words = wordsFrom(text, at, command, listed);
  if (syntax.when?.(words.map((word) => word.text)) === false) return [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    for (const option of syntax.options) {
      const next = words[i + 1];
      if (option === '') {
        if (i === 0 && !word.text.startsWith('-')) keep(option, word);
      } else if (word.text === option && syntax.glued !== 'only') {
        if (next && !next.text.startsWith('-')) keep(option, next);
      } else if (word.text.startsWith(`${option}=`) && option.startsWith('--')) {
        keep(option, cut(word, option.length + 1));
      } else if (word.text.startsWith(option) && (/:$/.test(option) || isGlued(option, syntax))) {
        if (word.text.length > option.length) keep(option, cut(word, option.length));
      } else if (syntax.clustered && next && endsCluster(word.text, option)) keep(option, next);
    }
  }
  const placed = positionalWord(words, syntax);
  if (placed) keep('', placed);
  if (syntax.echoed) {
    const echo = echoedInto(text, at);
    if (echo) keep('', echo);
  }
  return found;
}

function isGlued(option: string, { glued }: CommandSyntax): boolean {
  return glued !== undefined && /^-[^-]/.test(option);
}

/** Whether several options of one letter stand in a word, this one the last: `-sSu`. */
function endsCluster(word: string, option: string): boolean {
  return /^-[A-Za-z]{2,8}$/.test(word) && option.length === 2 && word.at(-1) === option[1];
}

/** The password that `echo … |`, PowerShell's `"…" |` or `<<<` hands to the command at `at`. */
function echoedInto(text: string, at: number): Word | undefined {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(Math.max(line, at - 512), at);
  const echo =
    /(?:(?:^|[=(;{])[ \t]{0,8}(?=["'])|(?:echo|printf)[ \t]{1,4})(?:-n[ \t]{1,4}|-e[ \t]{1,4}|["']?%s(?:\\n)?["']?[ \t]{1,4})?(?:"([^"\n]{4,256})"|'([^'\n]{4,256})'|([^\s"'|]{4,256}))[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?$/.exec(
      before,
    );
  const start = at - before.length + (echo?.index ?? 0);
  return echo ? groupOf(echo, start) : hereString(text, at);
}

/** `<<< "…"` behind the command at `at`. */
function hereString(text: string, at: number): Word | undefined {
  const here =
    /^[^\n|;<]{0,256}<<<[ \t]{0,4}(?:"([^"\n]{4,256})"|'([^'\n]{4,256})'|([^\s"'|;]{4,256}))/.exec(
      text.slice(at, at + 600),
    );
  return here ? groupOf(here, at) : undefined;
}

/** The first line of the group that holds something; `start` is where the match begins. */
function groupOf(match: RegExpExecArray, start: number): Word | undefined {
  // `passwd` is told twice.
  const value = match.slice(1).find(Boolean)?.split('\\n')[0];
  return value ? { text: value, start: start + match[0].lastIndexOf(value) } : undefined;
}

/** The word at the place where a command takes its secret, or that sets it by name. */
function positionalWord(words: readonly Word[], syntax: CommandSyntax): Word | undefined {
  const { positional, assigned } = syntax;
  if (!positional) return undefined;
  const redirected = words.findIndex(({ text }) => /^\d?[<>]/.test(text));
  const own = redirected < 0 ? words : words.slice(0, redirected);
  const isOption = ({ text }: Word): boolean => (syntax.slash ? /^[-/]/ : /^-/).test(text);
  const options = own.filter(isOption);
  const plain = own.filter((word) => !isOption(word));
  const set = assigned && plain[0] && assigned.exec(plain[0].text);
  if (set) return cut(plain[0] as Word, set[0].length);
  const texts = (some: readonly Word[]): string[] => some.map(({ text }) => text);
  const at = positional(texts(options), texts(plain));
  return plain[at ?? -1];
}

/** The secret within the word that holds it; undefined where the word holds something else. */
function secretIn(word: Word, { after, prefix, until }: CommandSyntax): Word | undefined {
  if (prefix !== undefined)
    return word.text.startsWith(prefix) ? cut(word, prefix.length) : undefined;
  const secret = afterSign(word, after);
  const ends = Array.from(until ?? '', (sign) => secret?.text.indexOf(sign) ?? -1);
  const end = Math.min(...ends.filter((at) => at > 0));
  return secret && ends.some((at) => at > 0)
    ? { ...secret, text: secret.text.slice(0, end) }
    : secret;
}

function afterSign(word: Word, sign: string | undefined): Word | undefined {
  if (sign === undefined) return word;
  const at = word.text.indexOf(sign);
  // A key in the user's place, and nothing that opens anything behind it.
  const key = sign === ':' ? word.text.slice(0, at) : '';
  const rest = word.text.slice(at + 1);
  if (key !== '' && NO_PASSWORD.test(rest))
    return key.length >= SHORTEST_KEY ? { ...word, text: key } : undefined;
  if (/^x?$/i.test(rest)) return looksRandom(key) ? { ...word, text: key } : undefined;
  return at > 0 && at + 1 < word.text.length ? cut(word, at + 1) : undefined;
}

function cut(word: Word, length: number): Word {
  return { text: word.text.slice(length), start: word.start + length };
}

/** The words of a command up to its end: a line's end, a pipe, a semicolon. */
function wordsFrom(text: string, at: number, command: string, listed: boolean): Word[] {
  const words: Word[] = [];
  let i = at + command.replace(/-$/, '').length;
  while (i < text.length && words.length < MAX_WORDS) {
    const c = text[i] as string;
    if (c === '\\' && /^\\\r?\n/.test(text.slice(i, i + 3))) i = text.indexOf('\n', i) + 1;
    else if (c === '\n' || c === '|' || c === ';' || c === '\0') break;
    else if (c === '&' && text[i + 1] === '&') break;
    else if (listed && (c === ']' || c === ')')) break;
    else if (words.length >= MOST_BEFORE_NEXT && beginsAt(text, i, command)) break;
    else if (c === ' ' || c === '\t' || c === ',') i++;
    else {
      const word = wordAt(text, i);
      words.push({ text: word.text, start: word.start });
      i = word.end;
    }
  }
  return words;
}

/** Whether a command begins in the word at `at`, behind a quote or `$(` too. */
function beginsAt(text: string, at: number, command: string): boolean {
  const opening = text.startsWith('$(', at) ? 2 : /["'(`]/.test(text[at] ?? '') ? 1 : 0;
  return text.startsWith(command, at + opening);
}

function wordAt(text: string, at: number): Word & { end: number } {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    const near = text.slice(at + 1, at + 1 + LONGEST_QUOTED);
    const length = near.indexOf(quote);
    const inside = near.slice(0, Math.max(0, length));
    if (length >= 0 && !inside.includes('\n'))
      return { text: inside, start: at + 1, end: at + 2 + length };
  }
  let end = at + 1;
  while (end < text.length && !' \t\n\r\0|;"\''.includes(text[end] as string)) end++;
  // An option with its value in quotes, as -p"…".
  const inner = text[end];
  if ((inner === '"' || inner === "'") && /^-{1,2}[\w-]{1,16}=?$/.test(text.slice(at, end))) {
    const length = text.slice(end + 1, end + 256).indexOf(inner);
    if (length >= 0) {
      const option = text.slice(at, end);
      const value = text.slice(end + 1, end + 1 + length);
      // The offset is that of the value: options are cut off by their length.
      return { text: option + value, start: end + 1 - option.length, end: end + 2 + length };
    }
  }
  return { text: text.slice(at, end).replace(/\\+$/, ''), start: at, end: Math.max(end, at + 1) };
}
