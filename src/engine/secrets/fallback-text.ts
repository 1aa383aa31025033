/**
 * Values that code binds to a name across what stands between: the default of an option or a variable of the
 * environment (`add_argument("--token", default="…")`, `env::var("TOKEN").unwrap_or("…")`,
 * `StringP("token", "t", "…", usage)`), a property's initialiser (`Password { get; set; } = "…"`), a block
 * that only gives a string (`val token by lazy { "…" }`), and the next word of a command's list (`"--token", "…"`).
 */
/** Where the value's first character stands behind its quote, and which quote opened it; none for a bare word. */
export interface FallbackStart {
  at: number;
  quote: string;
}

const OPEN = String.raw`(?:[&*]?(?:[A-Za-z_][\w.:]{0,40}\(\s{0,4})?(?:b?r#{0,3}(?=")|[bBrRuUfF@]{1,2}(?=["']))?)(["'\x60])`;
/** Behind the call that looks a name up: `…").unwrap_or("…")`, `…'] ||= '…'`, `…") or "…"`. */
const INSTEAD = new RegExp(
  String.raw`["'\x60]?\s{0,4}[)\]]?\s{0,24}(?:\.(?:unwrap_or(?:_else|_default)?|or_else|orElse|getOrElse|unwrapOr)\(\s{0,4}(?:\|\w{0,16}\|\s{0,4}|\(\)\s{0,4}(?:->|=>)\s{0,4})?|\bor\s{1,4}|\|\|=?\s{0,4}|\?\?=?\s{0,4}|\?:\s{0,4}|\{\s{0,4}(?=["'][^"'\n]{0,512}["']\s{0,4}\}))${OPEN}`,
  'y',
);
/** Between a declared name and its string: accessors, delegates, a body that only gives it back. */
const BODY = new RegExp(
  String.raw`(?:\s{0,2}:\s{0,2}[A-Za-z_][\w.<>]{0,32}\??)?\s{0,4}(?:\{\s{0,4}(?:public |private |protected |internal )?get;[^{}"']{0,48}\}\s{0,4}=|by\s{1,4}lazy\s{0,4}(?:\([^()"']{0,48}\)\s{0,4})?\{|get\(\)\s{0,4}(?:=|\{\s{0,4}return)|\{\s{0,4}(?:get\s{0,4}(?:=>|\{\s{0,4}return|\{)\s{0,4}|return\s{1,4}|(?=["'][^"'\n]{0,512}["']\s{0,4}\})))\s{0,4}${OPEN}`,
  'y',
);
/** The argument of a call that tells what holds where nothing else is given. */
const KEYWORD = new RegExp(
  String.raw`(?:default(?:_value|Value|_factory)?|fallback|defaultsTo)["']?\s{0,4}[=:]\s{0,4}(?:lambda:\s{0,4})?${OPEN}`,
  'iy',
);
/** Go's flags with a letter of their own: `StringP("token", "t", "…"`, `StringVarP(&v, "token", "t", "…"`. */
const SHORT_FLAG = /["']\s{0,4},\s{0,4}["']\w?["']\s{0,4},\s{0,40}(["`])/y;
const FLAG_CALL = /\.?String(?:Var)?P\(\s{0,40}(?:&?[\w.]{1,64}\s{0,4},\s{0,40})?["']$/;
/** Gradle's constants: their type, their name, their value in quotes of its own. */
const BUILD_FIELD = /["']\s{0,4},\s{0,4}(?:["']\\["']|'"|["'])(?=[^"'\\\n]{1,512})/y;
const BUILD_CALL =
  /(?:buildConfigField|resValue)[ (]\s{0,4}(?:type\s{0,2}=\s{0,2})?["'][\w.]{1,32}["']\s{0,4},\s{0,4}(?:name\s{0,2}=\s{0,2})?["']$/;
/** The next item of a list: of code, JSON or a Dockerfile, or of YAML's block. */
const NEXT_WORD = /["']\s{0,4},\s{0,80}(["'])(?!-)/y;
const NEXT_ITEM =
  /["']?[ \t]{0,8}\r?\n[ \t]{0,40}-[ \t]{1,8}(?:(["'])(?!-)|(?![-"'[{&*!|>#])(?=\S{4,512}[ \t]{0,8}(?:\r?\n|$)))/y;
const MOST_ARGUMENTS = 500; // characters

/** Where the value bound to the name in `[start, end)` of a text begins, in one of these ways. */
export function fallbackStart(text: string, start: number, end: number): FallbackStart | undefined {
  const next = text[end];
  if (next === undefined) return undefined;
  const quoted = next === '"' || next === "'" || next === '`';
  if (text[start] === '-') {
    const word = matched(NEXT_ITEM, text, end) ?? (quoted && matched(NEXT_WORD, text, end));
    if (word) return word;
  }
  if (quoted) {
    const before = text.slice(Math.max(0, start - 160), start);
    if (FLAG_CALL.test(before)) return matched(SHORT_FLAG, text, end);
    if (BUILD_CALL.test(before)) {
      const field = matched(BUILD_FIELD, text, end);
      if (!field) return undefined;
      const inner = text[field.at - 1] as string;
      return { at: field.at, quote: text[field.at - 2] === '\\' ? `\\${inner}` : inner };
    }
  }
  return matched(INSTEAD, text, end) ?? matched(BODY, text, end) ?? keyword(text, start, end);
}

/** `default="…"` among the arguments behind a name that is a string by itself. */
function keyword(text: string, start: number, end: number): FallbackStart | undefined {
  const quote = text[end];
  if ((quote !== '"' && quote !== "'") || text[start - 1] !== quote) return undefined;
  if (!/^\s{0,4},/.test(text.slice(end + 1, end + 6))) return undefined;
  let depth = 0;
  const most = Math.min(text.length, end + MOST_ARGUMENTS);
  for (let i = end + 1; i < most; i++) {
    const c = text[i] as string;
    if (c === '"' || c === "'") {
      const closed = text.indexOf(c, i + 1);
      // A key of an object may be in quotes as well.
      if (closed < 0) return undefined;
      KEYWORD.lastIndex = i + 1;
      const found = closed - i < 16 ? matched(KEYWORD, text, i + 1) : undefined;
      if (found) return found;
      i = closed;
    } else if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      if (--depth < 0) return undefined;
    } else if ((c === 'd' || c === 'f' || c === 'D') && !/\w/.test(text[i - 1] ?? '')) {
      const found = matched(KEYWORD, text, i);
      if (found) return depth <= 1 ? found : undefined;
    }
  }
  return undefined;
}

function matched(expression: RegExp, text: string, at: number): FallbackStart | undefined {
  expression.lastIndex = at;
  const match = expression.exec(text);
  return match ? { at: expression.lastIndex, quote: match[1] ?? '' } : undefined;
}
