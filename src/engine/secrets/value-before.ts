/**
 * A value that stands before its name: `"…" == password`, `"…".equals(token)`, `compare("…", token)`, and Swift's
 * and Objective-C's `set("…", forKey: "token")`.
 */
import { isDigested } from './digest-calls.ts';
import type { NamedText } from './named-text.ts';

const REACH = 400; // characters before the name
const BEFORE = new RegExp(
  // The string, and what compares it or says what it is for.
  String.raw`(?:(?:equals?|compare|isEqual|str\w{0,6}cmp)\w{0,24}\(\s{0,4}@?(["'])([^"'\n]{4,256})\1\s{0,4},\s{0,4}|(["'\x60])([^"'\x60\n]{4,256})\3(?:` +
    String.raw`\s{0,4}(?:[=!]==?|~=|-?\b(?:eq|ne))\s{0,4}|\.(?:equals\w{0,16}|compareTo|contentEquals|eql\?)\(\s{0,4}|` +
    String.raw`\s{0,4},?\s{0,40}(?:for\w{0,24}|key|account):\s{0,4}@?["']))` +
    // What the name is asked of, by itself or in quotes.
    String.raw`(?:[$\w.]{1,64}(?:->|[[(]\s{0,2}["':]))?$`,
);

/** The value before a name that begins at `start` of a text. */
export function valueBefore(text: string, start: number, name: string): NamedText | undefined {
  const from = Math.max(0, start - REACH);
  const match = BEFORE.exec(text.slice(from, start));
  const value = match?.[2] ?? match?.[4];
  if (!match || value === undefined || isDigested(text, start)) return undefined;
  const valueStart = from + match.index + match[0].indexOf(value, match[0].search(/["'`]/) + 1);
  return { name, nameStart: start, value, valueStart, exact: true, spelling: 'backslashes' };
}
