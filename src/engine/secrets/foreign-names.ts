/**
 * Passwords under the word for one in languages whose letters stand outside ASCII: `contraseña=…`, `"пароль": "…"`,
 * `密码：…`. Names of programs are read as ASCII everywhere else; these few are looked for in UTF-8.
 */
import { charactersOf } from '../archive/plain-text.ts';
import { bytesText } from '../python/values.ts';
import { fileKind } from './file-kind.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import { FOREIGN_PASSWORDS } from './names.ts';

/** The words, as settings, headings and variables of the environment write them. */
const WRITTEN = FOREIGN_PASSWORDS.split(' ').flatMap((word) => [
  word,
  word.toUpperCase(),
  word.charAt(0).toUpperCase() + word.slice(1),
]);

/** As UTF-8 looks in a text that has one character for each byte. */
function inBytes(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return charactersOf(bytes, 0, bytes.length);
}

const BOUND = new RegExp(
  `((?:${WRITTEN.map(inBytes).join('|')})["'\`]?[ \\t]{0,8}(?:=>|[:=]|${inBytes('：')})[ \\t]{0,8}(["']?))` +
    `([^\\s"'()<>[\\]{}\`]{4,128})\\2`,
  'g',
);

function readForeignNames(text: string, bytes: Uint8Array, path: string): ReadValue[] {
  const { code } = fileKind(path);
  return [...text.matchAll(BOUND)].flatMap(({ index, 1: before = '', 2: quote, 3: word = '' }) => {
    // A bare word of code is a name.
    if (quote === '' && code) return [];
    const value = word.replace(/[,;]+$/, '');
    const name =
      /^\p{L}+/u.exec(bytesText(bytes.subarray(index, index + before.length)))?.[0] ?? '';
    return [{ name, at: index + before.length, length: value.length, where: '' }];
  });
}

/** The reader for any file that holds one of the words. */
export const FOREIGN_NAMES_READER: FileReader = { triggers: WRITTEN, read: readForeignNames };
