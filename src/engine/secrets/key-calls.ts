/** Calls that take a secret: `hmac.new(b"…")`, `jwt.sign(payload, "…")`, and SQL's `IDENTIFIED BY '…'`. */

/** Which argument is the key, from 0, by what is called. */
const KEY_AT: Record<string, number> = {
  'hmac.new': 0,
  'hmac.digest': 0,
  Fernet: 0,
  'jwt.encode': 1,
  'jwt.decode': 1,
  'jwt.sign': 1,
  'jwt.verify': 1,
  createHmac: 1,
};

const IDENTIFIED = /^IDENTIFIED BY\s{1,8}'([^'\n]{1,256})'/i;

/** The key in a call that `text` begins with, if it is written out as a string. */
export function keyArgument(
  text: string,
): { name: string; value: string; start: number } | undefined {
  const identified = IDENTIFIED.exec(text);
  if (identified?.[1] !== undefined) {
    const value = identified[1];
    return { name: 'IDENTIFIED BY', value, start: identified[0].length - 1 - value.length };
  }
  const open = text.indexOf('(');
  const name = text.slice(0, open);
  const wanted = KEY_AT[name];
  if (wanted === undefined) return undefined;
  let depth = 0;
  let argument = 0;
  let begins = true; // whether an argument begins here
  for (let i = open + 1; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '"' || c === "'" || c === '`') {
      const end = closingQuote(text, i);
      if (end < 0) return undefined;
      if (depth === 0 && argument === wanted && begins)
        return { name, value: text.slice(i + 1, end), start: i + 1 };
      i = end;
    } else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth < 0) return undefined;
    else if (c === ',' && depth === 0) {
      argument++;
      begins = true;
      if (argument > wanted) return undefined;
      continue;
    }
    // Blanks and the letter of a bytes literal stand before a string; anything else is an expression.
    if (!/[\sbu]/.test(c)) begins = false;
  }
  return undefined;
}

function closingQuote(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}
