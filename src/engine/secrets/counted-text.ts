/**
 * Values behind their names with their length before them: as PHP serialises arrays and sessions (`serialize` in
 * PHP's manual), and in the protocol of Redis, in which its append-only files are written (RESP, redis.io).
 */
import type { NamedText } from './named-text.ts';

const LENGTH = /(?:(?:\\?"[;]|\|)s:|\r\n\$)(\d{1,4})(?::\\?"|\r\n)/y;

/** The value behind a name that ends at `end`; each character of the text is one byte. */
export function countedText(text: string, start: number, end: number): NamedText | undefined {
  LENGTH.lastIndex = end;
  const length = Number(LENGTH.exec(text)?.[1]);
  const valueStart = LENGTH.lastIndex;
  const to = valueStart + length;
  if (!(length > 0) || !/^(?:\\?";|\r\n)/.test(text.slice(to, to + 3))) return undefined;
  const value = text.slice(valueStart, to);
  const name = text.slice(start, end);
  return { name, nameStart: start, value, valueStart, exact: true, spelling: 'plain' };
}
