/** How values are written in files, and what they are when read: escapes, entities, doubled quotes. */

/** How a value is written where it stands, so that it can be read as its program would. */
export type Spelling = 'plain' | 'backslashes' | 'shell' | 'entities' | 'doubled-quotes';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', 0: '\0' };

/** A value as its program reads it. */
export function spelledOut(value: string, spelling: Spelling): string {
  if (spelling === 'entities') {
    if (!value.includes('&')) return value;
    return value.replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
      (all, d, x, n) => {
        if (n !== undefined) return ENTITIES[(n as string).toLowerCase()] ?? all;
        const code = d === undefined ? parseInt(x as string, 16) : Number(d);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
      },
    );
  }
  if (spelling === 'doubled-quotes') return value.replaceAll("''", "'");
  if (spelling === 'shell') return value.replace(/\\(.)/gs, '$1');
  if (spelling === 'plain' || !value.includes('\\')) return value;
  // A line that a backslash goes on is one with the next.
  const joined = value.replace(/\\\r?\n[ \t]{0,40}/g, '');
  return joined.replace(/\\{1,3}(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_all, u, x, c) => {
    const code = (u ?? x) as string | undefined;
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    return ESCAPES[c as string] ?? (c as string);
  });
}

/** Entries of a directory (RFC 2849), where two colons stand before base64. */
const LDIF = /\.ldif\b|slapcat/i;
const PROPERTIES = /\.properties$/i;
const SHELL =
  /\.(?:sh|bash|zsh|ksh)$|(?:^|\/)\.(?:\w{1,16}_history|(?:bash|zsh|k?sh)?(?:rc|_?profile))$/;

/** Whether a file, by its path, holds entries of a directory. */
export function isLdif(path: string): boolean {
  return LDIF.test(path);
}

/** How a value is spelled in the file at a path: there may be languages in which a backslash is no part of bare words. */
export function spellingIn(path: string, spelling: Spelling): Spelling {
  if (spelling !== 'plain') return spelling;
  if (PROPERTIES.test(path)) return 'backslashes';
  return SHELL.test(path) ? 'shell' : spelling;
}
