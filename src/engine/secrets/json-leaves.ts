/** The strings, numbers and constants of a JSON text with their keys and places; comments are passed over (RFC 8259, JSONC). */

/** One value that is neither an object nor an array. Positions are in the characters of the text. */
export interface JsonLeaf {
  /** Keys and indexes from the root. */
  path: string[];
  /** Between its quotes, escapes as they stand; a number or a constant as it stands. */
  raw: string;
  at: number;
  quoted: boolean;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[^*]{0,4096}(?:\*(?!\/)[^*]{0,4096}){0,64}\*\/|"((?:[^"\\]|\\.)*)"|[{}[\],:]|[-+.\w]+/sy;
const MOST_DEPTH = 64;
const MOST_LEAVES = 20_000;

interface Level {
  key: string;
  index: number;
  array: boolean;
}

/** All leaves up to where the text is no JSON any more; never throws, in time linear to the text. */
export function jsonLeaves(text: string): JsonLeaf[] {
  const leaves: JsonLeaf[] = [];
  const levels: Level[] = [];
  let waiting: string | undefined; // a string that may be a key
  TOKEN.lastIndex = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  for (let token = TOKEN.exec(text); token; token = TOKEN.exec(text)) {
    const [whole, string] = token;
    const level = levels.at(-1);
    if (string === undefined && /^(?:\s|\/[/*])/.test(whole)) continue;
    if (whole === '{' || whole === '[') {
      if (levels.push({ key: '', index: 0, array: whole === '[' }) > MOST_DEPTH) break;
    } else if (whole === '}' || whole === ']') levels.pop();
    else if (whole === ',') {
      if (level) level.index++;
    } else if (whole === ':') {
      // What was taken for a value was its key.
      if (level && waiting !== undefined) level.key = waiting;
      if (waiting !== undefined) leaves.pop();
    } else {
      const path = levels.map(({ key, index, array }) => (array ? String(index) : key));
      const quoted = string !== undefined;
      leaves.push({ path, raw: string ?? whole, at: token.index + (quoted ? 1 : 0), quoted });
      if (leaves.length > MOST_LEAVES) break;
      waiting = quoted && !level?.array ? string : undefined;
      continue;
    }
    waiting = undefined;
  }
  return leaves;
}
